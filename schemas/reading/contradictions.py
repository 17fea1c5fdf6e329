"""What a file says of itself beside its data, in a text above the header or in a column of years, against its name."""

import re
from collections.abc import Callable, Collection

from schemas.dataset import Dataset
from schemas.errors import FileRefused
from schemas.periods import Period
from schemas.reading.header import normal
from schemas.reading.text_table import TextTable

UNITS = re.compile(
    r"(?:\b[x×]|\bin)\s*(?:€|eur|euro)?\s*(?:1[.,\s]?000(?:[.,\s]?000)?\b|mln\b|miljoen\w*|duizend\w*)(?:\s+euro)?",
    re.IGNORECASE,
)
YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:\s*[-/]\s*((?:19|20)?\d\d)(?![\d-]))?(?!\d)")
"""A year or a school year; a publication's own date has neither in a text above the header, see `TELLING`."""
TELLING = re.compile(
    r"(?:jaar|peildatum|teldatum|1 oktober|1-10-)\D{0,20}\d{4}|(?<!\d)\d{4}\s*[-/]\s*(?:\d\d)?\d\d(?![\d-])",
    re.IGNORECASE,
)
LEVEL = re.compile(r"(?<![a-z])(vmbo|havo|vwo)(?![a-z])")
YEAR_COLUMNS = {"SCHOOLJAAR", "JAAR", "PEILJAAR", "TELJAAR", "EXAMENJAAR", "CURSUSJAAR", "PEILDATUM", "TELDATUM"}
UNIT_COLUMNS = {"EENHEID", "UNIT"}
LEVEL_COLUMNS = {"ONDERWIJSTYPEVO"}
WAY_OUT = "give the file the name of the year that it is about, or report it to the publisher"


def refuse_contradictions(dataset: type[Dataset], name: str, table: TextTable) -> None:
    """Raises FileRefused where a text above the header has a unit of its own, or it or a column another year than the name."""
    period = dataset.period_of(name)
    above = [(one.line, table.raw(one.line)) for one in table.set_aside if one.check == "text above the header"]
    units = [(f"line {line}", f"{unit[0]!r} above the header") for line, text in above if (unit := UNITS.search(text))]
    if scaled := first_cell(table, UNIT_COLUMNS, lambda text: bool(UNITS.search(f"x {text}"))):
        units.append(scaled)
    if units:
        hint = "no unit but ones can be read: ask the publisher for such a file"
        raise FileRefused(name, units[0][0], "numbers in ones", units[0][1], hint)
    refuse_other_level(name, table)
    if period is None:
        return
    stated = [(line, found[0]) for line, text in above for found in TELLING.finditer(text)]
    if stated and not any(is_about(text, period) for _, text in stated):
        raise FileRefused(
            name, f"line {stated[0][0]}", f"the year of the name, {period.label}", repr(stated[0][1]), WAY_OUT
        )
    other = first_cell(table, YEAR_COLUMNS, lambda text: bool(YEARS.search(text)) and not is_about(text, period))
    if other:
        raise FileRefused(name, other[0], f"the year of the name, {period.label}", other[1], WAY_OUT)


def refuse_other_level(name: str, table: TextTable) -> None:
    """Raises FileRefused where the name has vmbo, havo or vwo in it and a line is about another."""
    level = LEVEL.search(name.lower())
    if level is None:
        return
    other = first_cell(table, LEVEL_COLUMNS, lambda text: text.strip().lower() not in ("", level[0]))
    if other:
        raise FileRefused(name, other[0], f"the level of the name, {level[0]}", other[1], WAY_OUT)


def first_cell(table: TextTable, titles: Collection[str], is_meant: Callable[[str], bool]) -> tuple[str, str] | None:
    """(place, content) of the first cell that is meant in the columns of these titles; None where none is."""
    for place, title in enumerate(table.header):
        if normal(title) not in titles:
            continue
        column = table.columns[place]
        meant = column.where([is_meant(text) for text in column.texts])
        if meant.any():
            row = int(meant.argmax())
            return f"line {table.lines[row]}, column {title}", repr(table.row(row)[place])
    return None


def is_about(text: str, period: Period) -> bool:
    """Does a text name the year or school year of a period?"""
    for first, last in YEARS.findall(text):
        if int(first) == period.start.year or (not last and int(first) == period.end.year):
            return True
    return False
