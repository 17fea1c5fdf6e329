"""From a file to typed rows and quarantine: nothing is lost, nothing is guessed."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.dataset import DUO, Dataset
from schemas.datasets.examens import Examens
from schemas.datasets.geslaagden import Geslaagden
from schemas.datasets.leerlingen import Leerlingen
from schemas.datasets.zittenblijvers import Zittenblijvers
from schemas.errors import FileRefused
from schemas.fields import RowModel, Series, count, text
from schemas.reading.validate import parse_file

NAME = "05.-zittenblijvers-niveau-vestiging-2018-2019-tov-2019-2020.csv"
HEADER = (
    "BRINNUMMER;VESTIGINGSNUMMER;PROVINCIE;AANTAL_LEERLINGEN;AANTAL_ZITTENBLIJVERS;AANTAL_AFSTROMERS;AANTAL_OPSTROMERS"
)


class Forgiving(Zittenblijvers):
    """The same files, however many of their lines are broken."""

    max_rejected_share = 1.0


def parse(*lines: str, header: str = HEADER, dataset: type[Dataset] = Forgiving, name: str = NAME):
    return parse_file(dataset, name, "\r\n".join([header, *lines, ""]).encode())


def test_rows_are_typed_and_dated():
    row = parse("00AH;7;Overijssel;1.001;113;22;161").rows.iloc[0]
    assert (row["vestiging_id"], row["pupils_n"], row["line"]) == ("00AH07", 1001, 2)
    assert (row["period_start"], row["period_end"]) == (date(2018, 10, 1), date(2019, 10, 1))
    assert row["masked"] == ""


def test_columns_may_come_in_any_order_and_be_renamed_as_before():
    header = (
        "aantal zittenblijvers;AANTAL AFSTROMERS;BRIN NUMMER;AANTAL OPSTROMERS;VESTIGINGSCODE;"
        "TOTAAL LEERLINGEN;PLAATSNAAM;NIEUW"
    )
    parsed = parse("113;22;00AH;161;00AH07;1009;ENSCHEDE;?", header=header)
    assert parsed.rows[["vestiging_id", "pupils_n", "repeaters_n", "moved_up_n"]].values.tolist() == [
        ["00AH07", 1009, 113, 161]
    ]
    assert parsed.unknown_headers == ("NIEUW",)  # the place's name is known and not needed, NIEUW is news
    assert parsed.rows["province"].isna().all()


def test_hidden_counts_are_marked_and_stay_empty():
    parsed = parse("00AH;00;Overijssel;12;<5;<5;0", "00AH;01;Overijssel;<5;0;0;0")
    assert parsed.rows["masked"].tolist() == ["repeaters_n,moved_down_n", "pupils_n"]
    assert parsed.rows["repeaters_n"].tolist() == [pd.NA, 0]
    assert parsed.quarantine.empty


def test_a_rejected_line_keeps_its_evidence():
    parsed = parse("00AH;00;Overijssel;12;1;1;1", "00AH;01;Overijssel;twaalf;1;x1;1")
    assert parsed.rows["line"].tolist() == [2]
    assert parsed.quarantine.to_dict("records") == [
        {
            "line": 3,
            "column": column,
            "check": "is a whole number",
            "raw_value": cell,
            "raw_text": "00AH;01;Overijssel;twaalf;1;x1;1",
        }
        for column, cell in (("pupils_n", "twaalf"), ("moved_down_n", "x1"))
    ]


REJECTED = {
    "a part above the whole": ("00AH;00;Overijssel;10;11;0;0", "parts_do_not_exceed_pupils"),
    "no school": (";00;Overijssel;10;1;0;0", "not_nullable"),
    "no site": ("00AH;;Overijssel;10;1;0;0", "not_nullable"),
    "a school number of another form": ("AH00;00;Overijssel;10;1;0;0", r"str_matches('^\d{2}[A-Z]{2}$')"),
    "a count below zero": ("00AH;00;Overijssel;10;-2;0;0", "greater_than_or_equal_to(0)"),
    "too few fields": ("00AH;00;Overijssel", "7 fields"),
    "too many fields": ("00AH;00;Overijssel;10;1;0;0;9", "7 fields"),
}


@pytest.mark.parametrize("line,check", REJECTED.values(), ids=REJECTED.keys())
def test_a_line_that_cannot_be_true_is_rejected(line, check):
    parsed = parse("00AH;07;Overijssel;10;1;0;0", line)
    assert parsed.rows["line"].tolist() == [2]
    assert check in parsed.quarantine["check"].tolist()
    assert set(parsed.quarantine["raw_text"]) == {line}


def test_a_key_that_occurs_twice_rejects_both_lines():
    parsed = parse("00AH;00;Overijssel;10;1;0;0", "00AH;0;Overijssel;11;1;0;0", "00AH;07;Overijssel;10;1;0;0")
    assert parsed.rows["line"].tolist() == [4]
    assert parsed.quarantine[["line", "check"]].values.tolist() == [
        [2, "the only row with its vestiging_id"],
        [3, "the only row with its vestiging_id"],
    ]


def test_above_the_tolerance_the_file_is_refused():
    lines = [f"00AH;{number:02};Overijssel;10;1;0;0" for number in range(99)]
    assert parse(*lines, "00AH;99;Overijssel;?;1;0;0", dataset=Zittenblijvers).rejected_lines == 1
    with pytest.raises(FileRefused) as refusal:
        parse(*lines[:50], "00AH;99;Overijssel;?;1;0;0", dataset=Zittenblijvers)
    assert str(refusal.value) == (
        f"{NAME}, line 52, column pupils_n: expected at most 1% rejected lines (is a whole number), "
        "found 1 of 51 rejected, the first with '?'; "
        "see schemas/datasets/zittenblijvers.py if the publisher changed what a column holds."
    )


def test_a_file_of_which_nothing_is_left_is_refused():
    with pytest.raises(FileRefused, match="found 1 of 1 rejected"):
        parse("00AH;00;Overijssel;?;1;0;0")


def test_a_file_whose_name_tells_no_period_is_refused():
    name = "05.-zittenblijvers-niveau-vestiging-nieuw.csv"
    with pytest.raises(FileRefused) as refusal:
        parse("00AH;00;Overijssel;10;1;0;0", name=name, dataset=Zittenblijvers)
    assert str(refusal.value) == (
        f"{name}, file name: expected a year or school year such as 2018-2019 in the name, "
        "found none that this dataset knows; "
        "give the file its published name, or extend period_of in schemas/datasets/zittenblijvers.py."
    )


def test_a_fault_of_the_declaration_is_not_blamed_on_the_file(monkeypatch):
    class Row(RowModel):
        name: Series[str] = text("NAAM")
        pupils_n: Series[float] = count("AANTAL")  # counts are Int64

    class Wrong(Dataset):
        publisher = DUO
        name_pattern = "^wrong$"
        key = ("name",)

    Wrong.Row = Row
    monkeypatch.setattr(Wrong, "id", "wrong_dtype", raising=False)  # undone, so that nobody finds this dataset
    with pytest.raises(TypeError, match=r"wrong_dtype: the declaration itself fails dtype\('float64'\) of pupils_n"):
        parse_file(Wrong, "wrong", b"NAAM;AANTAL\na;1\n")


EXAM_KEYS = "BRIN NUMMER;VESTIGINGSNUMMER;ONDERWIJSTYPE VO;INSPECTIECODE;OPLEIDINGSNAAM"
EXAM_NAME = "06-examenkandidaten-en-geslaagden-2014-2019.csv"


def exam_header(measures: list[str]) -> str:
    return ";".join([EXAM_KEYS, *measures])


def test_wide_years_become_rows_of_one_line():
    header = exam_header(
        [
            f"{measure} SCHOOLJAAR {year} - TOTAAL"
            for year in ("2014-2015", "2015-2016")
            for measure in ("EXAMENKANDIDATEN", "GESLAAGDEN", "SLAAGPERC")
        ]
    )
    parsed = parse("00AH;00AH00;HAVO;50;HAVO - N&T;6;5;83,3%;0;0;,0%", header=header, dataset=Examens, name=EXAM_NAME)
    assert parsed.data_lines == 1 and parsed.rows["line"].tolist() == [2, 2]
    assert parsed.rows["period_label"].tolist() == ["2014-2015", "2015-2016"]
    assert parsed.rows["period_start"].tolist() == [date(2014, 8, 1), date(2015, 8, 1)]
    assert parsed.rows["pass_pct"].tolist() == [83.3, 0.0]


def test_a_wide_line_is_rejected_whole():
    header = exam_header(
        [f"{m} SCHOOLJAAR {y} - TOTAAL" for y in ("2014-2015", "2015-2016") for m in ("EXAMENKANDIDATEN", "GESLAAGDEN")]
    )

    class ForgivingExams(Examens):
        max_rejected_share = 1.0

    lines = ["00AH;00AH00;HAVO;50;N&T;6;7;3;3", "00AH;00AH00;HAVO;51;N&G;6;6;3;3"]
    parsed = parse(*lines, header=header, dataset=ForgivingExams, name=EXAM_NAME)
    assert parsed.rows["line"].tolist() == [3, 3]
    assert parsed.quarantine["check"].tolist() == ["passed_do_not_exceed_candidates"]


def test_the_early_names_of_wide_columns_are_known():
    header = exam_header(
        [
            "EXAMENKANDIDATEN SCHOOLJAAR - TOTAAL 2010-2011",
            "GESLAAGDEN SCHOOLJAAR - TOTAAL 2010-2011",
            "SLAAG% SCHOOLJAAR - TOTAAL 2010-2011",
            '"EXAMENKANDIDATEN \nSCHOOLJAAR 2011-2012 TOTAAL"',
            "GESLAAGDEN SCHOOLJAAR 2011-2012 TOTAAL",
        ]
    )
    name = "06.-examenkandidaten-en-geslaagden-2010-2015.csv"
    parsed = parse("00AH;00AH00;VMBO;70;x;2;1;50,0%;0;0", header=header, dataset=Examens, name=name)
    assert parsed.rows["candidates_n"].tolist() == [2, 0]
    assert parsed.unknown_headers == ()


def test_a_wide_year_that_misses_a_measure_is_a_missing_column():
    header = exam_header(
        [
            "EXAMENKANDIDATEN SCHOOLJAAR 2014-2015 - TOTAAL",
            "GESLAAGDEN SCHOOLJAAR 2014-2015 - TOTAAL",
            "GESLAAGDEN SCHOOLJAAR 2015-2016 - TOTAAL",
        ]
    )
    with pytest.raises(FileRefused, match="expected the column EXAMENKANDIDATEN TOTAAL of 2015-2016, found no column"):
        parse("00AH;00AH00;HAVO;50;x;1;1;1", header=header, dataset=Examens, name=EXAM_NAME)


def test_a_wide_file_without_years_is_refused():
    with pytest.raises(FileRefused, match="expected the column EXAMENKANDIDATEN TOTAAL per school year"):
        parse("00AH;00AH00;HAVO;50;x;1", header=exam_header(["AANTAL"]), dataset=Examens, name=EXAM_NAME)


def test_a_wide_year_that_is_no_school_year_is_refused():
    header = exam_header(["EXAMENKANDIDATEN SCHOOLJAAR 2014-2016 - TOTAAL", "GESLAAGDEN SCHOOLJAAR 2014-2016 - TOTAAL"])
    with pytest.raises(FileRefused, match="'2014-2016' is not a school year such as 2018-2019"):
        parse("00AH;00AH00;HAVO;50;x;1;1", header=header, dataset=Examens, name=EXAM_NAME)


def test_a_modern_exam_file_with_hidden_counts_and_one_space_for_nothing():
    header = (
        '"INSTELLINGSCODE";"VESTIGINGSCODE";"INSTELLINGSNAAM VESTIGING";"GEMEENTENAAM VESTIGING";'
        '"PROVINCIE VESTIGING";"ONDERWIJSTYPE VO";"LEERWEG VMBO";"VMBO SECTOR";"AFDELING";"EXAMENKANDIDATEN";'
        '"GESLAAGDEN";"GEZAKTEN";"GEMIDDELD CIJFER SCHOOLEXAMEN";"GEMIDDELD CIJFER CENTRAAL EXAMEN";'
        '"GEMIDDELD CIJFER CIJFERLIJST"'
    )
    line = (
        '"00AH";"00AH00";"Het ""Stedelijk""";"ENSCHEDE";"Overijssel";"HAVO";" ";"";"C&M";"<5";"<5";"0";"6,6";",0";"7,1"'
    )
    name = "geslaagden-gezakten-en-cijfers-2024-2025.csv"
    row = parse(line, header=header, dataset=Geslaagden, name=name).rows.iloc[0]
    assert row["masked"] == "candidates_n,passed_n" and row["failed_n"] == 0
    assert row["name"] == 'Het "Stedelijk"' and pd.isna(row["leerweg"])
    assert row["school_exam_grade"] == 6.6 and pd.isna(row["central_exam_grade"])
    assert row["period_end"] == date(2025, 7, 31)


def test_the_lwoo_column_may_be_there_or_not():
    counts = ";".join(f"LEER- OF VERBLIJFSJAAR {year} - {sex}" for year in range(1, 7) for sex in ("MAN", "VROUW"))
    keys = "BRIN NUMMER;VESTIGINGSNUMMER;ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR;VMBO SECTOR;AFDELING;ELEMENTCODE"
    name = "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2017-2018.csv"
    zeros = ";0" * 10
    with_lwoo = parse(
        "00AH;0;Brugjaar 1-2;N.v.t.;N.v.t.;46;J;5;6" + zeros,
        "00AH;0;Brugjaar 1-2;N.v.t.;N.v.t.;46;N;7;8" + zeros,
        header=f"{keys};LWOO INDICATIE;{counts}",
        dataset=Leerlingen,
        name=name,
    )
    assert with_lwoo.rows["lwoo"].tolist() == ["J", "N"]
    without = parse(
        "00AH;00;Brugjaar 1-2;N.v.t.;N.v.t.;0046;12;14" + zeros,
        header=f"{keys};{counts}",
        dataset=Leerlingen,
        name=name,
    )
    assert without.rows["lwoo"].isna().all() and without.rows["element_code"].tolist() == ["0046"]
    assert pd.isna(without.rows["sector"].iloc[0]) and without.rows["period_start"].tolist() == [date(2017, 10, 1)]


CELLS = st.sampled_from(["", "0", "3", "12", "1.001", "<5", "-1", "x", "-", "drie", "-7", "1,5", '"4"', "  5 "])
LINE = st.one_of(
    st.tuples(st.sampled_from(["00AH", "01XF", "1XF", ""]), st.sampled_from(["0", "00", "07", "00AH07", "q"])).flatmap(
        lambda key: st.lists(CELLS, min_size=3, max_size=6).map(lambda cells: ";".join([*key, "Zeeland", *cells]))
    ),
    st.sampled_from(["", ";;;;;;", "   ", "00AH", '00AH;00;"open;1;1;1;1', '00AH;01;"a" b;1;1;1;1']),
)


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(LINE, max_size=12), st.booleans())
def test_every_data_line_is_accepted_or_quarantined(lines, final_line_end):
    """The law of conservation, on files with every kind of broken cell and line."""
    lines = ["99ZZ;99;Zeeland;10;1;0;0", *lines, "99ZZ;98;Zeeland;10;1;0;0"]
    content = "\r\n".join([HEADER, *lines]) + ("\r\n" if final_line_end else "")
    parsed = parse_file(Forgiving, NAME, content.encode())
    accepted, rejected = set(parsed.rows["line"]), set(parsed.quarantine["line"])
    filled = {
        number for number, line in enumerate(lines, start=2) if line.strip(" ;")
    }  # lines without any text are no data
    assert accepted | rejected == filled and not accepted & rejected
    assert parsed.data_lines == len(filled) == len(parsed.rows) + parsed.rejected_lines
    assert list(parsed.rows.columns) == list(Forgiving.columns())
