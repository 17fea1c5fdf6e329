"""The commands about printed figures: cite one, check a file of them."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from flows import exit_codes
from flows.commands import output
from flows.commands.formats import print_table
from flows.commands.sandbox import open_published

app_figures = typer.Typer(pretty_exceptions_enable=False)


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
        Path | None,
        typer.Argument(help="CSV of figures: indicator or goal, year and value, a column per year, or a column key."),
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
    from warehouse.release.printed_figures import check_file

    with open_published(output.data_directory()) as con:
        checked = check_file(con, file, years)
    if json:
        output.print_json([asdict(one) for one in checked])
    else:
        rows = [tuple(asdict(one).values()) for one in checked]
        print_table(list(asdict(checked[0])), rows, "Figures")
        counts = {
            kind: sum(one.verdict == kind for one in checked) for kind in dict.fromkeys(one.verdict for one in checked)
        }
        output.lines.print(", ".join(f"{count} {kind}" for kind, count in counts.items()) + ".")
    if not all(one.holds for one in checked):
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
