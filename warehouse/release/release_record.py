"""What is recorded of a release: one row in the file itself, and `release.json` among the notes, which outlives the file."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.database import insert, one_record

RECORD = "release.json"


@dataclass(frozen=True)
class Release:
    """The facts of a release; one row in `meta.release` of the file itself."""

    release_id: str
    version: str
    edition: str
    synthetic: bool
    published_at: datetime
    input_hash: str
    content_hash: str
    code_version: str
    previous_release_id: str | None
    audits: int
    removed: int
    added: int
    relabelled: int
    revised: int

    @property
    def number(self) -> int:
        """The sequence number within this data directory."""
        return int(self.release_id)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        record: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return record


def release_in(con: duckdb.DuckDBPyConnection) -> Release:
    """The release in an open warehouse."""
    return Release(**one_record(con, "FROM meta.release"))


def record_release(con: duckdb.DuckDBPyConnection, release: Release) -> None:
    """Write the release into the file it describes."""
    con.execute("DELETE FROM meta.release")
    insert(con, "meta.release", [asdict(release) | {"published_at": release.published_at.isoformat()}])


def highest_number(releases: Path) -> int:
    """The highest number that notes were written under, 0 for none: no number is used again."""
    return max((int(folder.name) for folder in releases.glob("[0-9]*") if folder.name.isdigit()), default=0)


def last_recorded(releases: Path) -> Release | None:
    """The newest release whose record among the notes can be read; what is left to go by when its file is gone."""
    names = {field.name for field in fields(Release)}
    for folder in sorted(releases.glob("[0-9]*"), key=lambda path: path.name.zfill(9), reverse=True):
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            record = json.loads((folder / RECORD).read_text())
            facts = {name: value for name, value in record.items() if name in names}
            return Release(**facts | {"published_at": datetime.fromisoformat(facts["published_at"])})
    return None
