"""Workbooks (xlsx, ods, xls) as text tables: every cell as the text a person sees."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from schemas.errors import FileRefused
from schemas.reading.csv_reader import Record, split_footnotes
from schemas.reading.header import Recognise, is_header
from schemas.reading.text_table import AGAIN, SetAside, TextTable, columns_of

PROCESS = Path(__file__).with_name("workbook_process.py")
MEMORY = 2 * 1024**3
"""A workbook may take so many bytes of address space to open."""
SECONDS = 60
"""And so many seconds of a processor (ten times as many by the clock: a machine may be busy)."""
LINES_ABOVE = 50
"""The header is looked for in so many rows."""
Rows = list[list[str]]


def read_sheet(name: str, content: bytes, sheets: tuple[str, ...], recognise: Recognise | None = None) -> TextTable:
    """Read the sheet that the dataset names, else the only one, the only visible one, or the only one with its header.

    Raises FileRefused where there is none, and where the workbook cannot be opened within MEMORY and SECONDS.
    """
    book = open_workbook(name, content, sheets)
    sheet, notes = choose_sheet(name, book, sheets, recognise)
    rows: Rows = book["grids"][sheet]
    start = header_row(rows, recognise)
    if start is None or start + 1 == len(rows):
        raise FileRefused(name, f"sheet {sheet}", "a header and data rows", f"{len(rows)} rows", AGAIN)
    header = [cell.strip() for cell in rows[start]]
    while not header[-1]:
        header.pop()
    width = len(header)
    raw_lines = ["\t".join(row) for row in rows]
    below: list[Record] = list(enumerate(rows[start + 1 :], start=start + 2))
    records, notes_below = split_footnotes(below, raw_lines)
    whole, lines, ragged = [], [], []
    for line, _ in records:
        row = rows[line - 1]
        # A row that holds text beyond the header is not cut into the header's columns: it is reported as such.
        if any(map(str.strip, row[width:])):
            ragged.append((line, raw_lines[line - 1], "text beside the table"))
        elif any(map(str.strip, row)):
            whole.append(row[:width])
            lines.append(line)
    above = [SetAside(line, "text above the header") for line in range(1, start + 1) if raw_lines[line - 1].strip()]
    columns = columns_of(whole, width)
    return TextTable(
        header, columns, np.array(lines, dtype=np.int64), "workbook", ragged, raw_lines, [*above, *notes_below], notes
    )


def open_workbook(name: str, content: bytes, sheets: tuple[str, ...]) -> dict[str, Any]:
    """The answer of `workbook_process.py`."""
    command = [sys.executable, str(PROCESS), str(MEMORY), str(SECONDS), *sheets]
    expected, found = f"a workbook that opens within {MEMORY >> 30} GiB and {SECONDS} s", ""
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=10 * SECONDS, check=False)  # noqa: S603 - our own reader
        answer = json.loads(done.stdout) if done.returncode == 0 else {}
        found = answer.get("fault", "")
        if answer and not found:
            return answer
        if found.startswith("something"):
            raise FileRefused(name, "whole file", "a workbook", found, AGAIN)
        late = done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
        found = found or ("one that takes longer" if late else f"one that ends the reader (exit {done.returncode})")
    except subprocess.TimeoutExpired:
        found = "one that takes longer"
    raise FileRefused(name, "whole file", expected, found, "a cell far below the table may be filled; see the file")


def choose_sheet(
    name: str, book: dict[str, Any], wanted: tuple[str, ...], recognise: Recognise | None
) -> tuple[str, list[str]]:
    """The sheet to read, and a note where it has another name than the dataset knows."""
    grids: dict[str, Rows] = book["grids"]
    names = {sheet.strip().lower() for sheet in wanted}
    fitting = list(grids)
    if len(grids) > 1 and recognise:
        fitting = [
            sheet for sheet, rows in grids.items() if any(is_header(row, recognise) for row in rows[:LINES_ABOVE])
        ]
    if len(fitting) == 1:
        sheet = fitting[0]
        is_news = sheet.strip().lower() not in names and len(book["sheets"]) > 1
        return sheet, [f"sheet {sheet!r} is read, the only one that is visible or has the header"] if is_news else []
    expected = f"a sheet named {' or '.join(wanted)}" if wanted else "a single sheet"
    hint = "add the new sheet name to the dataset's dialect"
    raise FileRefused(name, "workbook", expected, "the sheets " + ", ".join(book["sheets"]), hint)


def header_row(rows: Rows, recognise: Recognise | None) -> int | None:
    """The first row with known names, else the first that is about as full as the fullest: titles above are not."""
    for number, row in enumerate(rows[:LINES_ABOVE] if recognise else ()):
        if recognise and is_header(row, recognise):
            return number
    filled = [sum(map(bool, row)) for row in rows[:LINES_ABOVE]]
    if not filled or not max(filled):
        return None
    return next(number for number, cells in enumerate(filled) if cells >= max(2, max(filled) * 0.6))
