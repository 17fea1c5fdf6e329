"""What a publisher's module says: how its files are fetched, and how new ones are discovered."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlsplit

from flows.http.client import HttpClient
from flows.publishers.catalogue import FromCatalogue
from flows.publishers.fetch import FromUrl, FromZip, LiveFetch, name_in
from schemas.dataset import Dataset, file_name
from schemas.datasets import dataset_for


@dataclass(frozen=True)
class DiscoveredFile:
    """An address that a publisher's own page or catalogue gave. `period` is for people; '' for a state.

    `synthetic`: found at a server of made-up files, and only of use there.
    """

    dataset_id: str
    period: str
    url: str
    label: str
    page: str
    found_on: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class Discoveries:
    """What one look at publishers found. `new` is kept; the rest is only reported.

    `twice`: groups of addresses of the same file; `failed`: address -> sentence.
    """

    new: list[DiscoveredFile] = field(default_factory=list)
    twice: list[list[str]] = field(default_factory=list)
    mislabelled: list[str] = field(default_factory=list)
    unclaimed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def __add__(self, other: Discoveries) -> Discoveries:
        return Discoveries(
            self.new + other.new,
            self.twice + other.twice,
            self.mislabelled + other.mislabelled,
            self.unclaimed + other.unclaimed,
            self.failed | other.failed,
        )

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


class Source:
    """How the files of one publisher are fetched and discovered.

    As it stands here it serves plain addresses, members of zips and resources of DUO's catalogue. A publisher with a
    protocol of its own has a module in this package with a subclass; nothing lists it.
    """

    id: ClassVar[str] = ""
    """That of the publisher in `schemas.publishers`."""
    starts: ClassVar[tuple[str, ...]] = ()
    """Addresses at which discovery starts."""
    documents: ClassVar[tuple[str, ...]] = ()
    """Known addresses of documents: reported where no dataset claims their names."""
    why_unclaimed: ClassVar[str] = ""
    """Why no dataset does; `sources` says it."""

    def fetches(self, dataset: type[Dataset]) -> Iterator[LiveFetch]:
        """The fetches that a dataset's declaration gives: its resource of the catalogue, and its addresses.

        An address inside the catalogue only serves while the catalogue itself does not: it changes with every upload.
        """
        urls = [known.url for known in dataset.files]
        pinned = tuple(url for url in urls if dataset.ckan and "/dataset/" in urlsplit(url).path)
        if dataset.ckan:
            yield FromCatalogue(dataset.ckan, pinned)
        for url in urls:
            if "#" in url:
                yield FromZip(url.partition("#")[0], file_name(url))
            elif url not in pinned:
                yield FromUrl(url)

    def at(self, url: str) -> LiveFetch:
        """The fetch of an address that was discovered."""
        return FromUrl(url)

    def discover(self, client: HttpClient, known: Collection[str]) -> Discoveries:
        """What the publisher has beside the addresses in `known`; a page that fails is in `failed`."""
        return Discoveries()

    def unclaimed(self) -> list[str]:
        """Names of known documents that no dataset claims."""
        names = [name_in(url) for url in self.documents]
        return [name for name in names if dataset_for(name) is None]

    def start_hosts(self) -> set[str]:
        """The hosts that discovery needs."""
        return {urlsplit(start).hostname or "" for start in self.starts}
