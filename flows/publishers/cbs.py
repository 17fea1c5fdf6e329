"""CBS: a table of StatLine as a CSV file, whichever interface serves it: v4 first, v3 where v4 cannot.

With the v3 fallback the measures get their v4 names where v4 still describes the table: topics are matched on
v3 `DataProperties.ID` = v4 `MeasureCodes.Index`, and only when title and unit agree.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flows.http.client import HttpClient
from flows.http.errors import BodyIncomplete, LayoutChanged, SourceError, StatusRefused, TransportFailed, WrongContent
from flows.publishers.cbs_table import Measure, Table, write_table
from flows.publishers.cbs_v3 import HOST as V3_HOST
from flows.publishers.cbs_v3 import CbsV3
from flows.publishers.cbs_v4 import HOST as V4_HOST
from flows.publishers.cbs_v4 import CbsV4
from flows.publishers.fetch import Fetch, Fetched
from flows.publishers.source import Source
from schemas.dataset import Dataset
from schemas.datasets.cbs import CbsTable
from warehouse.archive.fetch_state import FetchState

log = logging.getLogger("sectorakkoord.cbs")

#: What makes us ask v3: v4 does not have it (404), answers something else, breaks off, or is not there at all.
V4_FAILS = (StatusRefused, TransportFailed, WrongContent, BodyIncomplete)


class Cbs(Source):
    """A table has no address of its own: its declaration says which, and `FromCbs` reads it."""

    id = "cbs"

    def fetches(self, dataset: type[Dataset]) -> Iterator[Fetch]:
        """The table of the declaration."""
        if issubclass(dataset, CbsTable):
            yield FromCbs(dataset.table)
        else:
            yield from super().fetches(dataset)


@dataclass(frozen=True)
class FromCbs:
    """A table of StatLine, by the publisher's id, zeros and case as they are."""

    table: str

    @property
    def address(self) -> str:
        return f"cbs:{self.table}"

    @property
    def hosts(self) -> tuple[str, ...]:
        return (V4_HOST, V3_HOST)

    @property
    def file_name(self) -> str:
        return f"{self.table}.csv"

    def __call__(self, client: HttpClient, folder: Path, dataset: type[Dataset], state: FetchState | None) -> Fetched:
        token = modified(client, self.table)
        if state and state.version_token and moment_of(state.version_token) == moment_of(token):
            return Fetched(None, FetchState(**{**state.__dict__, "gone_on": None}))
        before = sum(traffic.bytes for traffic in client.traffic.values())
        table = read_table(client, self.table)
        names = state.extra.get("measures", {}) if state else {}
        table = with_names_of_last_time(table, {key: tuple(signs) for key, signs in names.items()})
        path = folder / self.file_name
        sha256 = write_table(table, path)
        transferred = sum(traffic.bytes for traffic in client.traffic.values()) - before
        signs = {key: [one.index, one.title, one.unit] for key, one in table.measures.items()}
        fresh = FetchState(
            self.address,
            sha256,
            table.url,
            path.name,
            day_of(moment_of(token)),
            f"answered by CBS OData {table.api}; published on: the table's own Modified",
            version_token=token,
            extra={"api": table.api, "measures": signs},
        )
        if state and state.sha256 == sha256:
            return Fetched(None, FetchState(**{**state.__dict__, "version_token": token, "gone_on": None}), transferred)
        return Fetched(path, fresh, transferred)


def moment_of(token: str) -> str:
    """The moment in a version token, to the second: the two interfaces write time zones in their own ways."""
    return token.partition(":")[2][:19]


def day_of(moment: str) -> str | None:
    """The day in a moment; None for what is none."""
    try:
        return date.fromisoformat(moment[:10]).isoformat()
    except ValueError:
        return None


def modified(client: HttpClient, table: str) -> str:
    """The publisher's moment of last change as `interface:text`; two small requests at most, no rows."""
    try:
        return f"v4:{CbsV4(client).properties(table).get('Modified', '')}"
    except V4_FAILS:
        return f"v3:{CbsV3(client).info(table).get('Modified', '')}"


def read_table(client: HttpClient, table: str) -> Table:
    """The table from v4, or from v3 when v4 does not have it or not all of it.

    Raises NotFound when neither has it, LayoutChanged, NoRows or another SourceError.
    """
    v4 = CbsV4(client)
    try:
        return v4.read(table)
    except V4_FAILS as error:
        log.warning("v4 does not serve %s (%s); reading v3", table, error)
        return _with_v4_names(CbsV3(client).read(table), _v4_measures(v4, table))


def _v4_measures(v4: CbsV4, table: str) -> Mapping[str, Measure]:
    """v4's measures, or none where v4 does not even describe the table."""
    try:
        return v4.describe(table).measures
    except SourceError as error:
        log.info("no v4 description of %s: %s", table, error)
        return {}


def with_names_of_last_time(table: Table, known: Mapping[str, tuple[int | None, str, str]]) -> Table:
    """The table under the measure names of the last reading (key -> index, title, unit), where all of them fit.

    Without this a v3 reading of a table that v4 no longer describes would look like a table of other measures.
    """
    by_sign = {sign: key for key, sign in known.items()}
    names = {key: by_sign.get((one.index, one.title, one.unit)) for key, one in table.measures.items()}
    if not all(names.values()):
        return table
    return _renamed(table, {key: replace(table.measures[key], key=str(name)) for key, name in names.items()})


def _with_v4_names(table: Table, measures: Mapping[str, Measure]) -> Table:
    """The v3 table with v4's measure names; unchanged when v4 describes none."""
    if not measures:
        return table
    by_index = {measure.index: measure for measure in measures.values()}
    names: dict[str, Measure] = {}
    for key, own in table.measures.items():
        other = by_index.get(own.index)
        if other is None or (other.title, other.unit) != (own.title, own.unit):
            actual = "no v4 measure there" if other is None else f"{other.title!r} in {other.unit!r}"
            raise LayoutChanged(
                table.url,
                f"measure {key} as {own.title!r} in {own.unit!r} at v4 index {own.index}",
                actual,
                "compare the two descriptions and adapt the declaration",
                (key,),
            )
        names[key] = replace(own, key=other.key, other_key=key)
    return _renamed(table, names)


def _renamed(table: Table, names: Mapping[str, Measure]) -> Table:
    """The table with its measures (by their present key) replaced."""
    return replace(
        table,
        measures={measure.key: measure for measure in names.values()},
        cells=tuple(replace(cell, measure=names[cell.measure].key) for cell in table.cells),
    )
