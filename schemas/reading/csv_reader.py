"""Delimited text into a `TextTable`. Nothing is typed here.

Raises FileRefused where another delimiter cuts the header, where the header cannot be cut, and where the last line
breaks off.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.dataset import Dialect
from schemas.errors import FileRefused
from schemas.reading.content import Content
from schemas.reading.header import Recognise, is_header
from schemas.reading.text_lines import TextLines
from schemas.reading.text_table import AGAIN, SetAside, TextTable, raw_line
from schemas.reading.tokenise import ColumnBuilder, LineCutter

DELIMITERS = ";,\t|"
HEADER_LINES = 200
"""A header has at most so many lines. (DUO's early exam files break each of fifty quoted names over two lines.)"""
LINES_ABOVE = 20
"""The header is looked for in so many records of a file's start."""
TOP = LINES_ABOVE * HEADER_LINES + HEADER_LINES + 1
"""And so in so many lines."""
LINES_BELOW = 50
"""Footnotes are looked for in so many records of a file's end."""
LONE_CR = re.compile(rb"\r(?!\n)")
SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""The line that names the delimiter for Excel."""
FOOTNOTE = re.compile(
    r"[\"']?\s*([*©¹²³]|\(c\)|\d\)|(bron|source|noot|voetnoot|toelichting|opmerking|peildatum|let op|n\.?b\.?|copyright"
    r"|disclaimer|aangemaakt|gegenereerd|versie|datum|<5|x)(?!\w)\s*([:=]|\.?\s))",
    re.IGNORECASE,
)
"""How a footnote starts where no blank line parts it from the table."""
MESSAGE = re.compile(
    r"\s*(<[!?/a-z]|\{\"|ora-\d|traceback|http/\d|50[0-4] "
    r"|((fatal|internal|server|sql|proxy|gateway) ?)*(error|exception|fout(melding)?|time-?out)\b)",
    re.IGNORECASE,
)
"""How a server says that it broke off."""
Record = tuple[int, list[str] | str]
"""The line at which a record starts, and its fields, or what is wrong with it."""


@dataclass(frozen=True)
class Start:
    """Where the table of a text begins: at `offset`, which is in line `line`; `delimiter` cuts it."""

    offset: int
    line: int
    delimiter: str


def read_csv(
    name: str, text: Content, encoding: str, dialect: Dialect, recognise: Recognise | None = None
) -> TextTable:
    """Cut text in UTF-8 into rows. A last line that breaks off in the middle refuses the file."""
    lines = TextLines(text)
    if lines.lone_returns:
        text = LONE_CR.sub(b"\n", text)
        lines = TextLines(text)
    start = find_start(name, lines.text(0, TOP), dialect.delimiter, recognise)
    header, cutter = cut_header(name, lines, start)
    end = len(lines)
    tail: list[Record] = [(line + 1, cutter.fields(line)) for line in range(max(cutter.below, end - LINES_BELOW), end)]
    refuse_message(name, tail, lines)
    kept, notes_below = split_footnotes(tail, lines)
    end -= len(tail) - len(kept)
    columns, numbers, ragged = ColumnBuilder(cutter, len(header)).build(end)
    if text[-1:] != b"\n" and not notes_below and kept:
        refuse_cut_off(name, len(header), kept[-1], ragged, lines)
    if not len(numbers) and not ragged:
        raise FileRefused(name, f"line {start.line + 1}", "data lines", "only a header", AGAIN)
    notes_above = [SetAside(line, "text above the header") for line in range(1, start.line) if lines[line - 1].strip()]
    return TextTable(header, columns, numbers, encoding, ragged, lines, [*notes_above, *notes_below])


def cut_header(name: str, lines: TextLines, start: Start) -> tuple[list[str], LineCutter]:
    """The names of a header, and what cuts the lines below it."""
    first = start.line - 1
    reader = csv.reader(map(lines.text, range(first, len(lines))), delimiter=start.delimiter, strict=True)
    titles: list[str] | None = None
    cutter = None
    try:
        titles = next(reader, None)
        cutter = LineCutter(lines, first + reader.line_num, start.delimiter)
    except csv.Error:
        pass  # a quote out of place in the header: as in any other line
    if cutter is None or cutter.stray:
        record = first_record(lines.text(first, first + HEADER_LINES + 1))
        try:
            titles = next(csv.reader(io.StringIO(record, newline=""), delimiter=start.delimiter, strict=True), [])
        except csv.Error:
            titles = None
        cutter = LineCutter(lines, first + record.count("\n") + 1, start.delimiter, stray=True)
    if titles is None:
        raise FileRefused(name, f"line {start.line}", "a header", "a line that cannot be cut into fields", AGAIN)
    header = [cell.strip() for cell in titles]
    while header and not header[-1]:
        header.pop()
    return header, cutter


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


def split_footnotes(records: list[Record], raw_lines: Sequence[str]) -> tuple[list[Record], list[SetAside]]:
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


def refuse_message(name: str, tail: list[Record], raw_lines: Sequence[str]) -> None:
    """A message where data should be: the file ends before its end."""
    for line, _ in tail:
        if MESSAGE.match(raw_line(raw_lines, line)):
            found = f"the message {raw_line(raw_lines, line).strip()[:60]!r}"
            raise FileRefused(name, f"line {line}", "data to the end", found, f"it is cut off: {AGAIN}")


def refuse_cut_off(
    name: str, width: int, last: Record, ragged: list[tuple[int, str, str]], raw_lines: Sequence[str]
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
