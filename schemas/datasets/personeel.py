"""DUO: staff of secondary education on 1 October, in persons, per board, school and function (wide).

One workbook holds all years since 2011. Staff that a board employs above its schools has `bovenschools` for a BRIN.
Small counts are starred (`*`), a mean age of 0 is unknown. Layout from public code that reads the files.
"""

from typing import Any

import pandas as pd
import pandera.pandas as pa

from schemas.cadence import YEARLY
from schemas.checks import all_of, make_up_with_blanks
from schemas.dataset import DUO, Dataset, Dialect, PublishedFile
from schemas.fields import PeriodRow, Series, age, amount, board, brin, count, text
from schemas.periods import count_day
from schemas.publishers import DUO_IMAGES

PAGE = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/personeel/in-aantal-personen.jsp"
SHEETS = ("per owtype-bestuur-brin-functie", "owtype-best-instelling-functie")
BANDS = {
    "JONGER DAN 15 JAAR": "under_15",
    "15 - 25 JAAR": "15_25",
    "25 - 35 JAAR": "25_35",
    "35 - 45 JAAR": "35_45",
    "45 - 55 JAAR": "45_55",
    "55 - 65 JAAR": "55_65",
    "65 JAAR EN OUDER": "65_up",
    "OUDER DAN 65 JAAR": "65_up",
}
MOST_STAFF = 20_000
"""Of one function at one school or board; no real file was seen. All of secondary education has some 100,000."""
NOT_NEEDED = (
    "0 - 0.5 FTE'S",
    "0.5 - 0.8 FTE'S",
    "MEER DAN 0.8 FTE'S",
    "0 - 0,5 FTE'S",
    "0,5 - 0,8 FTE'S",
    "MEER DAN 0,8 FTE'S",
)


def persons(**field: Any) -> Any:
    """A number of persons. A school that is not there in a year has blanks, so a blank is no fault by itself."""
    return count(blank="none", le=MOST_STAFF, **field)


class PersonenRow(PeriodRow):
    """Persons of one function group at one school (or above the schools) of one board on 1 October of a year.

    The parts by sex, contract and age need not add up where some are hidden.
    """

    education_type: Series[str] = text("ONDERWIJSTYPE", required=True)
    board_id: Series[str] = board()
    brin: Series[str] = brin(nullable=True)
    function_group: Series[str] = text("FUNCTIEGROEP", required=True)
    persons_n: Series[pd.Int64Dtype] = persons()
    men_n: Series[pd.Int64Dtype] = persons(required=False)
    women_n: Series[pd.Int64Dtype] = persons(required=False)
    sex_unknown_n: Series[pd.Int64Dtype] = persons(required=False)
    temporary_n: Series[pd.Int64Dtype] = persons(required=False)
    permanent_n: Series[pd.Int64Dtype] = persons(required=False)
    age_under_15_n: Series[pd.Int64Dtype] = persons(required=False)
    age_15_25_n: Series[pd.Int64Dtype] = persons(required=False)
    age_25_35_n: Series[pd.Int64Dtype] = persons(required=False)
    age_35_45_n: Series[pd.Int64Dtype] = persons(required=False)
    age_45_55_n: Series[pd.Int64Dtype] = persons(required=False)
    age_55_65_n: Series[pd.Int64Dtype] = persons(required=False)
    age_65_up_n: Series[pd.Int64Dtype] = persons(required=False)
    age_unknown_n: Series[pd.Int64Dtype] = persons(required=False)
    mean_age: Series[float] = age(required=False)
    mean_fte: Series[float] = amount(required=False)

    @pa.dataframe_check
    @classmethod
    def parts_do_not_exceed_persons(cls, rows: pd.DataFrame) -> pd.Series:
        """By sex, by contract and by age; a blank among them is nobody only if the others are all persons."""
        ages = [str(name) for name in rows if str(name).startswith("age_")]
        groups = (["men_n", "women_n", "sex_unknown_n"], ["temporary_n", "permanent_n"], ages)
        return all_of(make_up_with_blanks(rows, group, "persons_n") for group in groups)


class Personen(Dataset):
    id = "duo_personeel_personen"
    title_nl = "Onderwijspersoneel vo in personen"
    title_en = "Secondary education staff in persons"
    publisher = DUO
    landing_page = PAGE
    # One workbook with all years since 2011.
    cadence = YEARLY
    dialect = Dialect(sheets=SHEETS)
    layout_seen_live = False
    key = ("education_type", "board_id", "brin", "function_group", "period_start")
    never_zero = ("persons_n", "temporary_n", "permanent_n")
    wide_pattern = r"(?P<measure>.+?)(?P<variant>(?:19|20)\d{2})"
    wide_column = "year"
    period_from = "year"
    period_rule = count_day
    name_pattern = r"^(01[.-]*-)?onderwijspersoneel-vo-in-personen.*\.xlsx?$"
    files = (PublishedFile(DUO_IMAGES + "01.-onderwijspersoneel-vo-in-personen-2011-2025.xlsx", "2011-2025"),)
    wide_measures = {
        "PERSONEN": "persons_n",
        "MANNEN": "men_n",
        "VROUWEN": "women_n",
        "GESLACHT ONBEKEND": "sex_unknown_n",
        "PERSONEN IN TIJDELIJKE DIENST": "temporary_n",
        "PERSONEN IN VASTE DIENST": "permanent_n",
        **{f"PERSONEN {band}": f"age_{name}_n" for band, name in BANDS.items()},
        "LEEFTIJD ONBEKEND": "age_unknown_n",
        "GEMIDDELDE LEEFTIJD": "mean_age",
        "GEMIDDELDE FTE'S": "mean_fte",
        "GEMIDDELDE LEEFTIJD MAN": "",
        "GEMIDDELDE LEEFTIJD VROUW": "",
        **{f"PERSONEN {band}": "" for band in NOT_NEEDED},
    }
    Row = PersonenRow
