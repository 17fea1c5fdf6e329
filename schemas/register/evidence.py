"""The register's tables of evidence and judgement: see `schemas.register.tables` for figures and goals."""

import pandas as pd
import pandera.pandas as pa

from schemas.register.fields import boolean, choice, code, day, integer, number, text, url
from schemas.register.tables import (
    EVIDENCE,
    GOAL,
    Day,
    Number,
    PublishedTable,
    Table,
    Text,
    Whole,
    Yes,
    _period_in_order,
    listed,
)

SOURCE_TYPES = (
    "survey|inspectie|kamerbrief|evaluatie|jaarverslag|dashboard|international|news|sector_body|statistics|research"
    "|official_outcome"
)
QUOTE_WORDS = 9


class Evidence(PublishedTable):
    evidence_id: Text = code(EVIDENCE, "EV-G02-01")
    goal_id: Text = code(GOAL, "G01")
    aspect: Text = text()
    source_type: Text = choice(SOURCE_TYPES)
    publisher: Text = text()
    title: Text = text()
    url: Text = url()
    page_or_section: Text = text(required=False)
    published_on: Day = day(required=False)
    published_precision: Text = choice("day|month|year|unknown")
    published_ground: Text = choice("stated|inferred|unknown")
    retrieved_on: Day = day(required=False)
    entered_on: Day = day()
    ref_period_start: Day = day(required=False)
    ref_period_end: Day = day(required=False)
    respondent_group: Text = text(required=False)
    n: Whole = integer(required=False, low=1)
    response_rate: Number = number(required=False, low=0, high=100)
    population: Text = text()
    level: Text = choice("national|province|municipality|rmc|swv|board|school|vestiging")
    statement_nl: Text = text()
    statement_en: Text = text()
    quote: Text = text(required=False)
    direction: Text = choice("verbeterd|stabiel|verslechterd|gemengd|onbekend")
    direction_ground: Text = choice("stated|inferred", required=False)
    vs_period: Text = text(required=False)
    strength: Text = choice("A|B|C|D")
    covid_affected: Text = code(r"no|unknown|yes: \S.*", "no, unknown or yes: reason")
    official_verdict: Text = text(required=False)
    assessor: Text = text()
    assessed_on: Day = day()
    verdict_contribution: Text = choice("carries|supports|context")
    polarity: Text = choice("for|against|context")
    independent_source: Text = code(r"[a-z][a-z0-9-]*", "vo-raad")
    synthetic: Yes = boolean()
    supersedes_id: Text = code(EVIDENCE, "EV-G02-01", required=False)

    class Config:
        unique = ["evidence_id"]

    @pa.dataframe_check(error="the evidence_id to carry the number of its goal")
    def numbered_by_goal(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["evidence_id"].str[3:6] == frame["goal_id"]

    @pa.dataframe_check(error="ref_period_start not after ref_period_end")
    def period_in_order(cls, frame: pd.DataFrame) -> pd.Series:
        return _period_in_order(frame, "ref_period_start", "ref_period_end")

    @pa.dataframe_check(error="an official outcome to say it in official_verdict")
    def outcome_is_stated(cls, frame: pd.DataFrame) -> pd.Series:
        return (frame["source_type"] != "official_outcome") | frame["official_verdict"].notna()

    @pa.dataframe_check(error=f"our own words, and a quote of at most {QUOTE_WORDS} words")
    def short_quote(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["quote"].fillna("").map(lambda quote: len(quote.split())) <= QUOTE_WORDS


class Verdict(Table):
    verdict_id: Text = code(r"VD-G\d{2}-\d{2,3}", "VD-G09-01")
    goal_id: Text = code(GOAL, "G01")
    status: Text = text()
    role: Text = text()
    basis_evidence_ids: Text = code(listed(EVIDENCE), "EV-G09-01;EV-G09-02")
    decided_on: Day = day()
    entered_on: Day = day()
    source_url: Text = url(required=False)
    statement_nl: Text = text()
    statement_en: Text = text()
    supersedes_id: Text = code(r"VD-G\d{2}-\d{2,3}", "VD-G09-01", required=False)

    class Config:
        unique = ["verdict_id"]

    @pa.dataframe_check(error="decided_on not after entered_on")
    def decided_before_entry(cls, frame: pd.DataFrame) -> pd.Series:
        return _period_in_order(frame, "decided_on", "entered_on")


class Crosswalk2014(Table):
    indicator_2014: Text = code(r"[a-z][a-z0-9_]*", "zittenblijvers")
    description_nl: Text = text()
    description_en: Text = text()
    goal_id: Text = code(GOAL, "G01", required=False)
    relation: Text = choice("kept|narrowed|dropped|unknown")
    source_url: Text = url()
    note: Text = text(required=False)

    class Config:
        unique = ["indicator_2014"]


class Correction(Table):
    correction_id: Text = code(r"CO-\d{3,}", "CO-001")
    dataset_id: Text = text()
    period: Text = text()
    row_key: Text = code(r"\{.*\}", '{"vestiging_id": "00AH00"}')
    column: Text = text()
    expect: Text = text(required=False)
    replacement: Text = text(required=False)
    reason_nl: Text = text()
    reason_en: Text = text()
    source_url: Text = url()
    decided_on: Day = day()

    class Config:
        unique = ["correction_id"]


class InternationalWave(Table):
    study: Text = code(r"[A-Z]+(-NL)?", "ICCS")
    wave_year: Whole = integer(low=2000, high=2030)
    goal_id: Text = code(GOAL, "G01", required=False)
    nl_participated: Yes = boolean()
    inside_2018_2020: Yes = boolean()
    note_nl: Text = text()
    note_en: Text = text()
    source_url: Text = url()

    class Config:
        unique = ["study", "wave_year"]

    @pa.dataframe_check(error="inside_2018_2020 to agree with wave_year")
    def inside_agrees(cls, frame: pd.DataFrame) -> pd.Series:
        inside = frame["wave_year"].between(2018, 2020) == frame["inside_2018_2020"]
        return inside.fillna(False).astype(bool)


class Jaarverslag(Table):
    board_id: Text = code(r"\d{5}", "00819")
    report_year: Whole = integer(low=2018, high=2022)
    mentions_prestatiebox: Yes = boolean()
    amount_eur: Whole = integer(required=False)
    split_by_ambition: Yes = boolean()
    progress_described: Yes = boolean()
    goals_mentioned: Text = code(listed(GOAL), "G02;G09", required=False)
    page: Whole = integer(required=False, low=1)
    coder: Text = text()
    second_mentions_prestatiebox: Yes = boolean(required=False)
    second_amount_eur: Whole = integer(required=False)
    second_split_by_ambition: Yes = boolean(required=False)
    second_progress_described: Yes = boolean(required=False)
    second_goals_mentioned: Text = code(listed(GOAL), "G02;G09", required=False)
    second_coder: Text = text(required=False)

    class Config:
        unique = ["board_id", "report_year"]

    @pa.dataframe_check(error="a second coder other than the first")
    def two_coders(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["second_coder"].isna() | (frame["second_coder"] != frame["coder"])
