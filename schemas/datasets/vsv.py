"""DUO: early school leavers (vsv) per vestiging within a samenwerkingsverband, and per school.

The file of 2015 does not say whether it means school year 2014-2015 or 2015-2016, nor does the one per school say what
its JAAR is: their rows carry the year as written and no period, so that no series can be made of them by mistake.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.dataset import DUO, Dataset, Dialect, PublishedFile
from schemas.fields import RowModel, Series, brin, count, swv, text, vestiging, year
from schemas.periods import years_in
from schemas.publishers import DUO_IMAGES


class VsvSwvRow(RowModel):
    """One vestiging in one samenwerkingsverband; leavers by the diploma they held (probably: vmbo, mbo, other)."""

    year_in_name: Series[pd.Int64Dtype] = pa.Field(nullable=True, description="the year in the name of the file")
    swv_id: Series[str] = swv("SAMENWERKINGSVERBAND NUMMER")
    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging("VESTIGINGS NUMMER")
    pupils_n: Series[pd.Int64Dtype] = count("AANTAL LEERLINGEN")
    leavers_n: Series[pd.Int64Dtype] = count("VSV TOTAAL")
    leavers_vmbo_n: Series[pd.Int64Dtype] = count("VSV VMBO")
    leavers_mbo_n: Series[pd.Int64Dtype] = count("VSV MBO")
    leavers_other_n: Series[pd.Int64Dtype] = count("VSV OVERIG")

    class Config:
        unique = ["swv_id", "vestiging_id"]

    @pa.dataframe_check
    @classmethod
    def parts_make_the_total(cls, rows: pd.DataFrame) -> pd.Series:
        """The three parts add up to all leavers (where none is hidden)."""
        parts = rows["leavers_vmbo_n"] + rows["leavers_mbo_n"] + rows["leavers_other_n"]
        return (parts == rows["leavers_n"]).fillna(True).astype(bool)


class VsvSwv(Dataset):
    id = "duo_15_vsv_swv"
    title_nl = "Voortijdig schoolverlaters per vestiging en samenwerkingsverband"
    title_en = "Early school leavers per site and samenwerkingsverband"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/aantal-leerlingen/aantal-leerlingen.jsp"
    cadence = "one file is known"
    name_pattern = r"^(\d+[.-]+)?vsv-per-swv-\d{4}(-\d{4})?\.(csv|xlsx)$"
    files = (PublishedFile(DUO_IMAGES + "15.-vsv-per-swv-2015.csv", "2015"),)
    key = ("swv_id", "vestiging_id")
    Row = VsvSwvRow

    @classmethod
    def enrich(cls, rows: pd.DataFrame, file_name: str) -> pd.DataFrame:
        year_in_name = next(iter(years_in(file_name)), None)
        return rows.assign(year_in_name=pd.Series([year_in_name] * len(rows), dtype="Int64", index=rows.index))


class VsvInstellingRow(RowModel):
    """One leerjaar and profile at one school in one year, as written by the publisher."""

    year: Series[pd.Int64Dtype] = year("JAAR")
    brin: Series[str] = brin()
    name: Series[str] = text("INSTELLINGSNAAM")
    municipality: Series[str] = text("GEMEENTE SCHOOL")
    rmc: Series[str] = text("RMC SCHOOL")
    education_kind: Series[str] = text("SOORT VOORTGEZET ONDERWIJS")
    profile: Series[str] = text("PROFIEL")
    structure: Series[str] = text("ONDERWIJSSTRUCTUUR EN LEERJAAR", required=True)
    pupils_n: Series[pd.Int64Dtype] = count("AANTAL DEELNEMERS")
    leavers_n: Series[pd.Int64Dtype] = count("AANTAL VSV ERS", "AANTAL VSV'ERS")
    leavers_without_n: Series[pd.Int64Dtype] = count("AANTAL VSV ERS ZONDER DIPLOMA", required=False)
    leavers_vmbo_n: Series[pd.Int64Dtype] = count("AANTAL VSV ERS MET VMBO DIPLOMA", required=False)
    leavers_mbo1_n: Series[pd.Int64Dtype] = count("AANTAL VSV ERS MET MBO1 DIPLOMA", required=False)


class VsvInstelling(Dataset):
    id = "duo_vsv_instelling"
    title_nl = "Voortijdig schoolverlaters per vo-instelling"
    title_en = "Early school leavers per secondary school"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/onderwijs-algemeen/leerlingen-en-studentenstromen/"
    cadence = "yearly"
    # No name of this file is known: anything on vsv that says instelling and is not of another sector.
    name_pattern = r"^(?!.*(mbo|swv))(\d+[.-]+)?vsv-.*instelling.*\.(csv|xlsx)$"
    key = ("year", "brin", "education_kind", "profile", "structure")
    layout_seen_live = False
    dialect = Dialect(thousands_dot=True)
    Row = VsvInstellingRow
