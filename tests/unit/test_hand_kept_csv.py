"""CSV files that a spreadsheet has saved: understood, or one sentence with file, line and column."""

from datetime import UTC, date, datetime

import pytest

from schemas.errors import HandKeptFault
from schemas.hand_kept_csv import day_of, moment_of, parse_hand_kept, truth_of

PLAIN = "name,day,note\nCarré,2020-10-05,a\nZoë,2020-10-06,\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("cp1252"),
        PLAIN.replace(",", ";").encode("utf-8-sig"),
        PLAIN.replace(",", "\t").encode(),
        b"sep=;\r\n" + PLAIN.replace(",", ";").replace("\n", "\r\n").encode("cp1252"),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace("\n", ",,\n").encode() + b",,,,\n\n",
        PLAIN.replace("name,", "\u200bname ,").encode(),
    ],
    ids=["plain", "bom", "cp1252", "semicolon", "tab", "sep", "cr", "blank columns and lines", "blanks in the header"],
)
def test_what_a_spreadsheet_does_to_a_file_is_understood(content):
    table = parse_hand_kept("m.csv", content, ("name", "day"))
    assert [(row.get("name"), row.get("day"), row.get("note")) for row in table.rows] == [
        ("Carré", "2020-10-05", "a"),
        ("Zoë", "2020-10-06", ""),
    ]
    assert table.faults == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "m.csv, line 1, column name: expected the header name,day, found nothing; restore the header."),
        (
            b"Naam,day\n",
            "m.csv, line 1, column name: expected the header name,day, found Naam,day; restore the header.",
        ),
        (b"name,day,day\n", "m.csv, line 1, column day: expected the header name,day, found name,day,day; restore"),
        (
            b'name,day\na,"b\n',
            "m.csv, line 2: expected CSV (RFC 4180), found unexpected end of data; check the quotes.",
        ),
        (b"name,day\na,\x81\n", "m.csv, line 2: expected UTF-8 text, found other bytes; save the file as CSV UTF-8."),
        ("name,day\n".encode("utf-16"), "m.csv, line 1: expected UTF-8 text, found other bytes; save the file as CSV"),
    ],
)
def test_what_cannot_be_understood_is_one_sentence(content, sentence):
    with pytest.raises(HandKeptFault) as fault:
        parse_hand_kept("m.csv", content, ("name", "day"))
    assert str(fault.value).startswith(sentence)


def test_a_row_of_another_width_is_named_with_its_line():
    table = parse_hand_kept("m.csv", b'name,day\n"a\nb",c\n\nd\n', ("name", "day"))
    assert [row.line for row in table.rows] == [2]
    assert [str(fault) for fault in table.faults] == [
        "m.csv, line 5: expected 2 cells, found 1; check separators and quotes."
    ]


def test_days_times_and_truths():
    assert day_of("5-10-2020") == day_of("05-10-2020") == day_of("2020-10-05") == date(2020, 10, 5)
    for text in ("5/10/2020", "5-10-20", "2020-13-01", "31-2-2020", "", "5 oktober 2020"):
        with pytest.raises(ValueError):
            day_of(text)
    moment = datetime(2020, 10, 5, 12, 30, tzinfo=UTC)
    for text in ("2020-10-05T12:30", "5-10-2020 12:30", "2020-10-05T14:30:00+02:00", "2020-10-05T12:30:00Z"):
        assert moment_of(text) == (date(2020, 10, 5), moment)
    assert moment_of("5-10-2020") == (date(2020, 10, 5), None)
    assert truth_of("WAAR") and not truth_of("onwaar")
    with pytest.raises(ValueError):
        truth_of("ja")
