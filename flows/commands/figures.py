"""The commands about printed figures: cite one, check a file of them."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows import exit_codes
from flows.commands import output
from flows.commands.formats import print_table
from flows.commands.sandbox import open_published
from schemas.errors import HandKeptFault

if TYPE_CHECKING:
    import duckdb

    from schemas.hand_kept_csv import HandKeptRow

app_figures = typer.Typer(pretty_exceptions_enable=False)
NAMES = {
    "indicator": ("indicator", "indicator_id"),
    "goal": ("goal", "goal_id"),
    "method": ("method", "method_version"),
    "breakdown": ("breakdown",),
    "entity": ("entity", "entity_id"),
    "year": ("year",),
}
"""What a column of a file of figures may be called; `value` with a year, or a column per year such as `2018`."""
HINT = "give indicator (or goal), year and value, or a column per year; breakdown (total) and entity (NL) where they differ, and method"


@dataclass(frozen=True)
class Checked:
    """A printed figure and what became of it."""

    line: int
    indicator: str
    entity: str
    year: int
    printed: str
    verdict: str
    held_from: Any
    held_until: Any
    now: str
    source_now: str
    citation_key: str


@app_figures.command()
def cite(
    key: Annotated[str, typer.Argument(help='Citation key, as `sectorakkoord sql "FROM cited_values()"` shows it.')],
    json: Annotated[bool, output.json_of("an object with the columns of the macro cite()")] = False,
) -> None:
    """Cite a figure: a sentence in Dutch and in English, and BibTeX, with the day on which the value became known."""
    with open_published(output.data_directory()) as con:
        found = output.as_records(*output.rows_of(con, "FROM cite($key)", {"key": key}))
    if not found:
        raise exit_codes.QueryError(
            f"{key}: expected a citation key (indicator:method:breakdown:entity:year@day), found no such figure; "  # noqa: S608 - a sentence, no query
            "`sectorakkoord sql \"SELECT citation_key, value FROM cited_values() WHERE goal_id = 'G02' AND entity_id = 'NL'\"` lists them."
        )
    if json:
        return output.print_json(found[0])
    for name in ("citation_nl", "citation_en", "bibtex"):
        output.lines.print(output.escape(found[0][name]), "")
    if not found[0]["is_current"]:
        output.lines.print(f"[yellow]replaced[/] This value was replaced on {found[0]['known_to']}.")


@app_figures.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="CSV of figures: indicator or goal, year and value, or a column per year.")
    ] = None,
    years: Annotated[str, typer.Option(help="Years of the columns value_from and value_to.")] = "2018-2020",
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Instead: compare the release with a build from nothing.")
    ] = False,
    json: Annotated[
        bool,
        output.json_of(
            "a list, an object per figure with its verdict and the value now (--rebuild: one for the release)"
        ),
    ] = False,
) -> None:
    """Check printed figures: holds now; held until a day, and what replaced it; never held. Exit code 15 where one does not hold.

    With --rebuild check the release itself: make everything from nothing, and compare table by table.
    """
    if rebuild:
        return verify_rebuilt(json)
    if file is None:
        raise typer.BadParameter("give a file with figures, or --rebuild")
    from schemas.hand_kept_csv import read_hand_kept

    table = read_hand_kept(file)
    if table.faults:
        raise table.faults[0]
    with open_published(output.data_directory()) as con:
        checked = [
            check(con, row, year, printed, table.decimal_comma)
            for row in table.rows
            for year, printed in printed_in(row, years)
        ]
    if not checked:
        raise HandKeptFault(file.name, 1, "", "figures", "none", HINT)
    if json:
        output.print_json([asdict(one) for one in checked])
    else:
        rows = [tuple(asdict(one).values()) for one in checked]
        print_table(list(asdict(checked[0])), rows, "Figures")
        counts = {
            kind: sum(one.verdict == kind for one in checked) for kind in dict.fromkeys(one.verdict for one in checked)
        }
        output.lines.print(", ".join(f"{count} {kind}" for kind, count in counts.items()) + ".")
    if any(one.verdict not in ("holds", "within_bounds") for one in checked):
        raise typer.Exit(exit_codes.MOVED)


def verify_rebuilt(json: bool) -> None:
    """Compare the release with a build from nothing."""
    from warehouse.release.verify import verify_release

    with output.steps_shown(json) as progress:
        found = verify_release(output.data_directory(), progress=progress)
    release = found.release
    if json:
        facts = {"release_id": release.release_id, "content_hash": release.content_hash, "tables": found.tables}
        return output.print_json([facts])
    output.lines.print(
        f"Release {release.release_id}: a build from nothing says the same ({found.tables} tables, content {release.content_hash[:12]})."
    )


def printed_in(row: "HandKeptRow", years: str) -> Iterator[tuple[int, str]]:
    """(year, printed value) for each figure on a row. Raises HandKeptFault for a value without a year."""
    first, _, last = years.partition("-")
    columns = {"value_from": first, "value_to": last} | {name: name for name in row.cells if name.strip().isdigit()}
    if row.get("value"):
        year = cell_of(row, "year")
        if not year.isdigit():
            raise row.fault("year", "a year such as 2018", HINT)
        yield int(year), row.get("value")
    for column, year in columns.items():
        if row.get(column) not in ("", "-"):
            yield int(year), row.get(column)


def cell_of(row: "HandKeptRow", kind: str) -> str:
    """The cell of the first column that has one of the names of `kind`."""
    return next(filter(None, (row.get(name) for name in NAMES[kind])), "")


def check(con: "duckdb.DuckDBPyConnection", row: "HandKeptRow", year: int, printed: str, comma: bool) -> Checked:
    """One printed figure against everything that was ever known. Raises HandKeptFault."""
    # In a file of the Dutch notation a dot before three digits groups thousands.
    text = re.sub(r"\.(?=\d{3}\b)", "", printed).replace(",", ".") if comma else printed.replace(",", "")
    try:
        number = float(text)
    except ValueError:
        raise row.fault("value", "a number", f"write {printed!r} as a number") from None
    indicator, method, breakdown = (cell_of(row, kind) for kind in ("indicator", "method", "breakdown"))
    if not indicator:
        headline = con.execute(
            "SELECT headline_indicator_id, headline_method_version, headline_breakdown FROM goals.goal WHERE goal_id = $goal",
            {"goal": cell_of(row, "goal")},
        ).fetchone()
        if not headline or not headline[0]:
            raise row.fault("indicator", "an indicator, or a goal with one", HINT)
        indicator, method, breakdown = headline[0], method or headline[1], breakdown or headline[2]
    entity, decimals = cell_of(row, "entity") or "NL", len(text.partition(".")[2])
    found = con.execute(
        "SELECT verdict, held_from, held_until, citation_key, values_now, low_now, high_now, sources_now FROM figure_check(?, ?, ?, ?, ?, ?, ?)",
        [indicator, method or None, breakdown or "total", entity, year, number, decimals],
    ).fetchone()
    assert found is not None, "an aggregate without groups is one row"  # noqa: S101 - for mypy: an aggregate is one row
    verdict, since, until, key, values, lows, highs, sources = found
    now = "; ".join(
        f"{value:g}" if value is not None else f"{low:g} .. {high:g}"
        for value, low, high in zip(values or [], lows or [], highs or [], strict=True)
    )
    return Checked(
        row.line,
        indicator,
        entity,
        year,
        printed,
        verdict,
        since,
        until,
        now,
        "; ".join(dict.fromkeys(sources or [])),
        key or "",
    )
