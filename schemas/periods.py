"""Periods: a label for people, two dates for comparing. Labels are never compared.

The label rules of the sector differ (see `label_rule` in the register), so every period carries its dates:

- school year `2018-2019`: 1 August 2018 to 31 July 2019;
- transition `2017-2018 -> 2018-2019`: from the count of 1 October 2017 to that of 1 October 2018;
- count day `1-10-2019`: that day, in the school year that has just begun;
- calendar year `2019`.
"""

import re
from dataclasses import dataclass
from datetime import date

SCHOOL_YEAR = re.compile(r"(\d{4})[-/](\d{4})")
CBS_PERIOD = re.compile(r"(\d{4})(JJ|SJ)00")


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
    """`2018SJ00` -> school year 2018-2019, `2018JJ00` -> calendar year 2018; padding is ignored. ValueError for all else."""
    match = CBS_PERIOD.fullmatch(code.strip())
    if not match:
        hint = "look it up in the table's own period list"
        raise ValueError(f"CBS period code {code!r}: expected YYYY followed by JJ00 or SJ00; {hint}")
    return calendar_year(int(match[1])) if match[2] == "JJ" else starting_in(int(match[1]))


def cbs_school_year(code: str) -> Period:
    """`2018SJ00` -> school year 2018-2019. ValueError for all else, also for a calendar year."""
    period = cbs_period(code)
    if period.start.month != 8:
        raise ValueError(f"CBS period code {code!r}: expected a school year, YYYYSJ00, as all years of this table")
    return period


def cbs_transition(code: str) -> Period:
    """`2018SJ00` in a table of flows: from school year 2018-2019 to the next."""
    return transition(cbs_school_year(code).start.year)


def cbs_leaving(code: str) -> Period:
    """`2018SJ00` in a table of early leavers: who left between two counts, labelled by the first school year."""
    first = cbs_school_year(code)
    return Period(date(first.start.year, 10, 1), date(first.end.year, 10, 1), first.label)


def full_year(two_or_four_digits: str) -> int:
    """`15` or `2015` -> 2015: DUO shortens years in some file names."""
    number = int(two_or_four_digits)
    return number + 2000 if number < 100 else number


def years_in(file_name: str) -> list[int]:
    """The four-digit years in a file's name, in order."""
    return [int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", file_name)]
