"""DUO 07: candidates, graduates, failures and mean grades of one exam year, per vestiging and programme.

Published each autumn, first provisional and later under the same URL definitive; file 06 carries the revised figures.
From 2021-2022 on counts of 1 to 4 are hidden as `<5`.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.cadence import IN_AUTUMN
from schemas.checks import differ, make_up
from schemas.dataset import DUO, Dataset, PublishedFile
from schemas.fields import UNKNOWN, PeriodRow, Series, brin, category, count, grade, province, vestiging, words
from schemas.periods import Period, starting_in, years_in
from schemas.publishers import DUO_IMAGES

EARLY = [
    f"{DUO_IMAGES}07.-geslaagden%2C-gezakten-en-cijfers-{years}.csv"
    for years in ("2010-2011", "2011-2012", "2012-2013", "2013-2014", "2014-2015")
]
LATER = [
    DUO_IMAGES + "07.-geslaagden,-gezakten-en-cijfers-2015-2016.csv",
    DUO_IMAGES + "07.-geslaagden,-gezakten-en-cijfers-2016-2017.csv",
    DUO_IMAGES + "07-geslaagden-gezakten-en-cijfers-2018-2019.csv",
    DUO_IMAGES + "geslaagden,-gezakten-en-cijfers-2021-2022.csv",
    DUO_IMAGES + "geslaagden-gezakten-en-cijfers-2022-2023.csv",
    DUO_IMAGES + "geslaagden-gezakten-en-cijfers-2023-2024.csv",
    DUO_IMAGES + "geslaagden-gezakten-en-cijfers-2024-2025.csv",
]

MOST_CANDIDATES = 10_000
"""On one line. Real files: at most 257."""
MOST_GRADES_ALIKE = 0.9
"""Above this share of lines with two grades alike, one column is a copy of the other."""
GRADES_APART = 2.0
"""How far a mean final grade may be from the mean of both exams. Real files: 1.0; the sample: 0.2."""


class GeslaagdenRow(PeriodRow):
    """One programme at one vestiging in one exam year; grades are means over the candidates."""

    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging()
    name: Series[str] = words("INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM")
    municipality: Series[str] = words("GEMEENTENAAM VESTIGING", "GEMEENTENAAM")
    province: Series[str] = province("PROVINCIE VESTIGING", "PROVINCIE")
    education_type: Series[str] = category("ONDERWIJSTYPE VO", isin=["VMBO", "HAVO", "VWO"])
    leerweg: Series[str] = words("LEERWEG VMBO", "LEERWEG")
    sector: Series[str] = words("VMBO SECTOR", "SECTOR")
    department: Series[str] = words("AFDELING", "PROFIEL")
    candidates_n: Series[pd.Int64Dtype] = count("EXAMENKANDIDATEN", le=MOST_CANDIDATES, ne=UNKNOWN)
    passed_n: Series[pd.Int64Dtype] = count("GESLAAGDEN")
    failed_n: Series[pd.Int64Dtype] = count("GEZAKTEN")
    school_exam_grade: Series[float] = grade("GEMIDDELD CIJFER SCHOOLEXAMEN", required=False)
    central_exam_grade: Series[float] = grade("GEMIDDELD CIJFER CENTRAAL EXAMEN", required=False)
    final_grade: Series[float] = grade("GEMIDDELD CIJFER CIJFERLIJST", required=False)

    @pa.dataframe_check
    @classmethod
    def passed_and_failed_are_the_candidates(cls, rows: pd.DataFrame) -> pd.Series:
        """Who takes part passes or fails. Real files: on every line."""
        return make_up(rows, ["passed_n", "failed_n"], "candidates_n")

    @pa.dataframe_check
    @classmethod
    def grades_stand_together(cls, rows: pd.DataFrame) -> pd.Series:
        """A final grade has a school exam behind it, and so has a central exam. Real files: all three on every line."""
        school, central, final = (rows[f"{exam}_grade"].notna() for exam in ("school_exam", "central_exam", "final"))
        return (school | ~central) & ((school == final) | (not final.any()))

    @pa.dataframe_check
    @classmethod
    def no_grade_is_a_copy_of_another(cls, rows: pd.DataFrame) -> pd.Series:
        """Real files: 21 percent of the lines at most have two grades alike."""
        return differ(rows, ["school_exam_grade", "central_exam_grade", "final_grade"], MOST_GRADES_ALIKE, least=1)

    @pa.dataframe_check
    @classmethod
    def final_grade_is_near_the_exams(cls, rows: pd.DataFrame) -> pd.Series:
        """The final grade is about the mean of school and central exam. Real files: 1.0 apart at most."""
        mean = (rows["school_exam_grade"] + rows["central_exam_grade"]) / 2
        return ~((rows["final_grade"] - mean).abs() > GRADES_APART)


class Geslaagden(Dataset):
    id = "duo_07_geslaagden"
    title_nl = "Geslaagden, gezakten en cijfers per vestiging"
    title_en = "Graduates, failures and grades per site"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/examens/examens-vmbo-havo-vwo.jsp"
    cadence = IN_AUTUMN
    name_pattern = r"^(07[.-]*-)?geslaagden[,-]*-gezakten-en-cijfers-\d{4}-\d{4}-?\.(csv|xlsx)$"
    files = (
        *(PublishedFile(url, url[-13:-4], "seen in a public list of 2016") for url in EARLY),
        *(PublishedFile(url, url[-13:-4]) for url in LATER),
    )
    known_headers = ("GEMEENTENUMMER", "GEMEENTENUMMER VESTIGING", "PLAATSNAAM", "PLAATSNAAM VESTIGING")
    key = ("vestiging_id", "education_type", "leerweg", "sector", "department")
    same_for = {"vestiging_id": ("name", "municipality", "province")}
    never_zero = ("candidates_n", "passed_n", "failed_n")
    status = "provisional"
    Row = GeslaagdenRow

    @classmethod
    def period_of(cls, file_name: str) -> Period | None:
        """`...-2018-2019.csv` is the exam of 2019, school year 2018-2019."""
        years = years_in(file_name)
        return starting_in(years[0]) if len(years) == 2 and years[1] == years[0] + 1 else None
