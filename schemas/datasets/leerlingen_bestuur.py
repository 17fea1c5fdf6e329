"""DUO 03: pupils on 1 October per vestiging with its board, those placed with VAVO apart.

The one file that ties a vestiging to its board on the day of the count. In the release of 2024 the pupils placed with
VAVO are hidden below five (`<5`); the pupils themselves were not in the lines seen.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.checks import fit_in
from schemas.dataset import DUO, Dataset, PublishedFile
from schemas.fields import PeriodRow, Series, board, brin, code, count, province, vestiging, words
from schemas.periods import Period, count_day, years_in
from schemas.publishers import DUO_IMAGES

STEM = "03.-leerlingen-vo-per-vestiging-en-bestuur-(vavo-apart)-"
MOST_PUPILS = 20_000
"""At one site; no real file was seen. The pupils of other files: at most 2,959."""
YEARS = ("2011", "2012", "2013-2014", "2014-2015", "2015-2016", "2024", "2025")


class LeerlingenBestuurRow(PeriodRow):
    """One vestiging with its board; pupils without and with those placed with VAVO."""

    board_id: Series[str] = board()
    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging()
    name: Series[str] = words("INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM")
    municipality_id: Series[str] = code(4, "GEMEENTENUMMER", "GEMEENTENUMMER VESTIGING", required=False)
    municipality: Series[str] = words("GEMEENTENAAM", "GEMEENTENAAM VESTIGING")
    province: Series[str] = province("PROVINCIE", "PROVINCIE VESTIGING")
    pupils_n: Series[pd.Int64Dtype] = count("AANTAL LEERLINGEN", le=MOST_PUPILS)
    vavo_n: Series[pd.Int64Dtype] = count("AANTAL VO LEERLINGEN UITBESTEED AAN VAVO", required=False)
    total_n: Series[pd.Int64Dtype] = count("TOTAAL AANTAL LEERLINGEN", required=False, le=MOST_PUPILS)

    @pa.dataframe_check
    @classmethod
    def parts_do_not_exceed_the_total(cls, rows: pd.DataFrame) -> pd.Series:
        """Neither those at the site nor those at VAVO are more than all."""
        return fit_in(rows, ["pupils_n"], "total_n") & fit_in(rows, ["vavo_n"], "total_n")


class LeerlingenBestuur(Dataset):
    id = "duo_03_leerlingen_bestuur"
    title_nl = "Leerlingen per vestiging en bestuur, vavo apart (1 oktober)"
    title_en = "Pupils per site and board, those at VAVO apart (1 October)"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/aantal-leerlingen/aantal-leerlingen.jsp"
    cadence = "yearly, in December"
    name_pattern = r"^(03[.-]*-)?leerlingen-vo-per-vestiging-en-bestuur-\(?vavo-apart\)?-[\d-]+\.(csv|xlsx)$"
    files = tuple(PublishedFile(f"{DUO_IMAGES}{STEM}{years}.csv", years) for years in YEARS)
    known_headers = ("PLAATSNAAM", "PLAATSNAAM VESTIGING")
    key = ("vestiging_id",)
    Row = LeerlingenBestuurRow

    @classmethod
    def period_of(cls, file_name: str) -> Period | None:
        """Both `-2015-2016` and `-2015` name the count of 1 October 2015."""
        years = years_in(file_name)
        return count_day(years[0]) if years else None
