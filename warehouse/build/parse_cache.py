"""Parsed files, kept so that a file is read and checked once. Safe to delete; a rebuild makes them again.

The key is the content's hash and a hash of all code that declares, reads and checks (the package `schemas`), so a change
in any of it reads the file anew.
"""

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

import schemas
from schemas.dataset import Dataset
from schemas.errors import refusing_any_fault
from schemas.reading.validate import Parsed, parse_file
from warehouse.archive.damage import read_content
from warehouse.files import part_of, replace_file, sha256_of, write_json

log = logging.getLogger(__name__)


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
        """The parsed form of a file; parses it when it is not there. Raises FileRefused like `parse_file`, or
        ArchiveDamaged where the content is not the one of this hash.

        `letters_lost`: what is archived with U+FFFD in it was accepted by a person; only the gate asks.
        """
        stem = f"{sha256[:16]}-{dataset.id}-{reading_code()}-{period_stamp(dataset, name)}"
        facts_path = self.folder / f"{stem}.json"
        parsed = ParsedFile(self.folder / f"{stem}.rows.parquet", self.folder / f"{stem}.quarantine.parquet", {})
        if facts_path.exists():
            try:
                parsed.facts.update(read_facts(facts_path, parsed))
                return parsed
            except (OSError, ValueError, TypeError, KeyError) as fault:
                log.warning("%s: damaged (%s); %s is parsed anew.", facts_path, fault, name)
        content = read_content(content_path, sha256, name)
        self.folder.mkdir(parents=True, exist_ok=True)
        with refusing_any_fault(name):
            result = parse_file(dataset, name, content, letters_lost=letters_lost)
            write_parquet(result.tables(), parsed.rows)
            write_parquet([pa.Table.from_pandas(result.quarantine, preserve_index=False)], parsed.quarantine)
            parsed.facts.update(facts_of(result))
        write_json(facts_path, {"facts": parsed.facts, "hash": hash_of(parsed.facts, parsed)})
        return parsed


def hash_of(facts: dict[str, Any], parsed: ParsedFile) -> str:
    """The SHA-256 over all that is kept of a parsed file: a flipped bit in it would be a wrong figure."""
    parts = [json.dumps(facts, sort_keys=True), sha256_of(parsed.rows), sha256_of(parsed.quarantine)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def read_facts(path: Path, parsed: ParsedFile) -> dict[str, Any]:
    """What the reader found. Raises ValueError, TypeError, KeyError or OSError where something of a parsed file is damaged."""
    record = json.loads(path.read_text())
    facts: dict[str, Any] = record["facts"]
    if record["hash"] != hash_of(facts, parsed):
        raise ValueError("other content than was written")
    return facts


@cache
def reading_code(folder: Path | None = None) -> str:
    """Hash of every module in the package `schemas`, 16 hexadecimal digits."""
    folder = folder or Path(schemas.__file__ or "").parent
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
        "core_lines": parsed.core_lines,
        "quarantined_lines": parsed.rejected_lines,
        "encoding": parsed.encoding,
        "unknown_headers": list(parsed.unknown_headers),
        "header": list(parsed.header),
        "notes": list(parsed.notes),
    }


def write_parquet(tables: Iterable[pa.Table], target: Path) -> None:
    """Write tables with the same columns, in one step: a row group each, with text as text."""
    part, writer = part_of(target), None
    for table in tables:
        # (A line's number stands in few rows: the step from one to the next is short, a dictionary of them is not.)
        writer = writer or parquet.ParquetWriter(
            part,
            table.schema,
            compression="zstd",
            store_schema=False,
            use_dictionary=[name for name in table.schema.names if name != "line"],
            column_encoding={"line": "DELTA_BINARY_PACKED"},
        )
        writer.write_table(table)
    if writer:
        writer.close()
    replace_file(part, target)
