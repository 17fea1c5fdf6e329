"""The corrections register: applied with its guard, written down, refused with one sentence when it no longer holds."""

import csv
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from schemas.register.reader import RegisterError
from tests.helpers import tiny_05, tiny_06, tiny_warehouse
from warehouse.build.audits import run_audits
from warehouse.build.corrections import apply_corrections
from warehouse.build.tables import SQL, create_tables
from warehouse.database import connect
from warehouse.register.loader import REGISTER

FILE = "05-zittenblijvers-niveau-vestiging-2017-2018-tov-2018-2019.csv"
PERIOD = "2017-2018 -> 2018-2019"
ROW = {
    "correction_id": "CO-001",
    "dataset_id": "duo_05_zittenblijvers",
    "period": PERIOD,
    "row_key": '{"vestiging_id": "02BB00"}',
    "column": "repeaters_n",
    "expect": "620",
    "replacement": "62",
    "reason_nl": "Een nul te veel.",
    "reason_en": "A nought too many.",
    "source_url": "https://example.org/notice",
    "decided_on": "2026-11-23",
}


def register_with(folder: Path, **changes: str) -> Path:
    """A copy of the register with one correction in it."""
    target = folder / "register"
    shutil.copytree(REGISTER, target)
    with (target / "correction.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ROW, lineterminator="\n")
        writer.writeheader()
        writer.writerow({**ROW, **changes})
    return target


def file_with(repeaters: int, known: date = date(2020, 1, 1)) -> tuple[str, str, date]:
    return FILE, tiny_05([("02BB00", 1000, repeaters)]), known


def refusal(tmp_path: Path, files: list, **changes: str) -> str:
    """The sentence with which a build fails."""
    with pytest.raises(RegisterError) as raised:
        tiny_warehouse(tmp_path / "w", files, register_with(tmp_path, **changes))
    return str(raised.value)


def test_a_correction_is_applied_and_written_down(tmp_path):
    con = tiny_warehouse(tmp_path / "w", [file_with(620)], register_with(tmp_path))
    assert con.execute("SELECT repeaters_n FROM core.duo_05_zittenblijvers").fetchall() == [(62,)]
    assert con.execute("SELECT * EXCLUDE (source_file_id) FROM meta.correction_applied").fetchall() == [
        ("CO-001", 2, "repeaters_n", "620", "62", "Een nul te veel.", "A nought too many.")
    ]
    value = con.execute(
        "SELECT value FROM timeline WHERE method_version = 'bottom_up_incl_nieuwkomers' AND year = 2018 "
        "AND indicator_id = 'g02_zittenblijf_pct'"
    ).fetchone()
    assert value == (6.2,)
    assert run_audits(con) > 8
    con.close()


def test_the_build_fails_once_the_publisher_has_fixed_it(tmp_path):
    told = refusal(tmp_path, [file_with(620), file_with(62, date(2021, 1, 1))])
    assert told.startswith("correction.csv, line 2, column expect: expected 620 as repeaters_n in line 2 of " + FILE)
    assert told.endswith("found 62; the publisher has fixed it, so this row must go.")


def test_the_build_fails_when_the_publisher_has_changed_it(tmp_path):
    assert refusal(tmp_path, [file_with(63)]).endswith("found 63; the publisher has changed it, so this row must go.")


def test_older_files_with_the_fault_are_corrected_too(tmp_path):
    other = (FILE, tiny_05([("02BB00", 1000, 620), ("03CC00", 10, 1)]), date(2021, 1, 1))
    con = tiny_warehouse(tmp_path / "w", [file_with(620), other], register_with(tmp_path))
    assert con.execute("SELECT count(*) FROM meta.correction_applied").fetchone() == (2,)
    con.close()


def test_without_a_file_of_the_period_there_is_nothing_to_correct(tmp_path):
    con = tiny_warehouse(tmp_path / "w", [file_with(620)], register_with(tmp_path, period="2030-2031 -> 2031-2032"))
    assert con.execute("SELECT count(*) FROM meta.correction_applied").fetchone() == (0,)
    con.close()


def test_a_hidden_count_is_never_filled_in(tmp_path):
    name = "examenkandidaten-en-geslaagden-2019-2024.csv"
    told = refusal(
        tmp_path,
        [(name, tiny_06(["2019-2020"], [("02BB00", [("<5", "<5")])]), date(2025, 1, 1))],
        dataset_id="duo_06_examens",
        period="2019-2020",
        column="passed_n",
        expect="",
        replacement="3",
    )
    assert told.endswith("found one it hides; a hidden count is never filled in, so this row must go.")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"dataset_id": "duo_99"}, "column dataset_id: expected a dataset, found duo_99; choose one of "),
        ({"column": "repeaters"}, "column column: expected a column of duo_05_zittenblijvers, found repeaters; choose"),
        ({"row_key": "{02BB00}"}, "column row_key: expected a JSON object, found {02BB00}; write it like "),
        ({"row_key": '{"vestiging_id": "99ZZ00"}'}, 'found 0 with {"vestiging_id": "99ZZ00"}; name the row'),
        ({"row_key": '{"province": "Utrecht"}'}, 'found 2 with {"province": "Utrecht"}; name the row'),
        ({"expect": "many"}, "column expect: expected a value of type BIGINT, found many; write it as "),
    ],
)
def test_a_correction_that_points_nowhere_is_refused(tmp_path, changes, told):
    two_rows = (FILE, tiny_05([("02BB00", 1000, 620), ("03CC00", 10, 1)]), date(2020, 1, 1))
    assert told in refusal(tmp_path, [two_rows], **changes)


def test_synthetic_files_are_not_corrected():
    with duckdb.connect() as con:
        create_tables(con)
        con.execute("INSERT INTO meta.edition (edition, synthetic) VALUES ('sample', true)")
        assert apply_corrections(con) == 0


def test_the_audit_finds_a_correction_that_is_not_in_the_register(tmp_path):
    con = tiny_warehouse(tmp_path / "w", [file_with(620)], register_with(tmp_path))
    con.close()
    with connect(tmp_path / "w" / "w.duckdb") as con:
        con.execute("DELETE FROM goals.correction")
        assert con.execute((SQL / "audits" / "corrections_logged.sql").read_text()).fetchall()
