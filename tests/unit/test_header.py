"""Small files in the layouts of publishers, also of those of which no real file was seen: what their rows become."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from schemas.datasets import dataset_for, datasets
from schemas.errors import FileRefused, LayoutDiffers
from schemas.reading.validate import Parsed, parse_file

ALL = datasets()


def workbook(sheet: str, rows: list[list[object]]) -> bytes:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def parse(dataset_id: str, name: str, *lines: str) -> Parsed:
    """A small file of a dataset, all of it accepted and all of its columns known."""
    assert dataset_for(name) is ALL[dataset_id]
    parsed = parse_file(ALL[dataset_id], name, ("\r\n".join(lines) + "\r\n").encode())
    assert parsed.quarantine.empty and parsed.unknown_headers == ()
    return parsed


def test_subjects_with_judgements_and_without_grades():
    rows = parse(
        "duo_08_10_vakken",
        "08-examenkandidaten-vmbo-en-examencijfers-2018-2019.csv",
        "SCHOOLJAAR;BRIN NUMMER;VESTIGINGSNUMMER;ONDERWIJSTYPE VO;LEERWEG;VAKCODE;AFKORTING VAKNAAM;VAKNAAM;"
        "SCHOOLEXAMEN BEOORDELING;TOTAAL AANTAL SCHOOLEXAMENS MET BEOORDELING;TOTAAL AANTAL SCHOOLEXAMENS MET CIJFER;"
        "GEM. CIJFER TOTAAL AANTAL SCHOOLEXAMENS;TOTAAL AANTAL CENTRALE EXAMENS;"
        "GEM. CIJFER TOTAAL AANTAL CENTRALE EXAMENS;GEM. CIJFER REKENTOETS",
        "2018;00AH;00;VMBO;BL;353;lo;lichamelijke opvoeding;G;32;0;,0;0;,0;,0",
        "2018;00AH;00;VMBO;BL;353;lo;lichamelijke opvoeding;V;60;0;,0;0;,0;,0",
        "2018;00AH;00;VMBO;BL;0131;ak;aardrijkskunde;;0;26;6,4;26;10,0;,0",
    ).rows
    assert rows["judgement"].fillna("").tolist() == ["G", "V", ""]
    assert rows["central_exam_grade"].fillna(0).tolist() == [0, 0, 10]
    assert rows["subject_code"].tolist() == ["0353", "0353", "0131"]
    assert rows["period_end"].tolist() == [date(2019, 7, 31)] * 3


def test_early_leavers_per_samenwerkingsverband_have_a_year_and_no_period():
    row = parse(
        "duo_15_vsv_swv",
        "15.-vsv-per-swv-2015.csv",
        "SAMENWERKINGSVERBAND_NUMMER;brin_nummer;vestigings_nummer;aantal_leerlingen;vsv_totaal;vsv_vmbo;vsv_mbo;"
        "vsv_overig",
        "VO0001;00PG;02;694;1;1;0;0",
    ).rows.iloc[0]
    assert (row["swv_id"], row["vestiging_id"], row["year_in_name"]) == ("VO0001", "00PG02", 2015)
    assert "period_start" not in row.index


def test_staff_in_persons_over_the_years():
    header = ["ONDERWIJSTYPE", "BEVOEGD GEZAG", "BRIN NUMMER", "FUNCTIEGROEP"]
    header += ["PERSONEN 2018", "PERSONEN 2019", "PERSONEN 55 - 65 JAAR 2018", "PERSONEN IN VASTE DIENST 2019"]
    header += ["GEMIDDELDE LEEFTIJD 2018", "GEMIDDELDE LEEFTIJD MAN 2018", "PERSONEN MEER DAN 0.8 FTE'S 2018"]
    content = workbook(
        "owtype-best-instelling-functie",
        [
            header,
            ["VO", 819, "00AH", "Onderwijsgevend personeel", 101.0, 99, 25, 80, 45.25, 46, 60],
            ["VO", 819, "bovenschools", "Directie", "*", 2, "*", "*", 0, 0, "*"],
        ],
    )
    name = "01.-onderwijspersoneel-vo-in-personen-2011-2025.xlsx"
    parsed = parse_file(ALL["duo_personeel_personen"], name, content)
    assert parsed.data_lines == 2 and parsed.quarantine.empty and parsed.unknown_headers == ()
    rows = parsed.rows.sort_values(["line", "period_start"])
    assert rows["persons_n"].fillna(-9).tolist() == [101, 99, -9, 2]
    assert rows["age_55_65_n"].fillna(-9).tolist() == [25, -9, -9, -9]
    assert rows["masked"].tolist() == ["", "", "persons_n*,age_55_65_n*", "permanent_n*"]
    assert rows["brin"].fillna("").tolist() == ["00AH", "00AH", "", ""]
    assert rows["mean_age"].fillna(0).tolist() == [45.25, 0, 0, 0]
    assert rows["period_start"].tolist()[:2] == [date(2018, 10, 1), date(2019, 10, 1)]


def test_ratios_of_boards_in_both_layouts():
    early = parse(
        "duo_kengetallen",
        "kengetallen-2011-2015.csv",
        "BEVOEGD GEZAG NUMMER;BEVOEGD GEZAG NAAM;GROEPERING;JAAR;SOLVABILITEIT 1;SOLVABILITEIT 2;"
        "LIQUIDITEIT (CURRENT RATIO);RENTABILITEIT",
        "819;Voorbeeld;SSG1;2015;0,45;0,58;1,9;-0,02",
    ).rows.iloc[0]
    header = ["Bevoegd Gezag", "Beleidsterrein", "Jaar", "Solvabiliteit I", "Solvabiliteit II"]
    header += ["Liquiditeit (current ratio)", "Rentabiliteit"]
    content = workbook(" Kengetallen", [header, [819, "VO", 2017, 0.45, 0.58, 1.9, -0.02]])
    name = "16-financiele-kengetallen-per-bestuur-2013-2017.xlsx"
    late = parse_file(ALL["duo_kengetallen"], name, content).rows.iloc[0]
    for row in (early, late):
        assert (row["board_id"], row["solvency_2"], row["profitability"]) == ("00819", 0.58, -0.02)
    assert late["sector"] == "VO" and late["period_end"] == date(2017, 12, 31)


def test_teachers_by_scale():
    header = "ONDERWIJSSECTOR,JAAR,BRIN_NUMMER,INSTELLINGSNAAM,BEVOEGD_GEZAGNUMMER,OMVANG_FORMATIE_OP,"
    header += "AANDEEL_FORMATIE_OP_LB,AANDEEL_FORMATIE_OP_LC,AANDEEL_FORMATIE_OP_LD,LEERLING_LERAAR_RATIO"
    name = "functiemix-instellingen.csv"
    row = parse(
        "duo_functiemix_instellingen", name, header, "VO,2018,00AH,Voorbeeld,819,61.5,40.2,30.1,29.7,16.1"
    ).rows.iloc[0]
    assert (row["board_id"], row["scale_ld_pct"], row["period_start"]) == ("00819", 29.7, date(2018, 1, 1))


def test_judgements_of_the_inspectie():
    rows = parse(
        "inspectie_oordelen_v02",
        "oordeel_po_so_vo.csv",
        "_id,Peildatum,Sector,OVT,OVTNaam,Elementtype,EindoordeelKwaliteit,ToezichtarrangementVorigKader,"
        "VaststellingsdatumEindoordeelKwaliteit,Bestuursnummer,BRIN,Vestiging,Provincie",
        "1,2018-09-01T00:00:00,VO,123,HAVO,OKE,Goed,Basis,2018-03-01T00:00:00,819,00AH,7,Overijssel",
        "2,2018-09-01T00:00:00,PO,124,BO,OKE,Zonder actueel oordeel,,,,01XF,0,Zeeland",
    ).rows
    assert rows["vestiging_id"].tolist() == ["00AH07", "01XF00"]
    assert rows["judged_on"].tolist() == [date(2018, 3, 1), None]
    assert rows["period_end"].tolist() == [date(2018, 9, 1)] * 2


def test_boards_and_samenwerkingsverbanden():
    board = parse(
        "duo_bevoegde_gezagen",
        "besturenvo.csv",
        "BEVOEGD GEZAG NUMMER,BEVOEGD GEZAG NAAM,POSTCODE,PLAATSNAAM,GEMEENTENUMMER,GEMEENTENAAM,KVK-NUMMER",
        "819,Stichting Voorbeeld,1234 AB,ENSCHEDE,153,ENSCHEDE,1234567",
    ).rows.iloc[0]
    assert (board["board_id"], board["municipality_id"], board["kvk_id"]) == ("00819", "0153", "01234567")
    name = "04.-samenwerkingsverbanden-passend-onderwijs-vo.csv"
    rows = parse("duo_samenwerkingsverbanden", name, "ADMINISTRATIENUMMER;SAMENWERKINGSVERBAND", "VO2507;Voorbeeld")
    assert rows.rows["swv_id"].tolist() == ["VO2507"]
    name = "05.-instellingen-per-samenwerkingsverband-passend-onderwijs-vo.csv"
    assert parse("duo_swv_instellingen", name, "ADMINISTRATIENUMMER;BRINNUMMER", "VO2507;00AH").data_lines == 1


CBS_EXAMS = "Measure;Geslacht;Onderwijssoort;RegioS;Perioden;Value;ValueAttribute"


def exams_by(sex: str, *measures: str) -> list[str]:
    """Cells of the CBS table of exams, three levels each."""
    return [f"{one};{sex};{level};Nederland;2018SJ00;50;" for one in measures for level in ("Vmbo", "Havo", "Vwo")]


def test_cbs_cells_with_their_titles_and_periods():
    cells = exams_by("Totaal mannen en vrouwen", "Examenkandidaten", "Gediplomeerden")
    secret = "Gediplomeerden;Mannen;Vmbo;Enschede;2018SJ00;;Secret"
    rows = parse("cbs_85382ned", "85382NED.csv", CBS_EXAMS, *cells, secret).rows
    assert rows["value"].fillna(-1).tolist() == [50] * 6 + [-1]  # "Totaal" is a member here, not a line that adds up
    assert rows["value_reason"].fillna("").tolist() == [""] * 6 + ["Secret"]
    assert rows["period_end"].tolist() == [date(2019, 7, 31)] * 7


@pytest.mark.parametrize(
    ("cells", "finding"),
    [
        (exams_by("Mannen", "Examenkandidaten", "Gediplomeerden"), "Geslacht: expected one 'Totaal mannen en vrouwen'"),
        (exams_by("Totaal mannen en vrouwen", "Examenkandidaten"), "Measure: expected one 'Gediplomeerden'"),
    ],
)
def test_a_cbs_table_without_a_title_is_refused(cells, finding):
    with pytest.raises(FileRefused, match=finding):
        parse_file(ALL["cbs_85382ned"], "85382NED.csv", "\n".join([CBS_EXAMS, *cells, ""]).encode())


def test_a_cbs_table_of_flows_goes_from_one_count_to_the_next():
    rows = parse(
        "cbs_85566ned",
        "85566NED.csv",
        "Measure;Geslacht;OnderwijsPositieBasisjaar;OnderwijsPositieVolgendSchooljaar;GeboortelandOuders;"
        "Herkomstland;Regiokenmerken;Perioden;Value;ValueAttribute",
        "Leerlingen;Totaal;Havo 3;Havo 3;Totaal;Totaal;Nederland;2018SJ00;120;",
    ).rows
    assert rows["period_label"].tolist() == ["2018-2019 -> 2019-2020"]


def test_a_redesigned_cbs_table_is_refused_with_the_difference():
    content = b"Measure;Geslacht;Migratieachtergrond;Perioden;Value;ValueAttribute\nM1;T;X;2018SJ00;1;\n"
    with pytest.raises(LayoutDiffers) as refusal:
        parse_file(ALL["cbs_85368ned"], "85368NED.csv", content)
    assert str(refusal.value) == (
        "85368NED.csv, line 1: expected the columns Onderwijssoort, Herkomstland, found the unknown column "
        "Migratieachtergrond; add the new header name to schemas/datasets/cbs.py."
    )


def test_a_table_of_cbs_without_a_title_that_a_series_rests_on_is_refused():
    lines = ["Measure;Geslacht;Onderwijssoort;Herkomstland;Perioden;Value;ValueAttribute", "a;b;c;d;2021SJ00;1;None"]
    content = ("\r\n".join(lines) + "\r\n").encode()
    with pytest.raises(FileRefused, match=r"expected one .*, found none of that title"):
        parse_file(ALL["cbs_85368ned"], "85368NED.csv", content)
