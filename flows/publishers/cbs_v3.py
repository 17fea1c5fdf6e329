"""CBS StatLine OData v3: the Feed for rows (pages of 10,000), the untyped set because only it keeps reasons.

Facts this rests on: rows come as Atom XML unless `$format=json` is sent; `odata.nextLink` is absolute and
complete; dimension keys are padded with spaces to the longest of their list; values are text padded to 8, with
`.` unknown, `x` secret, `-` nil.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.http.client import HttpClient
from flows.http.errors import WrongContent
from flows.publishers.cbs_table import Description, Line, Pages, measure_titles, number_text, titles

HOST = "opendata.cbs.nl"
REASONS = frozenset({".", "x", "-"})
_JSON = {"$format": "json"}
_DIMENSION_TYPES = {"Dimension", "TimeDimension", "GeoDimension", "GeoDetail"}


class CbsV3:
    """Reads tables from the Feed."""

    name = "v3"

    def __init__(self, client: HttpClient) -> None:
        # The Feed answers 500 now and then under load; on the Api a 500 means a refused query.
        self.pages = Pages(client, retry_500=True)

    def address(self, table: str, part: str = "") -> str:
        """The Feed's address of a table or one of its sets."""
        return f"https://{HOST}/ODataFeed/odata/{table}" + (f"/{part}" if part else "")

    def modified(self, table: str) -> str:
        """The publisher's moment of last change."""
        rows = list(self._rows(table, "TableInfos"))
        if len(rows) != 1:
            url = self.address(table, "TableInfos")
            raise WrongContent(url, "one row", str(len(rows)), "check the table id, zeros and case included")
        return str(rows[0].get("Modified", ""))

    def describe(self, table: str) -> Description:
        """Everything but the cells."""
        modified = self.modified(table)
        properties = [(row.get("Type"), _text(row, "Key"), row) for row in self._rows(table, "DataProperties")]
        dimensions = {
            key: titles(
                (_text(member, "Key"), _text(member, "Key" if kind == "TimeDimension" else "Title"))
                for member in self._rows(table, key)
            )
            for kind, key, _ in properties
            if kind in _DIMENSION_TYPES
        }
        measures = measure_titles(
            (key, _text(row, "Title"), row.get("Unit")) for kind, key, row in properties if kind == "Topic"
        )
        return Description(self.address(table, "UntypedDataSet"), modified, measures, dimensions)

    def lines(self, table: str, described: Description) -> Iterator[Line]:
        """The cells that can have a value, page by page."""
        for row in self._rows(table, "UntypedDataSet"):
            for measure in described.measures:
                if measure not in row:
                    hint = "read the table again"
                    raise WrongContent(described.url, f"column {measure}", "a row without it", hint)
                text = _text(row, measure)
                if text in REASONS:
                    yield described.line(measure, row, None, text)
                elif text:
                    yield described.line(measure, row, number_text(text), "")

    def _rows(self, table: str, part: str) -> Iterator[dict[str, Any]]:
        return self.pages.rows(self.address(table, part), _JSON, "odata.nextLink")


def _text(row: dict[str, Any], name: str) -> str:
    return str(row.get(name) or "").strip()
