"""Audits: queries that must return no rows. One file each under `build/sql/audits`; a warehouse is published only when all pass."""

from typing import Any

import duckdb

from warehouse.build.tables import SQL

HIDDEN = ("source_file_id", "hint")


class AuditFailed(Exception):
    """A finished build breaks a law; it is not published.

    `findings` maps an audit to its first rows, `blamed` a source_file_id to a sentence: where an audit names files, in a
    column `source_file_id`, each can be held back by itself.
    """

    def __init__(self, findings: dict[str, list[tuple[Any, ...]]], blamed: dict[str, str] | None = None) -> None:
        self.findings, self.blamed = findings, blamed or {}
        name, rows = next(iter(findings.items()))
        others = f" (and {len(findings) - 1} more audits)" if len(findings) > 1 else ""
        super().__init__(
            f"audit {name}: expected no rows, found {len(rows)}, the first {rows[0]}{others}; "
            f"the last release stays published, read warehouse/build/sql/audits/{name}.sql for what the rows mean."
        )


def run_audits(con: duckdb.DuckDBPyConnection) -> int:
    """Run every audit. Returns how many there are; raises AuditFailed with all that failed."""
    scripts = sorted((SQL / "audits").glob("*.sql"))
    findings: dict[str, list[tuple[Any, ...]]] = {}
    blamed: dict[str, str] = {}
    for script in scripts:
        cursor = con.execute(script.read_text())
        columns = [column[0] for column in cursor.description or []]
        rows = cursor.fetchmany(20)
        if rows:
            findings[script.stem] = rows
        for row in rows if "source_file_id" in columns else ():
            said = dict(zip(columns, row, strict=True))
            shown = ", ".join(
                f"{name} {value}" for name, value in said.items() if name not in HIDDEN and value is not None
            )
            blamed.setdefault(said["source_file_id"], f"audit {script.stem}: expected no finding, found {shown}")
    if findings:
        raise AuditFailed(findings, blamed)
    return len(scripts)
