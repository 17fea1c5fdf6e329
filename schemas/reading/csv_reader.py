"""Delimited text into a `TextTable`. Nothing is typed here.

Raises FileRefused where another delimiter cuts the header, where the header cannot be cut, and where the last line
breaks off.
"""

import csv
import io
from collections.abc import Iterator

from schemas.errors import FileRefused
from schemas.reading.text_table import AGAIN, TextTable, raw_line, text_frame

DELIMITERS = ";,\t|"


def delimiter_of(name: str, text: str, allowed: str) -> str:
    """The one of the `allowed` marks that cuts the header; FileRefused when another mark does."""
    header = first_record(text)
    counts = {mark: header.count(mark) for mark in DELIMITERS}
    delimiter = max(allowed, key=lambda mark: counts[mark])
    likely = max(counts, key=lambda mark: counts[mark])
    if counts[delimiter] == 0 or counts[likely] > 3 * counts[delimiter]:
        raise FileRefused(
            name,
            "line 1",
            f"fields separated by {' or '.join(map(repr, allowed))}",
            f"{counts[likely]} of {likely!r}" if counts[likely] else "no delimiter at all",
            "fetch the publisher's own copy, or change the dataset's dialect if the publisher changed",
        )
    return delimiter


def first_record(text: str) -> str:
    """The header: the first line, or more where a quoted name holds a line break (DUO's early exam files)."""
    end = text.find("\n")
    while end != -1 and text.count('"', 0, end) % 2:
        end = text.find("\n", end + 1)
    return text if end == -1 else text[:end]


def read_csv(name: str, text: str, encoding: str, delimiter: str) -> TextTable:
    """Cut text into rows. A last line that breaks off in the middle refuses the file."""
    raw_lines = split_lines(text)
    try:
        records = list(whole_records(text, delimiter))
    except csv.Error:
        # One stray quote must not cost a whole file: each line is cut on its own, and the bad one set aside.
        records = list(single_lines(raw_lines, delimiter))
    if not records or isinstance(records[0][1], str):
        raise FileRefused(name, "line 1", "a header", "a line that cannot be cut into fields", AGAIN)
    header = [cell.strip() for cell in records[0][1]]
    while header and not header[-1]:
        header.pop()
    rows, lines, ragged = sort_records(records[1:], len(header), raw_lines)
    if not text.endswith(("\n", "\r")):
        refuse_cut_off(name, len(header), records[-1], ragged, raw_lines)
    if not rows and not ragged:
        raise FileRefused(name, "line 2", "data lines", "only a header", AGAIN)
    return TextTable(header, text_frame(rows, len(header)), lines, encoding, ragged, raw_lines)


Record = tuple[int, list[str] | str]
"""The line at which a record starts, and its fields, or what is wrong with it."""


def split_lines(text: str) -> list[str]:
    """The lines as the csv module counts them. (`splitlines` also cuts at form feeds and U+2028.)"""
    lines = text.splitlines()
    if len(lines) == text.count("\n") + (not text.endswith("\n")):
        return lines
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def whole_records(text: str, delimiter: str) -> Iterator[Record]:
    """The records of a well-quoted text. Raises csv.Error where a quote is out of place or left open."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start, width = 1, 0
    for row in reader:
        width = width or len(row)
        if len(row) != width and reader.line_num > start:
            raise csv.Error("an open quote has swallowed lines")
        yield start, row
        start = reader.line_num + 1


def single_lines(raw_lines: list[str], delimiter: str) -> Iterator[Record]:
    """Every line as a record of its own; the text of the fault where it cannot be cut."""
    for number, line in enumerate(raw_lines, start=1):
        try:
            yield number, next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error:
            yield number, "a quote out of place"


def sort_records(
    records: list[Record], width: int, raw_lines: list[str]
) -> tuple[list[list[str]], list[int], list[tuple[int, str, str]]]:
    """Rows of `width` fields with their lines, and the lines that have another number of fields.

    Lines without any text are no data. Blank fields beyond the header (a `;` at every line's end) are dropped.
    """
    rows, lines, ragged = [], [], []
    for line, fields in records:
        if isinstance(fields, str):
            ragged.append((line, raw_line(raw_lines, line), fields))
            continue
        if not fields or (not fields[0].strip() and not any(map(str.strip, fields))):
            continue
        if len(fields) > width and not any(map(str.strip, fields[width:])):
            fields = fields[:width]
        if len(fields) == width:
            rows.append(fields)
            lines.append(line)
        else:
            ragged.append((line, raw_line(raw_lines, line), f"{len(fields)} fields"))
    return rows, lines, ragged


def refuse_cut_off(
    name: str, width: int, last: Record, ragged: list[tuple[int, str, str]], raw_lines: list[str]
) -> None:
    """A last line without a line end is whole only if it has all its fields, the last of them filled.

    (A cut inside the last number cannot be seen here; the length that the server states tells it.)
    """
    line, fields = last
    broken = bool(ragged) and ragged[-1][0] == line
    if broken or isinstance(fields, str) or not fields[-1]:
        found = f"{len(fields)} fields" if isinstance(fields, list) else "an open quote"
        found += f" and no line end ({raw_line(raw_lines, line)[-60:]!r})"
        raise FileRefused(name, f"line {line}", f"{width} fields and a line end", found, f"it is cut off: {AGAIN}")
