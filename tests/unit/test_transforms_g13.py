"""G13: financial ratios are ratios of sums over school boards; samenwerkingsverbanden stand apart."""

import pytest

from tests.transform_case import YEAR_2018, contributions, core_with

BALANCE = "duo_balans"


def board(board_id: str, group: str = "SSG1", sector: str = "VO", **euros) -> dict:
    row = {"board_id": board_id, "sector": sector, "group": group, "name": "Voorbeeld", "year": 2018}
    amounts = {"own_funds_eur": 60, "provisions_eur": 10, "total_liabilities_eur": 100}
    return row | YEAR_2018 | amounts | {"current_assets_eur": 40, "short_term_debt_eur": 20} | euros


def test_solvency_is_own_funds_and_provisions_over_all_liabilities():
    con = core_with(BALANCE, board("00001"), board("00002", own_funds_eur=-5, total_liabilities_eur=50))
    found = contributions(con, "g13_solvabiliteit_2")
    assert [(one["numerator"], one["denominator"]) for one in found] == [(70, 100), (5, 50)]
    assert [one["vestiging_id"] for one in found] == ["board:00001/national:NL", "board:00002/national:NL"]


def test_only_school_boards_of_the_sector_count():
    con = core_with(BALANCE, board("00001"), board("00002", group="SWV"), board("00003", sector="PO"))
    assert len(contributions(con, "g13_liquiditeit")) == 1


def test_a_blank_cell_gives_no_ratio_and_no_zero():
    con = core_with(BALANCE, board("00001", provisions_eur=None), board("00002"))
    assert [one["line"] for one in contributions(con, "g13_solvabiliteit_2")] == [3]
    assert len(contributions(con, "g13_liquiditeit")) == 2


def test_own_funds_of_all_rows_stand_apart_and_count_for_the_country_only():
    con = core_with(BALANCE, board("00001"), board("00002", group="SWV", own_funds_eur=7))
    found = {
        (one["breakdown"], one["vestiging_id"]): one["numerator"]
        for one in contributions(con, "g13_eigen_vermogen_eur")
    }
    assert found[("total", "board:00001/national:NL")] == 60
    assert found[("alle-vo", "national:NL")] in (60, 7) and len(contributions(con, "g13_eigen_vermogen_eur")) == 3


@pytest.mark.parametrize(
    ("indicator", "column"), [("rentabiliteit", "profitability"), ("weerstandsvermogen", "resistance")]
)
def test_key_figures_stay_with_their_board_and_make_no_national_mean(indicator, column):
    row = {"board_id": "00001", "sector": "VO", "group": "SSG2", "name": "x", "year": 2018} | YEAR_2018
    found = contributions(core_with("duo_kengetallen", row | {column: -0.0123}), f"g13_{indicator}")
    assert [one["vestiging_id"] for one in found] == ["board:00001"]
    assert found[0]["numerator"] / found[0]["denominator"] == pytest.approx(-0.0123)
