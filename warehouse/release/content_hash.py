"""One hash for the content of a warehouse or a snapshot, whatever file, order or machine it was written on.

Per table: every row as text (columns in order, a mark for NULL), its MD5 as a number, and the sum of these numbers: the sum
does not depend on the order of rows and changes with any row. The hash is the SHA-256 over all tables' names, columns, row
counts and sums. It guards against accidents and proves rebuilds; against forgery there are the SHA-256 of the files.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import duckdb

from warehouse.database import insert, one_row

EXCLUDED = {
    "meta.release",
    "meta.release_change",
    "meta.schema_change",
    "meta.count_change",
    "meta.refused_file",
    "meta.dictionary",
    "meta.making",
    "meta.table_digest",
}
"""Tables about the making of a release, about what was kept out of it, and words; they may differ where the content is the same."""
PARTS = {
    ("indicator_id", "method_version"): "coalesce(indicator_id || '/' || method_version, '')",
    ("source_file_id",): "coalesce(source_file_id, '')",
    ("snapshot_id",): "coalesce(snapshot_id, '')",
}
"""Columns of a table -> SQL: the parts in which its sums are kept."""
Parts = dict[tuple[str, str], tuple[Any, ...]]
"""Table and part -> fingerprint, number of rows and sums."""
SCHEMAS = ("meta", "core", "goals", "snapshot")


def columns_of(con: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    """The column names of a table or query, in order."""
    return [name for name, *_ in con.execute(f"DESCRIBE FROM {relation}").fetchall()]


def relation_digest(con: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str] | None = None) -> str:
    """One line about a table or query: its columns (all, or those named), number of rows and sums of row hashes."""
    columns = columns_of(con, relation) if columns is None else columns
    return line_of(columns, one_row(con, f"SELECT {sums_of(columns)} FROM {relation}"))  # noqa: S608 - names of ours


def sums_of(columns: Sequence[str]) -> str:
    """SQL: the number of rows and the sums of their hashes."""
    texts = ", ".join(f'coalesce("{name}"::VARCHAR, chr(30))' for name in columns)
    row = f"concat_ws(chr(31), {texts})"
    # The halves that md5_number_lower and md5_number_upper give; as one expression the hash is made once.
    halves = (f"(md5_number({row}) >> 64)::UBIGINT", f"(md5_number({row}) & {2**64 - 1})::UBIGINT")
    return ", ".join(["count(*)", *(f"coalesce(sum({half}), 0)" for half in halves)])


def line_of(columns: Sequence[str], sums: Sequence[int]) -> str:
    """The line about a table from its columns and sums."""
    return " ".join([",".join(columns), *map(str, sums)])


def hash_of(digests: dict[str, str]) -> str:
    """The SHA-256 over named digests, in order of name."""
    return hashlib.sha256("\n".join(f"{name} {digests[name]}" for name in sorted(digests)).encode()).hexdigest()


def content_hash(con: duckdb.DuckDBPyConnection) -> str:
    """The hash of all tables but EXCLUDED."""
    return hash_of(table_digests(con))


def table_digests(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What the hash is over: the digest of each table."""
    return {name: relation_digest(con, quoted) for name, quoted in hashed_tables(con)}


def hashed_tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """The tables that the hash is over, as plain and as quoted names."""
    tables = con.execute(
        f"""SELECT schema_name || '.' || table_name, '"' || schema_name || '"."' || table_name || '"'
        FROM duckdb_tables() WHERE database_name = current_database() AND schema_name IN {SCHEMAS} AND NOT temporary"""  # noqa: S608 - a constant
    ).fetchall()
    return [(name, quoted) for name, quoted in tables if name not in EXCLUDED]


def keep_digests(con: duckdb.DuckDBPyConnection, last: Parts) -> str:
    """The same hash. Keeps in `meta.table_digest` what it is the sum of, beside a fingerprint of the rows of each part.

    A part of a table (an indicator by a method, a file, a snapshot) with the fingerprint that it had in the `last` release has
    its sums too. A fingerprint is made of DuckDB's own hashes: fifteen times as fast, and the same in one version of DuckDB only.
    """
    found: Parts = {}
    for name, quoted in hashed_tables(con):
        shape = [tuple(column[:2]) for column in con.execute(f"DESCRIBE {quoted}").fetchall()]
        columns = [column for column, _ in shape]
        part = next((sql for owners, sql in PARTS.items() if {*owners} <= {*columns}), "''")
        # No name here that a column could have as well: it would be taken for that column.
        marks = f"SELECT {part}, count(*), sum(hash(__row)::HUGEINT), bit_xor(hash(__row)) FROM {quoted} AS __row GROUP BY ALL"  # noqa: S608 - names of ours
        parts = {
            (name, one): hashlib.sha256(f"{duckdb.__version__} {shape} {mark}".encode()).hexdigest()
            for one, *mark in con.execute(marks).fetchall()
        }
        same = {key: last[key] for key, mark in parts.items() if key in last and last[key][0] == mark}
        fresh = [one for _, one in parts.keys() - same.keys()]
        summed = f"SELECT {part}, {sums_of(columns)} FROM {quoted} WHERE list_contains($fresh, {part}) GROUP BY ALL"  # noqa: S608 - names of ours
        for one, *sums in con.execute(summed, {"fresh": fresh}).fetchall() if fresh else ():
            same[name, one] = (parts[name, one], *sums)
        found |= {key: same[key] for key in parts} or {(name, ""): ("", 0, 0, 0)}
    keep_parts(con, found)
    digests: dict[str, str] = {}
    for name, quoted in hashed_tables(con):
        by_part = zip(*(said[1:] for (table, _), said in found.items() if table == name), strict=True)
        digests[name] = line_of(columns_of(con, quoted), [sum(one) for one in by_part])
    return hash_of(digests)


def keep_parts(con: duckdb.DuckDBPyConnection, found: Parts) -> None:
    """Write them down."""
    names = ("table_name", "part", "fingerprint", "rows", "sum_lower", "sum_upper")
    con.execute("DELETE FROM meta.table_digest")
    insert(con, "meta.table_digest", [dict(zip(names, (*key, *said), strict=True)) for key, said in found.items()])


def kept_parts(con: duckdb.DuckDBPyConnection, catalog: str) -> Parts:
    """What a release keeps; empty for one that has no such table, or another one."""
    with suppress(duckdb.CatalogException, duckdb.BinderException):
        kept = con.execute(
            f"SELECT table_name, part, fingerprint, rows, sum_lower::HUGEINT, sum_upper::HUGEINT FROM {catalog}.meta.table_digest"  # noqa: S608 - a name of ours
        ).fetchall()
        return {(name, part): (mark, *map(int, sums)) for name, part, mark, *sums in kept}
    return {}
