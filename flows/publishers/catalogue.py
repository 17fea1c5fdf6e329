"""A file in DUO's catalogue, found by package and name; DUO and the Inspectorate publish there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flows.http.client import HttpClient
from flows.http.errors import ApiRefused, NotFound, SourceError
from flows.http.responses import Known
from flows.publishers.ckan import DUO as CATALOGUE
from flows.publishers.ckan import KINDS, Ckan, Resource, Seen
from flows.publishers.fetch import Fetched, FromUrl, Look, host_of, kinds_of, look_at, name_in, with_headers
from schemas.dataset import Dataset
from schemas.publishers import CkanResource
from warehouse.archive.fetch_state import FetchState


@dataclass(frozen=True)
class FromCatalogue:
    """A resource of DUO's CKAN. Nothing travels when the catalogue's own version token has not changed."""

    resource: CkanResource
    pinned: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return f"{CATALOGUE}/dataset/{self.resource.package}#{self.resource.resource}"

    @property
    def hosts(self) -> tuple[str, ...]:
        return (host_of(CATALOGUE),)

    @property
    def file_name(self) -> str:
        return name_in(self.pinned[0]) if self.pinned else self.resource.resource

    def look(self, client: HttpClient) -> Look:
        """By the catalogue, or at the last known address when it does not know the file."""
        ckan = Ckan(client)
        try:
            found = ckan.resource(self.resource.package, self.resource.resource, self.resource.id)
        except (ApiRefused, NotFound):
            if not self.pinned:
                raise
            return look_at(client, self.pinned[0], kinds_of(self.file_name))
        look = ckan.first_that_works(found, lambda url: look_at(client, url, KINDS.get(found.format.lower(), ())))
        return replace(look, last_modified=catalogue_day(found) or look.last_modified)

    def __call__(self, client: HttpClient, folder: Path, dataset: type[Dataset], state: FetchState | None) -> Fetched:
        ckan = Ckan(client)
        try:
            found = ckan.resource(self.resource.package, self.resource.resource, self.resource.id)
        except (ApiRefused, NotFound) as fault:
            return self._pinned(client, folder, dataset, state, fault)
        seen = Seen(state.version_token, Known(state.sha256, state.etag, state.last_modified)) if state else None
        got = ckan.download(found, folder / "file", seen, keep_refused=folder / "refused")
        if got.path is None and state:
            return Fetched(None, with_headers(state, got, version_token=found.version_token), got.transferred)
        name = name_in(found.url) if dataset.matches(found.url) else name_in(self.pinned[0])
        day = catalogue_day(found)
        note = "published on: last_modified of the catalogue" if day else ""
        fresh = FetchState(self.address, got.sha256, got.url, name, day, note, version_token=found.version_token)
        return Fetched(got.path, with_headers(fresh, got), got.transferred)

    def _pinned(
        self, client: HttpClient, folder: Path, dataset: type[Dataset], state: FetchState | None, fault: SourceError
    ) -> Fetched:
        """The last known address, when the catalogue does not know the file (any more)."""
        if not self.pinned:
            raise fault
        try:
            got = FromUrl(self.pinned[0])(client, folder, dataset, state)
        except NotFound:
            raise NotFound(fault.url, fault.expected, fault.actual, fault.hint, 404) from fault
        changed = {"address": self.address, "version_token": None}
        return Fetched(got.path, FetchState(**{**got.state.__dict__, **changed}), got.transferred)


def catalogue_day(found: Resource) -> str | None:
    """The day of the resource's last change according to the catalogue."""
    try:
        return date.fromisoformat((found.last_modified or "")[:10]).isoformat()
    except ValueError:
        return None
