"""Discovery: read the publishers' pages and DUO's catalogue, and keep the addresses of new files of known datasets.

What is kept (`archive/discovered.json`) is fetched by the next refresh of the live edition and judged by the gate like
any file, so a new year whose layout is known needs nothing more, and one whose layout is not known is refused with the
difference. Files that no dataset claims, and the Inspectorate's documents, are only told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from flows.http.client import HttpClient
from flows.http.errors import NoSource, SourceError
from flows.ingest.discovered_files import DiscoveredFile, keep_discovered, read_discovered
from flows.ingest.fetch import host_of, name_in
from flows.ingest.live import OFFLINE, portal_is_synthetic, unreachable_hosts
from flows.publishers import duo_pages, inspectie
from flows.publishers.ckan import DUO as CATALOGUE
from flows.publishers.ckan import Ckan
from flows.settings import Settings
from schemas.datasets import dataset_for, datasets
from warehouse.archive.store import Archive
from warehouse.release.data_directory import DataDirectory


@dataclass(frozen=True)
class Discoveries:
    """What one look at the publishers found. `new` is kept; the rest is told."""

    new: list[DiscoveredFile] = field(default_factory=list)
    twice: list[list[str]] = field(default_factory=list)
    mislabelled: list[str] = field(default_factory=list)
    unclaimed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def discover(settings: Settings, today: date) -> Discoveries:
    """Look at all publishers, keep what is new, and tell. Raises NoSource when none of them can be reached."""
    data, synthetic = settings.directory, portal_is_synthetic(settings)
    known = known_urls(data, synthetic)
    hosts = {host_of(page) for page in (duo_pages.pages()[0], CATALOGUE, inspectie.SITE)}
    with HttpClient(settings) as client:
        if len(unreachable_hosts(client, hosts)) == len(hosts):
            raise NoSource(OFFLINE.replace("edition live", "discover"))
        found = on_pages(client, known)
        in_catalogue(client, {*known, *(one.url for one in found.new)}, found)
        documents(client, found)
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


def on_pages(client: HttpClient, known: Iterable[str]) -> Discoveries:
    """What DUO's own pages show."""
    pages = duo_pages.discover(client, known)
    return Discoveries(
        [DiscoveredFile(one.dataset, one.period, one.url, one.label, one.page) for one in pages.new],
        [[entry.url for entry in group] for group in pages.twice],
        [f"{entry.url}: the page calls it {entry.label!r}" for entry in pages.new if entry.label_differs],
        [link.url for link in pages.unrecognised],
        dict(pages.failed),
    )


def in_catalogue(client: HttpClient, known: Iterable[str], found: Discoveries) -> None:
    """Add resources of DUO's catalogue that a dataset claims by file name and that nobody declared."""
    declared = {(one.ckan.package, one.ckan.resource.casefold()) for one in datasets().values() if one.ckan}
    have = {duo_pages.same_file(url) for url in known}
    ckan = Ckan(client)
    try:
        for resource in (one for package in ckan.packages() for one in ckan.resources_in(package)):
            url = next(iter(ckan.addresses(resource)), "")
            dataset = dataset_for(name_in(url)) if url else None
            named = (resource.package, resource.name.strip().casefold()) in declared
            if dataset and not named and duo_pages.same_file(url) not in have:
                period = duo_pages.period_of(dataset.id, name_in(url))
                page = f"{CATALOGUE}/dataset/{resource.package}"
                found.new.append(DiscoveredFile(dataset.id, period, url, resource.name, page))
    except (SourceError, LookupError) as fault:
        found.failed[CATALOGUE] = str(fault)


def documents(client: HttpClient, found: Discoveries) -> None:
    """Add the Inspectorate's documents that are not pinned: told only, for no dataset declares their layout."""
    try:
        fresh = inspectie.discover(client, known_urls=inspectie.PINNED.values())
        found.unclaimed.extend(document.url for document in fresh)
    except SourceError as fault:
        found.failed[inspectie.SITE] = str(fault)
