"""The figures that the real balance file and the real exam file must give."""

from datetime import date

import pytest

from tests.helpers import origin_for
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.build.build_warehouse import build
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect

pytestmark = pytest.mark.mirror
IMAGES = "duo.nl/open_onderwijsdata/images/"
FILES = ("01-balans-2015-2019.xlsx", "07-geslaagden-gezakten-en-cijfers-2018-2019.csv")


@pytest.fixture(scope="module")
def warehouse(shared_mirror, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finance")
    archive = Archive(folder / "archive")
    for name in FILES:
        url = f"https://{IMAGES}{name}"
        archive.add(
            (shared_mirror / IMAGES / name).read_bytes(), origin_for(name, url, date(2022, 5, 4), edition="mirror")
        )
    build(folder / "w.duckdb", archive, ParseCache(folder / "cache"), Edition("mirror"))
    with connect(folder / "w.duckdb", read_only=True) as con:
        yield con


def test_own_funds_of_all_rows_and_of_school_boards(warehouse):
    """In billions of euros, 2015 to 2019: all VO rows, and the school boards alone."""
    rows = warehouse.execute(
        """SELECT breakdown, list(round(value / 1e9, 3) ORDER BY year) FROM timeline
        WHERE indicator_id = 'g13_eigen_vermogen_eur' AND method_version = 'bottom_up_balans' GROUP BY breakdown"""
    ).fetchall()
    assert dict(rows) == {
        "alle-vo": [2.084, 2.143, 2.243, 2.346, 2.552],
        "total": [2.002, 2.038, 2.116, 2.204, 2.408],
    }


def test_every_school_board_has_its_ratios_and_none_is_missing(warehouse):
    """289 boards in 2015, 281 in 2019; no blank cell among them. Key figures of DUO are not in the mirror."""
    found = warehouse.execute("SELECT indicator_id, year, boards, missing_pct FROM finance_coverage").fetchall()
    solvency = {
        year: (boards, missing) for indicator, year, boards, missing in found if indicator == "g13_solvabiliteit_2"
    }
    assert (solvency[2015], solvency[2019]) == ((289, 0.0), (281, 0.0))
    assert {missing for indicator, _, _, missing in found if indicator == "g13_rentabiliteit"} == {100.0}


def test_the_national_ratio_is_a_ratio_of_sums(warehouse):
    national, boards = warehouse.execute(
        """SELECT any_value(value) FILTER (entity_level = 'national'),
               sum(numerator) FILTER (entity_level = 'board') / sum(denominator) FILTER (entity_level = 'board')
        FROM goals.observation
        WHERE indicator_id = 'g13_solvabiliteit_2' AND method_version = 'bottom_up_balans' AND year = 2018"""
    ).fetchone()
    assert national == pytest.approx(boards) and round(national, 3) == 0.618


def test_a_board_is_explained_down_to_its_line(warehouse):
    """The line in the workbook, and its two amounts."""
    value, numerator, denominator, lines = warehouse.execute(
        """SELECT value, numerator, denominator, lines
        FROM explain('G13', 'g13_solvabiliteit_2', (SELECT min(entity_id) FROM goals.observation
            WHERE indicator_id = 'g13_solvabiliteit_2' AND entity_level = 'board' AND year = 2018),
            2018, DATE '2026-01-01')"""
    ).fetchone()
    own, provisions, total = warehouse.execute(
        "SELECT own_funds_eur, provisions_eur, total_liabilities_eur FROM core.duo_balans WHERE line = $line",
        {"line": lines[0]},
    ).fetchone()
    assert len(lines) == 1 and (numerator, denominator) == (own + provisions, total)
    assert value == pytest.approx(numerator / denominator)


def test_exams_of_2018_2019(warehouse):
    """196,552 candidates, 180,894 passed, 15,658 failed; mean grades weighted by candidates."""
    row = warehouse.execute(
        """SELECT candidates, passed, failed, round(school_exam_grade, 3), round(central_exam_grade, 3)
        FROM exam_grades WHERE level = 'total'"""
    ).fetchone()
    assert row == (196_552, 180_894, 15_658, 6.458, 6.418)
    gap = warehouse.execute(
        "SELECT value FROM timeline WHERE indicator_id = 'g06_ce_se_verschil' AND breakdown = 'total'"
    )
    assert gap.fetchone()[0] == pytest.approx(6.457602 - 6.418277, abs=1e-6)


def test_boards_below_a_signal_value_are_counted_among_all_boards(warehouse):
    """Solvency II below 0.30: 14 of 284 in 2018, 8 of 281 in 2019; liquidity below 1: 20 and 9."""
    found = warehouse.execute(
        """SELECT indicator_id, year, numerator, denominator FROM timeline
        WHERE indicator_id LIKE 'g13_besturen_lage_%' AND year >= 2018 ORDER BY ALL"""
    ).fetchall()
    liquidity, solvency = "g13_besturen_lage_liquiditeit_pct", "g13_besturen_lage_solvabiliteit_pct"
    assert found == [
        (liquidity, 2018, 20, 284),
        (liquidity, 2019, 9, 281),
        (solvency, 2018, 14, 284),
        (solvency, 2019, 8, 281),
    ]


def test_the_ministry_printed_what_the_boards_add_up_to(warehouse):
    outcomes = warehouse.execute(
        "SELECT indicator_id, list(outcome ORDER BY year) FROM reconciliation WHERE goal_id = 'G13' GROUP BY ALL"
    ).fetchall()
    assert dict(outcomes) == {
        "g13_solvabiliteit_2": ["agrees"] * 3,
        "g13_liquiditeit": ["explained", "agrees", "explained"],
        "g13_eigen_vermogen_eur": ["explained"] * 3,
    }
