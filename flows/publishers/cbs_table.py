"""A CBS table on its way to a file: pages as they come, titles for keys, one line per cell.

Measures and members are known by their titles, because the two interfaces have names of their own for one measure. A
title that two of them share is written with its key behind it, and so is not the title that a dataset asks for.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import duckdb

from flows.http.client import HttpClient
from flows.http.errors import NoRows, PagingRefused, WrongContent
from flows.http.responses import parse_json

MAX_PAGES = 2_000
MEMORY = "256MB"
"""For sorting; what does not fit is sorted on disk."""

_SCALED = re.compile(r"1[ .,]?000|duizend|mln|mld|miljoen|miljard", re.IGNORECASE)
_DECIMAL = re.compile(r"-?\d+\.\d+")

Line = tuple[str, ...]
"""Title of the measure, a title per dimension (the period: its code), the value, the reason for having none."""


@dataclass(frozen=True)
class Description:
    """What a table is about: key -> title of its measures, and of the members of each dimension in their order.

    `modified` is the publisher's own moment of last change, as text. A period keeps its code.
    """

    url: str
    modified: str
    measures: Mapping[str, str]
    dimensions: Mapping[str, Mapping[str, str]]

    def line(self, measure: str, row: Mapping[str, Any], value: str | None, reason: str) -> Line:
        """One cell. Raises WrongContent for a row without a dimension, or with a key that was not described."""
        try:
            members = [titles[str(row[name]).strip()] for name, titles in self.dimensions.items()]
            return (self.measures[measure], *members, value or "", reason)
        except KeyError as error:
            expected = f"a row with every dimension, and keys that the table describes: {error.args[0]}"
            raise WrongContent(self.url, expected, "a row without it", "read the table again") from error


def titles(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Key -> title, both without padding."""
    pairs = [(key.strip(), title.strip()) for key, title in rows]
    times = Counter(title for _, title in pairs)
    return {key: title if times[title] == 1 else f"{title} ({key})" for key, title in pairs}


def measure_titles(rows: Iterable[tuple[str, str, object]]) -> dict[str, str]:
    """Key -> title of (key, title, unit). One in thousands has its unit in its title, and so is not what a dataset asks for."""
    return titles(
        (key, f"{title.strip()} ({str(unit).strip()})" if _SCALED.search(str(unit)) else title)
        for key, title, unit in rows
    )


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

    def rows(self, url: str, params: Mapping[str, object] | None, next_key: str) -> Iterator[dict[str, Any]]:
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


def write_table(table: Description, lines: Iterable[Line], target: Path) -> None:
    """Write the cells as CSV (UTF-8, `;`, LF) as they come, then sort the file, so that the order of pages does not matter.

    Raises NoRows, and PagingRefused for a cell that comes twice: that is what a page served twice looks like.
    """
    header = ["Measure", *table.dimensions, "Value", "ValueAttribute"]
    with TemporaryDirectory(dir=target.parent) as aside:
        part = Path(aside) / "cells.csv"
        with part.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\n")
            writer.writerow(header)
            writer.writerows(lines)
        with duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": aside}) as con:
            cells = con.read_csv(str(part), header=True, sep=";", all_varchar=True)
            # The publisher chose these names: a quote in one must not end it and begin a statement.
            keys = ", ".join('"' + name.replace('"', '""') + '"' for name in header[:-2])
            count, distinct = con.execute(
                f"SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT {keys} FROM cells)) FROM cells"  # noqa: S608 - quoted
            ).fetchall()[0]
            if not count:
                raise NoRows(table.url, "rows", "0 rows", "check the table on the publisher's site; nothing was stored")
            if distinct != count:
                actual = f"{count - distinct:,} cells twice"
                raise PagingRefused(table.url, "every cell once", actual, "read the table again at a quiet hour")
            cells.order(keys).write_csv(str(target), sep=";", header=True)


def number_text(value: object) -> str | None:
    """A figure as the shortest text with a decimal point: 93750.0 and `93750.0` both become `93750`."""
    if value is None:
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    return text.rstrip("0").rstrip(".") if _DECIMAL.fullmatch(text) else text
