"""CBS StatLine tables on secondary education, in the long form that the CBS client writes.

One line per cell: `Measure`, a column of codes per dimension, `Value`, `ValueAttribute` (the publisher's reason for a
cell without a value). Period codes are decoded: `2018SJ00` is school year 2018-2019, in tables of flows the step from
that year to the next. Many figures are rounded to tens, so parts need not add up to totals. Tables that were stopped
since are declared as well: they are what was in force during 2018-2020. Codes are as v4 has them, without padding.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import pandas as pd
import pandera.pandas as pa

from schemas.dataset import CBS, Dataset, Dialect, PublishedFile
from schemas.fields import PeriodRow, Series, column, ratio, text
from schemas.periods import Period, cbs_period, cbs_transition


def label(*headers: str, **field: Any) -> Any:
    """A code of a code list, as served but for the padding; always there."""
    return text(*headers, required=True, nullable=False, **field)


class CbsRow(PeriodRow):
    """One cell of a table."""

    measure: Series[str] = label("Measure")
    period_code: Series[str] = label("Perioden")
    value: Series[float] = ratio("Value")
    value_reason: Series[str] = column("text", ("ValueAttribute",), required=False)

    @pa.dataframe_check
    @classmethod
    def a_cell_has_a_value_or_a_reason(cls, rows: pd.DataFrame) -> pd.Series:
        """A cell that is empty for no stated reason is a cell that got lost."""
        return rows["value"].notna() | rows["value_reason"].notna()


def cbs_row(**dimensions: str) -> type[CbsRow]:
    """A Row model with a column of codes per dimension, given as canonical name = the publisher's key.

    Keys follow from the titles in our list of tables; a region's key is `RegioS` in data seen, whatever its title.
    """
    names = [f"{name}_code" for name in dimensions]
    keys = [(key, "RegioS") if key == "Regiokenmerken" else (key,) for key in dimensions.values()]
    body: dict[str, Any] = {name: label(*headers) for name, headers in zip(names, keys, strict=True)}
    body["__annotations__"] = dict.fromkeys(names, Series[str])
    body["__module__"] = __name__
    return type("CbsTableRow", (CbsRow,), body)


class CbsTable(Dataset):
    """Base of the tables: `table` is the publisher's id, zeros and case as they are."""

    table: ClassVar[str]
    publisher = CBS
    cadence = "yearly, provisional first; revised in place"
    dialect = Dialect(delimiter=";,", encodings=("utf-8",))
    layout_seen_live = False
    masks = False
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
        cls.key = ("measure", *(name for name in cls.fields() if name.endswith("_code")))


class Cbs85379(CbsTable):
    table = "85379NED"
    title_nl = "Vo; leerlingen, onderwijssoort in detail, leerjaar, herkomst"
    title_en = "Secondary education: pupils by type in detail, year of study, origin"
    Row = cbs_row(
        sex="Geslacht",
        education="OnderwijssoortInDetail",
        leerjaar="Leerjaar",
        origin="Herkomstland",
        parents_birth_country="GeboortelandOuders",
    )


class Cbs85382(CbsTable):
    table = "85382NED"
    title_nl = "Vo; examenkandidaten en gediplomeerden, onderwijssoort, woonregio"
    title_en = "Secondary education: exam candidates and graduates by type and region"
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
        origin="Herkomstland",
        region="Regiokenmerken",
    )


class Cbs85368(CbsTable):
    table = "85368NED"
    title_nl = "Voortijdig schoolverlaters; geslacht, onderwijssoort en herkomst"
    title_en = "Early school leavers by sex, type of education and origin"
    Row = cbs_row(sex="Geslacht", education="Onderwijssoort", origin="Herkomstland")


class Cbs03753(CbsTable):
    table = "03753"
    title_nl = "Onderwijsinstellingen; grootte, soort, levensbeschouwelijke grondslag"
    title_en = "Schools by size, type and denomination"
    Row = cbs_row(education="Onderwijssoort", denomination="LevensbeschouwelijkeGrondslag", size="Schoolgrootte")


class Cbs80040(CbsTable):
    table = "80040ned"
    title_nl = "Vo; leerlingen, onderwijssoort in detail, leerjaar 2003/'04-2021/'22"
    title_en = "Secondary education: pupils by type in detail (stopped in 2022)"
    cadence = "stopped in 2022"
    Row = cbs_row(
        sex="Geslacht",
        leerjaar="Leerjaren",
        migration_background="Migratieachtergrond",
        region_kind="WoonregioSchoolregio",
        region="Regiokenmerken",
    )


class Cbs80041(CbsTable):
    table = "80041ned"
    title_nl = "Vo; leerlingen, onderwijssoort, leerjaar, leeftijd 2003/'04-2021/'22"
    title_en = "Secondary education: pupils by type, year of study and age (stopped in 2022)"
    cadence = "stopped in 2022"
    Row = cbs_row(sex="Geslacht", age="Leeftijd", leerjaar="Leerjaar", migration_background="Migratieachtergrond")


class Cbs82381(CbsTable):
    table = "82381NED"
    title_nl = "Jongeren; voortijdig schoolverlaters, geslacht, migratieachtergrond, 2003-2020"
    title_en = "Young people: early school leavers by sex and migration background (stopped in 2021)"
    cadence = "stopped in 2021"
    Row = cbs_row(sex="Geslacht", migration_background="Migratieachtergrond", early_leaver="VoortijdigSchoolverlater")


class Cbs71450(CbsTable):
    table = "71450ned"
    title_nl = "Leerlingen en studenten; onderwijssoort, woonregio 2000/'01-2022/'23"
    title_en = "Pupils and students by type of education and region (stopped in 2023)"
    cadence = "stopped in 2023"
    Row = cbs_row(
        sex="Geslacht",
        age="Leeftijd",
        education="Onderwijssoort",
        migration_background="Migratieachtergrond",
        region="RegioS",
    )


class Cbs71493(CbsTable):
    table = "71493ned"
    title_nl = "Gediplomeerden; onderwijssoort, woonregio"
    title_en = "Graduates by type of education and region (stopped)"
    cadence = "stopped"
    Row = cbs_row(
        sex="Geslacht",
        age="Leeftijd",
        education="Onderwijssoort",
        migration_background="Migratieachtergrond",
        region="RegioS",
    )
