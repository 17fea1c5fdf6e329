"""Which table refers to which, read from a published warehouse: from the names in its catalogue and the values in it.

The database declares no foreign keys (a release is built once and audited, never updated). A column `X_id`, `X_ids`, `X`
or `Xs` is taken to name rows of the table `X` when `X` is unique there and every value is one of its keys.
"""

from dataclasses import dataclass
from itertools import groupby

import duckdb

TABLES = """
SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name IN ('core', 'goals', 'meta', 'snapshot')
  AND (schema_name, table_name) IN (SELECT (schema_name, table_name) FROM duckdb_tables())
ORDER BY schema_name, table_name, column_index"""


@dataclass(frozen=True)
class Table:
    """A table of the warehouse: its columns in order, as (name, type)."""

    schema: str
    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def full_name(self) -> str:
        """Such as goals.observation."""
        return f"{self.schema}.{self.name}"

    @property
    def sql_name(self) -> str:
        """The same, quoted."""
        return f'"{self.schema}"."{self.name}"'


@dataclass(frozen=True, order=True)
class Relation:
    """Every value of `column` in the table `source` is a key of the table `target`."""

    source: str
    column: str
    target: str


def tables(con: duckdb.DuckDBPyConnection) -> list[Table]:
    """All tables that are kept, by schema and name."""
    found = con.execute(TABLES).fetchall()
    return [
        Table(schema, name, tuple((column, kind) for _, _, column, kind in columns))
        for (schema, name), columns in groupby(found, key=lambda row: row[:2])
    ]


def keys(con: duckdb.DuckDBPyConnection, all_tables: list[Table]) -> dict[str, tuple[Table, str]]:
    """Name of a thing -> the table that lists such things and its key column, where that is unique."""
    found = {}
    for table in all_tables:
        for column in (f"{table.name}_id", table.name):
            if column in dict(table.columns) and is_unique(con, table, column):
                found[table.name] = (table, column)
                break
    return found


def is_unique(con: duckdb.DuckDBPyConnection, table: Table, column: str) -> bool:
    """Does the table list things, and does the column identify each of them?"""
    query = f'SELECT count(*) > 1 AND count(DISTINCT "{column}") = count(*) FROM {table.sql_name}'  # noqa: S608 - names of ours
    return bool(value(con, query))


def relations(con: duckdb.DuckDBPyConnection) -> list[Relation]:
    """Every reference from one table to another that holds for all rows."""
    all_tables = tables(con)
    known = keys(con, all_tables)
    found = []
    for table in all_tables:
        for column, kind in table.columns:
            for name in things(column):
                target, key = known.get(name, (table, ""))
                if target is not table and holds(con, table, column, kind, target, key):
                    found.append(Relation(table.full_name, column, target.full_name))
    return found


def things(column: str) -> list[str]:
    """What a column may name: `goal_id` and `goal` a goal, `flags` a flag, `basis_evidence_ids` evidence."""
    stem = column.removesuffix("_ids").removesuffix("_id")
    parts = stem.split("_")
    return list(dict.fromkeys(["_".join(parts[start:]) for start in range(len(parts))] + [stem.removesuffix("s")]))


def holds(con: duckdb.DuckDBPyConnection, table: Table, column: str, kind: str, target: Table, key: str) -> bool:
    """Is there a value in the column, and is every one a key of the target?"""
    each = f'unnest("{column}")' if kind.endswith("[]") else f'"{column}"'
    if kind.rstrip("[]") != dict(target.columns)[key]:
        return False
    query = f"""
        SELECT count(*) > 0 AND bool_and(one::VARCHAR IN (SELECT "{key}"::VARCHAR FROM {target.sql_name}))
        FROM (SELECT DISTINCT {each} AS one FROM {table.sql_name}) WHERE one IS NOT NULL"""  # noqa: S608 - names of ours
    return bool(value(con, query))


def value(con: duckdb.DuckDBPyConnection, query: str) -> object:
    """The one value of a query."""
    row = con.execute(query).fetchone()
    return row[0] if row else None
