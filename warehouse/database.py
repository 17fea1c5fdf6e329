"""Opening a database, and answers of queries as what is asked for: the one row, value or record, or all records."""

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

CREATES = re.compile(r"(?:\s|--[^\n]*\n)*CREATE (TABLE|VIEW|MACRO) ([\w.]+)(?: AS\b)?")
"""The head of a statement that creates something lasting, comments before it included."""
CATALOGUE = """
SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = current_database()
UNION SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE database_name = current_database()"""
FUNCTIONS = """
UNION SELECT schema_name || '.' || function_name FROM duckdb_functions() WHERE database_name = current_database()"""


def connect(path: Path | str, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a warehouse; nothing is ever fetched or loaded from outside."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        # Files that are written to again with it cannot be opened by DuckDB 1.4.
        "experimental_metadata_reuse": "false",
    }
    con = duckdb.connect(str(path), read_only=read_only, config=config)
    # DuckDB draws its bar on standard output, among the JSON of a command.
    con.execute("SET enable_progress_bar = false")
    return con


def literal(text: str | None) -> str:
    """A text inside a SQL statement."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows by column name, in one statement; all have the columns of the first. Does nothing without rows."""
    if not rows:
        return
    columns = ", ".join(f'"{name}"' for name in rows[0])
    values = f"({', '.join('?' * len(rows[0]))})"
    parameters = list(chain.from_iterable([row[name] for name in rows[0]] for row in rows))
    con.execute(f"INSERT INTO {table} ({columns}) VALUES {', '.join([values] * len(rows))}", parameters)  # noqa: S608 - names of ours


def one_row(con: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> tuple[Any, ...]:
    """The first row of a query that has one. Raises LookupError, which names the query, where it has none."""
    found = con.execute(query, parameters).fetchone()
    if found is None:
        raise LookupError(f"a query that always has a row had none: {query.strip()}")
    return found


def scalar(con: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> Any:
    """The first value of the first row."""
    return one_row(con, query, parameters)[0]


def one_record(con: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> dict[str, Any]:
    """The first row by column name."""
    values = one_row(con, query, parameters)
    return dict(zip([column[0] for column in con.description or []], values, strict=True))


def records(con: duckdb.DuckDBPyConnection, query: str, **parameters: Any) -> list[dict[str, Any]]:
    """All rows, each by column name."""
    cursor = con.execute(query, parameters) if parameters else con.execute(query)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def run_script(con: duckdb.DuckDBPyConnection, script: str) -> None:
    """Run statements on a database that may have what they create: a table is then filled, a view or macro stands.

    That is so where a build starts from the last release: the same code made it, and left its tables empty.
    """
    # Macros are in the list of all functions there are, which takes longer to look through than a step to run.
    catalogue = CATALOGUE + FUNCTIONS * ("CREATE MACRO" in script)
    there = {name for (name,) in con.execute(catalogue).fetchall()}
    for statement in duckdb.extract_statements(script):
        head = CREATES.match(statement.query)
        if head is None or (head[2] if "." in head[2] else f"main.{head[2]}") not in there:
            con.execute(statement)
        elif head[1] == "TABLE":
            con.execute(f"INSERT INTO {head[2]} {statement.query[head.end() :]}")
