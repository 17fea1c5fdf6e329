"""`indicator_progress`: change with bounds at every level, and ranks that small numbers and masks cannot lead."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.helpers import tiny_06, tiny_sites, tiny_warehouse

FILE = "06-examenkandidaten-en-geslaagden-{}.csv"


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Five boards of one school: two large ones, one with a mask, one of two candidates, one that is gone."""
    schools = {"01AA00": "00001", "02AA00": "00002", "03AA00": "00003", "04AA00": "00004", "05AA00": "00005"}
    before = {"01AA00": (100, 80), "02AA00": (200, 180), "03AA00": (100, 90), "04AA00": (2, 0), "05AA00": (50, 40)}
    after = {"01AA00": (100, 90), "02AA00": (200, 182), "03AA00": (100, "<5"), "04AA00": (2, 2)}
    files = [
        (
            FILE.format("2012-2017"),
            tiny_06(["2012-2013"], [(site, [counts]) for site, counts in before.items()]),
            date(2018, 1, 1),
        ),
        (
            FILE.format("2013-2018"),
            tiny_06(["2013-2014"], [(site, [counts]) for site, counts in after.items()]),
            date(2019, 1, 1),
        ),
        ("02-alle-vestigingen-vo.csv", tiny_sites(list(schools.items())), date(2019, 1, 1)),
    ]
    return tiny_warehouse(tmp_path_factory.mktemp("progress"), files)


def boards(con: duckdb.DuckDBPyConnection) -> dict[str, dict]:
    """Rows of the boards, by number."""
    rows = con.sql(
        "FROM indicator_progress(2013, 2014) WHERE entity_level = 'board' AND indicator_id = 'g06_slaagpct' AND breakdown = 'total'"
    )
    names = rows.columns
    return {row[names.index("entity_id")]: dict(zip(names, row, strict=True)) for row in rows.fetchall()}


def test_a_change_has_its_numbers_and_its_rank(con):
    first, second = boards(con)["00001"], boards(con)["00002"]
    assert (first["value_from"], first["value_to"], first["change"]) == (80, 90, pytest.approx(10))
    assert (first["n_from"], first["n_to"]) == (100, 100)
    assert (first["rank"], second["rank"], first["peers"]) == (1, 2, 3)


def test_two_candidates_lead_no_ranking(con):
    small = boards(con)["00004"]
    assert small["change"] == pytest.approx(100) and small["rank"] is None and small["no_rank_reason"] == "small_n"


def test_a_hidden_value_has_bounds_of_its_change_and_the_ranks_they_allow(con):
    hidden = boards(con)["00003"]
    assert hidden["change"] is None and hidden["missing_reason"] == "masked"
    assert (hidden["change_low"], hidden["change_high"]) == (pytest.approx(1 - 90), pytest.approx(4 - 90))
    assert hidden["rank"] == hidden["rank_best"] == hidden["rank_worst"] == 3


def test_a_board_that_is_gone_says_why_it_has_no_change(con):
    gone = boards(con)["00005"]
    assert gone["change"] is None and gone["missing_reason"] == gone["no_rank_reason"] == "not_measured"


def test_bounds_that_overlap_leave_a_range_of_ranks(tmp_path: Path):
    """Two boards whose hidden results overlap share a range; the truth of each is inside it."""
    before = [(f"0{number}AA00", [(100, 50)]) for number in range(1, 4)]
    after = [("01AA00", [(100, "<5")]), ("02AA00", [(100, "<5")]), ("03AA00", [(100, 60)])]
    sites = [(f"0{number}AA00", f"0000{number}") for number in range(1, 4)]
    files = [
        (FILE.format("2012-2017"), tiny_06(["2012-2013"], before), date(2018, 1, 1)),
        (FILE.format("2013-2018"), tiny_06(["2013-2014"], after), date(2019, 1, 1)),
        ("02-alle-vestigingen-vo.csv", tiny_sites(sites), date(2019, 1, 1)),
    ]
    with tiny_warehouse(tmp_path, files) as con:
        found = boards(con)
    assert found["00003"]["rank"] == 1
    for board in ("00001", "00002"):
        row = found[board]
        assert (row["rank"], row["rank_best"], row["rank_worst"], row["no_rank_reason"]) == (
            None,
            2,
            3,
            "bounds_overlap",
        )
