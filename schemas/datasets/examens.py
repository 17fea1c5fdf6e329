"""DUO 06: exam candidates and graduates per vestiging and programme, five school years side by side (wide).

Up to the file of 2014-2019 nothing is hidden, percentages are text (`83,3%`, zero is `,0%`) and pupils of unknown sex
have their own columns. From 2019-2024 on counts of 1 to 4 are `<5`, zeros and the pass percentage stay printed, and
the columns of unknown sex are gone: men + women may then fall short of the total by the pupils of unknown sex.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.dataset import DUO, Dataset, PublishedFile
from schemas.fields import PeriodRow, Series, brin, category, count, percent, text, vestiging
from schemas.periods import school_year
from schemas.publishers import DUO_IMAGES

SEXES = {"TOTAAL": "", "MAN": "m", "VROUW": "f", "ONBEKEND": "x"}
PARTS = "|".join(SEXES)


def measures() -> dict[str, str]:
    """`EXAMENKANDIDATEN MAN` -> candidates_m_n, and so on for every measure and sex."""
    names = {}
    for title, sex in SEXES.items():
        part = f"_{sex}" if sex else ""
        names[f"EXAMENKANDIDATEN {title}"] = f"candidates{part}_n"
        names[f"GESLAAGDEN {title}"] = f"passed{part}_n"
        names[f"SLAAGPERC {title}"] = f"pass{part}_pct"
        names[f"SLAAG% {title}"] = f"pass{part}_pct"
    return names


class ExamensRow(PeriodRow):
    """One programme at one vestiging in one school year, by sex (m, f, x = unknown) and in all."""

    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging()
    name: Series[str] = text("INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM")
    municipality: Series[str] = text("GEMEENTENAAM", "GEMEENTENAAM VESTIGING")
    education_type: Series[str] = category("ONDERWIJSTYPE VO", isin=["VMBO", "HAVO", "VWO"])
    inspectie_code: Series[str] = text("INSPECTIECODE", nullable=False, required=True)
    programme: Series[str] = text("OPLEIDINGSNAAM", nullable=False, required=True)
    candidates_m_n: Series[pd.Int64Dtype] = count(required=False)
    passed_m_n: Series[pd.Int64Dtype] = count(required=False)
    pass_m_pct: Series[float] = percent(required=False)
    candidates_f_n: Series[pd.Int64Dtype] = count(required=False)
    passed_f_n: Series[pd.Int64Dtype] = count(required=False)
    pass_f_pct: Series[float] = percent(required=False)
    candidates_x_n: Series[pd.Int64Dtype] = count(required=False)
    passed_x_n: Series[pd.Int64Dtype] = count(required=False)
    pass_x_pct: Series[float] = percent(required=False)
    candidates_n: Series[pd.Int64Dtype] = count()
    passed_n: Series[pd.Int64Dtype] = count()
    pass_pct: Series[float] = percent(required=False)

    class Config:
        unique = ["vestiging_id", "inspectie_code", "period_start"]

    @pa.dataframe_check
    @classmethod
    def passed_do_not_exceed_candidates(cls, rows: pd.DataFrame) -> pd.Series:
        """Nobody passes who was no candidate (where neither is hidden)."""
        return (rows["passed_n"] <= rows["candidates_n"]).fillna(True).astype(bool)


class Examens(Dataset):
    id = "duo_06_examens"
    title_nl = "Examenkandidaten en geslaagden per vestiging en opleiding, vijf schooljaren"
    title_en = "Exam candidates and graduates per site and programme, five school years"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/examens/examens-vmbo-havo-vwo.jsp"
    cadence = "yearly, in autumn"
    name_pattern = r"^(06[.-]*-)?examenkandidaten-en-geslaagden-\d{4}-\d{4}-?\.(csv|xlsx)$"
    files = (
        PublishedFile(DUO_IMAGES + "06.-examenkandidaten-en-geslaagden-2010-2015.csv", "2010-2015"),
        PublishedFile(DUO_IMAGES + "06-examenkandidaten-en-geslaagden-2013-2018.csv", "2013-2018"),
        PublishedFile(DUO_IMAGES + "06-examenkandidaten-en-geslaagden-2014-2019.csv", "2014-2019", "inferred"),
        PublishedFile(DUO_IMAGES + "examenkandidaten-en-geslaagden-2019-2024.csv", "2019-2024"),
        PublishedFile(DUO_IMAGES + "examenkandidaten-en-geslaagden-2020-2025.csv", "2020-2025"),
    )
    known_headers = ("GEMEENTENUMMER", "PLAATSNAAM", "PLAATSNAAM VESTIGING", "PROVINCIE", "PROVINCIE VESTIGING")
    key = ("vestiging_id", "inspectie_code", "period_start")
    # `SLAAGPERC SCHOOLJAAR 2014-2015 - MAN`, in older files `SLAAG% SCHOOLJAAR - MAN 2010-2011`.
    wide_pattern = (
        rf"(?P<measure>EXAMENKANDIDATEN|GESLAAGDEN|SLAAGPERC|SLAAG%)\.?-?SCHOOLJAAR"
        rf"(?:-?(?P<part>{PARTS})-?)?(?P<variant>\d{{4}}-\d{{4}})(?:-?(?P<part_after>{PARTS}))?"
    )
    wide_measures = measures()
    period_from = "school_year"
    period_rule = school_year
    Row = ExamensRow
