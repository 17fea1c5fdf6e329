"""DUO 07: candidates, graduates, failures and mean grades of one exam year, per vestiging and programme.

Published each autumn, first provisional and later under the same URL definitive; file 06 carries the revised figures.
From 2021-2022 on counts of 1 to 4 are hidden as `<5`.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.dataset import DUO, Dataset, PublishedFile
from schemas.fields import PeriodRow, Series, brin, category, count, grade, text, vestiging
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


class GeslaagdenRow(PeriodRow):
    """One programme at one vestiging in one exam year; grades are means over the candidates."""

    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging()
    name: Series[str] = text("INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM")
    municipality: Series[str] = text("GEMEENTENAAM VESTIGING", "GEMEENTENAAM")
    province: Series[str] = text("PROVINCIE VESTIGING", "PROVINCIE")
    education_type: Series[str] = category("ONDERWIJSTYPE VO", isin=["VMBO", "HAVO", "VWO"])
    leerweg: Series[str] = text("LEERWEG VMBO", "LEERWEG")
    sector: Series[str] = text("VMBO SECTOR", "SECTOR")
    department: Series[str] = text("AFDELING", "PROFIEL")
    candidates_n: Series[pd.Int64Dtype] = count("EXAMENKANDIDATEN")
    passed_n: Series[pd.Int64Dtype] = count("GESLAAGDEN")
    failed_n: Series[pd.Int64Dtype] = count("GEZAKTEN")
    school_exam_grade: Series[float] = grade("GEMIDDELD CIJFER SCHOOLEXAMEN", required=False)
    central_exam_grade: Series[float] = grade("GEMIDDELD CIJFER CENTRAAL EXAMEN", required=False)
    final_grade: Series[float] = grade("GEMIDDELD CIJFER CIJFERLIJST", required=False)

    class Config:
        unique = ["vestiging_id", "education_type", "leerweg", "sector", "department"]

    @pa.dataframe_check
    @classmethod
    def passed_and_failed_do_not_exceed_candidates(cls, rows: pd.DataFrame) -> pd.Series:
        """Passed plus failed is at most the number of candidates (where none is hidden)."""
        return (rows["passed_n"] + rows["failed_n"] <= rows["candidates_n"]).fillna(True).astype(bool)


class Geslaagden(Dataset):
    id = "duo_07_geslaagden"
    title_nl = "Geslaagden, gezakten en cijfers per vestiging"
    title_en = "Graduates, failures and grades per site"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/examens/examens-vmbo-havo-vwo.jsp"
    cadence = "yearly, in autumn; provisional first"
    name_pattern = r"^(07[.-]*-)?geslaagden[,-]*-gezakten-en-cijfers-\d{4}-\d{4}-?\.(csv|xlsx)$"
    files = (
        *(PublishedFile(url, url[-13:-4], "seen in a public list of 2016") for url in EARLY),
        *(PublishedFile(url, url[-13:-4]) for url in LATER),
    )
    known_headers = ("GEMEENTENUMMER", "GEMEENTENUMMER VESTIGING", "PLAATSNAAM", "PLAATSNAAM VESTIGING")
    key = ("vestiging_id", "education_type", "leerweg", "sector", "department")
    status = "provisional"
    Row = GeslaagdenRow

    @classmethod
    def period_of(cls, file_name: str) -> Period | None:
        """`...-2018-2019.csv` is the exam of 2019, school year 2018-2019."""
        years = years_in(file_name)
        return starting_in(years[0]) if len(years) == 2 and years[1] == years[0] + 1 else None
