"""Schools, boards and regions over time: successions in a chain, validity, and states before and after a day."""

from datetime import date

import duckdb
import pytest

from tests.helpers import tiny_05, tiny_sites, tiny_steps, tiny_warehouse
from warehouse.build.audits import AuditFailed, run_audits
from warehouse.build.tables import SQL

FILE_05 = "05-zittenblijvers-niveau-vestiging-{0}-{1}-tov-{1}-{2}.csv"
STATE = "02-alle-vestigingen-vo.csv"
STEPS = [
    ("01AA", "02BB", "1-8-2017", "F", "J"),  # merges into 02BB ...
    ("02BB", "03CC", "1-8-2019", "V", "J"),  # ... which passes over into 03CC
    ("04DD00", "05EE00", "1-8-2019", "S", "J"),  # a site splits off
    ("06FF", "07GG", "1-8-2018", "F", "J"),  # a circle in the file
    ("07GG", "06FF", "1-8-2018", "F", "J"),
    ("10JJ", "11KK", "1-8-2017", "F", "J"),  # there, and back two years later
    ("11KK", "10JJ", "1-8-2019", "F", "J"),
    ("40001", "40002", "1-1-2019", "V", "N"),  # one board passes schools to another
]


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    sites_2016 = [
        ("01AA00", "40001"),
        ("02BB00", "40001"),
        ("04DD00", "40001"),
        ("04DD01", "40003"),
        ("08HH00", "40004"),
    ]
    sites_2020 = [("03CC00", "40002"), ("04DD01", "40002"), ("05EE00", "40002"), ("09II00", "40005")]
    con = tiny_warehouse(
        tmp_path_factory.mktemp("identity"),
        [
            (STATE, tiny_sites(sites_2016, rmc="12;Twente"), date(2016, 8, 1)),
            (STATE, tiny_sites(sites_2020, municipality="1950", rmc="12;Regio Twente"), date(2020, 10, 5)),
            ("overgangen_20250113.csv", tiny_steps(STEPS), date(2025, 1, 21)),
            ("overgangen_20240113.csv", tiny_steps(STEPS[:1]), date(2024, 1, 21)),
            (FILE_05.format(2017, 2018, 2019), tiny_05([("04DD01", 1000, 62)], "1950"), date(2020, 1, 1)),
        ],
    )
    yield con
    con.close()


def successors(con, school: str, day: str) -> list[tuple]:
    return con.execute(f"SELECT school_id, steps, one_to_one FROM successor_of('{school}', '{day}')").fetchall()


def test_the_newest_list_tells_and_the_first_one_dates(con):
    rows = con.execute(
        "SELECT from_brin, to_brin, kind, one_to_one, closes, line, known_from FROM core.succession"
    ).fetchall()
    assert ("01AA", "02BB", "fusie", True, True, 2, date(2024, 1, 21)) in rows
    assert ("02BB", "03CC", "overdracht", True, True, 3, date(2025, 1, 21)) in rows
    assert ("04DD", "05EE", "splitsing", False, False, 4, date(2025, 1, 21)) in rows


def test_successions_chain_up_to_the_day_asked_for(con):
    assert successors(con, "01AA", "2017-07-31") == [("01AA", 0, True)]
    assert successors(con, "01AA", "2018-01-01") == [("02BB", 1, True)]
    assert successors(con, "01AA", "2020-01-01") == [("03CC", 2, True)]
    assert successors(con, "99ZZ", "2020-01-01") == [("99ZZ", 0, True)]


def test_a_school_that_lost_a_part_stays_beside_the_new_one(con):
    assert successors(con, "04DD", "2020-01-01") == [("04DD", 0, False), ("05EE", 1, False)]


def test_a_circle_ends(con):
    assert successors(con, "06FF", "2020-01-01") == [("07GG", 1, True)]


def test_what_went_back_is_itself_again(con):
    assert successors(con, "10JJ", "2018-10-01") == [("11KK", 1, True)]
    assert successors(con, "10JJ", "2020-01-01") == [("10JJ", 2, True)]


def schools_on(con, day: str) -> dict[str, tuple]:
    rows = con.execute(
        f"SELECT school_id, is_open, state_is_later, board_id, valid_to FROM schools_on('{day}')"
    ).fetchall()
    return {school: rest for school, *rest in rows}


def test_schools_closed_before_the_day_are_told_as_closed(con):
    found = schools_on(con, "2018-10-01")
    assert found["01AA"] == [False, False, "40001", date(2017, 8, 1)]
    assert found["02BB"] == [True, False, "40001", date(2019, 8, 1)]
    assert found["08HH"] == [True, False, "40004", date(2020, 10, 5)]  # gone from the next state, nobody says where to


def test_schools_of_a_later_state_are_flagged_and_not_open_before_anybody_tells_of_them(con):
    found = schools_on(con, "2018-10-01")
    assert found["09II"] == [False, True, "40005", None]
    assert schools_on(con, "2015-01-01")["09II"] == [True, True, "40005", None]  # before any state: nothing against it
    assert schools_on(con, "2020-10-05")["09II"][:2] == [True, False]


def test_the_views_count_open_schools_of_the_newest_state(con):
    assert con.execute("SELECT school_id FROM schools ORDER BY ALL").fetchall() == [
        ("03CC",),
        ("04DD",),
        ("05EE",),
        ("09II",),
    ]
    assert con.execute("SELECT board_id, schools FROM boards").fetchall() == [("40002", 3), ("40005", 1)]


def test_sites_have_their_own_validity(con):
    found = con.execute("SELECT is_open, valid_to FROM sites_on('2020-01-01') WHERE vestiging_id = '04DD00'").fetchone()
    assert found == (False, date(2019, 8, 1))


def test_a_board_change_has_the_day_of_the_transfer(con):
    rows = con.execute(
        "SELECT board_id, valid_from, valid_to, dated_by_line FROM core.board_history WHERE brin = '04DD'"
    )
    assert rows.fetchall() == [
        ("40001", date(2016, 8, 1), date(2019, 1, 1), None),
        ("40002", date(2019, 1, 1), None, 9),
    ]
    (succession,) = con.execute(
        "SELECT from_board_id, to_board_id, schools, merged, whole_board FROM core.board_succession"
    ).fetchall()
    # 02BB was the first board's until 2019-08-01, and the list has no other state to show it at the second one.
    assert succession == ("40001", "40002", 1, False, False)


def test_municipalities_and_regions_are_dated(con):
    rows = con.execute(
        "SELECT municipality_id, valid_from, valid_to FROM core.municipality_history WHERE vestiging_id = '04DD01'"
    )
    assert rows.fetchall() == [("0153", date(2016, 8, 1), date(2018, 10, 1)), ("1950", date(2018, 10, 1), None)]
    rows = con.execute("SELECT rmc, valid_from, valid_to FROM core.rmc_region").fetchall()
    assert rows == [("Twente", date(2016, 8, 1), date(2020, 10, 5)), ("Regio Twente", date(2020, 10, 5), None)]


def test_the_audit_of_validity_finds_an_overlap(con):
    audit = (SQL / "audits" / "validity.sql").read_text()
    assert con.execute(audit).fetchall() == []
    with duckdb.connect() as broken:
        for table in ("validity", "board_history", "municipality_history", "rmc_region", "succession"):
            rows = con.execute(f"FROM core.{table}").arrow()
            broken.register("rows", rows)
            broken.execute(f"CREATE SCHEMA IF NOT EXISTS core; CREATE TABLE core.{table} AS FROM rows")
        broken.execute("UPDATE core.board_history SET valid_to = NULL WHERE brin = '04DD'")
        assert [row[:2] for row in broken.execute(audit).fetchall()] == [("core.board_history", "04DD")]


def test_all_audits_pass(con):
    try:
        assert run_audits(con) > 8
    except AuditFailed as failed:
        pytest.fail(str(failed))


@pytest.mark.mirror
def test_the_real_list_follows_baudartius_into_its_new_number(shared_mirror, tmp_path):
    name = "OVERGANGEN_20250113.csv"
    text = (shared_mirror / "onderwijsdata.duo.nl" / "rio" / name).read_text(encoding="utf-8-sig")
    con = tiny_warehouse(tmp_path, [(name, text, date(2025, 1, 21))])
    assert successors(con, "02VS", "2020-10-01") == [("20DH", 1, True)]
    assert successors(con, "17WQ", "2020-10-01") == [("17WQ", 0, False), ("31MD", 1, False)]
    con.close()
