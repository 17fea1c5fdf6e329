"""Cells that parse and cannot be true: blanks that are no zero, sums that do not hold, cells out of step.

All schools, boards and figures are made up. Each case is a file of the dataset's own layout with one fault in it.
"""

import pandas as pd
import pytest

from schemas.checks import add_up, differ, make_up, make_up_with_blanks, near_other_periods, same_wherever, share_fits
from schemas.datasets import dataset_for, datasets
from schemas.errors import FileRefused
from schemas.reading.typing_rows import NOT_BLANK
from schemas.reading.validate import Parsed, parse_file
from tests.helpers import tiny_06

COUNTS_01 = [f"LEER- OF VERBLIJFSJAAR {year} - {sex}" for year in range(1, 7) for sex in ("MAN", "VROUW")]
SEXES = ("MAN", "VROUW", "ONBEKEND", "TOTAAL")
COUNTS_06 = [f"{what} SCHOOLJAAR 2018-2019 - {sex}" for sex in SEXES for what in ("EXAMENKANDIDATEN", "GESLAAGDEN")]
SHARES_06 = [f"SLAAGPERC SCHOOLJAAR 2018-2019 - {sex}" for sex in SEXES]
ASSETS = "Immateriële vaste activa;Materiële vaste activa;Financiële vaste activa;Totaal van vaste activa;Voorraden"
ASSETS += ";Vorderingen;Kortlopende effecten;Liquide middelen;Totaal van vlottende activa;Totaal van activa"
DEBTS = "Eigen vermogen;Voorzieningen;Langlopende schulden;Kortlopende schulden;Totaal van passiva"

FILES = {
    "01": (
        "01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv",
        "BRIN NUMMER;VESTIGINGSNUMMER;INSTELLINGSNAAM VESTIGING;PROVINCIE VESTIGING;ONDERWIJSTYPE VO EN LEER- OF "
        "VERBLIJFSJAAR;VMBO SECTOR;AFDELING;ELEMENTCODE;OPLEIDINGSNAAM;" + ";".join(COUNTS_01),
        [
            "90ZA;0;School A;Utrecht;VWO lj 4-6;N.v.t.;N.v.t.;0262;VWO;0;0;0;0;0;0;20;21;18;25;17;16",
            "90ZA;0;School A;Utrecht;Brugjaar 1-2;N.v.t.;N.v.t.;0024;Brugklas;40;44;50;48;0;0;0;0;0;0;0;0",
            "90ZA;0;School A;Utrecht;HAVO lj 4-5;N.v.t.;N.v.t.;0372;HAVO;0;0;0;0;0;0;20;21;18;25;0;0",
            "91ZA;0;School B;Zeeland;HAVO lj 4-5;N.v.t.;N.v.t.;0372;HAVO;0;0;0;0;0;0;30;21;18;25;0;0",
            "92ZA;0;School C;Drenthe;HAVO lj 4-5;N.v.t.;N.v.t.;0372;HAVO;0;0;0;0;0;0;20;41;18;25;0;0",
        ],
    ),
    "05": (
        "05.-zittenblijven-vo-brinvest-1516-tov-1617.csv",
        "BRINNUMMER;VESTIGINGSNUMMER;INSTELLINGSNAAM VESTIGING;PLAATSNAAM VESTIGING;GEMEENTENUMMER VESTIGING;"
        "GEMEENTENAAM VESTIGING;PROVINCIE VESTIGING;TOTAAL LEERLINGEN;AANTAL ZITTENBLIJVERS;AANTAL AFSTROMERS;"
        "AANTAL OPSTROMERS;PERCENTAGE ZITTENBLIJVERS;PERCENTAGE AFSTROMERS;PERCENTAGE OPSTROMERS",
        [
            "90ZA;0;School A;PLAATS;344;UTRECHT;Utrecht;1.001;84;25;139;8,39;2,5;13,89",
            "91ZA;0;School B;PLAATS;344;UTRECHT;Utrecht;500;20;10;30;4;2;6",
            "92ZA;0;School C;PLAATS;344;UTRECHT;Utrecht;400;21;9;30;5,25;2,25;7,5",
        ],
    ),
    "06": (
        "06-examenkandidaten-en-geslaagden-2014-2019.csv",
        "BRIN NUMMER;VESTIGINGSNUMMER;INSTELLINGSNAAM VESTIGING;GEMEENTENAAM;ONDERWIJSTYPE VO;INSPECTIECODE;"
        "OPLEIDINGSNAAM;" + ";".join([*COUNTS_06, *SHARES_06]),
        [
            "90ZA;90ZA00;School A;UTRECHT;HAVO;50;HAVO - N&T;20;18;10;9;0;0;30;27;90,0%;90,0%;,0%;90,0%",
            "91ZA;91ZA00;School B;UTRECHT;HAVO;50;HAVO - N&T;30;25;10;10;0;0;40;35;83,3%;100,0%;,0%;87,5%",
            "92ZA;92ZA00;School C;UTRECHT;HAVO;50;HAVO - N&T;20;18;12;9;0;0;32;27;90,0%;75,0%;,0%;84,4%",
        ],
    ),
    "07": (
        "07-geslaagden-gezakten-en-cijfers-2018-2019.csv",
        "BRIN NUMMER;VESTIGINGSNUMMER;INSTELLINGSNAAM VESTIGING;GEMEENTENAAM VESTIGING;PROVINCIE VESTIGING;ONDERWIJSTYPE "
        "VO;LEERWEG VMBO;VMBO SECTOR;AFDELING;EXAMENKANDIDATEN;GESLAAGDEN;GEZAKTEN;GEMIDDELD CIJFER SCHOOLEXAMEN;"
        "GEMIDDELD CIJFER CENTRAAL EXAMEN;GEMIDDELD CIJFER CIJFERLIJST",
        [
            "90ZA;90ZA00;School A;UTRECHT;Utrecht;HAVO;;;N&T;20;18;2;6,4;6,3;6,5",
            "91ZA;91ZA00;School B;UTRECHT;Utrecht;HAVO;;;N&T;<5;<5;0;6,4;6,3;6,5",
            "91ZA;91ZA00;School B;UTRECHT;Utrecht;HAVO;;;E&M;9;<5;7;6,4;6,3;6,5",
            "91ZA;91ZA00;School B;UTRECHT;Utrecht;HAVO;;;C&M;<5;<5;<5;6,4;6,3;6,5",
        ],
    ),
    "09": (
        "09-examenkandidaten-havo-en-examencijfers-2018-2019.csv",
        "SCHOOLJAAR;BRIN NUMMER;VESTIGINGSNUMMER;INSTELLINGSNAAM VESTIGING;GEMEENTENUMMER;GEMEENTENAAM;PROVINCIE;"
        "ONDERWIJSTYPE VO;LEERWEG;VAKCODE;AFKORTING VAKNAAM;VAKNAAM;SCHOOLEXAMEN BEOORDELING;TOTAAL AANTAL SCHOOLEXAMENS "
        "MET BEOORDELING;TOTAAL AANTAL SCHOOLEXAMENS MET CIJFER;GEM. CIJFER TOTAAL AANTAL SCHOOLEXAMENS;AANTAL "
        "SCHOOLEXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA;GEM. CIJFER SCHOOLEXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA;"
        "TOTAAL AANTAL CENTRALE EXAMENS;GEM. CIJFER TOTAAL AANTAL CENTRALE EXAMENS;AANTAL CENTRALE EXAMENS MEETELLEND "
        "VOOR DIPLOMA;GEM. CIJFER CENTRALE EXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA;GEM. CIJFER CIJFERLIJST",
        [
            "2018;90ZA;0;School A;344;UTRECHT;Utrecht;HAVO;;131;netl;Nederlands;;0;30;6,4;29;6,4;29;6,2;29;6,2;6,3",
            "2018;91ZA;0;School B;344;UTRECHT;Utrecht;HAVO;;131;netl;Nederlands;;0;31;6,4;29;6,4;29;6,2;29;6,2;6,3",
            "2018;92ZA;0;School C;344;UTRECHT;Utrecht;HAVO;;131;netl;Nederlands;;0;32;6,4;<5;6,4;<5;6,2;<5;6,2;6,3",
            "2018;92ZA;0;School C;344;UTRECHT;Utrecht;HAVO;;700;lo;sport;V;12;0;,0;0;,0;0;,0;0;,0;,0",
        ],
    ),
    "15": (
        "15.-vsv-per-swv-2015.csv",
        "SAMENWERKINGSVERBAND NUMMER;BRIN NUMMER;VESTIGINGS NUMMER;AANTAL LEERLINGEN;VSV TOTAAL;VSV VMBO;VSV MBO;VSV OVERIG",
        ["VO-25-07;90ZA;0;500;6;1;2;3", "VO-25-07;91ZA;0;400;0;0;0;0"],
    ),
    "balance": (
        "01-balans-2015-2019.csv",
        f"Bevoegd_Gezag;Sector;Groepering;Naam;Jaar;{ASSETS};{DEBTS}",
        [
            f"90001;VO;SSG1;Bestuur;{year};;{year}00;;{year}00;;100;;{cash};{cash + 100};{year * 100 + cash + 100};"
            f"{year}00;{cash};;100;{year * 100 + cash + 100}"
            for year, cash in ((2015, 900), (2016, 800), (2017, 700))
        ],
    ),
    "costs": (
        "14-lasten-2013-2017.csv",
        "Bevoegd Gezag;Sector;Groepering;Naam;Jaar;Lonen;Sociale lasten;Lonen salarissen sociale lasten en "
        "pensioenlasten;Personeelslasten;Afschrijvingen;Huisvestingslasten;Overige lasten",
        [
            "90001;VO;SSG1;Bestuur;2015;900;100;1000;1200;50;60;70",
            "90001;VO;SSG1;Bestuur;2016;950;100;1050;1250;50;60;70",
            "90001;VO;SSG1;Bestuur;2017;970;100;1070;1270;50;60;70",
        ],
    ),
}

# file, line (from 0), column of the header, what stands there instead, the check that fails
FAULTS = [
    ("01", 0, "LEER- OF VERBLIJFSJAAR 4 - MAN", "", NOT_BLANK),
    ("01", 0, "LEER- OF VERBLIJFSJAAR 4 - MAN", "-", NOT_BLANK),
    ("01", 0, "LEER- OF VERBLIJFSJAAR 3 - MAN", "20", "pupils_in_the_years_of_their_type"),
    ("01", 0, "LEER- OF VERBLIJFSJAAR 4 - MAN", "20000", "less_than_or_equal_to(10000)"),
    ("01", 0, "INSTELLINGSNAAM VESTIGING", "3512", "is text with a letter in it"),
    ("01", 0, "PROVINCIE VESTIGING", "School A", "is one of the twelve provinces"),
    ("01", 0, "INSTELLINGSNAAM VESTIGING", "School Z", "one_name_for_each_vestiging_id"),
    ("01", 4, "OPLEIDINGSNAAM", "Brugklas", "one_programme_for_each_element_code"),
    ("05", 0, "AANTAL ZITTENBLIJVERS", "", NOT_BLANK),
    ("05", 0, "AANTAL ZITTENBLIJVERS", "85", "percentages_are_those_of_the_counts"),
    ("05", 1, "AANTAL OPSTROMERS", "480", "parts_do_not_exceed_pupils"),
    ("05", 1, "GEMEENTENAAM VESTIGING", "Utrecht Z", "one_municipality_for_each_municipality_id"),
    ("06", 0, COUNTS_06[0], "", NOT_BLANK),
    ("06", 0, COUNTS_06[7], "28", "percentages_are_those_of_the_counts"),
    ("06", 0, COUNTS_06[2], "11", "men_women_and_unknown_are_the_total"),
    ("06", 0, COUNTS_06[3], "11", "passed_do_not_exceed_candidates"),
    ("06", 0, "VESTIGINGSNUMMER", "91ZA01", "site_begins_with_its_brin"),
    ("06", 0, "BRIN NUMMER", "91ZA", "site_begins_with_its_brin"),
    ("07", 0, "GESLAAGDEN", "", NOT_BLANK),
    ("07", 0, "GEZAKTEN", "3", "passed_and_failed_are_the_candidates"),
    ("07", 1, "GEZAKTEN", "9", "passed_and_failed_are_the_candidates"),
    ("07", 0, "GEMIDDELD CIJFER CIJFERLIJST", "9", "final_grade_is_near_the_exams"),
    ("07", 0, "GEMIDDELD CIJFER SCHOOLEXAMEN", "", "grades_stand_together"),
    ("07", 0, "GEMIDDELD CIJFER CIJFERLIJST", "", "grades_stand_together"),
    ("09", 0, "VAKCODE", "-", "str_matches('^[\\dA-Z]{4}$')"),
    ("09", 0, "TOTAAL AANTAL CENTRALE EXAMENS", "-", NOT_BLANK),
    ("09", 0, "TOTAAL AANTAL CENTRALE EXAMENS", "0", "exams_and_grades_go_together"),
    ("09", 0, "GEM. CIJFER TOTAAL AANTAL CENTRALE EXAMENS", ",0", "exams_and_grades_go_together"),
    ("09", 0, "TOTAAL AANTAL SCHOOLEXAMENS MET CIJFER", "28", "counting_exams_are_some_of_all_exams"),
    ("09", 0, "SCHOOLEXAMEN BEOORDELING", "V", "judged_exams_have_a_judgement"),
    ("09", 0, "VAKNAAM", "wiskunde", "one_subject_for_each_subject_code"),
    ("15", 0, "VSV MBO", "3", "parts_make_the_total"),
    ("15", 0, "AANTAL LEERLINGEN", "5", "leavers_do_not_exceed_pupils"),
    ("balance", 0, "Eigen vermogen", "-999999999", "parts_make_their_totals"),
    ("balance", 0, "Vorderingen", "200", "parts_make_their_totals"),
    ("balance", 0, "Voorzieningen", "-999999999", "greater_than_or_equal_to(0)"),
    ("balance", 0, "Totaal van activa", "99999999999999", "less_than_or_equal_to(10000000000)"),
    ("costs", 0, "Personeelslasten", "1000000000000000000", "less_than_or_equal_to(10000000000)"),
    ("costs", 0, "Personeelslasten", "-1200000000", "greater_than_or_equal_to(-1000000)"),
    ("costs", 0, "Personeelslasten", "1200000", "amounts_are_near_those_of_other_years"),
    ("costs", 0, "Lonen", "90000", "parts_make_their_totals"),
]


def parse(file: str, lines: list[str]) -> Parsed:
    """A file of one of the layouts, however many of its lines are rejected."""
    name, header, _ = FILES[file]
    dataset = dataset_for(name)
    forgiving = type("Forgiving", (dataset,), {"max_rejected_share": 1.0})
    return parse_file(forgiving, name, "\r\n".join([header, *lines, ""]).encode())


@pytest.mark.parametrize("file", FILES)
def test_a_file_without_a_fault_is_accepted_whole(file):
    parsed = parse(file, FILES[file][2])
    assert parsed.quarantine.to_dict("records") == [] and parsed.data_lines == len(FILES[file][2])


@pytest.mark.parametrize(("file", "at", "column", "cell", "check"), FAULTS)
def test_a_cell_that_cannot_be_true_is_set_aside_with_its_line(file, at, column, cell, check):
    _, header, good = FILES[file]
    cells = good[at].split(";")
    cells[header.split(";").index(column)] = cell
    lines = [*good[:at], ";".join(cells), *good[at + 1 :]]
    parsed = parse(file, lines)
    found = parsed.quarantine[parsed.quarantine["check"] == check]
    assert at + 2 in found["line"].tolist(), parsed.quarantine[["line", "column", "check"]].values.tolist()
    assert set(found["raw_text"]) <= set(lines)
    assert parsed.data_lines == parsed.rows["line"].nunique() + parsed.rejected_lines


def test_blanks_for_small_counts_refuse_the_file():
    """The release that leaves its small counts blank: 90.0 as a point would be wrong."""
    name, header, good = FILES["07"]
    lines = [good[0].replace("90ZA", f"{at}ZA") for at in range(10, 50)]
    lines += [good[0].replace("90ZA", f"{at}ZA").replace("N&T;20;18;2", "C&M;;;") for at in range(10, 50)]
    with pytest.raises(FileRefused, match=r"is filled: in this column zero is printed as 0.*found 40 of 80 rejected"):
        parse_file(dataset_for(name), name, "\r\n".join([header, *lines, ""]).encode())


def test_a_column_that_a_year_does_not_have_is_no_blank():
    name, header, good = FILES["06"]
    titles = header.split(";")
    keep = [place for place, title in enumerate(titles) if "ONBEKEND" not in title]
    narrow = [";".join(line.split(";")[place] for place in keep) for line in [header, *good]]
    assert parse_file(dataset_for(name), name, "\r\n".join([*narrow, ""]).encode()).quarantine.empty


def test_a_year_in_thousands_is_found_among_the_years_of_its_board():
    """Three years of 200 boards, the last in thousands of euros: a third of the lines fails, so the file is refused."""
    name, header, good = FILES["balance"]
    thousands = ["90001;VO;SSG1;Bestuur;2017;;201;;201;;;;;1;202;200;1;;1;202"]
    parsed = parse("balance", [*good[:2], *thousands])
    assert parsed.quarantine[["line", "check"]].values.tolist() == [[4, "amounts_are_near_those_of_other_years"]]
    lines = [line.replace("90001", f"{board}") for board in range(10_000, 10_200) for line in [*good[:2], *thousands]]
    with pytest.raises(FileRefused, match=r"amounts_are_near_those_of_other_years.*found 200 of 600 rejected"):
        parse_file(dataset_for(name), name, "\r\n".join([header, *lines, ""]).encode())


def test_a_column_that_is_a_copy_of_another_refuses_the_file():
    name, header, good = FILES["05"]
    cells = [good[0].replace("90ZA", f"{at}ZA").split(";")[:11] for at in range(10, 99)]
    cells += [good[1].replace("91ZA", f"{at}YA").split(";")[:11] for at in range(10, 99)]
    header = ";".join(header.split(";")[:11])
    assert parse_file(dataset_for(name), name, "\n".join([header, *map(";".join, cells), ""]).encode()).quarantine.empty
    copied = [";".join([*line[:9], line[8], line[10]]) for line in cells]
    for lines, found in ((copied, "178 of 178"), (copied[:10], "10 of 10")):
        with pytest.raises(FileRefused, match=rf"no_column_is_a_copy_of_another.*found {found} rejected"):
            parse_file(dataset_for(name), name, "\n".join([header, *lines, ""]).encode())
    assert parse_file(dataset_for(name), name, "\n".join([header, *copied[:9], ""]).encode()).quarantine.empty


def test_a_period_that_is_a_copy_of_another_refuses_the_file():
    """The block of one year, pasted over the next; small counts and hidden cells are alike by chance."""
    name, years = FILES["06"][0], ["2017-2018", "2018-2019"]
    own = [(f"{at}ZA00", [(100 + at, 90), (101 + at, 90)]) for at in range(10, 99)]
    small = [(f"{at}YA00", [(9, "<5"), (9, "<5")]) for at in range(10, 99)]
    assert parse_file(dataset_for(name), name, tiny_06(years, own + small).encode()).quarantine.empty
    copied = [(site, [first, first]) for site, (first, _) in own[:80]] + own[80:] + small
    with pytest.raises(FileRefused, match=r"no_period_is_a_copy_of_another.*found \d+ of \d+ rejected"):
        parse_file(dataset_for(name), name, tiny_06(years, copied).encode())


def test_a_grade_column_that_is_a_copy_of_another_refuses_the_file():
    """The gap between both exams would be nothing, everywhere."""
    name, header, good = FILES["07"]
    lines = [good[0].replace("90ZA", f"{at}ZA") for at in range(10, 90)]
    assert parse_file(dataset_for(name), name, "\n".join([header, *lines, ""]).encode()).quarantine.empty
    copied = [line.replace("6,4;6,3", "6,4;6,4") for line in lines]
    with pytest.raises(FileRefused, match=r"no_grade_is_a_copy_of_another.*found 80 of 80 rejected"):
        parse_file(dataset_for(name), name, "\n".join([header, *copied, ""]).encode())


def rows_of(masked: str = "", **columns: list) -> pd.DataFrame:
    """Typed rows with the given columns."""
    return pd.DataFrame(columns).assign(masked=masked)


def test_sums_with_hidden_cells_are_ranges():
    parts = {"a": [None] * 4, "b": [3, 3, 3, 3], "whole": [3, 4, 7, 8]}
    assert make_up(rows_of("a", **parts), ["a", "b"], "whole").tolist() == [False, True, True, False]
    assert make_up(rows_of("a*", **parts), ["a", "b"], "whole").tolist() == [True] * 4
    assert make_up(rows_of("", **parts), ["a", "b"], "whole").tolist() == [True] * 4  # unknown: no verdict


def test_a_percentage_is_that_of_its_counts_however_they_are_hidden():
    rows = rows_of(part=[5, 5, 0, 1], whole=[6, 6, 0, 0], pct=[83.3, 83.4, 0.0, 50.0])
    assert share_fits(rows, "part", "whole", "pct", 0.05).tolist() == [True, False, True, False]
    rows = rows_of("part", part=[None, None], whole=[10, 10], pct=[40.5, 41.5])
    assert share_fits(rows, "part", "whole", "pct", 0.5).tolist() == [True, False]
    rows = rows_of(part=[5], whole=[6], pct=[83.0])
    assert share_fits(rows, "part", "whole", "pct", 0.05).tolist() == [True]  # a file that prints whole percentages


def test_a_part_that_a_file_lacks_is_between_nothing_and_the_whole():
    rows = rows_of(own=[600, -999_999_999, 1100], debt=[None, None, None], whole=[1000, 1000, 1000])
    assert add_up(rows, ["own", "debt"], "whole", 20).tolist() == [True, False, False]
    rows = rows_of(own=[600, 600], debt=[None, 400], whole=[1000, 1000])
    assert add_up(rows, ["own", "debt"], "whole", 20).tolist() == [False, True]


def test_an_amount_is_compared_with_the_other_periods_of_its_own_entity():
    rows = rows_of(board=["a", "a", "a", "b", "c"], period_start=[1, 2, 3, 1, 2], eur=[5000.0, 5, 6000, 4, 9_000_000])
    assert near_other_periods(rows, ["board"], "eur", 2.0).tolist() == [True, False, True, True, True]


def test_a_code_has_the_name_that_most_of_its_rows_give_it():
    rows = rows_of(code=["1", "1", "1", "2", "2"], name=["a", "a", "b", "a", "b"])
    assert same_wherever(rows, "code", "name").tolist() == [True, True, False, True, True]


def test_few_rows_are_no_evidence_of_a_copy():
    same = {"a": list(range(10, 19)), "b": list(range(10, 19))}
    assert differ(rows_of(**same), ["a", "b"], 0.5).all()
    mostly = {"a": list(range(10, 50)), "b": [*range(10, 49), 11]}
    assert differ(rows_of(**mostly), ["a", "b"], 0.5).all()
    assert not differ(rows_of(a=list(range(10, 200)), b=list(range(10, 200))), ["a", "b"], 0.5).any()


@pytest.mark.parametrize("dataset", datasets().values(), ids=datasets().keys())
def test_a_key_is_stated_once_and_always_checked(dataset):
    assert dataset.schema().unique == list(dataset.key)
    assert all(not getattr(vars(base).get("Config"), "unique", None) for base in dataset.Row.__mro__)


@pytest.mark.parametrize("dataset", datasets().values(), ids=datasets().keys())
def test_a_declaration_says_what_a_blank_means(dataset):
    for column, spec in dataset.fields().items():
        assert spec["blank"] in ("none", "fault"), column
        if spec["kind"] == "count" and not dataset.id.startswith("duo_personeel"):
            assert spec["blank"] == "fault", column


def test_staff_with_parts_and_without_a_whole_is_a_fault():
    rows = pd.DataFrame({"persons_n": [None, None], "men_n": [3, None], "women_n": [4, None]}, dtype="Int64")
    rows = rows.assign(masked="", period_start="2019")
    assert make_up_with_blanks(rows, ["men_n", "women_n"], "persons_n").tolist() == [False, True]
