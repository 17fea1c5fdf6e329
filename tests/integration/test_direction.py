"""Which way the evidence on each goal points at the three snapshots and now, and the sentence that says what is known."""

import csv
import re
import shutil
from datetime import date, timedelta

import pytest

from tests.integration.test_verdicts import DAYS, NOW, register_only  # noqa: F401 (register_only is a fixture)
from warehouse.database import connect
from warehouse.register.loader import REGISTER
from warehouse.text import formatted

TABLE = "direction_by_goal.csv"
COLUMNS = "evidence_direction, direction_rule, array_to_string(direction_basis, '; '), array_to_string(direction_against, '; ')"


def table(folder):
    with (folder / TABLE).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_direction_of_every_goal(register_only, request, day):  # noqa: F811
    """The register alone; `why` in the table says in words what the rule made of it."""
    rows = [row for row in table(request.path.parent) if row["known_on"] == ("now" if day == NOW else day.isoformat())]
    expected = [(row["goal_id"], row["direction"], row["rule"], row["basis"], row["against"]) for row in rows]
    assert len(expected) == 15 and all(row["why"] for row in rows)
    assert (
        register_only.execute(f"SELECT goal_id, {COLUMNS} FROM goal_status_as_of($day)", {"day": day}).fetchall()
        == expected
    )


def test_what_is_kept_per_day_is_what_that_day_gives(register_only):  # noqa: F811
    """On the first day, on days of change and the days beside them, and on days of the calendar."""
    (days,) = register_only.execute(
        "SELECT list(vintage_date ORDER BY vintage_date) FROM goals.vintage_date"
    ).fetchone()
    assert len(days) > 50
    beside = [day + timedelta(shift) for day in (days[1], days[len(days) // 2], days[-1]) for shift in (-1, 0, 1)]
    for day in (date(1, 1, 1), *beside, *DAYS):
        for kept, made in (
            ("goal_status_as_of", "goal_status_made"),
            ("direction_sources_as_of", "direction_sources_made"),
        ):
            found = [
                register_only.execute(f"FROM {name}($day) ORDER BY ALL", {"day": day}).fetchall()
                for name in (kept, f"goals.{made}")
            ]
            assert found[0] == found[1], (kept, day)


@pytest.fixture
def con(register_only, tmp_path):  # noqa: F811
    """A copy that may be changed."""
    (path,) = register_only.execute("SELECT path FROM duckdb_databases() WHERE NOT internal").fetchone()
    shutil.copyfile(path, tmp_path / "w.duckdb")
    with connect(tmp_path / "w.duckdb") as con:
        yield con


def add(con, number, **columns):
    """Evidence on ICT (G04), on which nothing counts: as EV-G12-01 (C, improved from 2018 to 2020), but for `columns`."""
    columns = {"evidence_id": f"EV-G04-{number}", "goal_id": "G04", "independent_source": f"s{number}"} | columns
    changes = ", ".join(f"{value!r} AS {name}" for name, value in columns.items())
    con.execute(
        f"INSERT INTO goals.evidence BY NAME SELECT * REPLACE ({changes}) FROM goals.evidence WHERE evidence_id = 'EV-G12-01'"
    )


UP, DOWN, LEVEL, BOTH = "verbeterd", "verslechterd", "stabiel", "gemengd"
RULES = {
    # case: the evidence (direction, strength, other columns), and what comes of it by which rule
    "nothing that compares": ([], ("unknown", "no_comparison")),
    "one source": ([(UP, "C", {})], ("improved", "one_way")),
    "an opinion alone": ([(UP, "D", {})], ("unknown", "opinion_only")),
    "a Covid year alone": ([(UP, "A", {"covid_affected": "yes: closure"})], ("unknown", "covid_only")),
    "a Covid year beside another": (
        [(UP, "A", {"covid_affected": "yes: closure"}), (DOWN, "C", {})],
        ("worsened", "one_way"),
    ),
    "against each other": ([(UP, "B", {}), (DOWN, "C", {})], ("mixed", "both_ways")),
    "twice the weight": ([(UP, "A", {}), (DOWN, "C", {})], ("improved", "outweighed")),
    "one source speaks once": (
        [
            (UP, "C", {}),
            (UP, "C", {"independent_source": "s1"}),
            (UP, "C", {"independent_source": "s1"}),
            (DOWN, "B", {}),
        ],
        ("mixed", "both_ways"),
    ),
    "two sources speak twice": ([(UP, "B", {}), (UP, "B", {}), (DOWN, "B", {})], ("improved", "outweighed")),
    "as heavy as no change": ([(UP, "B", {}), (LEVEL, "B", {})], ("improved", "outweighed")),
    "lighter than no change": ([(UP, "C", {}), (LEVEL, "B", {})], ("unchanged", "outweighed")),
    "no change": ([(LEVEL, "C", {})], ("unchanged", "one_way")),
    "a source that sees both": ([(BOTH, "B", {})], ("mixed", "both_ways")),
    "background": ([(UP, "A", {"verdict_contribution": "context"})], ("unknown", "no_comparison")),
    "an official outcome": ([(UP, "A", {"source_type": "official_outcome"})], ("unknown", "no_comparison")),
    "before the agreement": ([(UP, "A", {"ref_period_end": "2018-05-30"})], ("unknown", "no_comparison")),
    "after the agreement": ([(UP, "A", {"ref_period_end": "2021-01-01"})], ("unknown", "no_comparison")),
    "since long before": ([(UP, "A", {"vs_period": "2016"})], ("unknown", "no_comparison")),
    "made up": ([(UP, "A", {"synthetic": True})], ("unknown", "no_comparison")),
    "not yet known": ([(UP, "A", {"known_from": "9999-12-31"})], ("unknown", "no_comparison")),
    "superseded": (
        [(UP, "A", {}), (DOWN, "C", {"independent_source": "s1", "supersedes_id": "EV-G04-1"})],
        ("worsened", "one_way"),
    ),
}


@pytest.mark.parametrize(("evidence", "expected"), RULES.values(), ids=RULES)
def test_rule_by_rule(con, evidence, expected):
    for number, (direction, strength, columns) in enumerate(evidence, 1):
        add(con, number, direction=direction, strength=strength, **columns)
    query = (
        "SELECT evidence_direction, direction_rule FROM goals.goal_status_made(DATE '9999-12-30') WHERE goal_id = 'G04'"
    )
    assert con.execute(query).fetchone() == expected


def test_the_official_outcome_stands_beside_the_status_and_moves_nothing(con):
    query = "SELECT status, evidence_direction, official_outcome, official_outcome_source FROM goals.goal_status_made($day) WHERE goal_id = 'G04'"
    before = con.execute(query, {"day": date(2020, 10, 15)}).fetchone()
    assert before[2:] == (
        "niet afzonderlijk beoordeeld; niet genoemd bij de doelen die nog niet zijn bereikt",
        "EV-G04-52",
    )
    outcome = {"source_type": "official_outcome", "official_verdict": "nog niet bereikt", "known_from": "2020-10-16"}
    add(con, 1, direction=DOWN, strength="A", **outcome)
    assert con.execute(query, {"day": date(2020, 10, 15)}).fetchone() == before
    after = con.execute(query, {"day": date(2020, 10, 16)}).fetchone()
    assert after == (*before[:2], "nog niet bereikt", "EV-G04-1")


CHANGES = [
    # better, unit, first value, later value (or bounds of it), direction
    ("lower", "pct", 5.71, (5.91, 5.91), "worsened"),
    ("higher", "pct", 91.9, (92.0, 92.0), "unchanged"),  # 0.1 of the 8.1 percent that failed
    ("higher", "pct", 86.0, (89.0, 89.0), "improved"),
    ("lower", "pct", 4.1, (4.0, 4.0), "unchanged"),
    ("lower", "children", 4479.0, (4790.0, 4790.0), "worsened"),
    ("higher", "ratio", -0.2, (0.1, 0.1), "improved"),
    ("higher", "pct", 90.0, (91.0, 92.0), "improved"),
    ("higher", "pct", 90.0, (89.9, 92.0), None),  # the bounds leave it open
    ("none", "ratio", 0.6, (0.9, 0.9), None),
]


@pytest.mark.parametrize(("better", "unit", "first", "later", "expected"), CHANGES)
def test_direction_of_a_change(register_only, better, unit, first, later, expected):  # noqa: F811
    query = "SELECT goals.direction_of_change(?, ?, ?::DOUBLE, ?::DOUBLE, ?::DOUBLE, ?::DOUBLE)"
    assert register_only.execute(query, [better, unit, first, first, *later]).fetchone() == (expected,)


def test_a_proxy_gives_a_direction_and_no_verdict(register_only):  # noqa: F811
    query = "SELECT evidence_direction, status FROM goal_status WHERE goal_id = 'G11'"
    assert register_only.execute(query).fetchone() == ("improved", "not_assessable")


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_sentences_are_whole(register_only, day):  # noqa: F811
    """No name in braces and no gap is left, and every figure has a year."""
    rows = register_only.execute(
        "SELECT sentence_nl, sentence_en FROM goal_status_as_of($day)", {"day": day}
    ).fetchall()
    for sentence in (sentence for row in rows for sentence in row):
        assert re.fullmatch(r"[A-Z].*[^ ,;:]\.", sentence) and not re.search(
            r"[{}]|  | [,;.)]|\(\)|None|NULL", sentence
        ), sentence
        numbers = len(re.findall(r"(?<![\d.,])\d[\d.,]*(?= (?:procent|percent|in 20|van 20|of 20))", sentence))
        assert numbers <= len(re.findall(r"\b20[12]\d\b", sentence)), sentence


def test_a_sentence_says_what_is_known_and_when(register_only):  # noqa: F811
    """Grade repetition: three vintages of one goal, in two languages."""
    query = "SELECT sentence_nl, sentence_en FROM goal_status_as_of($day) WHERE goal_id = 'G02'"
    before, then, now = (register_only.execute(query, {"day": day}).fetchone() for day in (DAYS[0], DAYS[2], NOW))
    assert before[1].startswith(
        "No known figure measures grade repetition in 2018–2020; the target is 3.8 percent in 2020; "
    )
    assert then[0] == (
        "Het aandeel zittenblijvers was 5,7 procent in 2018 en 6,3 procent in 2019, verder van het doel van 3,8 procent in 2020."
    )
    assert now[1] == (
        "Grade repetition stood at 5.71 percent in 2018 and 5.91 percent in 2019, further from the target of 3.8 percent in 2020; "
        "the 3.32 percent of 2020 falls in a Covid year."
    )


def test_bounds_make_no_point_and_round_outwards(con):
    """The pass rate of 2020 where it is added up from files with hidden cells."""
    con.execute(
        "UPDATE goals.observation SET value = NULL, value_low = 98.7211, value_high = 98.7741 "
        "WHERE indicator_id = 'g06_slaagpct' AND breakdown = 'total' AND year = 2020"
    )
    nl, en = con.execute(
        "SELECT sentence_nl, sentence_en FROM goals.goal_status_made(DATE '9999-12-31') WHERE goal_id = 'G06'"
    ).fetchone()
    assert "; over 2020, een coronajaar, ligt de waarde tussen 98,7 en 98,8 procent; " in nl
    assert "; for 2020, a Covid year, the value lies between 98.7 and 98.8 percent; " in en


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_sql_and_report_write_numbers_alike(register_only, lang):  # noqa: F811
    for number in (0.0, 5.71, -0.618, 92.0, 1234.5, 10286.0, 2204453403.0):
        for decimals in range(4):
            query = "SELECT goals.number_in_words(?::DOUBLE, ?::INTEGER, ?)"
            assert register_only.execute(query, [number, decimals, lang]).fetchone() == (
                formatted(number, decimals, lang),
            )


def test_every_template_that_the_macro_asks_for_is_there(repo):
    """A part that is missing would leave its clause out without a word."""
    asked = {
        *re.findall(r"say\['(\w+)'\]", (repo / "warehouse" / "api" / "21_goal_status.sql").read_text()),
        *re.findall(
            r"'(\w+)'",
            "".join(
                re.findall(r"say\[CASE.*?END\]", (repo / "warehouse" / "api" / "21_goal_status.sql").read_text(), re.S)
            ),
        ),
    } - {"value", "improved", "worsened", "unchanged"} | {
        "improved",
        "worsened",
        "unchanged",
        "mixed",
        "proxy",
        "context",
    }
    asked |= {"opinion_only", "covid_only", "no_comparison", "nothing_to_compare"}
    with (REGISTER / "sentence.csv").open(encoding="utf-8", newline="") as handle:
        assert asked <= {row["part"] for row in csv.DictReader(handle)}
