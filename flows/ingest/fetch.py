"""Fetching in a run: files of a local folder, and the hosts that the run has given up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.http.client import HttpClient
from flows.http.errors import SourceError
from flows.publishers.fetch import Fetched
from schemas.dataset import Dataset
from warehouse.archive.fetch_state import FetchState


@dataclass(frozen=True)
class FromFolder:
    """A file in a local folder: nothing is downloaded."""

    path: Path
    url: str
    published_on: date | None = None
    hosts: tuple[str, ...] = ()
    address: str = ""

    @property
    def file_name(self) -> str:
        return self.path.name

    def __call__(self, client: HttpClient, folder: Path, dataset: type[Dataset], state: FetchState | None) -> Fetched:
        day = self.published_on.isoformat() if self.published_on else None
        return Fetched(self.path, FetchState("", "", self.url, self.file_name, day))


class UnreachableHosts:
    """The hosts that a run has given up, with the fault; shared by all its files, whatever thread ingests them."""

    def __init__(self, faults: Mapping[str, SourceError] | None = None) -> None:
        self._faults = dict(faults or {})

    def fault(self, hosts: Collection[str]) -> SourceError | None:
        """The fault of the first of `hosts` when all of them are unreachable; None when one is left."""
        faults = [self._faults.get(host) for host in hosts]
        return faults[0] if faults and all(faults) else None

    def learn(self, client: HttpClient, hosts: Collection[str], fault: SourceError) -> None:
        """Keep `fault` for those of `hosts` that the client has given up."""
        for host in hosts:
            if client.has_given_up(host):
                self._faults.setdefault(host, fault)
