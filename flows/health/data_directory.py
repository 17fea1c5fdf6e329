"""Is what was made whole: the published release, the archive, the snapshots, and did the last build come through?"""

from collections.abc import Iterator

import duckdb

from flows.health.finding import Finding, error, ok, warning
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.release.content_hash import content_hash
from warehouse.release.data_directory import DataDirectory
from warehouse.release.ducklake_store import LakeUnavailable
from warehouse.release.last_run import last_failure
from warehouse.release.model import published_release
from warehouse.release.snapshots import SnapshotError, check_version, read_snapshots, snapshots_folder

UNREADABLE = (duckdb.Error, LakeUnavailable)


def findings(data: DataDirectory) -> Iterator[Finding]:
    """Release, last build, archive, snapshots."""
    yield release(data)
    yield last_build(data)
    yield from archive(data)
    yield from snapshots(data)


def edition(data: DataDirectory) -> str | None:
    """The published edition; None where nothing is published, or nothing readable."""
    try:
        found = published_release(data.published)
    except UNREADABLE:
        return None
    return found.edition if found else None


def release(data: DataDirectory) -> Finding:
    """The published file opens and says what its own record says."""
    hint = "remove it and run `sectorakkoord refresh`: it is made again from the archive"
    try:
        found = published_release(data.published)
        if found is None:
            return warning("release", "Nothing has been published yet; run `sectorakkoord refresh`.")
        with data.published.open() as con:
            digest = content_hash(con)
    except LakeUnavailable as fault:
        return error("release", str(fault))
    except duckdb.Error as fault:
        return error("release", f"{data.published} cannot be read ({str(fault).splitlines()[0]}); {hint}.")
    if digest != found.content_hash:
        expected = f"expected content {found.content_hash[:12]}, found {digest[:12]}"
        return error("release", f"{data.published}: {expected}; it was changed after it was published, {hint}.")
    return ok("release", f"Release {found.release_id} ({found.edition} edition) is whole: content {digest[:12]}.")


def last_build(data: DataDirectory) -> Finding:
    """A failed build leaves the last release in place, and its reason here."""
    failure = last_failure(data.releases)
    if failure is None:
        return ok("last build", "No build has failed since the last one that came through.")
    return error("last build", f"The build of {failure['failed_at']} failed: {failure['sentence']}")


def archive(data: DataDirectory) -> Iterator[Finding]:
    """Every content has the hash it is named by, and every finding its content."""
    held = Archive(data.archive)
    damaged = held.check()
    yield from (error("archive", sentence) for sentence in damaged)
    try:
        vintages = held.vintages()
    except FileNotFoundError as fault:
        yield error("archive", str(fault))
        return
    if not damaged:
        yield ok("archive", f"{len(vintages)} vintages, each with the hash it is named by.")
    refused = held.kept_aside()
    if refused:
        yield warning("archive", f"{len(refused)} files are kept aside; `sectorakkoord quarantine` says why.")


def snapshots(data: DataDirectory) -> Iterator[Finding]:
    """Every version of every snapshot still has the content it was frozen with."""
    count, broken = 0, []
    for world in (Edition("sample"), Edition("live")):
        for snapshot, folder in read_snapshots(snapshots_folder(data.archive, world)):
            count += 1
            try:
                check_version(snapshot, folder)
            except SnapshotError as fault:
                broken.append(error("snapshots", str(fault)))
    yield from broken
    if not broken:
        yield ok("snapshots", f"{count} versions of snapshots hold." if count else "No year is frozen yet.")
