"""The one way in which CSV leaves the product, safe to open in a spreadsheet.

UTF-8 without a mark, RFC 4180 (commas, CRLF, quotes doubled), lists joined by semicolons, true and false, nothing for NULL.
A text that a spreadsheet would take for a formula gets an apostrophe in front of it; also behind a semicolon, where
a spreadsheet in Dutch begins the next cell. Numbers and dates are left alone.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import duckdb

FORMULA = re.compile(r"(^|;)(?=[=+\-@\t\r\n＝＋－＠])")
"""Where a formula would begin. A minus or plus counts only in a text: a number is no text."""
FIRST = frozenset("=+-@\t\r\n＝＋－＠")
ROWS_AT_ONCE = 20_000
AS_IT_IS = frozenset({int, float, date, type(None)})
"""Most cells are of these: asking for a type is a third of the work of a call."""


def guarded(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would see a formula begin."""
    return FORMULA.sub(r"\1'", text) if text[:1] in FIRST or ";" in text else text


def cell(value: Any) -> Any:
    """A value as it stands in CSV."""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    if isinstance(value, list | tuple):
        return ";".join(str(cell(one)) for one in value if one is not None)
    return guarded(str(value))


def write_rows(file: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a heading and rows; returns how many rows."""
    writer, count = csv.writer(file), 0
    writer.writerow([guarded(name) for name in names])
    for count, row in enumerate(rows, 1):  # noqa: B007 (the count outlives the loop)
        writer.writerow([value if type(value) in AS_IT_IS else cell(value) for value in row])
    return count


def write_query(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    """Write the rows of a query; returns how many."""
    cursor = con.execute(query)
    names = [column[0] for column in cursor.description or []]
    with path.open("w", newline="", encoding="utf-8") as file:
        return write_rows(file, names, rows_of(cursor))


def rows_of(cursor: duckdb.DuckDBPyConnection) -> Iterable[Sequence[Any]]:
    """The rows of a query, never all at once in memory."""
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        yield from rows


def csv_text(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The same as a text, for a terminal, a pipe or a small file."""
    file = io.StringIO(newline="")
    write_rows(file, names, rows)
    return file.getvalue()


def query_text(con: duckdb.DuckDBPyConnection, query: str) -> str:
    """The rows of a query as a text."""
    cursor = con.execute(query)
    return csv_text([column[0] for column in cursor.description or []], rows_of(cursor))
