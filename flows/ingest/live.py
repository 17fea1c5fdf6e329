"""The live edition: every address that the datasets declare or that was discovered, each with its way of being had.

A portal (`SECTORAKKOORD_PORTAL_URL`) may stand in for the publishers. One that says that it serves SYNTHETIC files, as
`sectorakkoord portal` does, makes a refresh one of the sample edition: what is made up is never published as live.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from flows.http.client import HttpClient
from flows.http.errors import NoSource, NotFound, SourceError, StatusRefused
from flows.ingest import discovered_files
from flows.ingest.editions import OfferedFile
from flows.ingest.fetch import Fetch, FromUrl, FromZip, UnreachableHosts, host_of, name_in
from flows.ingest.fetch_cbs import FromCbs
from flows.ingest.fetch_ckan import FromCatalogue
from flows.publishers.inspectie import PINNED
from flows.settings import Settings
from schemas.dataset import Dataset, file_name
from schemas.datasets import dataset_for, datasets
from schemas.datasets.cbs import CbsTable

#: Where a portal says what it is; publishers have nothing here.
PORTAL_CARD = "https://duo.nl/.sectorakkoord-portal.json"
OFFLINE = (
    "edition live: none of the publishers could be reached; without internet use the bundled sample "
    "(`--edition sample`) or a folder with the publishers' files (`--edition mirror --from FOLDER`)."
)


def live_files(
    settings: Settings, archive: Path, today: date, publisher: str | None = None
) -> tuple[list[OfferedFile], list[str]]:
    """Offer every file, and say which hosts cannot be reached. Raises NoSource when none of them can.

    Returns them and the names of documents that no dataset claims.
    """
    synthetic = portal_is_synthetic(settings)
    fetches = list(all_fetches(archive, synthetic, publisher))
    with HttpClient(settings) as client:
        closed = UnreachableHosts(unreachable_hosts(client, {host for _, _, fetch in fetches for host in fetch.hosts}))
    edition = "sample" if synthetic else "live"
    found = [
        OfferedFile(dataset, name, fetch, today, edition, synthetic, "", closed) for dataset, name, fetch in fetches
    ]
    if found and all(closed.fault(one.fetch.hosts) for one in found):
        raise NoSource(OFFLINE)
    unclaimed = (
        []
        if publisher not in (None, "inspectie")
        else [name_in(url) for url in PINNED.values() if dataset_for(name_in(url)) is None]
    )
    return found, unclaimed


def all_fetches(
    archive: Path, synthetic: bool = False, publisher: str | None = None
) -> Iterator[tuple[type[Dataset], str, Fetch]]:
    """(dataset, file name, fetch) per declared file, then per discovered one; each address once."""
    seen: set[str] = set()
    for dataset in datasets().values():
        if publisher not in (None, dataset.publisher.id):
            continue
        urls = [one.url for one in discovered_files.files_of(archive, dataset.id, synthetic)]
        for fetch in [*declared(dataset), *(FromUrl(url) for url in urls)]:
            if fetch.address not in seen:
                seen.add(fetch.address)
                yield dataset, expected_name(dataset, fetch), fetch


def declared(dataset: type[Dataset]) -> Iterator[Fetch]:
    """The fetches that a declaration gives: a table, a resource of the catalogue, members of zips, plain addresses."""
    if issubclass(dataset, CbsTable):
        yield FromCbs(dataset.table, dataset.files[0].url)
        return
    urls = [known.url for known in dataset.files]
    in_catalogue = tuple(url for url in urls if dataset.ckan and "/dataset/" in urlsplit(url).path)
    if dataset.ckan:
        yield FromCatalogue(dataset.ckan, in_catalogue)
    for url in urls:
        if "#" in url:
            yield FromZip(url.partition("#")[0])
        elif url not in in_catalogue:
            yield FromUrl(url)


def expected_name(dataset: type[Dataset], fetch: Fetch) -> str:
    """The file name a fetch is expected to bring."""
    if isinstance(fetch, FromCbs):
        return f"{fetch.table}.csv"
    if isinstance(fetch, FromCatalogue):
        return name_in(fetch.pinned[0]) if fetch.pinned else fetch.resource.resource
    if isinstance(fetch, FromZip):
        return next(file_name(one.url) for one in dataset.files if one.url.startswith(fetch.address))
    return name_in(fetch.address)


def unreachable_hosts(client: HttpClient, hosts: Iterable[str]) -> dict[str, SourceError]:
    """The hosts that take no connection, each asked once and all at the same time, with the fault."""

    def check_reachable(host: str) -> tuple[str, SourceError | None]:
        try:
            client.check_reachable(f"https://{host}/")
        except SourceError as fault:
            return host, fault
        return host, None

    with ThreadPoolExecutor(max_workers=8) as pool:
        return {host: fault for host, fault in pool.map(check_reachable, sorted(hosts)) if fault}


def portal_is_synthetic(settings: Settings) -> bool:
    """Whether the configured portal says that what it serves is made up; False without a portal. Raises NoSource."""
    if settings.portal_url is None:
        return False
    with HttpClient(settings) as client:
        try:
            client.check_reachable(PORTAL_CARD)
            return bool(json.loads(client.get(PORTAL_CARD).body).get("synthetic"))
        except (NotFound, StatusRefused, ValueError, AttributeError):
            return False
        except SourceError as fault:
            host = host_of(settings.portal_url)
            raise NoSource(
                f"edition live: the portal {settings.portal_url} does not answer ({fault.actual}); start it, correct "
                f"SECTORAKKOORD_PORTAL_URL, or unset it to go to the publishers themselves instead of {host}."
            ) from fault
