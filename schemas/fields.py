"""What a column of a publisher's file is: its names over the years, its kind, its checks.

A dataset's `Row` model is an ordinary Pandera model whose fields are made by the functions below. Beside
Pandera's checks a field carries, as metadata, the header names publishers have used for it and the kind of
text it holds. That one declaration is what the reader, the validator and the data dictionary go by.

Header names are compared without regard to case, spaces and underscores, so `BRIN_NUMMER` needs no alias.
"""

import re
from collections.abc import Iterable
from typing import Any

import pandera.pandas as pa
from pandera.typing import Series

MASKS = {"<5": (1, 4), "< 5": (1, 4), "-1": (1, 4), "*": (1, None), "x": (0, None)}
"""Mask text -> the lowest and highest count it can stand for (None: no upper bound is published).

DUO prints zeros openly in every masked release seen (82,834 of them in the exam file of 2019-2024), so `<5` is 1..4.
`*` stars the small counts of the staff files, which say no bound."""
ADDITIVE = re.compile(r"(?!mean_).+_(n|fte|eur)")
"""Canonical names of columns of which the lines add up."""
UNKNOWN = 999
"""A code for unknown where no real count of a line comes near it. (Longer ones are a fault in any count.)"""
BRIN_HEADERS = ("BRIN NUMMER", "INSTELLINGSCODE", "BRIN")
SITE_HEADERS = (
    "VESTIGINGSNUMMER",
    "VESTIGINGSCODE",
    "BRINVESTIGINGSNUMMER",
    "VESTIGINSNUMMER",  # sic, in files of 2011 and 2012
)
BOARD_HEADERS = ("BEVOEGD GEZAG NUMMER", "BEVOEGD GEZAG", "BESTUURSNUMMER")


class RowModel(pa.DataFrameModel):
    """Base of every dataset's `Row`: a frame of typed rows with nothing in it that is not declared."""

    line: Series[int] = pa.Field(ge=1, description="line in the file at which the row starts")
    masked: Series[str] = pa.Field(
        description="columns the publisher has hidden in this row, comma-separated; * where no bound is known"
    )

    class Config:
        strict = True


class PeriodRow(RowModel):
    """A row that holds for a period; the dates are what is compared."""

    period_label: Series[str] = pa.Field()
    period_start: Series[object] = pa.Field()
    period_end: Series[object] = pa.Field()


def column(
    kind: str,
    headers: Iterable[str],
    *,
    required: bool = True,
    blank: str = "none",
    witness: bool = False,
    **field: Any,
) -> Any:
    """A Pandera field with the publishers' `headers` and the `kind` of its text (see `schemas.reading.cells`).

    `required=False` marks a column that some years do not have: it is then empty, which must be allowed.
    `blank` says what a blank cell (or `-`) means: "none" (there is nothing to say), or "fault" where the publisher
    prints zero as 0 and hides counts with a mark, so that a blank says nothing that is known.
    `witness=True` marks a column that is read to check others against, and is then left out.
    """
    if not required:
        field["nullable"] = True
    metadata = {"headers": tuple(headers), "kind": kind, "required": required, "blank": blank, "witness": witness}
    return pa.Field(metadata=metadata, **field)


def text(*headers: str, **field: Any) -> Any:
    """Free text; blanks and space-padded blanks are missing. Not required unless said so: names carry no figures."""
    return column("text", headers, **{"nullable": True, "required": False, **field})


def words(*headers: str, **field: Any) -> Any:
    """A name: text that is never a bare number. Like `text` otherwise."""
    return column("words", headers, **{"nullable": True, "required": False, **field})


def province(*headers: str, **field: Any) -> Any:
    """One of the twelve provinces, as written; a blank is missing."""
    return column("province", headers, **{"nullable": True, "required": False, **field})


def category(*headers: str, **field: Any) -> Any:
    """A category that figures are broken down by; its case does not matter."""
    return column("capitals", headers, **field)


def code(width: int, *headers: str, **field: Any) -> Any:
    """A number that is a name (municipality, board): text, zero-padded to `width` digits."""
    return column(f"code:{width}", headers, **{"str_matches": rf"^\d{{{width}}}$", **field})


def board(*headers: str, **field: Any) -> Any:
    """The five-digit number of a bevoegd gezag, zeros and all (00819)."""
    return code(5, *(headers or BOARD_HEADERS), **field)


def brin(*headers: str, **field: Any) -> Any:
    """The four-character school number, such as 00AH."""
    return column("brin", headers or BRIN_HEADERS, **{"str_matches": r"^\d{2}[A-Z]{2}$", **field})


def vestiging(*headers: str, **field: Any) -> Any:
    """The site key BRIN + two digits (00AH07), whichever of its four spellings the file uses."""
    pattern = r"^\d{2}[A-Z]{2}\d{2}$"
    return column("vestiging", headers or SITE_HEADERS, **{"str_matches": pattern, **field})


def swv(*headers: str, **field: Any) -> Any:
    """The number of a samenwerkingsverband, such as VO2507 (also written VO-25-07)."""
    return column("swv", headers, **{"str_matches": r"^VO\d{4}$", **field})


def count(*headers: str, **field: Any) -> Any:
    """A whole number of people or things; may be masked by the publisher, then empty and marked.

    In all real files of 2015 to 2024 (193,000 lines) no count is blank: zero is printed. So a blank is a fault, unless
    the declaration says otherwise.
    """
    return column("count", headers, **{"ge": 0, "nullable": True, "blank": "fault", **field})


def amount(*headers: str, **field: Any) -> Any:
    """A number that is not whole (fte, a ratio), zero or more; may be masked."""
    return column("decimal", headers, **{"ge": 0, "nullable": True, **field})


def ratio(*headers: str, **field: Any) -> Any:
    """A number that may be below zero (profitability, say), as the publisher gives it."""
    return column("decimal", headers, **{"nullable": True, **field})


def percent(*headers: str, **field: Any) -> Any:
    """A percentage, 0 to 100, with comma or point, with or without %."""
    return column("decimal", headers, **{"ge": 0, "le": 100, "nullable": True, **field})


def grade(*headers: str, **field: Any) -> Any:
    """An exam grade, 1 to 10; the publisher writes `,0` for none."""
    return column("nonzero", headers, **{"ge": 1, "le": 10, "nullable": True, **field})


def age(*headers: str, **field: Any) -> Any:
    """A mean age in years; the publisher writes 0 for unknown."""
    return column("nonzero", headers, **{"ge": 10, "le": 100, "nullable": True, **field})


def euro(*headers: str, **field: Any) -> Any:
    """Whole euros; blank means not reported."""
    return column("integer", headers, **{"nullable": True, **field})


def year(*headers: str, **field: Any) -> Any:
    """A four-digit year."""
    return column("year", headers, **field)


def day(*headers: str, **field: Any) -> Any:
    """A calendar day, d-m-yyyy or yyyy-mm-dd."""
    return column("day", headers, **field)


__all__ = [
    "BOARD_HEADERS",
    "PeriodRow",
    "RowModel",
    "Series",
    "age",
    "amount",
    "board",
    "brin",
    "category",
    "code",
    "column",
    "count",
    "day",
    "euro",
    "grade",
    "percent",
    "province",
    "ratio",
    "swv",
    "text",
    "vestiging",
    "words",
    "year",
]
