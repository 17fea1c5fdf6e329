"""DUO: early school leavers (vsv) per vestiging within a samenwerkingsverband.

The one file known does not say which school year its 2015 is: rows carry the year as written and no period, so that no
series can be made of them by mistake. Its numbers of pupils are not those of 1 October 2015 (file 05: at 1,253 sites the
median difference is 4.7 percent, both ways, and 13 sites are equal), nor of 1 October 2017 (10 percent), and its share of 0.48 is not the 0.4
that the ministry gave for 2015-2016. So 2014-2015 is likely and not proven; it is before 2018 either way.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.cadence import UNKNOWN
from schemas.checks import fit_in, make_up
from schemas.dataset import DUO, Dataset, PublishedFile
from schemas.fields import RowModel, Series, brin, count, swv, vestiging
from schemas.periods import years_in
from schemas.publishers import DUO_IMAGES

MOST_PUPILS = 20_000
"""At one site. Real file: at most 2,959."""


class VsvSwvRow(RowModel):
    """One vestiging in one samenwerkingsverband; leavers by the diploma they held (probably: vmbo, mbo, other)."""

    year_in_name: Series[pd.Int64Dtype] = pa.Field(nullable=True, description="the year in the name of the file")
    swv_id: Series[str] = swv("SAMENWERKINGSVERBAND NUMMER")
    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging("VESTIGINGS NUMMER")
    pupils_n: Series[pd.Int64Dtype] = count("AANTAL LEERLINGEN", le=MOST_PUPILS)
    leavers_n: Series[pd.Int64Dtype] = count("VSV TOTAAL")
    leavers_vmbo_n: Series[pd.Int64Dtype] = count("VSV VMBO")
    leavers_mbo_n: Series[pd.Int64Dtype] = count("VSV MBO")
    leavers_other_n: Series[pd.Int64Dtype] = count("VSV OVERIG")

    @pa.dataframe_check
    @classmethod
    def parts_make_the_total(cls, rows: pd.DataFrame) -> pd.Series:
        """The three parts add up to all leavers. Real file: on every line."""
        return make_up(rows, ["leavers_vmbo_n", "leavers_mbo_n", "leavers_other_n"], "leavers_n")

    @pa.dataframe_check
    @classmethod
    def leavers_do_not_exceed_pupils(cls, rows: pd.DataFrame) -> pd.Series:
        """Real file: two thirds of the pupils of a site at most."""
        return fit_in(rows, ["leavers_n"], "pupils_n")


class VsvSwv(Dataset):
    id = "duo_15_vsv_swv"
    title_nl = "Voortijdig schoolverlaters per vestiging en samenwerkingsverband"
    title_en = "Early school leavers per site and samenwerkingsverband"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/aantal-leerlingen/aantal-leerlingen.jsp"
    # One file is known.
    cadence = UNKNOWN
    name_pattern = r"^(\d+[.-]+)?vsv-per-swv-\d{4}(-\d{4})?\.(csv|xlsx)$"
    files = (PublishedFile(DUO_IMAGES + "15.-vsv-per-swv-2015.csv", "2015"),)
    context = "the file does not say which school year its 2015 is"
    key = ("swv_id", "vestiging_id")
    Row = VsvSwvRow

    @classmethod
    def enrich(cls, rows: pd.DataFrame, file_name: str) -> pd.DataFrame:
        year_in_name = next(iter(years_in(file_name)), None)
        return rows.assign(year_in_name=pd.Series([year_in_name] * len(rows), dtype="Int64", index=rows.index))
