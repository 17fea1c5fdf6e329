"""The register's content: goals, figures against the reference list, ambition lines, what was known when."""

import csv
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from schemas.register.reader import REGISTER, columns, read_register
from schemas.register.tables import known_from

REPO = Path(__file__).resolve().parents[2]
FOLDER = REPO / "warehouse" / "register" / "seeds"
REFERENCE = REPO.parent / "shared" / "domain" / "reference_values.csv"
FACTS = REFERENCE.with_name("facts_2.csv")
FIRST_ROUND = date(2026, 11, 23)

# Figures of the reference list that are not stored as published values, and why.
EXCLUDED = {
    "g02_zittenblijf_pct_ambition_path": "computed from target.csv",
    "g09_opleidingsplekken_ambition_path_low": "computed from target.csv",
    "g10_starters_begeleid_pct_ambition_path": "computed from target.csv",
    "g11_masters_vo_pct_ambition_path": "computed from target.csv",
    "g03_thuis_gt3m_target": "a target: target.csv",
    "g09_opleidingsplekken_increase_target_low": "a target as growth: 8,209 in target.csv",
    "g09_opleidingsplekken_increase_target_high": "a target as growth: 10,009 in target.csv",
    "g12_shrm_survey_n_schools": "the number of respondents: evidence.csv, column n",
    "g05_curriculumnu_schoolteams_sought": "a number sought in a call, not a measurement: evidence.csv",
    "proc_goals_before": "about the agreement itself: crosswalk_2014.csv",
    "proc_goals_after": "about the agreement itself: fifteen rows in goal.csv",
    "proc_dashboard_indicators": "about the older dashboard: no goal's figure",
}

# The ambition lines as the ministry printed them: indicator, year -> value.
PRINTED_LINES = {
    "g02_zittenblijf_pct": {2013: 5.8, 2014: 5.5, 2015: 5.2, 2016: 4.9, 2017: 4.7, 2018: 4.4, 2019: 4.1, 2020: 3.8},
    "g09_opleidingsplekken_n": {2015: 6009, 2016: 6449, 2017: 6889, 2018: 7329, 2019: 7769, 2020: 8209},
    "g10_starters_begeleid_pct": {2013: 87, 2014: 89, 2015: 91, 2016: 93, 2017: 94, 2018: 96, 2019: 98, 2020: 100},
    "g11_masters_pct": {2015: 41.4, 2016: 43.1, 2017: 44.9, 2018: 46.6, 2019: 48.3, 2020: 50.0},
}
ROUNDING = {"g02_zittenblijf_pct": 0.05, "g09_opleidingsplekken_n": 0, "g10_starters_begeleid_pct": 0.5}


@pytest.fixture(scope="module")
def register() -> dict[str, pd.DataFrame]:
    return read_register(FOLDER)


@pytest.fixture(scope="module")
def reference() -> list[dict[str, str]]:
    if not REFERENCE.exists():
        pytest.skip("the shared reference list is not beside this project")
    with REFERENCE.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def values_of(register: dict[str, pd.DataFrame], indicator: str, breakdown: str = "total") -> pd.DataFrame:
    values = register["published_value"]
    return values[(values["indicator_id"] == indicator) & (values["breakdown"] == breakdown)]


def test_every_table_is_there_in_the_declared_order(register):
    assert set(register) == set(REGISTER) <= {path.stem for path in FOLDER.glob("*.csv")}
    for table, frame in register.items():
        assert list(frame.columns) == columns(table)


def test_seven_ambitions_hold_fifteen_goals(register):
    held = register["goal"].groupby("ambition_id")["goal_id"].agg(list).to_dict()
    assert held == {
        "A1": ["G01", "G02", "G03"],
        "A2": ["G04"],
        "A3": ["G05", "G06", "G07"],
        "A4": ["G08"],
        "A5": ["G09", "G10", "G11"],
        "A6": ["G12"],
        "A7": ["G13", "G14", "G15"],
    }
    assert list(register["ambition"]["ambition_id"]) == list(held)


def test_every_goal_has_evidence_and_goals_without_a_figure_have_two_sources(register):
    sources = register["evidence"].groupby("goal_id")["independent_source"].nunique()
    assert set(sources.index) == set(register["goal"]["goal_id"])
    without_figure = register["goal"].loc[register["goal"]["headline_indicator_id"].isna(), "goal_id"]
    assert (sources[without_figure] >= 2).all()


def test_status_vocabulary_is_the_agreed_one(register):
    assert set(register["status"]["status"]) == {
        "target_met",
        "target_met_not_interpretable",
        "not_met",
        "met_before_period",
        "movement_reported",
        "no_movement_reported",
        "mixed",
        "not_assessable",
    }


def test_every_verified_reference_figure_is_stored_or_left_out_for_a_reason(register, reference):
    values = register["published_value"]
    stored = set(zip(values["value"], values["period_start"], values["period_end"], values["source_url"], strict=True))
    # Of a row whose day was wrong the source is the one that gives the day.
    mended = values[values["value_id"].isin(register["errata"]["row_key"])]
    stored |= set(
        zip(mended["value"], mended["period_start"], mended["period_end"], ["errata"] * len(mended), strict=True)
    )
    missing = []
    for row in reference:
        if row["verified"] != "yes" or row["indicator_id"] in EXCLUDED:
            continue
        start, end = date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])
        figure = float(row["value"]), start, end
        if not {(*figure, row["source_url"]), (*figure, "errata")} & stored:
            missing.append(f"{row['indicator_id']} {row['period_label']}")
    assert missing == []


def test_nothing_is_stored_that_the_reference_list_does_not_verify(register, reference):
    verified = {(float(r["value"]), r["period_start"], r["source_url"]) for r in reference if r["verified"] == "yes"}
    values = register["published_value"]
    values = values[values["entered_on"] == FIRST_ROUND]
    same = values[~values["value_id"].isin(register["errata"]["row_key"])]
    stored = zip(same["value"], same["period_start"].astype(str), same["source_url"], strict=True)
    assert [row for row in stored if row not in verified] == []
    kept = sum(r["verified"] == "yes" and r["indicator_id"] not in EXCLUDED for r in reference)
    assert len(values) == kept


def test_what_came_later_was_seen_in_its_source_or_says_that_it_is_computed(register):
    if not FACTS.exists():
        pytest.skip("the shared list of facts is not beside this project")
    seen: dict[str, set[float]] = {}
    with FACTS.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["certainty"].startswith(("seen", "already in the register as evidence")):
                numbers = re.findall(r"\d+(?:\.\d+)?", f"{row['value']} {row['definition']} {row['note']}")
                millions = 1e6 if row["unit"] == "mln euro" else 1
                seen.setdefault(row["url"], set()).update(float(number) * millions for number in numbers)
    values = register["published_value"]
    later = values[(values["entered_on"] > FIRST_ROUND) & ~values["derived"]]
    assert len(later) > 40
    assert [row.value_id for row in later.itertuples() if row.value not in seen.get(row.source_url, ())] == []


def test_left_out_names_only_what_exists(reference):
    assert set(EXCLUDED) <= {row["indicator_id"] for row in reference}


def test_ambition_lines_are_straight_lines_from_baseline_to_target(register):
    targets = register["target"].set_index("indicator_id")
    for indicator, line in PRINTED_LINES.items():
        row = targets.loc[indicator]
        span = row["target_year"] - row["base_year"]
        for year, printed in line.items():
            step = (year - row["base_year"]) / span
            computed = row["baseline_value"] + step * (row["target_value"] - row["baseline_value"])
            assert computed == pytest.approx(printed, abs=ROUNDING.get(indicator, 0.05) + 1e-9), (indicator, year)


def test_printed_lines_are_those_of_the_reference_list(reference):
    names = {"g11_masters_pct": "g11_masters_vo_pct_ambition_path"}
    names["g09_opleidingsplekken_n"] = "g09_opleidingsplekken_ambition_path_low"
    for indicator, line in PRINTED_LINES.items():
        name = names.get(indicator, f"{indicator}_ambition_path")
        found = {int(r["period_end"][:4]): float(r["value"]) for r in reference if r["indicator_id"] == name}
        assert {year: value for year, value in found.items() if year >= min(line)} == line


@pytest.mark.parametrize(
    ("indicator", "year", "share"),
    [
        ("g02_zittenblijf_pct", 2018, 0.045),
        ("g02_zittenblijf_pct", 2019, -0.055),
        ("g02_zittenblijf_pct", 2020, 1.24),
        ("g03_thuiszitters_gt3m_n", 2019, -0.47),
        ("g09_opleidingsplekken_n", 2018, 1.38),
        ("g09_opleidingsplekken_n", 2020, 1.94),
        ("g10_starters_begeleid_pct", 2019, -0.08),
    ],
)
def test_share_of_the_distance_comes_out_as_documented(register, indicator, year, share):
    target = register["target"].set_index("indicator_id").loc[indicator]
    goal = register["goal"].set_index("headline_indicator_id").loc[indicator]
    values = values_of(register, indicator)
    values = values[(values["method_version"] == goal["headline_method_version"]) & (values["entity_id"] == "NL")]
    values = values[[end.year == year for end in values["period_end"]]]
    actual = values.sort_values("vintage_rank")["value"].iloc[-1]
    distance = target["baseline_value"] - target["target_value"]
    assert (target["baseline_value"] - actual) / distance == pytest.approx(share, abs=0.005)


def test_repetition_of_2019_has_three_vintages_and_the_latest_comes_last(register):
    rows = values_of(register, "g02_zittenblijf_pct")
    rows = rows[[end == date(2019, 10, 1) for end in rows["period_end"]]]
    ordered = rows.assign(known_from=known_from(rows)).sort_values(["known_from", "vintage_rank"])
    assert list(ordered["value"]) == [6.03, 6.3, 5.91]
    assert list(ordered["flags"]) == ["conflicting_sources", "conflicting_sources", "restated"]


def test_absentees_of_2016_2017_were_restated(register):
    rows = values_of(register, "g03_thuiszitters_gt3m_n")
    rows = rows[rows["period_label"] == "2016-2017"]
    known = dict(zip(rows["value"], known_from(rows), strict=True))
    assert known == {4214: date(2018, 2, 19), 4212: date(2019, 2, 15)}


def test_what_was_known_at_the_end_of_2020(register):
    values = register["published_value"]
    known = values[[day <= date(2020, 12, 31) for day in known_from(values)]]
    assert 3.32 not in set(known["value"]), "the repetition rate of 2020 was published in 2021"
    assert {98.8, 10286, 4790, 86} <= set(known["value"])
    assert known["published_on"].notna().all(), "a value of unknown date is in no retrospective snapshot"


def test_unverified_and_computed_figures_stay_out(register):
    assert not {4921, 523, 508, 535, 4277} & set(register["published_value"]["value"])
    values = register["published_value"]
    assert not values.loc[values["entered_on"] == FIRST_ROUND, "derived"].any()


def test_target_of_training_places_is_a_growth_with_a_derived_maximum(register):
    row = register["target"].set_index("indicator_id").loc["g09_opleidingsplekken_n"]
    assert (row["target_value"] - row["baseline_value"], row["target_value_high"] - row["baseline_value"]) == (
        2200,
        4000,
    )
    assert row["derived"]


def test_statements_are_ours_and_no_file_names_a_machine(register):
    assert register["evidence"]["quote"].isna().all()
    assert not register["evidence"]["synthetic"].any()
    for path in FOLDER.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert "/home/" not in text and "/tmp/" not in text and "\r" not in text


def test_known_from_falls_back_to_the_day_of_entry():
    frame = pd.DataFrame({"published_on": [date(2019, 2, 15), None], "entered_on": [date(2026, 11, 23)] * 2})
    assert list(known_from(frame)) == [date(2019, 2, 15), date(2026, 11, 23)]
