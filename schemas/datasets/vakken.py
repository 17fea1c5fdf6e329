"""DUO 08, 09, 10: exams per subject and vestiging for vmbo, havo and vwo, with the mean grades.

SCHOOLJAAR is the year in which the school year starts (2018 = 2018-2019). A grade of `,0` is no grade. Subjects that
are judged and not graded (V for sufficient, G for good) have a row per judgement beside or instead of the graded row.
"""

import pandas as pd

from schemas.dataset import DUO, Dataset, PublishedFile
from schemas.fields import PeriodRow, Series, brin, category, code, count, grade, text, vestiging, year
from schemas.periods import starting_in
from schemas.publishers import DUO_IMAGES

DOTTED = ("2010-2011", "2011-2012", "2012-2013", "2013-2014", "2014-2015")
PLAIN = ("2015-2016", "2016-2017", "2017-2018", "2018-2019")
BARE = ("2020-2021", "2021-2022", "2022-2023", "2023-2024", "2024-2025")


def known_files() -> tuple[PublishedFile, ...]:
    """The names that are known; that of 2013-2014 has a stray hyphen at its end for vmbo and vwo."""
    files = []
    for number, level in (("08", "vmbo"), ("09", "havo"), ("10", "vwo")):
        for years in DOTTED:
            stray = "-" if years == "2013-2014" and level != "havo" else ""
            name = f"{number}.-examenkandidaten-{level}-en-examencijfers-{years}{stray}.csv"
            files.append(PublishedFile(DUO_IMAGES + name, years, "seen in a public list of 2016"))
        for years in PLAIN:
            name = f"{number}-examenkandidaten-{level}-en-examencijfers-{years}.csv"
            files.append(PublishedFile(DUO_IMAGES + name, years))
    files.append(PublishedFile(DUO_IMAGES + "10-examenkandidaten-vwo-en-examencijfers-2020-2021.csv", "2020-2021"))
    for years in BARE:
        files.append(PublishedFile(DUO_IMAGES + f"examenkandidaten-vwo-en-examencijfers-{years}.csv", years))
    return tuple(files)


class VakkenRow(PeriodRow):
    """One subject (and judgement) at one vestiging: school exams, central exams, and those that count."""

    school_year: Series[pd.Int64Dtype] = year("SCHOOLJAAR")
    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging()
    name: Series[str] = text("INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM")
    municipality_id: Series[str] = code(4, "GEMEENTENUMMER", "GEMEENTECODE", required=False)
    municipality: Series[str] = text("GEMEENTENAAM")
    province: Series[str] = text("PROVINCIE")
    education_type: Series[str] = category("ONDERWIJSTYPE VO", isin=["VMBO", "HAVO", "VWO"])
    leerweg: Series[str] = text("LEERWEG", "LEERWEG VMBO")
    subject_code: Series[str] = code(4, "VAKCODE", str_matches=None)
    subject_short: Series[str] = text("AFKORTING VAKNAAM", "VAKNAAMAFKORTING")
    subject: Series[str] = text("VAKNAAM", "VAK")
    judgement: Series[str] = text("SCHOOLEXAMEN BEOORDELING")
    judged_n: Series[pd.Int64Dtype] = count("TOTAAL AANTAL SCHOOLEXAMENS MET BEOORDELING", required=False)
    school_exams_n: Series[pd.Int64Dtype] = count("TOTAAL AANTAL SCHOOLEXAMENS MET CIJFER")
    school_exam_grade: Series[float] = grade("GEM. CIJFER TOTAAL AANTAL SCHOOLEXAMENS")
    counting_school_exams_n: Series[pd.Int64Dtype] = count(
        "AANTAL SCHOOLEXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA", required=False
    )
    counting_school_exam_grade: Series[float] = grade(
        "GEM. CIJFER SCHOOLEXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA", required=False
    )
    central_exams_n: Series[pd.Int64Dtype] = count("TOTAAL AANTAL CENTRALE EXAMENS")
    central_exam_grade: Series[float] = grade("GEM. CIJFER TOTAAL AANTAL CENTRALE EXAMENS")
    counting_central_exams_n: Series[pd.Int64Dtype] = count(
        "AANTAL CENTRALE EXAMENS MEETELLEND VOOR DIPLOMA", required=False
    )
    counting_central_exam_grade: Series[float] = grade(
        "GEM. CIJFER CENTRALE EXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA", required=False
    )
    final_grade: Series[float] = grade("GEM. CIJFER CIJFERLIJST", required=False)

    class Config:
        unique = ["vestiging_id", "education_type", "leerweg", "subject_code", "judgement", "period_start"]


class Vakken(Dataset):
    id = "duo_08_10_vakken"
    title_nl = "Examencijfers per vak en vestiging (vmbo, havo, vwo)"
    title_en = "Exam grades per subject and site (vmbo, havo, vwo)"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/examens/examens-vmbo-havo-vwo.jsp"
    cadence = "yearly, in autumn"
    name_pattern = r"^((08|09|10)[.-]*-)?examenkandidaten-(vmbo|havo|vwo)-en-examencijfers-\d{4}-\d{4}-?\.(csv|xlsx)$"
    files = known_files()
    known_headers = (
        "PLAATSNAAM",
        "PLAATSNAAM VESTIGING",
        "AANTAL SCHOOLEXAMENS MET BEOORDELING MEETELLEND VOOR DIPLOMA",
        "GEM. CIJFER REKENTOETS",
    )
    key = ("vestiging_id", "education_type", "leerweg", "subject_code", "judgement", "period_start")
    period_from = "school_year"
    period_rule = starting_in
    Row = VakkenRow
