"""DUO's static files: what stands on its pages, by dataset and period, compared with what we know.

Names are irregular (dots, commas, stray hyphens; see the table of known addresses in the dataset declarations),
so an address is only ever read from a page or from a declaration, never put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from flows.door import Door
from flows.errors import SourceError
from flows.sources.links import Link, page_links

ROOT = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs"
GENERAL = "https://duo.nl/open_onderwijsdata/onderwijs-algemeen"

#: Pages as public code names them in 2025-2026; none was seen live when this was written.
PAGES = (
    f"{ROOT}/aantal-leerlingen/aantal-leerlingen.jsp",
    f"{ROOT}/adressen/vestigingen.jsp",
    f"{ROOT}/examens/examens-vmbo-havo-vwo.jsp",
    f"{ROOT}/personeel/in-aantal-personen.jsp",
)

SUFFIXES = (".csv", ".xlsx", ".ods", ".zip")

#: Which dataset a file name belongs to: matched on the name without its number prefix, first match wins.
#: The number is left out because DUO reused it (05 was another file until 2012).
NAME_PATTERNS: dict[str, str] = {
    "duo_01_leerlingen": r"leerlingen-vo-per-vestiging-naar-onderwijstype",
    "duo_02_leerlingen_postcode": r"leerlingen-(vo-)?per-vestiging-naar-postcode-en-leerjaar",
    "duo_03_leerlingen_bestuur": r"leerlingen-vo-per-vestiging-en-bestuur",
    "duo_05_zittenblijvers": r"zittenblijv(en|ers)",
    "duo_06_examens_breed": r"examenkandidaten-en-geslaagden",
    "duo_07_geslaagden_cijfers": r"geslaagden,?-gezakten-en-cijfers",
    "duo_08_examens_vmbo": r"examenkandidaten-vmbo-en-examencijfers",
    "duo_09_examens_havo": r"examenkandidaten-havo-en-examencijfers",
    "duo_10_examens_vwo": r"examenkandidaten-vwo-en-examencijfers",
    "duo_15_vsv": r"vsv-per",
    "duo_hoofdvestigingen": r"hoofdvestigingen-vo",
    "duo_vestigingen": r"alle-vestigingen-vo",
    "duo_bevoegde_gezagen": r"bevoegde-gezagen-vo",
    "duo_personeel_personen": r"onderwijspersoneel-vo-in-personen",
    "duo_personeel_fte": r"onderwijspersoneel-vo-in-fte",
}

_PREFIX = re.compile(r"^\d{1,2}\.?-")
_PERIOD = re.compile(r"(\d{4}-\d{4}-tov-\d{4}-\d{4}|\d{4}-tov-\d{4}|\d{4}-\d{4}|\d{4})(?!\d)")


@dataclass(frozen=True)
class Found:
    """A file on a publisher's page. `period` is the text in its name, '' for files without one (a state)."""

    dataset: str
    period: str
    url: str
    label: str
    page: str

    @property
    def label_differs(self) -> bool:
        """Whether the clickable words name years that the file name does not (seen: '2025-2025')."""
        said, named = re.findall(r"\d{4}", self.label), re.findall(r"\d{4}", self.period)
        return bool(said and named) and said != named


@dataclass(frozen=True)
class Discovery:
    """What the pages hold beside what we know. `failed` pages carry the error's sentence."""

    new: tuple[Found, ...]
    known: tuple[Found, ...]
    twice: tuple[tuple[Found, ...], ...]
    unrecognised: tuple[Link, ...]
    failed: Mapping[str, str]


def dataset_of(file_name: str, patterns: Mapping[str, str] = NAME_PATTERNS) -> str | None:
    """The dataset a file name belongs to, or None."""
    bare = _PREFIX.sub("", file_name.lower())
    for dataset, pattern in patterns.items():
        if re.match(pattern, bare):
            return dataset
    return None


def period_of(file_name: str) -> str:
    """The period text in a file name (`2017-2018`, `2019`, `1516-tov-1617`), '' when there is none."""
    match = _PERIOD.search(_PREFIX.sub("", file_name))
    return match[1] if match else ""


def discover(
    door: Door,
    known_urls: Iterable[str],
    pages: Iterable[str] = PAGES,
    patterns: Mapping[str, str] = NAME_PATTERNS,
) -> Discovery:
    """Read the pages and sort their files; a page that fails is reported and does not hide the others."""
    known = {same_file(url) for url in known_urls}
    found: dict[str, Found] = {}
    strangers: dict[str, Link] = {}
    failed: dict[str, str] = {}
    for page in pages:
        try:
            links = page_links(door, page, SUFFIXES)
        except SourceError as error:
            failed[page] = str(error)
            continue
        for link in links:
            dataset = dataset_of(link.file_name, patterns)
            if dataset is None:
                strangers.setdefault(same_file(link.url), link)
            else:
                entry = Found(dataset, period_of(link.file_name), link.url, link.label, page)
                found.setdefault(same_file(link.url), entry)
    return Discovery(
        new=tuple(entry for key, entry in found.items() if key not in known),
        known=tuple(entry for key, entry in found.items() if key in known),
        twice=_same_period(found.values()),
        unrecognised=tuple(link for key, link in strangers.items() if key not in known),
        failed=failed,
    )


def same_file(url: str) -> str:
    """One spelling per file: host without www, path unquoted, so that `%2C` and `,` are the same file."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{unquote(parts.path)}"


def _same_period(entries: Iterable[Found]) -> tuple[tuple[Found, ...], ...]:
    """Groups of two or more files of one kind for one dataset and period: published twice under two names."""
    groups: dict[tuple[str, str, str], list[Found]] = {}
    for entry in entries:
        suffix = entry.url.rsplit(".", 1)[-1].lower()
        groups.setdefault((entry.dataset, entry.period, suffix), []).append(entry)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)
