"""CBS period codes: `2018SJ00` is the school year 2018/'19, from 1 August 2018 to 31 July 2019."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_CODE = re.compile(r"(\d{4})(JJ|SJ|HJ|KW|MM|W1)(\d{2})")


@dataclass(frozen=True)
class CbsPeriod:
    """A decoded period; `start` and `end` are both inside it."""

    code: str
    kind: str
    label: str
    start: date
    end: date


class PeriodError(ValueError):
    """A code that is no period we can date."""


def cbs_period(code: str) -> CbsPeriod:
    """Decode `YYYY` + JJ00 year, SJ00 school year, HJ0n half, KW0n quarter, MMnn month, W1nn ISO week.

    Part periods (`YYYYX000`) have no dates of their own and raise PeriodError, as does anything else.
    """
    bare = code.strip()
    match = _CODE.fullmatch(bare)
    if match:
        year, kind, number = int(match[1]), match[2], int(match[3])
        try:
            label, start, end = _dates(year, kind, number)
            return CbsPeriod(bare, kind, label, start, end)
        except ValueError:
            pass  # number out of range: told below, in the same words
    raise PeriodError(
        f"CBS period code {code!r}: expected YYYY followed by JJ00, SJ00, HJ0n, KW0n, MMnn or W1nn; "
        "look it up in the table's own period list"
    )


def _dates(year: int, kind: str, number: int) -> tuple[str, date, date]:
    """Label, first and last day. ValueError when the number does not fit the kind."""
    if kind in ("JJ", "SJ"):
        if number:
            raise ValueError(number)
        if kind == "JJ":
            return str(year), date(year, 1, 1), date(year, 12, 31)
        return f"{year}/'{(year + 1) % 100:02d}", date(year, 8, 1), date(year + 1, 7, 31)
    if kind == "W1":
        monday = date.fromisocalendar(year, number, 1)
        return f"{year} week {number}", monday, monday + timedelta(days=6)
    months = {"HJ": 6, "KW": 3, "MM": 1}[kind]
    first = (number - 1) * months + 1
    last = first + months - 1
    if number < 1 or last > 12:
        raise ValueError(number)
    word = {"HJ": "half", "KW": "quarter", "MM": "month"}[kind]
    end = date(year, last, calendar.monthrange(year, last)[1])
    return f"{year} {word} {number}", date(year, first, 1), end
