"""Facts files meet the register: nothing is replaced without a word, nothing is written twice, and a fact has its own past."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from flows.http.client import HttpClient
from flows.ingest.editions import folder_files
from flows.ingest.ingest_file import ingest
from flows.settings import load_settings
from schemas.hand_kept_csv import read_hand_kept
from schemas.register.reader import RegisterError
from tests.helpers import tiny_warehouse
from tests.unit.test_facts import REPEATERS, file_of
from warehouse.archive.edition import Edition
from warehouse.register.facts import FactsRefused, import_facts
from warehouse.register.loader import REGISTER
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish
from warehouse.report import write_report
from warehouse.report.evaluation import write_evaluation
from warehouse.sample import FILES

TODAY = date(2032, 6, 1)
FIRST = REPEATERS | {"period": "2031", "value": "4.10", "published_on": "2032-01-15"}
LATER = FIRST | {"value": "4.20", "published_on": "2032-03-15", "url": "https://example.org/other"}


@pytest.fixture
def register(tmp_path) -> Path:
    folder = tmp_path / "register"
    shutil.copytree(REGISTER, folder)
    return folder


def take_in(register, *changes, write=True):
    planned = import_facts(register, "facts.csv", file_of(*changes), TODAY, write)
    return [(one.line, one.outcome) for one in planned]


def contents(register):
    return {path.name: path.read_bytes() for path in register.glob("*.csv")}


def test_a_dry_run_says_what_would_come_and_writes_nothing(register):
    before = contents(register)
    assert take_in(register, FIRST, FIRST | {"certainty": "unknown"}, write=False) == [(2, "add"), (3, "left_out")]
    assert contents(register) == before


def test_a_fact_is_a_line_more_and_a_second_time_it_is_there_already(register):
    before = contents(register)
    assert take_in(register, FIRST) == [(2, "add")]
    after = contents(register)
    assert after.pop("published_value.csv").removeprefix(before.pop("published_value.csv")).count(b"\n") == 1
    assert after == before
    written = contents(register)
    assert take_in(register, FIRST) == [(2, "equal")]
    assert contents(register) == written


def test_the_same_row_twice_in_one_file_is_one_line(register):
    assert take_in(register, FIRST, FIRST) == [(2, "add"), (3, "equal")]


@pytest.mark.parametrize("certainty", ["unknown", "not found", "row title seen; numbers not read", "month from memory"])
def test_what_nobody_saw_is_never_written(register, certainty):
    before = contents(register)
    assert take_in(register, FIRST | {"certainty": certainty}) == [(2, "left_out")]
    assert contents(register) == before


@pytest.mark.parametrize(
    "other",
    [
        LATER,
        FIRST | {"value": "4.20"},
        # The same value, and the register knows it from a later day only: what past days answer would change.
        FIRST | {"published_on": "2032-01-14"},
    ],
)
def test_what_differs_from_the_register_is_refused_whole(register, other):
    take_in(register, FIRST)
    before = contents(register)
    fresh = FIRST | {"period": "2030"}
    assert take_in(register, fresh, other, write=False) == [(2, "add"), (3, "conflict")]
    with pytest.raises(FactsRefused, match=r"facts\.csv, line 3: .* PV-G02-\d{3}: 4.1 known from 2032-01-15"):
        take_in(register, fresh, other)
    assert contents(register) == before


def test_a_vintage_stands_beside_the_value_that_it_follows(register, tmp_path):
    take_in(register, FIRST, LATER | {"vintage": "true"}, LATER | {"published_on": "2032-04-15"})
    con = tiny_warehouse(tmp_path / "built", [], register)
    known = con.execute(
        "SELECT value, known_from::VARCHAR, known_to::VARCHAR FROM history() WHERE year = 2031 ORDER BY known_from"
    ).fetchall()
    assert known == [(4.1, "2032-01-15", "2032-03-15"), (4.2, "2032-03-15", None)]


CORRECTION = {"correction": "The day was wrong.", "correction_nl": "De dag was fout."}


def row_of(register, value_id):
    (row,) = (row for row in rows_of(register, "published_value") if row["value_id"] == value_id)
    return row


def rows_of(register, table):
    return [row.cells for row in read_hand_kept(register / f"{table}.csv").rows]


def test_a_correction_changes_the_row_and_says_so_in_the_errata_once(register, tmp_path):
    take_in(register, FIRST)
    value_id, errata = rows_of(register, "published_value")[-1]["value_id"], rows_of(register, "errata")
    right = FIRST | CORRECTION | {"value": "4.15", "published_on": "2032-01-10", "corrects": value_id}
    assert take_in(register, right, write=False) == [(2, "correct")] and rows_of(register, "errata") == errata
    assert take_in(register, right) == [(2, "correct")]
    row = row_of(register, value_id)
    assert (row["value"], row["published_on"], row["entered_on"]) == ("4.15", "2032-01-10", TODAY.isoformat())
    shown = [
        (one["row_key"], one["column"], one["before"], one["after"], one["what_nl"])
        for one in rows_of(register, "errata")[len(errata) :]
    ]
    assert shown == [
        (value_id, "value", "4.1", "4.15", "De dag was fout."),
        (value_id, "known_from", "2032-01-15", "2032-01-10", "De dag was fout."),
    ]
    assert take_in(register, right) == [(2, "equal")] and len(rows_of(register, "errata")) == len(errata) + 2
    con = tiny_warehouse(tmp_path / "built", [], register)
    known = con.execute("SELECT value, known_from::VARCHAR FROM history() WHERE year = 2031").fetchall()
    assert known == [(4.15, "2032-01-10")]


@pytest.mark.parametrize("change", [{"corrects": "PV-G02-001"}, {"correction_nl": ""}])
def test_a_correction_of_another_figure_or_without_a_word_is_refused(register, change):
    take_in(register, FIRST)
    value_id, before = rows_of(register, "published_value")[-1]["value_id"], contents(register)
    right = FIRST | CORRECTION | {"published_on": "2032-01-10", "corrects": value_id} | change
    with pytest.raises(FactsRefused):
        take_in(register, right)
    assert contents(register) == before


def test_a_row_against_the_rules_of_the_register_is_refused(register):
    before = contents(register)
    for wrong in (
        {"flags": "no_such_flag"},
        {"url": "example.org"},
        {"published_on": "2033-01-01"},
        {"source_title": ""},
    ):
        with pytest.raises(FactsRefused, match=r"^facts\.csv, line 3"):
            take_in(register, FIRST, FIRST | {"period": "2030"} | wrong, write=False)
    assert contents(register) == before


def test_a_letter_that_the_register_cannot_hold_is_refused(register):
    """A colleague's spreadsheet saved the register in cp1252."""
    values = register / "published_value.csv"
    values.write_bytes(values.read_bytes().replace(b"zittenblijven", b"zittenbl\xffven", 1))
    before = contents(register)
    with pytest.raises(RegisterError, match="text in cp1252, found"):
        take_in(register, FIRST | {"source_title": "őszi"})
    assert contents(register) == before
    assert take_in(register, FIRST | {"source_title": "Café"}) == [(2, "add")]
    assert values.read_bytes().splitlines()[-1].count(b"Caf\xe9") == 1


def test_one_fact_reaches_progress_history_report_and_evaluation_and_the_day_before_does_not_know_it(
    register, tmp_path
):
    """On the sample: a made-up value of G10 for 2020, published on 1 March 2022."""
    data, settings = DataDirectory(tmp_path / "data"), load_settings(data=tmp_path / "data")
    offered, _ = folder_files(FILES, "sample", TODAY)
    with HttpClient(settings) as client:
        assert ingest(offered[0], data, client).outcome == "new"
    first = publish(data, Edition("sample"), TODAY, register=register, snapshots={2020: None}).release
    fact = {"value": "77", "period": "2020", "published_on": "2022-03-01", "vintage": "true"}
    assert take_in(register, fact) == [(2, "add")]
    second = publish(data, Edition("sample"), TODAY, register=register).release
    assert second.release_id != first.release_id and (second.added, second.revised) == (0, 1)
    with data.published.open() as con:
        assert con.execute("SELECT value_to FROM progress(2018, 2020) WHERE goal_id = 'G10'").fetchone() == (77,)
        known = "SELECT value FROM as_of(DATE '{}') WHERE indicator_id = 'g10_starters_begeleid_pct' AND year = 2020"
        assert con.execute(known.format("2022-02-28")).fetchall() == [(89,)]
        assert con.execute(known.format("2022-03-01")).fetchall() == [(77,)]
        found = con.execute(
            "SELECT known_from::VARCHAR FROM history() WHERE indicator_id LIKE 'g10%' AND year = 2020 ORDER BY 1"
        ).fetchall()
        assert found == [("2021-05-19",), ("2022-03-01",)]
        write_report(con, tmp_path / "report")
        write_evaluation(con, date(2022, 2, 28), tmp_path / "before")
        write_evaluation(con, date(2022, 3, 1), tmp_path / "after")
    assert "77%" in (tmp_path / "report" / "en" / "goal-g10.html").read_text()
    written = {day: (tmp_path / day / "figures.csv").read_text() for day in ("before", "after")}
    row = "g10_starters_begeleid_pct"
    has = {day: [line for line in text.splitlines() if row in line and ",77" in line] for day, text in written.items()}
    assert has["before"] == [] and len(has["after"]) == 1
