"""The Excel workbook: a sheet that explains, then sheets with a frozen heading, filters, widths and words, not codes.

Every text is written as text: what starts with an equals sign is shown, never computed.
"""

from datetime import date
from pathlib import Path
from typing import Any, cast

import duckdb
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from warehouse.export.sheets import GUIDE, GUIDE_TITLE, SHEETS
from warehouse.query import scalar
from warehouse.watermark import NOTICE

NARROWEST, WIDEST = 8, 60
HEADING = PatternFill("solid", fgColor="17365D")
WARNING = PatternFill("solid", fgColor="FDE9D9")
NOT_IN_EXCEL = {code: None for code in range(32) if chr(code) not in "\n\t"}


def put(sheet: Worksheet, row: int, column: int, value: Any) -> Cell:
    """Write one value; a text stays a text."""
    cell = cast(Cell, sheet.cell(row, column))
    if isinstance(value, str):
        cell.value = value.translate(NOT_IN_EXCEL)[:32_000]
        cell.data_type = "s"
    else:
        cell.value = value
    cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str) and len(value) > WIDEST)
    if isinstance(value, float):
        cell.number_format = "#,##0.00"
    elif isinstance(value, int) and abs(value) > 9_999:
        cell.number_format = "#,##0"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def write_heading(sheet: Worksheet, row: int, headings: list[str]) -> None:
    """The heading, in white on blue."""
    for column, heading in enumerate(headings, 1):
        cell = put(sheet, row, column, heading)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = HEADING
        cell.alignment = Alignment(vertical="center", wrap_text=True)


def set_widths(sheet: Worksheet, headings: list[str], rows: list[tuple[Any, ...]]) -> None:
    """As wide as most of the content needs, within limits."""
    for place, heading in enumerate(headings):
        lengths = sorted(len(str(row[place])) for row in rows if row[place] is not None) or [0]
        usual = lengths[int(len(lengths) * 0.95)] if len(lengths) > 1 else lengths[0]
        width = max(NARROWEST, min(WIDEST, max(usual, len(heading)) + 2))
        sheet.column_dimensions[get_column_letter(place + 1)].width = width


def write_sheet(
    book: Workbook, title: str, headings: list[str], rows: list[tuple[Any, ...]], notice: str | None
) -> None:
    """One table as a sheet; in the sample edition the notice stands above it."""
    sheet = book.create_sheet(title)
    top = 1
    if notice:
        put(sheet, 1, 1, notice).font = Font(bold=True)
        sheet.cell(1, 1).alignment = Alignment(wrap_text=False)
        sheet.cell(1, 1).fill = WARNING
        top = 2
    write_heading(sheet, top, headings)
    for offset, row in enumerate(rows, top + 1):
        for column, value in enumerate(row, 1):
            put(sheet, offset, column, value)
    set_widths(sheet, headings, rows)
    sheet.freeze_panes = f"B{top + 1}"
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(headings))}{top + max(len(rows), 1)}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def write_guide(
    book: Workbook, lang: str, facts: dict[str, Any], sheets: list[tuple[str, int]], notice: str | None
) -> None:
    """The first sheet: what this is, how to read it, what there is."""
    sheet = book.active
    assert isinstance(sheet, Worksheet), "a new workbook has one sheet"
    sheet.title = GUIDE_TITLE[lang]
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 100
    put(sheet, 1, 1, facts["title_nl"] if lang == "nl" else facts["title"]).font = Font(bold=True, size=16)
    row = 2
    if notice:
        cell = put(sheet, row, 1, notice)
        cell.font, cell.fill = Font(bold=True), WARNING
        cell.alignment = Alignment(wrap_text=False)
        row += 1
    names = {"nl": ("Versie", "Gemaakt", "Inhoud (hash)"), "en": ("Version", "Made", "Content (hash)")}[lang]
    for name, value in zip(names, (facts["version"], facts["created"], facts["content_hash"]), strict=True):
        put(sheet, row, 1, name).font = Font(bold=True)
        put(sheet, row, 2, str(value))
        row += 1
    row += 1
    for sentence in GUIDE[lang]:
        cell = put(sheet, row, 1, sentence)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 32
        row += 1
    row += 1
    for title, count in sheets:
        link = put(sheet, row, 1, title)
        link.hyperlink = f"#'{title}'!A1"
        link.font = Font(underline="single", color="17365D")
        put(sheet, row, 2, f"{count} {'rijen' if lang == 'nl' else 'rows'}")
        row += 1


def write_workbook(
    con: duckdb.DuckDBPyConnection, path: Path, lang: str, relations: dict[str, str], facts: dict[str, Any], whole: bool
) -> None:
    """The workbook in one language. `whole` is a release; a snapshot leaves out what is not frozen."""
    notice = NOTICE[lang] if scalar(con, "SELECT synthetic FROM meta.edition") else None
    chosen = [sheet for sheet in SHEETS if whole or not sheet.release_only]
    filled = [(sheet, con.execute(sheet.query(lang, relations)).fetchall()) for sheet in chosen]
    book = Workbook()
    write_guide(book, lang, facts, [(sheet.title[lang], len(rows)) for sheet, rows in filled], notice)
    for sheet, rows in filled:
        write_sheet(book, sheet.title[lang], sheet.headings(lang), rows, notice)
    book.save(path)
