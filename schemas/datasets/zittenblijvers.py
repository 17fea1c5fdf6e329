"""DUO 05: pupils who repeat a year, move down or move up between two counts of 1 October, per vestiging.

The first layout (1516) has percentages, a thousands dot beside a decimal comma and unpadded keys; later ones have
underscores, padded keys and no percentages. Practical education (praktijkonderwijs) seems left out by the publisher.
The publisher also has a provincial and a national file; only the file per vestiging is declared.
"""

import re

import pandas as pd
import pandera.pandas as pa

from schemas.cadence import Cadence
from schemas.checks import fit_in, share_fits
from schemas.dataset import DUO, Dataset, Dialect, PublishedFile
from schemas.fields import PeriodRow, Series, brin, code, count, percent, province, vestiging, words
from schemas.periods import Period, full_year, transition
from schemas.publishers import DUO_IMAGES

PARTS = ("repeaters_n", "moved_down_n", "moved_up_n")
MOST_PUPILS = 20_000
"""At one site. Real files: at most 2,948."""


class ZittenblijversRow(PeriodRow):
    """One vestiging; pupils of the first school year, and where they are in the second."""

    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging()
    name: Series[str] = words("INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM", "VESTIGINGSNAAM")
    municipality_id: Series[str] = code(4, "GEMEENTENUMMER VESTIGING", "GEMEENTENUMMER", required=False)
    municipality: Series[str] = words("GEMEENTENAAM VESTIGING", "GEMEENTENAAM")
    province: Series[str] = province("PROVINCIE VESTIGING", "PROVINCIE")
    pupils_n: Series[pd.Int64Dtype] = count(
        "TOTAAL LEERLINGEN", "AANTAL LEERLINGEN", "TOTAAL AANTAL LEERLINGEN", le=MOST_PUPILS
    )
    repeaters_n: Series[pd.Int64Dtype] = count("AANTAL ZITTENBLIJVERS")
    moved_down_n: Series[pd.Int64Dtype] = count("AANTAL AFSTROMERS")
    moved_up_n: Series[pd.Int64Dtype] = count("AANTAL OPSTROMERS")
    repeaters_pct: Series[float] = percent("PERCENTAGE ZITTENBLIJVERS", required=False, witness=True)
    moved_down_pct: Series[float] = percent("PERCENTAGE AFSTROMERS", required=False, witness=True)
    moved_up_pct: Series[float] = percent("PERCENTAGE OPSTROMERS", required=False, witness=True)

    @pa.dataframe_check
    @classmethod
    def parts_do_not_exceed_pupils(cls, rows: pd.DataFrame) -> pd.Series:
        """Who repeats a year, moves down or moves up does one of the three. Real files: the sum reaches the whole."""
        return fit_in(rows, PARTS, "pupils_n")

    @pa.dataframe_check
    @classmethod
    def percentages_are_those_of_the_counts(cls, rows: pd.DataFrame) -> pd.Series:
        """The file of 2015-2016 prints them to two decimals. Real file: 0.005 apart at most."""
        fits = [share_fits(rows, part, "pupils_n", f"{part[:-2]}_pct", 0.005) for part in PARTS]
        return fits[0] & fits[1] & fits[2]


class Zittenblijvers(Dataset):
    id = "duo_05_zittenblijvers"
    title_nl = "Zittenblijvers, afstroom en opstroom per vestiging"
    title_en = "Pupils repeating a year, moving down or up, per site"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/aantal-leerlingen/aantal-leerlingen.jsp"
    # About a year after the second count.
    cadence = Cadence("yearly", due_weeks=52)
    name_pattern = r"^(05[.-]*-)?zittenblijv(en|ers)-(vo-brinvest|niveau-vestiging)-.*\.(csv|xlsx)$"
    files = (
        PublishedFile(DUO_IMAGES + "05.-zittenblijven-vo-brinvest-1516-tov-1617.csv", "2015-2016", "name only"),
        PublishedFile(
            DUO_IMAGES + "05-zittenblijvers-niveau-vestiging-2017-2018-tov-2018-2019.csv", "2017-2018", "name only"
        ),
        PublishedFile(DUO_IMAGES + "05.-zittenblijvers-niveau-vestiging-2023-2024-tov-2024-2025.csv", "2023-2024"),
    )
    dialect = Dialect(thousands_dot=True)
    known_headers = ("PLAATSNAAM VESTIGING", "PLAATSNAAM")
    key = ("vestiging_id",)
    same_for = {"municipality_id": ("municipality", "province")}
    unlike = ("pupils_n", *PARTS)
    never_zero = ("pupils_n", "repeaters_n")
    Row = ZittenblijversRow

    @classmethod
    def period_of(cls, file_name: str) -> Period | None:
        """`...-1516-tov-1617` and `...-2023-2024-tov-2024-2025`: from the first count to the second."""
        match = re.search(r"(\d{2}|\d{4})-?(\d{2}|\d{4})-tov-", file_name)
        return transition(full_year(match[1])) if match else None
