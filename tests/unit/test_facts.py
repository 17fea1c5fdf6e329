"""A row of a facts file: what becomes of it, and what is said of one that is not certain, not clear or not safe."""

import csv
import io

import pytest

from schemas.errors import HandKeptFault
from schemas.hand_kept_csv import parse_hand_kept
from schemas.register.facts import REQUIRED, check_columns, fact_of
from schemas.register.reader import read_register
from warehouse.register.loader import REGISTER

ROW = {
    "goal": "G10",
    "indicator": "g10_starters_begeleid_pct",
    "value": "77.50",
    "unit": "percent of starting teachers",
    "period": "2031",
    "source_title": "Made up",
    "url": "https://example.org/made-up",
    "published_on": "2032-05-19",
    "certainty": "seen verbatim",
}
UNQUALIFIED = {"goal": "G11", "indicator": "g11_lessen_onbevoegd_pct"}
REPEATERS = {"goal": "G02", "indicator": "g02_zittenblijf_pct", "method": "excl_nieuwkomers"}
LEAVERS = {"goal": "G06", "indicator": "g06_vsv_pct", "method": "vanaf_2016_2017"}
AWARDS = {"goal": "G15", "indicator": "g15_excellent_vo_nieuw_n", "unit": "departments", "value": "12"}
PASSES = {"goal": "G06", "indicator": "g06_slaagpct", "method": "gepubliceerd"}


@pytest.fixture(scope="module")
def frames():
    return read_register(REGISTER)


def file_of(*changes, mark=","):
    text = io.StringIO()
    names = list(dict.fromkeys(name for change in ({}, *changes) for name in ROW | change))
    writer = csv.DictWriter(text, names, delimiter=mark, restval="")
    writer.writeheader()
    writer.writerows(ROW | change for change in changes)
    return text.getvalue().encode()


def fact(frames, mark=",", **change):
    table = parse_hand_kept("facts.csv", file_of(change, mark=mark), REQUIRED)
    check_columns(table, "facts.csv")
    return fact_of(table.rows[0], frames, table.decimal_comma)


def test_a_row_becomes_the_cells_of_a_published_value(frames):
    cells = fact(frames, note="as printed").cells
    assert cells["value"] == "77.50", "the decimals that the source prints say how precise it is"
    assert (cells["method_version"], cells["breakdown"], cells["entity_id"]) == ("loopbaanmonitor", "total", "NL")
    assert (cells["period_start"], cells["period_end"], cells["period_label"]) == ("2031-01-01", "2031-12-31", "2031")
    assert (cells["derived"], cells["flags"], cells["status"], cells["note_en"]) == (
        "false",
        "",
        "unknown",
        "as printed",
    )


def test_what_is_computed_or_provisional_says_so(frames):
    cells = fact(frames, certainty="derived: 100 - 22.5", status="provisional", flags="survey").cells
    assert (cells["derived"], cells["flags"]) == ("true", "derived;provisional;survey")


@pytest.mark.parametrize(
    ("change", "label", "start", "end"),
    [
        (REPEATERS | {"period": "2031"}, "2030-2031 -> 2031-2032", "2030-10-01", "2031-10-01"),
        (REPEATERS | {"period": "2030-2031 -> 2031-2032"}, "2030-2031 -> 2031-2032", "2030-10-01", "2031-10-01"),
        (PASSES | {"period": "2030-2031"}, "2030-2031", "2030-08-01", "2031-07-31"),
        (PASSES | {"period": "2031"}, "2030-2031", "2030-08-01", "2031-07-31"),
        # The register counts leavers from 1 October to 1 October: a new year gets the same days.
        (LEAVERS | {"period": "2030-2031"}, "2030-2031", "2030-10-01", "2031-10-01"),
        (UNQUALIFIED | {"period": "2031"}, "1-10-2031", "2031-10-01", "2031-10-01"),
        (UNQUALIFIED | {"period": "1-10-2031"}, "1-10-2031", "2031-10-01", "2031-10-01"),
        # 24 January 2022 was the day of one award, no rule for others.
        (AWARDS | {"period": "2031"}, "2031", "2031-01-01", "2031-12-31"),
        (AWARDS | {"period": "2022"}, "2022", "2022-01-24", "2022-01-24"),
    ],
)
def test_a_period_follows_the_label_rule_and_the_days_that_the_register_has(frames, change, label, start, end):
    cells = fact(frames, **change).cells
    assert (cells["period_label"], cells["period_start"], cells["period_end"]) == (label, start, end)


@pytest.mark.parametrize(
    ("given", "day", "precision", "ground"),
    [
        ("2032-05-19", "2032-05-19", "day", "stated"),
        ("19-5-2032", "2032-05-19", "day", "stated"),
        ("2032-02", "2032-02-29", "month", "stated"),
        ("2032", "2032-12-31", "year", "stated"),
        ("", "", "unknown", "unknown"),
    ],
)
def test_of_a_day_that_is_half_known_the_latest_counts(frames, given, day, precision, ground):
    cells = fact(frames, published_on=given).cells
    assert (cells["published_on"], cells["published_precision"], cells["published_ground"]) == (day, precision, ground)


def test_a_ground_that_is_given_stands(frames):
    assert fact(frames, published_on="2032-05", published_ground="inferred").cells["published_ground"] == "inferred"


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"certainty": "unknown"}, "certainty"),
        ({"certainty": "not found"}, "certainty"),
        ({"certainty": "unseen"}, "certainty"),
        ({"certainty": ""}, "certainty"),
        ({"indicator": "evidence official outcome"}, "indicator"),
        ({"goal": "G11"}, "goal"),
        ({"goal": "G02", "indicator": "g02_zittenblijf_pct"}, "method"),
        (REPEATERS | {"method": "bottom_up_incl_nieuwkomers"}, "method"),
        ({"unit": "ratio"}, "unit"),
        ({"unit": ""}, "unit"),
        ({"value": "86 -> 89"}, "value"),
        ({"value": "=77.5"}, "value"),
        ({"value": "77,50"}, "value"),
        ({"value": "775"}, "value"),
        (AWARDS | {"value": "1.605"}, "value"),
        ({"period": "2031-2032"}, "period"),
        ({"period": "January 2031"}, "period"),
        (REPEATERS | {"period": "2030-2031"}, "period"),
        (PASSES | {"period": "2030-2032"}, "period"),
        # The pass rate of 2018 is that of a school year in the register; other dates would make a second figure of it.
        (PASSES | {"period": "2018", "period_start": "2018-01-01", "period_end": "2018-12-31"}, "period"),
        ({"published_on": "spring 2032"}, "published_on"),
        ({"source_title": '=HYPERLINK("https://example.org")'}, "source_title"),
        ({"note": "@SUM(1)"}, "note"),
        ({"note_nl": "links \u202ertl"}, "note_nl"),
        ({"source_title": "bell \x07"}, "source_title"),
        ({"vintage": "perhaps"}, "vintage"),
    ],
)
def test_what_is_not_certain_not_clear_or_not_safe_is_named_by_its_cell(frames, change, column):
    with pytest.raises(HandKeptFault) as fault:
        fact(frames, **change)
    assert fault.value.column == column and "facts.csv, line 2" in str(fault.value)


def test_a_column_that_the_format_does_not_have_is_an_error(frames):
    with pytest.raises(HandKeptFault, match="column remark"):
        fact(frames, remark="lost without a word")


def test_a_dutch_spreadsheet_writes_a_comma(frames):
    assert fact(frames, mark=";", value="77,50").cells["value"] == "77.50"


def test_millions_of_euros_become_euros(frames):
    change = {"goal": "G13", "indicator": "g13_eigen_vermogen_eur", "unit": "mln euro", "value": "2116.5"}
    methods = frames["method"].copy()
    methods.loc[methods["indicator_id"] == "g13_eigen_vermogen_eur", "origin"] = "published"
    assert fact(frames | {"method": methods}, method="bottom_up_balans", **change).cells["value"] == "2116500000"
