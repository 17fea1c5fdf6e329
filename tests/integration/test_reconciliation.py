"""School files against published figures: agreement, explanation, or a failing audit; and what is no trend."""

import csv
import shutil
from datetime import date

import pytest

from tests.helpers import tiny_06, tiny_warehouse
from warehouse.api import FOLDER
from warehouse.build.audits import AuditFailed, run_audits
from warehouse.build.tables import SQL
from warehouse.database import connect
from warehouse.register.loader import REGISTER

YEARS = ["2015-2016", "2016-2017", "2017-2018", "2018-2019"]


def build_with(folder, counts, register=REGISTER):
    """A warehouse of one havo school with (candidates, passed) for each of YEARS; returns the path of its file."""
    text = tiny_06(YEARS, [("00AH00", counts)])
    files = [("06-examenkandidaten-en-geslaagden-2014-2019.csv", text, date(2020, 12, 21))]
    tiny_warehouse(folder, files, register).close()
    return folder / "w.duckdb"


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """2016 and 2017 just inside and just outside the printed precision, 2018 hidden, 2019 far off."""
    counts = [(10_000, 8_864), (10_000, 8_726), ("<5", "<5"), (100, 50)]
    return build_with(tmp_path_factory.mktemp("compared"), counts)


def havo(path):
    """Year -> outcome, kind of difference, reason."""
    with connect(path, read_only=True) as con:
        rows = con.execute(
            "SELECT year, outcome, difference_kind, reason_en FROM reconciliation WHERE breakdown = 'havo'"
        ).fetchall()
    return {year: tuple(rest) for year, *rest in rows}


def findings(path, audit):
    with connect(path, read_only=True) as con:
        return con.execute((SQL / "audits" / f"{audit}.sql").read_text()).fetchall()


def test_agreement_is_to_the_printed_precision(compared):
    """88.64 is 88.6; 87.26 is not 87.2; bounds of 25 to 100 percent reach 87.7."""
    outcomes = {year: found[0] for year, found in havo(compared).items()}
    assert outcomes == {2016: "agrees", 2017: "unexplained", 2018: "agrees", 2019: "unexplained"}


def test_an_unexplained_difference_fails_the_audit(compared):
    with connect(compared, read_only=True) as con, pytest.raises(AuditFailed) as raised:
        run_audits(con)
    assert "reconciliation_explained" in raised.value.findings


def test_an_explanation_holds_up_to_the_size_it_names(tmp_path):
    """A difference of 0.2 in 2019 and of 0.6 in 2016, both explained up to 0.3; 2018 has its own row."""
    register = tmp_path / "register"
    shutil.copytree(REGISTER, register)
    with (register / "explained_difference.csv").open("a", newline="", encoding="utf-8") as file:
        for day in ("2016-07-31", "2019-07-31"):
            row = [
                "g06_slaagpct",
                "bottom_up",
                "havo",
                day,
                "0.3",
                "unknown",
                "Niet bekend.",
                "Not known.",
                "2026-11-23",
            ]
            csv.writer(file, lineterminator="\n").writerow(row)
    path = build_with(tmp_path / "w", [(1000, 880), (1000, 872), (1000, 877), (1000, 880)], register)
    found = havo(path)
    assert found[2019] == ("explained", "unknown", "Not known.")
    assert found[2017] == found[2018] == ("agrees", None, None)
    assert found[2016][0] == "unexplained"
    assert {row[2] for row in findings(path, "reconciliation_explained") if row[1] == "havo"} == {"2015-2016"}


def test_values_of_different_boards_give_no_change(compared, tmp_path):
    """G14 in two years: both values stand, flagged, and `progress` gives no difference between them."""
    path = tmp_path / "w.duckdb"
    shutil.copy(compared, path)
    with connect(path) as con:
        for year, value in ((2018, 80.0), (2020, 90.0)):
            con.execute(
                """INSERT INTO goals.observation BY NAME
                SELECT 'G14' AS goal_id, 'g14_kwaliteitszorg_voldoende_pct' AS indicator_id,
                       'bottom_up_standaarden' AS method_version, 'national' AS entity_level, 'NL' AS entity_id,
                       ($year - 1) || '-' || $year AS period_label, make_date($year - 1, 9, 1) AS period_start,
                       make_date($year, 8, 31) AS period_end, $year AS year, 'total' AS breakdown, $value AS value,
                       $value AS value_low, $value AS value_high, 0 AS masked_cells, 'pct' AS unit, 'final' AS status,
                       []::VARCHAR[] AS flags, ['x'] AS source_file_ids, DATE '2020-12-31' AS known_from,
                       'mirror' AS edition, false AS synthetic""",
                {"year": year, "value": value},
            )
        con.execute("DELETE FROM goals.timeline_now; INSERT INTO goals.timeline_now FROM as_of(DATE '9999-12-31')")
        con.execute((FOLDER / "30_progress.sql").read_text().replace("CREATE ", "CREATE OR REPLACE "))
        row = con.execute(
            "SELECT value_from, value_to, change, list_contains(flags, 'different_boards') "
            "FROM progress(2018, 2020) WHERE goal_id = 'G14'"
        ).fetchone()
    assert row == (80.0, 90.0, None, True)
    assert findings(path, "not_a_trend") == []
