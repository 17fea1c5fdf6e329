"""Is what the archive keeps still what was put into it? Contents are named by their SHA-256, records by a mark of what they say."""

import hashlib
import json
from pathlib import Path
from typing import Any

from schemas.reading.content import Content, content_of, line_blocks

BACKUP = "put it back from a backup"


class ArchiveDamaged(Exception):
    """A content or a record of the archive is not what was put there; the message names it and says what to do."""


def mark_of(record: dict[str, Any]) -> str:
    """The 8 hexadecimal digits of what a record says that its file is named by."""
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:8]


def read_marked(path: Path) -> dict[str, Any]:
    """A record `<sha256>.<mark>.json`. Raises ArchiveDamaged where it is no JSON or says something else than its mark."""
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
    except ValueError as fault:
        raise ArchiveDamaged(f"{path}: expected a record in JSON, found something else ({fault}); {BACKUP}.") from None
    expected, found = path.name.split(".")[1], mark_of(record)
    if found != expected:
        raise ArchiveDamaged(f"{path}: expected a record with the mark {expected}, found {found}; {BACKUP}.")
    return record


def read_content(path: Path, sha256: str, name: str) -> Content:
    """The bytes of a content, `name` for people. Raises ArchiveDamaged where they have another SHA-256."""
    content, digest = content_of(path), hashlib.sha256()
    for block in line_blocks(content):
        digest.update(block)
    found = digest.hexdigest()
    if found != sha256:
        raise ArchiveDamaged(
            f"{path}: expected the content of {name} with the SHA-256 {sha256[:12]}, found {found[:12]}; run "
            f"`sectorakkoord refresh`, which replaces it where the publisher still has this version, or {BACKUP}."
        )
    return content
