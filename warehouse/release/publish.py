"""Publish: build aside, audit, compare with the last release, then put the finished file in place in one step.

Readers keep the file they have open and never wait; a killed run leaves the last release as it was. One writer at a time
has the lock; a second one waits a little and then raises Busy.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from warehouse.archive.edition import Edition
from warehouse.archive.held_back import HeldBack
from warehouse.archive.store import Archive
from warehouse.build.audits import AuditFailed, run_audits
from warehouse.build.build_warehouse import build
from warehouse.build.increment import nothing_to_start_from
from warehouse.build.input_hash import code_version, input_hash, judged_by
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect
from warehouse.files import remove_database, write_json
from warehouse.progress import ProgressCallback, no_progress
from warehouse.register.dictionary import describe
from warehouse.register.loader import REGISTER
from warehouse.release.changes import FIRST_VERSION, ChangeCounts
from warehouse.release.comparison import compare_with_last
from warehouse.release.current_release import CurrentRelease, current_release
from warehouse.release.data_directory import DataDirectory
from warehouse.release.errata import refuse_unexplained
from warehouse.release.last_run import failure_kept
from warehouse.release.leftovers import LATEST, build_name, clear_leftovers, clear_unpublished
from warehouse.release.published_file import ReleaseDamaged
from warehouse.release.release_notes import write_release_notes
from warehouse.release.release_record import Release, highest_number, last_recorded, record_release
from warehouse.release.set_aside import BuiltWithout, left_out, refuse_blamed, refuse_unreadable, release_from_hold
from warehouse.release.snapshot_tables import load_snapshots
from warehouse.release.snapshots import Snapshot, freeze, read_snapshots, snapshots_folder
from warehouse.release.stores import ConcurrentPublish

LOCK_WAIT_S = 30.0
MAX_TRIES = 20  # A writer gives up after so many concurrent publishes.


class ArchiveIncomplete(Exception):
    """The release in place was made from files that this archive lacks; publishing would lose their rows."""


class Busy(Exception):
    """Another process is publishing."""


class _Doubtful(Exception):
    """A build that may start from the last release fails: only one from nothing may say whose fault that is."""


@dataclass(frozen=True)
class Published:
    """What a publish did. `release` is the one now in place; `new` is False when nothing had changed.

    `held_back` are files that it could not use and made the release without.
    """

    release: Release
    new: bool
    snapshots: list[tuple[Snapshot, bool]] = field(default_factory=list)
    held_back: list[HeldBack] = field(default_factory=list)


@contextmanager
def writer(data: DataDirectory, wait_s: float = LOCK_WAIT_S) -> Iterator[None]:
    """Hold the writer's lock of a data directory. Raises Busy when another process keeps it."""
    data.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data.lock)
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        raise Busy(
            f"{data.lock}: another process has been publishing for over {wait_s:.0f} s; wait for it, or look with "
            "`sectorakkoord status` whether a run hangs."
        ) from None
    try:
        clear_leftovers(data)
        yield
    finally:
        lock.release()


def publish(
    data: DataDirectory,
    edition: Edition,
    today: date,
    *,
    snapshots: dict[int, date | None] | None = None,
    register: Path = REGISTER,
    progress: ProgressCallback = no_progress,
    memory_limit: str | None = None,
) -> Published:
    """Make a release of all that is in the archive and the register now, and freeze `snapshots` (year -> day).

    `memory_limit` is that of the build, such as 2GB.
    Nothing is written when no input has changed and every snapshot is up to date. A release file that is
    damaged or gone is made again from the archive, under a number of its own. Raises Busy, FileRefused, RegisterError,
    AuditFailed, ArchiveDamaged or ArchiveIncomplete; the last release then stays as it is.
    """
    held: list[HeldBack] = []
    anew = False
    with writer(data), failure_kept(data.releases, edition.name):
        for _ in range(MAX_TRIES):
            try:
                done = publish_once(data, edition, today, snapshots or {}, register, progress, memory_limit, anew)
                return replace(done, held_back=held)
            except _Doubtful:
                anew = True
            except BuiltWithout as fault:
                held += fault.files
            except ConcurrentPublish:  # From the start: the other may have ingested files and frozen years.
                continue
        raise Busy(f"{data.published}: others published {MAX_TRIES} times while we were building; run again.")


def publish_once(
    data: DataDirectory,
    edition: Edition,
    today: date,
    wanted: dict[int, date | None],
    register: Path,
    progress: ProgressCallback,
    memory_limit: str | None,
    anew: bool,
) -> Published:
    """One try; `anew`: not from the last release. Raises _Doubtful, or ConcurrentPublish when somebody else, whom the lock does not keep out, publishes in between."""
    archive = Archive(data.archive)
    # Listed once: a file that another run ingests meanwhile belongs to the next release.
    code = judged_by(register)
    vintages = edition.vintages(archive, left_out(data.archive, code))
    withdrawals = [decision for decision, _ in edition.withdrawals(archive)]
    state = input_hash(vintages, edition, register, withdrawals)
    there, damage = look_at_current(data)
    clear_unpublished(data.releases, there.release if there else None)
    last, waiting = there.release if there else last_recorded(data.releases), False
    if there and there.release.synthetic == edition.synthetic:
        frozen = {snapshot.snapshot_id for snapshot, _ in read_snapshots(snapshots_folder(data.archive, edition))}
        refuse_if_incomplete(data, archive, frozen, there)
        # Frozen by a writer that was killed before it published, or late in a concurrent publish.
        waiting = bool(frozen - there.snapshots)
    unchanged = (
        bool(there) and last is not None and last.input_hash == state and last.edition == edition.name and not waiting
    )
    if last is not None and unchanged and not wanted:
        return Published(last, False)
    cache = ParseCache(data.cache)
    if not unchanged:
        refuse_unreadable(data.archive, vintages, cache, code)
    aside = data.published.build_folder(data.root) / build_name(os.getpid())
    start = data.published.copy_to if there and not anew else nothing_to_start_from
    continued = False
    try:
        if not (unchanged and data.published.copy_to(aside)):
            try:
                continued = build(aside, archive, cache, edition, register, progress, vintages, memory_limit, start)
            except duckdb.Error as fault:
                if start is nothing_to_start_from:
                    raise
                raise _Doubtful from fault
        with undone_on_failure(data.archive, edition) as made:
            with connect(aside) as con:
                freeze_all(con, data.archive, edition, today, wanted, made, progress)
                if last is not None and unchanged and not any(new for _, new in made):
                    return Published(last, False, made)
                load_snapshots(con, data.archive, edition, {snapshot.snapshot_id for snapshot, new in made if new})
                progress("audits")
                try:
                    audits = run_audits(con)
                except AuditFailed as fault:
                    if continued:
                        raise _Doubtful from fault
                    published = there.files if there else ()
                    refuse_blamed(data.archive, vintages, cache, code, fault, published)
                    raise
                progress("comparing with the last release")
                release = describe_release(con, data, edition, state, audits, last, damage, today)
                if not continued:  # The same code wrote the dictionary and the comments of the last release.
                    describe(con)
                con.execute("CHECKPOINT")
            progress("publishing")
            data.published.put(aside, there.release.release_id if there else None)
    finally:
        remove_database(aside)
    release_from_hold(data.archive, vintages)
    write_json(data.releases / LATEST, release.as_json())
    return Published(release, True, made)


def refuse_if_incomplete(data: DataDirectory, archive: Archive, frozen: set[str], there: CurrentRelease) -> None:
    """Raises ArchiveIncomplete where the archive lacks a file or a snapshot of the release in place.

    Two writers of one warehouse that do not share an archive would undo each other.
    """
    lost = sorted(name for sha256, name in there.files.items() if not archive.object_path(sha256).exists())
    lost += [f"snapshot {snapshot_id}" for snapshot_id in sorted(there.snapshots - frozen)]
    if lost:
        raise ArchiveIncomplete(
            f"{data.archive}: the release in {data.published} was made from {len(lost)} files and snapshots that are not in "
            f"this archive ({lost[0]} among them); all who publish there must share one data directory: put the archive "
            "back from a backup, or point SECTORAKKOORD_DATA at the shared one."
        )


def describe_release(
    con: duckdb.DuckDBPyConnection,
    data: DataDirectory,
    edition: Edition,
    state: str,
    audits: int,
    last: Release | None,
    damage: str,
    today: date,
) -> Release:
    """The release that the build becomes after `last`, written into it and into the release notes.

    `damage` says why the file of `last` cannot be compared with; what was removed is then unknown, so that other content
    is a major version.
    """
    same_edition = last is not None and last.edition == edition.name
    if last is None or damage:
        counts, digest = compare_with_last(con, comparable=False)
    else:
        with data.published.attached(con):
            refuse_unexplained(con, today)
            counts, digest = compare_with_last(con, comparable=same_edition)
    release = Release(
        release_id=f"{max(last.number if last else 0, highest_number(data.releases)) + 1:04d}",
        version=next_version(last, counts, digest, damage) if last and same_edition else FIRST_VERSION,
        edition=edition.name,
        synthetic=edition.synthetic,
        published_at=datetime.now(UTC).replace(microsecond=0),
        input_hash=state,
        content_hash=digest,
        code_version=code_version(),
        previous_release_id=last.release_id if last else None,
        audits=audits,
        **asdict(counts),
    )
    record_release(con, release)
    write_release_notes(con, data.releases / release.release_id, release, counts, damage if last else "")
    return release


def look_at_current(data: DataDirectory) -> tuple[CurrentRelease | None, str]:
    """The release in place, or None and why there is nothing to compare with."""
    try:
        there = current_release(data.published)
    except ReleaseDamaged as fault:
        return None, f"Not compared with the release before: {fault}"
    return there, "" if there else f"Not compared with the release before: {data.published} was not there."


def next_version(last: Release, counts: ChangeCounts, digest: str, damage: str) -> str:
    """The version after `last`: without a comparison the same for the same content, and else a major one."""
    if not damage:
        return counts.next_version(last.version)
    return last.version if digest == last.content_hash else ChangeCounts(removed=1).next_version(last.version)


@contextmanager
def undone_on_failure(archive: Path, edition: Edition) -> Iterator[list[tuple[Snapshot, bool]]]:
    """A list for what is frozen from a build; if the build then fails, its new snapshots are removed."""
    made: list[tuple[Snapshot, bool]] = []
    try:
        yield made
    except ConcurrentPublish:  # Whoever was quicker read the same archive and may have published them.
        raise
    except BaseException:
        for snapshot, new in made:
            if new:
                shutil.rmtree(snapshots_folder(archive, edition) / str(snapshot.year) / snapshot.version)
        raise


def freeze_all(
    con: duckdb.DuckDBPyConnection,
    archive: Path,
    edition: Edition,
    today: date,
    wanted: dict[int, date | None],
    made: list[tuple[Snapshot, bool]],
    progress: ProgressCallback,
) -> None:
    """Freeze the wanted years, and look again at every year frozen before: late knowledge gives it a new version."""
    known = {snapshot.year for snapshot, _ in read_snapshots(snapshots_folder(archive, edition))}
    for year in sorted(known | set(wanted)):
        progress(f"snapshot {year}")
        made.append(freeze(con, archive, edition, year, today, wanted.get(year)))
