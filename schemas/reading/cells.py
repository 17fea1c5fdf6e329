"""From the text of a cell to a value: one parser per kind of column.

Every parser works on the distinct texts of a column (there are few) and gives, per text, a value, a mask or a
fault. Masks are the publishers' ways of hiding small counts: they leave the value empty and are remembered, never
replaced by a guess. A text that is neither value, blank nor mask is a fault; its row goes to quarantine.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

MASKS = {"<5": (1, 4), "< 5": (1, 4), "-1": (1, 4), "*": (1, None), "x": (0, None)}
"""Mask text -> the lowest and highest count it can stand for (None: no upper bound is published).

DUO prints zeros openly in every masked release seen (82,834 of them in the exam file of 2019-2024), so `<5` is 1..4.
`*` stars the small counts of the staff files, which say no bound."""

BLANK = {"", "-", "."}
"""Texts of a number that say that there is none."""
NOT_APPLICABLE = {"n.v.t.", "nvt", "-"}
PROVINCES = {
    "drenthe",
    "flevoland",
    "friesland",
    "fryslân",
    "gelderland",
    "groningen",
    "limburg",
    "noord-brabant",
    "noord-holland",
    "overijssel",
    "utrecht",
    "zeeland",
    "zuid-holland",
}
"""In small letters; Friesland writes itself both ways."""
ABOVE_SCHOOLS = "BOVENSCHOOLS"
"""Stands in the place of a BRIN for staff that the board employs above its schools."""

INTEGER = re.compile(r"-?\d+")
THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+")
WHOLE_DECIMAL = re.compile(r"(-?\d+)[.,]0{1,2}")
DECIMAL = re.compile(r"-?(\d+([.,]\d*)?|[.,]\d+)([eE]-?\d+)?")
DECIMAL_WITH_THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+,\d+")
DUTCH_DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})([T ].*)?")
PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})([.,]0)?")


HIDDEN, HIDDEN_WITHOUT_BOUND = 1, 2
"""Marks of hidden cells: a count of 1 to 4, or one of unknown size."""


def parse_text(cell: str) -> Any:
    """Text as it stands; the publisher's `N.v.t.` is missing."""
    return None if cell.lower() in NOT_APPLICABLE else cell


def parse_words(cell: str) -> Any:
    """A name; a bare number is something else that stands in the wrong column."""
    if not any(letter.isalpha() for letter in cell) and cell not in NOT_APPLICABLE:
        raise ValueError("text with a letter in it")
    return parse_text(cell)


def parse_province(cell: str) -> Any:
    """A province as written, whatever its case."""
    if cell.casefold() not in PROVINCES:
        raise ValueError("one of the twelve provinces")
    return cell


def parse_capitals(cell: str) -> Any:
    """A category of which only the letters matter, not their case."""
    return parse_text(cell.upper())


def parse_brin(cell: str) -> Any:
    """`00ah` -> 00AH; `bovenschools` is no school."""
    return None if cell.upper() == ABOVE_SCHOOLS else cell.upper()


def parse_swv(cell: str) -> Any:
    """`VO-25-07`, `VO2507` -> VO2507: the number of a samenwerkingsverband."""
    return re.sub(r"[\s-]", "", cell).upper()


def parse_integer(cell: str) -> Any:
    """`1001`, `1.001` (thousands dot) -> 1001; `12.0` and `12,0` -> 12; `-` is none."""
    if INTEGER.fullmatch(cell):
        return int(cell)
    if THOUSANDS.fullmatch(cell):
        return int(cell.replace(".", ""))
    if match := WHOLE_DECIMAL.fullmatch(cell):
        return int(match[1])
    if cell in BLANK:
        return None
    raise ValueError("a whole number")


def parse_year(cell: str) -> Any:
    """A year in which these files can lie."""
    year = parse_integer(cell)
    if year is not None and not 1900 <= year <= 2100:
        raise ValueError("a year between 1900 and 2100")
    return year


def parse_decimal(cell: str) -> Any:
    """`83,3%`, `90.9`, `,0%`, `1.234,5` -> 83.3, 90.9, 0.0, 1234.5; `-` is none. `1.234` is taken as a point."""
    number = cell.removesuffix("%").rstrip()
    if DECIMAL_WITH_THOUSANDS.fullmatch(number):
        number = number.replace(".", "")
    if DECIMAL.fullmatch(number):
        return float(number.replace(",", "."))
    if number in BLANK:
        return None
    raise ValueError("a decimal number")


def parse_nonzero(cell: str) -> Any:
    """`6,4` -> 6.4; `,0` and `0` mean that there is none (no grade was given, no age is known), not zero."""
    return parse_decimal(cell) or None


def parse_day(cell: str) -> Any:
    """`1-8-2005`, `2005-08-01...`, `20050801` -> date."""
    try:
        if match := DUTCH_DAY.fullmatch(cell):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := ISO_DAY.fullmatch(cell) or PLAIN_DAY.fullmatch(cell):
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass  # the 31st of February: told below, in the same words
    raise ValueError("a date such as 1-8-2005 or 2005-08-01")


def parse_code(width: int) -> Callable[[str], Any]:
    """A parser for numbers that are names: `153`, `153.0` -> 0153."""
    return lambda cell: cell.removesuffix(".0").zfill(width)


PARSERS: dict[str, Callable[[str], Any]] = {
    "text": parse_text,
    "words": parse_words,
    "province": parse_province,
    "capitals": parse_capitals,
    "brin": parse_brin,
    "vestiging": str.upper,
    "swv": parse_swv,
    "count": parse_integer,
    "integer": parse_integer,
    "year": parse_year,
    "decimal": parse_decimal,
    "nonzero": parse_nonzero,
    "day": parse_day,
}
DTYPES = {"count": "Int64", "integer": "Int64", "year": "Int64", "decimal": "float64", "nonzero": "float64"}
DTYPES |= {"day": "object"}
MASKABLE = {"count", "decimal", "nonzero"}


def parser_for(kind: str) -> Callable[[str], Any]:
    """The cell parser of a column kind; KeyError for an unknown kind."""
    return parse_code(int(kind.removeprefix("code:"))) if kind.startswith("code:") else PARSERS[kind]


def parse_column(cells: pd.Series, kind: str, masks: bool = True) -> tuple[pd.Series, np.ndarray, pd.DataFrame]:
    """Parse one column of text (any index).

    Returns the typed values, a mark per cell (0, HIDDEN or HIDDEN_WITHOUT_BOUND), and a frame of the faulty cells with
    `check` (what was expected) and `raw_value`, under the index of `cells`. With `masks=False` a mask's text is a value
    or a fault.
    """
    parse = parser_for(kind)
    maskable = masks and kind in MASKABLE
    codes, texts = pd.factorize(cells.to_numpy(dtype=object), use_na_sentinel=False)
    values: list[Any] = [None] * len(texts)
    masked = np.zeros(len(texts), dtype=np.int8)
    faults: dict[int, str] = {}
    for place, text in enumerate(texts):
        cell = text.strip() if isinstance(text, str) else ""
        if not cell:
            continue
        if maskable and cell.lower() in MASKS:
            masked[place] = HIDDEN if MASKS[cell.lower()][1] else HIDDEN_WITHOUT_BOUND
            continue
        try:
            values[place] = parse(cell)
        except ValueError as fault:
            faults[place] = f"is {fault}"
    typed = pd.Series(values, dtype=DTYPES.get(kind, "str")).take(codes)
    typed.index = cells.index
    faulty = np.isin(codes, list(faults)) if faults else np.zeros(len(codes), dtype=bool)
    failures = pd.DataFrame(
        {"check": [faults[code] for code in codes[faulty]], "raw_value": texts[codes[faulty]]},
        index=cells.index[faulty],
        dtype="str",
    )
    return typed, masked[codes], failures


def site_key(brin: pd.Series, site: pd.Series) -> pd.Series:
    """One spelling out of four: `0`, `00`, `00AH00` and the number 0 all become 00AH00 (BRIN + two digits)."""
    short = site.str.removesuffix(".0")
    long = short.str.len() >= 6
    return short.where(long, brin + short.str.zfill(2))
