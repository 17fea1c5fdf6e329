"""DUO's static files: what stands on its pages, by dataset and period, compared with what we know.

Names are irregular (dots, commas, stray hyphens; see the addresses in the dataset declarations), so an address is only
ever read from a page or from a declaration, never put together. A file belongs to the dataset whose declaration claims
its name; the number in front is no part of that, because DUO reused it (05 was another file until 2012).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from flows.http.client import HttpClient
from flows.http.errors import SourceError
from flows.publishers.links import Link, page_links
from schemas.datasets import dataset_for, datasets
from schemas.publishers import DUO

SITE = "https://duo.nl"
SUFFIXES = (".csv", ".xlsx", ".xls", ".ods", ".zip")


@dataclass(frozen=True)
class LinkedFile:
    """A file on a publisher's page. `period` is the one in its name, '' for files without one (a state)."""

    dataset: str
    period: str
    url: str
    label: str
    page: str

    @property
    def label_differs(self) -> bool:
        """Whether the clickable words name years that the file name does not (seen: '2025-2025')."""
        said, named = re.findall(r"\d{4}", self.label), re.findall(r"\d{4}", unquote(self.url.rsplit("/", 1)[-1]))
        return bool(said and named) and said != named


@dataclass(frozen=True)
class Discovery:
    """What the pages hold beside what we know. `failed` pages carry the error's sentence.

    `twice` are groups of files for one dataset and period; of a csv and a workbook only the csv is in `new`.
    """

    new: tuple[LinkedFile, ...]
    known: tuple[LinkedFile, ...]
    twice: tuple[tuple[LinkedFile, ...], ...]
    unrecognised: tuple[Link, ...]
    failed: Mapping[str, str]


def pages() -> tuple[str, ...]:
    """The landing pages on duo.nl that the declarations name; none was seen live when this was written."""
    named = {dataset.landing_page for dataset in datasets().values() if dataset.publisher is DUO}
    return tuple(sorted(page for page in named if urlsplit(page).hostname in ("duo.nl", "www.duo.nl")))


def period_of(dataset: str, file_name: str) -> str:
    """The period in a file's name, as the dataset labels it; the years in the name where rows carry their own."""
    period = datasets()[dataset].period_of(file_name)
    return period.label if period else "-".join(re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", file_name))


def discover(client: HttpClient, known_urls: Iterable[str], on_pages: Iterable[str] | None = None) -> Discovery:
    """Read the pages and sort their files; a page that fails is reported and does not hide the others."""
    known = {same_file(url) for url in known_urls}
    found: dict[str, LinkedFile] = {}
    strangers: dict[str, Link] = {}
    failed: dict[str, str] = {}
    for page in pages() if on_pages is None else on_pages:
        try:
            links = page_links(client, page, SUFFIXES)
        except SourceError as error:
            failed[page] = str(error)
            continue
        for link in links:
            try:
                dataset = dataset_for(link.file_name)
            except LookupError as error:  # two declarations claim the name: reported, and left for a person
                failed[link.url] = str(error.args[0])
                continue
            if dataset is None:
                strangers.setdefault(same_file(link.url), link)
            else:
                entry = LinkedFile(dataset.id, period_of(dataset.id, link.file_name), link.url, link.label, page)
                found.setdefault(same_file(link.url), entry)
    csv_of = {content_of(entry) for entry in found.values() if kind_of(entry) == "csv"}
    return Discovery(
        new=tuple(
            entry
            for key, entry in found.items()
            if key not in known and (kind_of(entry) == "csv" or content_of(entry) not in csv_of)
        ),
        known=tuple(entry for key, entry in found.items() if key in known),
        twice=_same_period(found.values()),
        unrecognised=tuple(link for key, link in strangers.items() if key not in known),
        failed=failed,
    )


def kind_of(entry: LinkedFile) -> str:
    """The suffix of the file's name, in lower case."""
    return urlsplit(entry.url).path.rsplit(".", 1)[-1].lower()


def same_file(url: str) -> str:
    """One spelling per file: host without www, path unquoted, so that `%2C` and `,` are the same file."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{unquote(parts.path)}"


def content_of(entry: LinkedFile) -> tuple[str, str, str]:
    """What a file is about, however it is spelt: dataset, period, and the letters of its name."""
    name = unquote(urlsplit(entry.url).path.rsplit("/", 1)[-1]).rsplit(".", 1)[0]
    return entry.dataset, entry.period, "".join(filter(str.isalpha, name.lower()))


def _same_period(entries: Iterable[LinkedFile]) -> tuple[tuple[LinkedFile, ...], ...]:
    """Groups of two or more files about the same: published twice under two names or in two kinds."""
    groups: dict[tuple[str, str, str], list[LinkedFile]] = {}
    for entry in entries:
        groups.setdefault(content_of(entry), []).append(entry)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)
