"""Discovery: look at what the publishers have, and keep the addresses of new files of known datasets.

What is kept (`archive/discovered.json`) is fetched by the next refresh of the live edition and examined by the gate like
any file, so a new year whose layout is known needs nothing more, and one whose layout is not known is refused with the
difference. Files that no dataset claims are only reported.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.http.client import HttpClient
from flows.http.errors import NoSource
from flows.ingest.discovered_files import keep_discovered, read_discovered
from flows.ingest.reach import OFFLINE, mirror_is_synthetic, unreachable_hosts
from flows.publishers import sources
from flows.publishers.source import Discoveries
from flows.settings import Settings
from schemas.datasets import datasets
from warehouse.archive.store import Archive
from warehouse.release.data_directory import DataDirectory


def discover(settings: Settings, today: date) -> Discoveries:
    """Look at all publishers and keep what is new. Raises NoSource when none of them can be reached."""
    data, synthetic = settings.directory, mirror_is_synthetic(settings)
    known = known_urls(data, synthetic)
    found, asked = Discoveries(), sources().values()
    hosts = {host for source in asked for host in source.start_hosts()}
    with HttpClient(settings) as client:
        if len(unreachable_hosts(client, hosts)) == len(hosts):
            raise NoSource(OFFLINE.replace("edition live", "discover"))
        for source in asked:
            found += source.discover(client, known)
    dated = [replace(one, found_on=today.isoformat(), synthetic=synthetic) for one in found.new]
    keep_discovered(data.archive, dated)
    return replace(found, new=dated)


def known_urls(data: DataDirectory, synthetic: bool) -> set[str]:
    """Every address that is declared, discovered before, or held."""
    declared = {known.url for dataset in datasets().values() for known in dataset.files}
    held = {
        origin.url
        for vintage in Archive(data.archive).all_vintages()
        for origin in vintage.origins
        if origin.synthetic == synthetic
    }
    return declared | held | {one.url for one in read_discovered(data.archive) if one.synthetic == synthetic}
