"""CBS: a table of StatLine as a CSV file, whichever interface serves it: v4 first, v3 where v4 cannot.

A table is never whole in memory: a page is written before the next one is asked for. Both interfaces give the same file.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.http.client import HttpClient
from flows.http.errors import BodyIncomplete, RevisedDuringRead, StatusRefused, TransportFailed, WrongContent
from flows.publishers.cbs_table import write_table
from flows.publishers.cbs_v3 import HOST as V3_HOST
from flows.publishers.cbs_v3 import CbsV3
from flows.publishers.cbs_v4 import HOST as V4_HOST
from flows.publishers.cbs_v4 import CbsV4
from flows.publishers.fetch import Fetched, LiveFetch, Look
from flows.publishers.source import Source
from schemas.dataset import Dataset
from schemas.datasets.cbs import CbsTable
from warehouse.archive.fetch_state import FetchState
from warehouse.files import sha256_of

log = logging.getLogger("sectorakkoord.cbs")

#: What makes us ask v3: v4 does not have it (404), answers something else, breaks off, or is not there at all.
V4_FAILS = (StatusRefused, TransportFailed, WrongContent, BodyIncomplete)


class Cbs(Source):
    """A table has no address of its own: its declaration says which, and `FromCbs` reads it."""

    id = "cbs"

    def fetches(self, dataset: type[Dataset]) -> Iterator[LiveFetch]:
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

    def look(self, client: HttpClient) -> Look:
        interface, _, moment = modified(client, self.table).partition(":")
        url = (CbsV4 if interface == "v4" else CbsV3)(client).address(self.table)
        return Look(url, kind=f"table of OData {interface}", last_modified=day_of(moment))

    def __call__(self, client: HttpClient, folder: Path, dataset: type[Dataset], state: FetchState | None) -> Fetched:
        token = modified(client, self.table)
        if state and state.version_token and moment_of(state.version_token) == moment_of(token):
            return Fetched(None, FetchState(**{**state.__dict__, "gone_on": None}))
        before = sum(traffic.bytes for traffic in client.traffic.values())
        path = folder / self.file_name
        used, url = download_table(client, self.table, path)
        transferred = sum(traffic.bytes for traffic in client.traffic.values()) - before
        fresh = FetchState(
            self.address,
            sha256_of(path),
            url,
            path.name,
            day_of(moment_of(token)),
            f"answered by CBS OData {used}; published on: the table's own Modified",
            version_token=token,
        )
        if state and state.sha256 == fresh.sha256:
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
        return f"v4:{CbsV4(client).modified(table)}"
    except V4_FAILS:
        return f"v3:{CbsV3(client).modified(table)}"


def download_table(client: HttpClient, table: str, target: Path) -> tuple[str, str]:
    """Write the table to `target`, from v4, or from v3 when v4 does not have it or not all of it; returns which, and the address.

    Raises NotFound when neither has it, NoRows or another SourceError.
    """
    try:
        return read(client, CbsV4(client), table, target)
    except V4_FAILS as error:
        log.warning("v4 does not serve %s (%s); reading v3", table, error)
        return read(client, CbsV3(client), table, target)


def read(client: HttpClient, interface: CbsV3 | CbsV4, table: str, target: Path) -> tuple[str, str]:
    """Write one state of the table as one interface gives it: read again where it changed meanwhile."""

    def once(_: int) -> tuple[str, str]:
        described = interface.describe(table)
        write_table(described, interface.lines(table, described), target)
        if (after := interface.modified(table)) != described.modified:
            actual = f"{described.modified} before and {after} after"
            raise RevisedDuringRead(described.url, "one state of the table", actual, "read it again at a quiet hour")
        return interface.name, described.url

    return client.attempt(interface.address(table), once)
