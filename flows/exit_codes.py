"""Exit codes of the command line: each is stated once, with its meaning and the errors that lead to it."""

import errno

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
    "flows.settings.SettingsError",
    "warehouse.archive.withdrawals.WithdrawalRefused",
    "warehouse.jaarverslag.sampling.SampleError",
    "warehouse.release.duckdb_extensions.ExtensionMissing",
)
REFUSED = _code(
    3,
    "a file was refused or could not be had; the rest was published, the file is kept aside",
    "schemas.errors.FileRefused",
)
NO_SOURCE = _code(
    4, "nothing to read from: no folder, no network", "flows.http.errors.NoSource", "flows.http.errors.SourceError"
)
AUDIT = _code(
    5,
    "a build broke a law or the register is not in order; the last release stays",
    "schemas.register.reader.RegisterError",
    "warehouse.build.audits.AuditFailed",
    "warehouse.register.evidence.EvidenceRefused",
    "warehouse.release.publish.ArchiveIncomplete",
)
BUSY = _code(6, "another process is publishing", "warehouse.release.publish.Busy")
SNAPSHOT = _code(
    7, "a snapshot cannot be made or no longer matches its hash", "warehouse.release.snapshots.SnapshotError"
)
NOTHING_PUBLISHED = _code(8, "there is no published warehouse yet", "warehouse.release.stores.NothingPublished")
SQL = _code(9, "the query has an error", "flows.exit_codes.QueryError")
DISK = _code(10, "the data directory cannot be read or written: disk full, or no permission", "builtins.OSError")
MEND = _code(11, "`doctor` found something that must be mended")
UNREACHABLE = _code(
    12,
    "the warehouse is in a lake whose catalogue or store does not answer",
    "warehouse.release.ducklake_store.LakeUnavailable",
)

HINTS = dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST), "check the name and run again")
"""What to do about an OSError that is neither a full disk nor a missing permission."""


def expected(fault: BaseException) -> int | None:
    """The exit code of an expected error, by its class or the nearest one above it that is listed; None for others."""
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(fault).__mro__)
    return next((FAULTS[name] for name in names if name in FAULTS), None)


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
        place = getattr(fault, "filename", None) or "the data directory"
        hint = HINTS.get(getattr(fault, "errno", None) or 0, "free disk space or give permission and run again")
        return f"{place}: {getattr(fault, 'strerror', None) or fault}; {hint}, nothing published is lost."
    return str(fault)
