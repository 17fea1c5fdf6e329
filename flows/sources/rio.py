"""RIO, the register of institutions and offerings: HAL pages, a plain array where the description says so.

RIO shows the register of today; for an earlier day pass `on`, and expect gaps before about 2020.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

from flows.http.door import Door
from flows.http.errors import PagingRefused, WrongContent

BASE = "https://lod.onderwijsregistratie.nl/api/rio/v2"
PAGE_SIZE = 100
MAX_PAGES = 5_000


def collection(
    door: Door, name: str, on: date | None = None, filters: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """All items of a collection (`onderwijslocaties`, ...), as valid on the day `on`. Raises a SourceError."""
    params: dict[str, object] = {"page": 0, "pageSize": PAGE_SIZE, "sort": "id", **(filters or {})}
    if on:
        params["datumGeldigOp"] = on.isoformat()
    home = f"{BASE}/{name}"
    url, seen = home, set[str]()
    while True:
        page = door.get_json(url, params or None)
        yield from _items(url, page)
        link = _next_link(page)
        if link is None:
            return
        target = urljoin(home, link)
        if urlsplit(target)[:3] != urlsplit(home)[:3] or target in seen or len(seen) >= MAX_PAGES:
            way_out = "do not trust this answer; try again later"
            raise PagingRefused(url, f"a new next page at {home}", target, way_out)
        seen.add(target)
        url, params = target, {}


def item(door: Door, name: str, identifier: str, on: date | None = None) -> dict[str, Any]:
    """One item by its id. NotFound when it was not valid on that day."""
    params = {"datumGeldigOp": on.isoformat()} if on else None
    found: dict[str, Any] = door.get_json(f"{BASE}/{name}/{identifier}", params)
    return found


def _items(url: str, page: Any) -> list[dict[str, Any]]:
    """The items of a page: the one list in `_embedded`, the array itself, or none past the end."""
    if isinstance(page, list):
        return page
    if isinstance(page, dict):
        lists = [value for value in (page.get("_embedded") or {}).values() if isinstance(value, list)]
        if len(lists) <= 1 and ("_embedded" in page or "_links" in page):
            return lists[0] if lists else []
    raise WrongContent(url, "one list of items", type(page).__name__, "compare with the interface's description")


def _next_link(page: Any) -> str | None:
    return (page.get("_links") or {}).get("next", {}).get("href") if isinstance(page, dict) else None
