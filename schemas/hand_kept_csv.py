"""CSV files that a person edits, in a spreadsheet as likely as not: manifests, the register, evidence, annual reports.

One reader for all of them. It understands what spreadsheets do to such a file: a byte-order mark, cp1252, `;` or a tab for
the comma, a `sep=` line, CR line ends, blank lines and blank columns at the end, columns in another order. What cannot be
understood is one sentence with file, line and column (`HandKeptFault`).
"""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from schemas.errors import HandKeptFault

MARKS = (",", ";", "\t")
NO_LETTER = "\ufeff\u200b\u00a0 \t\n"
SEP = re.compile(r"^\"?sep=(.)\"?\r?\n", re.IGNORECASE)
TRUE, FALSE = {"true", "waar"}, {"false", "onwaar"}


@dataclass(frozen=True)
class HandKeptRow:
    """One row: the line at which it starts, and its cells by column, as written."""

    file: str
    line: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell without its outer blanks; empty where the file has no such column."""
        return self.cells.get(column, "").strip()

    def fault(self, column: str, expected: str, hint: str) -> HandKeptFault:
        """The sentence about a cell of this row."""
        found = repr(self.get(column)) if self.get(column) else "nothing"
        return HandKeptFault(self.file, self.line, column, expected, found, hint)


@dataclass(frozen=True)
class HandKeptTable:
    """The rows of a file, a fault for each row with another number of cells than the header, and how it was written."""

    header: tuple[str, ...]
    rows: list[HandKeptRow]
    faults: list[HandKeptFault]
    mark: str
    encoding: str

    @property
    def decimal_comma(self) -> bool:
        """Was it written where the comma is a decimal mark? (A spreadsheet then separates cells by something else.)"""
        return self.mark != ","


def read_hand_kept(path: Path, required: Collection[str] = (), only: bool = False) -> HandKeptTable:
    """Read a file. Raises HandKeptFault where it is no table, lacks a `required` column, or (`only`) has others too."""
    if not path.is_file():
        raise HandKeptFault(path.name, 1, "", "the file", "no file", "put it back")
    return parse_hand_kept(path.name, path.read_bytes(), required, only)


def parse_hand_kept(name: str, content: bytes, required: Collection[str] = (), only: bool = False) -> HandKeptTable:
    """The same for the bytes of a file called `name`; a row whose number of cells differs is in `faults`."""
    text, encoding = decoded(name, content)
    first, mark = 1, mark_of(text)
    if stated := SEP.match(text):
        text, first, mark = text[stated.end() :], 2, stated[1]
    records = list(records_of(name, text, mark, first))
    header = [cell.strip(NO_LETTER) for cell in records[0][1]] if records else []
    while header and not header[-1]:
        header.pop()
    check_header(name, first, header, required, only)
    rows, faults = [], []
    for line, cells in records[1:]:
        width = len(header)
        if len(cells) < width or any(map(str.strip, cells[width:])):
            wanted = f"{width} cells"
            faults.append(HandKeptFault(name, line, "", wanted, str(len(cells)), "check separators and quotes"))
        else:
            rows.append(HandKeptRow(name, line, dict(zip(header, cells, strict=False))))
    return HandKeptTable(tuple(header), rows, faults, mark, encoding)


def decoded(name: str, content: bytes) -> tuple[str, str]:
    """The text with LF at the end of its lines, and its encoding: where a spreadsheet does not write UTF-8, it is cp1252."""
    encoding = "utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = content.decode(encoding, errors="replace")
    if unreadable := re.search("[\x00\ufffd]", text):
        line = text[: unreadable.start()].count("\n") + 1
        raise HandKeptFault(name, line, "", "UTF-8 text", "other bytes", "save the file as CSV UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def mark_of(text: str) -> str:
    """What separates the cells of the header; the comma where nothing does."""
    header = text.split("\n", 1)[0]
    return max(MARKS, key=lambda mark: (header.count(mark), mark == ","))


def records_of(name: str, text: str, mark: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every line that says something."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    start = first
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield start, cells
            start = first + reader.line_num
    except csv.Error as fault:
        raise HandKeptFault(name, start, "", "CSV (RFC 4180)", str(fault), "check the quotes") from None


def check_header(name: str, line: int, header: list[str], required: Collection[str], only: bool) -> None:
    """Raise HandKeptFault for a column that is missing, there twice, without a name, or (`only`) not known."""
    twice = [column for at, column in enumerate(header) if column in header[:at]]
    missing = [column for column in required if column not in header]
    surplus = [column or "(blank)" for column in header if column not in required] if only else []
    if missing or surplus or twice:
        wanted = f"the header {','.join(required)}"
        found = ",".join(header) or "nothing"
        raise HandKeptFault(name, line, (missing or surplus or twice)[0], wanted, found, "restore the header")


def day_of(text: str) -> date:
    """`2020-10-05` or, as a Dutch spreadsheet writes it, `5-10-2020`. Raises ValueError for anything else.

    Not `5/10/2020`: a day for one reader and a month for another.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return date.fromisoformat(text)
    day, month, year = (int(number) for number in _match(r"(\d{1,2})-(\d{1,2})-(\d{4})", text).groups())
    return date(year, month, day)


def moment_of(text: str) -> tuple[date, datetime | None]:
    """A day with or without a time behind it (`2020-10-05T14:30`, `5-10-2020 14:30`); without a zone it is UTC."""
    parts = _match(r"([\d-]+)(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?", text)
    day = day_of(parts[1])
    if parts[2] is None:
        return day, None
    zone = datetime.fromisoformat(f"{day}T00:00{parts[5]}").tzinfo if parts[5] else UTC
    moment = datetime(day.year, day.month, day.day, int(parts[2]), int(parts[3]), int(parts[4] or 0), tzinfo=zone)
    return day, moment.astimezone(UTC)


def truth_of(text: str) -> bool:
    """`true` and `false`, in capitals and in a Dutch spreadsheet's words too. Raises ValueError for anything else."""
    if text.lower() not in TRUE | FALSE:
        raise ValueError(text)
    return text.lower() in TRUE


def _match(pattern: str, text: str) -> re.Match[str]:
    found = re.fullmatch(pattern, text)
    if found is None:
        raise ValueError(text)
    return found
