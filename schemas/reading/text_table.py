"""A file as text with line numbers: what every reader returns and the validator takes.

A column is its distinct texts and, per row, which of them stands there: publishers repeat themselves, so what is done once per
distinct text costs little, and a file of a hundred megabytes fits into a tenth of that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

AGAIN = "fetch it again later; the last good data stays published"


@dataclass(frozen=True)
class SetAside:
    """A line that is no data: it goes to quarantine with the reason and never counts towards `max_rejected_share`.

    `check` says what the line is; `column` and `raw_value` name a cell of it that says something more.
    """

    line: int
    check: str
    column: str = ""
    raw_value: str = ""


@dataclass(frozen=True)
class TextColumn:
    """Cells of text: row i holds `texts[codes[i]]`. All texts differ, and some may stand in no row (see `used`)."""

    codes: np.ndarray
    texts: list[str]

    @classmethod
    def of(cls, cells: Iterable[str]) -> "TextColumn":
        """The column of these cells."""
        at: dict[str, int] = {}
        codes = np.fromiter((at.setdefault(cell, len(at)) for cell in cells), dtype=np.int64)
        return cls(narrow(codes, len(at)), list(at))

    @classmethod
    def stacked(cls, columns: Sequence["TextColumn"]) -> "TextColumn":
        """The rows of several columns below each other."""
        at: dict[str, int] = {}
        places = [np.array([at.setdefault(text, len(at)) for text in one.texts], dtype=np.int64) for one in columns]
        parts = [
            narrow(place, len(at))[one.codes] if len(place) else one.codes
            for place, one in zip(places, columns, strict=True)
        ]
        return cls(np.concatenate(parts), list(at))

    def __len__(self) -> int:
        return len(self.codes)

    def where(self, hit: Sequence[bool] | np.ndarray) -> np.ndarray:
        """Per row: does it hold one of the texts that are hit?"""
        return np.asarray(hit, dtype=bool)[self.codes] if len(self.texts) else np.zeros(len(self), dtype=bool)

    def keep(self, rows: np.ndarray) -> "TextColumn":
        """The same texts in these rows only."""
        return TextColumn(self.codes[rows], self.texts)

    def used(self) -> "TextColumn":
        """The same rows, with the texts that stand in one."""
        stands = np.bincount(self.codes, minlength=len(self.texts)) > 0
        if stands.all():
            return self
        places = np.cumsum(stands) - 1
        texts = [text for text, used in zip(self.texts, stands, strict=True) if used]
        return TextColumn(narrow(places, len(texts))[self.codes], texts)

    def cells(self) -> pd.Series:
        """The text of every row."""
        return pd.Series(np.array(self.texts, dtype=object)[self.codes] if len(self) else [], dtype=object)


@dataclass
class TextTable:
    """A file as text: a column per header name, a row per data line.

    `lines` holds the line in the file at which each row starts (for a sheet: its row), `raw` gives back the
    text of a line. `ragged` are lines that cannot be cut into fields: (line, raw text, what is wrong). `set_aside` are
    lines that are no data. `notes` are facts about the file as a whole that a person may want to know.
    """

    header: list[str]
    columns: list[TextColumn]
    lines: np.ndarray
    encoding: str
    ragged: list[tuple[int, str, str]] = field(default_factory=list)
    raw_lines: Sequence[str] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def raw(self, line: int) -> str:
        """The text of a line as published (of a record over several lines: the first)."""
        return raw_line(self.raw_lines, line)

    def row(self, place: int) -> list[str]:
        """The cells of one row."""
        return [column.texts[column.codes[place]] for column in self.columns]

    @property
    def data_lines(self) -> int:
        """How many data lines the file holds; every one must end up in core or in quarantine."""
        return len(self.lines) + len(self.ragged) + len({one.line for one in self.set_aside})

    def without(self, rows: Iterable[int], reasons: list[SetAside], notes: Iterable[str] = ()) -> "TextTable":
        """The table with these rows (0 is the first data row) set aside for `reasons`."""
        keep = np.ones(len(self.lines), dtype=bool)
        keep[list(rows)] = False
        return replace(
            self,
            columns=[column.keep(keep) for column in self.columns],
            lines=self.lines[keep],
            set_aside=[*self.set_aside, *reasons],
            notes=[*self.notes, *notes],
        )


def narrow(codes: np.ndarray, values: int) -> np.ndarray:
    """Codes of so many values in as few bytes as hold them."""
    return codes.astype(np.min_scalar_type(max(values - 1, 0)), copy=False)


def paired(codes: np.ndarray, column: TextColumn) -> np.ndarray:
    """Per row a number, from 0, that rows share which are alike in `codes` and in the column."""
    return np.asarray(pd.factorize(codes.astype(np.int64) * len(column.texts) + column.codes)[0])


def columns_of(rows: list[list[str]], width: int) -> list[TextColumn]:
    """Rows of text as columns."""
    return [TextColumn.of(row[place] for row in rows) for place in range(width)]


def raw_line(raw_lines: Sequence[str], line: int) -> str:
    """A line by its number, from 1; empty where there is none."""
    return raw_lines[line - 1] if 0 < line <= len(raw_lines) else ""
