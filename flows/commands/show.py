"""Rows on a screen: tables for people, JSON for machines. Colours only where a person looks on."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
from rich.console import Console
from rich.markup import escape as escape
from rich.table import Table

from flows.faults import NothingPublished, QueryError
from warehouse.paths import DataDirectory

console = Console()
LONGEST = 60


class lines:
    """Sentences on the screen, never broken in the middle of an address or a path."""

    @staticmethod
    def print(*text: str, highlight: bool = False) -> None:
        """Print as `console.print` does, without wrapping."""
        console.print(*text, soft_wrap=True, highlight=highlight)


def open_published(data: DataDirectory) -> duckdb.DuckDBPyConnection:
    """The published release, read-only and shut off from files and network. Raises NothingPublished."""
    if not data.warehouse.exists():
        raise NothingPublished(
            f"{data.warehouse}: nothing has been published yet; run `sectorakkoord refresh` (sample edition) first."
        )
    con = duckdb.connect(str(data.warehouse), read_only=True)
    con.execute("SET enable_external_access = false; SET lock_configuration = true")
    return con


def rows_of(
    con: duckdb.DuckDBPyConnection, query: str, parameters: Any = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows. Raises QueryError with the database's own first sentence."""
    try:
        cursor = con.execute(query, parameters) if parameters else con.execute(query)
        return [column[0] for column in cursor.description or []], cursor.fetchall()
    except duckdb.Error as fault:
        raise QueryError(f"sql: {str(fault).strip()}") from None


def as_records(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows as dictionaries."""
    return [dict(zip(names, row, strict=True)) for row in rows]


def print_json(value: Any) -> None:
    """JSON on standard output, and nothing else."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def cell(value: Any) -> str:
    """A value as people read it; publishers' text never acts as markup."""
    if value is None:
        return "[dim]-[/]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        value = ", ".join(str(one) for one in value)
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return escape(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def print_table(names: Sequence[str], rows: Sequence[tuple[Any, ...]], title: str = "", most: int = 200) -> None:
    """A table as wide as its content needs, or the screen."""
    table = Table(title=title or None, title_justify="left", header_style="bold", row_styles=("", "dim"))
    for place, name in enumerate(names):
        numeric = rows and all(isinstance(row[place], int | float | type(None)) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows[:most]:
        table.add_row(*(cell(value) for value in row))
    console.print(table)
    if len(rows) > most:
        console.print(f"[dim]{most} of {len(rows)} rows; use --json for all.[/]")
