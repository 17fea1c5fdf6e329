"""One small file per thing that can be wrong with a file, and what then happens (docs/file-faults.md)."""

import io
import time
import zipfile

import pytest
from openpyxl import Workbook

from schemas.datasets import datasets
from schemas.errors import FileRefused, LayoutDiffers, LettersLost
from schemas.reading import workbook as workbook_reader
from schemas.reading.validate import Parsed, parse_file

ALL = datasets()
NAME_05 = "05.-zittenblijvers-niveau-vestiging-2018-2019-tov-2019-2020.csv"
HEADER_05 = "BRINNUMMER;VESTIGINGSNUMMER;INSTELLINGSNAAM_VESTIGING;PROVINCIE;AANTAL_LEERLINGEN;AANTAL_ZITTENBLIJVERS;AANTAL_AFSTROMERS;AANTAL_OPSTROMERS"
STAFF = "01.-onderwijspersoneel-vo-in-personen-2011-2025.xlsx"
STAFF_SHEET = "owtype-best-instelling-functie"
STAFF_HEADER = ["ONDERWIJSTYPE", "BEVOEGD GEZAG", "BRIN NUMMER", "FUNCTIEGROEP", "PERSONEN 2019", "PERSONEN 2020"]


def school(number: int, pupils: object = None, repeaters: object = None, name: str = "Voorbeeld") -> str:
    """A line of file 05; all numbers differ from school to school."""
    pupils = 100 + 7 * number if pupils is None else pupils
    repeaters = 3 + number % 5 if repeaters is None else repeaters
    return f"{number % 100:02d}A{chr(65 + number // 100)};00;{name};Drenthe;{pupils};{repeaters};1;2"


def lines_05(count: int = 40) -> list[str]:
    """Lines of file 05."""
    return [school(number) for number in range(count)]


def parse_05(lines: list[str], header: str = HEADER_05, end: str = "\r\n", **options: bool) -> Parsed:
    """A file 05 of these lines. No line of it may be lost."""
    parsed = parse_file(
        ALL["duo_05_zittenblijvers"], NAME_05, ("\r\n".join([header, *lines]) + end).encode(), **options
    )
    core, quarantine = set(parsed.rows["line"]), set(parsed.quarantine["line"])
    assert not core & quarantine and len(core | quarantine) == parsed.data_lines
    return parsed


def checks(parsed: Parsed) -> list[tuple[int, str]]:
    """Line and check of all that is in quarantine."""
    return list(zip(parsed.quarantine["line"], parsed.quarantine["check"], strict=True))


def workbook(**sheets: list[list[object]]) -> Workbook:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


def content_of(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def staff(rows: list[list[object]], sheet: str = STAFF_SHEET) -> Workbook:
    return workbook(**{sheet: [STAFF_HEADER, *rows]})


def parse_staff(book: Workbook) -> Parsed:
    return parse_file(ALL["duo_personeel_personen"], STAFF, content_of(book))


STAFF_ROWS: list[list[object]] = [
    ["VO", 90001, "10ZA", "Directie", 4, 5],
    ["VO", 90001, "11ZA", "Directie", 6, 8],
    ["VO", 90002, "12ZA", "Directie", 9, 9],
]

# --- rows that are not data


@pytest.mark.parametrize(
    "keys",
    ["Totaal;;;", "TOTAAL;Totaal;;", ";;Totaal;", ";;;", "Nederland;;;", "99ZZ;00;Voorbeeld;Drenthe"],
)
def test_a_total_is_set_aside_and_agrees(keys):
    parsed = parse_05([*lines_05(), f"{keys};9460;200;40;80"])
    assert parsed.rows["pupils_n"].sum() == 9460 and parsed.rows["repeaters_n"].sum() == 200
    assert checks(parsed) == [(42, "is data, not a total, not added to its lines")]
    assert parsed.set_aside == {42} and parsed.notes == ("1 lines are totals",)


def test_a_total_that_differs_from_its_lines_is_reported():
    parsed = parse_05([*lines_05(), "Totaal;;;;9500;200;40;80"])
    assert checks(parsed) == [(42, "is data, not a total that differs from the sum of its lines, 9460")]
    assert parsed.quarantine["column"].tolist() == ["AANTAL_LEERLINGEN"]
    assert parsed.notes[1].startswith("line 42, AANTAL_LEERLINGEN: a total that differs")


@pytest.mark.parametrize("words", ["Totaal;Drenthe", "Voorbeeld;Totaal"])
def test_a_word_for_a_total_in_another_column_is_enough(words):
    parsed = parse_05([*lines_05(), f"99ZZ;00;{words};9500;200;40;80"])
    assert parsed.rows["pupils_n"].sum() == 9460 and parsed.set_aside == {42}


def test_hidden_counts_leave_a_total_its_room():
    hidden = [school(number, repeaters="<5" if number < 2 else None) for number in range(40)]
    assert parse_05([*hidden, "Totaal;;;;9460;197;40;80"]).notes == ("1 lines are totals",)
    assert len(parse_05([*hidden, "Totaal;;;;9460;230;40;80"]).notes) == 2


def test_a_total_per_board_in_a_workbook_is_no_staff():
    rows = [*STAFF_ROWS, ["VO", 90001, None, "Totaal", 10, 13], ["Totaal", None, None, None, 19, 99]]
    parsed = parse_staff(staff(rows))
    assert parsed.rows["persons_n"].sum() == 19 + 22
    assert checks(parsed) == [
        (5, "is data, not a total, not added to its lines"),
        (6, "is data, not a total that differs from the sum of its lines, 22"),
    ]


def test_a_total_without_a_word_is_found_by_its_blank_school_and_its_sum():
    parsed = parse_staff(staff([*STAFF_ROWS, ["VO", 90001, None, "Directie", 10, 13]]))
    assert parsed.rows["persons_n"].sum() == 19 + 22 and parsed.set_aside == {5}


def test_staff_above_the_schools_is_no_total():
    parsed = parse_staff(staff([*STAFF_ROWS, ["VO", 90001, "bovenschools", "Directie", 2, 2]]))
    assert parsed.quarantine.empty and parsed.rows["persons_n"].sum() == 19 + 22 + 4


def test_two_equal_lines_among_zeros_are_no_total():
    zeros = [f"{number:02d}AA;00;Voorbeeld;Drenthe;0;0;0;0" for number in range(5)]
    assert parse_05([*zeros, "10AA;00;A;Drenthe;10;1;0;0", "11AA;00;B;Drenthe;10;1;0;0"]).quarantine.empty


def test_many_totals_do_not_refuse_a_file():
    parsed = parse_05([*lines_05(10), *[f"Subtotaal {number};;;;{number};1;1;1" for number in range(10)]])
    assert len(parsed.rows) == 10 and len(parsed.set_aside) == 10


# --- lines that stand twice


def test_a_repeated_line_counts_once():
    lines = lines_05()
    parsed = parse_05([*lines, lines[0]])
    assert len(parsed.rows) == 40 and checks(parsed) == [(42, "is data, not a repetition of line 2")]


def test_lines_of_one_key_that_differ_are_both_in_quarantine():
    parsed = parse_05([*lines_05(200), "00AA;00;Voorbeeld;Drenthe;101;3;1;2"])
    assert checks(parsed) == [(line, "the only row with its vestiging_id") for line in (2, 202)]


@pytest.mark.parametrize("again", ["00aa;00", "００ＡＡ;００", "00AA;00AA00"])
def test_keys_that_only_look_alike_are_one_key(again):
    parsed = parse_05([*lines_05(200), f"{again};Ander;Drenthe;1;1;0;0"])
    assert len(parsed.rows) == 199 and set(parsed.quarantine["line"]) == {2, 202}


def test_keys_of_text_that_differ_by_case_are_one_key():
    rows: list[list[object]] = [["VO", 90000 + number, "10ZA", "Directie", number, 5 * number] for number in range(200)]
    parsed = parse_staff(staff([*rows, ["VO", 90007, "10ZA", "DIRECTIE ", 7, 36]]))
    assert set(parsed.quarantine["line"]) == {9, 202}
    assert "letters' case and spaces apart" in parsed.quarantine["check"][0]


# --- quotes


def test_a_quote_that_swallows_lines_costs_two_lines():
    lines = lines_05(450)
    lines[10] = school(10, name='"Het open')
    lines[420] = school(420, name='dicht"')
    parsed = parse_05(lines)
    assert parsed.data_lines == 450 and {line for line, _ in checks(parsed)} == {12, 422}


def test_a_first_quote_that_is_lost_costs_nothing():
    lines = [";".join(f'"{cell}"' for cell in line.split(";")) for line in (HEADER_05, *lines_05())]
    parsed = parse_05(lines[1:], header=lines[0][1:])
    assert len(parsed.rows) == 40 and parsed.quarantine.empty


def test_the_line_on_which_a_quote_closes_makes_no_key_of_its_own():
    """The closing quote stands at the end of a field that is part of the key."""
    lines = lines_05(40)
    first, last = lines[10].split(";"), lines[20].split(";")
    first[2], last[1] = '"' + first[2], last[1] + '"'
    lines[10], lines[20] = ";".join(first), ";".join(last)
    parsed = parse_05([*lines, *lines_05(400)[40:]])
    assert set(parsed.quarantine["line"]) == {12, 22}


# --- columns


def test_a_column_that_stands_twice_with_other_values_refuses_the_file():
    lines = [f"{line};{number}" for number, line in enumerate(lines_05())]
    with pytest.raises(FileRefused, match="line 2: expected the same value in both columns AANTAL LEERLINGEN"):
        parse_05(lines, header=HEADER_05 + ";AANTAL LEERLINGEN")


def test_a_column_that_stands_twice_with_the_same_values_is_read():
    parsed = parse_05([f"{line};{line.split(';')[4]}" for line in lines_05()], header=HEADER_05 + ";AANTAL LEERLINGEN")
    assert len(parsed.rows) == 40


def test_a_measure_of_a_wide_file_under_two_names_refuses_the_file():
    header = [*STAFF_HEADER, "PERSONEN 65 JAAR EN OUDER 2019", "PERSONEN OUDER DAN 65 JAAR 2019"]
    with pytest.raises(FileRefused, match="found '1' in column 7 and '2' in column 8"):
        parse_staff(workbook(**{STAFF_SHEET: [header, [*STAFF_ROWS[0], 1, 2]]}))


# --- cells


@pytest.mark.parametrize(
    "cell", ["#N/A", "#REF!", "#WAARDE!", "99999999999999999999", "-9223372036854775809", "1" * 5000]
)
def test_a_cell_that_is_no_number_is_in_quarantine(cell):
    parsed = parse_05([*lines_05(120)[:100], school(99, pupils=cell).replace("99AA", "99ZZ")])
    assert parsed.quarantine["raw_value"].tolist() == [cell] and parsed.set_aside == set()


def test_a_dot_for_thousands_is_read_where_all_of_the_column_has_it():
    dotted = [school(number, pupils=f"1.{number:03d}") for number in range(100)]
    assert parse_05(dotted).rows["pupils_n"].min() == 1000
    with pytest.raises(FileRefused, match=r"100 of 101 rejected, the first with '1\.000'"):
        parse_05([*dotted, "99ZZ;00;Voorbeeld;Drenthe;1001;1;1;1"])


def test_a_dot_is_no_thousands_mark_where_the_dataset_has_none():
    header = (
        "SAMENWERKINGSVERBAND_NUMMER;brin_nummer;vestigings_nummer;aantal_leerlingen;vsv_totaal;vsv_vmbo;vsv_mbo;"
        "vsv_overig"
    )
    lines = [f"VO0001;{number:02d}AA;00;{100 + number};0;0;0;0" for number in range(100)]
    content = "\r\n".join([header, *lines, "VO0001;99ZZ;00;21.125;0;0;0;0", ""]).encode()
    parsed = parse_file(ALL["duo_15_vsv_swv"], "15.-vsv-per-swv-2015.csv", content)
    assert parsed.quarantine["raw_value"].tolist() == ["21.125"]


def test_errors_and_formulas_without_a_value_are_no_blanks():
    rows: list[list[object]] = [["VO", 90000 + number, "10ZA", "Directie", number, 5 * number] for number in range(300)]
    book = staff(rows)
    sheet = book[STAFF_SHEET]
    sheet["E5"] = "=1+1"
    sheet["F9"] = "#N/A"
    sheet["F9"].data_type = "e"
    parsed = parse_staff(book)
    assert list(zip(parsed.quarantine["line"], parsed.quarantine["raw_value"], strict=True)) == [
        (5, "#FORMULA! =1+1"),
        (9, "#N/A"),
    ]


# --- around the table


@pytest.mark.parametrize(
    "above",
    [["sep=;"], ["Zittenblijvers vo", "", "Peildatum: 1-10-2019"], ["Zittenblijvers; per vestiging", ";;;;;;;"]],
)
def test_lines_above_the_header_are_set_aside(above):
    parsed = parse_05([*above[1:], HEADER_05, *lines_05()], header=above[0])
    assert len(parsed.rows) == 40 and parsed.rows["line"].min() == len(above) + 2
    assert {check for _, check in checks(parsed)} <= {"is data, not text above the header"}


@pytest.mark.parametrize("note", ["Bron: DUO, 2019", "* kleiner dan 5", "Deze tabel is voorlopig.", "<5 = afgerond"])
@pytest.mark.parametrize("end", ["", "\r\n"])
def test_a_footnote_is_set_aside(note, end):
    parsed = parse_05([*lines_05(), "", note, "en nog een regel"], end=end)
    assert len(parsed.rows) == 40 and [check for _, check in checks(parsed)] == ["is data, not a footnote"] * 2


@pytest.mark.parametrize("broken", ["40", "40AA", "40AA;00", "40AA;00;Voorbeeld;Drenthe;100;"])
def test_a_line_that_breaks_off_is_no_footnote(broken):
    with pytest.raises(FileRefused, match="it is cut off"):
        parse_05([*lines_05(), broken], end="")


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u00ad", "\u2060"])
def test_characters_that_nobody_sees_do_not_change_a_header(mark):
    assert len(parse_05(lines_05(), header=HEADER_05.replace("AANTAL_LEER", f"AANTAL_{mark}LEER")).rows) == 40


def test_a_file_without_a_header_is_told_so():
    with pytest.raises(FileRefused) as refusal:
        parse_05(lines_05()[1:], header=school(0))
    assert not isinstance(refusal.value, LayoutDiffers) and "the header is missing" in str(refusal.value)


def test_the_only_visible_sheet_is_read_whatever_its_name():
    book = staff(STAFF_ROWS, sheet="Blad7")
    book.create_sheet("hulp").sheet_state = "hidden"
    parsed = parse_staff(book)
    assert len(parsed.rows) == 6 and parsed.notes[0].startswith("sheet 'Blad7' is read")


def test_the_only_sheet_with_a_known_header_is_read():
    book = staff(STAFF_ROWS, sheet="gegevens")
    book.create_sheet("Toelichting").append(["Dit bestand", "gaat over personeel"])
    assert parse_staff(book).notes[0].startswith("sheet 'gegevens' is read")


# --- letters


def test_letters_that_the_publisher_lost_are_a_refusal_of_their_own():
    lines = [school(number, name="Fr\ufffdl\ufffdn") for number in range(40)]
    with pytest.raises(LettersLost, match="expected letters such as ë, found 80 letters that were lost"):
        parse_05(lines)
    parsed = parse_05(lines, letters_lost=True)
    assert len(parsed.rows) == 40 and parsed.notes == ("80 letters are lost (U+FFFD) in the publisher's own file",)


# --- what no reader survives


def test_a_workbook_with_one_far_cell_is_refused():
    book = staff(STAFF_ROWS)
    book[STAFF_SHEET]["XFD1048576"] = 1
    with pytest.raises(FileRefused, match="expected a workbook that opens within 2 GiB"):
        parse_staff(book)


def test_a_workbook_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(workbook_reader, "SECONDS", 0)
    with pytest.raises(FileRefused, match="found one that takes longer"):
        parse_staff(staff(STAFF_ROWS))


def test_a_workbook_with_broken_parts_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content_of(staff(STAFF_ROWS)))) as source, zipfile.ZipFile(target, "w") as broken:
        for name in source.namelist():
            broken.writestr(name, source.read(name)[:200])
    with pytest.raises(FileRefused, match="something no reader opens"):
        parse_file(ALL["duo_personeel_personen"], STAFF, target.getvalue())


def test_whatever_a_reader_raises_refuses_the_file(monkeypatch):
    def fails(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("schemas.reading.validate.read_table", fails)
    with pytest.raises(FileRefused, match="expected a file that can be read, found MemoryError"):
        parse_05(lines_05())


def test_a_large_file_without_its_first_quote_is_read_in_linear_time():
    def seconds(count: int) -> float:
        body = "".join('"00AA";"00";"Voorbeeld";"Drenthe";"1";"1";"1";"1"\r\n' for _ in range(count))
        start = time.process_time()
        with pytest.raises(FileRefused):
            parse_file(ALL["duo_05_zittenblijvers"], NAME_05, ("BRINNUMMER\n" + body[1:]).encode())
        return time.process_time() - start

    small, large = seconds(2_000), seconds(32_000)
    assert large < 16 * 3 * max(small, 0.05)


def test_a_hidden_sheet_is_not_read_for_a_visible_one_with_the_same_header():
    book = staff([*STAFF_ROWS, ["VO", 90003, "13ZA", "Directie", 90, 90]])
    book[STAFF_SHEET].sheet_state = "hidden"
    for row in (STAFF_HEADER, *STAFF_ROWS):
        (book["2025"] if "2025" in book.sheetnames else book.create_sheet("2025")).append(row)
    with pytest.raises(FileRefused, match="found the sheets owtype-best-instelling-functie, 2025"):
        parse_staff(book)
