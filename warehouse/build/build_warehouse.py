"""Build a whole warehouse from the archive and the register: the fold, from the first file to the audits.

A build needs no network, no clock and no Prefect. The same archive and register give the same content hash.
"""

from pathlib import Path

import duckdb

from transforms import all_series
from warehouse.api import create_api
from warehouse.archive.acceptances import accepted
from warehouse.archive.edition import Edition
from warehouse.archive.model import Vintage
from warehouse.archive.store import Archive
from warehouse.archive.withdrawals import in_force
from warehouse.build.aggregate import bound_masked_groups, load_contributions
from warehouse.build.core_tables import count_rows, create_core_tables, load_vintages
from warehouse.build.corrections import apply_corrections
from warehouse.build.drift import record_drift
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect
from warehouse.progress import ProgressCallback, no_progress
from warehouse.register.loader import REGISTER, load_register

SQL = Path(__file__).parent / "sql"


def run_sql(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run a file under `build/sql/`."""
    con.execute((SQL / name).read_text())


def build(
    target: Path,
    archive: Archive,
    cache: ParseCache,
    edition: Edition,
    register: Path = REGISTER,
    progress: ProgressCallback = no_progress,
    vintages: list[Vintage] | None = None,
) -> None:
    """Write a complete warehouse to `target` (which must not exist), from `vintages` or all of the edition's.

    Raises FileRefused or RegisterError when an input cannot be read by today's declarations; nothing is published then.
    """
    with connect(target) as con:
        con.execute("SET preserve_insertion_order = true")
        run_sql(con, "ddl/10_tables.sql")
        run_sql(con, "ddl/15_snapshot_tables.sql")
        con.execute("INSERT INTO meta.edition VALUES (?, ?)", [edition.name, edition.synthetic])
        create_core_tables(con)
        progress("register")
        load_register(con, register, edition.register_overlay)
        if vintages is None:
            vintages = edition.vintages(archive)
        load_vintages(con, vintages, cache, progress)
        count_rows(con)
        record_drift(con, vintages, cache, register)
        record_accepted(con, vintages, archive)
        load_refused(con, archive, edition, {one.sha256 for one in vintages})
        load_withdrawals(con, archive, edition)
        apply_corrections(con)
        progress("adding up")
        load_contributions(con, all_series())
        for step in ("20_parts", "30_sites", "35_identity", "40_candidates"):
            run_sql(con, f"steps/{step}.sql")
        progress("bounds")
        bound_masked_groups(con, all_series())
        progress("fold")
        run_sql(con, "steps/50_fold.sql")
        # Steps of the adding up; what explains a value (atoms, and which site counted where) stays.
        con.execute("DROP TABLE core.candidate; DROP TABLE core.part; DROP TABLE core.site_of")
        create_api(con)


def record_accepted(con: duckdb.DuckDBPyConnection, vintages: list[Vintage], archive: Archive) -> None:
    """Mark the files that a person let in although they look wrong."""
    decided = accepted(archive.folder)
    for one in vintages:
        if decision := decided.get(one.sha256):
            detail = f"by {decision.decided_by} on {decision.decided_at:%Y-%m-%d}: {decision.reason}"
            con.execute("INSERT INTO meta.drift VALUES (?, 'accepted', ?)", [one.source_file_id, detail])


def load_withdrawals(con: duckdb.DuckDBPyConnection, archive: Archive, edition: Edition) -> None:
    """Who withdrew or restored which file, when and why."""
    standing = set(in_force(archive.folder))
    for decision, vintage in edition.withdrawals(archive):
        origin = vintage.origin
        con.execute(
            "INSERT INTO meta.withdrawal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                decision.decided_at.replace(tzinfo=None),
                decision.sha256,
                origin.dataset_id,
                decision.file_name or origin.file_name,
                origin.url,
                vintage.known_from,
                decision.decided_by,
                decision.reason,
                decision.restored,
                decision in standing,
            ],
        )


def load_refused(con: duckdb.DuckDBPyConnection, archive: Archive, edition: Edition, used: set[str]) -> None:
    """Files that are refused or held back, with the reason, so that nobody has to search for what is missing."""
    for record in archive.kept_aside():
        if record["synthetic"] == edition.synthetic and record["sha256"] not in used:
            con.execute(
                "INSERT INTO meta.refused_file VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    record[key]
                    for key in ("sha256", "dataset_id", "file_name", "url", "retrieved_on", "bytes", "reason")
                ],
            )
