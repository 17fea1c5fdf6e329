"""DUO's catalogue: pupils (01voins) and pass rates (03_voex) per vestiging, all years in one long file each.

Both stopped in 2023 and cover 2014-2018 and 2013-2017. SCHOOLJAAR is the year in which the school year starts.
Counts below five are `-1`; numbers that are names have lost their zeros.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.checks import fit_in, share_fits
from schemas.dataset import DUO, CkanResource, Dataset, Dialect, PublishedFile
from schemas.fields import (
    PeriodRow,
    Series,
    board,
    brin,
    category,
    count,
    grade,
    percent,
    province,
    text,
    vestiging,
    words,
    year,
)
from schemas.periods import count_day, starting_in
from schemas.publishers import DUO_CKAN

MOST_PUPILS, MOST_CANDIDATES = 10_000, 10_000
"""On one line; no real file was seen. The same counts in other files: at most 255 and 800."""


class VoinsRow(PeriodRow):
    """One education type, programme and leerjaar at one vestiging on 1 October."""

    school_year: Series[pd.Int64Dtype] = year("SCHOOLJAAR")
    board_id: Series[str] = board(nullable=True)
    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging("BRINVESTIGINGSNUMMER", "VESTIGINGSNUMMER")
    name: Series[str] = words("INSTELLINGSNAAM VESTIGING")
    province: Series[str] = province("PROVINCIE VESTIGING")
    vavo: Series[str] = text("INDICATIE VO-VAVO")
    education_type: Series[str] = words("ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR", required=True, nullable=False)
    sector: Series[str] = words("VMBO SECTOR")
    department: Series[str] = words("AFDELING")
    leerjaar: Series[pd.Int64Dtype] = count("LEERJAAR", nullable=False)
    pupils_n: Series[pd.Int64Dtype] = count("AANTAL LEERLINGEN", le=MOST_PUPILS)


class Voins(Dataset):
    id = "duo_01voins"
    title_nl = "Leerlingen per vestiging, onderwijstype en leerjaar (catalogus, 2014-2018)"
    title_en = "Pupils per site, education type and year of study (catalogue, 2014-2018)"
    publisher = DUO
    landing_page = "https://onderwijsdata.duo.nl/dataset/01voins-v1"
    cadence = "frozen since March 2023"
    name_pattern = r"^01voins(-v1)?\.csv$"
    files = (
        PublishedFile(
            DUO_CKAN + "173cbf21-1567-464a-bccd-518cd7a46bd0/resource/d49219cc-2f36-4c2d-8007-b385ba44ec8d"
            "/download/01voins.csv",
            "2014-2018",
        ),
    )
    ckan = CkanResource(
        "01voins-v1",
        "VO-leerlingen per vestiging naar onderwijstype, sector en afdeling.",
        "d49219cc-2f36-4c2d-8007-b385ba44ec8d",
    )
    dialect = Dialect(delimiter=",;")
    layout_seen_live = False
    known_headers = (
        "_id",
        "VESTIGINGSNUMMER",
        "NAAM BEVOEGD GEZAG",
        "DENOMINATIE BG",
        "DENOMINATIE VESTIGING",
        "PLAATSNAAM VESTIGING",
    )
    key = ("school_year", "vestiging_id", "vavo", "education_type", "sector", "department", "leerjaar")
    period_from = "school_year"
    period_rule = count_day
    Row = VoinsRow


class VoexRow(PeriodRow):
    """One school type at one vestiging in one exam year; grades are means."""

    school_year: Series[pd.Int64Dtype] = year("SCHOOLJAAR")
    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging("BRINVESTIGINGSNUMMER", "VESTIGINGSNUMMER")
    name: Series[str] = words("INSTELLINGSNAAM VESTIGING")
    municipality: Series[str] = words("GEMEENTENAAM VESTIGING")
    province: Series[str] = province("PROVINCIE VESTIGING")
    education_type: Series[str] = category("ONDERWIJSTYPE VO")
    candidates_n: Series[pd.Int64Dtype] = count("EXAMENKANDIDATEN", le=MOST_CANDIDATES)
    passed_n: Series[pd.Int64Dtype] = count("GESLAAGDEN")
    failed_n: Series[pd.Int64Dtype] = count("GEZAKTEN")
    pass_pct: Series[float] = percent("SLAGINGSPERCENTAGE", required=False)
    school_exam_grade: Series[float] = grade("GEMIDDELD CIJFER SCHOOLEXAMEN", required=False)
    central_exam_grade: Series[float] = grade("GEMIDDELD CIJFER CENTRAAL EXAMEN", required=False)
    final_grade: Series[float] = grade("GEMIDDELD CIJFER CIJFERLIJST", required=False)

    @pa.dataframe_check
    @classmethod
    def passed_and_failed_do_not_exceed_candidates(cls, rows: pd.DataFrame) -> pd.Series:
        """Passed plus failed is at most the number of candidates."""
        return fit_in(rows, ["passed_n", "failed_n"], "candidates_n")

    @pa.dataframe_check
    @classmethod
    def percentage_is_that_of_the_counts(cls, rows: pd.DataFrame) -> pd.Series:
        """To half a percent: how it is rounded was not seen."""
        return share_fits(rows, "passed_n", "candidates_n", "pass_pct", 0.5)


class Voex(Dataset):
    id = "duo_03_voex"
    title_nl = "Slagingspercentages per vestiging (catalogus, 2013-2017)"
    title_en = "Pass rates per site (catalogue, 2013-2017)"
    publisher = DUO
    landing_page = "https://onderwijsdata.duo.nl/dataset/03_voex-v1"
    cadence = "frozen since March 2023"
    name_pattern = r"^03_voex(-v1)?\.csv$"
    files = (
        PublishedFile(
            DUO_CKAN + "9ac19d12-2781-4e61-a26e-7122631dabb6/resource/0423457d-c69e-4950-a12c-51912fc48faf"
            "/download/03_voex.csv",
            "2013-2017",
        ),
    )
    ckan = CkanResource(
        "03_voex-v1",
        "Slagingspercentages en gemiddelde examencijfers per vestiging",
        "0423457d-c69e-4950-a12c-51912fc48faf",
    )
    dialect = Dialect(delimiter=",;")
    layout_seen_live = False
    known_headers = ("_id",)
    key = ("school_year", "vestiging_id", "education_type")
    period_from = "school_year"
    period_rule = starting_in
    Row = VoexRow
