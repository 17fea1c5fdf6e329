"""A facts file: published figures with their source, one a row, as somebody collected them (see docs/recipes/fact.md).

    goal,indicator,value,unit,period,source_title,url,published_on,certainty
    G10,g10_starters_begeleid_pct,89,percent,2020,Annual report 2020,https://example.org/jv,2021-05-19,seen

A row becomes the cells of a row of `published_value.csv`, or a fault that says why it cannot. National figures only.
"""

import re
from calendar import monthrange
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from schemas.errors import HandKeptFault
from schemas.hand_kept_csv import HandKeptRow, HandKeptTable, day_of, truth_of
from schemas.periods import Period, calendar_year, school_year, single_day, transition

REQUIRED = ("goal", "indicator", "value", "unit", "period", "source_title", "url", "published_on", "certainty")
MAPPING = ("method", "breakdown", "period_start", "period_end", "published_ground", "status", "flags")
OPTIONAL = (*MAPPING, "vintage", "corrects", "correction", "correction_nl", "definition", "note", "note_nl")
UNIT_WORDS = {"percent": "pct", "procent": "pct", "%": "pct", "euro": "eur", "euros": "eur", "mln": "eur"}
"""The first word of a unit -> its code; a code stands for itself."""
WHOLE = {"children", "pupils", "places", "schools", "departments", "count"}
STORED_TEXTS = ("source_title", "url", "note", "note_nl", "correction", "correction_nl")
HAZARD = re.compile(r"^[=+\-@\t＝＋－＠]|[\x00-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069]")
"""What a spreadsheet would run, or what acts on a terminal."""
Dates = tuple[date, date]


@dataclass(frozen=True)
class Fact:
    """A figure that has its place in the register; `cells` are those of `published_value.csv`, as text.

    `vintage`: the publisher's other figure for a period that the register has. `corrects`: the row that it puts right.
    """

    line: int
    cells: dict[str, str]
    period: Period
    published_on: date | None
    vintage: bool
    corrects: str
    correction: str
    correction_nl: str

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes it the same figure: series, breakdown and period."""
        series = (self.cells[name] for name in ("indicator_id", "method_version", "breakdown", "entity_id"))
        return *series, self.period.start, self.period.end

    @property
    def figure(self) -> str:
        """The figure in a line, for people."""
        names = ("indicator_id", "method_version", "breakdown", "period_label", "value")
        return "{} ({}, {}) {}: {}".format(*(self.cells[name] for name in names))


def check_columns(table: HandKeptTable, name: str) -> None:
    """Raise HandKeptFault for a column that the format does not know: its cells would be lost without a word."""
    for column in table.header:
        if column not in REQUIRED + OPTIONAL:
            known = f"a column of the format ({', '.join(REQUIRED + OPTIONAL)})"
            raise HandKeptFault(name, 1, column, known, "another one", "rename it or take it out")


def fact_of(row: HandKeptRow, frames: dict[str, pd.DataFrame], decimal_comma: bool) -> Fact:
    """The figure of a row. Raises HandKeptFault where it is not certain, not clear, or not a figure that the register can place."""
    certainty = row.get("certainty").lower()
    if not re.match(r"(seen|derived)\b", certainty):
        raise row.fault("certainty", "seen or derived", "find the figure in its source first; until then it stays out")
    for column in STORED_TEXTS:
        if HAZARD.search(row.get(column)):
            raise row.fault(column, "plain text", "take out the sign at its start, or the hidden characters in it")
    indicator = indicator_of(row, frames["indicator"])
    method, rule = method_of(row, frames["method"])
    value = value_of(row, indicator.unit, decimal_comma)
    values = frames["published_value"]
    mine = values[(values["indicator_id"] == indicator.indicator_id) & (values["method_version"] == method)]
    known = list(zip(mine["period_start"], mine["period_end"], strict=True))
    period = period_of(row, rule, known)
    published_on, precision = publication_of(row)
    status, derived = row.get("status") or "unknown", certainty.startswith("derived")
    flags = {flag for flag in row.get("flags").split(";") if flag}
    flags |= {"derived"} if derived else set()
    flags |= {"provisional"} if status == "provisional" else set()
    cells = {
        "indicator_id": indicator.indicator_id,
        "method_version": method,
        "breakdown": row.get("breakdown") or "total",
        "entity_level": "national",
        "entity_id": "NL",
        "period_label": period.label,
        "period_start": period.start.isoformat(),
        "period_end": period.end.isoformat(),
        "value": value,
        "status": status,
        "derived": "true" if derived else "false",
        "flags": ";".join(sorted(flags)),
        "source_title": row.get("source_title"),
        "source_url": row.get("url"),
        "published_on": published_on.isoformat() if published_on else "",
        "published_precision": precision,
        "published_ground": (row.get("published_ground") or "stated") if published_on else "unknown",
        "note_nl": row.get("note_nl"),
        "note_en": row.get("note"),
    }
    correction = map(row.get, ("corrects", "correction", "correction_nl"))
    return Fact(row.line, cells, period, published_on, truth_in(row, "vintage"), *correction)


def indicator_of(row: HandKeptRow, indicators: pd.DataFrame) -> Any:
    """The indicator that is named, which must be one of the goal."""
    found = indicators[indicators["indicator_id"] == row.get("indicator")]
    if found.empty:
        hint = "name one, add it by the recipe for an indicator, or add a statement by `sectorakkoord evidence add`"
        raise row.fault("indicator", "an indicator_id of indicator.csv", hint)
    if found["goal_id"].iloc[0] != row.get("goal"):
        raise row.fault("goal", f"{found['goal_id'].iloc[0]}, the goal of the indicator", "correct one of the two")
    return next(found.itertuples())


def method_of(row: HandKeptRow, methods: pd.DataFrame) -> tuple[str, str]:
    """The published method that is named, or the only one that the indicator has, with its label rule."""
    mine = methods[(methods["indicator_id"] == row.get("indicator")) & (methods["origin"] == "published")]
    rules = dict(zip(mine["method_version"], mine["label_rule"], strict=True))
    named = row.get("method") or (next(iter(rules)) if len(rules) == 1 else "")
    if named not in rules:
        known = f"one of {', '.join(rules)}" if rules else "an indicator with a published method"
        raise row.fault("method", known, "name the method, or add it to method.csv: two methods never form one series")
    return named, rules[named]


def value_of(row: HandKeptRow, unit: str, decimal_comma: bool) -> str:
    """The figure as text with the decimals that the source prints, in the unit of the indicator."""
    said = row.get("unit").lower().split()
    if not said or UNIT_WORDS.get(said[0], said[0]) != unit:
        raise row.fault("unit", f"{unit}, the unit of the indicator", "convert the figure or name another indicator")
    text = row.get("value").replace(",", ".") if decimal_comma else row.get("value")
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise row.fault("value", "one number with a decimal point", "write one figure a row")
    number = Decimal(text) * (10**6 if said[0] == "mln" else 1)
    if unit in WHOLE and number != number.to_integral_value():
        raise row.fault("value", f"a whole number of {unit}", "write thousands without a mark: 1605, not 1.605")
    if unit == "pct" and not 0 <= number <= 100:
        raise row.fault("value", "a percentage from 0 to 100", "correct the value or the unit")
    # A number of millions has no decimals left: they would say that cents are known.
    return f"{number.normalize():f}" if said[0] == "mln" else text


def period_of(row: HandKeptRow, rule: str, known: Collection[Dates]) -> Period:
    """The period: with the dates that the register has for that year of the method, that the row gives, or of the label rule."""
    said = said_period(row, rule)
    there = {dates for dates in known if dates[1].year == said.end.year}
    if row.get("period_start") or row.get("period_end"):
        said = replace(said, start=day_in(row, "period_start"), end=day_in(row, "period_end"))
    elif said.start != said.end:
        patterns = {(one.month, one.day, two.month, two.day, two.year - one.year) for one, two in known}
        if len(there) == 1:
            start, end = next(iter(there))
            said = replace(said, start=start, end=end)
        elif rule in ("school_year_end", "peildatum_year") and len(patterns) == 1:
            month, day, last_month, last_day, years = patterns.pop()
            end = date(said.end.year, last_month, last_day)
            said = replace(said, start=date(end.year - years, month, day), end=end)
        elif rule == "peildatum_year":
            raise row.fault("period", "the day of counting, such as 2018-10-01", "give the day")
    if there and (said.start, said.end) not in there:
        dates = " and ".join(f"{one} to {two}" for one, two in sorted(there))
        raise row.fault("period", f"the dates that the register has for that year: {dates}", "give these dates")
    if rule == "peildatum_year":
        return single_day(said.end) if said.start == said.end else said
    return said


def said_period(row: HandKeptRow, rule: str) -> Period:
    """What the cell `period` says: a label year, a school year, two school years, or a day."""
    text = row.get("period")
    with suppress(ValueError):
        return replace(single_day(day_of(text)), label=str(day_of(text).year))
    with suppress(ValueError):
        if rule == "school_year_end":
            return school_year(text if "-" in text else f"{int(text) - 1}-{text}")
        if rule == "transition_second_count":
            year = int(text[:4]) if " -> " in text else int(text) - 1
            if text in (str(year + 1), transition(year).label):
                return transition(year)
        elif re.fullmatch(r"(19|20)\d\d", text):
            return calendar_year(int(text))
    raise row.fault("period", "a label year such as 2018, a school year or a day", "write the period of one figure")


def publication_of(row: HandKeptRow) -> tuple[date | None, str]:
    """The latest day that fits what is known of the publication, and how precisely that is."""
    text = row.get("published_on")
    if not text:
        return None, "unknown"
    if re.fullmatch(r"\d{4}", text):
        return date(int(text), 12, 31), "year"
    try:
        if re.fullmatch(r"\d{4}-\d{2}", text):
            first = date.fromisoformat(f"{text}-01")
            return first.replace(day=monthrange(first.year, first.month)[1]), "month"
        return day_of(text), "day"
    except ValueError:
        raise row.fault("published_on", "a day, a month (2023-05), a year, or nothing", "correct the cell") from None


def day_in(row: HandKeptRow, column: str) -> date:
    """The day in a cell."""
    try:
        return day_of(row.get(column))
    except ValueError:
        raise row.fault(column, "a day such as 2018-10-01", "correct the cell") from None


def truth_in(row: HandKeptRow, column: str) -> bool:
    """Whether a cell says true; nothing is false."""
    try:
        return bool(row.get(column)) and truth_of(row.get(column))
    except ValueError:
        raise row.fault(column, "true, false or nothing", "correct the cell") from None
