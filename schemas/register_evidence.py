"""The register's tables of evidence and judgement: see `schemas.register_tables` for figures and goals."""

import pandas as pd
import pandera.pandas as pa

from schemas.register_fields import choice, code, day, number, url, whole, words, yes
from schemas.register_tables import (
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
)
QUOTE_WORDS = 9


class Evidence(PublishedTable):
    evidence_id: Text = code(EVIDENCE, "EV-G02-01")
    goal_id: Text = code(GOAL, "G01")
    aspect: Text = words()
    source_type: Text = choice(SOURCE_TYPES)
    publisher: Text = words()
    title: Text = words()
    url: Text = url()
    page_or_section: Text = words(required=False)
    published_on: Day = day(required=False)
    published_precision: Text = choice("day|month|year|unknown")
    published_ground: Text = choice("stated|inferred|unknown")
    retrieved_on: Day = day(required=False)
    entered_on: Day = day()
    ref_period_start: Day = day(required=False)
    ref_period_end: Day = day(required=False)
    respondent_group: Text = words(required=False)
    n: Whole = whole(required=False, low=1)
    response_rate: Number = number(required=False, low=0, high=100)
    population: Text = words()
    level: Text = choice("national|province|municipality|rmc|swv|board|school|vestiging")
    statement_nl: Text = words()
    statement_en: Text = words()
    quote: Text = words(required=False)
    direction: Text = choice("verbeterd|stabiel|verslechterd|gemengd|onbekend")
    vs_period: Text = words(required=False)
    strength: Text = choice("A|B|C|D")
    covid_affected: Text = code(r"no|unknown|yes: \S.*", "no, unknown or yes: reason")
    official_verdict: Text = words(required=False)
    assessor: Text = words()
    assessed_on: Day = day()
    verdict_contribution: Text = choice("carries|supports|context")
    polarity: Text = choice("for|against|context")
    independent_source: Text = code(r"[a-z][a-z0-9-]*", "vo-raad")
    synthetic: Yes = yes()
    supersedes_id: Text = code(EVIDENCE, "EV-G02-01", required=False)

    class Config:
        unique = ["evidence_id"]

    @pa.dataframe_check(error="the evidence_id to carry the number of its goal")
    def numbered_by_goal(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["evidence_id"].str[3:6] == frame["goal_id"]

    @pa.dataframe_check(error="ref_period_start not after ref_period_end")
    def period_in_order(cls, frame: pd.DataFrame) -> pd.Series:
        return _period_in_order(frame, "ref_period_start", "ref_period_end")

    @pa.dataframe_check(error=f"our own words, and a quote of at most {QUOTE_WORDS} words")
    def short_quote(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["quote"].fillna("").map(lambda quote: len(quote.split())) <= QUOTE_WORDS


class Verdict(Table):
    verdict_id: Text = code(r"VD-G\d{2}-\d{2,3}", "VD-G09-01")
    goal_id: Text = code(GOAL, "G01")
    status: Text = words()
    role: Text = words()
    basis_evidence_ids: Text = code(listed(EVIDENCE), "EV-G09-01;EV-G09-02")
    decided_on: Day = day()
    entered_on: Day = day()
    source_url: Text = url(required=False)
    statement_nl: Text = words()
    statement_en: Text = words()
    supersedes_id: Text = code(r"VD-G\d{2}-\d{2,3}", "VD-G09-01", required=False)

    class Config:
        unique = ["verdict_id"]

    @pa.dataframe_check(error="decided_on not after entered_on")
    def decided_before_entry(cls, frame: pd.DataFrame) -> pd.Series:
        return _period_in_order(frame, "decided_on", "entered_on")


class Crosswalk2014(Table):
    indicator_2014: Text = code(r"[a-z][a-z0-9_]*", "zittenblijvers")
    description_nl: Text = words()
    description_en: Text = words()
    goal_id: Text = code(GOAL, "G01", required=False)
    relation: Text = choice("kept|narrowed|dropped|unknown")
    source_url: Text = url()
    note: Text = words(required=False)

    class Config:
        unique = ["indicator_2014"]


class Correction(Table):
    correction_id: Text = code(r"CO-\d{3,}", "CO-001")
    dataset_id: Text = words()
    period: Text = words()
    row_key: Text = code(r"\{.*\}", '{"vestiging_id": "00AH00"}')
    column: Text = words()
    expect: Text = words(required=False)
    replacement: Text = words(required=False)
    reason_nl: Text = words()
    reason_en: Text = words()
    source_url: Text = url()
    decided_on: Day = day()

    class Config:
        unique = ["correction_id"]


class InternationalWave(Table):
    study: Text = code(r"[A-Z]+(-NL)?", "ICCS")
    wave_year: Whole = whole(low=2000, high=2030)
    goal_id: Text = code(GOAL, "G01", required=False)
    nl_participated: Yes = yes()
    inside_2018_2020: Yes = yes()
    note_nl: Text = words()
    note_en: Text = words()
    source_url: Text = url()

    class Config:
        unique = ["study", "wave_year"]

    @pa.dataframe_check(error="inside_2018_2020 to agree with wave_year")
    def inside_agrees(cls, frame: pd.DataFrame) -> pd.Series:
        inside = frame["wave_year"].between(2018, 2020) == frame["inside_2018_2020"]
        return inside.fillna(False).astype(bool)


class Jaarverslag(Table):
    board_id: Text = code(r"\d{5}", "00819")
    report_year: Whole = whole(low=2018, high=2022)
    mentions_prestatiebox: Yes = yes()
    amount_eur: Whole = whole(required=False)
    split_by_ambition: Yes = yes()
    progress_described: Yes = yes()
    goals_mentioned: Text = code(listed(GOAL), "G02;G09", required=False)
    page: Whole = whole(required=False, low=1)
    coder: Text = words()
    second_mentions_prestatiebox: Yes = yes(required=False)
    second_amount_eur: Whole = whole(required=False)
    second_split_by_ambition: Yes = yes(required=False)
    second_progress_described: Yes = yes(required=False)
    second_goals_mentioned: Text = code(listed(GOAL), "G02;G09", required=False)
    second_coder: Text = words(required=False)

    class Config:
        unique = ["board_id", "report_year"]

    @pa.dataframe_check(error="a second coder other than the first")
    def two_coders(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["second_coder"].isna() | (frame["second_coder"] != frame["coder"])
