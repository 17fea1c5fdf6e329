"""DUO 08, 09, 10: exams per subject and vestiging for vmbo, havo and vwo, with the mean grades.

SCHOOLJAAR is the year in which the school year starts (2018 = 2018-2019). A grade of `,0` is no grade. Subjects that
are judged and not graded (V for sufficient, G for good) have a row per judgement beside or instead of the graded row.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.cadence import IN_AUTUMN
from schemas.checks import all_of, differ, fit_in, high, is_hidden
from schemas.dataset import DUO, Dataset, PublishedFile
from schemas.fields import (
    UNKNOWN,
    PeriodRow,
    Series,
    brin,
    category,
    code,
    count,
    grade,
    province,
    vestiging,
    words,
    year,
)
from schemas.periods import starting_in
from schemas.publishers import DUO_IMAGES

DOTTED = ("2010-2011", "2011-2012", "2012-2013", "2013-2014", "2014-2015")
PLAIN = ("2015-2016", "2016-2017", "2017-2018", "2018-2019")
KINDS = ("school", "counting_school", "central", "counting_central")
MOST_EXAMS = 10_000
"""On one line. Real files: at most 327."""
MOST_GRADES_ALIKE = 0.9
"""Above this share of lines with two grades alike, one column is a copy of the other."""
GRADES_APART = 2.0
"""How far a mean final grade may be from the mean of both exams. Real files: 0.9; the sample: 1.35."""
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
    name: Series[str] = words("INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM")
    municipality_id: Series[str] = code(4, "GEMEENTENUMMER", "GEMEENTECODE", required=False)
    municipality: Series[str] = words("GEMEENTENAAM")
    province: Series[str] = province("PROVINCIE")
    education_type: Series[str] = category("ONDERWIJSTYPE VO", isin=["VMBO", "HAVO", "VWO"])
    leerweg: Series[str] = words("LEERWEG", "LEERWEG VMBO")
    subject_code: Series[str] = code(4, "VAKCODE", str_matches=r"^[\dA-Z]{4}$")
    subject_short: Series[str] = words("AFKORTING VAKNAAM", "VAKNAAMAFKORTING")
    subject: Series[str] = words("VAKNAAM", "VAK")
    judgement: Series[str] = words("SCHOOLEXAMEN BEOORDELING")
    judged_n: Series[pd.Int64Dtype] = count("TOTAAL AANTAL SCHOOLEXAMENS MET BEOORDELING", required=False)
    school_exams_n: Series[pd.Int64Dtype] = count("TOTAAL AANTAL SCHOOLEXAMENS MET CIJFER", le=MOST_EXAMS, ne=UNKNOWN)
    school_exam_grade: Series[float] = grade("GEM. CIJFER TOTAAL AANTAL SCHOOLEXAMENS")
    counting_school_exams_n: Series[pd.Int64Dtype] = count(
        "AANTAL SCHOOLEXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA", required=False
    )
    counting_school_exam_grade: Series[float] = grade(
        "GEM. CIJFER SCHOOLEXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA", required=False
    )
    central_exams_n: Series[pd.Int64Dtype] = count("TOTAAL AANTAL CENTRALE EXAMENS", le=MOST_EXAMS, ne=UNKNOWN)
    central_exam_grade: Series[float] = grade("GEM. CIJFER TOTAAL AANTAL CENTRALE EXAMENS")
    counting_central_exams_n: Series[pd.Int64Dtype] = count(
        "AANTAL CENTRALE EXAMENS MEETELLEND VOOR DIPLOMA", required=False
    )
    counting_central_exam_grade: Series[float] = grade(
        "GEM. CIJFER CENTRALE EXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA", required=False
    )
    final_grade: Series[float] = grade("GEM. CIJFER CIJFERLIJST", required=False)

    @pa.dataframe_check
    @classmethod
    def counting_exams_are_some_of_all_exams(cls, rows: pd.DataFrame) -> pd.Series:
        """Real files: on every line."""
        return all_of(fit_in(rows, [f"counting_{kind}_exams_n"], f"{kind}_exams_n") for kind in ("school", "central"))

    @pa.dataframe_check
    @classmethod
    def exams_and_grades_go_together(cls, rows: pd.DataFrame) -> pd.Series:
        """No exams, no grade; exams, a grade (where their number is printed). Real files: on every line."""
        pairs = [(f"{what}_exams_n", f"{what}_exam_grade") for what in KINDS]
        graded = [
            (rows[n].isna() & rows[g].isna()) | is_hidden(rows, n) | (rows[g].notna() == (rows[n] > 0))
            for n, g in pairs
        ]
        return all_of(one.fillna(True).astype(bool) for one in graded)

    @pa.dataframe_check
    @classmethod
    def judged_exams_have_a_judgement(cls, rows: pd.DataFrame) -> pd.Series:
        """Real files: on every line, and the other way round."""
        return (high(rows, "judged_n") > 0).eq(rows["judgement"].notna()) | high(rows, "judged_n").isna()

    @pa.dataframe_check
    @classmethod
    def no_grade_is_a_copy_of_another(cls, rows: pd.DataFrame) -> pd.Series:
        """Real files: 27 percent of the lines at most have two grades alike."""
        return differ(rows, ["school_exam_grade", "central_exam_grade", "final_grade"], MOST_GRADES_ALIKE, least=1)

    @pa.dataframe_check
    @classmethod
    def final_grade_is_near_the_exams(cls, rows: pd.DataFrame) -> pd.Series:
        """The final grade is about the mean of school and central exam. Real files: 0.9 apart at most."""
        mean = (rows["school_exam_grade"] + rows["central_exam_grade"]) / 2
        return ~((rows["final_grade"] - mean).abs() > GRADES_APART)


class Vakken(Dataset):
    id = "duo_08_10_vakken"
    title_nl = "Examencijfers per vak en vestiging (vmbo, havo, vwo)"
    title_en = "Exam grades per subject and site (vmbo, havo, vwo)"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/examens/examens-vmbo-havo-vwo.jsp"
    cadence = IN_AUTUMN
    name_pattern = r"^((08|09|10)[.-]*-)?examenkandidaten-(vmbo|havo|vwo)-en-examencijfers-\d{4}-\d{4}-?\.(csv|xlsx)$"
    files = known_files()
    known_headers = (
        "PLAATSNAAM",
        "PLAATSNAAM VESTIGING",
        "AANTAL SCHOOLEXAMENS MET BEOORDELING MEETELLEND VOOR DIPLOMA",
        "GEM. CIJFER REKENTOETS",
    )
    key = ("vestiging_id", "education_type", "leerweg", "subject_code", "judgement", "period_start")
    same_for = {
        "vestiging_id": ("name", "municipality", "province"),
        "subject_code": ("subject", "subject_short"),
        "municipality_id": ("municipality", "province"),
    }
    # (There were no central exams in 2020.)
    never_zero = ("school_exams_n",)
    period_from = "school_year"
    period_rule = starting_in
    Row = VakkenRow
