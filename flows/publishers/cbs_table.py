"""A CBS table as both interfaces give it to us: measures, code lists and cells in one long shape."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flows.http.body import AtomicFile
from flows.http.client import Answer, HttpClient
from flows.http.errors import LayoutChanged, NoRows, PagingRefused, WrongContent
from flows.http.responses import parse_json
from schemas.periods import cbs_period

MAX_PAGES = 2_000

_DECIMAL = re.compile(r"-?\d+\.\d+")

#: dimension -> the codes wanted of it
Filters = Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class Measure:
    """A topic. `key` is the interface's own name, `other_key` that of the other interface when it is known."""

    key: str
    title: str
    unit: str
    decimals: int | None
    index: int | None
    other_key: str | None = None


@dataclass(frozen=True)
class Code:
    """A member of a dimension, stripped. `served` is the key as it stood in the list, padding included."""

    key: str
    title: str
    served: str
    status: str = ""


@dataclass(frozen=True)
class Cell:
    """One figure: codes in the order of the table's dimensions; `value` as text with a decimal point, or the
    publisher's reason for having none (`.`, `x`, `Impossible`, ...)."""

    measure: str
    codes: tuple[str, ...]
    value: str | None
    reason: str | None


@dataclass(frozen=True)
class Table:
    """A whole or filtered table. `modified` is the publisher's own moment of last change, as text."""

    id: str
    api: str
    title: str
    modified: str
    dimensions: tuple[str, ...]
    time_dimension: str | None
    measures: Mapping[str, Measure]
    codes: Mapping[str, Mapping[str, Code]]
    cells: tuple[Cell, ...]
    url: str
    dropped_by_refilter: int = 0


@dataclass(frozen=True)
class Contract:
    """What we count on: dimension names, and measures by the key of either interface."""

    dimensions: frozenset[str]
    measures: frozenset[str]


@dataclass
class Pages:
    """Fetches JSON pages for one table, keeps their raw bytes in `keep` when given, and follows next links."""

    client: HttpClient
    keep: Path | None = None
    retry_500: bool = False
    fetched: int = 0

    def one(self, url: str, params: Mapping[str, object] | None = None) -> Any:
        """One JSON object."""
        answer = self.client.get(url, params, accept="application/json", retry_500=self.retry_500, check=parse_json)
        self._store(answer)
        value = parse_json(answer)
        if not isinstance(value, dict):
            raise WrongContent(answer.url, "a JSON object", type(value).__name__, "check the address")
        return value

    def rows(self, url: str, params: Mapping[str, object] | None, next_key: str) -> Iterable[dict[str, Any]]:
        """All rows from `url` on; a next link is followed verbatim, on the same host and below the same path."""
        home, seen, current = urlsplit(url), {url}, url
        while True:
            page = self.one(current, params)
            if not isinstance(page.get("value"), list):
                raise WrongContent(current, "a list of rows in 'value'", "none", "check the table and set name")
            yield from page["value"]
            link = page.get(next_key)
            if not link:
                return
            self._check_next(current, link, home.netloc, home.path, seen)
            seen.add(link)
            current, params = link, None

    def _check_next(self, current: str, link: str, host: str, path: str, seen: set[str]) -> None:
        parts = urlsplit(link)
        hint = "do not trust this answer; compare with the table on the publisher's site"
        if parts.scheme != "https" or parts.netloc != host or parts.path.lower() != path.lower():
            raise PagingRefused(current, f"a next page at https://{host}{path}", link, hint)
        if link in seen:
            raise PagingRefused(current, "a next page that is new", f"one read before: {link}", hint)
        if len(seen) >= MAX_PAGES:
            raise PagingRefused(current, f"at most {MAX_PAGES:,} pages", "one more", hint)

    def _store(self, answer: Answer) -> None:
        self.fetched += 1
        if self.keep is None:
            return
        part = AtomicFile(self.keep / f"{self.fetched:04d}.json")
        try:
            part.write(answer.body)
            part.close()
            part.commit(self.keep / f"{self.fetched:04d}.json")
        finally:
            part.discard()


def wanted_codes(url: str, codes: Mapping[str, Mapping[str, Code]], filters: Filters | None) -> dict[str, set[str]]:
    """The filters, stripped and checked: every dimension and code must be in the table's own lists."""
    wanted = {name: {code.strip() for code in values} for name, values in (filters or {}).items()}
    for name, keys in wanted.items():
        if name not in codes:
            raise LayoutChanged(
                url, f"dimension {name}", f"only {', '.join(sorted(codes))}", "adapt the declaration", (name,)
            )
        missing = tuple(sorted(keys - set(codes[name])))
        if missing:
            actual = f"no {', '.join(missing)} in its code list"
            raise LayoutChanged(url, f"known codes of {name}", actual, "adapt the declaration", missing)
    return wanted


def keep_wanted(
    table_url: str, dimensions: tuple[str, ...], cells: list[Cell], wanted: Mapping[str, set[str]]
) -> list[Cell]:
    """Apply the filter ourselves and insist on rows for every code that was asked for.

    CBS answers 200 with no rows to a key of the wrong width, and 200 with all rows to a filter it ignores.
    """
    places = {name: dimensions.index(name) for name in wanted}
    kept = [cell for cell in cells if all(cell.codes[places[name]] in keys for name, keys in wanted.items())]
    for name, keys in wanted.items():
        silent = sorted(keys - {cell.codes[places[name]] for cell in kept})
        if silent:
            expected = f"rows for {name} {', '.join(silent)}, which the code list contains"
            raise NoRows(table_url, expected, "0 rows", "check key width and filter; nothing was stored")
    if not kept:
        raise NoRows(table_url, "rows", "0 rows", "check the table on the publisher's site; nothing was stored")
    return kept


def check_unique(url: str, cells: list[Cell]) -> None:
    """No cell may come twice: that is what a page served twice looks like."""
    distinct = {(cell.measure, cell.codes) for cell in cells}
    if len(distinct) != len(cells):
        actual = f"{len(cells) - len(distinct):,} cells twice"
        raise PagingRefused(url, "every cell once", actual, "read the table again at a quiet hour")


def check_contract(table: Table, contract: Contract | None) -> None:
    """LayoutChanged, with the difference, when dimensions or measures are not as declared or a period is odd."""
    missing, surprising = [], []
    if contract is not None:
        missing += sorted(f"dimension {name}" for name in contract.dimensions - set(table.dimensions))
        surprising += sorted(f"dimension {name}" for name in set(table.dimensions) - contract.dimensions)
        names = {key for measure in table.measures.values() for key in (measure.key, measure.other_key) if key}
        missing += sorted(f"measure {key}" for key in contract.measures - names)
        surprising += sorted(
            f"measure {measure.key}"
            for measure in table.measures.values()
            if not {measure.key, measure.other_key} & contract.measures
        )
    if table.time_dimension:
        surprising += [f"period {key}" for key in table.codes[table.time_dimension] if not _is_period(key)]
    if missing or surprising:
        actual = f"missing: {', '.join(missing) or 'nothing'}; new: {', '.join(surprising) or 'nothing'}"
        raise LayoutChanged(
            table.url,
            "the declared dimensions, measures and period codes",
            actual,
            "compare with the publisher's description and adapt the declaration",
            tuple(missing),
            tuple(surprising),
        )


def write_table(table: Table, target: Path) -> str:
    """Write the cells as CSV (UTF-8, `;`, LF; Measure, dimensions, Value, ValueAttribute), sorted, so that the
    order of pages does not matter; returns its SHA-256. Impossible cells are left out: v4 has none of them."""
    part = AtomicFile(target)
    try:
        writer = csv.writer(_Lines(part), delimiter=";", lineterminator="\n")
        writer.writerow(["Measure", *table.dimensions, "Value", "ValueAttribute"])
        for cell in sorted(table.cells, key=lambda cell: (cell.codes, cell.measure)):
            if cell.value is None and cell.reason == "Impossible":
                continue
            writer.writerow([cell.measure, *cell.codes, cell.value or "", cell.reason or ""])
        part.close()
        part.commit(target)
        return part.sha256
    finally:
        part.discard()


def number_text(value: object) -> str | None:
    """A figure as the shortest text with a decimal point: 93750.0 and `93750.0` both become `93750`."""
    if value is None:
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    return text.rstrip("0").rstrip(".") if _DECIMAL.fullmatch(text) else text


def _is_period(code: str) -> bool:
    try:
        cbs_period(code)
    except ValueError:
        return False
    return True


class _Lines:
    """The little of a text file that csv.writer needs, on top of a Part."""

    def __init__(self, part: AtomicFile) -> None:
        self._part = part

    def write(self, text: str) -> int:
        self._part.write(text.encode("utf-8"))
        return len(text)
