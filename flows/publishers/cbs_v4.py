"""CBS OData v4 (`datasets.cbs.nl`): observations in long form, pages of 100,000.

Facts this rests on: keys are not padded; empty cells are left out; a null value carries its reason in
`ValueAttribute`; `Observations/$count` is text with a byte order mark. Some discontinued tables serve all metadata but no observations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.http.client import HttpClient
from flows.http.errors import BodyIncomplete, WrongContent
from flows.publishers.cbs_table import Description, Line, Pages, measure_titles, number_text, titles

HOST = "datasets.cbs.nl"
NEXT = "@odata.nextLink"


class CbsV4:
    """Reads tables from the v4 interface."""

    name = "v4"

    def __init__(self, client: HttpClient) -> None:
        self.client, self.pages = client, Pages(client)

    def address(self, table: str, part: str = "") -> str:
        """The address of a table or one of its sets; ids are upper case here."""
        return f"https://{HOST}/odata/v1/CBS/{table.upper()}" + (f"/{part}" if part else "")

    def modified(self, table: str) -> str:
        """The publisher's moment of last change."""
        return str(self.pages.one(self.address(table, "Properties")).get("Modified", ""))

    def describe(self, table: str) -> Description:
        """Everything but the cells."""
        modified = self.modified(table)
        dimensions = {
            row["Identifier"]: titles(
                (code["Identifier"], code["Identifier" if row.get("Kind") == "TimeDimension" else "Title"])
                for code in self._rows(table, f"{row['Identifier']}Codes")
            )
            for row in self._rows(table, "Dimensions")
        }
        measures = measure_titles(
            (row["Identifier"], row["Title"], row.get("Unit")) for row in self._rows(table, "MeasureCodes")
        )
        return Description(self.address(table, "Observations"), modified, measures, dimensions)

    def lines(self, table: str, described: Description) -> Iterator[Line]:
        """The cells, page by page; as many as the interface counts, or BodyIncomplete at the end."""
        received = 0
        for row in self._rows(table, "Observations"):
            received += 1
            value = number_text(row.get("Value")) if row.get("StringValue") is None else str(row["StringValue"]).strip()
            reason = row.get("ValueAttribute")
            yield described.line(row.get("Measure", ""), row, value, "" if reason in (None, "None") else reason)
        if (counted := self.count(table)) != received:
            hint = "the table may be changing; read it again later"
            raise BodyIncomplete(described.url, f"{counted:,} observations", f"{received:,}", hint)

    def count(self, table: str) -> int:
        """The number of observations, as the interface counts them."""
        url = self.address(table, "Observations/$count")
        text = self.client.get_text(url).strip()
        if not text.isdigit():
            raise WrongContent(url, "a number", repr(text[:40]), "check the table id")
        return int(text)

    def _rows(self, table: str, part: str) -> Iterator[dict[str, Any]]:
        return self.pages.rows(self.address(table, part), None, NEXT)
