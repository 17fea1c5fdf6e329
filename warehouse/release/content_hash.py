"""One hash for the content of a warehouse or a snapshot, whatever file, order or machine it was written on.

Per table: every row as text (columns in order, a mark for NULL), its MD5 as a number, and the sum of these numbers: the sum
does not depend on the order of rows and changes with any row. The hash is the SHA-256 over all tables' names, columns, row
counts and sums. It guards against accidents and proves rebuilds; against forgery there are the SHA-256 of the files.
"""

import hashlib
from collections.abc import Sequence

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
SCHEMAS = ("meta", "core", "goals", "snapshot")


def columns_of(con: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    """The column names of a table or query, in order."""
    return [name for name, *_ in con.execute(f"DESCRIBE FROM {relation}").fetchall()]


def relation_digest(con: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str] | None = None) -> str:
    """One line about a table or query: its columns (all, or those named), number of rows and sums of row hashes."""
    columns = columns_of(con, relation) if columns is None else columns
    texts = ", ".join(f'coalesce("{name}"::VARCHAR, chr(30))' for name in columns)
    rows, low, high = one_row(
        con,
        f"""SELECT count(*), coalesce(sum(md5_number_lower(row_text)), 0), coalesce(sum(md5_number_upper(row_text)), 0)
        FROM (SELECT concat_ws(chr(31), {texts}) AS row_text FROM {relation})""",
    )
    return f"{','.join(columns)} {rows} {low} {high}"


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
        FROM duckdb_tables() WHERE database_name = current_database() AND schema_name IN {SCHEMAS} AND NOT temporary"""
    ).fetchall()
    return [(name, quoted) for name, quoted in tables if name not in EXCLUDED]


def keep_digests(con: duckdb.DuckDBPyConnection, last: dict[str, tuple[str, str]]) -> str:
    """The same hash. Keeps the digest of every table in `meta.table_digest`, beside a fingerprint of its rows.

    A table that has the fingerprint it had in the `last` release (name -> fingerprint, digest) has its digest too.
    The fingerprint is DuckDB's own hash of rows: fifteen times as fast, and only good for comparing within one version of DuckDB.
    """
    found = []
    for name, quoted in hashed_tables(con):
        shape = [column[:2] for column in con.execute(f"DESCRIBE {quoted}").fetchall()]
        rows = one_row(con, f"SELECT count(*), sum(hash(one)::HUGEINT), bit_xor(hash(one)) FROM {quoted} AS one")
        fingerprint = hashlib.sha256(f"{duckdb.__version__} {shape} {rows}".encode()).hexdigest()
        before, digest = last.get(name, ("", ""))
        digest = digest if fingerprint == before else relation_digest(con, quoted)
        found.append({"table_name": name, "fingerprint": fingerprint, "digest": digest})
    con.execute("DELETE FROM meta.table_digest")
    insert(con, "meta.table_digest", found)
    return hash_of({one["table_name"]: one["digest"] for one in found})
