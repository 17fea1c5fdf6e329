"""What killed runs left in the data directory: builds, half-made folders of the report and of exports, half-written files."""

import os
import re
import shutil
import socket
import time
from pathlib import Path

from warehouse.release.data_directory import DataDirectory

STALE_S = 3600.0
"""A half-written file is nobody's after this long."""
STALE_FOLDER_S = 60.0
"""A folder whose process does not run is nobody's after this long: another machine may share the data directory."""
PROCESS = re.compile(r"-(\d+)$")


def build_name(process: int | str) -> str:
    """The file that a process of this machine builds in. The folder may be shared with other machines."""
    return f".build-{process}-{socket.gethostname()}.duckdb"


def builds(data: DataDirectory) -> list[Path]:
    """Builds of this machine: while somebody else has the writer's lock one of them may be at work."""
    return sorted(data.published.build_folder(data.root).glob(f"{build_name('*')}*"))


def unfinished_folders(data: DataDirectory) -> list[Path]:
    """Folders `.<name>.part-<process>` and `.old-<process>` of reports and exports whose process is gone."""
    found = [*data.root.glob(".*.part-*"), *data.root.glob(".*.old-*"), *data.root.glob("export/**/.part-*")]
    return sorted(path for path in found if not in_use(path))


def unfinished_files(data: DataDirectory) -> list[Path]:
    """Half-written files, once they are an hour old."""
    folders = (data.archive, data.cache, data.releases)
    return sorted(path for folder in folders for path in folder.glob("**/.*.part") if path.is_file() and is_stale(path))


def clear_leftovers(data: DataDirectory) -> None:
    """Remove all of it. For who has the writer's lock: no build is anybody's then."""
    for path in [*builds(data), *unfinished_files(data)]:
        path.unlink(missing_ok=True)
    for folder in unfinished_folders(data):
        shutil.rmtree(folder, ignore_errors=True)


def in_use(folder: Path) -> bool:
    """Does the process that a folder is named after still run, here or perhaps on another machine?"""
    process = PROCESS.search(folder.name)
    return process is None or is_running(int(process[1])) or not is_stale(folder, STALE_FOLDER_S)


def is_running(process: int) -> bool:
    """Does a process of this machine run?"""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def is_stale(path: Path, limit_s: float = STALE_S) -> bool:
    """Has nothing been written to it for so long?"""
    try:
        return path.stat().st_mtime < time.time() - limit_s
    except FileNotFoundError:
        return False
