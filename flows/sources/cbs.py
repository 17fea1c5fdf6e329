"""CBS tables, whichever interface serves them: v4 first, v3 where v4 cannot.

With the v3 fallback the measures get their v4 names where v4 still describes the table: topics are matched on
v3 `DataProperties.ID` = v4 `MeasureCodes.Index`, and only when title and unit agree.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from flows.door import Door
from flows.errors import BodyIncomplete, LayoutChanged, NotFound, SourceError, WrongContent
from flows.sources.cbs_period import CbsPeriod, PeriodError, cbs_period
from flows.sources.cbs_table import Contract, Filters, Measure, Table, check_contract, write_table
from flows.sources.cbs_v3 import CbsV3
from flows.sources.cbs_v4 import CbsV4

__all__ = ["CbsPeriod", "Contract", "PeriodError", "Table", "cbs_period", "modified", "read_table", "write_table"]

log = logging.getLogger("sectorakkoord.cbs")

#: Tables on secondary education, and those in force during 2018-2020 that were stopped later.
TABLES = {
    "85379NED": "Vo; leerlingen, onderwijssoort in detail, leerjaar, herkomst",
    "85382NED": "Vo; examenkandidaten en gediplomeerden, onderwijssoort, woonregio",
    "85566NED": "Vo en vso; doorstroom en uitstroom, achtergrondkenmerken",
    "85368NED": "Voortijdig schoolverlaters; geslacht, onderwijssoort en herkomst",
    "03753": "Onderwijsinstellingen; grootte, soort, levensbeschouwelijke grondslag",
    "80040ned": "predecessor of 85379NED (to 2021/'22)",
    "80120ned": "predecessor of the examination tables (to 2020/'21)",
    "82381NED": "predecessor of 85368NED",
    "71450ned": "predecessor, pupils by migration background",
    "71493ned": "predecessor, graduates by migration background",
}


def modified(door: Door, table: str) -> str:
    """The publisher's moment of last change as `interface:text`; two small requests at most, no rows."""
    try:
        return f"v4:{CbsV4(door).properties(table).get('Modified', '')}"
    except (NotFound, WrongContent):
        return f"v3:{CbsV3(door).info(table).get('Modified', '')}"


def read_table(
    door: Door,
    table: str,
    filters: Filters | None = None,
    contract: Contract | None = None,
    keep: Path | None = None,
) -> Table:
    """The table from v4, or from v3 when v4 does not have it or does not hand it over whole.

    `filters`: dimension -> codes. `contract`: what the declaration counts on. `keep`: a folder for the raw
    pages. Raises NotFound when neither has it, LayoutChanged, NoRows or another SourceError.
    """
    v4 = CbsV4(door, keep / "v4" if keep else None)
    try:
        found = v4.read(table, filters)
    except (NotFound, WrongContent, BodyIncomplete) as error:
        log.warning("v4 does not serve %s (%s); reading v3", table, error)
        found = CbsV3(door, keep / "v3" if keep else None).read(table, filters)
        found = _with_v4_names(found, _v4_measures(v4, table))
    check_contract(found, contract)
    return found


def _v4_measures(v4: CbsV4, table: str) -> Mapping[str, Measure]:
    """v4's measures, or none where v4 does not even describe the table."""
    try:
        return v4.describe(table).measures
    except SourceError as error:
        log.info("no v4 description of %s: %s", table, error)
        return {}


def _with_v4_names(table: Table, measures: Mapping[str, Measure]) -> Table:
    """The v3 table with v4's measure names; unchanged when v4 describes none."""
    if not measures:
        return table
    by_index = {measure.index: measure for measure in measures.values()}
    names: dict[str, Measure] = {}
    for key, own in table.measures.items():
        other = by_index.get(own.index)
        if other is None or (other.title, other.unit) != (own.title, own.unit):
            came = "no v4 measure there" if other is None else f"{other.title!r} in {other.unit!r}"
            raise LayoutChanged(
                table.url,
                f"measure {key} as {own.title!r} in {own.unit!r} at v4 index {own.index}",
                came,
                "compare the two descriptions and adapt the declaration",
                (key,),
            )
        names[key] = replace(own, key=other.key, other_key=key)
    return replace(
        table,
        measures={measure.key: measure for measure in names.values()},
        cells=tuple(replace(cell, measure=names[cell.measure].key) for cell in table.cells),
    )
