"""The SQL surface: macros and views that people query, one .sql file per subject, run in order of name."""

from pathlib import Path

import duckdb

from warehouse.database import run_script

FOLDER = Path(__file__).parent


def create_api(con: duckdb.DuckDBPyConnection) -> None:
    """Create every macro, view and derived table of the surface over the `goals`, `core` and `meta` tables."""
    # As one script: to look what is there already costs more than to create it.
    run_script(con, "\n".join(script.read_text() for script in sorted(FOLDER.glob("*.sql"))))
