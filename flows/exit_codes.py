"""Exit codes of the command line, and which fault leads to which."""

import errno
from functools import cache

OK, UNEXPECTED, USAGE, REFUSED, NO_SOURCE, AUDIT, BUSY, SNAPSHOT, NOTHING_PUBLISHED, SQL, DISK, MEND, UNREACHABLE = (
    range(13)
)

MEANINGS = {
    OK: "done; also when nothing had changed",
    UNEXPECTED: "an error that should not happen; run again with --debug and report it",
    USAGE: "a wrong option, argument or setting",
    REFUSED: "a file was refused or could not be had; the rest was published, the file is kept aside",
    NO_SOURCE: "nothing to read from: no folder, no network",
    AUDIT: "a build broke a law or the register is not in order; the last release stays",
    BUSY: "another process is publishing",
    SNAPSHOT: "a snapshot cannot be made or no longer matches its hash",
    NOTHING_PUBLISHED: "there is no published warehouse yet",
    SQL: "the query has an error",
    DISK: "the data directory cannot be read or written: disk full, or no permission",
    MEND: "`doctor` found something that must be mended",
    UNREACHABLE: "the warehouse is in a lake whose catalogue or store does not answer",
}


HINTS = dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST), "check the name and run again")
"""What to do where it is neither room nor permission that is wanting."""


class QueryError(Exception):
    """A query given on the command line cannot be answered."""


@cache
def kinds() -> tuple[tuple[type[Exception], int], ...]:
    """Expected faults and their codes. Imported here: help and completion need none of what raises them."""
    from flows.http.errors import NoSource, SourceError
    from flows.prefect_ops.processes import ScheduleError
    from flows.settings import SettingsError
    from schemas.errors import FileRefused, HandKeptFault
    from schemas.register.reader import RegisterError
    from warehouse.archive.acceptances import AcceptanceRefused
    from warehouse.archive.withdrawals import WithdrawalRefused
    from warehouse.build.audits import AuditFailed
    from warehouse.jaarverslag.sampling import SampleError
    from warehouse.release.duckdb_extensions import ExtensionMissing
    from warehouse.release.ducklake_store import LakeUnavailable
    from warehouse.release.publish import ArchiveIncomplete, Busy
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
        (SampleError, USAGE),
        (WithdrawalRefused, USAGE),
        (AcceptanceRefused, USAGE),
        (ScheduleError, UNEXPECTED),
        (Busy, BUSY),
        (ArchiveIncomplete, AUDIT),
        (LakeUnavailable, UNREACHABLE),
        (ExtensionMissing, USAGE),
        (SnapshotError, SNAPSHOT),
        (NothingPublished, NOTHING_PUBLISHED),
        (QueryError, SQL),
        (OSError, DISK),
    )


def exit_code(fault: BaseException) -> int:
    """The exit code of an expected fault; UNEXPECTED for any other."""
    return next((code for kind, code in kinds() if isinstance(fault, kind)), UNEXPECTED)


def sentence(fault: Exception) -> str:
    """What the user reads of a fault."""
    if exit_code(fault) == DISK:
        place = getattr(fault, "filename", None) or "the data directory"
        hint = HINTS.get(getattr(fault, "errno", None) or 0, "make room or give permission and run again")
        return f"{place}: {getattr(fault, 'strerror', None) or fault}; {hint}, nothing published is lost."
    if not isinstance(fault, tuple(kind for kind, _ in kinds())):
        return f"{type(fault).__name__}: {fault} (use --debug for more)"
    return str(fault)
