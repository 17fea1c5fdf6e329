"""Writing files so that a crash leaves either the old content or the new one, never a part."""

import contextlib
import hashlib
import json
import os
import threading
import time
from pathlib import Path
from typing import Any, Self


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(source: Path, target: Path) -> None:
    """Put the finished file `source` in the place of `target`, in one step and durably (same file system)."""
    with source.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(source, target)
    sync_folder(target.parent)


def part_of(target: Path) -> Path:
    """A name beside `target` that no other process or thread uses."""
    return target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}.part")


class AtomicFile:
    """A file in the making beside its target, with its SHA-256 and size so far.

    It takes the target's name by `commit`; without that it is gone when the `with` block ends. A killed process leaves
    a `.part` file, see `sweep_parts`.
    """

    def __init__(self, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self.target, self.path = target, part_of(target)
        self._file = self.path.open("wb")
        self._hash = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        """End writing; the content can be read at `path` from here on."""
        self._file.close()

    def commit(self, target: Path | None = None) -> None:
        """Give the content its name (or another one) in one step that survives a power cut."""
        self.close()
        replace_file(self.path, target or self.target)

    def discard(self) -> None:
        """Remove what is left; harmless after `commit`."""
        with contextlib.suppress(OSError):  # a full disk may refuse the last flush of bytes that are not needed
            self._file.close()
        self.path.unlink(missing_ok=True)


def sweep_parts(folder: Path, older_than_s: float = 3600) -> int:
    """Remove `.part` files that a killed process left behind under `folder`; returns how many."""
    limit = time.time() - older_than_s
    stale = [path for path in folder.rglob(".*.part") if path.stat().st_mtime < limit]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


def write_bytes(target: Path, content: bytes) -> None:
    """Write a whole file in one step."""
    with AtomicFile(target) as file:
        file.write(content)
        file.commit()


def write_json(target: Path, value: Any) -> None:
    """Write readable JSON with sorted keys, in one step."""
    write_bytes(target, (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode())


def quoted(path: Path) -> str:
    """A path inside a SQL string."""
    return str(path).replace("'", "''")
