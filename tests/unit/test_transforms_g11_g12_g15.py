"""Context from schools: salary scales, contracts and age of staff, departments judged good. Unknown stays unknown."""

from datetime import date

import pandas as pd
import pytest

from tests.transform_case import YEAR_2018, contributions, core_with

ON_1_OCTOBER = {"period_label": "1-10-2018", "period_start": date(2018, 10, 1), "period_end": date(2018, 10, 1)}
ON_1_SEPTEMBER = {"period_label": "1-9-2018", "period_start": date(2018, 9, 1), "period_end": date(2018, 9, 1)}


def school(brin: str, board_id: str | None, **more) -> dict:
    row = {"sector": "VO", "year": 2018, "brin": brin, "board_id": board_id, "teachers_fte": 50.0}
    return row | YEAR_2018 | {"scale_lb_pct": 40.0, "scale_lc_pct": 35.0, "scale_ld_pct": 25.0} | more


def test_scales_are_weighted_with_the_teachers_of_the_school_and_its_own_board():
    con = core_with("duo_functiemix_instellingen", school("00AH", "41234"), school("01BC", None, sector="PO"))
    found = contributions(con, "g11_functiemix_pct")
    assert {one["breakdown"]: one["numerator"] for one in found} == {"lb": 20.0, "lc": 17.5, "ld": 12.5}
    assert {one["vestiging_id"] for one in found} == {"school:00AH/board:41234/national:NL"}


def test_a_school_without_a_board_in_the_file_counts_for_itself_and_the_country():
    con = core_with("duo_functiemix_instellingen", school("00AH", None))
    assert {one["vestiging_id"] for one in contributions(con, "g11_functiemix_pct")} == {"school:00AH/national:NL"}


def staff(brin: str | None, **counts) -> dict:
    row = {"education_type": "VO", "board_id": "41234", "brin": brin, "function_group": "Onderwijsgevend personeel"}
    return row | ON_1_OCTOBER | counts


def test_contracts_and_age_are_shares_of_what_is_known():
    ages = {"age_25_35_n": 6, "age_55_65_n": 3, "age_65_up_n": 1, "age_unknown_n": 9}
    con = core_with("duo_personeel_personen", staff("00AH", persons_n=19, temporary_n=10, permanent_n=30, **ages))
    contract, age = (
        contributions(con, "g12_tijdelijke_dienst_pct")[0],
        contributions(con, "g12_personeel_55plus_pct")[0],
    )
    assert (contract["numerator"], contract["denominator"]) == (10, 40)
    assert (age["numerator"], age["denominator"]) == (4, 10)


def test_staff_above_the_schools_counts_for_the_board_and_hidden_cells_are_counted():
    con = core_with("duo_personeel_personen", staff(None, temporary_n=None, permanent_n=8, masked=["temporary_n"]))
    found = contributions(con, "g12_tijdelijke_dienst_pct")[0]
    assert found["vestiging_id"] == "board:41234/national:NL"
    assert (found["numerator_masked"], found["denominator_masked"]) == (1, 1)


@pytest.mark.parametrize(("persons", "cells"), [(8, (0, 0)), (10, (None, None)), (None, (None, None))])
def test_a_blank_is_nobody_only_if_the_others_are_all_persons(persons, cells):
    """Eight on permanent contracts and a blank: of eight persons nobody is temporary, of ten nothing can be said."""
    con = core_with("duo_personeel_personen", staff("00AH", persons_n=persons, temporary_n=None, permanent_n=8))
    found = contributions(con, "g12_tijdelijke_dienst_pct")[0]
    hidden = [None if pd.isna(found[name]) else found[name] for name in ("numerator_masked", "denominator_masked")]
    assert tuple(hidden) == cells and (found["numerator"], found["denominator"]) == (0, 8)


@pytest.mark.parametrize(("lc", "breakdowns"), [(35.0, {"lc", "ld"}), (75.0, {"lb", "lc", "ld"})])
def test_a_blank_scale_is_none_only_if_the_others_are_all_teachers(lc, breakdowns):
    con = core_with("duo_functiemix_instellingen", school("00AH", "41234", scale_lb_pct=None, scale_lc_pct=lc))
    found = {row["breakdown"]: row["numerator"] for row in contributions(con, "g11_functiemix_pct")}
    assert set(found) == breakdowns and found.get("lb", 0) == 0


def test_a_line_that_says_nothing_about_contracts_is_no_line():
    assert (
        contributions(core_with("duo_personeel_personen", staff("00AH", persons_n=5)), "g12_tijdelijke_dienst_pct")
        == []
    )


@pytest.mark.parametrize(
    ("judgement", "good", "unknown"),
    [
        ("Goed", 1, 0),
        ("Voldoende", 0, 0),
        ("Zeer zwak", 0, 0),
        ("Geen oordeel", 0, 1),
        ("Zonder actueel oordeel", 0, 1),
    ],
)
def test_departments_without_a_judgement_are_unknown_and_stay_in_the_whole(judgement, good, unknown):
    row = {"sector": "VO", "ovt_id": "1", "judgement": judgement, "brin": "00AH", "vestiging_id": "00AH00"}
    found = {
        one["breakdown"]: one
        for one in contributions(
            core_with("inspectie_oordelen_v02", row | ON_1_SEPTEMBER), "g15_boven_basiskwaliteit_pct"
        )
    }
    assert (found["total"]["numerator"], found["onbekend"]["numerator"]) == (good, unknown)
    assert {one["denominator"] for one in found.values()} == {1}


def test_hired_staff_is_a_share_of_staff_costs_and_a_blank_is_nothing():
    def costs(board: str, hired: int | None, group: str = "SSG1") -> dict:
        row = {"sector": "VO", "group": group, "board_id": board, "hired_staff_eur": hired, "staff_eur": 1000}
        return row | YEAR_2018

    con = core_with("duo_lasten", costs("1", 40), costs("2", None), costs("3", -5), costs("4", 9, "SWV"))
    found = contributions(con, "g12_inhuur_pct")
    assert [(one["vestiging_id"], one["numerator"], one["denominator"]) for one in found] == [
        ("board:1/national:NL", 40, 1000),
        ("board:2/national:NL", 0, 1000),
    ]
