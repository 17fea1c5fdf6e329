"""The live edition: every address that the datasets declare or that was discovered, each with its way of downloading it.

A mirror (`SECTORAKKOORD_PORTAL_URL`) may take the place of the publishers. One that says that its files are SYNTHETIC, as
the fake publishers of the tests do, makes a refresh one of the sample edition: made-up files are never published as live.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from flows.http.client import HttpClient
from flows.http.errors import NoSource
from flows.ingest import discovered_files
from flows.ingest.discover import discover
from flows.ingest.editions import OfferedFile
from flows.ingest.fetch import UnreachableHosts
from flows.ingest.reach import OFFLINE, mirror_is_synthetic, unreachable_hosts
from flows.publishers import sources
from flows.publishers.fetch import LiveFetch
from flows.settings import Settings
from schemas.dataset import Dataset
from schemas.datasets import datasets


def live_files(
    settings: Settings, archive: Path, today: date, publisher: str | None = None
) -> tuple[list[OfferedFile], list[str]]:
    """Offer every file, and find which hosts cannot be reached. Raises NoSource when none of them can.

    Returns them and the names of documents that no dataset claims. The first time it looks for new files before, so that
    the first release holds what the publishers have and not only what the declarations know.
    """
    if not discovered_files.has_looked(archive):
        with suppress(NoSource):  # said below, of this edition
            discover(settings, today)
    synthetic = mirror_is_synthetic(settings)
    fetches = list(all_fetches(archive, synthetic, publisher))
    with HttpClient(settings) as client:
        closed = UnreachableHosts(unreachable_hosts(client, {host for _, fetch in fetches for host in fetch.hosts}))
    edition = "sample" if synthetic else "live"
    found = [
        OfferedFile(dataset, fetch.file_name, fetch, today, edition, synthetic, "", closed)
        for dataset, fetch in fetches
    ]
    if found and all(closed.fault(one.fetch.hosts) for one in found):
        raise NoSource(OFFLINE)
    asked = [source for name, source in sources().items() if publisher in (None, name)]
    return found, [name for source in asked for name in source.unclaimed()]


def all_fetches(
    archive: Path, synthetic: bool = False, publisher: str | None = None
) -> Iterator[tuple[type[Dataset], LiveFetch]]:
    """(dataset, fetch) per declared file, then per discovered one; each address once."""
    seen: set[str] = set()
    known = sources()
    for dataset in datasets().values():
        if publisher not in (None, dataset.publisher.id):
            continue
        source = known[dataset.publisher.id]
        discovered = (source.at(one.url) for one in discovered_files.files_of(archive, dataset.id, synthetic))
        for fetch in [*source.fetches(dataset), *discovered]:
            if fetch.address not in seen:
                seen.add(fetch.address)
                yield dataset, fetch
