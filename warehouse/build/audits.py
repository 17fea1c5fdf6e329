"""Audits: queries that must return no rows. One file each under `build/sql/audits`; a warehouse is published only when all pass."""

from typing import Any

import duckdb

from warehouse.build.tables import SQL


class AuditFailed(Exception):
    """A finished build breaks a law; it is not published. `findings` maps an audit to its first rows."""

    def __init__(self, findings: dict[str, list[tuple[Any, ...]]]) -> None:
        self.findings = findings
        name, rows = next(iter(findings.items()))
        others = f" (and {len(findings) - 1} more audits)" if len(findings) > 1 else ""
        super().__init__(
            f"audit {name}: expected no rows, found {len(rows)}, the first {rows[0]}{others}; "
            f"the last release stays published, read warehouse/build/sql/audits/{name}.sql for what the rows mean."
        )


def run_audits(con: duckdb.DuckDBPyConnection) -> int:
    """Run every audit. Returns how many there are; raises AuditFailed with all that failed."""
    scripts = sorted((SQL / "audits").glob("*.sql"))
    findings = {}
    for script in scripts:
        rows = con.execute(script.read_text()).fetchmany(20)
        if rows:
            findings[script.stem] = rows
    if findings:
        raise AuditFailed(findings)
    return len(scripts)
