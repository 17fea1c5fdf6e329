"""What the warehouse says of each goal on the register alone, at the three snapshots and now, and why."""

import shutil
from datetime import date

import pytest

from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.build.audits import AuditFailed, run_audits
from warehouse.build.build_warehouse import build
from warehouse.build.parse_cache import ParseCache
from warehouse.build.tables import SQL
from warehouse.database import connect

NOW = date(9999, 12, 31)
EVIDENCE = ("not_assessable", "evidence_only")
PROXY = ("not_assessable", "proxy_only")
NOTHING = ("not_assessable", "nothing_known")
NO_VALUE = ("not_assessable", "no_value_known")
TOO_EARLY = ("not_assessable", "target_year_unknown")

EXPECTED = {
    # goal: status and rule at the end of 2018, of 2019, of 2020, and now; the comment says why it moves.
    "G01": (
        EVIDENCE,
        EVIDENCE,
        EVIDENCE,
        EVIDENCE,
    ),  # the monitor on high-ability pupils ended in 2017
    # The dashboard (2020) is the first public source of the series; its 2020 value came in 2021, in a Covid year.
    "G02": (NO_VALUE, NO_VALUE, TOO_EARLY, ("target_met_not_interpretable", "met_but_blocked")),
    # In February 2019 the minister gave the target up, which the sector council confirmed in July.
    "G03": (TOO_EARLY, ("not_met", "verdict"), ("not_met", "verdict"), ("not_met", "missed")),
    "G04": (EVIDENCE, EVIDENCE, EVIDENCE, EVIDENCE),  # one survey at the start, no study inside the period
    "G05": (NOTHING, EVIDENCE, EVIDENCE, EVIDENCE),
    "G06": (PROXY, PROXY, PROXY, PROXY),  # pass rates only; in 2020 without central exams
    "G07": (EVIDENCE, EVIDENCE, EVIDENCE, EVIDENCE),  # no international wave inside 2018-2020
    "G08": (EVIDENCE, EVIDENCE, EVIDENCE, EVIDENCE),  # a starting point in 2019, no second measurement
    # The minimum was reached in 2017-2018: known since the dashboard of 2020.
    "G09": (NO_VALUE, NO_VALUE, ("met_before_period", "met_before_period"), ("met_before_period", "met_before_period")),
    # The budget of 2018 had a first value; the ministry judged at the end of 2020, and the value of 2020 came in May 2021.
    "G10": (TOO_EARLY, TOO_EARLY, ("not_met", "verdict"), ("not_met", "missed")),
    "G11": (PROXY, PROXY, PROXY, PROXY),  # qualification is a condition, not development
    # The survey of 2023 looked back on the movement; in 2020 there was one source only.
    "G12": (NOTHING, NOTHING, EVIDENCE, ("movement_reported", "verdict")),
    "G13": (PROXY, PROXY, PROXY, PROXY),  # financial health is not governance; annual reports are not read yet
    "G14": (PROXY, PROXY, PROXY, PROXY),  # different boards in different years
    "G15": (PROXY, PROXY, PROXY, PROXY),  # awards are given on request
}
DAYS = (date(2018, 12, 31), date(2019, 12, 31), date(2020, 12, 31), NOW)


@pytest.fixture(scope="module")
def register_only(tmp_path_factory):
    """A warehouse without a single publisher's file."""
    folder = tmp_path_factory.mktemp("register_only")
    build(folder / "w.duckdb", Archive(folder / "archive"), ParseCache(folder / "cache"), Edition("mirror"))
    with connect(folder / "w.duckdb", read_only=True) as con:
        yield con


def statuses(con, day, macro="goal_status_as_of"):
    rows = con.execute(f"SELECT goal_id, status, rule FROM {macro}($day)", {"day": day}).fetchall()
    return {goal: (status, rule) for goal, status, rule in rows}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_status_and_rule_of_every_goal(register_only, day):
    expected = {goal: by_day[DAYS.index(day)] for goal, by_day in EXPECTED.items()}
    assert statuses(register_only, day) == expected


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_no_cell_is_empty(register_only, day):
    """A value, evidence, or the reason why neither can be; and always what would change it."""
    empty = register_only.execute(
        """SELECT goal_id FROM goal_status_as_of($day)
        WHERE status IS NULL OR reason_nl IS NULL OR reason_en IS NULL
           OR would_change_nl IS NULL OR would_change_en IS NULL
           OR (last_value IS NULL AND evidence_count = 0 AND rule NOT IN ('nothing_known', 'no_value_known'))
           OR (rule IN ('nothing_known', 'no_value_known') AND last_value IS NOT NULL)""",
        {"day": day},
    ).fetchall()
    assert empty == []


def test_ambitions_count_the_goals_and_nothing_else(register_only):
    """Seven ambitions, fifteen goals: each goal in exactly one of the counts, in every snapshot."""
    for day in DAYS:
        rows = register_only.execute("FROM ambition_status_as_of($day)", {"day": day}).df()
        counted = rows[["met", "met_not_interpretable", "not_met", "judged_on_evidence", "not_assessable"]].sum(axis=1)
        assert list(rows["ambition_id"]) == [f"A{number}" for number in range(1, 8)]
        assert (counted == rows["goals"]).all()
        assert rows["goals"].sum() == 15


def test_a_proxy_shows_its_last_value_and_carries_no_verdict(register_only):
    """G06: 98.8 in 2020 is shown with its flags, and the goal stays not assessable."""
    found = register_only.execute(
        "SELECT last_year, last_value, flags, status FROM goal_status_as_of(DATE '2020-12-31') WHERE goal_id = 'G06'"
    ).fetchone()
    assert found == (2020, 98.8, ["covid", "proxy"], "not_assessable")


TARGET_FOR_G06 = """
INSERT INTO goals.target BY NAME
SELECT * REPLACE ('g06_slaagpct' AS indicator_id, 'total' AS breakdown, 90.0 AS baseline_value, 95.0 AS target_value)
FROM goals.target WHERE indicator_id = 'g10_starters_begeleid_pct'"""


def test_a_target_for_a_proxy_gives_no_verdict_and_fails_the_audit(register_only, tmp_path):
    """G06 is at 98.8 in 2020: with a target of 95 it was `target_met`, and every audit passed."""
    shutil.copyfile(
        register_only.execute("SELECT path FROM duckdb_databases() WHERE NOT internal").fetchone()[0],
        tmp_path / "w.duckdb",
    )
    audit = (SQL / "audits" / "proxy_never_judges.sql").read_text()
    with connect(tmp_path / "w.duckdb") as con:
        assert con.execute(audit).fetchall() == []
        con.execute(TARGET_FOR_G06)
        assert statuses(con, NOW, "goals.goal_status_made")["G06"] == PROXY
        assert con.execute(audit).fetchall() == [("G06", "g06_slaagpct", "a proxy has a target")]
        con.execute("UPDATE goals.goal SET kind = 'target' WHERE goal_id = 'G06'")
        assert con.execute(audit).fetchall() == [("G06", "g06_slaagpct", "a proxy has a target")]
        with pytest.raises(AuditFailed, match="proxy_never_judges"):
            run_audits(con)


def test_a_proxy_that_is_judged_by_its_value_fails_the_audit(register_only, tmp_path):
    """The macro leaves a proxy's target out; should it not, the audit sees the rule that gave the status."""
    shutil.copyfile(
        register_only.execute("SELECT path FROM duckdb_databases() WHERE NOT internal").fetchone()[0],
        tmp_path / "w.duckdb",
    )
    audit = (SQL / "audits" / "proxy_never_judges.sql").read_text()
    with connect(tmp_path / "w.duckdb") as con:
        con.execute("CREATE TABLE judged AS SELECT * REPLACE ('met' AS rule) FROM goal_status WHERE goal_id = 'G06'")
        con.execute("CREATE OR REPLACE VIEW goal_status AS FROM judged")
        assert con.execute(audit).fetchall() == [("G06", "g06_slaagpct", "a proxy is judged by its value: met")]


def test_what_speaks_against_stays_beside_what_speaks_for(register_only):
    """G12: movement is reported, and the survey of 2023 that saw little of it still counts against."""
    found = register_only.execute(
        "SELECT evidence_for, evidence_against FROM goal_status WHERE goal_id = 'G12'"
    ).fetchone()
    assert min(found) > 0


def test_international_waves_say_when_none_falls_inside(register_only):
    """ICCS and ICILS have no wave with Dutch participation in 2018-2020; one wave of TALIS is a level, not a change."""
    found = dict(register_only.execute("SELECT DISTINCT study, finding_en FROM international_waves").fetchall())
    assert found["ICCS"] == found["ICILS"] == "No Dutch measurement in 2018-2020"
    assert found["TALIS"] == "One Dutch measurement in 2018-2020: a level, not a change"
