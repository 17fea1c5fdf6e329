"""Take one offered file in: have it, examine it, archive it or keep it aside, and remember the visit."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flows.http.body import sweep_parts
from flows.http.door import Door
from flows.http.errors import LayoutChanged, NotFound, SourceError, UnsafeArchive, WrongContent
from flows.intake.editions import Found
from flows.intake.fetch import Fetched
from warehouse.archive import Archive
from warehouse.cache import ParseCache
from warehouse.fetched import FetchLog, Memory
from warehouse.gate import Taken, take_in
from warehouse.paths import DataDirectory

NOT_ASKED = "not asked, for its host was given up earlier in this run"
STALE_S = 3600.0
"""What a run left behind in the incoming folder is nobody's after this long."""


def take(found: Found, data: DataDirectory, door: Door) -> Taken:
    """What became of the file. Faults of the publisher are reported, not raised; faults of this machine are raised."""
    shut = found.closed.fault(found.fetch.hosts)
    if shut:
        why = f"{found.fetch.address}: {NOT_ASKED} (got {shut.came})"
        return told(found, "missing", f"{why}; {shut.way_out}.")
    archive, log, key = Archive(data.archive), FetchLog(data.archive), key_of(found, door)
    memory = log.get(key) if key else None
    held = archive.held(memory.sha256) if memory else None
    with incoming(data) as folder:
        try:
            got = found.fetch(door, folder, found.dataset, memory if held else None)
        except NotFound as fault:
            return nothing_there(found, log, memory, fault)
        except SourceError as fault:
            found.closed.learn(door, found.fetch.hosts, fault)
            return unfit(found, archive, folder, fault)
        path = got.path or held
        assert path is not None  # a fetch brings a file, or says that the one it was told about still holds
        taken = take_in(archive, ParseCache(data.cache), found.origin(got), path)
        if key:
            log.keep(replace(got.memory, address=key, gone_on=None))
    return replace(taken, transferred=got.transferred)


def key_of(found: Found, door: Door) -> str:
    """Under which name the visit is remembered: a publisher, a portal and a made-up one are never mixed up, for a date
    that one gave means nothing to another."""
    if not found.fetch.address:
        return ""
    return " ".join(filter(None, ["synthetic" * found.synthetic, door.settings.portal_url, found.fetch.address]))


def nothing_there(found: Found, log: FetchLog, memory: Memory | None, fault: NotFound) -> Taken:
    """No file at the address. That is news once where there was one; an address that never had one is a guess."""
    vanished = memory is not None and memory.gone_on is None
    if vanished and memory:
        log.keep(replace(memory, gone_on=found.retrieved_on.isoformat()))
    return told(found, "vanished" if vanished else "absent", str(fault))


def unfit(found: Found, archive: Archive, folder: Path, fault: SourceError) -> Taken:
    """Something else than the file: kept aside with the reason when its bytes are there, else just told."""
    if isinstance(fault, WrongContent | UnsafeArchive | LayoutChanged):
        kept, fault.kept_at = fault.kept_at or folder / "zip", None
        sha256 = ""
        if kept.exists():
            seen = Memory("", "", fault.url, found.file_name)
            sha256 = archive.refuse(kept.read_bytes(), found.origin(Fetched(None, seen)), str(fault))
        return replace(told(found, "refused", str(fault)), sha256=sha256)
    return told(found, "missing", str(fault))


def told(found: Found, outcome: str, reason: str) -> Taken:
    """A file of which nothing was taken in."""
    return Taken(found.dataset.id, found.file_name, found.fetch.address, outcome, reason)


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
    swept = sum(sweep_parts(folder, STALE_S) for folder in (data.archive, data.cache) if folder.is_dir())
    return len(stale) + swept
