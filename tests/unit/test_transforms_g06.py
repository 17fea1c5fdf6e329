"""G06: the gap between school exam and central exam, weighted by candidates; a missing grade is no grade."""

from datetime import date

import pandas as pd
import pytest

from schemas.datasets.cbs import (
    ALL_BACKGROUNDS,
    BOTH_SEXES,
    CANDIDATES,
    COUNTRY,
    LEAVERS,
    LEVELS,
    PASSED,
    PUPILS,
    SECONDARY,
)
from tests.transform_case import contributions, core_with
from transforms.g06_doorstroom import gap_points

YEAR = {"period_label": "2018-2019", "period_start": date(2018, 8, 1), "period_end": date(2019, 7, 31)}


def line_07(candidates, school_grade, central_grade, **more) -> dict:
    row = {"brin": "00AH", "vestiging_id": "00AH00", "education_type": "HAVO", "candidates_n": candidates}
    return row | YEAR | {"school_exam_grade": school_grade, "central_exam_grade": central_grade} | more


def line_09(subject, exams, school_grade, central_grade, **more) -> dict:
    row = {"brin": "00AH", "vestiging_id": "00AH00", "education_type": "HAVO", "subject": subject}
    grades = {"central_exams_n": exams, "school_exam_grade": school_grade, "central_exam_grade": central_grade}
    return row | YEAR | grades | more


def test_the_gap_is_weighted_with_the_candidates():
    con = core_with("duo_07_geslaagden", line_07(30, 6.4, 6.1), line_07(10, 6.0, 6.5, education_type="VWO"))
    found = contributions(con, "g06_ce_se_verschil", "bottom_up_bestand_07")
    assert [row["numerator"] for row in found] == pytest.approx([9.0, -5.0])
    assert [(row["breakdown"], row["denominator"]) for row in found] == [("havo", 30), ("vwo", 10)]


def test_without_both_grades_or_candidates_there_is_no_gap():
    con = core_with("duo_07_geslaagden", line_07(30, 6.4, None), line_07(30, None, 6.1), line_07(0, 6.4, 6.1))
    assert contributions(con, "g06_ce_se_verschil") == []


def test_subjects_are_named_by_level_and_only_havo_and_vwo_count():
    con = core_with(
        "duo_08_10_vakken",
        line_09("kunst (beeldende vormgeving)", 5, 7.0, 6.5),
        line_09("Française", 5, 7.0, 7.5, education_type="VWO"),
        line_09("wiskunde", 5, 7.0, 6.5, education_type="VMBO"),
    )
    found = [contributions(con, "g06_ce_se_verschil", f"bottom_up_bestand_{file}") for file in ("09", "10")]
    assert [row["breakdown"] for one in found for row in one] == ["havo/kunst-beeldende-vormgeving", "vwo/francaise"]
    assert [len(one) for one in found] == [1, 1]


def test_a_hidden_number_of_candidates_is_one_to_four_with_the_printed_gap():
    con = core_with("duo_07_geslaagden", line_07(None, 6.4, 6.1, masked=["candidates_n"]))
    found = contributions(con, "g06_ce_se_verschil")
    assert (found[0]["numerator_masked"], found[0]["denominator_masked"]) == (1, 1)
    points = gap_points(pd.DataFrame({"contribution_id": [7, 8], "gap": [0.3, -0.5]}))
    assert sorted(points["denominator"]) == [1, 1, 2, 2, 3, 3, 4, 4]
    ratios = (points["numerator"] / points["denominator"]).groupby(points["contribution_id"]).agg(["min", "max"])
    assert ratios.to_numpy().ravel() == pytest.approx([0.3, 0.3, -0.5, -0.5])


def cbs_cell(measure: str, value: float | None, sex: str = BOTH_SEXES, year: dict = YEAR, **members) -> dict:
    return {"measure": measure, "sex": sex, "value": value} | year | members


def test_early_leavers_of_cbs_are_two_counts_and_never_the_printed_percentage():
    """The figures of the page of 3 July 2020: 5,310 of 921,440. A year in which a count is hidden has no share."""
    other = YEAR | {"period_start": date(2019, 8, 1)}
    of = {"education": SECONDARY, "background": ALL_BACKGROUNDS}
    con = core_with(
        "cbs_84782ned",
        cbs_cell(PUPILS, 921_440, **of),
        cbs_cell(LEAVERS, 5_310, **of),
        cbs_cell("Voortijdig schoolverlaters (percentage)", 1, **of),
        cbs_cell(LEAVERS, 3_000, sex="Mannen", **of),
        cbs_cell(LEAVERS, 32_100, **of | {"education": "Totaal onderwijs"}),
        cbs_cell(PUPILS, 900_000, year=other, **of),
        cbs_cell(LEAVERS, None, year=other, **of),
    )
    found = contributions(con, "g06_vsv_pct", "bottom_up_cbs_84782ned")
    assert [(one["line"], one["numerator"], one["denominator"]) for one in found] == [
        (2, pytest.approx(float("nan"), nan_ok=True), 921_440),
        (3, 5_310, pytest.approx(float("nan"), nan_ok=True)),
    ]
    assert {one["vestiging_id"] for one in found} == {"national:NL"}


def test_the_pass_rate_of_cbs_needs_all_three_levels():
    cells = [cbs_cell(one, 100, education=level, region=COUNTRY) for one in (CANDIDATES, PASSED) for level in LEVELS]
    whole = contributions(core_with("cbs_85382ned", *cells), "g06_slaagpct", "bottom_up_cbs_85382ned")
    assert sorted(one["breakdown"] for one in whole) == ["havo", "havo", "vmbo", "vmbo", "vwo", "vwo"]
    assert contributions(core_with("cbs_85382ned", *cells[1:]), "g06_slaagpct", "bottom_up_cbs_85382ned") == []
