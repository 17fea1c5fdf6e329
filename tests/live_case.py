"""What tests of the live edition share: fake publishers that serve a few tiny files, and refreshes of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from flows.http.client import HttpClient
from flows.ingest.discovered_files import keep_discovered
from flows.ingest.gate import IngestResult
from flows.refresh import Report, Request, ingest, offer, refresh
from flows.settings import Settings
from tests.fakes import FakePublishers, running_fake_publishers
from tests.helpers import tiny_05
from warehouse.database import connect
from warehouse.release.data_directory import DataDirectory

IMAGES = "/duo.nl/open_onderwijsdata/images/"
NAME = "05.-zittenblijven-vo-brinvest-1516-tov-1617.csv"
PLACE = IMAGES + NAME
FIRST, LATER, LATEST = date(2026, 1, 10), date(2026, 3, 1), date(2026, 6, 1)
SITES = [(f"{number:02d}AA00", 1000, 50) for number in range(40)]
PROVISIONAL = tiny_05(SITES).encode()
FINAL = tiny_05([*SITES[:-2], ("38AA00", 1000, 60), ("39AA00", 1010, 60)]).encode()
"""Three cells differ: two counts of repeaters and one of pupils."""


@contextlib.contextmanager
def publishers(**files: bytes) -> Iterator[FakePublishers]:
    """Fake publishers that count as real ones, with NAME in its provisional form (and `files` at images)."""
    with running_fake_publishers(synthetic=False) as fakes:
        fakes.put(PLACE, PROVISIONAL)
        for name, body in files.items():
            fakes.put(IMAGES + name, body)
        yield fakes


def settings_of(fakes: FakePublishers, folder: Path) -> Settings:
    """Settings for a data directory that is fed by the fake publishers, and in which discovery has been."""
    settings = fakes.settings(data=folder / "data")
    keep_discovered(settings.data / "archive", [])
    return settings


def take_all(settings: Settings, today: date = FIRST, publisher: str | None = "duo") -> Report:
    """A refresh of the live edition on a day."""
    return refresh(Request("live", publisher=publisher), settings, today)


def take_only(settings: Settings, today: date = FIRST, publisher: str | None = "duo") -> list[IngestResult]:
    """What a refresh takes in, without publishing it."""
    data = DataDirectory(settings.data)
    found, _ = offer(Request("live", publisher=publisher), data, today, settings)
    with HttpClient(settings) as client:
        return [ingest(one, data, client) for one in found]


def of(report: Report | list[IngestResult], name: str) -> IngestResult:
    """What became of the file of this name."""
    (found,) = [one for one in (report if isinstance(report, list) else report.taken) if one.file_name == name]
    return found


def ask(settings: Settings, query: str) -> list[tuple]:
    """Rows of the published warehouse."""
    with connect(DataDirectory(settings.data).warehouse, read_only=True) as con:
        return con.execute(query).fetchall()
