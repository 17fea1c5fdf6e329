"""Kinds of faults in other shapes than the first that was seen: other dataset, other column, other words.

`pass/...` is read with the right figure, `fail/...` is refused with a sentence. All schools and figures are made up.
"""

import pytest

from schemas.datasets import dataset_for
from schemas.errors import FileRefused
from schemas.reading.validate import Parsed, parse_file

NAME_05 = "05.-zittenblijvers-niveau-vestiging-2018-2019-tov-2019-2020.csv"
NAME_07 = "geslaagden-gezakten-en-cijfers-2022-2023.csv"
HEADER_05 = "BRINNUMMER;VESTIGINGSNUMMER;INSTELLINGSNAAM;PROVINCIE;AANTAL LEERLINGEN;AANTAL ZITTENBLIJVERS;AANTAL AFSTROMERS;AANTAL OPSTROMERS"
HEADER_07 = "INSTELLINGSCODE;VESTIGINGSCODE;ONDERWIJSTYPE VO;AFDELING;EXAMENKANDIDATEN;GESLAAGDEN;GEZAKTEN"
NAME_BALANCE = "01-balans-2015-2019.csv"
HEADER_BALANCE = "BEVOEGD GEZAG;SECTOR;GROEPERING;JAAR;TOTAAL VAN VASTE ACTIVA;TOTAAL VAN VLOTTENDE ACTIVA;TOTAAL VAN ACTIVA;EIGEN VERMOGEN;VOORZIENINGEN;KORTLOPENDE SCHULDEN;TOTAAL VAN PASSIVA"
SITES = range(60)


def pupils(at: int, cells: str = "", province: str = "Drenthe") -> str:
    """A line of file 05; cells = pupils, repeaters, down, up."""
    return f"{at:02d}AA;00;School;{province};{cells or f'{100 + 7 * at};{3 + at % 5};{1 + at % 3};2'}"


def exams(at: int, passed: int, failed: int, department: str = "N&T") -> str:
    """A line of file 07."""
    return f"{at:02d}BA;{at:02d}BA00;HAVO;{department};{passed + failed};{passed};{failed}"


def balance(board: int, year: int, thousands: int, sector: str = "VO", group: str = "SSG1") -> str:
    """A line of the balance sheet, six tenths of it own funds."""
    cells = (4000, 6000, 10000, 6000, 1000, 3000, 10000)
    return ";".join(map(str, (board, sector, group, year, *(cell * thousands for cell in cells))))


def parse(name: str, header: str, lines: list[str], above: str = "") -> Parsed:
    """A file of these lines."""
    return parse_file(dataset_for(name), name, "\r\n".join([*filter(None, [above]), header, *lines, ""]).encode())


# --- totals under a key of their own

TWO = [(exams(at, 20 + at, 3), exams(at, 10 + at % 7, 2 + at % 3, "C&M")) for at in SITES]


def with_totals(department: str) -> list[str]:
    """Two lines of every school and their sum."""
    return [line for at in SITES for line in (*TWO[at], exams(at, 30 + at + at % 7, 5 + at % 3, department))] + [
        exams(77, 9, 1),
        exams(77, 9, 1, department),
    ]


@pytest.mark.parametrize("department", ["HAVO totaal", "Alle profielen", "", "99"])
def test_pass_the_total_of_a_site_has_a_department_of_its_own(department):
    parsed = parse(NAME_07, HEADER_07, with_totals(department))
    assert parsed.rows["passed_n"].sum() == sum(30 + at + at % 7 for at in SITES) + 9
    assert parsed.quarantine["check"].unique().tolist() == ["is data, not a total, not added to its lines"]


def test_pass_the_total_of_a_province_stands_among_the_schools():
    provinces = [
        [pupils(at, province="Drenthe") for at in range(30)],
        [pupils(at, province="Utrecht") for at in range(30, 60)],
    ]
    sums = [sum(100 + 7 * at for at in part) for part in (range(30), range(30, 60))]
    lines = [
        *provinces[0],
        pupils(98, f"{sums[0]};150;60;60"),
        *provinces[1],
        pupils(99, f"{sums[1]};150;60;60", "Utrecht"),
    ]
    parsed = parse(NAME_05, HEADER_05, lines)
    assert parsed.rows["pupils_n"].sum() == sum(sums) and len(parsed.set_aside) == 2


def test_pass_the_total_of_each_year_has_a_board_of_its_own():
    every = [balance(49999, year, sum(year - 2005 + at for at in SITES)) for year in range(2015, 2020)]
    parsed = parse(NAME_BALANCE, HEADER_BALANCE, [*BALANCE, *every])
    assert parsed.rows["own_funds_eur"].sum() == 5 * 6000 * sum(12 + at for at in SITES) and len(parsed.set_aside) == 5


def test_pass_sums_by_chance_in_a_few_sites_are_no_totals():
    lines = [line for pair in TWO for line in pair] + [
        exams(at, 30 + at + at % 7, 5 + at % 3, "E&M") for at in range(9)
    ]
    lines += [exams(at, 90 + at, 4, "E&M") for at in range(9, 60)]
    assert parse(NAME_07, HEADER_07, lines).quarantine.empty


# --- a file that contradicts its name

LINES_05 = [pupils(at) for at in SITES]
LINES_07 = [exams(at, 20 + at, 3) for at in SITES]


@pytest.mark.parametrize(
    "above",
    [
        "Geslaagden schooljaar 2021-2022",
        "Examenjaar 2021;;;;;;",
        "Examens vo 2023/24",
        "Peildatum: 1-10-2021",
        "Aantallen x 1.000",
    ],
)
def test_fail_a_title_has_another_year_or_unit(above):
    with pytest.raises(FileRefused, match="line 1: expected"):
        parse(NAME_07, HEADER_07, LINES_07, above)


@pytest.mark.parametrize(
    "above", ["Geslaagden 2022-2023", "Examenjaar 2023", "Stand van 3-9-2024", "Geslaagden 2022/'23", "Versie 2, 2024"]
)
def test_pass_a_title_has_the_year_of_the_name_or_none(above):
    assert len(parse(NAME_07, HEADER_07, LINES_07, above).rows) == 60


@pytest.mark.parametrize("year", ["2021", "2021-2022", "2023-2024"])
def test_fail_a_column_has_another_year(year):
    with pytest.raises(FileRefused, match="line 2, column SCHOOLJAAR: expected the year of the name, 2022-2023"):
        parse(NAME_07, HEADER_07 + ";SCHOOLJAAR", [f"{line};{year}" for line in LINES_07])


@pytest.mark.parametrize("unit", ["x 1 000", "1.000", "duizend", "mln euro"])
def test_fail_a_column_has_another_unit(unit):
    with pytest.raises(FileRefused, match="line 2, column Eenheid: expected numbers in ones, found"):
        parse(NAME_07, HEADER_07 + ";Eenheid", [f"{line};{unit}" for line in LINES_07])


@pytest.mark.parametrize("unit", ["", "aantal", "personen", "%"])
def test_pass_a_column_has_the_unit_of_ones(unit):
    assert len(parse(NAME_07, HEADER_07 + ";EENHEID", [f"{line};{unit}" for line in LINES_07]).rows) == 60


@pytest.mark.parametrize("year", ["2022", "2022-2023", "2023", ""])
def test_pass_a_column_has_the_year_of_the_name(year):
    assert len(parse(NAME_07, HEADER_07 + ";EXAMENJAAR", [f"{line};{year}" for line in LINES_07]).rows) == 60


# --- a file that breaks off with a message


@pytest.mark.parametrize("blank", [[], [""]])
@pytest.mark.parametrize(
    "message",
    ["<html><body>504", "<!DOCTYPE html>", "ORA-01555: snapshot too old", "Error: reset", '{"error": 1}', "503 busy"],
)
def test_fail_a_message_stands_where_data_should(blank, message):
    with pytest.raises(FileRefused, match="expected data to the end, found the message"):
        parse(NAME_05, HEADER_05, [*LINES_05, *blank, message])


# --- lines that say the same


def test_pass_a_repeated_line_is_padded_otherwise():
    parsed = parse(NAME_07, HEADER_07, [*LINES_07, LINES_07[0].replace(";", " ;").replace("HAVO", "havo")])
    assert len(parsed.rows) == 60 and len(parsed.set_aside) == 1


# --- cells that stand for something else

NAME_09 = "09-examenkandidaten-havo-en-examencijfers-2018-2019.csv"
HEADER_09 = (
    "SCHOOLJAAR;BRIN NUMMER;VESTIGINGSNUMMER;ONDERWIJSTYPE VO;VAKCODE;VAKNAAM;TOTAAL AANTAL SCHOOLEXAMENS MET CIJFER;"
    "GEM. CIJFER TOTAAL AANTAL SCHOOLEXAMENS;TOTAAL AANTAL CENTRALE EXAMENS;GEM. CIJFER TOTAAL AANTAL CENTRALE EXAMENS"
)
LINES_09 = [f"2018;{at:02d}CA;00;HAVO;0131;ak;{20 + at};6,4;{19 + at};6,2" for at in SITES]
NAME_MIX = "functiemix-instellingen.csv"
HEADER_MIX = (
    "ONDERWIJSSECTOR;JAAR;BEVOEGD_GEZAGNUMMER;BRIN_NUMMER;OMVANG_FORMATIE_OP;AANDEEL_FORMATIE_OP_LB;"
    "AANDEEL_FORMATIE_OP_LC;AANDEEL_FORMATIE_OP_LD"
)


def scales(at: int, fte: str, shares: str = "45,5;30,5;24,0") -> str:
    """A line of the functiemix."""
    return f"VO;2019;{41000 + at};{at:02d}DA;{fte};{shares}"


MIX = [scales(at, f"{50 + at},5") for at in SITES]
BALANCE = [balance(41000 + at, year, year - 2005 + at) for at in SITES for year in range(2015, 2020)]
FILES = {
    "05": (NAME_05, HEADER_05, LINES_05),
    "07": (NAME_07, HEADER_07, LINES_07),
    "09": (NAME_09, HEADER_09, LINES_09),
    "mix": (NAME_MIX, HEADER_MIX, MIX),
    "balance": (NAME_BALANCE, HEADER_BALANCE, BALANCE),
}


@pytest.mark.parametrize("file", FILES)
def test_pass_a_file_without_a_fault(file):
    name, header, lines = FILES[file]
    for shape in (lines, lines[::-1], [";".join(f'"{cell}"' for cell in line.split(";")) for line in lines]):
        assert parse(name, header, shape).quarantine.empty
    wider = parse(name, header.lower() + ";toelichting", [*(f"{line};tekst" for line in lines), "", ";;"])
    assert wider.quarantine.empty and wider.unknown_headers == ("toelichting",)


@pytest.mark.parametrize(
    ("file", "line", "says"),
    [
        ("05", pupils(0, "9999;3;1;2"), "is a count, not a code for unknown"),
        ("05", pupils(0, "900;99999;1;2"), "is a count, not a code for unknown"),
        ("07", exams(0, 999, 0), "not_equal_to"),
        ("09", LINES_09[0].replace(";20;", ";9999;"), "is a count, not a code for unknown"),
        ("09", LINES_09[0].replace(";20;", ";999;"), "not_equal_to"),
        ("09", LINES_09[0].replace("HAVO", "VWO"), "expected the level of the name, havo, found 'VWO'"),
        ("mix", scales(0, "1.234"), "beside `1,5` and `1.5` this can be thousands"),
        ("mix", scales(0, "9999"), "less_than_or_equal_to"),
        ("mix", scales(0, "50,5", "0,455;0,305;0,24"), "scales_are_parts_of_a_whole"),
    ],
)
def test_fail_a_cell_stands_for_something_else(file, line, says):
    name, header, lines = FILES[file]
    with pytest.raises(FileRefused, match=says):
        parse(name, header, [line, *lines[1:]])


@pytest.mark.parametrize(
    ("file", "column", "cell"),
    [("05", 5, "0"), ("07", 6, "0"), ("mix", 6, "0,0"), ("balance", 1, "Voortgezet"), ("balance", 2, "")],
)
def test_fail_a_column_has_the_same_useless_cell_throughout(file, column, cell):
    name, header, lines = FILES[file]
    rows = [line.split(";") for line in lines]
    for row in rows:
        row[5] = row[4] if (file, column) == ("07", 6) else row[5]
        row[column] = cell
    with pytest.raises(FileRefused, match=r"no_column_is_zero_throughout|school_boards_are_named"):
        parse(name, header, list(map(";".join, rows)))


POINTS = [pupils(at, f"{at % 9 + 1}.000;{at % 3}.000;0.000;0.000") for at in SITES]


@pytest.mark.parametrize("lines", [POINTS, [line.replace(";0.000", ";0") for line in POINTS]])
def test_fail_a_count_has_three_decimals_throughout(lines):
    with pytest.raises(FileRefused, match="this can be 1 or 1,000, as all with a point"):
        parse(NAME_05, HEADER_05, lines)


@pytest.mark.parametrize("cells", ["1.001;3;1;2", "1.000;3;1;2"])
def test_pass_a_dot_for_thousands_beside_plain_counts(cells):
    rows = parse(NAME_05, HEADER_05, [pupils(0, cells), *LINES_05[1:]]).rows
    assert rows["pupils_n"].max() == 1000 + int(cells[4])


# --- columns under other names


def test_fail_passed_and_failed_have_changed_places():
    with pytest.raises(FileRefused, match="passed_n_is_most_of_candidates_n"):
        parse(NAME_07, HEADER_07.replace("GESLAAGDEN;GEZAKTEN", "GEZAKTEN;GESLAAGDEN"), LINES_07)


@pytest.mark.parametrize("year", ["2020/2021", "20-21", "2020-2021*"])
def test_fail_one_year_of_a_wide_file_is_written_otherwise(year):
    titles = [
        f"{what} SCHOOLJAAR {one} - TOTAAL"
        for one in ("2019-2020", year)
        for what in ("EXAMENKANDIDATEN", "GESLAAGDEN")
    ]
    header = ";".join(["INSTELLINGSCODE;VESTIGINGSCODE;ONDERWIJSTYPE VO;INSPECTIECODE;OPLEIDINGSNAAM", *titles])
    lines = [f"{at:02d}BA;{at:02d}BA00;HAVO;50;HAVO;20;18;22;19" for at in SITES]
    with pytest.raises(
        FileRefused, match=r"expected the columns EXAMENKANDIDATEN with a year as in .*, found the unknown"
    ):
        parse("examenkandidaten-en-geslaagden-2019-2024.csv", header, lines)
