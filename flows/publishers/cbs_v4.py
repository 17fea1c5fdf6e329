"""CBS OData v4 (`datasets.cbs.nl`): observations in long form, pages of 100,000, and the whole table as a zip.

Facts this rests on: keys are not padded; empty cells are left out; a null value carries its reason in
`ValueAttribute`; `Observations/$count` is text with a byte order mark; the zip holds `;`-separated UTF-8 files
with a byte order mark and decimal commas. Some discontinued tables serve all metadata but no observations.
"""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flows.http.client import HttpClient
from flows.http.errors import BodyIncomplete, RevisedDuringRead, WrongContent
from flows.http.sniff import Kind
from flows.http.unzip import unpack_zip
from flows.publishers.cbs_table import (
    Cell,
    Code,
    Filters,
    Measure,
    Pages,
    Table,
    check_unique,
    keep_wanted,
    number_text,
    wanted_codes,
)
from flows.publishers.cbs_v3 import odata_filter
from flows.settings import Settings

log = logging.getLogger("sectorakkoord.cbs")

HOST = "datasets.cbs.nl"
NEXT = "@odata.nextLink"


class CbsV4:
    """Reads tables from the v4 interface. `keep` is a folder for the raw pages."""

    def __init__(self, client: HttpClient, keep: Path | None = None, host: str = HOST) -> None:
        self.client, self.host = client, host
        self.pages = Pages(client, keep)

    def address(self, table: str, part: str = "") -> str:
        """The address of a table or one of its sets; ids are upper case here."""
        return f"https://{self.host}/odata/v1/CBS/{table.upper()}" + (f"/{part}" if part else "")

    def properties(self, table: str) -> dict[str, Any]:
        """The table's own description (Title, Modified, ObservationCount, ...)."""
        found: dict[str, Any] = self.pages.one(self.address(table, "Properties"))
        return found

    def read(self, table: str, filters: Filters | None = None) -> Table:
        """The table, or the part that `filters` selects, page by page. Raises a SourceError."""
        return self.client.attempt(self.address(table), lambda _: self._read(table, filters))

    def describe(self, table: str) -> Table:
        """Everything but the cells."""
        before = self.properties(table)
        rows = list(self._rows(table, "Dimensions"))
        dimensions = tuple(row["Identifier"] for row in rows)
        time = next((row["Identifier"] for row in rows if row.get("Kind") == "TimeDimension"), None)
        codes = {
            name: {row["Identifier"].strip(): _code(row) for row in self._rows(table, f"{name}Codes")}
            for name in dimensions
        }
        measures = {row["Identifier"]: _measure(row) for row in self._rows(table, "MeasureCodes")}
        return Table(
            id=table,
            api="v4",
            title=str(before.get("Title", "")).strip(),
            modified=str(before.get("Modified", "")),
            dimensions=dimensions,
            time_dimension=time,
            measures=measures,
            codes=codes,
            cells=(),
            url=self.address(table, "Observations"),
        )

    def count(self, table: str) -> int:
        """The number of observations, as the interface counts them."""
        url = self.address(table, "Observations/$count")
        text = self.client.get_text(url).strip()
        if not text.isdigit():
            raise WrongContent(url, "a number", repr(text[:40]), "check the table id")
        return int(text)

    def _read(self, table: str, filters: Filters | None) -> Table:
        described = self.describe(table)
        wanted = wanted_codes(described.url, described.codes, filters)
        condition = odata_filter(described.codes, wanted)
        rows = list(self._rows(table, "Observations", {"$filter": condition} if condition else None))
        if not wanted and (counted := self.count(table)) != len(rows):
            hint = "the table may be changing; read it again later"
            raise BodyIncomplete(described.url, f"{counted:,} observations", f"{len(rows):,}", hint)
        cells = [_cell(described.url, row, described.dimensions) for row in rows]
        table_read = with_cells(described, cells, wanted)
        after = str(self.properties(table).get("Modified", ""))
        if after != described.modified:
            actual = f"{described.modified} before and {after} after"
            raise RevisedDuringRead(described.url, "one state of the table", actual, "read it again at a quiet hour")
        return table_read

    def read_bulk(self, table: str, folder: Path, settings: Settings) -> Table:
        """The whole table from its zip, unpacked into the new `folder`; the robust way for big tables."""
        url = f"https://{self.host}/csv/CBS/nl/{table.upper()}"
        archive = folder.parent / f"{folder.name}.zip"
        self.client.download(url, archive, expected=(Kind.ZIP,))
        limits = {"max_bytes": settings.max_download_bytes, "max_expansion": settings.max_expansion}
        files = {path.name: path for path in unpack_zip(archive, folder, url=url, **limits)}
        if "Observations.csv" not in files or "MeasureCodes.csv" not in files:
            actual = f"only {', '.join(sorted(files)) or 'nothing'}"
            hint = "read the table page by page instead"
            raise WrongContent(url, "Observations.csv and MeasureCodes.csv in the zip", actual, hint)
        header, rows = _csv_rows(files["Observations.csv"])
        dimensions = tuple(
            name for name in header if name not in ("Id", "Measure", "Value", "StringValue", "ValueAttribute")
        )
        codes = {name: _bulk_codes(files.get(f"{name}Codes.csv"), url, name) for name in dimensions}
        measures = {row["Identifier"]: _measure(row) for row in _csv_rows(files["MeasureCodes.csv"])[1]}
        properties = self.properties(table)
        described = Table(
            id=table,
            api="v4-bulk",
            title=str(properties.get("Title", "")).strip(),
            modified=str(properties.get("Modified", "")),
            dimensions=dimensions,
            time_dimension="Perioden" if "Perioden" in dimensions else None,
            measures=measures,
            codes=codes,
            cells=(),
            url=url,
        )
        return with_cells(described, [_bulk_cell(row, dimensions) for row in rows], {})

    def _rows(self, table: str, part: str, params: Mapping[str, object] | None = None) -> Iterator[dict[str, Any]]:
        yield from self.pages.rows(self.address(table, part), params, NEXT)


def with_cells(described: Table, cells: list[Cell], wanted: Mapping[str, set[str]]) -> Table:
    """`described` with its cells, filtered by us and checked for doubles."""
    kept = keep_wanted(described.url, described.dimensions, cells, wanted)
    if len(kept) < len(cells):
        log.warning("%s: filter not honoured, %d cells too many set aside", described.url, len(cells) - len(kept))
    check_unique(described.url, kept)
    fields = {name: getattr(described, name) for name in Table.__dataclass_fields__}
    return Table(**fields | {"cells": tuple(kept), "dropped_by_refilter": len(cells) - len(kept)})


def _code(row: Mapping[str, Any]) -> Code:
    served = row["Identifier"]
    return Code(served.strip(), str(row.get("Title", "")).strip(), served, str(row.get("Status") or ""))


def _measure(row: Mapping[str, Any]) -> Measure:
    decimals, index = row.get("Decimals"), row.get("Index")
    return Measure(
        key=row["Identifier"].strip(),
        title=str(row.get("Title", "")).strip(),
        unit=str(row.get("Unit") or "").strip(),
        decimals=int(decimals) if decimals not in (None, "") else None,
        index=int(index) if index not in (None, "") else None,
    )


def _cell(url: str, row: Mapping[str, Any], dimensions: tuple[str, ...]) -> Cell:
    try:
        codes = tuple(row[name].strip() for name in dimensions)
        value = number_text(row["Value"]) if row.get("StringValue") is None else str(row["StringValue"]).strip()
        attribute = row.get("ValueAttribute")
        return Cell(row["Measure"], codes, value, None if attribute in (None, "None") else attribute)
    except KeyError as error:
        raise WrongContent(url, f"column {error.args[0]}", "a row without it", "read the table again") from error


def _csv_rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Header and rows of one of the zip's files."""
    with io.TextIOWrapper(path.open("rb"), encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text, delimiter=";")
        rows = list(reader)
    return list(reader.fieldnames or []), rows


def _bulk_codes(path: Path | None, url: str, dimension: str) -> dict[str, Code]:
    if path is None:
        raise WrongContent(url, f"{dimension}Codes.csv in the zip", "none", "read the table page by page instead")
    return {row["Identifier"].strip(): _code(row) for row in _csv_rows(path)[1]}


def _bulk_cell(row: Mapping[str, str], dimensions: tuple[str, ...]) -> Cell:
    value = number_text(row["Value"].replace(",", ".")) or row.get("StringValue") or None
    attribute = row.get("ValueAttribute") or "None"
    codes = tuple(row[name].strip() for name in dimensions)
    return Cell(row["Measure"], codes, value, None if attribute == "None" else attribute)
