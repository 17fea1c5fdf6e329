"""A CBS table as both interfaces give it to us: measures, code lists and cells in one long shape."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flows.http.client import HttpClient
from flows.http.errors import LayoutChanged, NoRows, PagingRefused, WrongContent
from flows.http.responses import parse_json
from schemas.periods import cbs_period
from warehouse.files import write_bytes

MAX_PAGES = 2_000

_DECIMAL = re.compile(r"-?\d+\.\d+")


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
    """A member of a dimension, its key without padding."""

    key: str
    title: str
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
    """A table. `modified` is the publisher's own moment of last change, as text."""

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


@dataclass
class Pages:
    """Fetches JSON pages for one table and follows next links."""

    client: HttpClient
    retry_500: bool = False

    def one(self, url: str, params: Mapping[str, object] | None = None) -> Any:
        """One JSON object."""
        answer = self.client.get(url, params, accept="application/json", retry_500=self.retry_500, check=parse_json)
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


def check_cells(table: Table) -> None:
    """There are cells, each once, and every period code can be read. Raises NoRows, PagingRefused or LayoutChanged."""
    if not table.cells:
        raise NoRows(table.url, "rows", "0 rows", "check the table on the publisher's site; nothing was stored")
    check_unique(table.url, table.cells)
    if table.time_dimension:
        odd = tuple(key for key in table.codes[table.time_dimension] if not _is_period(key))
        if odd:
            hint = "compare with the publisher's description and adapt the declaration"
            raise LayoutChanged(table.url, "period codes of a known kind", ", ".join(odd), hint, (), odd)


def check_unique(url: str, cells: Sequence[Cell]) -> None:
    """No cell may occur twice: that is what a page served twice looks like."""
    distinct = {(cell.measure, cell.codes) for cell in cells}
    if len(distinct) != len(cells):
        actual = f"{len(cells) - len(distinct):,} cells twice"
        raise PagingRefused(url, "every cell once", actual, "read the table again at a quiet hour")


def write_table(table: Table, target: Path) -> str:
    """Write the cells as CSV (UTF-8, `;`, LF; Measure, dimensions, Value, ValueAttribute), sorted, so that the
    order of pages does not matter; returns its SHA-256. Impossible cells are left out: v4 has none of them."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(["Measure", *table.dimensions, "Value", "ValueAttribute"])
    for cell in sorted(table.cells, key=lambda cell: (cell.codes, cell.measure)):
        if cell.value is not None or cell.reason != "Impossible":
            writer.writerow([cell.measure, *cell.codes, cell.value or "", cell.reason or ""])
    content = text.getvalue().encode()
    write_bytes(target, content)
    return hashlib.sha256(content).hexdigest()


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
