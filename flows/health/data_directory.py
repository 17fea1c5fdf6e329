"""Is everything whole: the published release, the archive, the snapshots, and did the last build succeed?"""

from collections.abc import Iterator

import duckdb

from flows.health.finding import Finding, error, ok, warning
from warehouse.archive.damage import ArchiveDamaged
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.files import SUMS, wrong_sums
from warehouse.release.content_hash import content_hash
from warehouse.release.current_release import published_release
from warehouse.release.data_directory import DataDirectory
from warehouse.release.ducklake_store import LakeUnavailable
from warehouse.release.last_run import last_failure
from warehouse.release.published_file import HINT, ReleaseDamaged, moved_wals
from warehouse.release.release_record import RECORD, last_recorded
from warehouse.release.snapshots import TABLES, SnapshotError, check_version, read_snapshots, snapshots_folder

UNREADABLE = (duckdb.Error, LakeUnavailable, ReleaseDamaged)


def findings(data: DataDirectory) -> Iterator[Finding]:
    """Release, last build, archive, snapshots."""
    yield release(data)
    yield from changes_moved_aside(data)
    yield last_build(data)
    yield from archive(data)
    yield from snapshots(data)
    yield from written_files(data)


def edition(data: DataDirectory) -> str | None:
    """The published edition; None where nothing is published, or nothing readable."""
    try:
        found = published_release(data.published)
    except UNREADABLE:
        found = last_recorded(data.releases)
    return found.edition if found else None


def release(data: DataDirectory) -> Finding:
    """The published release has the bytes of its seal and the content of its own record."""
    try:
        found = published_release(data.published)
        if found is None:
            return warning("release", "Nothing has been published yet; run `sectorakkoord refresh`.")
        with data.published.open() as con:
            digest = content_hash(con)
    except (LakeUnavailable, ReleaseDamaged) as fault:
        return error("release", str(fault))
    except duckdb.Error as fault:
        return error("release", f"{data.published} cannot be read ({str(fault).splitlines()[0]}); {HINT}.")
    if digest != found.content_hash:
        expected = f"expected content {found.content_hash[:12]}, found {digest[:12]}"
        return error("release", f"{data.published}: {expected}; it was changed after it was published, {HINT}.")
    return ok("release", f"Release {found.release_id} ({found.edition} edition) is whole: content {digest[:12]}.")


def changes_moved_aside(data: DataDirectory) -> Iterator[Finding]:
    """Changes that another program made to the published file, kept until somebody has looked at them."""
    moved = moved_wals(data.warehouse)
    if moved:
        names = ", ".join(path.name for path in moved[:3]) + (" ..." if len(moved) > 3 else "")
        yield warning(
            "release",
            f"{len(moved)} times another program opened {data.warehouse} for writing ({names}); its changes are no part "
            "of the release. Open the file with -readonly; remove what was moved aside when nobody misses it.",
        )


def last_build(data: DataDirectory) -> Finding:
    """A failed build leaves the last release in place, and its reason is recorded."""
    failure = last_failure(data.releases)
    if failure is None:
        return ok("last build", "No build has failed since the last that succeeded.")
    return error("last build", f"The build of {failure['failed_at']} failed: {failure['sentence']}")


def archive(data: DataDirectory) -> Iterator[Finding]:
    """Every content has the hash it is named by, and every finding its content."""
    held = Archive(data.archive)
    damaged = held.check()
    yield from (error("archive", sentence) for sentence in damaged)
    try:
        vintages = held.vintages()
    except ArchiveDamaged as fault:
        if str(fault) not in damaged:
            yield error("archive", str(fault))
        return
    if not damaged:
        yield ok("archive", f"{len(vintages)} vintages, each with the hash it is named by.")
    refused = held.refused_or_held_back()
    if refused:
        yield warning("archive", f"{len(refused)} files were refused; `sectorakkoord quarantine` says why.")


def written_files(data: DataDirectory) -> Iterator[Finding]:
    """Notes of releases, report and exports are what was written, where their folder has sums."""
    again = {
        "report": "make it again with `sectorakkoord report`",
        "export": "make it again with `sectorakkoord export`",
    }
    for notes in sorted(path.parent for path in data.releases.glob(f"*/{RECORD}")):
        if not (notes / SUMS).exists():
            yield warning(
                "files",
                f"{notes}: {SUMS} is not there, so that a change of the notes would not show; put it back from a "
                f"backup, or look at the notes and write it anew (`sha256sum * > {SUMS}`).",
            )
    for sums in sorted(path for top in ("releases", *again) for path in (data.root / top).rglob(SUMS)):
        for name in wrong_sums(sums.parent):
            top = sums.relative_to(data.root).parts[0]
            hint = again.get(top, "put it back from a backup")
            yield error(
                "files", f"{sums.parent / name}: expected what was written, found something else or nothing; {hint}."
            )


def snapshots(data: DataDirectory) -> Iterator[Finding]:
    """Every version of every snapshot still has the content it was frozen with."""
    count, broken = 0, []
    for either in (Edition("sample"), Edition("live")):
        try:
            versions = read_snapshots(snapshots_folder(data.archive, either))
        except SnapshotError as fault:
            broken.append(error("snapshots", str(fault)))
            continue
        for snapshot, folder in versions:
            count += 1
            try:
                check_version(snapshot, folder)
                if snapshot.columns and not (folder / SUMS).exists():
                    yield warning(
                        "snapshots",
                        f"{folder}: {SUMS} is not there; of {', '.join(TABLES)} alone it is known that they hold.",
                    )
            except SnapshotError as fault:
                broken.append(error("snapshots", str(fault)))
    yield from broken
    if not broken:
        yield ok("snapshots", f"{count} versions of snapshots hold." if count else "No year is frozen yet.")
