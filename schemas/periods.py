"""Periods: a label for people, two dates for comparing. Labels are never compared.

The label rules of the sector differ (see `label_rule` in the register), so every period carries its dates:

- school year `2018-2019`: 1 August 2018 to 31 July 2019;
- transition `2017-2018 -> 2018-2019`: from the count of 1 October 2017 to that of 1 October 2018;
- count day `1-10-2019`: that day, in the school year that has just begun;
- calendar year `2019`.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

SCHOOL_YEAR = re.compile(r"(\d{4})[-/](\d{4})")
CBS_PERIOD = re.compile(r"(\d{4})(JJ|SJ|HJ|KW|MM|W1)(\d{2})")
CBS_PARTS = {"HJ": ("half", 6), "KW": ("quarter", 3), "MM": ("month", 1)}


@dataclass(frozen=True, order=True)
class Period:
    """A span of days, both ends included, with the label it is known by."""

    start: date
    end: date
    label: str


def school_year(label: str) -> Period:
    """`2018-2019` -> 1 August 2018 .. 31 July 2019. Raises ValueError for anything else."""
    match = SCHOOL_YEAR.fullmatch(label)
    if not match or int(match[2]) != int(match[1]) + 1:
        raise ValueError(f"{label!r} is not a school year such as 2018-2019")
    first = int(match[1])
    return Period(date(first, 8, 1), date(first + 1, 7, 31), f"{first}-{first + 1}")


def starting_in(year: int) -> Period:
    """The school year that begins in `year` (DUO writes 2018 for 2018-2019 in some files)."""
    return school_year(f"{year}-{int(year) + 1}")


def transition(first_year: int) -> Period:
    """From the 1 October count of `first_year` to the next one, labelled by both school years."""
    label = f"{first_year}-{first_year + 1} -> {first_year + 1}-{first_year + 2}"
    return Period(date(first_year, 10, 1), date(first_year + 1, 10, 1), label)


def count_day(year: int | str) -> Period:
    """The pupil count of 1 October of `year`."""
    return single_day(date(int(year), 10, 1))


def single_day(day: date) -> Period:
    """A state on one day."""
    return Period(day, day, f"{day.day}-{day.month}-{day.year}")


def calendar_year(year: int) -> Period:
    """1 January .. 31 December of `year`."""
    return Period(date(year, 1, 1), date(year, 12, 31), str(year))


def cbs_period(code: str) -> Period:
    """`YYYY` + JJ00 year, SJ00 school year, HJ0n half, KW0n quarter, MMnn month, W1nn ISO week; padding is ignored.

    `2018SJ00` is the school year 2018-2019. Part periods (`YYYYX000`) have no dates of their own and raise ValueError,
    as does anything else.
    """
    match = CBS_PERIOD.fullmatch(code.strip())
    period = _cbs_dates(int(match[1]), match[2], int(match[3])) if match else None
    if period is None:
        raise ValueError(
            f"CBS period code {code!r}: expected YYYY followed by JJ00, SJ00, HJ0n, KW0n, MMnn or W1nn; "
            "look it up in the table's own period list"
        )
    return period


def _cbs_dates(year: int, kind: str, number: int) -> Period | None:
    """The period, or None when the number does not fit the kind."""
    if kind in ("JJ", "SJ"):
        return None if number else calendar_year(year) if kind == "JJ" else starting_in(year)
    if kind == "W1":
        weeks = date(year, 12, 28).isocalendar().week  # 28 December is always in the last week
        monday = date.fromisocalendar(year, number, 1) if 1 <= number <= weeks else None
        return Period(monday, monday + timedelta(days=6), f"{year} week {number}") if monday else None
    word, months = CBS_PARTS[kind]
    last = number * months
    if number < 1 or last > 12:
        return None
    end = date(year, last, calendar.monthrange(year, last)[1])
    return Period(date(year, last - months + 1, 1), end, f"{year} {word} {number}")


def cbs_transition(code: str) -> Period:
    """`2018SJ00` in a table of flows: from school year 2018-2019 to the next."""
    return transition(cbs_period(code).start.year)


def full_year(two_or_four_digits: str) -> int:
    """`15` or `2015` -> 2015: DUO shortens years in some file names."""
    number = int(two_or_four_digits)
    return number + 2000 if number < 100 else number


def years_in(file_name: str) -> list[int]:
    """The four-digit years in a file's name, in order."""
    return [int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", file_name)]
