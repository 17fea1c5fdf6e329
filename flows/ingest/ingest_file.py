"""Take one offered file in: have it, examine it, archive it or keep it aside, and remember the visit."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flows.http.client import HttpClient
from flows.http.errors import NotFound, SourceError, UnsafeArchive, WrongContent
from flows.ingest import NOT_ASKED
from flows.ingest.editions import OfferedFile
from flows.ingest.gate import IngestResult, check_and_archive
from flows.publishers.fetch import Fetched
from warehouse.archive.fetch_state import FetchLog, FetchState
from warehouse.archive.store import Archive
from warehouse.build.parse_cache import ParseCache
from warehouse.files import STALE_S, sweep_parts
from warehouse.release.data_directory import DataDirectory


def ingest(found: OfferedFile, data: DataDirectory, client: HttpClient) -> IngestResult:
    """What became of the file. Faults of the publisher are reported, not raised; faults of this machine are raised."""
    shut = found.closed.fault(found.fetch.hosts)
    if shut:
        why = f"{found.fetch.address}: {NOT_ASKED} (got {shut.actual})"
        return without_file(found, "missing", f"{why}; {shut.hint}.")
    archive, log, key = Archive(data.archive), FetchLog(data.archive), key_of(found, client)
    state = log.get(key) if key else None
    held = archive.held(state.sha256) if state else None
    with incoming(data) as folder:
        try:
            got = found.fetch(client, folder, found.dataset, state if held else None)
        except NotFound as fault:
            return nothing_there(found, log, state, fault)
        except SourceError as fault:
            found.closed.learn(client, found.fetch.hosts, fault)
            return unfit(found, archive, folder, fault)
        path = got.path or held
        assert path is not None  # noqa: S101 - a fetch brings a file, or says that the one it knows of is still there
        taken = check_and_archive(archive, ParseCache(data.cache), found.origin(got), path)
        if key:
            log.keep(replace(got.state, address=key, gone_on=None))
    return replace(taken, transferred=got.transferred, news=found.news + taken.news)


def key_of(found: OfferedFile, client: HttpClient) -> str:
    """Under which name the visit is remembered: a publisher, a portal and a made-up one are never mixed up, for a date
    that one gave means nothing to another."""
    if not found.fetch.address:
        return ""
    return " ".join(filter(None, ["synthetic" * found.synthetic, client.settings.portal_url, found.fetch.address]))


def nothing_there(found: OfferedFile, log: FetchLog, state: FetchState | None, fault: NotFound) -> IngestResult:
    """No file at the address. That is news once where there was one; an address that never had one is a guess."""
    vanished = state is not None and state.gone_on is None
    if vanished and state:
        log.keep(replace(state, gone_on=found.retrieved_on.isoformat()))
    return without_file(found, "vanished" if vanished else "absent", str(fault))


def unfit(found: OfferedFile, archive: Archive, folder: Path, fault: SourceError) -> IngestResult:
    """Something else than the file: refused with the reason when its bytes are there, else only reported."""
    if isinstance(fault, WrongContent | UnsafeArchive):
        kept, fault.kept_at = fault.kept_at or folder / "zip", None
        sha256 = ""
        if kept.exists():
            seen = FetchState("", "", fault.url, found.file_name)
            sha256 = archive.refuse(kept.read_bytes(), found.origin(Fetched(None, seen)), str(fault))
        return replace(without_file(found, "refused", str(fault)), sha256=sha256)
    return without_file(found, "missing", str(fault))


def without_file(found: OfferedFile, outcome: str, reason: str) -> IngestResult:
    """A file of which nothing was ingested."""
    return IngestResult(found.dataset.id, found.file_name, found.fetch.address, outcome, reason)


@contextmanager
def incoming(data: DataDirectory) -> Iterator[Path]:
    """A folder of our own for what comes in; gone afterwards."""
    root = data.root / "incoming"
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(data: DataDirectory) -> int:
    """Remove what killed runs left behind: incoming folders and half-written files. Returns how many."""
    limit = time.time() - STALE_S
    stale = [path for path in (data.root / "incoming").glob("*") if path.is_dir() and path.stat().st_mtime < limit]
    for folder in stale:
        shutil.rmtree(folder, ignore_errors=True)
    return len(stale) + sweep_parts(data.root)
