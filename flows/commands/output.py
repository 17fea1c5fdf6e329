"""Rows on a screen: tables for people, JSON for machines. Colours only where a person looks on.

Nothing heavy is imported before a command runs: help and completion answer at once.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.markup import escape as escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from flows.exit_codes import QueryError
from warehouse.progress import ProgressCallback

if TYPE_CHECKING:
    import duckdb

    from warehouse.release.data_directory import DataDirectory

console = Console()
errors = Console(stderr=True)
LONGEST = 60
GOALS = tuple(f"G{number:02d}" for number in range(1, 16))


class lines:
    """Sentences on the screen, never broken in the middle of an address or a path."""

    @staticmethod
    def print(*text: str, highlight: bool = False) -> None:
        """Print as `console.print` does, without wrapping."""
        console.print(*text, soft_wrap=True, highlight=highlight)


def json_of(shape: str) -> Any:
    """The option --json of a command. Its help says what comes; the reference and the tests read it there."""
    return typer.Option("--json", help=f"JSON on standard output: {shape}.")


def data_directory() -> "DataDirectory":
    """The data directory of the settings in force."""
    from flows.settings import load_settings

    return load_settings().directory


@contextmanager
def open_published(data: "DataDirectory") -> Iterator["duckdb.DuckDBPyConnection"]:
    """The published release, read-only and shut off from files and network. Raises NothingPublished."""
    from warehouse.database import literal

    with data.published.open() as con:
        folders = ", ".join(literal(folder) for folder in data.published.read_from(con))
        con.execute(
            f"SET allowed_directories = [{folders}]; SET enable_external_access = false; SET lock_configuration = true"
        )
        yield con


def rows_of(
    con: "duckdb.DuckDBPyConnection", query: str, parameters: Any = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows. Raises QueryError with the database's own sentence, unless what it reads is away."""
    import duckdb

    try:
        if not con.extract_statements(query):
            raise QueryError("sql: expected a query, found none.")
        cursor = con.execute(query, parameters) if parameters else con.execute(query)
        return [column[0] for column in cursor.description or []], cursor.fetchall()
    except duckdb.IOException:
        raise
    except duckdb.Error as fault:
        raise QueryError(f"sql: {str(fault).strip()}") from None


def as_records(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows as dictionaries."""
    return [dict(zip(names, row, strict=True)) for row in rows]


def print_json(value: Any) -> None:
    """JSON on standard output, and nothing else."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str), flush=True)


def print_error(sentence: str, code: int, meaning: str) -> None:
    """What went wrong, on standard error: a sentence for people, an object for who asked for JSON."""
    if wants_json():
        told = {"error": sentence, "exit_code": code, "meaning": meaning}
        print(json.dumps(told, indent=2, ensure_ascii=False), file=sys.stderr)
    else:
        errors.print(f"[bold red]error[/] {escape(sentence)}", highlight=False, soft_wrap=True)


def wants_json() -> bool:
    """Was --json given? Asked of the words themselves, for a wrong option is told before any is read."""
    return "--json" in sys.argv[1:]


class steps_shown:
    """The step at hand, and a bar where it is known how many there are; on a terminal only, and never with --json."""

    def __init__(self, quiet: bool = False) -> None:
        self.progress = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[count]}"),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=errors,
            transient=True,
            disable=quiet or not errors.is_terminal,
        )

    def __enter__(self) -> ProgressCallback:
        self.progress.start()
        task = self.progress.add_task("", total=None, count="")

        def progress(step: str, at: int = 0, of: int = 0) -> None:
            # Set by hand: for `update` no total means the total as it was.
            self.progress.tasks[0].total = of or None
            self.progress.update(task, description=step, completed=at, count=f"{at}/{of}" if of else "")

        return progress

    def __exit__(self, *_: object) -> None:
        self.progress.stop()


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
        value = value.isoformat()
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


def one_of(*words: str) -> Callable[[str], list[str]]:
    """What a shell may complete a value to."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in words if word.lower().startswith(incomplete.lower())]

    return complete


def day_in(text: str | None) -> date | None:
    """`2020-12-31` -> that day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"expected a day such as 2020-12-31, found {text!r}") from None


def goal_in(text: str) -> str:
    """`g02` -> `G02`."""
    goal = text.upper()
    if goal not in GOALS:
        raise typer.BadParameter(f"expected a goal from {GOALS[0]} to {GOALS[-1]}, found {text!r}")
    return goal
