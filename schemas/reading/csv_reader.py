"""Delimited text into a `TextTable`. Nothing is typed here.

Raises FileRefused where another delimiter cuts the header, where the header cannot be cut, and where the last line
breaks off.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.dataset import Dialect
from schemas.errors import FileRefused
from schemas.reading.header import Recognise, is_header
from schemas.reading.text_table import AGAIN, SetAside, TextTable, raw_line, text_frame

DELIMITERS = ";,\t|"
HEADER_LINES = 200
"""A header has at most so many lines. (DUO's early exam files break each of fifty quoted names over two lines.)"""
LINES_ABOVE = 20
"""The header is looked for in so many records of a file's start."""
LINES_BELOW = 50
"""Footnotes are looked for in so many records of a file's end."""
SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""The line that names the delimiter for Excel."""
FOOTNOTE = re.compile(
    r"[\"']?\s*([*©¹²³]|\(c\)|\d\)|(bron|source|noot|voetnoot|toelichting|opmerking|peildatum|let op|n\.?b\.?|copyright"
    r"|disclaimer|aangemaakt|gegenereerd|versie|datum|<5|x)(?!\w)\s*([:=]|\.?\s))",
    re.IGNORECASE,
)
"""How a footnote starts where no blank line parts it from the table."""
Record = tuple[int, list[str] | str]
"""The line at which a record starts, and its fields, or what is wrong with it."""


@dataclass(frozen=True)
class Start:
    """Where the table of a text begins: at `offset`, which is in line `line`; `delimiter` cuts it."""

    offset: int
    line: int
    delimiter: str


def read_csv(name: str, text: str, encoding: str, dialect: Dialect, recognise: Recognise | None = None) -> TextTable:
    """Cut text into rows. A last line that breaks off in the middle refuses the file."""
    raw_lines = split_lines(text)
    start = find_start(name, text, dialect.delimiter, recognise)
    above = start.line - 1
    body = text[start.offset :]
    try:
        records = list(whole_records(body, start.delimiter, above, dialect.record_lines))
    except csv.Error:
        # One stray quote must not cost a whole file: each line is cut on its own, and the bad one set aside.
        records = list(single_lines(body, raw_lines, start))
    if not records or isinstance(records[0][1], str):
        raise FileRefused(name, f"line {start.line}", "a header", "a line that cannot be cut into fields", AGAIN)
    header = [cell.strip() for cell in records[0][1]]
    while header and not header[-1]:
        header.pop()
    records, notes_below = split_footnotes(records[1:], raw_lines)
    rows, lines, ragged = sort_records(records, len(header), raw_lines)
    if not text.endswith(("\n", "\r")) and not notes_below and records:
        refuse_cut_off(name, len(header), records[-1], ragged, raw_lines)
    if not rows and not ragged:
        raise FileRefused(name, f"line {start.line + 1}", "data lines", "only a header", AGAIN)
    notes_above = [
        SetAside(line, "text above the header") for line in range(1, start.line) if raw_lines[line - 1].strip()
    ]
    return TextTable(
        header, text_frame(rows, len(header)), lines, encoding, ragged, raw_lines, [*notes_above, *notes_below]
    )


def find_start(name: str, text: str, allowed: str, recognise: Recognise | None) -> Start:
    """Where the header is: the first record, or a later one where only that one has names the dataset knows.

    Raises FileRefused where a mark that is not `allowed` cuts the header.
    """
    offset, line = 0, 1
    if separator := SEPARATOR.match(text):
        offset, line = separator.end(), 2
    first = offset, line
    for _ in range(LINES_ABOVE if recognise else 0):
        record = first_record(text, offset)
        marks = [mark for mark in allowed if mark in record]
        for mark in sorted(marks, key=record.count, reverse=True)[:1]:
            cells = next(csv.reader(io.StringIO(record, newline=""), delimiter=mark), [])
            if recognise and is_header(cells, recognise):
                return Start(offset, line, delimiter_of(name, record, line, allowed))
        offset, line = offset + len(record) + 1, line + record.count("\n") + 1
        if offset >= len(text):
            break
    record = first_record(text, first[0])
    return Start(*first, delimiter_of(name, record, first[1], allowed))


def delimiter_of(name: str, header: str, line: int, allowed: str) -> str:
    """The one of the `allowed` marks that cuts the header; FileRefused when another mark does."""
    counts = {mark: header.count(mark) for mark in DELIMITERS}
    delimiter = max(allowed, key=lambda mark: counts[mark])
    likely = max(counts, key=lambda mark: counts[mark])
    if counts[delimiter] == 0 or counts[likely] > 3 * counts[delimiter]:
        raise FileRefused(
            name,
            f"line {line}",
            f"fields separated by {' or '.join(map(repr, allowed))}",
            f"{counts[likely]} of {likely!r}" if counts[likely] else "no delimiter at all",
            "fetch the publisher's own copy, or change the dataset's dialect if the publisher changed",
        )
    return delimiter


def first_record(text: str, offset: int = 0) -> str:
    """The line at `offset`, or the lines where a quoted name holds line breaks (up to HEADER_LINES)."""
    first = end = text.find("\n", offset)
    quotes, counted = 0, offset
    for _ in range(HEADER_LINES):
        if end == -1:
            break
        quotes, counted = quotes + text.count('"', counted, end), end
        if quotes % 2 == 0:
            return text[offset:end]
        end = text.find("\n", end + 1)
    # No closing quote in reach: the first line alone, or all there is of a short text.
    return text[offset:] if first == -1 else text[offset:first]


def split_lines(text: str) -> list[str]:
    """The lines as the csv module counts them. (`splitlines` also cuts at form feeds and U+2028.)"""
    lines = text.splitlines()
    if len(lines) == text.count("\n") + (not text.endswith("\n")):
        return lines
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def whole_records(text: str, delimiter: str, above: int, record_lines: int) -> Iterator[Record]:
    """The records of a well-quoted text of which `above` lines come before.

    Raises csv.Error where a quote is out of place or left open, or where a data record has more than `record_lines`.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start, width = 1, 0
    for row in reader:
        if width and reader.line_num - start >= (record_lines if len(row) == width else 1):
            raise csv.Error("an open quote has swallowed lines")
        width = width or len(row)
        yield above + start, row
        start = reader.line_num + 1


def single_lines(body: str, raw_lines: list[str], start: Start) -> Iterator[Record]:
    """Every line below the header as a record of its own; the text of the fault where it cannot be cut."""
    header = first_record(body)
    try:
        yield start.line, next(csv.reader(io.StringIO(header, newline=""), delimiter=start.delimiter, strict=True))
    except csv.Error:
        yield start.line, "a quote out of place"
    below = start.line + header.count("\n")
    for number, line in enumerate(raw_lines[below:], start=below + 1):
        try:
            # The line on which an open quote ends has one too many, inside a field where the csv module lets it pass.
            fields = next(csv.reader([line], delimiter=start.delimiter, strict=True), [])
            yield number, "a quote out of place" if line.count('"') % 2 else fields
        except csv.Error:
            yield number, "a quote out of place"


def split_footnotes(records: list[Record], raw_lines: list[str]) -> tuple[list[Record], list[SetAside]]:
    """The records without the footnotes at their end, and those.

    A footnote is a line with text in its first field only, that starts like one or has a blank line above it. (A last
    line that breaks off in its first field has neither.)
    """
    end = len(records)
    while end and len(records) - end < LINES_BELOW and is_alone(records[end - 1][1]):
        end -= 1
    for first in range(end, len(records)):
        line, fields = records[first]
        if any(fields) and (FOOTNOTE.match(fields[0]) or not raw_line(raw_lines, line - 1).strip(' ;,\t|"')):
            filled = [line for line, fields in records[first:] if any(map(str.strip, fields))]
            return records[:first], [SetAside(line, "a footnote") for line in filled]
    return records, []


def is_alone(fields: list[str] | str) -> bool:
    """Has a record at most a first field?"""
    return not isinstance(fields, str) and not any(map(str.strip, fields[1:]))


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

    (A cut inside the last number cannot be seen here; the length that the server states shows it.)
    """
    line, fields = last
    broken = bool(ragged) and ragged[-1][0] == line
    if broken or isinstance(fields, str) or not fields[-1]:
        found = f"{len(fields)} fields" if isinstance(fields, list) else "an open quote"
        found += f" and no line end ({raw_line(raw_lines, line)[-60:]!r})"
        raise FileRefused(name, f"line {line}", f"{width} fields and a line end", found, f"it is cut off: {AGAIN}")
