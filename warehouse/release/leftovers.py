"""What killed runs left in the data directory: builds, half-written files and folders, notes."""

import json
import shutil
import socket
from contextlib import suppress
from pathlib import Path

from warehouse.files import PARTS, stale_parts, sweep_parts
from warehouse.release.data_directory import DataDirectory
from warehouse.release.release_record import Release

LATEST = "latest.json"
"""The record of the release that was published last, among the notes."""
PATTERNS = (PARTS, ".*.part-*", ".*.old-*", "export/**/.part-*")
"""Parts as they are named now, and as releases before 0.2 named those of reports and exports."""


def build_name(process: int | str) -> str:
    """The file that a process of this machine builds in. The folder may be shared with other machines."""
    return f".build-{process}-{socket.gethostname()}.duckdb"


def unfinished(data: DataDirectory) -> list[Path]:
    """Half-written files and folders that nobody has touched for an hour."""
    return [path for pattern in PATTERNS for path in stale_parts(data.root, pattern=pattern)]


def clear_leftovers(data: DataDirectory) -> None:
    """Remove all of it, builds of this machine included. For who has the writer's lock: no build is anybody's then."""
    for path in data.published.build_folder(data.root).glob(f"{build_name('*')}*"):
        # A build that outgrew its memory has a folder of temporary files beside it.
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    for pattern in PATTERNS:
        sweep_parts(data.root, pattern=pattern)


def clear_unpublished(releases: Path, current: Release | None) -> None:
    """Remove notes of runs that were killed before they published: later than the release in place and the last one recorded."""
    if current is None:
        return
    with suppress(OSError, ValueError, TypeError, KeyError):  # Without that record nobody knows.
        last = max(current.number, int(json.loads((releases / LATEST).read_text())["release_id"]))
        for folder in releases.glob("[0-9]*"):
            if folder.name.isdigit() and int(folder.name) > last:
                shutil.rmtree(folder)
