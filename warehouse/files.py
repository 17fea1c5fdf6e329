"""Writing files so that a crash leaves either the old content or the new one, never a part."""

import hashlib
import json
import os
import threading
from pathlib import Path
from typing import Any


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


def write_bytes(target: Path, content: bytes) -> None:
    """Write a whole file in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(target)
    part.write_bytes(content)
    replace_file(part, target)


def write_json(target: Path, value: Any) -> None:
    """Write readable JSON with sorted keys, in one step."""
    write_bytes(target, (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode())


def quoted(path: Path) -> str:
    """A path inside a SQL string."""
    return str(path).replace("'", "''")
