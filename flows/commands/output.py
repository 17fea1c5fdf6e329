"""What a command prints: sentences for people, JSON for machines, errors. Colours only on a terminal.

Nothing heavy is imported before a command runs: help and completion answer at once.
"""

import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.markup import escape as escape_markup
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from warehouse.progress import ProgressCallback

if TYPE_CHECKING:
    import duckdb

    from warehouse.release.data_directory import DataDirectory

console = Console()
errors = Console(stderr=True)
GOALS = tuple(f"G{number:02d}" for number in range(1, 16))


class lines:
    """Sentences on the screen, never broken in the middle of an address or a path."""

    @staticmethod
    def print(*text: str, highlight: bool = False) -> None:
        """Print as `console.print` does, without wrapping."""
        console.print(*text, soft_wrap=True, highlight=highlight)


def json_of(shape: str) -> Any:
    """The option --json of a command. Its help gives the shape; the reference and the tests read it there."""
    return typer.Option("--json", help=f"JSON on standard output: {shape}.")


def data_directory() -> "DataDirectory":
    """The data directory of the settings in force."""
    from flows.settings import load_settings

    return load_settings().directory


def rows_of(
    con: "duckdb.DuckDBPyConnection", query: str, parameters: Any = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of one of our own queries."""
    cursor = con.execute(query, parameters) if parameters else con.execute(query)
    return [column[0] for column in cursor.description or []], cursor.fetchall()


def as_records(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows as dictionaries."""
    return [dict(zip(names, row, strict=True)) for row in rows]


def print_json(value: Any) -> None:
    """JSON on standard output, and nothing else."""
    print_text(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def print_error(sentence: str, code: int, meaning: str) -> None:
    """An error on standard error: a sentence, or an object with --json."""
    if wants_json():
        error = {"error": sentence, "exit_code": code, "meaning": meaning}
        print(json.dumps(error, indent=2), file=sys.stderr)
    else:
        errors.print(f"[bold red]error[/] {escape(sentence)}", highlight=False, soft_wrap=True)


def wants_json() -> bool:
    """Was --json given? The words themselves are searched, for a wrong option ends the parsing."""
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


CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
CONTROLS |= {code: f"\\u{code:04x}" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
"""What acts on a terminal, or turns the order of what it shows, as text that can be read."""


def visible(text: Any) -> str:
    """A publisher's text, its control characters shown instead of sent to the terminal."""
    return str(text).translate(CONTROLS)


def escape(text: Any) -> str:
    """A publisher's text inside our markup: it acts neither as markup nor on the terminal."""
    return escape_markup(visible(text))


def print_text(text: str) -> None:
    """Text for programs on standard output, as it is; on a terminal its control characters are shown."""
    sys.stdout.write(visible(text) if sys.stdout.isatty() else text)
    sys.stdout.flush()


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
