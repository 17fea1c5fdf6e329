"""DUO's CKAN catalogue (and any CKAN that behaves the same).

Resource ids are new at every upload, so a resource is found by package and name, the known id only as
fallback. Addresses on DUO's internal host are rewritten. Nothing is fetched when the catalogue says that
nothing changed, and bytes with a hash we hold count as unchanged whatever the catalogue says.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flows.http.client import HttpClient
from flows.http.download import download
from flows.http.errors import ApiRefused, NotFound, SourceError, StatusRefused, Unreachable, WrongContent
from flows.http.responses import Download, Known
from schemas.reading.sniff import Kind

log = logging.getLogger("sectorakkoord.ckan")
T = TypeVar("T")

DUO = "https://onderwijsdata.duo.nl"
INTERNAL_SUFFIX = ".rijksapps.nl"
PAGE = 100

KINDS: dict[str, tuple[Kind, ...]] = {
    "csv": (Kind.CSV,),
    "xlsx": (Kind.XLSX,),
    "ods": (Kind.ODS,),
    "zip": (Kind.ZIP,),
    "json": (Kind.JSON,),
}


@dataclass(frozen=True)
class Resource:
    """One file in the catalogue, with what the catalogue says about its state."""

    package: str
    id: str
    name: str
    format: str
    url: str
    size: int | None
    hash: str | None
    last_modified: str | None
    datastore_active: bool = True

    @property
    def version_token(self) -> str | None:
        """What changes when the file changes: its hash, else moment and size, else nothing to go by."""
        if self.hash:
            return f"hash:{self.hash}"
        if self.last_modified and self.size is not None:
            return f"modified:{self.last_modified} size:{self.size}"
        return None


@dataclass(frozen=True)
class Seen:
    """What we held after the last visit: the catalogue's version token and the bytes' identity."""

    version_token: str | None
    known: Known


class Ckan:
    """Reads a CKAN site; `site` without a slash at the end, `api` when it is not at the usual place."""

    def __init__(self, client: HttpClient, site: str = DUO, api: str | None = None) -> None:
        self.client, self.site = client, site
        self.api = api or f"{site}/api/3/action"

    def packages(self, query: str = "") -> Iterator[dict[str, Any]]:
        """All packages that match, page by page until the announced count is reached."""
        start = 0
        while True:
            params = {"q": query, "rows": PAGE, "start": start, "sort": "name asc"}
            result = self._call("package_search", params)
            yield from result["results"]
            start += len(result["results"])
            if start >= result["count"]:
                return
            if not result["results"]:
                actual = f"{start} before an empty page"
                raise ApiRefused(f"{self.api}/package_search", f"{result['count']} packages", actual, "try again later")

    def resources(self, package: str) -> list[Resource]:
        """The files of one package, in the catalogue's order."""
        return self.resources_in(self._call("package_show", {"id": package}) | {"name": package})

    def resources_in(self, package: Mapping[str, Any]) -> list[Resource]:
        """The files of a package as `packages` or `package_show` describe it."""
        return [_resource(package["name"], entry) for entry in package.get("resources", [])]

    def resource(self, package: str, name: str, known_id: str | None = None) -> Resource:
        """The file called `name` (case and outer space aside); by `known_id` when no name or several fit."""
        entries = self.resources(package)
        fitting = [entry for entry in entries if entry.name.strip().casefold() == name.strip().casefold()]
        if len(fitting) == 1:
            return fitting[0]
        for entry in fitting or entries:
            if known_id and entry.id == known_id:
                return entry
        names = ", ".join(sorted(entry.name for entry in entries)) or "none"
        raise ApiRefused(
            f"{self.site}/dataset/{package}",
            f"one resource named {name!r}",
            f"{len(fitting)} of that name; there are: {names}",
            "adapt the resource's name in the dataset's declaration",
        )

    def addresses(self, resource: Resource) -> list[str]:
        """Where the file can be had: its own address on the public host, then the datastore's dump."""
        dump = f"{self.site}/datastore/dump/{resource.id}?bom=true"
        host = urlsplit(resource.url).hostname or ""
        parts = urlsplit(resource.url)
        if host.endswith(INTERNAL_SUFFIX):
            own = parts._replace(scheme="https", netloc=urlsplit(self.site).netloc).geturl()
        else:
            own = parts._replace(scheme="https").geturl()
        usable = bool(parts.path.strip("/")) and not parts.path.rstrip("/").endswith("/___")
        found = ([own] if usable else []) + ([dump] if resource.datastore_active else [])
        return list(dict.fromkeys(found))

    def download(
        self, resource: Resource, target: Path, seen: Seen | None = None, keep_refused: Path | None = None
    ) -> Download:
        """Fetch the file unless the catalogue's version token or the bytes say that we hold it.

        A dump's CSV has an extra first column `_id`.
        """
        addresses = self.addresses(resource)
        if addresses and seen and seen.version_token and seen.version_token == resource.version_token:
            return _held(addresses[0], seen)
        return self.first_that_works(
            resource,
            lambda url: download(
                self.client,
                url,
                target,
                expected=KINDS.get(resource.format.lower(), ()),
                known=seen.known if seen else None,
                keep_refused=keep_refused,
            ),
        )

    def first_that_works(self, resource: Resource, ask: Callable[[str], T]) -> T:
        """The answer of the file's own address, or of the dump where that is gone or serves a web page.

        Raises the first address's error when none works.
        """
        first: SourceError | None = None
        for url in self.addresses(resource):
            try:
                return ask(url)
            except (NotFound, WrongContent, Unreachable) as error:
                log.warning("%s", error)
                first = first or error
        hint = "look at the package in the catalogue"
        raise first or ApiRefused(resource.url or resource.id, "an address for the file", "none", hint)

    def _call(self, action: str, params: Mapping[str, object]) -> dict[str, Any]:
        url = f"{self.api}/{action}"
        try:
            envelope = self.client.get_json(url, params)
        except StatusRefused as error:
            envelope = _json_or_none(error.body)
            if not isinstance(envelope, dict) or "success" not in envelope:
                raise
        if not isinstance(envelope, dict) or "success" not in envelope:
            raise WrongContent(url, "a CKAN envelope", "other JSON", "check that the address is a CKAN interface")
        if envelope["success"] is not True:
            fault = envelope.get("error")
            if not isinstance(fault, dict):
                raise WrongContent(url, "a CKAN envelope", f"error {fault!r}", "check the address")
            actual = f"{fault.get('__type', 'an error')}: {fault.get('message', 'without a message')}"
            subject = params.get("id") or params.get("q") or "all"
            raise ApiRefused(url, f"success for {subject}", actual, "check the package name in the catalogue")
        result: dict[str, Any] = envelope["result"]
        return result


def _resource(package: str, entry: Mapping[str, Any]) -> Resource:
    size = entry.get("size")
    return Resource(
        package=package,
        id=entry["id"],
        name=entry.get("name") or "",
        format=entry.get("format") or "",
        url=entry.get("url") or "",
        size=int(size) if size not in (None, "") else None,
        hash=entry.get("hash") or None,
        last_modified=entry.get("last_modified") or None,
        datastore_active=bool(entry.get("datastore_active", True)),
    )


def _held(url: str, seen: Seen) -> Download:
    """The answer for a file that the catalogue calls unchanged: no request was made."""
    kept = {"ETag": seen.known.etag, "Last-Modified": seen.known.last_modified}
    return Download(
        path=None,
        sha256=seen.known.sha256,
        bytes=0,
        url=url,
        final_url=url,
        retrieved_at=datetime.now(UTC),
        headers={name: value for name, value in kept.items() if value},
        unchanged=True,
    )


def _json_or_none(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
