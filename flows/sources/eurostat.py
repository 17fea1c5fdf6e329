"""Eurostat's statistics interface: JSON-stat 2.0 (and the older 1.x shape) to plain rows."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flows.http.address import with_params
from flows.http.door import Door
from flows.http.errors import ApiRefused, NoRows, StatusRefused, WrongContent

BASE = "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data"
_TOO_MUCH = {413: "too much data for one answer", 416: "more than 50 categories"}


def read(door: Door, code: str, filters: Mapping[str, str | Sequence[str]] | None = None) -> list[dict[str, Any]]:
    """The values of data set `code` that exist: one row per value with all dimension codes, `value`, `status`.

    A filter's codes may be several. NoRows when nothing fits, ApiRefused with Eurostat's own words.
    """
    pairs = {"format": "JSON", "lang": "EN", **{k: v for k, v in (filters or {}).items() if isinstance(v, str)}}
    url = with_params(f"{BASE}/{code}", pairs)
    for name, values in (filters or {}).items():
        if not isinstance(values, str):
            for value in values:
                url = with_params(url, {name: value})
    try:
        body = door.get_json(url)
    except StatusRefused as error:
        raise _refusal(url, error.status, error.body) or error from error
    fault = _fault(body)
    if fault:
        raise _refused(url, 200, fault)
    rows = list(_rows(url, _dataset(url, code, body)))
    if not rows:
        raise NoRows(url, "values for these filters", "none", "widen the filters; nothing was stored")
    return rows


def _dataset(url: str, code: str, body: Any) -> Mapping[str, Any]:
    """The data set in its 2.0 shape; 1.x wrapped it in its own name and kept id and size inside `dimension`."""
    if isinstance(body, dict) and body.get("class") == "dataset":
        return body
    old = next((value for key, value in body.items() if key.lower() == code.lower()), body) if body else None
    if isinstance(old, dict) and isinstance(old.get("dimension"), dict) and "value" in old:
        dimension = old["dimension"]
        ids, sizes = old.get("id") or dimension.get("id"), old.get("size") or dimension.get("size")
        if ids and sizes:
            return {**old, "id": ids, "size": sizes}
    raise WrongContent(url, "a JSON-stat data set", "other JSON", "compare with the interface's description")


def _rows(url: str, dataset: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row per present value; the flat index counts row by row over `size`."""
    names, values, status = dataset["id"], dataset["value"], dataset.get("status") or {}
    positions = []
    for name, size in zip(names, dataset["size"], strict=True):
        index = dataset["dimension"][name]["category"]["index"]
        codes = sorted(index, key=index.__getitem__) if isinstance(index, dict) else list(index)
        if len(codes) != size:
            raise WrongContent(url, f"{size} categories of {name}", str(len(codes)), "fetch the data set again")
        positions.append(codes)
    for flat, place in enumerate(itertools.product(*positions)):
        value = _at(values, flat)
        if value is not None:
            yield dict(zip(names, place, strict=True)) | {"value": value, "status": _at(status, flat)}


def _at(values: Any, flat: int) -> Any:
    """The entry at a flat index of a sparse object, a list, or one status for all."""
    if isinstance(values, dict):
        return values.get(str(flat))
    if isinstance(values, list):
        return values[flat] if flat < len(values) else None
    return values or None


def _refusal(url: str, status: int, body: bytes) -> ApiRefused | NoRows | None:
    """Eurostat's explanation of a bad status, when there is one."""
    try:
        fault = _fault(json.loads(body))
    except ValueError:
        fault = None
    if fault or status in _TOO_MUCH:
        return _refused(url, status, fault or {})
    return None


def _fault(body: Any) -> Mapping[str, Any] | None:
    faults = body.get("error") if isinstance(body, dict) else None
    if isinstance(faults, list):
        faults = faults[0] if faults else None
    return faults if isinstance(faults, dict) else None


def _refused(url: str, status: int, fault: Mapping[str, Any]) -> ApiRefused | NoRows:
    words = fault.get("label") or _TOO_MUCH.get(status, "no explanation")
    came = f"HTTP {status}, error {fault.get('id', '?')}: {words}"
    if fault.get("id") == 100:
        return NoRows(url, "values for these filters", came, "widen the filters; nothing was stored")
    too_much = status in _TOO_MUCH or fault.get("id") in (130, 510)
    return ApiRefused(url, "data", came, "ask for fewer categories at once" if too_much else "correct the filters")
