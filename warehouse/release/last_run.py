"""What the last refresh did and why the last build failed, kept in the folder of the releases for `status` and for machines."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse.files import write_json

log = logging.getLogger(__name__)
REPORT, FAILURE = "last_refresh.json", "last_failure.json"


def keep_report(report: dict[str, Any], releases: Path) -> None:
    """Keep what a refresh did."""
    write_json(releases / REPORT, report)


def last_report(releases: Path) -> dict[str, Any] | None:
    """The JSON of the last refresh, if there was one."""
    return read(releases / REPORT)


@contextmanager
def failure_kept(releases: Path, edition: str) -> Iterator[None]:
    """Keep the reason of a failed build, for `status` and `doctor`, until one succeeds."""
    path = releases / FAILURE
    try:
        yield
    except Exception as fault:
        record = {
            "failed_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "edition": edition,
            "kind": type(fault).__name__,
        }
        with suppress(OSError):  # The disk may be what failed.
            write_json(path, record | {"sentence": str(fault)})
        raise
    path.unlink(missing_ok=True)


def last_failure(releases: Path) -> dict[str, Any] | None:
    """Why the last build failed: failed_at, edition, kind, sentence. None when it succeeded."""
    return read(releases / FAILURE)


def read(path: Path) -> dict[str, Any] | None:
    """The JSON of a file; None where there is none, or none that can be read."""
    try:
        record = json.loads(path.read_text())
        if isinstance(record, dict):
            return record
    except FileNotFoundError:
        return None
    except ValueError:
        pass
    log.warning("%s: cannot be read; the next refresh writes it anew.", path)
    return None
