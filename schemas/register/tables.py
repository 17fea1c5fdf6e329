"""The tables of the hand-kept register, one Pandera model each; the order of fields is the order of columns.

`REGISTER` names them by file. Rules inside one row are here; rules between rows of different tables are in
`schemas.register.rules`.
"""

import calendar
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.register.fields import boolean, choice, code, day, integer, number, text, url

Text = Series[str]
Day = Series[object]
Number = Series[float]
Whole = Series[pd.Int64Dtype]
Yes = Series[pd.BooleanDtype]

AMBITION, GOAL, INDICATOR = r"A[1-7]", r"G(0[1-9]|1[0-5])", r"g(0[1-9]|1[0-5])_[a-z0-9_]+"
NAME, BREAKDOWN = r"[a-z][a-z0-9_]*", r"[a-z0-9-]+(/[a-z0-9-]+)*"
EVIDENCE = r"EV-G\d{2}-\d{2,3}"


def listed(pattern: str) -> str:
    """The pattern of a semicolon-separated list of codes."""
    return rf"(?:{pattern})(?:;(?:{pattern}))*"


class Table(pa.DataFrameModel):
    """Base of all tables: nothing that is not declared, nothing missing, in this order."""

    class Config:
        strict = True
        ordered = True


def _period_in_order(frame: pd.DataFrame, start: str = "period_start", end: str = "period_end") -> pd.Series:
    pairs = zip(frame[start], frame[end], strict=True)
    return pd.Series([pd.isna(a) or pd.isna(b) or a <= b for a, b in pairs], index=frame.index, dtype=bool)


def known_from(frame: pd.DataFrame) -> pd.Series:
    """The day from which each row counts as known: of a verdict its own day, of others published_on where known, else entered_on.

    So a value of unknown date is in today's figures and in no retrospective snapshot. Shape: one date per row.
    """
    if "decided_on" in frame:
        return frame["decided_on"].rename("known_from")
    return frame["published_on"].where(frame["published_on"].notna(), frame["entered_on"]).rename("known_from")


class PublishedTable(Table):
    """A table whose rows say when they became public, how precisely that is known and on what ground."""

    @pa.dataframe_check(error="published_on, precision and ground to be all known or all unknown")
    def known_together(cls, frame: pd.DataFrame) -> pd.Series:
        missing = frame["published_on"].isna()
        unknown = frame["published_precision"] == "unknown"
        groundless = frame["published_ground"] == "unknown"
        return (missing == unknown) & (missing == groundless)

    @pa.dataframe_check(error="year precision on 31 December and month precision on the last day of the month")
    def latest_day_of_what_is_known(cls, frame: pd.DataFrame) -> pd.Series:
        def fits(day_known: Any, precision: str) -> bool:
            if pd.isna(day_known) or precision not in ("year", "month"):
                return True
            last = calendar.monthrange(day_known.year, day_known.month)[1]
            return day_known.day == last and (precision == "month" or day_known.month == 12)

        pairs = zip(frame["published_on"], frame["published_precision"], strict=True)
        return pd.Series([fits(*pair) for pair in pairs], index=frame.index, dtype=bool)

    @pa.dataframe_check(error="published_on not after entered_on")
    def entered_after_publication(cls, frame: pd.DataFrame) -> pd.Series:
        return _period_in_order(frame, "published_on", "entered_on")


class Ambition(Table):
    ambition_id: Text = code(AMBITION, "A1")
    name_nl: Text = text()
    name_en: Text = text()
    description_nl: Text = text()
    description_en: Text = text()

    class Config:
        unique = ["ambition_id"]


class Goal(Table):
    goal_id: Text = code(GOAL, "G01")
    ambition_id: Text = code(AMBITION, "A1")
    slug: Text = code(r"[a-z]+(-[a-z]+)*", "onderwijs-op-maat")
    name_nl: Text = text()
    name_en: Text = text()
    question_nl: Text = text()
    question_en: Text = text()
    description_nl: Text = text()
    description_en: Text = text()
    kind: Text = choice("target|proxy|survey|evidence")
    headline_indicator_id: Text = code(INDICATOR, "g02_zittenblijf_pct", required=False)
    headline_method_version: Text = code(NAME, "excl_nieuwkomers", required=False)
    headline_breakdown: Text = code(BREAKDOWN, "total", required=False)
    headline_rule: Text = choice("bottom_up_first|published", required=False)
    scope_nl: Text = text()
    scope_en: Text = text()

    class Config:
        unique = ["goal_id"]

    @pa.dataframe_check(error="headline indicator, method, breakdown and rule all filled or all empty")
    def headline_whole(cls, frame: pd.DataFrame) -> pd.Series:
        columns = ["headline_indicator_id", "headline_method_version", "headline_breakdown", "headline_rule"]
        return frame[columns].notna().sum(axis=1).isin([0, 4])

    @pa.dataframe_check(error="a headline for a goal of kind target or proxy")
    def headline_fits_kind(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["headline_indicator_id"].notna() | ~frame["kind"].isin(["target", "proxy"])


class Indicator(Table):
    indicator_id: Text = code(INDICATOR, "g02_zittenblijf_pct")
    goal_id: Text = code(GOAL, "G01")
    name_nl: Text = text()
    name_en: Text = text()
    unit: Text = choice("pct|children|places|schools|pupils|points|eur|ratio|departments|count")
    direction: Text = choice("lower|higher|none")
    type: Text = choice("target|proxy|survey|evidence|context")
    decimals: Whole = integer(high=4)

    class Config:
        unique = ["indicator_id"]

    @pa.dataframe_check(error="the indicator_id to begin with the number of its goal")
    def named_for_its_goal(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["indicator_id"].str[:3] == frame["goal_id"].str.lower()


class Method(Table):
    indicator_id: Text = code(INDICATOR, "g02_zittenblijf_pct")
    method_version: Text = code(NAME, "excl_nieuwkomers")
    origin: Text = choice("published|bottom_up")
    label_rule: Text = choice("transition_second_count|school_year_end|peildatum_year|survey_year|calendar_year")
    definition_nl: Text = text()
    definition_en: Text = text()
    formula: Text = text()
    reconciles_with: Text = code(NAME, "excl_nieuwkomers", required=False)
    source_note: Text = text()

    class Config:
        unique = ["indicator_id", "method_version"]


class Target(PublishedTable):
    indicator_id: Text = code(INDICATOR, "g02_zittenblijf_pct")
    breakdown: Text = code(BREAKDOWN, "total")
    baseline_period_label: Text = text()
    baseline_period_start: Day = day()
    baseline_period_end: Day = day()
    baseline_value: Number = number()
    target_period_label: Text = text()
    target_period_start: Day = day()
    target_period_end: Day = day()
    target_value: Number = number()
    target_value_high: Number = number(required=False)
    base_year: Whole = integer(low=2000, high=2030)
    target_year: Whole = integer(low=2000, high=2030)
    derived: Yes = boolean()
    source_title: Text = text()
    source_url: Text = url()
    published_on: Day = day(required=False)
    published_precision: Text = choice("day|month|year|unknown")
    published_ground: Text = choice("stated|inferred|unknown")
    entered_on: Day = day()
    note_nl: Text = text(required=False)
    note_en: Text = text(required=False)

    class Config:
        unique = ["indicator_id", "breakdown"]

    @pa.dataframe_check(error="the baseline period before the target period, each with its start before its end")
    def periods_in_order(cls, frame: pd.DataFrame) -> pd.Series:
        inside = [
            _period_in_order(frame, f"{which}_period_start", f"{which}_period_end") for which in ("baseline", "target")
        ]
        before = _period_in_order(frame, "baseline_period_end", "target_period_start")
        return inside[0] & inside[1] & before & (frame["base_year"] < frame["target_year"]).fillna(False).astype(bool)

    @pa.dataframe_check(error="target_value_high further from the baseline than target_value")
    def high_is_further(cls, frame: pd.DataFrame) -> pd.Series:
        near = (frame["target_value"] - frame["baseline_value"]).abs()
        return frame["target_value_high"].isna() | ((frame["target_value_high"] - frame["baseline_value"]).abs() > near)


class PublishedValue(PublishedTable):
    value_id: Text = code(r"PV-G\d{2}-\d{3}", "PV-G02-001")
    indicator_id: Text = code(INDICATOR, "g02_zittenblijf_pct")
    method_version: Text = code(NAME, "excl_nieuwkomers")
    breakdown: Text = code(BREAKDOWN, "total")
    entity_level: Text = choice("national|province|municipality|rmc|swv|board|school|vestiging")
    entity_id: Text = text()
    period_label: Text = text()
    period_start: Day = day()
    period_end: Day = day()
    value: Number = number()
    status: Text = choice("provisional|final|unknown")
    vintage_rank: Whole = integer(low=1, high=99)
    derived: Yes = boolean()
    flags: Text = code(listed(NAME), "covid;restated", required=False)
    source_title: Text = text()
    source_url: Text = url()
    published_on: Day = day(required=False)
    published_precision: Text = choice("day|month|year|unknown")
    published_ground: Text = choice("stated|inferred|unknown")
    entered_on: Day = day()
    note_nl: Text = text(required=False)
    note_en: Text = text(required=False)

    class Config:
        unique = ["value_id"]

    @pa.dataframe_check(error="period_start not after period_end")
    def period_in_order(cls, frame: pd.DataFrame) -> pd.Series:
        return _period_in_order(frame)

    @pa.dataframe_check(error="entity_id NL for national values and only for these")
    def national_is_nl(cls, frame: pd.DataFrame) -> pd.Series:
        return (frame["entity_level"] == "national") == (frame["entity_id"] == "NL")

    @pa.dataframe_check(error="the flags provisional and derived exactly where status and derived say so")
    def flags_agree(cls, frame: pd.DataFrame) -> pd.Series:
        flags = frame["flags"].fillna("").str.split(";")
        provisional = flags.map(lambda codes: "provisional" in codes) == (frame["status"] == "provisional")
        return provisional & (
            flags.map(lambda codes: "derived" in codes) == frame["derived"].fillna(False).astype(bool)
        )


class Break(PublishedTable):
    break_id: Text = code(r"BR-G\d{2}-[A-Z0-9-]+", "BR-G02-COVID")
    indicator_id: Text = code(INDICATOR, "g02_zittenblijf_pct", required=False)
    goal_id: Text = code(GOAL, "G01")
    method_version: Text = code(NAME, "excl_nieuwkomers", required=False)
    period_end_from: Day = day()
    period_end_until: Day = day(required=False)
    kind: Text = choice("method|definition|covid|population|registration")
    flag: Text = code(NAME, "covid")
    description_nl: Text = text()
    description_en: Text = text()
    source_url: Text = url()
    published_on: Day = day(required=False)
    published_precision: Text = choice("day|month|year|unknown")
    published_ground: Text = choice("stated|inferred|unknown")
    entered_on: Day = day()

    class Config:
        unique = ["break_id"]

    @pa.dataframe_check(error="period_end_from not after period_end_until")
    def window_in_order(cls, frame: pd.DataFrame) -> pd.Series:
        return _period_in_order(frame, "period_end_from", "period_end_until")


class ExplainedDifference(Table):
    """A published value that school files do not give, beyond its precision: what was found, how large it may be.

    `kind` is `unknown` where the cause is not known; that is an honest answer, as long as the difference does not grow.
    """

    indicator_id: Text = code(INDICATOR, "g06_slaagpct")
    method_version: Text = code(NAME, "bottom_up")
    breakdown: Text = code(BREAKDOWN, "total")
    period_end: Day = day()
    max_difference: Number = number(low=0)
    kind: Text = choice("rounding|release|definition|unknown")
    reason_nl: Text = text()
    reason_en: Text = text()
    entered_on: Day = day()

    class Config:
        unique = ["indicator_id", "method_version", "breakdown", "period_end"]


class MunicipalitySpelling(Table):
    """A municipality whose own spelling does not follow from capitals: accents, brackets, what a file cuts short."""

    municipality_id: Text = code(r"\d{4}", "0796")
    name: Text = text()
    source_url: Text = url()
    entered_on: Day = day()

    class Config:
        unique = ["municipality_id"]
