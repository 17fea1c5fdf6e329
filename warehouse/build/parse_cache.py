"""Parsed files, kept so that a file is read and checked once. Safe to delete; a rebuild makes them again.

The key is the content's hash and a hash of all code that declares, reads and checks (the package `schemas`), so a change
in any of it reads the file anew.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import schemas
from schemas.dataset import Dataset
from schemas.errors import refusing_any_fault
from schemas.reading.validate import Parsed, parse_file
from warehouse.files import part_of, replace_file, write_json


@dataclass(frozen=True)
class ParsedFile:
    """A parsed file on disk: Parquet for rows and quarantine, and what the reader found."""

    rows: Path
    quarantine: Path
    facts: dict[str, Any]


class ParseCache:
    """Parsed files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(
        self, dataset: type[Dataset], name: str, sha256: str, content_path: Path, *, letters_lost: bool = True
    ) -> ParsedFile:
        """The parsed form of a file; parses it when it is not there. Raises FileRefused like `parse_file`.

        `letters_lost`: what is archived with U+FFFD in it was accepted by a person; only the gate asks.
        """
        stem = f"{sha256[:16]}-{dataset.id}-{reading_code()}-{period_stamp(dataset, name)}"
        facts_path = self.folder / f"{stem}.json"
        parsed = ParsedFile(self.folder / f"{stem}.rows.parquet", self.folder / f"{stem}.quarantine.parquet", {})
        if facts_path.exists():
            parsed.facts.update(json.loads(facts_path.read_text()))
            return parsed
        content = content_path.read_bytes()
        self.folder.mkdir(parents=True, exist_ok=True)
        with refusing_any_fault(name):
            result = parse_file(dataset, name, content, letters_lost=letters_lost)
            write_parquet(result.rows, parsed.rows)
            write_parquet(result.quarantine.astype({"line": "int64"}), parsed.quarantine)
            parsed.facts.update(facts_of(result))
        write_json(facts_path, parsed.facts)
        return parsed


@cache
def reading_code() -> str:
    """Hash of every module in the package `schemas`, 16 hexadecimal digits."""
    folder = Path(schemas.__file__ or "").parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def period_stamp(dataset: type[Dataset], name: str) -> str:
    """The period in the file name is part of what the rows say: the same bytes under another name are other rows."""
    period = dataset.period_of(name)
    return period.start.isoformat() if period else "state"


def facts_of(parsed: Parsed) -> dict[str, Any]:
    """What the reader found, apart from the rows."""
    return {
        "data_lines": parsed.data_lines,
        "core_lines": int(parsed.rows["line"].nunique()),
        "quarantined_lines": parsed.rejected_lines,
        "encoding": parsed.encoding,
        "unknown_headers": list(parsed.unknown_headers),
        "header": list(parsed.header),
        "notes": list(parsed.notes),
    }


def write_parquet(frame: pd.DataFrame, target: Path) -> None:
    """Write a frame in one step."""
    part = part_of(target)
    frame.to_parquet(part, index=False, compression="zstd")
    replace_file(part, target)
