"""Open a workbook in a process of its own, with limits for memory and time. Run as a file; nothing of ours is imported.

A workbook of 1.6 KiB with one cell in the last row and column makes the reader ask for 400 GiB and abort; no `except`
sees that. In: the workbook on standard input; the limits in bytes and seconds and the wanted sheets as arguments. Out: JSON,
`{"sheets": names, "hidden": names, "grids": {name: rows of text}}` or `{"fault": words}`.
"""

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, SheetVisibleEnum

CANDIDATES = 5
"""Where no wanted sheet is there, at most so many visible sheets are read to look at their headers."""
ERROR_OR_FORMULA = re.compile(rb"""(?<=\s)t=["']e["']|<(?:\w+:)?f[\s>/]""")
SIGNS = (b't="e"', b"t='e'", b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
"""Without any of these a sheet has neither (a search for bytes is quick)."""
CELL = re.compile(rb"<(\w+:)?c[\s>]")
ADDRESS = re.compile(rb"""\sr=["']([A-Z]+)(\d+)["']""")
TEXT_RESULT = re.compile(rb"""\st=["']str["']""")
VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)<")
WRITTEN = re.compile(rb"<(?:\w+:)?f[^>]*>([^<]+)<")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read(content: bytes, wanted: list[str]) -> dict[str, Any]:
    """The wanted sheet (the first that is there), or the visible ones, as rows of text."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    names = book.sheet_names
    visible = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
    by_name = {sheet.strip().lower(): sheet for sheet in names}
    named = [by_name[sheet.strip().lower()] for sheet in wanted if sheet.strip().lower() in by_name]
    # A hidden sheet may be one that a visible one has replaced: then both are looked at.
    chosen = [sheet for sheet in named if sheet in visible][:1] or [*named[:1], *visible[:CANDIDATES]] or names[:1]
    grids = {}
    for sheet in chosen:
        # Empty rows above the table are kept, so that line numbers are those of the sheet.
        rows = [[cell_text(cell) for cell in row] for row in book.get_sheet_by_name(sheet).to_python(False)]
        for row, column, text in cells_without_value(content, names.index(sheet)):
            if row < len(rows) and column < len(rows[row]) and not rows[row][column]:
                rows[row][column] = text
        grids[sheet] = rows
    return {"sheets": names, "hidden": [sheet for sheet in names if sheet not in visible], "grids": grids}


def cell_text(cell: Any) -> str:
    """A cell as text: whole numbers without `.0`, no powers of ten, yes and no as J and N."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "J" if cell else "N"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
    return str(cell)


def cells_without_value(content: bytes, sheet: int) -> Iterator[tuple[int, int, str]]:
    """Cells that the reader gives as blank and that are not: errors (`#N/A`), and formulas that were never calculated.

    Gives row and column from 0, and the error or the formula as text. Only for xlsx: other formats give none.
    """
    xml = sheet_xml(content, sheet)
    if not any(mark in xml for mark in SIGNS):
        return
    for hit in ERROR_OR_FORMULA.finditer(xml):
        start = xml.rfind(b"<", 0, hit.start() + 1)
        while start > 0 and not CELL.match(xml, start):
            start = xml.rfind(b"<", 0, start)
        opening = CELL.match(xml, start)
        if opening is None:
            continue
        end = xml.find(b"</" + (opening[1] or b"") + b"c>", start)
        cell = xml[start:end]
        tag = cell[: cell.find(b">") + 1]
        address, value, formula = ADDRESS.search(tag), VALUE.search(cell), WRITTEN.search(cell)
        is_error = hit[0].startswith(b"t=")
        if address is None or (not is_error and (value or TEXT_RESULT.search(tag))):
            continue
        column = 0
        for letter in address[1]:
            column = column * 26 + letter - 64
        text = value[1] if value else b"#FORMULA! =" + (formula[1] if formula else b"?")
        yield int(address[2]) - 1, column - 1, text.decode(errors="replace")


def sheet_xml(content: bytes, sheet: int) -> bytes:
    """The XML of the sheet with this position; empty where the workbook is no xlsx."""
    if not content.startswith(b"PK"):
        return b""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return b""
        sheets = list(ElementTree.fromstring(archive.read("xl/workbook.xml")).iterfind("{*}sheets/{*}sheet"))  # noqa: S314 - in a process with limits
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - as above
        target = {one.get("Id"): one.get("Target", "") for one in relations}[sheets[sheet].get(RELATION)]
        member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        return archive.read(member) if member in archive.namelist() and member.endswith(".xml") else b""


if __name__ == "__main__":
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        answer = read(sys.stdin.buffer.read(), sys.argv[3:])
    except MemoryError:
        answer = {"fault": "one that needs too much memory"}
    except BaseException as fault:  # a panic of the reader is no Exception
        answer = {"fault": f"something no reader opens ({fault})"}
    sys.stdout.write(json.dumps(answer))  # json.dump would encode in Python
