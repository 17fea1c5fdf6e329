"""Tables as files: Parquet for analysts, one DuckDB file to attach."""

from pathlib import Path

import duckdb

from warehouse.database import connect, literal
from warehouse.exports.tables import Table, field_words
from warehouse.files import quoted
from warehouse.register.dictionary import code_list


def write_parquet(con: duckdb.DuckDBPyConnection, query: str, path: Path, metadata: dict[str, str]) -> None:
    """Write the rows of a query with `metadata` inside the file (read it with `FROM parquet_kv_metadata('file')`)."""
    pairs = ", ".join(f"{literal(key)}: {literal(value)}" for key, value in metadata.items())
    con.execute(f"COPY ({query}) TO '{quoted(path)}' (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{pairs}}})")


def write_duckdb(tables: list[Table], folder: Path, path: Path) -> None:
    """One DuckDB file with the tables of the Parquet files in `folder`, each column described."""
    with connect(path) as con:
        for table in tables:
            parquet = quoted(folder / f"{table.name}.parquet")
            con.execute(f"CREATE TABLE \"{table.name}\" AS FROM read_parquet('{parquet}', hive_partitioning = false)")
            con.execute(f'COMMENT ON TABLE "{table.name}" IS {literal(table.words.comment())}')
            for column, *_ in con.execute(f'DESCRIBE "{table.name}"').fetchall():
                comment = field_words(table, column).comment(code_list(table.owner, column))
                con.execute(f'COMMENT ON COLUMN "{table.name}"."{column}" IS {literal(comment)}')
