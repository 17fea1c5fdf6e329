"""The csv module alone cuts a text into records: how the reader cut all files before Arrow cut the plain lines."""

import csv
import io
from collections.abc import Iterator

Record = tuple[int, list[str] | str]


def cut(text: str, delimiter: str) -> tuple[list[list[str]], list[int], list[tuple[int, str]]]:
    """Rows of a text whose first record is the header, the line of each, and the lines that are none with what is wrong."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        records = list(whole_records(text, delimiter))
    except csv.Error:
        records = [(1, next(csv.reader(lines[:1], delimiter=delimiter))), *single_lines(lines, delimiter)]
    width = len(records[0][1])
    rows, numbers, others = [], [], []
    for line, fields in records[1:]:
        if isinstance(fields, str):
            others.append((line, fields))
        elif any(map(str.strip, fields)):
            kept = fields[:width] if not any(map(str.strip, fields[width:])) else fields
            if len(kept) == width:
                rows.append(kept)
                numbers.append(line)
            else:
                others.append((line, f"{len(fields)} fields"))
    return rows, numbers, others


def whole_records(text: str, delimiter: str) -> Iterator[Record]:
    """The records of a well-quoted text; csv.Error for a stray quote, and where a data record has more than one line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    for row in reader:
        if start > 1 and reader.line_num > start:
            raise csv.Error
        yield start, row
        start = reader.line_num + 1


def single_lines(lines: list[str], delimiter: str) -> Iterator[Record]:
    """Every line below the header as a record of its own."""
    for number, line in enumerate(lines[1:], start=2):
        try:
            fields = next(csv.reader([line], delimiter=delimiter, strict=True), [])
            yield number, "a quote out of place" if line.count('"') % 2 else fields
        except csv.Error:
            yield number, "a quote out of place"
