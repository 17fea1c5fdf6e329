"""Build a whole warehouse from the archive and the register: the fold, from the first file to the audits.

A build needs no network, no clock and no Prefect. The same archive and register give the same content hash.
"""

import shutil
from pathlib import Path

import duckdb

from transforms import all_series
from warehouse.api import create_api
from warehouse.archive.acceptances import accepted
from warehouse.archive.edition import Edition
from warehouse.archive.model import Vintage
from warehouse.archive.store import Archive
from warehouse.archive.withdrawals import in_force
from warehouse.build.contributions import bound_masked_ratios, load_contributions
from warehouse.build.core_tables import count_rows, load_datasets, load_vintages
from warehouse.build.corrections import apply_corrections
from warehouse.build.drift import record_drift
from warehouse.build.increment import Kept, Start, forget_units, keep, nothing_to_start_from, started, starting_key
from warehouse.build.input_hash import code_version
from warehouse.build.parse_cache import ParseCache
from warehouse.build.tables import SQL, create_tables
from warehouse.database import connect, insert, literal, run_script, scalar
from warehouse.files import atomic_file
from warehouse.progress import ProgressCallback, no_progress
from warehouse.register.dictionary import entries, set_comments
from warehouse.register.loader import REGISTER, load_register

GIBIBYTES = {"bytes": 2**-30, "KiB": 2**-20, "MiB": 2**-10, "GiB": 1, "TiB": 2**10}
"""A unit in which DuckDB prints sizes -> GiB."""
MOST_MEMORY_GIB = 1.5
"""The fold of 10 million values takes 1.08 times as long in it as without a limit (`make bench`)."""


def run_sql(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run a file under `build/sql/`."""
    run_script(con, (SQL / name).read_text())


def build(
    target: Path,
    archive: Archive,
    cache: ParseCache,
    edition: Edition,
    register: Path = REGISTER,
    progress: ProgressCallback = no_progress,
    vintages: list[Vintage] | None = None,
    memory_limit: str | None = None,
    start: Start = nothing_to_start_from,
) -> bool:
    """Write a complete warehouse to `target` (which must not exist), from `vintages` or all of the edition's.

    `memory_limit` is a size such as 2GB (default: see `default_memory_limit`); what does not fit is written beside `target`.
    `start` gives the last release to start from; returns whether the build did (see `warehouse.build.increment`).
    Raises FileRefused or RegisterError when an input cannot be read by today's declarations; nothing is published then.
    """
    key = starting_key(register, edition)
    continued = started(target, start, key)
    if not continued:
        copy_empty(target, cache.folder)
    with connect(target) as con:
        con.execute(f"SET memory_limit = {literal(memory_limit or default_memory_limit(con))}")
        con.execute(f"SET temp_directory = {literal(f'{target}.tmp')}")
        kept = keep(con) if continued else Kept()
        insert(con, "meta.making", [{"starting_key": key}])
        load_datasets(con)
        insert(con, "meta.edition", [{"edition": edition.name, "synthetic": edition.synthetic}])
        progress("register")
        if not continued:
            load_register(con, register, edition.register_overlay)
        if vintages is None:
            vintages = edition.vintages(archive)
        touched = load_vintages(con, vintages, cache, progress, kept)
        count_rows(con, touched)
        record_drift(con, vintages, cache, register)
        record_accepted(con, vintages, archive)
        load_refused(con, archive, edition, {one.sha256 for one in vintages})
        load_withdrawals(con, archive, edition)
        apply_corrections(con)
        progress("adding up")
        load_contributions(con, all_series(), touched)
        for step in ("20_site_sums", "30_sites", "35_identity"):
            run_sql(con, f"steps/{step}.sql")
        forget_units(con, kept)
        run_sql(con, "steps/40_candidates.sql")
        progress("bounds")
        bound_masked_ratios(con, all_series())
        progress("fold")
        run_sql(con, "steps/50_fold.sql")
        run_sql(con, "steps/55_same_day.sql")
        # Steps of the adding up; what explains a value (contributions, and which site counted where) stays.
        con.execute("DROP TABLE core.candidate; DROP TABLE core.site_sum")
        create_api(con)
    return continued


def default_memory_limit(con: duckdb.DuckDBPyConnection) -> str:
    """Half of the memory there is, at most MOST_MEMORY_GIB. DuckDB knows the limit of a container; its own default is 80 % of that."""
    size, unit = scalar(con, "SELECT current_setting('memory_limit')").split()
    share = float(size) * GIBIBYTES[unit] * 0.5 / 0.8
    return f"{min(share, MOST_MEMORY_GIB):.3f}GiB"


def copy_empty(target: Path, cache: Path) -> None:
    """Write a warehouse to `target` that has every fixed and generated table, with comments, and no rows.

    It is made once per version of the code and kept in the folder `cache`: a thousand comments take longer than a small build.
    """
    template = cache / f"empty-{code_version()}-{duckdb.__version__}.duckdb"
    if not template.exists():
        cache.mkdir(parents=True, exist_ok=True)
        for outdated in cache.glob("empty-*.duckdb"):
            outdated.unlink(missing_ok=True)
        with atomic_file(template) as part, connect(part) as con:
            create_tables(con)
            set_comments(con, entries(con))
    shutil.copyfile(template, target)


def record_accepted(con: duckdb.DuckDBPyConnection, vintages: list[Vintage], archive: Archive) -> None:
    """Mark the files that a person let in although they look wrong."""
    decided = accepted(archive.folder)
    marks = [
        {
            "source_file_id": one.source_file_id,
            "kind": "accepted",
            "detail": f"by {decision.decided_by} on {decision.decided_at:%Y-%m-%d}: {decision.reason}",
        }
        for one in vintages
        if (decision := decided.get(one.sha256))
    ]
    insert(con, "meta.drift", marks)


def load_withdrawals(con: duckdb.DuckDBPyConnection, archive: Archive, edition: Edition) -> None:
    """Who withdrew or restored which file, when and why."""
    standing = set(in_force(archive.folder))
    decisions = [
        {
            "decided_at": decision.decided_at.replace(tzinfo=None),
            "sha256": decision.sha256,
            "dataset_id": vintage.origin.dataset_id,
            "file_name": decision.file_name or vintage.origin.file_name,
            "url": vintage.origin.url,
            "known_from": vintage.known_from,
            "decided_by": decision.decided_by,
            "reason": decision.reason,
            "restored": decision.restored,
            "in_force": decision in standing,
        }
        for decision, vintage in edition.withdrawals(archive)
    ]
    insert(con, "meta.withdrawal", decisions)


def load_refused(con: duckdb.DuckDBPyConnection, archive: Archive, edition: Edition, used: set[str]) -> None:
    """Files that are refused or held back, with the reason, so that nobody has to search for what is missing."""
    columns = ("sha256", "dataset_id", "file_name", "url", "retrieved_on", "bytes", "reason")
    records = [
        {name: record[name] for name in columns}
        for record in archive.refused_or_held_back()
        if record["synthetic"] == edition.synthetic and record["sha256"] not in used
    ]
    insert(con, "meta.refused_file", records)
