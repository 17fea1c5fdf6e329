"""A query of a person, run on the published release: it may only read, and for so long, with so much memory and so many rows."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flows.exit_codes import QueryError

if TYPE_CHECKING:
    import duckdb

    from warehouse.release.data_directory import DataDirectory

SECONDS, MEMORY, ROWS = 60, "2GB", 1_000_000
"""The limits of a query given on the command line. Whoever needs more opens the file with DuckDB itself."""
MORE = "ask for less, or open the warehouse read-only with DuckDB itself, which has no such limit"

CHANGING = re.compile(
    r'"function_name":"((?:enable|disable)_\w+|(?:force_)?checkpoint|write_log|truncate_duckdb_logs|query|json_execute_serialized_sql)"',
    re.IGNORECASE,
)
"""Functions of DuckDB that set something or write although they stand where a table does, and those that run a text as a query."""


@contextmanager
def open_published(data: "DataDirectory", memory: str | None = None) -> Iterator["duckdb.DuckDBPyConnection"]:
    """The published release, read-only, without files, network or settings. Raises NothingPublished."""
    from warehouse.database import literal

    with data.published.open() as con:
        folders = ", ".join(literal(folder) for folder in data.published.read_from(con))
        if memory:
            con.execute(f"SET memory_limit = '{memory}'; SET temp_directory = ''")
        con.execute(
            f"SET allowed_directories = [{folders}]; SET enable_external_access = false; SET lock_configuration = true"
        )
        yield con


def read_only(con: "duckdb.DuckDBPyConnection", query: str) -> None:
    """QueryError unless DuckDB's own parser finds nothing but statements that read."""
    statements = con.extract_statements(query)
    if not statements:
        raise QueryError("sql: expected a query, found none.")
    parsed = con.execute("SELECT json_serialize_sql($query::VARCHAR)", {"query": query}).fetchall()[0][0]
    if found := CHANGING.search(parsed):
        raise QueryError(
            f"sql: expected functions that read, found {found[1]}(); leave it out, nothing here can be set."
        )
    if json.loads(parsed)["error"]:
        kinds = [one.type.name for one in statements if one.type.name != "SELECT"] or ["PRAGMA"]
        hint = "give a PIVOT its values with IN (...)" if "CREATE" in kinds else "nothing here can be changed"
        reading = "statements that read (SELECT, FROM, WITH, DESCRIBE, SHOW, SUMMARIZE)"
        raise QueryError(f"sql: expected {reading}, found {', '.join(kinds)}; {hint}.")


@contextmanager
def limited(con: "duckdb.DuckDBPyConnection", query: str, seconds: float = SECONDS) -> Iterator[Any]:
    """The cursor of a query that only reads. Raises QueryError with DuckDB's own sentence, or with the limit that it met."""
    import duckdb

    timer = threading.Timer(seconds, con.interrupt)
    timer.daemon = True
    try:
        read_only(con, query)
        timer.start()
        yield con.execute(query)
    except duckdb.InterruptException:
        raise QueryError(f"sql: expected an answer within {seconds:g} seconds, found none; {MORE}.") from None
    except duckdb.OutOfMemoryException:
        raise QueryError(
            f"sql: expected a query that fits in {MEMORY} of memory, found a larger one; {MORE}."
        ) from None
    except duckdb.IOException:
        raise
    except duckdb.Error as fault:
        raise QueryError(f"sql: {str(fault).strip()}") from None
    finally:
        timer.cancel()


def rows_within(cursor: Any, most: int = ROWS) -> list[tuple[Any, ...]]:
    """All rows. QueryError when there are more than `most`."""
    rows: list[tuple[Any, ...]] = cursor.fetchmany(most + 1)
    if len(rows) > most:
        raise QueryError(f"sql: expected at most {most:,} rows, found more; {MORE}.")
    return rows
