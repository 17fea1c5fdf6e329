"""Exit codes of the command line: each is stated once, with its meaning and the errors that lead to it."""

import errno
import re

MEANINGS: dict[int, str] = {}
FAULTS: dict[str, int] = {}
"""The full name of an error class -> its code. Names, not classes: help and completion import none of what raises them."""


class QueryError(Exception):
    """A query given on the command line cannot be answered."""


def _code(number: int, meaning: str, *faults: str) -> int:
    MEANINGS[number] = meaning
    FAULTS.update(dict.fromkeys(faults, number))
    return number


OK = _code(0, "done; also when nothing had changed")
UNEXPECTED = _code(
    1,
    "an error that should not happen; run again with --debug and report it",
    "flows.prefect_ops.processes.ScheduleError",
)
USAGE = _code(
    2,
    "a wrong option, argument or setting",
    "flows.commands.mcp_server.ServerMissing",
    "flows.settings.SettingsError",
    "warehouse.archive.acceptances.AcceptanceRefused",
    "warehouse.archive.withdrawals.WithdrawalRefused",
    "warehouse.jaarverslag.sampling.SampleError",
    "warehouse.release.duckdb_extensions.ExtensionMissing",
)
REFUSED = _code(
    3,
    "a file was refused or could not be downloaded; the rest was published",
    "schemas.errors.FileRefused",
)
NO_SOURCE = _code(
    4, "nothing to read from: no folder, no network", "flows.http.errors.NoSource", "flows.http.errors.SourceError"
)
AUDIT = _code(
    5,
    "a build failed an audit or the register is not in order; the last release stays",
    "schemas.errors.HandKeptFault",
    "schemas.register.reader.RegisterError",
    "warehouse.build.audits.AuditFailed",
    "warehouse.register.evidence.EvidenceRefused",
    "warehouse.register.facts.FactsRefused",
    "warehouse.release.publish.ArchiveIncomplete",
)
BUSY = _code(6, "another process is publishing", "warehouse.release.publish.Busy")
SNAPSHOT = _code(
    7, "a snapshot cannot be made or no longer matches its hash", "warehouse.release.snapshots.SnapshotError"
)
NOTHING_PUBLISHED = _code(8, "there is no published warehouse yet", "warehouse.release.stores.NothingPublished")
SQL = _code(9, "the query has an error", "flows.exit_codes.QueryError")
DISK = _code(10, "the data directory cannot be read or written: disk full, or no permission", "builtins.OSError")
MEND = _code(11, "`doctor` or `health` found something that must be mended")
UNREACHABLE = _code(
    12,
    "the warehouse is in a lake whose catalogue or store does not answer",
    "warehouse.release.ducklake_store.LakeUnavailable",
)

IN_USE = _code(
    13,
    "another program has the published file open for writing and has changed it",
    "warehouse.release.published_file.WarehouseInUse",
)
DAMAGED = _code(
    14,
    "the published file or the archive is not what it was; `refresh` makes the file again",
    "warehouse.archive.damage.ArchiveDamaged",
    "warehouse.release.published_file.ReleaseDamaged",
    "warehouse.release.verify.ReleaseDiffers",
)
MOVED = _code(15, "`verify` found a printed figure that does not hold now")
WOULD_CHANGE = _code(16, "`refresh --plan` or `plan` found that a refresh would publish something")
MEMORY = _code(
    17,
    "there is not enough memory; the last release stays",
    "builtins.MemoryError",
    "_duckdb.OutOfMemoryException",
)

HINTS = dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST), "check the name and run again")
"""What to do about an OSError that is neither a full disk nor a missing permission."""
FULL = re.compile(
    r"No space left on device|Disk quota exceeded|disk is full|disk full|Read-only file system|File too large"
)
"""Said by a database, which raises no OSError, where a disk cannot be written."""


def expected(fault: BaseException) -> int | None:
    """The exit code of an expected error, by its class or the nearest one above it that is listed; None for others.

    An error of a database that a full disk caused counts as an OSError.
    """
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(fault).__mro__)
    code = next((FAULTS[name] for name in names if name in FAULTS), None)
    return DISK if code is None and FULL.search(str(fault)) else code


def exit_code(fault: BaseException) -> int:
    """The exit code of an error; UNEXPECTED for one that is not expected."""
    code = expected(fault)
    return UNEXPECTED if code is None else code


def sentence(fault: Exception) -> str:
    """What the user reads of an error."""
    code = expected(fault)
    if code is None:
        return f"{type(fault).__name__}: {fault} (use --debug for more)"
    if code == DISK:
        where = getattr(fault, "filename", None) or "the data directory"
        what = getattr(fault, "strerror", None) or str(fault).strip().splitlines()[0]
        hint = HINTS.get(getattr(fault, "errno", None) or 0, "free some space or give permission and run again")
        return f"{where}: {what}; {hint}, nothing published is lost."
    if code == MEMORY:
        what = str(fault).strip().partition("\n")[0] or "no more could be had from the system"
        return (
            f"not enough memory: {what}; stop other programs, or let a build take more with SECTORAKKOORD_MEMORY_LIMIT, "
            "and run again: nothing published is lost."
        )
    return str(fault)
