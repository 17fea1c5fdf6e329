"""What the last refresh did and why the last build failed, kept in the folder of the releases for `status` and for machines."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse.files import write_json

REPORT, FAILURE = "last_refresh.json", "last_failure.json"


def keep_report(told: dict[str, Any], releases: Path) -> None:
    """Keep what a refresh did."""
    write_json(releases / REPORT, told)


def last_report(releases: Path) -> dict[str, Any] | None:
    """The JSON of the last refresh, if there was one."""
    return read(releases / REPORT)


@contextmanager
def failure_kept(releases: Path, edition: str) -> Iterator[None]:
    """Keep the reason of a failed build, for `status` and `doctor`, until one comes through."""
    path = releases / FAILURE
    try:
        yield
    except Exception as fault:
        told = {
            "failed_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "edition": edition,
            "kind": type(fault).__name__,
        }
        with suppress(OSError):  # The disk may be what failed.
            write_json(path, told | {"sentence": str(fault)})
        raise
    path.unlink(missing_ok=True)


def last_failure(releases: Path) -> dict[str, Any] | None:
    """What the last build failed of: failed_at, edition, kind, sentence. None when it came through."""
    return read(releases / FAILURE)


def read(path: Path) -> dict[str, Any] | None:
    """The JSON of a file; None where there is none."""
    if not path.exists():
        return None
    told: dict[str, Any] = json.loads(path.read_text())
    return told
