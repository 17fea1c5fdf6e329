"""Is what was made whole: the published release, the archive, the snapshots, and did the last build come through?"""

from collections.abc import Iterator

import duckdb

from flows.doctor.finding import Finding, fine, mend, note
from warehouse.archive import Archive
from warehouse.content_hash import content_hash
from warehouse.edition import Edition
from warehouse.lake import LakeUnavailable
from warehouse.last_run import last_failure
from warehouse.paths import DataDirectory
from warehouse.release import published_release
from warehouse.snapshot import SnapshotError, check_version, read_snapshots, snapshots_folder

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
    way_out = "remove it and run `sectorakkoord refresh`: it is made again from the archive"
    try:
        found = published_release(data.published)
        if found is None:
            return note("release", "Nothing has been published yet; run `sectorakkoord refresh`.")
        with data.published.open() as con:
            digest = content_hash(con)
    except LakeUnavailable as fault:
        return mend("release", str(fault))
    except duckdb.Error as fault:
        return mend("release", f"{data.published} cannot be read ({str(fault).splitlines()[0]}); {way_out}.")
    if digest != found.content_hash:
        expected = f"expected content {found.content_hash[:12]}, found {digest[:12]}"
        return mend("release", f"{data.published}: {expected}; it was changed after it was published, {way_out}.")
    return fine("release", f"Release {found.release_id} ({found.edition} edition) is whole: content {digest[:12]}.")


def last_build(data: DataDirectory) -> Finding:
    """A failed build leaves the last release in place, and its reason here."""
    failure = last_failure(data.releases)
    if failure is None:
        return fine("last build", "No build has failed since the last one that came through.")
    return mend("last build", f"The build of {failure['failed_at']} failed: {failure['sentence']}")


def archive(data: DataDirectory) -> Iterator[Finding]:
    """Every content has the hash it is named by, and every finding its content."""
    held = Archive(data.archive)
    damaged = held.check()
    yield from (mend("archive", sentence) for sentence in damaged)
    try:
        vintages = held.vintages()
    except FileNotFoundError as fault:
        yield mend("archive", str(fault))
        return
    if not damaged:
        yield fine("archive", f"{len(vintages)} vintages, each with the hash it is named by.")
    refused = held.refused()
    if refused:
        yield note("archive", f"{len(refused)} files are kept aside; `sectorakkoord quarantine` says why.")


def snapshots(data: DataDirectory) -> Iterator[Finding]:
    """Every version of every snapshot still has the content it was frozen with."""
    count, broken = 0, []
    for world in (Edition("sample"), Edition("live")):
        for snapshot, folder in read_snapshots(snapshots_folder(data.archive, world)):
            count += 1
            try:
                check_version(snapshot, folder)
            except SnapshotError as fault:
                broken.append(mend("snapshots", str(fault)))
    yield from broken
    if not broken:
        yield fine("snapshots", f"{count} versions of snapshots hold." if count else "No year is frozen yet.")
