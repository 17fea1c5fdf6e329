"""Bring the rows of a lake's table to those of a build, moving only what differs."""

import duckdb

from warehouse.database import scalar

Tables = dict[tuple[str, str], list[tuple[str, str]]]
"""(schema, table) -> (column, type) in order."""

COLUMNS = """
SELECT schema_name, table_name, list(struct_pack(name := column_name, kind := data_type) ORDER BY column_index)
FROM duckdb_columns() JOIN duckdb_tables() USING (database_name, schema_name, table_name)
WHERE database_name = $catalog AND NOT duckdb_tables.temporary AND schema_name IN ('main', 'meta', 'core', 'goals', 'snapshot')
GROUP BY ALL ORDER BY ALL"""


def tables_of(con: duckdb.DuckDBPyConnection, catalog: str) -> Tables:
    """The tables of an attached catalogue with their columns."""
    rows = con.execute(COLUMNS, {"catalog": catalog}).fetchall()
    return {(schema, table): [(one["name"], one["kind"]) for one in columns] for schema, table, columns in rows}


def replace_rows(
    con: duckdb.DuckDBPyConnection,
    source: str,
    target: str,
    table: tuple[str, str],
    columns: list[tuple[str, str]],
    there: list[tuple[str, str]] | None,
) -> None:
    """Make the rows of `target` those of `source`, within the caller's transaction; rows that stay are not touched.

    A table that is not there, or has other columns, is made anew. A row is known by the hash of its text, as in
    `content_hash`; equal rows are counted, so that a table with repeated rows is exact too.
    """
    name = ".".join(f'"{part}"' for part in table)
    if there != columns:
        con.execute(f"CREATE OR REPLACE TABLE {target}.{name} AS FROM {source}.{name}")
        return
    texts = ", ".join(f'coalesce("{column}"::VARCHAR, chr(30))' for column, _ in columns)
    row = f"md5_number(concat_ws(chr(31), {texts}))"
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE differing_row AS
        SELECT row_hash FROM (SELECT {row} AS row_hash, 1 AS side FROM {source}.{name}
                              UNION ALL SELECT {row}, -1 FROM {target}.{name})
        GROUP BY row_hash HAVING sum(side) <> 0"""  # noqa: S608 - names of ours
    )
    if scalar(con, "SELECT count(*) FROM differing_row"):
        con.execute(f"DELETE FROM {target}.{name} WHERE {row} IN (FROM differing_row)")  # noqa: S608 - as above
        con.execute(f"INSERT INTO {target}.{name} SELECT * FROM {source}.{name} WHERE {row} IN (FROM differing_row)")  # noqa: S608 - as above
