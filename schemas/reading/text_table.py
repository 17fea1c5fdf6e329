"""A file as text with line numbers: what every reader returns and the validator takes."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

AGAIN = "fetch it again later; the last good data stays published"


@dataclass
class TextTable:
    """A file as text: `cells` has one row per data line and one column per header name.

    `lines` holds the line in the file at which each row starts (for a sheet: its row), `raw` gives back the
    text of a line. `ragged` are lines that cannot be cut into fields: (line, raw text, what is wrong).
    """

    header: list[str]
    cells: pd.DataFrame
    lines: list[int]
    encoding: str
    ragged: list[tuple[int, str, str]] = field(default_factory=list)
    raw_lines: list[str] = field(default_factory=list)

    def raw(self, line: int) -> str:
        """The text of a line as published (of a record over several lines: the first)."""
        return raw_line(self.raw_lines, line)

    @property
    def data_lines(self) -> int:
        """How many data lines the file holds; every one must end up in core or in quarantine."""
        return len(self.lines) + len(self.ragged)


def text_frame(rows: list[list[str]], width: int) -> pd.DataFrame:
    """Rows of text as a frame with columns 0, 1, 2 ..., without pandas guessing at their type (that is slow)."""
    cells = np.empty((len(rows), width), dtype=object)
    if rows:
        cells[:] = rows
    return pd.DataFrame(cells, dtype=object)


def raw_line(raw_lines: list[str], line: int) -> str:
    """A line by its number, from 1; empty where there is none."""
    return raw_lines[line - 1] if 0 < line <= len(raw_lines) else ""
