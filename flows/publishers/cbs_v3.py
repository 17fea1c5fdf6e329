"""CBS StatLine OData v3: the Feed for rows (pages of 10,000), the untyped set because only it keeps reasons.

Facts this rests on: rows come as Atom XML unless `$format=json` is sent; `odata.nextLink` is absolute and
complete; dimension keys are padded with spaces to the longest of their list; values are text padded to 8, with
`.` unknown, `x` secret, `-` nil; tables are revised in place, so `Modified` is read again at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.http.client import HttpClient
from flows.http.errors import RevisedDuringRead, WrongContent
from flows.publishers.cbs_table import Cell, Code, Measure, Pages, Table, check_cells, number_text

HOST = "opendata.cbs.nl"
REASONS = frozenset({".", "x", "-", ""})
_JSON = {"$format": "json"}
_DIMENSION_TYPES = {"Dimension", "TimeDimension", "GeoDimension", "GeoDetail"}


class CbsV3:
    """Reads tables from the Feed."""

    def __init__(self, client: HttpClient) -> None:
        self.client = client
        # The Feed answers 500 now and then under load; on the Api a 500 means a refused query.
        self.pages = Pages(client, retry_500=True)

    def address(self, table: str, part: str = "") -> str:
        """The Feed's address of a table or one of its sets."""
        return f"https://{HOST}/ODataFeed/odata/{table}" + (f"/{part}" if part else "")

    def info(self, table: str) -> dict[str, Any]:
        """The table's own description (one row: Title, Modified, Frequency, Period, ...)."""
        url = self.address(table, "TableInfos")
        rows = list(self._rows(table, "TableInfos"))
        if len(rows) != 1:
            raise WrongContent(url, "one row", str(len(rows)), "check the table id, zeros and case included")
        return rows[0]

    def read(self, table: str) -> Table:
        """The whole table. Raises a SourceError."""
        return self.client.attempt(self.address(table), lambda _: self._read(table))

    def _read(self, table: str) -> Table:
        url = self.address(table, "UntypedDataSet")
        before = self.info(table)
        properties = list(self._rows(table, "DataProperties"))
        dimensions = tuple(_key(row) for row in properties if row.get("Type") in _DIMENSION_TYPES)
        time = next((_key(row) for row in properties if row.get("Type") == "TimeDimension"), None)
        measures = {_key(row): _measure(row) for row in properties if row.get("Type") == "Topic"}
        codes = {name: self._codes(table, name) for name in dimensions}
        rows = self._rows(table, "UntypedDataSet")
        cells = [cell for row in rows for cell in _cells(url, row, dimensions, measures)]
        after = self.info(table)
        if after.get("Modified") != before.get("Modified"):
            actual = f"{before.get('Modified')} before and {after.get('Modified')} after"
            raise RevisedDuringRead(url, "one state of the table", actual, "read it again at a quiet hour")
        found = Table(
            id=table,
            api="v3",
            title=str(before.get("Title", "")).strip(),
            modified=str(before.get("Modified", "")),
            dimensions=dimensions,
            time_dimension=time,
            measures=measures,
            codes=codes,
            cells=tuple(cells),
            url=url,
        )
        check_cells(found)
        return found

    def _rows(self, table: str, part: str) -> list[dict[str, Any]]:
        return list(self.pages.rows(self.address(table, part), _JSON, "odata.nextLink"))

    def _codes(self, table: str, dimension: str) -> dict[str, Code]:
        return {
            row["Key"].strip(): Code(
                row["Key"].strip(), str(row.get("Title", "")).strip(), str(row.get("Status") or "")
            )
            for row in self._rows(table, dimension)
        }


def _key(row: Mapping[str, Any]) -> str:
    return str(row.get("Key") or "").strip()


def _measure(row: Mapping[str, Any]) -> Measure:
    decimals, index = row.get("Decimals"), row.get("ID")
    return Measure(
        key=_key(row),
        title=str(row.get("Title", "")).strip(),
        unit=str(row.get("Unit") or "").strip(),
        decimals=int(decimals) if decimals not in (None, "") else None,
        index=int(index) if index not in (None, "") else None,
    )


def _cells(
    url: str, row: Mapping[str, Any], dimensions: tuple[str, ...], measures: Mapping[str, Measure]
) -> list[Cell]:
    """The figures of one wide row. A column that the description names but the row lacks is a WrongContent."""
    try:
        codes = tuple(str(row[name]).strip() for name in dimensions)
        return [_cell(key, codes, row[key]) for key in measures]
    except KeyError as error:
        raise WrongContent(url, f"column {error.args[0]}", "a row without it", "read the table again") from error


def _cell(measure: str, codes: tuple[str, ...], raw: Any) -> Cell:
    text = "" if raw is None else str(raw).strip()
    if text in REASONS:
        return Cell(measure, codes, None, text or "Impossible")
    return Cell(measure, codes, number_text(text), None)
