"""Web pages of DUO and the Inspectorate. All content is SYNTHETIC."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

INSPECTIE_HOST = "www.onderwijsinspectie.nl"

_TOPICS = {
    "leerlingen": ("leerlingen", "zittenblij"),
    "examens": ("examen", "geslaagden"),
    "vestigingen": ("vestiging", "bevoegd"),
    "personeel": ("personeel",),
    "financiele": ("balans", "lasten", "kengetallen", "bijdragen"),
    "basisgegevens": ("basisgegevens",),
    "studentenstromen": ("vsv",),
}


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
