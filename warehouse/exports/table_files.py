"""Tables as files: CSV for every program, Parquet for analysts, one DuckDB file to attach.

CSV is UTF-8 without a mark, RFC 4180 (commas, CRLF, quotes doubled), lists joined by semicolons. A text that a
spreadsheet would take for a formula gets an apostrophe in front of it; numbers are left alone.
"""

import csv
from pathlib import Path

import duckdb

from warehouse.database import connect, literal
from warehouse.exports.tables import Table, field_words
from warehouse.files import quoted
from warehouse.register.dictionary import code_list

FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"


def text_of(column: str, sql_type: str) -> str:
    """The SQL that writes a column as the text that stands in CSV."""
    name = f'"{column}"'
    if sql_type.endswith("[]"):
        name, sql_type = f"array_to_string({name}, ';')", "VARCHAR"
    if sql_type == "VARCHAR":
        return f"CASE WHEN regexp_matches({name}, '{FORMULA}') THEN chr(39) || {name} ELSE {name} END"
    return f"{name}::VARCHAR"


def write_csv(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    """Write the rows of a query; returns how many."""
    columns = [(name, sql_type) for name, sql_type, *_ in con.execute(f"DESCRIBE {query}").fetchall()]
    cursor = con.execute(f"SELECT {', '.join(text_of(*column) for column in columns)} FROM ({query})")
    count = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([name for name, _ in columns])
        while rows := cursor.fetchmany(20_000):
            writer.writerows(rows)
            count += len(rows)
    return count


def write_parquet(con: duckdb.DuckDBPyConnection, query: str, path: Path, metadata: dict[str, str]) -> None:
    """Write the rows of a query with `metadata` inside the file (read it with `FROM parquet_kv_metadata('file')`)."""
    pairs = ", ".join(f"{literal(key)}: {literal(value)}" for key, value in metadata.items())
    con.execute(f"COPY ({query}) TO '{quoted(path)}' (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{pairs}}})")


def write_duckdb(tables: list[Table], folder: Path, path: Path) -> None:
    """One DuckDB file with the tables of the Parquet files in `folder`, each column described."""
    with connect(path) as con:
        for table in tables:
            parquet = quoted(folder / f"{table.name}.parquet")
            con.execute(f"CREATE TABLE \"{table.name}\" AS FROM read_parquet('{parquet}')")
            con.execute(f'COMMENT ON TABLE "{table.name}" IS {literal(table.words.comment())}')
            for column, *_ in con.execute(f'DESCRIBE "{table.name}"').fetchall():
                comment = field_words(table, column).comment(code_list(table.owner, column))
                con.execute(f'COMMENT ON COLUMN "{table.name}"."{column}" IS {literal(comment)}')
