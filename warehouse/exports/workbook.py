"""The Excel workbook: a sheet that explains, then sheets with a frozen heading, filters, widths and words, not codes.

Every text is written as text: what starts with an equals sign is shown, never computed.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal, cast

import duckdb
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from warehouse.exports.sheets import GUIDE, Sheet
from warehouse.exports.vintage_sheets import Filled
from warehouse.text import Text
from warehouse.watermark import NOTICE

NARROWEST, WIDEST = 8, 38
"""Widths in characters. A text longer than its column is wide is wrapped, and the row grows with it."""
FACE = "Calibri"
PLAIN, BOLD = Font(FACE), Font(FACE, bold=True)
TOP = Alignment(vertical="top")
WRAPPED = Alignment(vertical="top", horizontal="left", wrap_text=True, indent=1)
HEADING = PatternFill("solid", fgColor="17365D")
WARNING = PatternFill("solid", fgColor="FDE9D9")
LINE = Border(bottom=Side("thin", color="D9D9D9"))
LINE_HEIGHT = 15.0
A3, A4 = "8", "9"
NOT_IN_EXCEL = {code: None for code in range(32) if chr(code) not in "\n\t"}


DAY = {"nl": "[$-413]dd-mm-yyyy", "en": "yyyy-mm-dd"}
NUMBER = {"nl": "[$-413]", "en": ""}
"""413 is Dutch in the codes of Excel: its days follow it everywhere, its decimal comma where the program lets a cell decide."""


def number_format(value: float, decimals: int | None, lang: str) -> str:
    """Whole numbers as they are; others with the decimals of their indicator, or hundredths. Years have no thousands mark."""
    if isinstance(value, int):
        return f"{NUMBER[lang]}#,##0" if abs(value) > 9_999 else "0"
    places = 2 if decimals is None else decimals
    return f"{NUMBER[lang]}#,##0{'.' * (places > 0)}{'0' * places}"


def put(sheet: Worksheet, row: int, column: int, value: Any, lang: str = "en", decimals: int | None = None) -> Cell:
    """Write one value; a text stays a text."""
    cell = cast(Cell, sheet.cell(row, column))
    if isinstance(value, str):
        cell.value = value.translate(NOT_IN_EXCEL)[:32_000]
        cell.data_type = "s"
    else:
        cell.value = value
    cell.font, cell.alignment = PLAIN, TOP
    if isinstance(value, int | float) and not isinstance(value, bool):
        cell.number_format = number_format(value, decimals, lang)
    elif isinstance(value, date):
        cell.number_format = DAY[lang]
    return cell


def put_row(
    sheet: Worksheet,
    row: int,
    values: tuple[Any, ...] | list[str],
    widths: list[int],
    lang: str = "en",
    decimals: int | None = None,
) -> list[Cell]:
    """Write a row that is as high as its texts need: not every program sees to that when it opens the file."""
    cells = [put(sheet, row, column, value, lang, decimals) for column, value in enumerate(values, 1)]
    lines = 1
    for cell, width in zip(cells, widths, strict=True):
        if isinstance(cell.value, str):
            cell.alignment = WRAPPED
            lines = max(lines, lines_of(cell.value, width - 2))
    sheet.row_dimensions[row].height = LINE_HEIGHT * lines
    return cells


def lines_of(text: str, width: int) -> int:
    """How many lines a text needs in a column: words stay whole where they fit."""
    return sum(len(wrap(part, width)) or 1 for part in text.split("\n"))


def write_heading(sheet: Worksheet, row: int, headings: list[str], widths: list[int]) -> None:
    """The heading, in white on blue."""
    for cell in put_row(sheet, row, headings, widths):
        cell.font = Font(FACE, bold=True, color="FFFFFF")
        cell.fill = HEADING


def widths_of(headings: list[str], rows: list[tuple[Any, ...]]) -> list[int]:
    """As wide as most of the content and the longest word of the heading need, within limits."""
    widths = []
    for place, heading in enumerate(headings):
        lengths = sorted(width_of(row[place]) for row in rows if row[place] is not None) or [0]
        usual = lengths[int(len(lengths) * 0.95)] if len(lengths) > 1 else lengths[0]
        word = max(len(part) for part in heading.split()) + 2  # The button of the filter stands in the heading.
        widths.append(max(NARROWEST, min(WIDEST, max(usual, word) + 3)))
    return widths


def width_of(value: Any) -> int:
    """How many characters a cell takes."""
    return len(f"{value:,.2f}" if isinstance(value, float) else str(value))


def write_sheet(book: Workbook, filled: Filled, text: Text, notice: str | None) -> None:
    """One table as a sheet; in the sample edition the notice stands above it."""
    title, headings, rows = filled
    sheet = book.create_sheet(title)
    top = 1
    if notice:
        cell = put(sheet, 1, 1, notice)
        cell.font, cell.fill = BOLD, WARNING
        top = 2
    widths = widths_of(headings, rows)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    write_heading(sheet, top, headings, widths)
    for place, row in enumerate(rows, top + 1):
        cells, decimals = row[: len(headings)], row[len(headings) :]
        for cell in put_row(sheet, place, cells, widths, text.lang, *decimals):
            cell.border = LINE
    sheet.freeze_panes = f"B{top + 1}"
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(headings))}{top + max(len(rows), 1)}"
    sheet.print_title_rows = f"{top}:{top}"
    fit_to_page(sheet, "landscape", A3)


def fit_to_page(sheet: Worksheet, orientation: Literal["portrait", "landscape"], paper: str) -> None:
    """As wide as the page when printed, on as many pages as it takes."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = orientation, paper
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer = HeaderFooterItem()
    footer.center.text = "&A - &P / &N"
    sheet.oddFooter = footer


def write_guide(
    book: Workbook, text: Text, facts: dict[str, Any], sheets: list[tuple[str, int]], notice: str | None
) -> None:
    """The first sheet: what this is, how to read it, what there is."""
    sheet = book.active
    assert isinstance(sheet, Worksheet), "a new workbook has one sheet"  # noqa: S101 - for mypy: a new workbook has one sheet
    sheet.title = text("Read me")
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 100
    put(sheet, 1, 1, facts["title_nl"] if text.lang == "nl" else facts["title"]).font = Font(FACE, bold=True, size=16)
    sheet.row_dimensions[1].height = 2 * LINE_HEIGHT
    row = 2
    if notice:
        cell = put(sheet, row, 1, notice)
        cell.font, cell.fill = BOLD, WARNING
        row += 1
    named = ((text("Version"), "version"), (text("Made"), "created"), (text("Content (hash)"), "content_hash"))
    for name, fact in named:
        put(sheet, row, 1, name).font = BOLD
        put(sheet, row, 2, str(facts[fact]))
        row += 1
    row += 1
    for sentence in GUIDE:
        cell = put(sheet, row, 1, text(sentence))
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 32
        row += 1
    row += 1
    for title, count in sheets:
        link = put(sheet, row, 1, title)
        link.hyperlink = f"#'{title}'!A1"
        link.font = Font(FACE, underline="single", color="17365D")
        put(sheet, row, 2, text.plural("{n} row", "{n} rows", count))
        row += 1
    fit_to_page(sheet, "portrait", A4)


def write_workbook(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    lang: str,
    relations: dict[str, str],
    facts: dict[str, Any],
    sheets: Sequence[Sheet],
    more: Sequence[Filled] = (),
) -> None:
    """The workbook in one language; `more` are sheets that are filled already."""
    text, notice = Text(lang), NOTICE[lang] if facts["synthetic"] else None
    filled: list[Filled] = [
        (text(sheet.title), list(map(text, sheet.headings)), con.execute(sheet.query(lang, relations)).fetchall())
        for sheet in sheets
    ]
    filled += more
    book = Workbook()
    book.properties.language, book.properties.title = lang, facts["title_nl"] if lang == "nl" else facts["title"]
    write_guide(book, text, facts, [(title, len(rows)) for title, _, rows in filled], notice)
    for sheet in filled:
        write_sheet(book, sheet, text, notice)
    book.save(path)
