"""A release: what was published, when, from what, and how it differs from the release before it."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.archive.edition import Edition
from warehouse.database import insert, one_record, records, scalar
from warehouse.files import write_bytes, write_json
from warehouse.release.changes import ChangeCounts, changes_markdown, compare, largest_changes
from warehouse.release.content_hash import EXCLUDED as CHANGING
from warehouse.release.snapshots import compared
from warehouse.release.stores import LAST, NothingPublished, ReleaseStore

CURRENT = "SELECT * FROM {catalog}goals.observation WHERE known_to IS NULL"
EXCLUDED = tuple(sorted(CHANGING))
"""Tables about the making of a release: written after the comparison, so they are no difference."""
COLUMNS = """
SELECT table_schema || '.' || table_name || '.' || column_name || ' ' || data_type
FROM information_schema.columns WHERE table_catalog = '{catalog}' AND table_schema IN ('main', 'goals', 'core', 'meta', 'snapshot')
  AND table_schema || '.' || table_name NOT IN {left_out}"""

COUNTED = """
SELECT schema_name || '.' || table_name AS name, database_name, '"' || database_name || '"."' || schema_name || '"."' || table_name || '"'
FROM duckdb_tables()
WHERE NOT temporary AND name NOT IN {left_out} AND database_name IN ('{here}', '{last}')
ORDER BY ALL"""


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
        """The how-manieth release of this data directory."""
        return int(self.release_id)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        told: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return told


@dataclass(frozen=True)
class CurrentRelease:
    """The release in place, with what it was made from: publishers' files (SHA-256 -> name) and snapshots, by id."""

    release: Release
    files: dict[str, str]
    snapshots: set[str]


def published_release(place: ReleaseStore) -> Release | None:
    """The release in place, or None where nothing has been published yet."""
    with suppress(NothingPublished), place.open() as con:
        return release_in(con)
    return None


def current_release(place: ReleaseStore) -> CurrentRelease | None:
    """The same with what it was made from, in one look: two could see two releases."""
    with suppress(NothingPublished), place.open() as con:
        files = con.execute("SELECT sha256, file_name FROM meta.source_file WHERE dataset_id <> 'register'").fetchall()
        snapshots = con.execute("SELECT snapshot_id FROM snapshot.snapshot").fetchall()
        return CurrentRelease(release_in(con), dict(files), {snapshot_id for (snapshot_id,) in snapshots})
    return None


def release_in(con: duckdb.DuckDBPyConnection) -> Release:
    """The release in an open warehouse."""
    return Release(**one_record(con, "FROM meta.release"))


def compare_with_last(
    con: duckdb.DuckDBPyConnection, place: ReleaseStore, last: Release | None, edition: Edition
) -> ChangeCounts:
    """Compare the build with the release in place into `meta.release_change` and `meta.schema_change`.

    A first release, and one of another edition, has nothing to be compared with.
    """
    # A build that is a copy of the last release holds that release's rows.
    con.execute("DELETE FROM meta.release_change; DELETE FROM meta.schema_change; DELETE FROM meta.count_change")
    new = CURRENT.format(catalog="")
    if last is None or last.edition != edition.name:
        counts = compare(con, *2 * [compared(f"{new} LIMIT 0")])
    else:
        here = scalar(con, "SELECT current_database()")
        with place.attached(con):
            counts = compare(con, compared(CURRENT.format(catalog=f"{LAST}.")), compared(new))
            for kind, one, other in (("removed", LAST, here), ("added", here, LAST)):
                con.execute(
                    f"INSERT INTO meta.schema_change (kind, what) SELECT '{kind}', * FROM "
                    f"({COLUMNS.format(catalog=one, left_out=EXCLUDED)} EXCEPT {COLUMNS.format(catalog=other, left_out=EXCLUDED)}) "
                    "ORDER BY ALL"
                )
            record_count_changes(con, here)
    con.execute("INSERT INTO meta.release_change BY NAME FROM change ORDER BY ALL")
    return counts


def record_count_changes(con: duckdb.DuckDBPyConnection, here: str) -> None:
    """Tables with another number of rows than in the last release, into `meta.count_change`.

    The rows are counted: DuckDB's own `estimated_size` still holds rows that were deleted.
    """
    counts: dict[str, dict[str, int]] = {}
    for name, database, table in con.execute(COUNTED.format(here=here, last=LAST, left_out=EXCLUDED)).fetchall():
        counts.setdefault(name, {})[database] = scalar(con, f"SELECT count(*) FROM {table}")
    changed = [
        {"table_name": name, "rows_before": rows.get(LAST), "rows_after": rows.get(here)}
        for name, rows in counts.items()
        if rows.get(LAST) != rows.get(here)
    ]
    insert(con, "meta.count_change", changed)


def record_release(con: duckdb.DuckDBPyConnection, release: Release) -> None:
    """Write the release into the file it describes."""
    con.execute("DELETE FROM meta.release")
    insert(con, "meta.release", [asdict(release) | {"published_at": release.published_at.isoformat()}])


def withdrawal_line(decision: dict[str, Any]) -> str:
    """A decision about a file, a row of `meta.withdrawal`, as a line of the notes."""
    word = "restored" if decision["restored"] else "withdrawn" if decision["holds"] else "withdrawn (restored since)"
    return (
        f"- {decision['file_name']} ({decision['sha256'][:12]}, known from {decision['known_from']}): {word} on "
        f"{decision['told_at']:%Y-%m-%d} by {decision['told_by']}: {decision['reason']}"
    )


def write_release_notes(con: duckdb.DuckDBPyConnection, folder: Path, release: Release, counts: ChangeCounts) -> None:
    """What changed, for people (`changes.md`) and for machines (`release.json`)."""
    schema = con.execute("FROM meta.schema_change").fetchall()
    tables = con.execute("FROM meta.count_change").fetchall()
    lines = [
        f"# Release {release.release_id}, version {release.version}",
        "",
        f"{release.edition} edition, published {release.published_at:%d-%m-%Y %H:%M} UTC, {release.audits} audits passed.",
    ]
    if release.synthetic:
        lines += [
            "",
            "**Sample edition: everything at school level is synthetic; national published figures are real.**",
        ]
    withdrawals = records(con, "FROM meta.withdrawal ORDER BY told_at, sha256")
    if withdrawals:
        lines += ["", "## Withdrawn files", "", *map(withdrawal_line, withdrawals)]
    first = release.previous_release_id is None
    lines += ["", "## Values", "", "First release." if first else changes_markdown(con, counts, "meta.release_change")]
    lines += (
        ["## Tables and columns", ""]
        + [f"- {kind}: {what}" for kind, what in schema]
        + ([] if schema else ["No change."])
    )
    lines += ["", "## Rows", ""] + (
        [f"- {name}: {before} -> {after}" for name, before, after in tables] or ["No change."]
    )
    write_bytes(folder / "changes.md", ("\n".join(lines) + "\n").encode())
    machine = {
        **release.as_json(),
        "schema_changes": [{"kind": kind, "what": what} for kind, what in schema],
        "withdrawals": [{name: str(value) for name, value in one.items()} for one in withdrawals],
        "row_counts": [{"table": name, "before": before, "after": after} for name, before, after in tables],
        "largest_changes": [] if first else largest_changes(con, "meta.release_change"),
    }
    write_json(folder / "release.json", machine)
