"""DUO: functiemix, the spread of teachers over salary scales (LA to LE) and diplomas, per school.

All sectors, 2006 to 2023 in one file; ONDERWIJSSECTOR separates VO. Earlier years change when schools deliver
late. On which day a year is counted is not stated in the papers we have, so a row holds for its calendar year.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.cadence import YEARLY
from schemas.dataset import DUO, CkanResource, Dataset, Dialect, PublishedFile
from schemas.fields import PeriodRow, Series, amount, board, brin, category, percent, text, year
from schemas.periods import calendar_year
from schemas.publishers import DUO_CKAN

CATALOGUE = DUO_CKAN + "68f23148-ceba-4e3d-b11e-594f4eadca4d/resource/"
MOST_FTE = 9_998
"""Of one school in one year, below a code for unknown; no real file was seen. All of secondary education has some 60,000."""
SCALES = ("LA", "LB", "LC", "LD", "LE", "OVERIG")
DIPLOMAS = ("HBOBA", "WOBA", "HBOMA", "WOMA", "OVERIG")


class FunctiemixRow(PeriodRow):
    """Teachers of one school in one year: fte, and shares in percent."""

    sector: Series[str] = category("ONDERWIJSSECTOR")
    year: Series[pd.Int64Dtype] = year("JAAR")
    board_id: Series[str] = board("BEVOEGD_GEZAGNUMMER", "BEVOEGD GEZAG NUMMER", nullable=True)
    pupils: Series[float] = amount("AANTAL_LEERLINGEN", required=False)
    staff_fte: Series[float] = amount("OMVANG_FORMATIE_TOTAAL", required=False)
    teachers_fte: Series[float] = amount("OMVANG_FORMATIE_OP", le=MOST_FTE)
    pupils_per_teacher: Series[float] = amount("LEERLING_LERAAR_RATIO", required=False)
    scale_la_pct: Series[float] = percent("AANDEEL_FORMATIE_OP_LA", required=False)
    scale_lb_pct: Series[float] = percent("AANDEEL_FORMATIE_OP_LB")
    scale_lc_pct: Series[float] = percent("AANDEEL_FORMATIE_OP_LC")
    scale_ld_pct: Series[float] = percent("AANDEEL_FORMATIE_OP_LD")
    scale_le_pct: Series[float] = percent("AANDEEL_FORMATIE_OP_LE", required=False)
    scale_other_pct: Series[float] = percent("AANDEEL_FORMATIE_OP_OVERIG", required=False)
    hbo_bachelor_pct: Series[float] = percent("AANDEEL_BAMA_HBOBA", required=False)
    wo_bachelor_pct: Series[float] = percent("AANDEEL_BAMA_WOBA", required=False)
    hbo_master_pct: Series[float] = percent("AANDEEL_BAMA_HBOMA", required=False)
    wo_master_pct: Series[float] = percent("AANDEEL_BAMA_WOMA", required=False)
    brin: Series[str] = brin()
    name: Series[str] = text("INSTELLINGSNAAM")

    @pa.dataframe_check
    @classmethod
    def scales_are_parts_of_a_whole(cls, rows: pd.DataFrame) -> pd.Series:
        """The shares of the scales are at most 100 percent together (and one for rounding); up to 1 they are fractions."""
        scales = ["la", "lb", "lc", "ld", "le", "other"]
        whole = rows[[f"scale_{scale}_pct" for scale in scales]].sum(axis=1)
        return (whole <= 101) & ((whole == 0) | (whole > 1.01))


class FunctiemixInstellingen(Dataset):
    id = "duo_functiemix_instellingen"
    title_nl = "Functiemix per instelling"
    title_en = "Teachers by salary scale per school"
    publisher = DUO
    landing_page = "https://onderwijsdata.duo.nl/dataset/functiemix"
    cadence = YEARLY
    dialect = Dialect(delimiter=",;")
    layout_seen_live = False
    masks = False
    name_pattern = r"^functiemix-instellingen\.csv$"
    files = (PublishedFile(CATALOGUE + "8f781c95-8e1b-470f-9596-edcffc11cf0a/download/functiemix-instellingen.csv"),)
    ckan = CkanResource("functiemix", "Functiemix instellingen", "8f781c95-8e1b-470f-9596-edcffc11cf0a")
    known_headers = (
        "_id",
        "BEVOEGD_GEZAGNAAM",
        "SCHOOLTYPE",
        "GEMEENTENAAM",
        "RANDSTAD",
        "POSTCODE_BEVOEGD_GEZAG",
        "EENPITTER",
        "CATEGORIE_BESTUUROMVANG",
        "AANTAL_GEWICHTLEERLINGEN",
        "GEMIDDELD_LEERLINGGEWICHT",
        "AANDEEL_APCG_LEERLINGEN",
        "AANDEEL_LWOO_LEERLINGEN",
        "AANTAL_VOLTIJDLEERLINGEN",
        "AANTAL_DEELTIJDLEERLINGEN",
        "AANTAL_LEERLINGEN_VBO_GROEN",
        "AANTAL_BOL_LEERLINGEN",
        "AANTAL_BOL_DEELTIJDLEERLINGEN",
        "AANTAL_BBL_LEERLINGEN",
        "AANDEEL_LEERLINGEN_RANDSTAD",
        *(f"OMVANG_FORMATIE_{group}" for group in ("MANAGER", "LIO", "OOP_OBP", "ONBEKEND")),
        "GEWOGEN_DEELNEMER_LERAAR_RATIO",
        *(f"OMVANG_FORMATIE_OP_{scale}" for scale in SCALES),
        *(f"STREEFPERCENTAGE_FORMATIE_OP_{scale}" for scale in SCALES),
        *(f"AANDEEL_BAMA_{diploma}_excloverig" for diploma in DIPLOMAS),
        "AANDEEL_BAMA_OVERIG",
        "OMVANG_FORMATIE_OP_BRUTSAL",
        "LOONSOM_OP_BRUTSAL",
        "GEMIDDELDE_LOONSOM_OP_BRUTSAL",
    )
    period_from = "year"
    period_rule = calendar_year
    key = ("sector", "year", "brin", "board_id")
    never_zero = ("teachers_fte", "scale_lb_pct", "scale_lc_pct", "scale_ld_pct")
    Row = FunctiemixRow
