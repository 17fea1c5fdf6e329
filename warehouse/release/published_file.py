"""The published DuckDB file, read as it was published or not at all.

    warehouse.duckdb          the release, complete and read-only (0444)
    warehouse.duckdb.seal     SHA-256 of the file that is published, and of those before it
    warehouse.duckdb.wal      never ours: changes of a session that opened the file for writing. DuckDB would replay it on every
                              opening, read-only too, so it is moved to `warehouse.duckdb.wal-<moment>.aside` first

The seal is written before the file is put in its place, so that a run killed in between leaves one that fits. A file without a
seal is of a release before 0.2.
"""

import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.database import connect
from warehouse.files import sha256_of, write_json
from warehouse.release.content_hash import content_hash
from warehouse.release.release_record import release_in

LOCKED = re.compile(r"Could not set lock on file.*?(?:Conflicting lock is held in (.+? \(PID \d+\)))", re.DOTALL)
HINT = "run `sectorakkoord refresh`: it is made again from the archive"
KEPT_SEALS = 8
"""Runs that were killed before they published, and publishes while a reader looks, may each add one."""
log = logging.getLogger(__name__)


class ReleaseDamaged(Exception):
    """The published file is not what was published; the message says how that shows and how to get it again."""


class WarehouseInUse(ReleaseDamaged):
    """Another program has the published file open for writing and has changed it; the message names the program."""


def wal_of(path: Path) -> Path:
    """Where DuckDB keeps changes that are not yet in the file."""
    return path.with_name(f"{path.name}.wal")


def seal_of(path: Path) -> Path:
    """Where the hashes of a published file are kept."""
    return path.with_name(f"{path.name}.seal")


def moved_wals(path: Path) -> list[Path]:
    """Changes of other sessions that were moved aside."""
    return sorted(path.parent.glob(f"{path.name}.wal-*.aside"))


def move_wal_aside(path: Path) -> bool:
    """Move a WAL beside the published file out of the way. Returns whether none is left there."""
    wal = wal_of(path)
    if not wal.exists():
        return True
    aside = path.with_name(f"{wal.name}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.aside")
    try:
        os.replace(wal, aside)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    log.warning(
        "%s: another program opened the published file for writing and left changes that are not in it; moved to %s, "
        "they are no part of the release.",
        wal,
        aside.name,
    )
    return True


def seals(path: Path) -> list[str]:
    """The hashes a published file may have; none where there is no readable seal."""
    try:
        found = json.loads(seal_of(path).read_text())["sha256"]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError):
        log.warning("%s: cannot be read; the next release writes it anew.", seal_of(path))
        return []
    return [str(one) for one in found]


def write_seal(path: Path, finished: Path) -> None:
    """Let `path` be the file `finished`, or one of those before it."""
    sealed = seals(path)
    if not sealed and path.exists():
        sealed = [sha256_of(path)]
    write_json(seal_of(path), {"sha256": [sha256_of(finished), *sealed][:KEPT_SEALS]})


@contextmanager
def readable(path: Path) -> Iterator[Path]:
    """The published file to open or attach; a copy of it while another program keeps it locked or its WAL beside it.

    Raises ReleaseDamaged, or WarehouseInUse.
    """
    user = "" if move_wal_aside(path) else "another program"
    user = user or probe(path)
    if not user:
        refuse_if_changed(path, path)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="sectorakkoord-") as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        try:
            refuse_if_changed(path, copy)
            if not seals(path):
                refuse_if_other_content(path, copy)
        except ReleaseDamaged:
            raise WarehouseInUse(
                f"{path}: {user} has the published file open for writing and has changed it; close it there, then {HINT}."
            ) from None
        yield copy


def probe(path: Path) -> str:
    """Which other program keeps the file locked; empty where it can be opened. Raises ReleaseDamaged where it never can."""
    try:
        with connect(path, read_only=True) as con:
            release_in(con)
    except duckdb.Error as fault:
        if found := LOCKED.search(str(fault)):
            return found[1] or "another program"
        raise damaged(path, fault) from None
    except (LookupError, TypeError) as fault:
        raise damaged(path, fault) from None
    return ""


def damaged(path: Path, fault: Exception) -> ReleaseDamaged:
    """The file cannot be read, or is another program's."""
    return ReleaseDamaged(f"{path}: cannot be read as a release ({str(fault).strip().splitlines()[0]}); {HINT}.")


def refuse_if_changed(path: Path, file: Path) -> None:
    """Compare the bytes of `file` with the seal of `path`, where there is one. Raises ReleaseDamaged."""
    # In this order: the seal has the file of before a publish too, and not one of after it.
    found = sha256_of(file)
    expected = seals(path)
    if expected and found not in expected:
        raise ReleaseDamaged(
            f"{path}: expected the bytes that were published (SHA-256 {expected[0][:12]}), found {found[:12]}; "
            f"it was changed after it was published, {HINT}."
        )


def refuse_if_other_content(path: Path, file: Path) -> None:
    """Compare the content of `file` with its own record: slower, and possible without a seal. Raises ReleaseDamaged."""
    with connect(file, read_only=True) as con:
        expected, found = release_in(con).content_hash, content_hash(con)
    if found != expected:
        raise ReleaseDamaged(
            f"{path}: expected content {expected[:12]}, found {found[:12]}; it was changed after it was published, {HINT}."
        )
