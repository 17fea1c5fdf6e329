"""The notes of a release: what changed, for people (`changes.md`) and for machines (`release.json`)."""

from pathlib import Path
from typing import Any

import duckdb

from warehouse.database import records
from warehouse.files import write_bytes, write_json, write_sums
from warehouse.release.changes import ChangeCounts, changes_markdown, largest_changes
from warehouse.release.release_record import RECORD, Release


def withdrawal_line(decision: dict[str, Any]) -> str:
    """A decision about a file, a row of `meta.withdrawal`, as a line of the notes."""
    word = "restored" if decision["restored"] else "withdrawn" if decision["in_force"] else "withdrawn (restored since)"
    return (
        f"- {decision['file_name']} ({decision['sha256'][:12]}, known from {decision['known_from']}): {word} on "
        f"{decision['decided_at']:%Y-%m-%d} by {decision['decided_by']}: {decision['reason']}"
    )


def write_release_notes(
    con: duckdb.DuckDBPyConnection, folder: Path, release: Release, counts: ChangeCounts, not_compared: str = ""
) -> None:
    """Write both; `not_compared` says why the release could not be compared with the one before it."""
    schema = con.execute("FROM meta.schema_change").fetchall()
    tables = con.execute("FROM meta.count_change").fetchall()
    withdrawals = records(con, "FROM meta.withdrawal ORDER BY decided_at, sha256")
    comparable = release.previous_release_id is not None and not not_compared
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
    if withdrawals:
        lines += ["", "## Withdrawn files", "", *map(withdrawal_line, withdrawals)]
    values = changes_markdown(con, counts, "meta.release_change") if comparable else not_compared or "First release."
    lines += ["", "## Values", "", values]
    lines += ["## Tables and columns", "", *(f"- {kind}: {what}" for kind, what in schema)]
    lines += [] if schema else ["No change."]
    lines += ["", "## Rows", "", *(f"- {name}: {before} -> {after}" for name, before, after in tables)]
    lines += [] if tables else ["No change."]
    write_bytes(folder / "changes.md", ("\n".join(lines) + "\n").encode())
    machine = {
        **release.as_json(),
        "schema_changes": [{"kind": kind, "what": what} for kind, what in schema],
        "withdrawals": [{name: str(value) for name, value in one.items()} for one in withdrawals],
        "row_counts": [{"table": name, "before": before, "after": after} for name, before, after in tables],
        "largest_changes": largest_changes(con, "meta.release_change") if comparable else [],
    }
    write_json(folder / RECORD, machine)
    write_sums(folder)
