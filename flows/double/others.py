"""The double's RIO and Eurostat, and web pages of DUO and the Inspectorate. All content is SYNTHETIC."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from flows.double.faults import FaultBox

RIO_HOST, EUROSTAT_HOST, INSPECTIE_HOST = (
    "lod.onderwijsregistratie.nl",
    "ec.europa.eu",
    "www.onderwijsinspectie.nl",
)
LOCATIONS = [{"id": f"{n:03d}X{n:03d}", "naam": f"Locatie {n} (SYNTHETIC)"} for n in range(250)]

_TOPICS = {
    "leerlingen": ("leerlingen", "zittenblij"),
    "examens": ("examen", "geslaagden"),
    "vestigingen": ("vestiging", "bevoegd"),
    "personeel": ("personeel",),
    "financiele": ("balans", "lasten", "kengetallen", "bijdragen"),
    "basisgegevens": ("basisgegevens",),
    "studentenstromen": ("vsv",),
}


def rio(path: str, request: Request, faults: FaultBox) -> Response:
    """HAL pages of a hundred at most; past the end 200 without `_embedded`; a plain array with s22."""
    where = f"/{RIO_HOST}{path}"
    if faults.take(where, "s22_503"):
        return PlainTextResponse("onderhoud", 503)
    parts = path.strip("/").split("/")
    if parts[:3] != ["api", "rio", "v2"] or len(parts) < 4 or parts[3] != "onderwijslocaties":
        return PlainTextResponse("niet gevonden", 404)
    if len(parts) == 5:
        found = next((item for item in LOCATIONS if item["id"] == parts[4]), None)
        return _json(found) if found else PlainTextResponse("niet gevonden", 404)
    page, size = int(request.query_params.get("page", 0)), int(request.query_params.get("pageSize", 20))
    if not 1 <= size <= 100:
        return _json({"title": "pageSize"}, 400)
    items = LOCATIONS[page * size : (page + 1) * size]
    if faults.take(where, "s22_plain_array"):
        return _json(items)
    here = f"https://{RIO_HOST}/{'/'.join(parts[:4])}?pageSize={size}&sort=id&page="
    # A next link as long as the page is full: the page after 250 = 3 x 100 - 50 is never needed, but one
    # that is exactly full is followed by an empty one, as the publisher does.
    links = {"self": {"href": f"{here}{page}"}}
    if len(items) == size:
        links["next"] = {"href": f"{here}{page + 1}"}
    body: dict[str, Any] = {"_links": links}
    if items:
        body["_embedded"] = {"onderwijslocaties": items}
    return _json(body)


def eurostat(path: str, request: Request, faults: FaultBox) -> Response:
    """One data set in JSON-stat: three years, one value missing, one flagged."""
    where = f"/{EUROSTAT_HOST}{path}"
    fault = faults.take(where, "s23_error")
    if fault:
        status, number = fault.options.get("status", 416), fault.options.get("id", 150)
        label = fault.options.get("label", "The request exceeds 50 categories")
        return _json({"error": [{"status": status, "id": number, "label": label}]}, status)
    code = path.rstrip("/").rsplit("/", 1)[-1]
    if code.lower() != "sdg_04_10":
        return _json({"error": [{"status": 404, "id": 100, "label": "No results found"}]}, 404)
    years = {"2018": 0, "2019": 1, "2020": 2}
    dimension = {
        "geo": {"category": {"index": {"NL": 0}, "label": {"NL": "Netherlands"}}},
        "time": {"category": {"index": years, "label": {year: year for year in years}}},
    }
    values = {} if faults.take(where, "s23_empty_value") else {"0": 7.3, "2": 7.0}
    common = {"label": "SYNTHETIC", "updated": "2026-04-14", "value": values, "status": {"2": "b"}}
    if faults.take(where, "s23_old_shape"):
        old = {**common, "dimension": {"id": ["geo", "time"], "size": [1, 3], **dimension}}
        return _json({code: old})
    ids = {"id": ["geo", "time"], "size": [1, 3]}
    return _json({"version": "2.0", "class": "dataset", **common, **ids, "dimension": dimension})


def duo_page(path: str, names: Iterable[str]) -> Response:
    """A page in DUO's manner: the static files that belong to the page's subject."""
    subject = path.rstrip("/").rsplit("/", 1)[-1]
    words = next((words for topic, words in _TOPICS.items() if topic in subject), ("",))
    files = [name for name in names if any(word in name for word in words)]
    rows = [f'<li><a href="/open_onderwijsdata/images/{quote(name)}">{escape(name)}</a></li>' for name in sorted(files)]
    return _page("Open onderwijsdata (SYNTHETIC page)", rows)


def inspectie_page(path: str, names: Iterable[str]) -> Response:
    """A listing that leads to one dated document page, and that page with its files."""
    slug = "/documenten/2025/08/04/oordelen-1-augustus-2025"
    if path.startswith("/documenten/"):
        found = [f'<li><a href="{quote(name)}">{escape(name.rsplit("/", 1)[-1])}</a></li>' for name in sorted(names)]
        return _page("Document (SYNTHETIC page)", found)
    return _page("Onderwijsdata (SYNTHETIC page)", [f'<li><a href="{slug}">Oordelen 1 augustus 2025</a></li>'])


def _page(title: str, rows: list[str]) -> Response:
    lines = "\n".join(rows)
    return HTMLResponse(
        f'<!doctype html>\n<html lang="nl"><head><title>{title}</title></head><body>\n'
        f'<a href="mailto:nobody@example.org">contact</a>\n<ul>\n{lines}\n</ul></body></html>\n'
    )


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, headers={"Content-Type": "application/json"})
