"""CBS StatLine tables on secondary education, in the long form that the CBS client writes.

One line per cell: a title for the measure and for the member of each dimension, the period's code, `Value`, and
`ValueAttribute` (the publisher's reason for a cell without a value). Keys are not in the file: the publisher's two interfaces
have other ones for the same measure, and titles are what it explains. Period codes are decoded: `2018SJ00` is school
year 2018-2019, in tables of flows the step from that year to the next, in those of early leavers the time between two counts of
1 October, as for the ministry's figures. Counts of early leavers are rounded to tens.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import pandas as pd
import pandera.pandas as pa

from schemas.cadence import YEARLY, Cadence
from schemas.dataset import CBS, Dataset, Dialect, PublishedFile
from schemas.errors import FileRefused
from schemas.fields import PeriodRow, Series, column, ratio, text
from schemas.periods import Period, cbs_leaving, cbs_period, cbs_transition

BOTH_SEXES, ALL_BACKGROUNDS, COUNTRY = "Totaal mannen en vrouwen", "Totaal", "Nederland"
PUPILS, LEAVERS, SECONDARY = "Leerlingen", "Voortijdig schoolverlaters", "Totaal vmbo/havo/vwo"
CANDIDATES, PASSED = "Examenkandidaten", "Gediplomeerden"
LEVELS = ("Vmbo", "Havo", "Vwo")
"""The table of exams has no total: it is these together."""
EARLY_LEAVERS = {
    "measure": (PUPILS, LEAVERS),
    "sex": (BOTH_SEXES,),
    "education": (SECONDARY,),
    "background": (ALL_BACKGROUNDS,),
}


def title(*headers: str, **field: Any) -> Any:
    """A title of a measure or a member; always there."""
    return text(*headers, required=True, nullable=False, **field)


class CbsRow(PeriodRow):
    """One cell of a table."""

    measure: Series[str] = title("Measure")
    period_code: Series[str] = title("Perioden")
    value: Series[float] = ratio("Value")
    value_reason: Series[str] = column("text", ("ValueAttribute",), required=False)

    @pa.dataframe_check
    @classmethod
    def a_cell_has_a_value_or_a_reason(cls, rows: pd.DataFrame) -> pd.Series:
        """A cell that is empty for no stated reason is a cell that got lost."""
        return rows["value"].notna() | rows["value_reason"].notna()

    @pa.dataframe_check
    @classmethod
    def pupils_are_whole_numbers(cls, rows: pd.DataFrame) -> pd.Series:
        """`934.560` is a number with a dot for thousands, or not what its title says; none is below zero."""
        value = rows["value"].fillna(0)
        return ~rows["measure"].isin((PUPILS, LEAVERS, CANDIDATES, PASSED)) | (value % 1 == 0) & (value >= 0)


def cbs_row(**dimensions: str) -> type[CbsRow]:
    """A Row model with a column of titles per dimension, given as canonical name = the publisher's key of the dimension.

    These follow from the titles in our list of tables; a region's key is `RegioS` in data seen, whatever its title.
    """
    keys = [(key, "RegioS") if key == "Regiokenmerken" else (key,) for key in dimensions.values()]
    body: dict[str, Any] = {name: title(*headers) for name, headers in zip(dimensions, keys, strict=True)}
    body["__annotations__"] = dict.fromkeys(dimensions, Series[str])
    body["__module__"] = __name__
    return type("CbsTableRow", (CbsRow,), body)


class CbsTable(Dataset):
    """Base of the tables: `table` is the publisher's id, zeros and case as they are."""

    table: ClassVar[str]
    titles: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Column -> the titles that a series is made of: the table has each of them, and no two members share one."""
    publisher = CBS
    cadence = YEARLY
    dialect = Dialect(delimiter=";,", encodings=("utf-8",))
    layout_seen_live = False
    masks = False
    totals_are_rows = True
    # The last years are provisional and all are revised in place; which are final the file does not say.
    status = "provisional"
    # The two interfaces have their own words for why a cell is empty.
    remarks = ("value_reason",)
    period_from = "period_code"
    period_rule: ClassVar[Callable[[str], Period]] = cbs_period

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.id = f"cbs_{cls.table.lower()}"
        cls.name_pattern = rf"^(cbs[-_])?{cls.table}(\.csv)?$"
        cls.landing_page = f"https://opendata.cbs.nl/statline/#/CBS/nl/dataset/{cls.table}"
        cls.files = (PublishedFile(f"https://datasets.cbs.nl/odata/v1/CBS/{cls.table}"),)
        cls.key = tuple(name for name in cls.fields() if name not in ("value", "value_reason"))

    @classmethod
    def enrich(cls, rows: pd.DataFrame, file_name: str) -> pd.DataFrame:
        """Refuses a table in which a title that a series rests on is missing, or stands for two things."""
        for name, wanted in cls.titles.items():
            found = sorted(rows[name].dropna().unique())
            for one in set(wanted) - set(found):
                # The client writes a title that two share with the key behind it.
                alike = [other for other in found if other.startswith(f"{one} (")] or found[:20]
                hint = f"compare with the publisher's description and adapt the titles in {cls.declared_in()}"
                place = f"column {cls.fields()[name]['headers'][0]}"
                raise FileRefused(file_name, place, f"one {one!r}", f"none of that title, but {alike}", hint)
        return super().enrich(rows, file_name)


class Cbs84782(CbsTable):
    table = "84782NED"
    titles = EARLY_LEAVERS
    period_rule = cbs_leaving
    title_nl = "Voortijdig schoolverlaters; geslacht, onderwijssoort en migratieachtergrond"
    title_en = "Early school leavers by sex, type of education and migration background"
    # Replaced by 85368NED; the table in force during the agreement.
    cadence = Cadence("stopped")
    Row = cbs_row(sex="Geslacht", education="Onderwijssoort", background="Migratieachtergrond")


class Cbs85368(CbsTable):
    table = "85368NED"
    titles = EARLY_LEAVERS
    period_rule = cbs_leaving
    title_nl = "Voortijdig schoolverlaters; geslacht, onderwijssoort en herkomst"
    title_en = "Early school leavers by sex, type of education and origin"
    Row = cbs_row(sex="Geslacht", education="Onderwijssoort", background="Herkomstland")


class Cbs85382(CbsTable):
    table = "85382NED"
    title_nl = "Vo; examenkandidaten en gediplomeerden, onderwijssoort, woonregio"
    title_en = "Secondary education: exam candidates and graduates by type and region"
    titles = {"measure": (CANDIDATES, PASSED), "sex": (BOTH_SEXES,), "education": LEVELS, "region": (COUNTRY,)}
    Row = cbs_row(sex="Geslacht", education="Onderwijssoort", region="Regiokenmerken")


class Cbs85566(CbsTable):
    table = "85566NED"
    title_nl = "Vo en vso; doorstroom en uitstroom, achtergrondkenmerken"
    title_en = "Secondary education: flows between school years"
    period_rule = cbs_transition
    Row = cbs_row(
        sex="Geslacht",
        position_from="OnderwijsPositieBasisjaar",
        position_to="OnderwijsPositieVolgendSchooljaar",
        parents_birth_country="GeboortelandOuders",
        background="Herkomstland",
        region="Regiokenmerken",
    )
