"""Cells: what the texts in publishers' files mean."""

from datetime import date

import pandas as pd
import pytest

from schemas.fields import MASKS
from schemas.periods import (
    Period,
    cbs_leaving,
    cbs_period,
    cbs_transition,
    count_day,
    full_year,
    school_year,
    transition,
    years_in,
)
from schemas.reading.cells import HIDDEN, HIDDEN_WITHOUT_BOUND, parse_texts, parser_for, site_key


def parsed(texts, kind, **options):
    """Values, marks of hidden cells, and what was expected of faulty texts by their place."""
    found = parse_texts(texts, kind, **options)
    return found.values, found.hidden, found.faults


VALUES = [
    ("count", "1001", 1001),
    ("count", " 12 ", 12),
    ("count", "12.0", 12),  # numeric dump of the catalogue
    ("count", "0,0", 0),
    ("count", "-", None),
    ("count", "", None),
    ("count", "\u00a0", None),
    ("integer", "-1", -1),
    ("integer", "-9223372036854775808", -(2**63)),
    ("count", "１２", 12),  # full-width digits
    ("vestiging", "００AH０７", "00AH07"),
    ("decimal", "83,3%", 83.3),
    ("decimal", ",0%", 0.0),
    ("decimal", "100 %", 100.0),
    ("decimal", "90.9", 90.9),
    ("decimal", "1.234,5", 1234.5),
    ("decimal", "-0,05", -0.05),
    ("decimal", "1e-05", 0.00001),
    ("decimal", "-", None),
    ("nonzero", "6,4", 6.4),
    ("nonzero", ",0", None),
    ("nonzero", "0,0", None),
    ("nonzero", "0", None),
    ("year", "2018", 2018),
    ("year", "2018.0", 2018),
    ("day", "1-8-2005", date(2005, 8, 1)),
    ("day", "01/08/2005", date(2005, 8, 1)),
    ("day", "2018-09-01T00:00:00", date(2018, 9, 1)),
    ("day", "20250131,0", date(2025, 1, 31)),
    ("code:4", "153", "0153"),
    ("code:4", "153.0", "0153"),
    ("code:5", "819", "00819"),
    ("text", "N.v.t.", None),
    ("text", "-", None),
    ("text", "          ", None),
    ("text", "  Het Stedelijk ", "Het Stedelijk"),
    ("text", "VWO lj　４-６", "VWO lj 4-6"),
    ("text", "½ m² ﬁets", "½ m² ﬁets"),  # a publisher's own spelling stays
    ("capitals", "Havo", "HAVO"),
    ("brin", "00ah", "00AH"),
    ("brin", "bovenschools", None),
    ("swv", "VO-25-07", "VO2507"),
]


@pytest.mark.parametrize(("kind", "cell", "value"), VALUES)
def test_a_cell_means_its_value(kind, cell, value):
    values, hidden, faults = parsed([cell], kind)
    found = values.iloc[0]
    assert (None if pd.isna(found) else found) == value
    assert not hidden.any() and not faults


@pytest.mark.parametrize("cell", [*MASKS, "X", " <5 "])
def test_a_mask_hides_and_is_never_a_number(cell):
    values, hidden, faults = parsed([cell, "7"], "count")
    bounded = MASKS[cell.strip().lower()][1] is not None
    assert hidden.tolist() == [HIDDEN if bounded else HIDDEN_WITHOUT_BOUND, 0]
    assert pd.isna(values[0]) and values[1] == 7
    assert not faults


def test_where_nothing_is_masked_minus_one_is_a_number():
    values, hidden, _ = parsed(["-1"], "integer", masks=False)
    assert values.tolist() == [-1] and not hidden.any()


def test_where_nothing_is_masked_a_mask_is_a_fault():
    _, hidden, faults = parsed(["<5"], "count", masks=False)
    assert not hidden.any() and faults == {0: "is a whole number"}


FAULTS = [
    ("count", "twaalf", "is a whole number"),
    ("count", "12,5", "is a whole number"),
    ("count", "1,001", "is a whole number"),  # thousands or decimals? not for us to say
    ("count", "1.00.1", "is a whole number"),
    ("decimal", "83,3,1", "is a decimal number"),
    ("year", "20188", "is a year between 1900 and 2100"),
    ("day", "31-2-2005", "is a date such as 1-8-2005 or 2005-08-01"),
    ("day", "augustus 2005", "is a date such as 1-8-2005 or 2005-08-01"),
]


@pytest.mark.parametrize(("kind", "cell", "expected"), FAULTS)
def test_a_text_that_is_no_value_is_told_with_what_was_expected(kind, cell, expected):
    values, _, faults = parsed(["", cell], kind)
    assert values.isna().all() and faults == {1: expected}


def test_an_unknown_kind_is_an_error_of_ours():
    with pytest.raises(KeyError):
        parser_for("colour")


def test_four_spellings_of_a_site_are_one_key():
    brin = pd.Series(["00AH", "00AH", "00AH", "00AH", "20LO"], dtype="str")
    site = pd.Series(["0", "00", "00AH00", "0.0", "11"], dtype="str")
    assert site_key(brin, site).tolist() == ["00AH00"] * 4 + ["20LO11"]


def test_periods_carry_the_dates_that_are_compared():
    assert school_year("2018-2019").end == date(2019, 7, 31)
    assert transition(2017).start == date(2017, 10, 1) and transition(2017).end == date(2018, 10, 1)
    assert count_day(2019).label == "1-10-2019"
    assert cbs_period("2018SJ00") == school_year("2018-2019")
    assert cbs_period("2018JJ00").end == date(2018, 12, 31)
    assert cbs_transition("2018SJ00") == transition(2018)
    assert cbs_leaving("2018SJ00") == Period(date(2018, 10, 1), date(2019, 10, 1), "2018-2019")
    assert full_year("15") == full_year("2015") == 2015


@pytest.mark.parametrize("label", ["2018-2020", "2018", "18-19"])
def test_what_is_no_school_year_is_refused(label):
    with pytest.raises(ValueError, match="is not a school year such as 2018-2019"):
        school_year(label)


@pytest.mark.parametrize(
    ("code", "label", "start", "end"),
    [
        ("2018SJ00", "2018-2019", date(2018, 8, 1), date(2019, 7, 31)),
        ("1999SJ00", "1999-2000", date(1999, 8, 1), date(2000, 7, 31)),
        ("2018JJ00 ", "2018", date(2018, 1, 1), date(2018, 12, 31)),
    ],
)
def test_cbs_period_codes(code, label, start, end):
    assert cbs_period(code) == Period(start, end, label)


@pytest.mark.parametrize(
    "code", ["2018SJ01", "2018X000", "2018KW03", "2018HJ02", "2018MM01", "SJ00", "", "2018SJ00x", "2018MM00"]
)
def test_codes_that_are_no_period(code):
    with pytest.raises(ValueError) as caught:
        cbs_period(code)
    assert str(caught.value) == (
        f"CBS period code {code!r}: expected YYYY followed by JJ00 or SJ00; look it up in the table's own period list"
    )


def test_years_in_a_file_name():
    assert years_in("07.-geslaagden,-gezakten-en-cijfers-2016-2017.csv") == [2016, 2017]
    assert years_in("08.-examenkandidaten-vmbo-en-examencijfers-2013-2014-.csv") == [2013, 2014]
    assert years_in("OVERGANGEN_20250113.csv") == []
