"""The answers of queries that have exactly one: a row, a value, a record."""

from typing import Any

import duckdb


def one_row(con: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> tuple[Any, ...]:
    """The first row of a query that has one. Raises LookupError, which tells the query, where it has none."""
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
