"""Snapshots as tables of a release: `snapshot.*` holds every version that lies in the archive, and nothing else."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path

import duckdb

from warehouse.archive.edition import Edition
from warehouse.database import literal, one_row
from warehouse.release.changes import compare
from warehouse.release.content_hash import columns_of
from warehouse.release.snapshots import (
    TABLES,
    Snapshot,
    SnapshotError,
    check_version,
    compared,
    read_snapshots,
    snapshots_folder,
)


def load_snapshots(con: duckdb.DuckDBPyConnection, archive: Path, edition: Edition, made: Collection[str] = ()) -> None:
    """Put every version of every snapshot, real or synthetic, into `snapshot.*`, and take out what is no version any more.

    Versions in `made` were written a moment ago, and are not hashed once more.
    Raises SnapshotError where a version no longer has the content it was frozen with.
    """
    versions = read_snapshots(snapshots_folder(archive, edition))
    newest = {snapshot.year: snapshot.version for snapshot, _ in versions}
    compare(con, *2 * [compared("FROM goals.observation LIMIT 0")])
    shapes = {name: f"({select.format(day='0001-01-01')})" for name, select in TABLES.items()} | {"change": "change"}
    for name, shape in shapes.items():
        fit_table(con, f"snapshot.{name}", f"SELECT ''::VARCHAR AS snapshot_id, * FROM {shape} LIMIT 0")  # noqa: S608 - names of ours
    frozen = [snapshot.snapshot_id for snapshot, _ in versions]
    con.execute("DELETE FROM snapshot.snapshot")
    for name in (*shapes, "input"):
        con.execute(
            f"DELETE FROM snapshot.{name} WHERE NOT list_contains($frozen::VARCHAR[], snapshot_id)",  # noqa: S608 - names of ours
            {"frozen": frozen},
        )
    for snapshot, folder in versions:
        load_version(con, snapshot, folder, (*shapes, "input"), snapshot.snapshot_id in made)
        facts = asdict(snapshot)
        rows, changes, _ = facts.pop("rows"), facts.pop("changes"), facts.pop("columns")
        facts |= changes | {
            "snapshot_id": snapshot.snapshot_id,
            "is_latest": newest[snapshot.year] == snapshot.version,
            "observations": rows["observation"],
            "evidence": rows["evidence"],
            "verdicts": rows["verdict"],
        }
        values = ", ".join(f"${name} AS {name}" for name in facts)
        con.execute(f"INSERT INTO snapshot.snapshot BY NAME SELECT {values}", facts)


def fit_table(con: duckdb.DuckDBPyConnection, table: str, shape: str) -> None:
    """Make the table empty and with the columns of `shape`, unless it has just those."""
    there = con.execute(f"SELECT 1 FROM duckdb_tables() WHERE schema_name || '.' || table_name = '{table}'").fetchall()  # noqa: S608 - names of ours
    described = [con.execute(f"DESCRIBE FROM {one}").fetchall() for one in ((table, f"({shape})") if there else ())]
    if not there or [column[:2] for column in described[0]] != [column[:2] for column in described[1]]:
        con.execute(f"CREATE OR REPLACE TABLE {table} AS {shape}")


def load_version(
    con: duckdb.DuckDBPyConnection, snapshot: Snapshot, folder: Path, names: Sequence[str], sound: bool
) -> None:
    """The rows of one version, unless the tables have just those of its files. Raises SnapshotError like `check_version`, but for `sound` files."""
    mine, reading, stands = f"WHERE snapshot_id = {literal(snapshot.snapshot_id)}", {}, True
    try:
        for name in names:
            path, table = literal(str(folder / f"{name}.parquet")), f"snapshot.{name}"
            # A column that the tables have lost since stays in the archive's file.
            has = columns_of(con, table)
            columns = ", ".join(f'"{one}"' for one in columns_of(con, f"read_parquet({path})") if one in has)
            reading[table] = f"SELECT {columns} FROM read_parquet({path})"  # noqa: S608 - columns that our table has, a literal
            for said in ("count(*)", f"sum(hash({columns})::HUGEINT)"):  # The first costs nothing.
                both = (f"read_parquet({path})", f"{table} {mine}") if stands else ()
                stands = stands and len({one_row(con, f"SELECT {said} FROM {one}") for one in both}) == 1  # noqa: S608 - as above
    except duckdb.Error:
        stands = False
    if stands:
        return
    if not sound:
        check_version(snapshot, folder)
    if len(reading) < len(names):
        raise SnapshotError(
            f"snapshot {snapshot.snapshot_id}: {folder / f'{names[len(reading)]}.parquet'} cannot be read; put it back from a backup."
        )
    for table, select in reading.items():
        con.execute(f"DELETE FROM {table} {mine}")  # noqa: S608 - a literal
        con.execute(
            f"INSERT INTO {table} BY NAME SELECT {literal(snapshot.snapshot_id)} AS snapshot_id, * FROM ({select})"  # noqa: S608 - literals
        )
