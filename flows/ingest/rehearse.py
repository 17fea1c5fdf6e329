"""A rehearsal of the first live refresh: every declared address is asked how it answers. Nothing is downloaded or kept."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from flows.http.client import HttpClient
from flows.http.errors import NoSource, NotFound, RedirectRefused, SourceError, UnsafeArchive, WrongContent
from flows.ingest.live import all_fetches
from flows.ingest.reach import OFFLINE, mirror_is_synthetic, unreachable_hosts
from flows.publishers import sources
from flows.publishers.duo_pages import same_file
from flows.publishers.fetch import LiveFetch, name_in
from flows.publishers.source import DiscoveredFile, Discoveries
from flows.settings import Settings
from schemas.dataset import Dataset
from schemas.datasets import datasets
from warehouse.progress import ProgressCallback


@dataclass(frozen=True)
class CheckedAddress:
    """One address. `outcome`: reachable, moved (found elsewhere), gone, refused (answers with something that a refresh does
    not take), unreachable; the last three with the sentence of the fault. `size` in bytes where it is known.

    `newest` is the newest file that the publisher's pages and catalogue show for the dataset, None where they show none;
    `newest_declared` says whether its address is known already. A page itself has an empty dataset.
    """

    dataset: str
    outcome: str
    address: str
    found_at: str | None = None
    size: int | None = None
    type: str | None = None
    last_modified: str | None = None
    newest: str | None = None
    newest_declared: bool | None = None
    said: str | None = None


def rehearse(settings: Settings, progress: ProgressCallback) -> list[CheckedAddress]:
    """All addresses in order of their dataset, then pages that cannot be read. Raises NoSource when no publisher is reached."""
    fetches = list(all_fetches(settings.directory.archive, mirror_is_synthetic(settings)))
    asked = sources().values()
    hosts = {host for _, fetch in fetches for host in fetch.hosts} | {
        one for source in asked for one in source.start_hosts()
    }
    with HttpClient(settings) as client:
        if len(unreachable_hosts(client, hosts)) == len(hosts):
            raise NoSource(OFFLINE.replace("edition live", "sources --check"))
        progress("reading pages and the catalogue")
        pages = Discoveries()
        for source in asked:
            pages += source.discover(client, ())
        with ThreadPoolExecutor(max_workers=8) as pool:
            waiting = [pool.submit(ask, client, *one) for one in fetches]
            found = []
            for at, (_, fetch) in enumerate(fetches):
                progress(fetch.address, at, len(fetches))
                found.append(waiting[at].result())
    newest, declared = (
        newest_of(pages.new),
        {same_file(known.url) for one in datasets().values() for known in one.files},
    )
    for at, checked in enumerate(found):
        if url := newest.get(checked.dataset):
            found[at] = replace(checked, newest=name_in(url), newest_declared=same_file(url) in declared)
    failed = [CheckedAddress("", "unreachable", page, said=fault) for page, fault in pages.failed.items()]
    return sorted(found, key=lambda one: (one.dataset, one.address)) + failed


def ask(client: HttpClient, dataset: type[Dataset], fetch: LiveFetch) -> CheckedAddress:
    """How one address answers."""
    try:
        look = fetch.look(client)
    except SourceError as fault:
        refused = isinstance(fault, RedirectRefused | WrongContent | UnsafeArchive)
        outcome = "gone" if isinstance(fault, NotFound) else "refused" if refused else "unreachable"
        return CheckedAddress(dataset.id, outcome, fetch.address, said=str(fault))
    elsewhere = fetch.address.startswith("https:") and "#" not in fetch.address and look.url != fetch.address
    outcome = "moved" if elsewhere else "reachable"
    return CheckedAddress(dataset.id, outcome, fetch.address, look.url, look.size, look.kind, look.last_modified)


def newest_of(shown: Iterable[DiscoveredFile]) -> dict[str, str]:
    """Dataset -> the address of its file of the latest period, by name where there is none."""
    latest = sorted(shown, key=lambda one: (one.dataset_id, one.period, name_in(one.url)))
    return {one.dataset_id: one.url for one in latest}
