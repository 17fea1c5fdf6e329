"""DUO 06: exam candidates and graduates per vestiging and programme, five school years side by side (wide).

Up to the file of 2014-2019 nothing is hidden, percentages are text (`83,3%`, zero is `,0%`) and pupils of unknown sex
have their own columns. From 2019-2024 on counts of 1 to 4 are `<5`, zeros and the pass percentage stay printed, and
the columns of unknown sex are gone: men + women may then fall short of the total by the pupils of unknown sex.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.cadence import IN_AUTUMN
from schemas.checks import all_of, fit_in, make_up, share_fits
from schemas.dataset import DUO, Dataset, PublishedFile
from schemas.fields import UNKNOWN, PeriodRow, Series, brin, category, count, percent, text, vestiging, words
from schemas.periods import school_year
from schemas.publishers import DUO_IMAGES

SEXES = {"TOTAAL": "", "MAN": "m", "VROUW": "f", "ONBEKEND": "x"}
PARTS = "|".join(SEXES)
GROUPS = ("_m", "_f", "_x", "")
MOST_CANDIDATES = 10_000
"""On one line. Real files: at most 259."""


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
    name: Series[str] = words("INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM")
    municipality: Series[str] = words("GEMEENTENAAM", "GEMEENTENAAM VESTIGING")
    education_type: Series[str] = category("ONDERWIJSTYPE VO", isin=["VMBO", "HAVO", "VWO"])
    inspectie_code: Series[str] = text("INSPECTIECODE", nullable=False, required=True)
    programme: Series[str] = words("OPLEIDINGSNAAM", nullable=False, required=True)
    candidates_m_n: Series[pd.Int64Dtype] = count(required=False)
    passed_m_n: Series[pd.Int64Dtype] = count(required=False)
    pass_m_pct: Series[float] = percent(required=False)
    candidates_f_n: Series[pd.Int64Dtype] = count(required=False)
    passed_f_n: Series[pd.Int64Dtype] = count(required=False)
    pass_f_pct: Series[float] = percent(required=False)
    candidates_x_n: Series[pd.Int64Dtype] = count(required=False)
    passed_x_n: Series[pd.Int64Dtype] = count(required=False)
    pass_x_pct: Series[float] = percent(required=False)
    candidates_n: Series[pd.Int64Dtype] = count(le=MOST_CANDIDATES, ne=UNKNOWN)
    passed_n: Series[pd.Int64Dtype] = count()
    pass_pct: Series[float] = percent(required=False)

    @pa.dataframe_check
    @classmethod
    def passed_do_not_exceed_candidates(cls, rows: pd.DataFrame) -> pd.Series:
        """Nobody passes who was no candidate, in any group. Real files: nobody."""
        return all_of(fit_in(rows, [f"passed{sex}_n"], f"candidates{sex}_n") for sex in GROUPS)

    @pa.dataframe_check
    @classmethod
    def men_women_and_unknown_are_the_total(cls, rows: pd.DataFrame) -> pd.Series:
        """They make up the total where pupils of unknown sex have a column, and do not exceed it otherwise."""
        return all_of(
            test(rows, [f"{what}_m_n", f"{what}_f_n", *rest], f"{what}_n")
            for what in ("candidates", "passed")
            for test, rest in ((make_up, [f"{what}_x_n"]), (fit_in, []))
        )

    @pa.dataframe_check
    @classmethod
    def percentages_are_those_of_the_counts(cls, rows: pd.DataFrame) -> pd.Series:
        """Printed to one decimal. Real files: 0.05 apart at most."""
        return all_of(
            share_fits(rows, f"passed{sex}_n", f"candidates{sex}_n", f"pass{sex}_pct", 0.05) for sex in GROUPS
        )


class Examens(Dataset):
    id = "duo_06_examens"
    title_nl = "Examenkandidaten en geslaagden per vestiging en opleiding, vijf schooljaren"
    title_en = "Exam candidates and graduates per site and programme, five school years"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/examens/examens-vmbo-havo-vwo.jsp"
    cadence = IN_AUTUMN
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
    same_for = {"vestiging_id": ("name", "municipality"), "inspectie_code": ("programme", "education_type")}
    never_zero = ("candidates_n", "passed_n")
    # `SLAAGPERC SCHOOLJAAR 2014-2015 - MAN`, in older files `SLAAG% SCHOOLJAAR - MAN 2010-2011`.
    wide_pattern = (
        rf"(?P<measure>EXAMENKANDIDATEN|GESLAAGDEN|SLAAGPERC|SLAAG%)\.?-?SCHOOLJAAR"
        rf"(?:-?(?P<part>{PARTS})-?)?(?P<variant>\d{{4}}-\d{{4}})(?:-?(?P<part_after>{PARTS}))?"
    )
    wide_measures = measures()
    period_from = "school_year"
    period_rule = school_year
    Row = ExamensRow
