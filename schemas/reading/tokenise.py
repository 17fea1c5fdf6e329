"""Lines of delimited text into columns, a line a record: Arrow cuts the plain ones, Python's csv module the odd ones.

Arrow reads `"a"b` as `ab` and never complains, so what it gets is only what both read alike: lines in which every quote opens
or closes a whole field.
"""

import csv
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from schemas.reading.encoding import BOM
from schemas.reading.text_lines import TextLines
from schemas.reading.text_table import TextColumn, narrow

BLOCK = 4 << 20
"""Bytes that are cut together."""
FIELD_LIMIT = csv.field_size_limit()
"""The csv module takes no longer field."""
LOST_AT_START = BOM[0]
OUT_OF_PLACE = "a quote out of place"
TEXT = pa.dictionary(pa.int32(), pa.string())


class LineCutter:
    """Cuts the lines of a text from line `below` on (0 is the first).

    As if they were cut as one text, unless a quote is out of place in one of them or a record would go on on the next: one
    stray quote must not cost a whole file, so then it is that line alone that cannot be cut.
    """

    def __init__(self, lines: TextLines, below: int, delimiter: str, *, stray: bool = False) -> None:
        self.lines, self.below, self.delimiter, self.stray = lines, below, delimiter, stray
        self.odd = np.concatenate([np.zeros(0, dtype=np.int64), *self.odd_lines()])
        self.stray = stray or any(isinstance(self.fields(line), str) for line in self.odd.tolist())

    def blocks(self, last: int) -> Iterator[tuple[int, int]]:
        """Spans of lines, some megabytes each."""
        first, starts = self.below, self.lines.starts
        while first < last:
            end = max(first + 1, int(np.searchsorted(starts, starts[first] + BLOCK)))
            yield first, min(end, last)
            first = min(end, last)

    def odd_lines(self) -> Iterator[np.ndarray]:
        """The lines that are not Arrow's, in order."""
        for first, last in self.blocks(len(self.lines)):
            held = self.lines.bytes(first, last)
            text = np.frombuffer(held, dtype=np.uint8)
            starts = self.lines.starts[first : last + 1] - self.lines.starts[first]
            odd = np.diff(starts) > FIELD_LIMIT
            if b'"' in held:
                odd |= self.badly_quoted(text, starts)
            # (Arrow takes a byte order mark off the start of whatever it gets.)
            odd |= text[starts[:-1]] == LOST_AT_START
            yield first + np.flatnonzero(odd)

    def badly_quoted(self, text: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """In which lines stands a quote elsewhere than at the start or end of a field, or doubled within one?

        A line with an odd number of them is one; in all others they open and close a field in turn. (The second of a pair
        within a field opens again what the first has closed.)
        """
        quotes = np.flatnonzero(text == ord('"'))
        held = np.diff(np.searchsorted(quotes, starts))
        badly = held % 2 == 1
        if badly.any():
            quotes = quotes[np.repeat(~badly, held)]
        opens, closes = quotes[::2], quotes[1::2]
        edge = np.zeros(256, dtype=bool)
        edge[[ord(self.delimiter), ord('"'), ord("\n"), ord("\r")]] = True
        placed = edge[text[opens - 1]] | (opens == 0)
        placed &= edge[text[np.minimum(closes + 1, len(text) - 1)]] | (closes == len(text) - 1)
        badly[np.searchsorted(starts, opens[~placed], side="right") - 1] = True
        return np.asarray(badly)

    def fields(self, line: int) -> list[str] | str:
        """The fields of a line, or what is wrong with it."""
        text = self.lines[line]
        try:
            fields = next(csv.reader([text], delimiter=self.delimiter, strict=True), [])
        except csv.Error:
            return OUT_OF_PLACE
        # The line on which an open quote ends has one too many, inside a field where the csv module lets it pass.
        return OUT_OF_PLACE if self.stray and text.count('"') % 2 else fields


class ColumnBuilder:
    """Columns of `width` texts, grown block by block."""

    def __init__(self, cutter: LineCutter, width: int) -> None:
        self.cutter, self.width = cutter, width
        self.at: list[dict[str, int]] = [{} for _ in range(width)]
        self.codes: list[list[np.ndarray]] = [[] for _ in range(width)]
        self.lines: list[np.ndarray] = []
        self.ragged: list[tuple[int, str, str]] = []

    def build(self, last: int) -> tuple[list[TextColumn], np.ndarray, list[tuple[int, str, str]]]:
        """The columns of all lines up to `last`, the number of each row's line (from 1), and the lines of another width."""
        cutter, odd = self.cutter, self.cutter.odd[self.cutter.odd < last]
        fields = self.fields_per_line(last)
        others = odd.tolist()
        for first, end in cutter.blocks(last):
            aside = odd[np.searchsorted(odd, first) : np.searchsorted(odd, end)]
            others += self.cut_block(first, end, aside, fields)
        self.cut_lines(sorted(others))
        lines = np.concatenate([np.zeros(0, dtype=np.int64), *self.lines])
        order = np.argsort(lines, kind="stable") if others else slice(None)
        columns = []
        for at, parts in zip(self.at, self.codes, strict=True):
            codes = np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint8)
            columns.append(TextColumn(narrow(codes, len(at))[order], list(at)))
            parts.clear()
        return columns, lines[order] + 1, sorted(self.ragged)

    def fields_per_line(self, last: int) -> int:
        """How many fields most lines have: what the first filled one has (a `;` at every line's end is no column)."""
        for line in range(self.cutter.below, min(self.cutter.below + 50, last)):
            fields = self.cutter.fields(line)
            if fields and not isinstance(fields, str):
                return max(len(fields), self.width)
        return max(self.width, 1)

    def cut_block(self, first: int, last: int, odd: np.ndarray, fields: int) -> list[int]:
        """Add lines by Arrow, all but the `odd`; returns those that have another number of `fields`."""
        lines, wrong = self.cutter.lines, list[int]()
        bounds = [first, *(bound for line in odd.tolist() for bound in (line, line + 1)), last]
        text = b"".join(lines.bytes(*span) for span in zip(bounds[::2], bounds[1::2], strict=True) if span[0] < span[1])
        numbers = np.delete(np.arange(first, last), odd - first)
        if not len(numbers):
            return []

        def note(row: arrow_csv.InvalidRow) -> str:
            wrong.append(row.number - 1)
            return "skip"

        names = [str(place) for place in range(fields)]
        table = arrow_csv.read_csv(
            pa.py_buffer(text),
            arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(text) + 16),
            arrow_csv.ParseOptions(
                delimiter=self.cutter.delimiter,
                quote_char='"' if b'"' in text else False,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, TEXT), strings_can_be_null=False),
        )
        others: list[int] = numbers[wrong].tolist()
        numbers = np.delete(numbers, wrong)
        if table.num_rows != len(numbers):
            raise ValueError(f"Arrow cut {table.num_rows} of {len(numbers)} lines from line {first + 1} on")
        if len(numbers):
            self.add([table.column(place).chunk(0) for place in range(fields)], numbers)
        return others

    def add(self, columns: list[pa.DictionaryArray], numbers: np.ndarray) -> None:
        """Add the rows of a block that hold text, and none beyond the header."""
        filled = np.zeros(len(numbers), dtype=bool)
        held = [(one.indices.to_numpy(zero_copy_only=False), one.dictionary.to_pylist()) for one in columns]
        beyond = filled.copy()
        for place, (codes, texts) in enumerate(held):
            if place >= self.width or not filled.all():
                here = np.array([bool(text.strip()) for text in texts], dtype=bool)[codes]
                filled |= here
                beyond |= here & (place >= self.width)
        for line in numbers[beyond].tolist():
            self.ragged.append((line + 1, self.cutter.lines[line], f"{len(columns)} fields"))
        keep = filled & ~beyond
        for at, parts, (codes, texts) in zip(self.at, self.codes, held[: self.width], strict=True):
            own = np.array([at.setdefault(text, len(at)) for text in texts], dtype=np.int64)
            parts.append(narrow(own, len(at))[codes if keep.all() else codes[keep]])
        self.lines.append(numbers[keep])

    def cut_lines(self, lines: list[int]) -> None:
        """Add lines one by one."""
        rows, numbers = [], []
        for line in lines:
            fields = self.cutter.fields(line)
            if isinstance(fields, str):
                self.ragged.append((line + 1, self.cutter.lines[line], fields))
                continue
            if not any(map(str.strip, fields)):
                continue
            if any(map(str.strip, fields[self.width :])) or len(fields) < self.width:
                self.ragged.append((line + 1, self.cutter.lines[line], f"{len(fields)} fields"))
                continue
            rows.append(fields)
            numbers.append(line)
        for place, (at, parts) in enumerate(zip(self.at, self.codes, strict=True)):
            held = np.array([at.setdefault(fields[place], len(at)) for fields in rows], dtype=np.int64)
            parts.append(narrow(held, len(at)))
        self.lines.append(np.array(numbers, dtype=np.int64))
