"""Inspectie van het Onderwijs: no interface, only documents. A pinned list, and discovery of newer ones.

Addresses hold a date and a changing slug, and the frequency changed (yearly to 2022, every two months from
2023, monthly in 2025), so a new document is reported, and a person pins it after a look.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from flows.http.client import HttpClient
from flows.http.errors import SourceError
from flows.publishers.links import page_links
from flows.publishers.source import Discoveries, Source

SITE = "https://www.onderwijsinspectie.nl"
PAGES = (
    f"{SITE}/trends-en-ontwikkelingen/onderwijsdata/oordelen/oordelen-2024-2025",
    f"{SITE}/trends-en-ontwikkelingen/onderwijsdata/onderwijsresultaten-voortgezet-onderwijs",
    f"{SITE}/trends-en-ontwikkelingen/onderwijsdata/schorsingen-en-verwijderingen",
    f"{SITE}/trends-en-ontwikkelingen/onderwijsdata/kwaliteitsindicatoren",
)
_BINARIES = f"{SITE}/site/binaries/site-content/collections/documents"
PINNED = {
    "oordelen_2025_08_01": (
        f"{_BINARIES}/2025/08/04/oordelen-1-augustus-2025/20250804_Oordeel_en_standaard_PO_SO_VO.ods"
    ),
}
SUFFIXES = (".ods", ".xlsx", ".csv")

_DATED = re.compile(r"/(\d{4})/(\d{2})/(\d{2})/")


class Inspectie(Source):
    """Plain addresses. New documents are only reported, for no dataset declares their layout."""

    id = "inspectie"
    starts = (SITE,)
    documents = tuple(PINNED.values())
    why_unclaimed = "nothing: its columns are in none of our papers, so no dataset reads it and G14 has no value"

    def discover(self, client: HttpClient, known: Collection[str]) -> Discoveries:
        """The documents that are not pinned, as unclaimed."""
        try:
            return Discoveries(unclaimed=[one.url for one in discover(client, known_urls=PINNED.values())])
        except SourceError as fault:
            return Discoveries(failed={SITE: str(fault)})


@dataclass(frozen=True)
class Document:
    """A file of the Inspectorate; `published_on` is the date in its address, when there is one."""

    url: str
    label: str
    published_on: date | None


def discover(client: HttpClient, pages: Iterable[str] = PAGES, known_urls: Iterable[str] = ()) -> list[Document]:
    """Documents reachable from `pages`, directly or one `/documenten/...` page further, that we do not know.

    Newest first. A page that is gone raises its error only when no page at all could be read.
    """
    known, read = set(known_urls), 0
    found: dict[str, Document] = {}
    errors: list[SourceError] = []
    for page in pages:
        try:
            links = page_links(client, page)
            read += 1
            for link in links:
                for file in _files_behind(client, link.url, link.label):
                    found.setdefault(file.url, file)
        except SourceError as error:
            errors.append(error)
    if errors and not read:
        raise errors[0]
    fresh = [document for url, document in found.items() if url not in known]
    return sorted(fresh, key=lambda document: (document.published_on or date.min, document.url), reverse=True)


def _files_behind(client: HttpClient, url: str, label: str) -> list[Document]:
    if url.lower().endswith(SUFFIXES):
        return [Document(url, label, _date_in(url))]
    if not url.startswith(f"{SITE}/documenten/"):
        return []
    return [Document(link.url, link.label or label, _date_in(link.url)) for link in page_links(client, url, SUFFIXES)]


def _date_in(url: str) -> date | None:
    match = _DATED.search(url)
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None
