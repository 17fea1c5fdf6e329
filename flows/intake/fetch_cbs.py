"""A CBS table as a file: read over whichever interface serves it, written as CSV, the same cells the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.http.door import Door
from flows.intake.fetch import Fetched
from flows.sources import cbs
from flows.sources.cbs_v3 import HOST as V3_HOST
from flows.sources.cbs_v4 import HOST as V4_HOST
from schemas.dataset import Dataset
from warehouse.fetched import Memory
from warehouse.files import sha256_of


@dataclass(frozen=True)
class FromCbs:
    """A table of StatLine, by the publisher's id, zeros and case as they are."""

    table: str
    url: str

    @property
    def address(self) -> str:
        return f"cbs:{self.table}"

    @property
    def hosts(self) -> tuple[str, ...]:
        return (V4_HOST, V3_HOST)

    def __call__(self, door: Door, folder: Path, dataset: type[Dataset], memory: Memory | None) -> Fetched:
        mark = cbs.modified(door, self.table)
        if memory and memory.mark and moment_of(memory.mark) == moment_of(mark):
            return Fetched(None, Memory(**{**memory.__dict__, "gone_on": None}))
        before = sum(traffic.bytes for traffic in door.traffic.values())
        table = cbs.read_table(door, self.table)
        names = memory.extra.get("measures", {}) if memory else {}
        table = cbs.with_remembered_names(table, {key: tuple(said) for key, said in names.items()})
        path = folder / f"{self.table}.csv"
        cbs.write_table(table, path)
        transferred = sum(traffic.bytes for traffic in door.traffic.values()) - before
        sha256 = sha256_of(path)
        said = {key: [one.index, one.title, one.unit] for key, one in table.measures.items()}
        fresh = Memory(
            self.address,
            sha256,
            table.url,
            path.name,
            day_of(moment_of(mark)),
            f"answered by CBS OData {table.api}; published on: the table's own Modified",
            mark=mark,
            extra={"api": table.api, "measures": said},
        )
        if memory and memory.sha256 == sha256:
            return Fetched(None, Memory(**{**memory.__dict__, "mark": mark, "gone_on": None}), transferred)
        return Fetched(path, fresh, transferred)


def moment_of(mark: str) -> str:
    """The moment in a mark, to the second: the two interfaces write time zones in their own ways."""
    return mark.partition(":")[2][:19]


def day_of(moment: str) -> str | None:
    """The day in a moment; None for what is none."""
    try:
        return date.fromisoformat(moment[:10]).isoformat()
    except ValueError:
        return None
