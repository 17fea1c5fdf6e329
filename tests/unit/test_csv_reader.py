"""Files: what is read, what is refused, and the sentence that says why."""

import io

import pytest
from openpyxl import Workbook

from schemas.dataset import Dialect
from schemas.datasets.zittenblijvers import Zittenblijvers
from schemas.errors import FileRefused, LayoutDiffers
from schemas.reading.encoding import encoding_of
from schemas.reading.header import match_header
from schemas.reading.read_table import read_table
from schemas.reading.validate import parse_file

NAME = "05.-zittenblijvers-niveau-vestiging-2018-2019-tov-2019-2020.csv"
COLUMNS = (
    "BRINNUMMER;VESTIGINGSNUMMER;PROVINCIE;AANTAL_LEERLINGEN;AANTAL_ZITTENBLIJVERS;AANTAL_AFSTROMERS;AANTAL_OPSTROMERS"
)
HEADER = COLUMNS + "\r\n"
LINES = "00AH;00;Overijssel;1009;113;22;161\r\n00AH;07;Overijssel;1013;113;5;116\r\n"
GOOD = (HEADER + LINES).encode()
QUOTED = "".join('"' + line.replace(";", '";"') + '"\r\n' for line in (HEADER + LINES).splitlines()).encode()
AGAIN = "fetch it again later; the last good data stays published."
CODE_PAGES = "text in utf-8 or cp1252 or cp850"
SAVE = "save it again in one of these code pages, or add the new one to the dataset's dialect."

BROKEN = {
    "an empty file": (b"\r\n ", f"whole file: expected data, found an empty file; {AGAIN}"),
    "a web page": (
        b'<!doctype html>\n<html lang="nl"><title>Welkom - DUO</title><app-root></app-root></html>',
        f"first bytes: expected a data file, found a web page starting with '<!doctype html'; {AGAIN}",
    ),
    "a web page behind a byte-order mark": (
        b"\xef\xbb\xbf\r\n<HTML><body>Fout 503</body></HTML>",
        f"first bytes: expected a data file, found a web page starting with '<html'; {AGAIN}",
    ),
    "an error in XML": (
        b'<?xml version="1.0"?><error>NoSuchKey</error>',
        "first bytes: expected a data file, found a web page starting with '<?xml version=\"1.0\"?'; " + AGAIN,
    ),
    "an answer in JSON": (
        b'{"help": "...", "success": false, "error": {"message": "Not found"}}',
        f"first bytes: expected a data file, found a JSON answer; {AGAIN}",
    ),
    "a workbook named csv": (
        b"PK\x03\x04\x14\x00\x06\x00",
        f"first bytes: expected a text file, found a zip or office file; {AGAIN}",
    ),
    "a gzip file": (b"\x1f\x8b\x08\x00", f"first bytes: expected a text file, found a gzip file; {AGAIN}"),
    "UTF-16": (GOOD.decode().encode("utf-16"), f"first bytes: expected {CODE_PAGES}, found UTF-16; {SAVE}"),
    "UTF-16 without mark": (
        GOOD.decode().encode("utf-16-le"),
        f"first bytes: expected {CODE_PAGES}, found NUL bytes; {SAVE}",
    ),
    "UTF-8 read as cp1252": (
        GOOD.replace(b"Overijssel", "FryslÃ¢n".encode()),
        "line 2: expected letters such as ë in one code page, found the wrongly decoded text "
        "'0AH;00;FryslÃ¢n;1009;113;2'; fetch the file again, or report it to the publisher.",
    ),
    "cp850 read as cp1252": (
        GOOD.replace(b"Overijssel", "Mari‰ndael".encode()),
        "line 2: expected letters such as ë in one code page, found the wrongly decoded text "
        "'00AH;00;Mari‰ndael;1009;1'; fetch the file again, or report it to the publisher.",
    ),
    "commas": (
        GOOD.replace(b";", b","),
        "line 1: expected fields separated by ';', found 6 of ','; fetch the publisher's own copy, "
        "or change the dataset's dialect if the publisher changed.",
    ),
    "no delimiter": (
        b"BRINNUMMER\r\n00AH\r\n",
        "line 1: expected fields separated by ';', found no delimiter at all; fetch the publisher's own copy, "
        "or change the dataset's dialect if the publisher changed.",
    ),
    "only a header": (HEADER.encode(), f"line 2: expected data lines, found only a header; {AGAIN}"),
    "cut off in a line": (
        GOOD[:-20],
        "line 3: expected 7 fields and a line end, found 3 fields and no line end ('00AH;07;Overijs'); "
        f"it is cut off: {AGAIN}",
    ),
    "cut off before the last field": (
        GOOD[:-5],
        "line 3: expected 7 fields and a line end, found 7 fields and no line end ('00AH;07;Overijssel;1013;113;5;'); "
        f"it is cut off: {AGAIN}",
    ),
    "cut off in a quote": (
        QUOTED[:-4],
        "line 3: expected 7 fields and a line end, found an open quote and no line end "
        f"""('"00AH";"07";"Overijssel";"1013";"113";"5";"11'); it is cut off: {AGAIN}""",
    ),
    "a missing column": (
        GOOD.replace(b"AANTAL_ZITTENBLIJVERS", b"AANTAL_DOUBLEURS"),
        "line 1: expected the column AANTAL ZITTENBLIJVERS, found the unknown column AANTAL_DOUBLEURS; "
        "add the new header name to schemas/datasets/zittenblijvers.py.",
    ),
    "two missing columns": (
        b"BRINNUMMER;VESTIGINGSNUMMER;AANTAL_LEERLINGEN;AANTAL_ZITTENBLIJVERS\r\n00AH;00;1009;113\r\n",
        "line 1: expected the columns AANTAL AFSTROMERS, AANTAL OPSTROMERS, found no column in its place; "
        "add the new header name to schemas/datasets/zittenblijvers.py.",
    ),
}


@pytest.mark.parametrize("content,sentence", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_refused_in_one_sentence(content, sentence):
    with pytest.raises(FileRefused) as refusal:
        parse_file(Zittenblijvers, NAME, content)
    assert str(refusal.value) == f"{NAME}, {sentence}"


def test_a_layout_diff_can_be_asked_for_its_parts():
    with pytest.raises(LayoutDiffers) as refusal:
        match_header(Zittenblijvers, NAME, ["BRINNUMMER", "VESTIGING", "AANTAL_LEERLINGEN"])
    assert refusal.value.unknown == ["VESTIGING"]
    assert "VESTIGINGSNUMMER" in refusal.value.missing


def read(text: str, **dialect):
    return read_table("f.csv", text.encode(), Dialect(**dialect))


def rows_of(table):
    return [table.row(place) for place in range(len(table.lines))]


def test_line_numbers_are_those_of_the_file():
    table = read("a;b\n1;x\n\n;\n2;z\n")
    assert table.lines.tolist() == [2, 5]  # a blank line, a line of delimiters alone
    assert rows_of(table) == [["1", "x"], ["2", "z"]]
    assert table.raw(5) == "2;z" and table.raw(99) == ""
    assert table.data_lines == 2


def test_a_header_may_hold_line_breaks():
    table = read('"BRIN\nNUMMER";b\n00AH;2\n')
    assert table.header == ["BRIN\nNUMMER", "b"] and table.lines.tolist() == [3]


@pytest.mark.parametrize("text", ["a;b;\n1;2;\n", "a;b\n1;2;\n", "a;b;\n1;2\n", "a;b\n1;2;;\n"])
def test_a_delimiter_at_the_end_of_lines_is_no_column(text):
    table = read(text)
    assert table.header == ["a", "b"] and rows_of(table) == [["1", "2"]] and not table.ragged


def test_lines_with_the_wrong_number_of_fields_are_set_aside():
    table = read("a;b\n1;2\n3\n4;5;6\n")
    assert table.ragged == [(3, "3", "1 fields"), (4, "4;5;6", "3 fields")]
    assert table.data_lines == 3


def test_a_stray_quote_costs_one_line_and_not_the_file():
    table = read('a;b\n1;"open\n2;x\n3;"y" z\n4;"q"\n')
    assert rows_of(table) == [["2", "x"], ["4", "q"]]
    assert [line for line, _, _ in table.ragged] == [2, 4]


def test_a_stray_quote_that_swallows_lines_is_found():
    table = read('a;b;c\n1;x;"open\n2;";z\n3;y;w\n')
    assert table.ragged == [(2, '1;x;"open', "a quote out of place"), (3, '2;";z', "a quote out of place")]
    assert rows_of(table) == [["3", "y", "w"]]


def test_a_whole_last_line_without_line_end_is_accepted():
    assert rows_of(read("a;b\n1;2\n3;4")) == [["1", "2"], ["3", "4"]]


def test_only_three_characters_end_a_line():
    table = read("a;b\n1;x\x0cy\u2028z\n2;w\n")
    assert table.lines.tolist() == [2, 3] and table.raw(3) == "2;w"


def test_a_publisher_that_varies_its_delimiter_is_read_either_way():
    assert rows_of(read("a,b\n1,2\n", delimiter=";,")) == rows_of(read("a;b\n1;2\n", delimiter=";,"))


FILLER = b"1;plain text;x\n" * 40_000
PAGES = {
    "ascii": (FILLER, "utf-8"),
    "utf-8": (FILLER + "2;Fryslân\n".encode(), "utf-8"),
    "utf-8 with mark": (b"\xef\xbb\xbf1;a\n", "utf-8-sig"),
    "cp1252, first accent after 600 kB": (FILLER + "2;Carré\n".encode("cp1252"), "cp1252"),
    "cp850, first accent after 600 kB": (FILLER + "2;Carré;Mariëndael\n".encode("cp850"), "cp850"),
    "cp1252 with a quote inside a word": ("2;d’Arcy; ’s-Gravenhage\n".encode("cp1252"), "cp1252"),
    "cp1252 with a dash": ("2;Arnhem–Noord\n".encode("cp1252"), "cp1252"),
    "utf-8, cut off inside a letter": ("2;Fryslân;Súdwest-Fryslâ".encode()[:-1], "utf-8"),
}


@pytest.mark.parametrize("content,encoding", PAGES.values(), ids=PAGES.keys())
def test_the_code_page_is_found_wherever_the_first_accent_stands(content, encoding):
    assert encoding_of(content) == encoding


def test_names_are_read_right_in_every_code_page():
    text = "a;b\n1;Carré\n2;Mariëndael\n3;Bahûrim\n"
    for page in ("utf-8", "utf-8-sig", "cp1252", "cp850"):
        table = read_table("f.csv", text.encode(page), Dialect())
        assert [row[1] for row in rows_of(table)] == ["Carré", "Mariëndael", "Bahûrim"], page


def test_one_slip_of_the_publisher_does_not_cost_the_file():
    table = read("a;b\n1;Carré\n2;Mariëndael\n3;FryslÃ¢n\n")
    assert table.data_lines == 3


def test_a_code_page_that_the_dataset_does_not_have_is_refused():
    with pytest.raises(FileRefused, match="expected text in utf-8, found cp1252"):
        read_table("f.csv", "a;b\n1;Carré\n".encode("cp1252"), Dialect(encodings=("utf-8",)))


def workbook(**sheets: list[list[object]]) -> bytes:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_sheet_is_read_as_the_text_that_people_see():
    rows = [["BG", "Jaar", "Ratio"], ["00819", 2015, 0.000012], [None, None, None], ["819", 2016.0, None]]
    table = read_table("f.xlsx", workbook(Balans=rows), Dialect(sheets=("balans",)))
    assert rows_of(table) == [["00819", "2015", "0.000012"], ["819", "2016", ""]]
    assert table.lines.tolist() == [2, 4]


def test_titles_above_a_table_are_passed_over():
    rows = [["Onderwijspersoneel vo"], [], ["a", "b", "c"], ["1", "2", "3"]]
    table = read_table("f.xlsx", workbook(Blad1=rows), Dialect())
    assert table.header == ["a", "b", "c"] and table.lines.tolist() == [4]


def test_text_beside_the_table_is_set_aside():
    rows = [["a", "b"], ["1", "2"], ["3", "4", "let op"]]
    table = read_table("f.xlsx", workbook(Blad1=rows), Dialect())
    assert [(line, why) for line, _, why in table.ragged] == [(3, "text beside the table")]
    assert rows_of(table) == [["1", "2"]]


def test_the_first_sheet_that_the_dataset_names_is_taken():
    sheets = {"Toelichting": [["tekst", "x"], ["y", "z"]], " Kengetallen": [["a", "b"], ["1", "2"]]}
    assert rows_of(read_table("f.xlsx", workbook(**sheets), Dialect(sheets=("Nieuw", "Kengetallen")))) == [["1", "2"]]


def test_a_renamed_sheet_is_refused_with_the_names_there_are():
    content = workbook(Een=[["a", "b"], ["1", "2"]], Twee=[["a", "b"], ["1", "2"]])
    with pytest.raises(FileRefused) as refusal:
        read_table("f.xlsx", content, Dialect(sheets=("Balans",)))
    assert str(refusal.value) == (
        "f.xlsx, workbook: expected a sheet named Balans, found the sheets Een, Twee; "
        "add the new sheet name to the dataset's dialect."
    )


def test_text_named_xlsx_is_refused():
    with pytest.raises(FileRefused, match=r"f\.xlsx, whole file: expected a workbook, found something no reader opens"):
        read_table("f.xlsx", GOOD, Dialect())
