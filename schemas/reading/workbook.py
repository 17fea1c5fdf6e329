"""Workbooks (xlsx, ods, xls) as text tables: every cell as the text a person sees."""

import io
from typing import Any

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook

from schemas.errors import FileRefused
from schemas.reading.text_table import AGAIN, TextTable, text_frame


def read_sheet(name: str, content: bytes, sheets: tuple[str, ...]) -> TextTable:
    """Read the sheet that the dataset names, or the only one there is. Raises FileRefused where there is none."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError as fault:
        found = f"something no reader opens ({fault})"
        raise FileRefused(name, "whole file", "a workbook", found, AGAIN) from None
    sheet = choose_sheet(name, book.sheet_names, sheets)
    # Empty rows above the table are kept, so that line numbers are those of the sheet.
    grid = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    rows = [[cell_text(cell) for cell in row] for row in grid]
    start = header_row(rows)
    if start is None or start + 1 == len(rows):
        raise FileRefused(name, f"sheet {sheet}", "a header and data rows", f"{len(rows)} rows", AGAIN)
    header = [cell.strip() for cell in rows[start]]
    while not header[-1]:
        header.pop()
    width, rest = len(header), range(start + 1, len(rows))
    filled = [number for number in rest if any(map(str.strip, rows[number]))]
    # A row that holds text beyond the header is not cut into the header's columns: it is told as such.
    ragged = [number for number in filled if any(map(str.strip, rows[number][width:]))]
    whole = [number for number in filled if number not in set(ragged)]
    raw_lines = ["\t".join(row) for row in rows]
    return TextTable(
        header,
        text_frame([rows[number][:width] for number in whole], width),
        [number + 1 for number in whole],
        "workbook",
        [(number + 1, raw_lines[number], "text beside the table") for number in ragged],
        raw_lines,
    )


def choose_sheet(name: str, found: list[str], wanted: tuple[str, ...]) -> str:
    """The first of the `wanted` sheets that is there (case and outer spaces do not count), or the only sheet."""
    by_name = {sheet.strip().lower(): sheet for sheet in found}
    for sheet in wanted:
        if sheet.strip().lower() in by_name:
            return by_name[sheet.strip().lower()]
    if len(found) == 1:
        return found[0]
    expected = f"a sheet named {' or '.join(wanted)}" if wanted else "a single sheet"
    hint = "add the new sheet name to the dataset's dialect"
    raise FileRefused(name, "workbook", expected, "the sheets " + ", ".join(found), hint)


def header_row(rows: list[list[str]]) -> int | None:
    """The first row that is about as full as the fullest: titles above the table are not."""
    filled = [sum(map(bool, row)) for row in rows[:50]]
    if not filled or not max(filled):
        return None
    return next(number for number, cells in enumerate(filled) if cells >= max(2, max(filled) * 0.6))


def cell_text(cell: Any) -> str:
    """A cell as text: whole numbers without `.0`, no powers of ten, yes and no as J and N."""
    if isinstance(cell, bool):
        return "J" if cell else "N"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else np.format_float_positional(cell, trim="-")
    return str(cell)
