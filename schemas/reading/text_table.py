"""A file as text with line numbers: what every reader returns and the validator takes."""

from collections.abc import Iterable
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


@dataclass
class TextTable:
    """A file as text: `cells` has one row per data line and one column per header name.

    `lines` holds the line in the file at which each row starts (for a sheet: its row), `raw` gives back the
    text of a line. `ragged` are lines that cannot be cut into fields: (line, raw text, what is wrong). `set_aside` are
    lines that are no data. `notes` are facts about the file as a whole that a person may want to know.
    """

    header: list[str]
    cells: pd.DataFrame
    lines: list[int]
    encoding: str
    ragged: list[tuple[int, str, str]] = field(default_factory=list)
    raw_lines: list[str] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def raw(self, line: int) -> str:
        """The text of a line as published (of a record over several lines: the first)."""
        return raw_line(self.raw_lines, line)

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
            cells=self.cells[keep].reset_index(drop=True),
            lines=[line for line, kept in zip(self.lines, keep, strict=True) if kept],
            set_aside=[*self.set_aside, *reasons],
            notes=[*self.notes, *notes],
        )


def text_frame(rows: list[list[str]], width: int) -> pd.DataFrame:
    """Rows of text as a frame with columns 0, 1, 2 ..., without pandas guessing at their type (that is slow)."""
    cells = np.empty((len(rows), width), dtype=object)
    if rows:
        cells[:] = rows
    return pd.DataFrame(cells, dtype=object)


def raw_line(raw_lines: list[str], line: int) -> str:
    """A line by its number, from 1; empty where there is none."""
    return raw_lines[line - 1] if 0 < line <= len(raw_lines) else ""
