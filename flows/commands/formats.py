"""Rows as a table for people, and as CSV, JSON, Markdown or Parquet for programs. Values are never rounded or cut."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

import typer
from rich.table import Table

from flows.commands import output
from flows.commands.sandbox import MORE, ROWS
from flows.exit_codes import QueryError

FORMATS = ("table", "csv", "json", "markdown", "parquet")
MOST = 200
"""So many rows are shown on a screen."""

Rows = Sequence[tuple[Any, ...]]


def chosen(given: str | None) -> str:
    """The format asked for; without one a table on a terminal, and CSV in a pipe or a file."""
    if given is None:
        return "table" if sys.stdout.isatty() else "csv"
    if given not in FORMATS:
        raise typer.BadParameter(f"expected a format ({', '.join(FORMATS)}), found {given!r}")
    if given == "parquet" and sys.stdout.isatty():
        raise typer.BadParameter("parquet is not for a terminal; write it to a file with > FILE")
    return given


def print_rows(names: Sequence[str], rows: Rows, form: str) -> None:
    """Rows on standard output as one of `FORMATS`, but for Parquet, which needs types (see `print_parquet`)."""
    if form == "table":
        print_table(names, rows)
    elif form == "json":
        output.print_json(output.as_records(names, rows))
    else:
        output.print_text(as_csv(names, rows) if form == "csv" else as_markdown(names, rows))


def print_parquet(cursor: Any) -> None:
    """The rows of a cursor as a Parquet file on standard output."""
    import pyarrow.parquet as parquet

    rows = cursor.to_arrow_table()
    if rows.num_rows > ROWS:
        raise QueryError(f"sql: expected at most {ROWS:,} rows, found {rows.num_rows:,}; {MORE}.")
    parquet.write_table(rows, sys.stdout.buffer)


def as_csv(names: Sequence[str], rows: Rows) -> str:
    """UTF-8 with commas; lists and structures as JSON, an empty field where there is no value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([plain(value) for value in row] for row in rows)
    return text.getvalue()


def as_markdown(names: Sequence[str], rows: Rows) -> str:
    """A table as Markdown knows it."""
    cells = [[plain(value).replace("|", "\\|").replace("\n", "<br>") for value in row] for row in rows]
    lines = [list(names), ["---"] * len(names), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def plain(value: Any) -> str:
    """A value as text, whole: what reads it again gets the same value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=plain)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def cell(value: Any) -> str:
    """A value on a screen: one line, and nothing in it acts on the terminal."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return output.visible(", ".join(plain(one) for one in value)).replace("\n", "\\n")
    return output.visible(plain(value)).replace("\n", "\\n")


def print_table(names: Sequence[str], rows: Rows, title: str = "", left_out: Sequence[str] = ()) -> None:
    """A table where it fits the screen, else one record per block. `left_out` are columns that only --json has."""
    shown = [[cell(value) for value in row] for row in rows[:MOST]]
    widths = [
        max(len(name), *(len(line[at]) for line in shown)) if shown else len(name) for at, name in enumerate(names)
    ]
    if sum(widths) + 3 * len(widths) + 1 <= output.console.width:
        table = Table(title=title or None, title_justify="left", header_style="bold", row_styles=("", "dim"))
        for at, name in enumerate(names):
            numeric = rows and all(isinstance(row[at], int | float | type(None)) for row in rows)
            table.add_column(output.escape(name), justify="right" if numeric else "left", no_wrap=True)
        for line in shown:
            table.add_row(*map(output.escape, line))
        output.console.print(table)
    else:
        print_blocks(names, shown, title)
    if len(rows) > MOST:
        output.lines.print(f"[dim]{MOST} of {len(rows)} rows are shown; --json has all.[/]")
    if left_out:
        output.lines.print(f"[dim]Not shown: {', '.join(left_out)}; --json has them.[/]")


def print_blocks(names: Sequence[str], shown: Sequence[Sequence[str]], title: str) -> None:
    """One record per block, a line per column."""
    if title:
        output.lines.print(f"[bold]{title}[/]")
    width = max(map(len, names))
    for number, line in enumerate(shown, 1):
        output.lines.print(f"[dim]-- {number} --[/]")
        for name, value in zip(names, line, strict=True):
            output.lines.print(f"[bold]{output.escape(name.ljust(width))}[/]  {output.escape(value)}")
