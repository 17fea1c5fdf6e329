"""Writing files and folders so that a crash leaves either the old content or the new one, never half of it.

What is being written lies beside its target as `.NAME.PROCESS.THREAD.part`; a part that stays behind was left by a killed
run, and `sweep_parts` removes it.
"""

import glob
import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

SUMS = "SHA256SUMS"
"""The file of a folder that names the SHA-256 of each other one, as `sha256sum -c` reads it."""
STALE_S = 3600.0
"""A part that nobody has touched for this many seconds belongs to no running process."""
PARTS = "**/.*.part"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Make the content of a file, or the names in a folder, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(source: Path, target: Path) -> None:
    """Give the finished file `source` the name of `target`, in one step and durably (same file system)."""
    sync(source)
    os.replace(source, target)
    sync(target.parent)


def part_of(target: Path) -> Path:
    """A name beside `target` that no other process or thread uses."""
    return target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}.part")


@contextmanager
def atomic_file(target: Path) -> Iterator[Path]:
    """The path to write to. The file takes the name of `target` when the block ends, and is removed when it fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(target)
    try:
        yield part
        replace_file(part, target)
    finally:
        part.unlink(missing_ok=True)


def write_bytes(target: Path, content: bytes) -> None:
    """Write a whole file in one step."""
    with atomic_file(target) as part:
        part.write_bytes(content)


def write_json(target: Path, value: Any) -> None:
    """Write readable JSON with sorted keys, in one step."""
    write_bytes(target, (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode())


@contextmanager
def staged_folder(target: Path, replace: bool = True) -> Iterator[Path]:
    """An empty folder to fill. It takes the place of `target` as a whole when the block ends, and is removed when it fails.

    What killed runs left beside `target` is removed first. Raises FileExistsError when `target` is there and may not be
    replaced.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep_parts(target.parent, pattern=f".{glob.escape(target.name)}.*.part")
    part = part_of(target)
    part.mkdir()
    try:
        yield part
        for path in part.rglob("*"):
            if path.is_dir() or path.stat().st_nlink == 1:  # A link to a file of the folder before: synced then.
                sync(path)
        replace_folder(part, target, replace)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def replace_folder(source: Path, target: Path, replace: bool) -> None:
    """Give the finished folder the name of `target`; what was there goes when the new one stands, and stays when it cannot."""
    old = part_of(target.with_name(f"{target.name}.old"))
    if target.exists():
        if not replace:
            raise FileExistsError(f"{target}: expected no folder of this name, found one; it is never replaced.")
        target.rename(old)
    try:
        source.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def stale_parts(folder: Path, older_than_s: float = STALE_S, pattern: str = PARTS) -> list[Path]:
    """Parts of files and folders under `folder` that a killed run left."""
    limit, found = time.time() - older_than_s, []
    for path in folder.glob(pattern):
        with suppress(FileNotFoundError):  # A writer may finish while we look.
            if path.stat().st_mtime < limit:
                found.append(path)
    return found


def sweep_parts(folder: Path, older_than_s: float = STALE_S, pattern: str = PARTS) -> int:
    """Remove what killed runs left under `folder`; returns how many files and folders."""
    stale = stale_parts(folder, older_than_s, pattern)
    for path in stale:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(stale)


def remove_database(path: Path) -> None:
    """Remove a DuckDB file and what DuckDB writes beside it: the next file of this name must not replay the changes of this one."""
    for name in (path.name, f"{path.name}.wal"):
        path.with_name(name).unlink(missing_ok=True)
    shutil.rmtree(path.with_name(f"{path.name}.tmp"), ignore_errors=True)


def write_sums(folder: Path, known: Mapping[str, str] | None = None) -> None:
    """Name the SHA-256 of every file of a finished folder; `known` has those (by name) that need not be read for it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    lines = [f"{(known or {}).get(name) or sha256_of(path)}  {name}" for name, path in names.items()]
    write_bytes(folder / SUMS, ("\n".join(lines) + "\n").encode())


def wrong_sums(folder: Path, only: str = "") -> list[str]:
    """Files (or that one) of a folder that are gone or no longer have their SHA-256; none where the folder has no sums."""
    if not (folder / SUMS).exists():
        return []
    lines = (folder / SUMS).read_text(errors="replace").splitlines()
    named = [(digest, name) for digest, _, name in (line.partition("  ") for line in lines)]
    if not named or not all(name for _, name in named):
        return [SUMS]
    asked = [(digest, folder / name) for digest, name in named if only in ("", name)]
    return [str(path.relative_to(folder)) for digest, path in asked if not path.is_file() or sha256_of(path) != digest]


def quoted(path: Path) -> str:
    """A path inside a SQL string."""
    return str(path).replace("'", "''")
