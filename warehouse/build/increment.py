"""A build that starts from the last release: what no change can have touched stays, all else is made anew.

Kept are the dictionary, the register, the rows of files (tables of datasets, quarantine, their counts), the contributions of series whose
tables are as before, and the observations of units whose inputs are as before. A unit is an indicator by a method: no value depends on another unit. What its
inputs are is not declared but read: the rows of all tables that the fold of a unit reads are compared before and after. Every
other table is emptied and filled as in a build from nothing, so that a new table or step needs no word here; only a step that changes
observations after the fold keeps to the units in `unit_to_fold`.

Code and register must be those of the release (`starting_key`); `sectorakkoord verify --rebuild` proves the result.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from schemas.datasets import datasets
from schemas.register.reader import REGISTER
from warehouse.archive.edition import Edition
from warehouse.archive.model import Vintage
from warehouse.build.input_hash import judged_by, register_version
from warehouse.database import connect, insert, scalar
from warehouse.files import remove_database

Start = Callable[[Path], bool]
"""Writes the last release to the path; False where it cannot be had as a file."""
Unit = tuple[str, str]
"""Indicator and method version."""
ROWS_KEPT = {
    "core.contribution",
    "goals.break_flag",
    "goals.observation",
    "meta.dictionary",
    "meta.partition_count",
    "meta.quarantine",
    "meta.row_count",
    "meta.source_file",
}
"""Tables that are not emptied, beside those of datasets and of the register."""
LEAST_FILLED = 2 / 3
"""A file of which less holds data is made anew: what a build deletes leaves holes."""

# All that the fold of a unit reads, but for what code and register say. Rows of one file never change (its hash is its name), so
# that its contributions stand for the rows that bounds are read from.
INPUTS = """
WITH membership AS (SELECT source_file_id, period_end, count(*) AS n, sum(hash(__row)::HUGEINT) AS rows FROM core.entity_of AS __row GROUP BY ALL),
input AS (
    SELECT indicator_id, method_version, hash(__row) AS said FROM core.contribution AS __row
    UNION ALL
    SELECT indicator_id, method_version, hash(__row, membership, file)
    FROM core.file_precedence AS __row
    LEFT JOIN membership USING (source_file_id, period_end) LEFT JOIN meta.source_file AS file USING (source_file_id)
    UNION ALL
    SELECT indicator_id, method_version, hash(__row) FROM goals.published_value AS __row
)
SELECT indicator_id, method_version, count(*), sum(said::HUGEINT) FROM input GROUP BY ALL"""


@dataclass(frozen=True)
class Kept:
    """What the release that a build starts from holds: its files, and the inputs of its units. Empty for a build from nothing."""

    files: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """source_file_id -> SHA-256, dataset and file name: all that the rows of a file depend on beside the code."""
    inputs: dict[Unit, tuple[int, int]] = field(default_factory=dict)


def starting_key(register: Path, edition: Edition) -> str:
    """What must be the same for a build to start from a release: code, register, edition and DuckDB."""
    overlay = register_version(edition.register_overlay) if edition.register_overlay else ""
    return " ".join([judged_by(register), overlay, edition.name, duckdb.__version__])


def nothing_to_start_from(target: Path) -> bool:
    """A build from nothing."""
    return False


def started(target: Path, start: Start, key: str) -> bool:
    """Copy the last release to `target`. False, and no file, where a build must not start from it."""
    if start(target):
        try:
            with connect(target) as con:
                fit = scalar(con, "SELECT starting_key FROM meta.making") == key and well_filled(con)
        except (duckdb.Error, LookupError):  # A release of before 0.2, or none at all.
            fit = False
        if fit:
            return True
    remove_database(target)
    return False


def well_filled(con: duckdb.DuckDBPyConnection) -> bool:
    """Does the file hold mostly data?"""
    used, total = con.execute("SELECT used_blocks, total_blocks FROM pragma_database_size()").fetchall()[0]
    return bool(used >= LEAST_FILLED * total)


def keep(con: duckdb.DuckDBPyConnection) -> Kept:
    """What the release holds; empties every table whose rows are not kept."""
    files = con.execute("SELECT source_file_id, sha256, dataset_id, file_name FROM meta.source_file").fetchall()
    kept = Kept({name: tuple(said) for name, *said in files}, inputs_of_units(con))
    tables = (
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary"
    )
    rows_kept = {f"core.{name}" for name in datasets()} | {f"goals.{name}" for name in REGISTER} | ROWS_KEPT
    for schema, table in con.execute(tables).fetchall():
        if schema != "snapshot" and f"{schema}.{table}" not in rows_kept:
            con.execute(f'TRUNCATE "{schema}"."{table}"')
    con.execute("DELETE FROM meta.source_file WHERE dataset_id <> 'register'")
    return kept


def forget_files(con: duckdb.DuckDBPyConnection, kept: Kept, vintages: list[Vintage]) -> tuple[set[str], set[str]]:
    """Delete the rows of files that do not stand as they are. Returns the files that do, and the datasets that lost rows.

    All files of a dataset that has corrections are read anew: a correction is applied to what the file says.
    """
    corrected = {name for (name,) in con.execute("SELECT DISTINCT dataset_id FROM goals.correction").fetchall()}
    stand = {
        one.source_file_id
        for one in vintages
        if kept.files.get(one.source_file_id) == (one.sha256, one.origin.dataset_id, one.origin.file_name)
        and one.origin.dataset_id not in corrected
    }
    gone = {
        name: dataset for name, (_, dataset, _) in kept.files.items() if dataset != "register" and name not in stand
    }
    for name, dataset in gone.items():
        con.execute(f"DELETE FROM core.{dataset} WHERE source_file_id = $file", {"file": name})  # noqa: S608 - names of ours
        con.execute("DELETE FROM meta.quarantine WHERE source_file_id = $file", {"file": name})
    return stand, set(gone.values())


def inputs_of_units(con: duckdb.DuckDBPyConnection) -> dict[Unit, tuple[int, int]]:
    """Unit -> number and sum of the hashes of all rows that its fold reads."""
    return {(indicator, method): (n, said) for indicator, method, n, said in con.execute(INPUTS).fetchall()}


def forget_units(con: duckdb.DuckDBPyConnection, kept: Kept) -> None:
    """Name the units to fold in the temporary table `unit_to_fold`, and delete their observations and those of units that are gone."""
    now = inputs_of_units(con)
    changed = {unit for unit in {*now, *kept.inputs} if now.get(unit) != kept.inputs.get(unit)}
    con.execute("CREATE TEMP TABLE unit_to_fold (indicator_id VARCHAR, method_version VARCHAR)")
    insert(
        con,
        "unit_to_fold",
        [dict(zip(("indicator_id", "method_version"), unit, strict=True)) for unit in sorted(changed)],
    )
    if kept.inputs:
        con.execute("DELETE FROM goals.observation WHERE (indicator_id, method_version) IN (FROM unit_to_fold)")
