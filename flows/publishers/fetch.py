"""How a file is downloaded: one small object per way, all called alike.

A fetch is called with the HTTP client, an empty folder of its own, the dataset, and the state of the last visit (only
when that content is held and whole). It returns a `Fetched`, or raises a SourceError. Here are the two that need no
interface, an address and a member of a zip; the others are in the module of their publisher.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

from flows.http.client import HttpClient
from flows.http.download import download
from flows.http.errors import WrongContent
from flows.http.probe import probe
from flows.http.responses import Download, Known
from flows.http.unzip import unpack_zip
from schemas.dataset import Dataset
from schemas.reading.sniff import Kind
from warehouse.archive.fetch_state import FetchState
from warehouse.files import sha256_of

#: What a file of this name must turn out to be; the bytes decide, not the name or the Content-Type.
KINDS: Mapping[str, tuple[Kind, ...]] = {
    ".csv": (Kind.CSV, Kind.TEXT),
    ".xlsx": (Kind.XLSX,),
    ".xls": (Kind.XLS, Kind.XLSX),
    ".ods": (Kind.ODS,),
    ".zip": (Kind.ZIP,),
}
#: No publisher's file here is older than the oldest figures in it.
OLDEST = date(2005, 1, 1)


@dataclass(frozen=True)
class Fetched:
    """What a fetch returned. `path` is None when the content is the one held (`state.sha256`)."""

    path: Path | None
    state: FetchState
    transferred: int = 0

    @property
    def published_on(self) -> date | None:
        """The day the publisher gives for this content, if it is one to believe."""
        return date.fromisoformat(self.state.published_on) if self.state.published_on else None


class Fetch(Protocol):
    """A way to download one file. `address` is its key in the fetch log, `hosts` those it needs, `file_name` the expected name."""

    @property
    def address(self) -> str: ...

    @property
    def hosts(self) -> tuple[str, ...]: ...

    @property
    def file_name(self) -> str: ...

    def __call__(
        self, client: HttpClient, folder: Path, dataset: type[Dataset], state: FetchState | None
    ) -> Fetched: ...


@dataclass(frozen=True)
class Look:
    """What a first fetch would find, without having fetched it: where, how large (bytes), of what kind, of which day."""

    url: str
    size: int | None = None
    kind: str = ""
    last_modified: str | None = None


class LiveFetch(Fetch, Protocol):
    """A fetch from a publisher, which can look before it downloads. `look` raises a SourceError."""

    def look(self, client: HttpClient) -> Look: ...


@dataclass(frozen=True)
class FromUrl:
    """A file at a fixed address."""

    url: str

    @property
    def address(self) -> str:
        return self.url

    @property
    def hosts(self) -> tuple[str, ...]:
        return (host_of(self.url),)

    @property
    def file_name(self) -> str:
        return name_in(self.url)

    def look(self, client: HttpClient) -> Look:
        return look_at(client, self.url, kinds_of(self.file_name))

    def __call__(self, client: HttpClient, folder: Path, dataset: type[Dataset], state: FetchState | None) -> Fetched:
        name = self.file_name
        known = Known(state.sha256, state.etag, state.last_modified) if state else None
        got = download(
            client, self.url, folder / "file", expected=kinds_of(name), known=known, keep_refused=folder / "refused"
        )
        if got.path is None and state:
            return Fetched(None, with_headers(state, got), got.transferred)
        day, note = published_on(got, dataset, name)
        fresh = FetchState(self.address, got.sha256, self.url, name, day, note)
        return Fetched(got.path, with_headers(fresh, got), got.transferred)


@dataclass(frozen=True)
class FromZip:
    """The newest member of a zip that the dataset claims by its name; the names hold dates, so they change.

    `file_name` is the member that the declaration knows.
    """

    url: str
    file_name: str

    @property
    def address(self) -> str:
        return f"{self.url}#"

    @property
    def hosts(self) -> tuple[str, ...]:
        return (host_of(self.url),)

    def look(self, client: HttpClient) -> Look:
        return look_at(client, self.url, (Kind.ZIP,))

    def __call__(self, client: HttpClient, folder: Path, dataset: type[Dataset], state: FetchState | None) -> Fetched:
        known = Known(state.wire_sha256, state.etag, state.last_modified) if state else None
        got = download(
            client, self.url, folder / "zip", expected=(Kind.ZIP,), known=known, keep_refused=folder / "refused"
        )
        if got.path is None and state:
            return Fetched(None, with_headers(state, got), got.transferred)
        limits = {"max_bytes": client.settings.max_download_bytes, "max_expansion": client.settings.max_expansion}
        members = unpack_zip(folder / "zip", folder / "members", url=self.url, **limits)
        fitting = sorted((path for path in members if dataset.matches(path.name)), key=lambda path: path.name)
        if not fitting:
            names = ", ".join(sorted(path.name for path in members)[:8]) or "nothing"
            hint = f"look at the names, and extend name_pattern in {dataset.declared_in()} if one has changed"
            raise WrongContent(self.url, f"a member that {dataset.id} claims", f"only {names}", hint)
        member = fitting[-1]
        day, note = published_on(got, dataset, member.name)
        inside = quote(member.relative_to(folder / "members").as_posix())
        fresh = FetchState(self.address, sha256_of(member), f"{self.url}#{inside}", member.name, day, note, got.sha256)
        return Fetched(member, with_headers(fresh, got), got.transferred)


def look_at(client: HttpClient, url: str, kinds: Collection[Kind]) -> Look:
    """How an address answers. WrongContent where its first bytes are of another kind."""
    found = probe(client, url)
    # A workbook is a zip by its first bytes.
    workbook = found.kind is Kind.ZIP and {Kind.XLSX, Kind.ODS} & {*kinds}
    if found.kind is Kind.EMPTY or (kinds and found.kind not in kinds and not workbook):
        hint = "open the address in a browser to see what it says"
        raise WrongContent(url, " or ".join(sorted(kinds)) or "a file with content", str(found.kind), hint)
    moment = http_moment(found.last_modified)
    return Look(found.final_url, found.size, str(found.kind), moment.date().isoformat() if moment else None)


def with_headers(state: FetchState, got: Download, **more: Any) -> FetchState:
    """The state with the version headers of this answer."""
    headers = {"etag": got.known.etag, "last_modified": got.known.last_modified, "gone_on": None}
    return FetchState(**{**state.__dict__, **headers, **more})


def published_on(got: Download, dataset: type[Dataset], file_name: str) -> tuple[str | None, str]:
    """The day of a plausible `Last-Modified`, and a note that says where it comes from; (None, "") without one.

    Plausible: a date in the past that is not the moment of the answer itself (a page made on the fly says "now"), not
    before the period in the file's name, and not before `OLDEST`. It is the date of the file on the server: a
    move of the whole site makes it later than the publication, an upload in advance some days earlier.
    """
    moment, answered = http_moment(got.headers.get("Last-Modified")), http_moment(got.headers.get("Date"))
    if moment is None or moment > got.retrieved_at or (answered and abs(answered - moment) < timedelta(minutes=1)):
        return None, ""
    period = dataset.period_of(file_name)
    if moment.date() < max(OLDEST, period.start if period else OLDEST):
        return None, ""
    return moment.date().isoformat(), "published on: Last-Modified of the server"


def http_moment(text: str | None) -> datetime | None:
    """A moment from an HTTP header; None for what is none."""
    try:
        moment = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def kinds_of(name: str) -> Collection[Kind]:
    """What a file of this name may be; empty: anything."""
    return KINDS.get(Path(name).suffix.lower(), ())


def host_of(url: str) -> str:
    """The host in an address."""
    return (urlsplit(url).hostname or "").lower()


def name_in(url: str) -> str:
    """The file name at the end of an address, unquoted."""
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1])
