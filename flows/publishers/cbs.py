"""CBS tables, whichever interface serves them: v4 first, v3 where v4 cannot.

With the v3 fallback the measures get their v4 names where v4 still describes the table: topics are matched on
v3 `DataProperties.ID` = v4 `MeasureCodes.Index`, and only when title and unit agree.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from flows.http.client import HttpClient
from flows.http.errors import BodyIncomplete, LayoutChanged, SourceError, StatusRefused, TransportFailed, WrongContent
from flows.publishers.cbs_table import Contract, Filters, Measure, Table, check_contract, write_table
from flows.publishers.cbs_v3 import CbsV3
from flows.publishers.cbs_v4 import CbsV4

__all__ = ["Contract", "Table", "modified", "read_table", "write_table"]

log = logging.getLogger("sectorakkoord.cbs")

#: What makes us ask v3: v4 does not have it (404), answers something else, breaks off, or is not there at all.
V4_FAILS = (StatusRefused, TransportFailed, WrongContent, BodyIncomplete)


def modified(client: HttpClient, table: str) -> str:
    """The publisher's moment of last change as `interface:text`; two small requests at most, no rows."""
    try:
        return f"v4:{CbsV4(client).properties(table).get('Modified', '')}"
    except V4_FAILS:
        return f"v3:{CbsV3(client).info(table).get('Modified', '')}"


def read_table(
    client: HttpClient,
    table: str,
    filters: Filters | None = None,
    contract: Contract | None = None,
    keep: Path | None = None,
) -> Table:
    """The table from v4, or from v3 when v4 does not have it or does not hand it over whole.

    `filters`: dimension -> codes. `contract`: what the declaration counts on. `keep`: a folder for the raw
    pages. Raises NotFound when neither has it, LayoutChanged, NoRows or another SourceError.
    """
    v4 = CbsV4(client, keep / "v4" if keep else None)
    try:
        found = v4.read(table, filters)
    except V4_FAILS as error:
        log.warning("v4 does not serve %s (%s); reading v3", table, error)
        found = CbsV3(client, keep / "v3" if keep else None).read(table, filters)
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


def with_remembered_names(table: Table, remembered: Mapping[str, tuple[int | None, str, str]]) -> Table:
    """The table under the measure names of the last reading (key -> index, title, unit), where all of them fit.

    Without this a v3 reading of a table that v4 no longer describes would look like a table of other measures.
    """
    by_sign = {sign: key for key, sign in remembered.items()}
    names = {key: by_sign.get((one.index, one.title, one.unit)) for key, one in table.measures.items()}
    if not all(names.values()):
        return table
    return _renamed(table, {key: replace(table.measures[key], key=str(name)) for key, name in names.items()})


def _with_v4_names(table: Table, measures: Mapping[str, Measure]) -> Table:
    """The v3 table with v4's measure names; unchanged when v4 describes none."""
    if not measures:
        return table
    by_index = {measure.index: measure for measure in measures.values()}
    names: dict[str, Measure] = {}
    for key, own in table.measures.items():
        other = by_index.get(own.index)
        if other is None or (other.title, other.unit) != (own.title, own.unit):
            actual = "no v4 measure there" if other is None else f"{other.title!r} in {other.unit!r}"
            raise LayoutChanged(
                table.url,
                f"measure {key} as {own.title!r} in {own.unit!r} at v4 index {own.index}",
                actual,
                "compare the two descriptions and adapt the declaration",
                (key,),
            )
        names[key] = replace(own, key=other.key, other_key=key)
    return _renamed(table, names)


def _renamed(table: Table, names: Mapping[str, Measure]) -> Table:
    """The table with other measures in the place of its own (by their present key)."""
    return replace(
        table,
        measures={measure.key: measure for measure in names.values()},
        cells=tuple(replace(cell, measure=names[cell.measure].key) for cell in table.cells),
    )
