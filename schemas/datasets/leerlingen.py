"""DUO 01: pupils on 1 October per vestiging, education type, leerjaar and sex.

`-2017-2018` is the count of 1-10-2017; `-2019` is the count of 1-10-2019 (one year in the name, not the school year
before). The LWOO column splits rows up to 2017-2018 and is gone in 2019; the sector splits VMBO TL rows from then on.
Rows include praktijkonderwijs, pupils placed with VAVO and international programmes.
"""

import re
from typing import Any

import pandas as pd
import pandera.pandas as pa

from schemas.cadence import YEARLY
from schemas.checks import low
from schemas.dataset import DUO, Dataset, PublishedFile
from schemas.fields import UNKNOWN, PeriodRow, Series, brin, code, count, province, text, vestiging, words
from schemas.periods import Period, count_day, years_in
from schemas.publishers import DUO_IMAGES

OLD = ("2011", "2012", "2012-2013", "2013-2014", "2014-2015", "2015-2016", "2016-2017", "2017-2018")
YEARS_OF_TYPE = re.compile(r"(?:lj|Brugjaar) (\d)(?:-(\d))?$")
"""`VWO lj 4-6`: which leerjaren an education type has. Types that name none may have all."""
MOST_PUPILS = 10_000
"""On one line, of one leerjaar and sex. Real files: at most 255."""
STEM = "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-"


COUNTS = tuple(f"year{leerjaar}_{sex}_n" for leerjaar in range(1, 7) for sex in ("m", "f"))


def pupils(leerjaar: int, sex: str) -> Any:
    """The count column of one leerjaar and sex."""
    return count(f"LEER- OF VERBLIJFSJAAR {leerjaar} - {sex}", le=MOST_PUPILS, ne=UNKNOWN)


class LeerlingenRow(PeriodRow):
    """One education type and programme at one vestiging; pupils by leerjaar (1-6) and sex (m, f)."""

    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging()
    name: Series[str] = words("INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM")
    province: Series[str] = province("PROVINCIE VESTIGING", "PROVINCIE")
    education_type: Series[str] = words("ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR", nullable=False, required=True)
    lwoo: Series[str] = text("LWOO INDICATIE")
    sector: Series[str] = words("VMBO SECTOR")
    department: Series[str] = words("AFDELING")
    element_code: Series[str] = code(
        4, "ELEMENTCODE", "ERKENDE OPLEIDINGSCODE", "OPLEIDINGSCODE", required=False, str_matches=r"^[\dA-Z]{4}$"
    )
    programme: Series[str] = words("OPLEIDINGSNAAM")
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

    @pa.dataframe_check
    @classmethod
    def pupils_in_the_years_of_their_type(cls, rows: pd.DataFrame) -> pd.Series:
        """`VWO lj 4-6` has nobody in leerjaar 1 to 3. Real files: no line has."""
        span = rows["education_type"].astype("str").str.extract(YEARS_OF_TYPE)
        first = span[0].astype(float)
        last = span[1].fillna(span[0]).astype(float)
        fits = pd.Series(True, index=rows.index)
        for leerjaar in range(1, 7):
            elsewhere = (first > leerjaar) | (last < leerjaar)
            for sex in ("m", "f"):
                fits &= ~(elsewhere & (low(rows, f"year{leerjaar}_{sex}_n") > 0))
        return fits


class Leerlingen(Dataset):
    id = "duo_01_leerlingen"
    title_nl = "Leerlingen per vestiging naar onderwijstype (1 oktober)"
    title_en = "Pupils per site by education type (1 October)"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/aantal-leerlingen/aantal-leerlingen.jsp"
    cadence = YEARLY
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
    same_for = {"vestiging_id": ("name", "province"), "element_code": ("programme",)}
    unlike = COUNTS
    Row = LeerlingenRow

    @classmethod
    def period_of(cls, file_name: str) -> Period | None:
        """Both `-2017-2018` and `-2017` name the count of 1 October 2017."""
        years = years_in(file_name)
        return count_day(years[0]) if years else None
