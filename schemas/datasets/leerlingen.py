"""DUO 01: pupils on 1 October per vestiging, education type, leerjaar and sex.

`-2017-2018` is the count of 1-10-2017; `-2019` is the count of 1-10-2019 (one year in the name, not the school year
before). The LWOO column splits rows up to 2017-2018 and is gone in 2019; the sector splits VMBO TL rows from then on.
Rows include praktijkonderwijs, pupils placed with VAVO and international programmes.
"""

from typing import Any

import pandas as pd

from schemas.dataset import DUO, Dataset, PublishedFile
from schemas.fields import PeriodRow, Series, brin, code, count, text, vestiging
from schemas.periods import Period, count_day, years_in
from schemas.publishers import DUO_IMAGES

OLD = ("2011", "2012", "2012-2013", "2013-2014", "2014-2015", "2015-2016", "2016-2017", "2017-2018")
STEM = "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-"


def pupils(leerjaar: int, sex: str) -> Any:
    """The count column of one leerjaar and sex."""
    return count(f"LEER- OF VERBLIJFSJAAR {leerjaar} - {sex}")


class LeerlingenRow(PeriodRow):
    """One education type and programme at one vestiging; pupils by leerjaar (1-6) and sex (m, f)."""

    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging()
    name: Series[str] = text("INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM")
    province: Series[str] = text("PROVINCIE VESTIGING", "PROVINCIE")
    education_type: Series[str] = text("ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR", nullable=False, required=True)
    lwoo: Series[str] = text("LWOO INDICATIE")
    sector: Series[str] = text("VMBO SECTOR")
    department: Series[str] = text("AFDELING")
    element_code: Series[str] = code(
        4, "ELEMENTCODE", "ERKENDE OPLEIDINGSCODE", "OPLEIDINGSCODE", required=False, str_matches=None
    )
    programme: Series[str] = text("OPLEIDINGSNAAM")
    year1_m_n: Series[pd.Int64Dtype] = pupils(1, "MAN")
    year1_f_n: Series[pd.Int64Dtype] = pupils(1, "VROUW")
    year2_m_n: Series[pd.Int64Dtype] = pupils(2, "MAN")
    year2_f_n: Series[pd.Int64Dtype] = pupils(2, "VROUW")
    year3_m_n: Series[pd.Int64Dtype] = pupils(3, "MAN")
    year3_f_n: Series[pd.Int64Dtype] = pupils(3, "VROUW")
    year4_m_n: Series[pd.Int64Dtype] = pupils(4, "MAN")
    year4_f_n: Series[pd.Int64Dtype] = pupils(4, "VROUW")
    year5_m_n: Series[pd.Int64Dtype] = pupils(5, "MAN")
    year5_f_n: Series[pd.Int64Dtype] = pupils(5, "VROUW")
    year6_m_n: Series[pd.Int64Dtype] = pupils(6, "MAN")
    year6_f_n: Series[pd.Int64Dtype] = pupils(6, "VROUW")

    class Config:
        unique = ["vestiging_id", "education_type", "lwoo", "sector", "department", "element_code"]


class Leerlingen(Dataset):
    id = "duo_01_leerlingen"
    title_nl = "Leerlingen per vestiging naar onderwijstype (1 oktober)"
    title_en = "Pupils per site by education type (1 October)"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/aantal-leerlingen/aantal-leerlingen.jsp"
    cadence = "yearly"
    name_pattern = r"^(01[.-]*-)?leerlingen-vo-per-vestiging-naar-onderwijstype-[\d-]+\.(csv|xlsx)$"
    files = (
        *(
            PublishedFile(f"{DUO_IMAGES}{STEM}{year}.csv", year, "seen in a public list of 2016, or inferred")
            for year in OLD
        ),
        PublishedFile(DUO_IMAGES + "01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv", "2019"),
        *(PublishedFile(f"{DUO_IMAGES}{STEM}{year}.csv", year) for year in ("2023", "2024", "2025")),
    )
    known_headers = (
        "PLAATSNAAM VESTIGING",
        "PLAATSNAAM",
        "GEMEENTENUMMER",
        "GEMEENTENAAM",
        "SAMENWERKINGSVERBAND PASSEND ONDERWIJS VO",
    )
    key = ("vestiging_id", "education_type", "lwoo", "sector", "department", "element_code")
    Row = LeerlingenRow

    @classmethod
    def period_of(cls, file_name: str) -> Period | None:
        """Both `-2017-2018` and `-2017` name the count of 1 October 2017."""
        years = years_in(file_name)
        return count_day(years[0]) if years else None
