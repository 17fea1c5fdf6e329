"""Exit codes of the command line, and which fault leads to which."""

import errno
import re
from functools import cache

OK, UNEXPECTED, USAGE, REFUSED, NO_SOURCE, AUDIT, BUSY, SNAPSHOT, NOTHING_PUBLISHED, SQL = range(10)
DISK, MEND, UNREACHABLE, IN_USE, DAMAGED = range(10, 15)

MEANINGS = {
    OK: "done; also when nothing had changed",
    UNEXPECTED: "an error that should not happen; run again with --debug and report it",
    USAGE: "a wrong option, argument or setting",
    REFUSED: "a file was refused or could not be downloaded; the rest was published",
    NO_SOURCE: "nothing to read from: no folder, no network",
    AUDIT: "a build failed an audit or the register is not in order; the last release stays",
    BUSY: "another process is publishing",
    SNAPSHOT: "a snapshot cannot be made or no longer matches its hash",
    NOTHING_PUBLISHED: "there is no published warehouse yet",
    SQL: "the query has an error",
    DISK: "the data directory cannot be read or written: disk full, or no permission",
    MEND: "`doctor` found something that must be mended",
    UNREACHABLE: "the warehouse is in a lake whose catalogue or store does not answer",
    IN_USE: "another program has the published file open for writing and has changed it",
    DAMAGED: "the published file or the archive is not what it was; `refresh` makes the file again",
}


HINTS = dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST), "check the name and run again")
"""What to do where neither space nor permission is missing."""
FULL = re.compile(
    r"No space left on device|Disk quota exceeded|disk is full|disk full|Read-only file system|File too large"
)
"""Said by a database, which raises no OSError, where a disk cannot be written."""


class QueryError(Exception):
    """A query given on the command line cannot be answered."""


@cache
def kinds() -> tuple[tuple[type[Exception], int], ...]:
    """Expected faults and their codes. Imported here: help and completion need none of what raises them."""
    from flows.http.errors import NoSource, SourceError
    from flows.prefect_ops.processes import ScheduleError
    from flows.settings import SettingsError
    from schemas.errors import FileRefused
    from schemas.hand_kept_csv import HandKeptFault
    from schemas.register.reader import RegisterError
    from warehouse.archive.acceptances import AcceptanceRefused
    from warehouse.archive.damage import ArchiveDamaged
    from warehouse.archive.withdrawals import WithdrawalRefused
    from warehouse.build.audits import AuditFailed
    from warehouse.jaarverslag.sampling import SampleError
    from warehouse.register.evidence import EvidenceRefused
    from warehouse.release.duckdb_extensions import ExtensionMissing
    from warehouse.release.ducklake_store import LakeUnavailable
    from warehouse.release.publish import ArchiveIncomplete, Busy
    from warehouse.release.published_file import ReleaseDamaged, WarehouseInUse
    from warehouse.release.snapshots import SnapshotError
    from warehouse.release.stores import NothingPublished

    return (
        (NoSource, NO_SOURCE),
        (SourceError, NO_SOURCE),
        (SettingsError, USAGE),
        (FileRefused, REFUSED),
        (RegisterError, AUDIT),
        (HandKeptFault, AUDIT),
        (AuditFailed, AUDIT),
        (EvidenceRefused, AUDIT),
        (SampleError, USAGE),
        (WithdrawalRefused, USAGE),
        (AcceptanceRefused, USAGE),
        (ScheduleError, UNEXPECTED),
        (Busy, BUSY),
        (ArchiveIncomplete, AUDIT),
        (WarehouseInUse, IN_USE),
        (ReleaseDamaged, DAMAGED),
        (ArchiveDamaged, DAMAGED),
        (LakeUnavailable, UNREACHABLE),
        (ExtensionMissing, USAGE),
        (SnapshotError, SNAPSHOT),
        (NothingPublished, NOTHING_PUBLISHED),
        (QueryError, SQL),
        (OSError, DISK),
    )


def exit_code(fault: BaseException) -> int:
    """The exit code of an expected fault; UNEXPECTED for any other."""
    expected = next((code for kind, code in kinds() if isinstance(fault, kind)), UNEXPECTED)
    return DISK if expected == UNEXPECTED and FULL.search(str(fault)) else expected


def sentence(fault: Exception) -> str:
    """What the user reads of a fault."""
    if exit_code(fault) == DISK:
        where = getattr(fault, "filename", None) or "the data directory"
        hint = HINTS.get(getattr(fault, "errno", None) or 0, "free some space or give permission and run again")
        what = getattr(fault, "strerror", None) or str(fault).strip().splitlines()[0]
        return f"{where}: {what}; {hint}, nothing published is lost."
    if not isinstance(fault, tuple(kind for kind, _ in kinds())):
        return f"{type(fault).__name__}: {fault} (use --debug for more)"
    return str(fault)
