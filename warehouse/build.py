"""Build a whole warehouse from the archive and the register: the fold, from the first file to the audits.

A build needs no network, no clock and no Prefect. The same archive and register give the same content hash.
"""

from pathlib import Path

import duckdb

from transforms import all_series
from transforms.aggregate import bound_masked_groups, load_atoms
from warehouse.archive import Archive, Vintage
from warehouse.cache import ParseCache
from warehouse.core import count_rows, create_core_tables, load_vintages
from warehouse.corrections import apply_corrections
from warehouse.drift import record_drift
from warehouse.edition import Edition
from warehouse.jaarverslag import complete_reports
from warehouse.query import connect
from warehouse.register_tables import REGISTER, load_register
from warehouse.steps import OnStep, unseen
from warehouse.withdrawals import in_force

SQL = Path(__file__).parent / "sql"


def run_sql(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run a file under `sql/`."""
    con.execute((SQL / name).read_text())


def build(
    target: Path,
    archive: Archive,
    cache: ParseCache,
    edition: Edition,
    register: Path = REGISTER,
    on_step: OnStep = unseen,
    vintages: list[Vintage] | None = None,
) -> None:
    """Write a complete warehouse to `target` (which must not exist), from `vintages` or all of the edition's.

    Raises FileRefused or RegisterError when an input cannot be read by today's declarations; nothing is published then.
    """
    with connect(target) as con:
        con.execute("SET preserve_insertion_order = true")
        run_sql(con, "build/10_tables.sql")
        run_sql(con, "build/15_snapshot_tables.sql")
        con.execute("INSERT INTO meta.edition VALUES (?, ?)", [edition.name, edition.synthetic])
        create_core_tables(con)
        on_step("register")
        load_register(con, register)
        if vintages is None:
            vintages = edition.vintages(archive)
        load_vintages(con, vintages, cache, on_step)
        count_rows(con)
        record_drift(con, vintages, cache, register)
        load_refused(con, archive, edition)
        load_withdrawals(con, archive, edition)
        apply_corrections(con)
        on_step("adding up")
        load_atoms(con, all_series())
        for step in ("build/20_parts.sql", "build/30_sites.sql", "build/35_identity.sql", "build/40_candidates.sql"):
            run_sql(con, step)
        on_step("bounds")
        bound_masked_groups(con, all_series())
        on_step("fold")
        run_sql(con, "build/50_fold.sql")
        complete_reports(con, edition.synthetic)
        # Steps of the adding up; what explains a value (atoms, and which site counted where) stays.
        con.execute("DROP TABLE core.candidate; DROP TABLE core.part; DROP TABLE core.site_of")
        for script in sorted((SQL / "surface").glob("*.sql")):
            run_sql(con, f"surface/{script.name}")


def load_withdrawals(con: duckdb.DuckDBPyConnection, archive: Archive, edition: Edition) -> None:
    """Who withdrew or restored which file, when and why."""
    standing = set(in_force(archive.folder).values())
    for decision, vintage in edition.withdrawals(archive):
        origin = vintage.origin
        con.execute(
            "INSERT INTO meta.withdrawal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                decision.told_at.replace(tzinfo=None),
                decision.sha256,
                origin.dataset_id,
                origin.file_name,
                origin.url,
                vintage.known_from,
                decision.told_by,
                decision.reason,
                decision.restored,
                decision in standing,
            ],
        )


def load_refused(con: duckdb.DuckDBPyConnection, archive: Archive, edition: Edition) -> None:
    """Files kept aside, with the reason, so that nobody has to search for what is missing."""
    for record in archive.refused():
        if record["synthetic"] == edition.synthetic:
            con.execute(
                "INSERT INTO meta.refused_file VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    record[key]
                    for key in ("sha256", "dataset_id", "file_name", "url", "retrieved_on", "bytes", "reason")
                ],
            )
