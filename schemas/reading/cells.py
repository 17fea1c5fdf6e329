"""From the text of a cell to a value: one parser per kind of column.

Every parser works on the distinct texts of a column (there are few) and gives, per text, a value, a mask or a
fault. Masks are the publishers' ways of hiding small counts: they leave the value empty and are remembered, never
replaced by a guess. A text that is neither value, blank nor mask is a fault; its row goes to quarantine.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import isinf
from typing import Any

import numpy as np
import pandas as pd

from schemas.fields import MASKS

DIGITS = 18
"""Any number of so many digits fits 64 bits."""
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

INTEGER = re.compile(r"(-?\d+)([.,]0{1,2})?", re.ASCII)
THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+", re.ASCII)
POINT_AND_ZEROS = re.compile(r"-?\d{1,3}\.000", re.ASCII)
DECIMAL = re.compile(r"-?(\d+([.,]\d*)?|[.,]\d+)([eE]-?\d+)?", re.ASCII)
DECIMAL_WITH_THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+,\d+", re.ASCII)
DUTCH_DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", re.ASCII)
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})([T ].*)?", re.ASCII)
PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})([.,]0)?", re.ASCII)
SPREADSHEET_FAULT = re.compile(r"#(n/[ab]|\w+[!?]|deel/0!|div/0!)( .*)?", re.IGNORECASE)
"""`#N/A`, `#REF!`, `#WAARDE!`, and `#FORMULA! =A1+1` for one that was never calculated: something was there, and nobody knows what."""


UNKNOWN = re.compile(r"9{4,}", re.ASCII)
"""In a count a code for unknown: real counts of one line reach 2,959."""
DECIMALS_OR_THOUSANDS = re.compile(r"-?\d{1,3}[.,]\d{3}", re.ASCII)

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
    """`1001` -> 1001; `12.0` and `12,0` -> 12; `-` is none. `1.001` is no whole number (see `dotted_thousands`)."""
    if match := INTEGER.fullmatch(cell):
        if len(cell) <= DIGITS or -(2**63) <= int(match[1][: 2 * DIGITS]) < 2**63:
            return int(match[1])
        raise ValueError("a whole number of at most 64 bits")
    if cell in BLANK:
        return None
    raise ValueError("a whole number")


def dotted_thousands(texts: Iterable[str]) -> bool:
    """Do the texts of a column write thousands with a dot throughout? (One `1001` beside `1.001` says no.)"""
    return not any(INTEGER.fullmatch(text) and len(text.split(".")[0].lstrip("-")) > 3 for text in texts)


def undecidable(texts: Sequence[str]) -> bool:
    """Can a column be decimals as well as thousands? (`84.000` throughout; one `1.000` beside a plain `950` is thousands.)"""
    pointed = {text for text in texts if "." in text and text not in BLANK and text.lower() not in MASKS}
    plain = any(text.isdecimal() and int(text) for text in texts)
    return bool(pointed) and (len(pointed) > 1 or not plain) and all(map(POINT_AND_ZEROS.fullmatch, pointed))


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
        value = float(number.replace(",", "."))
        if isinf(value):
            raise ValueError("a decimal number of at most 64 bits")
        return value
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
        pass  # the 31st of February: raised below, in the same words
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
FREE_TEXT = {"text", "words"}
FULL_WIDTH = {0xFF01 + at: 0x21 + at for at in range(94)} | {0x3000: " "}
"""Characters as wide as Chinese ones -> those of ASCII."""
WHOLE = {"count", "integer"}
DECIMALS = {"decimal", "nonzero"}


def parser_for(kind: str) -> Callable[[str], Any]:
    """The cell parser of a column kind; KeyError for an unknown kind."""
    return parse_code(int(kind.removeprefix("code:"))) if kind.startswith("code:") else PARSERS[kind]


def normal_cell(text: str, kind: str) -> str:
    """A cell without outer space; characters that only look alike become one (NFKC), in free text those of full width only."""
    cell = text.strip()
    if cell.isascii():
        return cell
    return (cell.translate(FULL_WIDTH) if kind in FREE_TEXT else unicodedata.normalize("NFKC", cell)).strip()


def folded(text: str) -> str:
    """What two spellings of one key have in common: NFKC, no case, single spaces."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(plain.casefold().split())


@dataclass(frozen=True)
class ParsedTexts:
    """What the distinct texts of a column say: a typed value each, a mark each (0, HIDDEN or HIDDEN_WITHOUT_BOUND), and
    per text that is a fault what was expected."""

    values: pd.Series
    hidden: np.ndarray
    faults: dict[int, str]


def parse_texts(texts: Sequence[str], kind: str, masks: bool = True, thousands_dot: bool = False) -> ParsedTexts:
    """Parse the distinct texts of one column.

    With `masks=False` a mask's text is a value or a fault. With `thousands_dot` `1.001` is 1001, if all the texts write
    their thousands so.
    """
    parse = parser_for(kind)
    maskable = masks and kind in MASKABLE
    values: list[Any] = [None] * len(texts)
    hidden = np.zeros(len(texts), dtype=np.int8)
    faults: dict[int, str] = {}
    normal = [normal_cell(text, kind) for text in texts]
    dotted = thousands_dot and kind in WHOLE and dotted_thousands(normal)
    unsure = dotted and undecidable(normal)
    mixed = kind in DECIMALS and {mark for mark in ".," for cell in normal if mark in cell} == {".", ","}
    for place, cell in enumerate(normal):
        if not cell:
            continue
        if kind == "count" and UNKNOWN.fullmatch(cell):
            faults[place] = "is a count, not a code for unknown"
            continue
        if unsure and POINT_AND_ZEROS.fullmatch(cell):
            faults[place] = (
                f"is a whole number: this can be {cell.partition('.')[0]} or {cell.replace('.', ',')}, as all with a point end in .000"
            )
            continue
        if mixed and DECIMALS_OR_THOUSANDS.fullmatch(cell):
            faults[place] = "is a decimal number: beside `1,5` and `1.5` this can be thousands"
            continue
        if SPREADSHEET_FAULT.fullmatch(cell):
            faults[place] = "is a value, not the fault of a spreadsheet"
            continue
        if maskable and cell.lower() in MASKS:
            hidden[place] = HIDDEN if MASKS[cell.lower()][1] else HIDDEN_WITHOUT_BOUND
            continue
        try:
            values[place] = parse(cell.replace(".", "") if dotted and THOUSANDS.fullmatch(cell) else cell)
        except ValueError as fault:
            faults[place] = f"is {fault}"
    return ParsedTexts(pd.Series(values, dtype=DTYPES.get(kind, "str")), hidden, faults)


def site_key(brin: pd.Series, site: pd.Series) -> pd.Series:
    """One spelling out of four: `0`, `00`, `00AH00` and the number 0 all become 00AH00 (BRIN + two digits)."""
    short = site.str.removesuffix(".0")
    long = short.str.len() >= 6
    return short.where(long, brin + short.str.zfill(2))
