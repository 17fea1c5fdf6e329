"""The fake CBS: OData v3 (Api, Feed) and OData v4, on SYNTHETIC tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tests.fakes.faults import FaultBox
from tests.fakes.tables import TABLES, SyntheticTable, redesigned, retitled

V3_HOST, V4_HOST = "opendata.cbs.nl", "datasets.cbs.nl"
FEED_PAGE, API_TOP, V4_PAGE = 10_000, 5_000, 100_000
V3_JSON = {
    "Content-Type": "application/json;odata=minimalmetadata;streaming=true;charset=utf-8",
    "DataServiceVersion": "3.0;",
}
V4_JSON = {"Content-Type": "application/json; odata.metadata=minimal"}
ATOM = '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>SYNTHETIC</title></feed>'


class FakeCbs:
    """Answers requests for CBS hosts; keeps no state but the number of times a table's moment was asked."""

    def __init__(self, faults: FaultBox) -> None:
        self.faults = faults
        self.readings = 0

    def answer(self, host: str, path: str, request: Request) -> Response:
        """The response for `path` (without host)."""
        parts = [part for part in path.split("/") if part]
        if host == V4_HOST and parts[:3] == ["odata", "v1", "CBS"] and len(parts) > 3:
            return self._v4(parts[3], "/".join(parts[4:]), path, request)
        if len(parts) > 2 and parts[0] in ("ODataFeed", "ODataApi") and parts[1].lower() == "odata":
            return self._v3(parts[0], parts[2], "/".join(parts[3:]), path, request)
        return PlainTextResponse("no such address", 404)

    def _table(self, table_id: str, path: str) -> SyntheticTable | None:
        table = TABLES.get(table_id.upper())
        if table and self.faults.take(path, "s13_redesign"):
            table = redesigned(table)
        if table and self.faults.take(path, "cbs_corrected"):
            table = replace(table, correction=10, modified="2026-05-20T02:00:00")
        if table and (fault := self.faults.take(path, "cbs_retitled")):
            table = retitled(table, **fault.options)
        return table

    def _modified(self, table: SyntheticTable, path: str) -> str:
        """The moment of last change; with s12 an older one at the first reading, or another each time."""
        fault = self.faults.take(path, "s12_revised_between_pages")
        if not fault:
            return table.modified
        self.readings += 1
        return f"2026-04-13T02:00:{self.readings % 60:02d}"

    # ---- v3

    def _v3(self, surface: str, table_id: str, part: str, path: str, request: Request) -> Response:
        query, where = request.query_params, f"/{V3_HOST}{path}"
        table = self._table(table_id, where)
        if table is None:
            return PlainTextResponse("Resource not found", 404)
        wants_json = query.get("$format") == "json" or surface == "ODataApi"
        if not wants_json or self.faults.take(where, "s01_atom_xml"):
            return Response(ATOM, headers={"Content-Type": "application/atom+xml;type=feed;charset=utf-8"})
        if surface == "ODataApi" and "$skip" in query:
            return PlainTextResponse("Skip query option not supported", 500)
        if surface == "ODataApi" and int(query.get("$top", 0)) > API_TOP:
            return PlainTextResponse("Too many records", 500)
        rows = self._v3_rows(table, part, where)
        if rows is None:
            return PlainTextResponse("Resource not found", 404)
        return self._v3_page(surface, table_id, part, rows, dict(query), where)

    def _v3_page(
        self, surface: str, table_id: str, part: str, rows: list[dict[str, Any]], query: dict[str, str], where: str
    ) -> Response:
        skip, top = int(query.get("$skip", 0)), int(query.get("$top", len(rows)))
        here = f"https://{V3_HOST}/{surface}/odata/{table_id}/{part}"
        page = rows[skip : skip + min(top, FEED_PAGE)] if surface == "ODataFeed" else rows[:top]
        body: dict[str, Any] = {
            "odata.metadata": f"https://{V3_HOST}/{surface}/OData/{table_id}/$metadata#Cbs.OData.WebAPI.{part}",
            "value": page,
        }
        end = skip + len(page)
        full_last = len(page) == FEED_PAGE and self.faults.take(where, "s03_empty_last_page")
        if surface == "ODataFeed" and (end < len(rows) or full_last):
            body["odata.nextLink"] = self._next(here, query, end, where)
        return Response(json.dumps(body), headers=V3_JSON)

    def _next(self, here: str, query: dict[str, str], skip: int, where: str) -> str:
        following = f"{here}?{urlencode(query | {'$skip': str(skip)}, safe='$,()', quote_via=quote)}"
        if self.faults.take(where, "s11_next_other_host"):
            return following.replace(V3_HOST, "opendata.example.org")
        if self.faults.take(where, "s11_next_http"):
            return following.replace("https:", "http:")
        if self.faults.take(where, "s11_next_loop"):
            return f"{here}?{urlencode(query | {'$skip': '0'}, safe='$')}"
        return following

    def _v3_rows(self, table: SyntheticTable, part: str, where: str) -> list[dict[str, Any]] | None:
        if part == "TableInfos":
            info = {"ID": 0, "Title": table.title, "ShortTitle": table.title, "Identifier": table.id}
            return [info | {"Modified": self._modified(table, where), "Frequency": "Perjaar", "Language": "nl"}]
        if part == "DataProperties":
            return _data_properties(table)
        if part in table.dimensions:
            return [_v3_code(table, part, number, code) for number, code in enumerate(table.dimensions[part])]
        if part in ("UntypedDataSet", "TypedDataSet"):
            shown: Callable[[str], object] = _untyped if part == "UntypedDataSet" else _typed
            return [
                {"ID": row * 3 + 7}
                | {name: table.served(name, code) for name, code in zip(table.dimensions, codes, strict=True)}
                | {measure.v3: shown(table.value(row, n)) for n, measure in enumerate(table.measures)}
                for row, codes in table.rows()
            ]
        return None

    # ---- v4

    def _v4(self, table_id: str, part: str, path: str, request: Request) -> Response:
        where = f"/{V4_HOST}{path}"
        table = self._table(table_id, where)
        if table is None or table_id != table_id.upper():
            return PlainTextResponse("Not found", 404)
        gone = part.startswith("Observations") and self.faults.take(where, "s14_observations_404")
        if part == "Observations/$count" and not gone:
            return PlainTextResponse(f"\ufeff{len(_observations(table))}")
        if part == "Properties":
            about = {"Identifier": table.id.upper(), "Title": table.title, "Modified": self._modified(table, where)}
            return Response(json.dumps(about | {"ObservationCount": len(_observations(table))}), headers=V4_JSON)
        rows = None if gone else _v4_rows(table, part)
        if rows is None:
            return PlainTextResponse("Not found", 404)
        query = dict(request.query_params)
        skip = int(query.get("$skip", 0))
        body: dict[str, Any] = {"@odata.context": f"https://{V4_HOST}/odata/v1/CBS/{table_id}/$metadata#{part}"}
        body["value"] = rows[skip : skip + V4_PAGE]
        if skip + V4_PAGE < len(rows):
            body["@odata.nextLink"] = self._next(f"https://{V4_HOST}{path}", query, skip + V4_PAGE, where)
        return Response(json.dumps(body), headers=V4_JSON)


def _untyped(value: str) -> str:
    """v3 Untyped: text, padded on the left to 8."""
    return value.rjust(8)


def _typed(value: str) -> float | int | None:
    """v3 Typed: a number, or null for whatever has none."""
    if value in (".", ""):
        return None
    return float(value) if "." in value else int(value)


def _data_properties(table: SyntheticTable) -> list[dict[str, Any]]:
    kinds = dict.fromkeys(table.dimensions, "Dimension")
    if "RegioS" in kinds:
        kinds["RegioS"] = "GeoDimension"
    kinds[list(table.dimensions)[-1]] = "TimeDimension"
    common = {"ParentID": None, "ReleasePolicy": True, "Datatype": None, "Default": None, "Description": None}
    rows = [
        {"ID": n, "Position": n, "Type": kind, "Key": name, "Title": name, "Unit": None, "Decimals": None} | common
        for n, (name, kind) in enumerate(kinds.items())
    ]
    rows.append({"ID": 9, "Position": 9, "Type": "TopicGroup", "Key": None, "Title": "Groep"} | common)
    for n, measure in enumerate(table.measures, start=10):
        rows.append(
            {"ID": n, "Position": n, "Type": "Topic", "Key": measure.v3, "Title": measure.title}
            | {"Unit": "%" if measure.decimals else measure.unit, "Decimals": int(measure.decimals)}
            | common
            | {"ParentID": 9, "Default": "Impossible"}
        )
    return rows


def _v3_code(table: SyntheticTable, dimension: str, number: int, code: str) -> dict[str, Any]:
    row = {"Key": table.served(dimension, code), "Title": table.title_of(dimension, code), "Description": None}
    if dimension == list(table.dimensions)[-1]:
        row["Status"] = "Definitief" if number < len(table.dimensions[dimension]) - 1 else "Voorlopig"
    return row


def _observations(table: SyntheticTable) -> list[dict[str, Any]]:
    """Long rows; impossible cells are left out, unknown ones are null with a reason."""
    found: list[dict[str, Any]] = []
    for row, codes in table.rows():
        for n, measure in enumerate(table.measures):
            value = table.value(row, n)
            if value == "":
                continue
            typed = _typed(value)
            found.append(
                {
                    "Id": len(found) + 1,
                    "Measure": measure.v4,
                    "ValueAttribute": "None" if typed is not None else "Unknown",
                    "Value": float(typed) if typed is not None else None,
                    "StringValue": None,
                    **dict(zip(table.dimensions, codes, strict=True)),
                }
            )
    return found


def _v4_rows(table: SyntheticTable, part: str) -> list[dict[str, Any]] | None:
    names = list(table.dimensions)
    if part == "Observations":
        return _observations(table)
    if part == "Dimensions":
        kinds = {names[-1]: "TimeDimension", "RegioS": "GeoDimension"}
        return [{"Identifier": n, "Title": n, "Kind": kinds.get(n, "Dimension"), "ContainsCodes": True} for n in names]
    if part == "MeasureCodes":
        return [
            {"Identifier": m.v4, "Index": n, "Title": m.title, "Unit": m.unit, "Decimals": int(m.decimals)}
            for n, m in enumerate(table.measures)
        ]
    if part.endswith("Codes") and part[: -len("Codes")] in table.dimensions:
        name = part[: -len("Codes")]
        last = len(table.dimensions[name]) - 1
        rows = []
        for number, code in enumerate(table.dimensions[name]):
            row = {"Identifier": code, "Index": number, "Title": table.title_of(name, code)}
            if name == names[-1]:
                row["Status"] = "Definitief" if number < last else "Voorlopig"
            rows.append(row)
        return rows
    return None
