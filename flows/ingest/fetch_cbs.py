"""A CBS table as a file: read over whichever interface serves it, written as CSV, the same cells the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.http.client import HttpClient
from flows.ingest.fetch import Fetched
from flows.publishers import cbs
from flows.publishers.cbs_v3 import HOST as V3_HOST
from flows.publishers.cbs_v4 import HOST as V4_HOST
from schemas.dataset import Dataset
from warehouse.archive.fetch_state import FetchState
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

    def __call__(self, client: HttpClient, folder: Path, dataset: type[Dataset], state: FetchState | None) -> Fetched:
        mark = cbs.modified(client, self.table)
        if state and state.version_token and moment_of(state.version_token) == moment_of(mark):
            return Fetched(None, FetchState(**{**state.__dict__, "gone_on": None}))
        before = sum(traffic.bytes for traffic in client.traffic.values())
        table = cbs.read_table(client, self.table)
        names = state.extra.get("measures", {}) if state else {}
        table = cbs.with_remembered_names(table, {key: tuple(said) for key, said in names.items()})
        path = folder / f"{self.table}.csv"
        cbs.write_table(table, path)
        transferred = sum(traffic.bytes for traffic in client.traffic.values()) - before
        sha256 = sha256_of(path)
        said = {key: [one.index, one.title, one.unit] for key, one in table.measures.items()}
        fresh = FetchState(
            self.address,
            sha256,
            table.url,
            path.name,
            day_of(moment_of(mark)),
            f"answered by CBS OData {table.api}; published on: the table's own Modified",
            version_token=mark,
            extra={"api": table.api, "measures": said},
        )
        if state and state.sha256 == sha256:
            return Fetched(None, FetchState(**{**state.__dict__, "version_token": mark, "gone_on": None}), transferred)
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
