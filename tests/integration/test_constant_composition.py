"""Progress of schools and boards on a constant composition: mergers, splits, boards that change, hidden counts."""

import shutil
from datetime import date
from itertools import product

import duckdb
import pytest

from tests.helpers import tiny_05, tiny_06, tiny_sites, tiny_steps, tiny_warehouse
from tests.people_case import published_sample
from warehouse.database import connect

OLD_06 = "06-examenkandidaten-en-geslaagden-2014-2019.csv"
NEW_06 = "examenkandidaten-en-geslaagden-2019-2024.csv"
STATE = "02-alle-vestigingen-vo.csv"
STEPS = [
    ("01AA", "02BB", "1-8-2019", "F", "J"),  # merges wholly
    ("04DD01", "05EE00", "1-8-2019", "S", "J"),  # a site splits off, to another board
    ("40004", "40001", "1-1-2019", "V", "J"),  # 08HH passes to the first board
]
EXAMS_2019 = [
    ("01AA00", [(100, 90)]),
    ("02BB00", [(50, 40)]),
    ("04DD00", [(200, 180)]),
    ("08HH00", [(100, 95)]),
    ("10JJ00", [(100, 96)]),
    ("11KK00", [(10, 10)]),
]
EXAMS_2020 = [
    ("02BB00", [(140, 120)]),
    ("04DD00", [(120, 100)]),
    ("05EE00", [(80, 78)]),
    ("08HH00", [(100, 99)]),
    ("10JJ00", [(100, 96)]),
    ("10JJ01", [("<5", "<5")]),
    ("10JJ02", [(7, "<5")]),
    ("12LL00", [(20, 20)]),
]


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    sites_2016 = [
        ("01AA00", "40001"),
        ("02BB00", "40001"),
        ("04DD00", "40002"),
        ("08HH00", "40004"),
        ("11KK00", "40002"),
    ]
    sites_2020 = [
        ("02BB00", "40001"),
        ("04DD00", "40002"),
        ("05EE00", "40003"),
        ("08HH00", "40001"),
        ("10JJ00", "40005"),
    ]
    con = tiny_warehouse(
        tmp_path_factory.mktemp("constant"),
        [
            (STATE, tiny_sites(sites_2016), date(2016, 8, 1)),
            (STATE, tiny_sites(sites_2020), date(2020, 10, 5)),
            ("overgangen_20250113.csv", tiny_steps(STEPS), date(2025, 1, 21)),
            (OLD_06, tiny_06(["2018-2019"], EXAMS_2019), date(2020, 1, 1)),
            (NEW_06, tiny_06(["2019-2020"], EXAMS_2020), date(2025, 1, 1)),
            (
                "05-zittenblijvers-niveau-vestiging-2017-2018-tov-2018-2019.csv",
                tiny_05([("02BB00", 1000, 62)]),
                date(2020, 1, 1),
            ),
            (
                "05-zittenblijvers-niveau-vestiging-2019-2020-tov-2020-2021.csv",
                tiny_05([("02BB00", 1000, 33)]),
                date(2022, 1, 1),
            ),
        ],
    )
    yield con
    con.close()


def exams(con, macro: str, key: str) -> dict[str, dict]:
    """Rows of the pass rate of all levels, by school or board, with the flags about composition only."""
    found = (
        con.execute(f"FROM {macro}(2019, 2020) WHERE indicator_id = 'g06_slaagpct' AND breakdown = 'total'")
        .df()
        .to_dict("records")
    )
    about = {
        "composition_changed",
        "succession_not_one_to_one",
        "masked",
        "no_value_in_from_year",
        "no_value_in_to_year",
    }
    return {row[key]: {**row, "flags": sorted(about & set(row["flags"]))} for row in found}


def test_a_merger_adds_up_both_schools_on_both_sides(con):
    row = exams(con, "school_progress", "school_id")["02BB"]
    assert (list(row["school_ids_from"]), list(row["school_ids_to"])) == (["01AA", "02BB"], ["02BB"])
    assert (row["value_from"], row["value_to"]) == pytest.approx((100 * 130 / 150, 100 * 120 / 140))
    assert row["change"] == pytest.approx(row["value_to"] - row["value_from"])
    assert row["flags"] == ["composition_changed"]


def test_a_split_keeps_both_parts_together_and_says_so(con):
    row = exams(con, "school_progress", "school_id")["04DD"]
    assert list(row["school_ids_to"]) == ["04DD", "05EE"]
    assert (row["value_from"], row["value_to"]) == (90.0, 89.0)
    assert row["flags"] == ["succession_not_one_to_one"]


def test_a_school_in_one_year_only_has_no_change(con):
    rows = exams(con, "school_progress", "school_id")
    assert rows["11KK"]["flags"] == ["no_value_in_to_year"]
    assert rows["12LL"]["flags"] == ["no_value_in_from_year"]
    assert rows["08HH"]["flags"] == []


def test_a_board_is_made_of_the_schools_it_holds_at_the_end(con):
    row = exams(con, "board_progress", "board_id")["40001"]
    assert list(row["board_ids_from"]) == ["40001", "40004"]
    assert (row["value_from"], row["value_to"]) == pytest.approx((100 * 225 / 250, 100 * 219 / 240))
    assert row["flags"] == ["composition_changed"]
    assert "40004" not in exams(con, "board_progress", "board_id")


def test_a_split_over_two_boards_counts_wholly_for_both(con):
    rows = exams(con, "board_progress", "board_id")
    for board in ("40002", "40003"):
        assert (rows[board]["value_from"], rows[board]["value_to"]) == (90.0, 89.0)
        assert rows[board]["flags"] == ["succession_not_one_to_one"]
    assert rows["40002"]["left_out"] == 1  # 11KK: only in the first year


def test_hidden_counts_give_bounds_with_every_truth_inside(con):
    for macro, key, which in (("school_progress", "school_id", "10JJ"), ("board_progress", "board_id", "40005")):
        row = exams(con, macro, key)[which]
        assert row["value_to"] != row["value_to"] and row["change"] != row["change"]
        assert row["flags"] == ["masked"]
        truths = [
            100 * (96 + passed + other) / (107 + candidates)
            for candidates, passed, other in product(range(1, 5), range(1, 5), range(1, 5))
            if passed <= candidates
        ]
        assert row["value_to_low"] <= min(truths) and max(truths) <= row["value_to_high"]
        assert row["value_to_high"] - row["value_to_low"] < 7
        assert row["change_low"] == pytest.approx(row["value_to_low"] - 96)
        assert row["change_high"] == pytest.approx(row["value_to_high"] - 96)


def test_methods_are_never_compared_with_each_other(con):
    rows = con.execute(
        """SELECT method_version, value_from, value_to, change FROM board_progress(2018, 2020)
        WHERE indicator_id = 'g02_zittenblijf_pct' AND board_id = '40001' ORDER BY ALL"""
    ).fetchall()
    assert rows == [
        ("bottom_up_excl_nieuwkomers", None, 3.3, None),
        ("bottom_up_incl_nieuwkomers", 6.2, None, None),
    ]


def test_a_boards_own_figures_follow_the_boards_that_merged(con):
    """Finance is told per board: 40004, all of whose schools passed to 40001, counts for 40001 on both sides."""
    (path,) = con.execute("SELECT path FROM duckdb_databases() WHERE database_name = current_database()").fetchone()
    figures = [("40001", 2018, 10.0, 100.0), ("40004", 2018, 30.0, 100.0), ("40001", 2019, 50.0, 200.0)]
    with duckdb.connect() as copy:
        copy.execute(f"ATTACH '{path}' AS w (READ_ONLY); COPY FROM DATABASE w TO memory")
        for board, year, numerator, denominator in figures:
            copy.execute(
                """INSERT INTO goals.observation BY NAME SELECT 'G13' AS goal_id, 'g13_solvabiliteit_2' AS indicator_id,
                method_version, 'board' AS entity_level, $board AS entity_id, $year::VARCHAR AS period_label,
                make_date($year, 1, 1) AS period_start, make_date($year, 12, 31) AS period_end, $year AS year,
                'total' AS breakdown, $n / $d AS value, $n / $d AS value_low, $n / $d AS value_high, $n AS numerator,
                $d AS denominator, 0 AS masked_cells, 'ratio' AS unit, [] AS flags, ['x'] AS source_file_ids,
                false AS synthetic
                FROM goals.method WHERE indicator_id = 'g13_solvabiliteit_2' AND origin = 'bottom_up' LIMIT 1""",
                {"board": board, "year": year, "n": numerator, "d": denominator},
            )
        rows = copy.execute(
            """SELECT board_id, board_ids_from, value_from, value_to, list_contains(flags, 'composition_changed')
            FROM board_progress(2018, 2019) WHERE indicator_id = 'g13_solvabiliteit_2'"""
        ).fetchall()
    assert rows == [("40001", ["40001", "40004"], 0.2, 0.25, True)]


@pytest.mark.mirror
def test_real_exams_keep_their_national_sum(shared_mirror, tmp_path):
    """What the compositions add up to is what all schools add up to: nothing is lost or counted twice."""
    images = shared_mirror / "duo.nl" / "open_onderwijsdata" / "images"
    steps = shared_mirror / "onderwijsdata.duo.nl" / "rio" / "OVERGANGEN_20250113.csv"
    con = tiny_warehouse(
        tmp_path,
        [
            (OLD_06, (images / OLD_06).read_text("cp1252"), date(2020, 12, 21)),
            ("overgangen_20250113.csv", steps.read_text("utf-8-sig"), date(2025, 1, 21)),
        ],
    )
    rows = con.execute(
        """SELECT list_sort(list_distinct(flatten(list(school_ids_from)))), sum(len(school_ids_from)), count(change)
        FROM school_progress(2018, 2019) WHERE indicator_id = 'g06_slaagpct' AND breakdown = 'total'"""
    ).fetchone()
    schools = con.execute(
        """SELECT count(*) FROM goals.observation WHERE entity_level = 'school' AND year = 2018 AND known_to IS NULL
        AND breakdown = 'total' AND indicator_id = 'g06_slaagpct'"""
    ).fetchone()[0]
    assert len(rows[0]) == rows[1] == schools > 500
    merged = con.execute(
        "SELECT value_from, change FROM school_progress(2018, 2019) WHERE school_ids_from = ['00LY', '16JO'] "
        "AND indicator_id = 'g06_slaagpct' AND breakdown = 'total'"
    ).fetchone()
    assert merged is not None and None not in merged
    con.close()


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("FROM board_progress(2018, 2019)", "goals.observation"),
        ("FROM school_progress(2018, 2019)", "goals.observation"),
        ("FROM exam_grades", "core.duo_07_geslaagden"),
    ],
)
def test_the_order_of_rows_changes_no_last_digit(tmp_path, question, table):
    shutil.copyfile(published_sample().warehouse, tmp_path / "shuffled.duckdb")
    with connect(tmp_path / "shuffled.duckdb") as con:
        before = con.execute(f"{question} ORDER BY ALL").fetchall()
        for salt in range(3):
            con.execute(f"CREATE TEMP TABLE shuffled AS FROM {table} AS one ORDER BY hash(one, {salt})")
            con.execute(f"DELETE FROM {table}; INSERT INTO {table} FROM shuffled; DROP TABLE shuffled")
            assert con.execute(f"{question} ORDER BY ALL").fetchall() == before
