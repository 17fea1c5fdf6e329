"""Kinds of cells in the hand-kept register: how text becomes a value, and what to say when it does not.

Each factory makes a Pandera field. Beside Pandera's checks the field carries, as metadata, the `kind` by which its
text is cast and the words (`expects`) that an error message uses. One declaration serves casting, checks and
messages.
"""

import math
import re
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
import pandera.pandas as pa

from schemas.hand_kept_csv import day_of, truth_of

HTTP = r"^https?://[^\s/]+\.[a-z]{2,}(/\S*)?$"


def _number(cell: str) -> float:
    if not re.fullmatch(r"-?\d+(\.\d+)?", cell):
        raise ValueError(cell)
    return float(cell)


def _whole(cell: str) -> int:
    if not re.fullmatch(r"-?\d+", cell):
        raise ValueError(cell)
    return int(cell)


# kind -> (how one cell is read, the pandas type of the column)
KINDS: dict[str, tuple[Callable[[str], Any], Any]] = {
    "text": (str, "str"),
    "day": (day_of, "object"),
    "number": (_number, "float64"),
    "whole": (_whole, "Int64"),
    "yes": (truth_of, "boolean"),
}


def cast(cells: list[str], kind: str, decimal_comma: bool = False) -> tuple[pd.Series, list[int]]:
    """Text cells -> a typed column, and the positions that could not be read (they are then missing).

    An empty cell is missing; whether that is allowed is for the model to say. `decimal_comma`: 92,0 is a number too.
    """
    read, dtype = KINDS[kind]
    if decimal_comma and kind == "number":
        cells = [cell.replace(",", ".") for cell in cells]
    values: list[Any] = []
    unreadable: list[int] = []
    for position, cell in enumerate(cells):
        try:
            values.append(read(cell) if cell else None)
        except ValueError:
            values.append(None)
            unreadable.append(position)
    return pd.Series(values, dtype=dtype), unreadable


def _field(kind: str, expects: str, required: bool, **checks: Any) -> Any:
    metadata = {"kind": kind, "expects": expects if required else f"{expects}, or nothing"}
    return pa.Field(nullable=not required, metadata=metadata, **checks)


def text(*, required: bool = True) -> Any:
    """Text for people: no blanks at its ends, no line breaks."""
    return _field("text", "text on one line", required, str_matches=r"^\S(?:[^\n\r]*\S)?$")


def code(pattern: str, example: str, *, required: bool = True) -> Any:
    """An identifier of the form `pattern`."""
    return _field("text", f"a code such as {example}", required, str_matches=rf"^(?:{pattern})$")


def choice(options: str, *, required: bool = True) -> Any:
    """One of the words in `options`, which are separated by `|`."""
    listed: Iterable[str] = options.split("|")
    return _field("text", "one of " + ", ".join(listed), required, isin=options.split("|"))


def url(*, required: bool = True) -> Any:
    """A web address."""
    return _field("text", "a web address (https://...)", required, str_matches=HTTP)


def day(*, required: bool = True) -> Any:
    """A calendar day, yyyy-mm-dd; becomes `datetime.date`."""
    return _field("day", "a date yyyy-mm-dd", required)


def number(*, required: bool = True, low: float = -math.inf, high: float = math.inf) -> Any:
    """A number with a decimal point, from `low` to `high`."""
    between = "" if low == -math.inf and high == math.inf else f" from {low:g} to {high:g}"
    return _field("number", f"a number with a decimal point{between}", required, ge=low, le=high)


def integer(*, required: bool = True, low: int = 0, high: int = 10**12) -> Any:
    """A whole number from `low` to `high`."""
    return _field("whole", f"a whole number from {low} to {high}", required, ge=low, le=high)


def boolean(*, required: bool = True) -> Any:
    """true or false."""
    return _field("yes", "true or false", required)
