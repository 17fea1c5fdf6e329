"""The verbs of real-time data and the rule of their periods, on made-up values: three of one day, and one that replaced them."""

import csv
import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from flows.commands.query import PROVISIONAL, provisional_line
from tests.helpers import tiny_05, tiny_warehouse
from warehouse.build.tables import SQL
from warehouse.database import connect, records
from warehouse.register.loader import REGISTER
from warehouse.report.indicators import load_indicators
from warehouse.report.write import environment
from warehouse.text import Text

DAY, FINAL = "2022-03-01", "2023-03-01"
INDICATOR = "g10_starters_begeleid_pct"
OF_IT = f"indicator_id = '{INDICATOR}' AND period_label = '2021'"
AUDIT = SQL / "audits" / "one_version_at_a_time.sql"
# rank on the day, value, status, day
RELEASES = [
    (1, 70, "provisional", DAY),
    (2, 71, "provisional", DAY),
    (3, 72, "provisional", DAY),
    (1, 74, "final", FINAL),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of the register with these releases of one made-up year added."""
    folder = tmp_path_factory.mktemp("vintages")
    register = Path(shutil.copytree(REGISTER, folder / "register"))
    target = register / "published_value.csv"
    with target.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    like = next(row for row in rows if row["indicator_id"] == INDICATOR)
    like |= {
        "period_label": "2021",
        "period_start": "2021-01-01",
        "period_end": "2021-12-31",
        "published_precision": "day",
    }
    with target.open("a", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(like), lineterminator="\n")
        for at, (rank, value, status, day) in enumerate(RELEASES):
            flags = "provisional" if status == "provisional" else ""
            new = {"value_id": f"PV-G10-{900 + at}", "value": str(value), "status": status, "flags": flags}
            writer.writerow(like | new | {"published_on": day, "vintage_rank": str(rank)})
    files = [
        (
            "05-zittenblijvers-niveau-vestiging-2017-2018-tov-2018-2019.csv",
            tiny_05([("02BB00", 1000, 62)]),
            date(2020, 1, 1),
        )
    ]
    tiny_warehouse(folder / "w", files, register).close()
    return folder / "w" / "w.duckdb"


@pytest.fixture
def con(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(path, read_only=True) as con:
        yield con


def test_a_value_replaced_on_its_day_has_its_order_its_flag_and_its_moment(con):
    history = con.execute(
        f"SELECT value, known_to, day_order, list_contains(flags, 'replaced_same_day') FROM history() WHERE {OF_IT} ORDER BY known_from, day_order"
    )
    day, final = date(2022, 3, 1), date(2023, 3, 1)
    assert history.fetchall() == [
        (70.0, day, 1, True),
        (71.0, day, 2, True),
        (72.0, final, 3, False),
        (74.0, None, 1, False),
    ]
    revised = con.execute(
        f"SELECT value_before, value_after, kind FROM revisions WHERE {OF_IT} ORDER BY value_after"
    ).fetchall()
    assert revised == [
        (70.0, 71.0, "conflicting_source"),
        (71.0, 72.0, "conflicting_source"),
        (72.0, 74.0, "provisional_to_final"),
    ]


AS_OF = [
    # arguments, what was known: from the first day on, up to and not including the day of the next value
    ("'2022-02-28'", []),
    ("'2022-02-28', nth_of_day := 1", []),
    (f"'{DAY}'", [72.0]),
    (f"'{DAY}', nth_of_day := 1", [70.0]),
    (f"'{DAY}', nth_of_day := 2", [71.0]),
    (f"'{DAY}', nth_of_day := 3", [72.0]),
    (f"'{DAY}', nth_of_day := 9", [72.0]),
    ("'2023-02-28'", [72.0]),
    (f"'{FINAL}'", [74.0]),
    (f"'{FINAL}', nth_of_day := 1", [74.0]),
]


@pytest.mark.parametrize(("arguments", "values"), AS_OF)
def test_a_day_and_a_moment_of_it_have_one_answer(con, arguments, values):
    found = con.execute(f"SELECT value FROM as_of({arguments}) WHERE {OF_IT}").fetchall()
    assert [value for (value,) in found] == values


def test_the_audit_finds_an_order_or_a_flag_that_is_not_so(path, tmp_path):
    for fault in ("day_order = 1", "flags = []"):
        copy = tmp_path / f"{fault[:5]}.duckdb"
        shutil.copy(path, copy)
        with connect(copy) as con:
            assert con.execute(AUDIT.read_text()).fetchall() == []
            con.execute(f"UPDATE goals.observation SET {fault} WHERE {OF_IT} AND value = 71")
            assert con.execute(AUDIT.read_text()).fetchall() != []


def test_the_first_the_nth_and_the_latest_release(con):
    asked = "SELECT value, releases FROM {} WHERE " + OF_IT
    assert con.execute(asked.format("first_release()")).fetchall() == [(70.0, 4)]
    for n, value in enumerate((70.0, 71.0, 72.0, 74.0), 1):
        assert con.execute(asked.format(f"nth_release({n})")).fetchall() == [(value, 4)]
    assert con.execute(asked.format("nth_release(5)")).fetchall() == []
    assert con.execute(f"SELECT value FROM latest() WHERE {OF_IT}").fetchall() == [(74.0,)]


def test_vintage_dates_are_the_days_on_which_anything_changed(con):
    known = records(con, f"FROM history() WHERE indicator_id = '{INDICATOR}'")
    days = sorted({one["known_from"] for one in known} | {one["known_to"] for one in known if one["known_to"]})
    found = records(con, f"FROM vintages('{INDICATOR}')")
    assert [one["vintage_date"] for one in found] == days
    for one in found:
        assert one["began"] == sum(row["known_from"] == one["vintage_date"] for row in known) == one["national_began"]
        assert one["ended"] == sum(row["known_to"] == one["vintage_date"] for row in known)


def test_the_vintage_table_is_what_as_of_says_on_each_date(con):
    table = f"vintage_table('{INDICATOR}')"
    row = con.execute(f"SELECT vintage, value FROM {table} WHERE period_label = '2021'").fetchall()
    assert row[:4] == [(f"{DAY}.1", 70.0), (f"{DAY}.2", 71.0), (DAY, 72.0), (FINAL, 74.0)]
    for vintage, day in con.execute(f"SELECT DISTINCT vintage, vintage_date FROM {table}").fetchall():
        nth = vintage.removeprefix(f"{day}").removeprefix(".") or "0"
        columns = "method_version, breakdown, period_label, value, status"
        of_it = f"indicator_id = '{INDICATOR}'"
        then = con.execute(
            f"SELECT {columns} FROM as_of('{day}', nth_of_day := {nth}) WHERE {of_it} ORDER BY ALL"
        ).fetchall()
        in_table = con.execute(f"SELECT {columns} FROM {table} WHERE vintage = '{vintage}' ORDER BY ALL").fetchall()
        assert then and in_table == then
    pivot = f"PIVOT (FROM {table}) ON vintage USING any_value(value) GROUP BY period_label ORDER BY period_label"
    wide = records(con, pivot)[-1]
    assert [wide[name] for name in ("period_label", f"{DAY}.1", f"{DAY}.2", DAY, FINAL)] == [
        "2021",
        70.0,
        71.0,
        72.0,
        74.0,
    ]


def test_the_profile_is_what_the_history_adds_up_to(con):
    """Computed once more, in Python, for every indicator of the register."""
    cells = defaultdict(list)
    for one in records(con, "FROM history() ORDER BY known_from, day_order"):
        key = "indicator_id", "method_version", "entity_level", "entity_id", "period_start", "period_end", "breakdown"
        cells[tuple(one[name] for name in key)].append(one)
    profile = records(con, "FROM revision_profile")
    assert sum(one["cells"] for one in profile) == len(cells)
    for one in profile:
        kind = one["indicator_id"], one["method_version"], one["entity_level"]
        revised = [rows for key, rows in cells.items() if key[:3] == kind and len(rows) > 1]
        steps = [rows[-1]["value"] - rows[0]["value"] for rows in revised]
        days = [
            (rows[-1]["known_from"] - rows[0]["known_from"]).days
            for rows in revised
            if rows[-1]["status"] != "provisional"
        ]
        moved = sum(len({row["value"] for row in rows}) > 1 for rows in revised)
        assert (one["revised"], one["moved"]) == (len(revised), moved)
        assert one["few_cases"] == (len(revised) < 5)
        if steps:
            assert one["bias"] == pytest.approx(sum(steps) / len(steps))
            assert one["mean_absolute_revision"] == pytest.approx(sum(map(abs, steps)) / len(steps))
            assert one["largest_absolute_revision"] == pytest.approx(max(map(abs, steps)))
        assert one["days_to_final"] == (pytest.approx(sum(days) / len(days)) if days else None)
    mine = next(one for one in profile if one["indicator_id"] == INDICATOR)
    assert mine["revised"] >= 1 and mine["largest_absolute_revision"] >= 4.0


def test_a_provisional_figure_says_how_much_its_kind_moved(con):
    indicator = load_indicators(con)[INDICATOR]
    found = records(con, f"FROM revision_profile WHERE indicator_id = '{INDICATOR}' AND entity_level = 'national'")
    assert [indicator.series[0].profile] == found
    profile = {
        "revised": 1,
        "moved": 1,
        "mean_absolute_revision": 4.0,
        "largest_absolute_revision": 4.0,
        "few_cases": True,
    }
    moved = environment().get_template("macros.html").module.moved
    english, dutch = (moved(Text(lang), profile, indicator) for lang in ("en", "nl"))
    assert english == (
        "Figures of this kind that were published again: 1. Of these, 1 changed before being final, by 4.00 pt on average "
        "and 4.00 pt at most. These are fewer than five cases."
    )
    assert "gemiddeld 4,00 procentpunt en hoogstens 4,00 procentpunt" in dutch
    assert "none has been published again" in moved(Text("en"), None, indicator)
    assert provisional_line("G10", 1, 1, 4.0, 4.0, True) == (
        "G10: provisional; of 1 such figures published again 1 moved, by 4 on average, 4 at most (fewer than five cases)."
    )


def test_a_provisional_figure_has_the_revisions_of_the_method_in_its_row():
    """The method that leads need not be the headline's."""
    with duckdb.connect() as con:
        con.execute(
            """CREATE MACRO progress(first, last) AS TABLE
            SELECT 'G06' AS goal_id, 'rate' AS indicator_id, 'bottom_up' AS method_version, ['provisional'] AS flags;
            CREATE TABLE revision_profile AS FROM (VALUES ('rate', 'bottom_up', 'national', 30, 6, 0.1, 0.2, false),
                ('rate', 'published', 'national', 8, 4, 0.5, 0.6, false))
            AS t(indicator_id, method_version, entity_level, revised, moved, mean_absolute_revision, largest_absolute_revision, few_cases)"""
        )
        found = con.execute(PROVISIONAL, {"first": 2018, "last": 2020}).fetchall()
    assert [row[:3] for row in found] == [("G06", 30, 6)]
