"""CBS OData v4 (`datasets.cbs.nl`): observations in long form, pages of 100,000.

Facts this rests on: keys are not padded; empty cells are left out; a null value carries its reason in
`ValueAttribute`; `Observations/$count` is text with a byte order mark. Some discontinued tables serve all metadata but no observations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flows.http.client import HttpClient
from flows.http.errors import BodyIncomplete, RevisedDuringRead, WrongContent
from flows.publishers.cbs_table import Cell, Code, Measure, Pages, Table, check_cells, number_text

HOST = "datasets.cbs.nl"
NEXT = "@odata.nextLink"


class CbsV4:
    """Reads tables from the v4 interface."""

    def __init__(self, client: HttpClient) -> None:
        self.client, self.pages = client, Pages(client)

    def address(self, table: str, part: str = "") -> str:
        """The address of a table or one of its sets; ids are upper case here."""
        return f"https://{HOST}/odata/v1/CBS/{table.upper()}" + (f"/{part}" if part else "")

    def properties(self, table: str) -> dict[str, Any]:
        """The table's own description (Title, Modified, ObservationCount, ...)."""
        found: dict[str, Any] = self.pages.one(self.address(table, "Properties"))
        return found

    def read(self, table: str) -> Table:
        """The whole table, page by page. Raises a SourceError."""
        return self.client.attempt(self.address(table), lambda _: self._read(table))

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

    def _read(self, table: str) -> Table:
        described = self.describe(table)
        rows = list(self._rows(table, "Observations"))
        if (counted := self.count(table)) != len(rows):
            hint = "the table may be changing; read it again later"
            raise BodyIncomplete(described.url, f"{counted:,} observations", f"{len(rows):,}", hint)
        cells = tuple(_cell(described.url, row, described.dimensions) for row in rows)
        found = replace(described, cells=cells)
        check_cells(found)
        after = str(self.properties(table).get("Modified", ""))
        if after != described.modified:
            actual = f"{described.modified} before and {after} after"
            raise RevisedDuringRead(described.url, "one state of the table", actual, "read it again at a quiet hour")
        return found

    def _rows(self, table: str, part: str) -> Iterator[dict[str, Any]]:
        yield from self.pages.rows(self.address(table, part), None, NEXT)


def _code(row: Mapping[str, Any]) -> Code:
    return Code(row["Identifier"].strip(), str(row.get("Title", "")).strip(), str(row.get("Status") or ""))


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
