"""Looking before publishing: the command plan, and `refresh --plan`."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows import exit_codes
from flows.commands import output
from flows.commands.files_report import print_files, print_watched
from flows.commands.formats import print_table

if TYPE_CHECKING:
    from flows.refresh import Request

app_plan = typer.Typer(pretty_exceptions_enable=False)
SHOWN = 25
"""Figures and rejected rows on the screen; --json has up to ten thousand."""
PLANNED = "an object, the report of such a refresh with would_change, figures, largest, statuses, rejected_rows"


@app_plan.command("plan")
def plan_file(
    file: Annotated[Path, typer.Argument(help="A publisher's file (or a zip with it), under the publisher's name.")],
    json: Annotated[bool, output.json_of(PLANNED)] = False,
) -> None:
    """What would change if this file came in today: its dataset, its checks, figures, statuses and snapshots. Keeps nothing.

    Exit code 16 says that something would change, 3 that the file would be refused.
    """
    from flows.refresh import Request, edition_in
    from flows.settings import load_settings

    edition = edition_in(load_settings().directory) or "mirror"
    show_plan(Request(edition, fetch=False, file=file), json)


def show_plan(request: "Request", json: bool) -> None:
    """Say what a refresh would do, with the exit code that says whether it would do anything."""
    from flows.plan import plan
    from flows.settings import load_settings

    with output.steps_shown(json) as progress:
        found = plan(request, load_settings(), date.today(), progress)
    if json:
        output.print_json(found.as_json())
    else:
        print_plan(found.as_json())
    if found.would_change:
        raise typer.Exit(exit_codes.WOULD_CHANGE)
    if found.report.refused:
        raise typer.Exit(exit_codes.REFUSED)


def print_plan(found: dict[str, Any]) -> None:
    """Print a plan."""
    out = output.lines
    print_files(found)
    if not found["would_change"]:
        return out.print("Nothing would change.")
    values = (
        ", ".join(f"{count} {kind}" for kind, count in found["values"].items() if count)
        or "no value compared or changed"
    )
    out.print(
        f"[bold]Would publish[/] version {found['version']} of the {found['edition']} edition: {values}. Nothing is published."
    )
    for name, title in (
        ("figures", "Figures that would change"),
        ("largest", "The largest changes"),
        ("statuses", "Statuses"),
    ):
        if found[name]:
            print_table(list(found[name][0]), [tuple(row.values()) for row in found[name][:SHOWN]], title)
    for frozen in found["snapshots"]:
        changes = ", ".join(f"{count} {kind}" for kind, count in frozen["changes"].items() if count)
        made = (
            f"would be made ({frozen['reason']}{'; ' + changes if changes else ''})"
            if frozen["new"]
            else "holds as it is"
        )
        out.print(f"Snapshot {frozen['snapshot_id']}: {made}.")
    for row in found["rejected_rows"][:SHOWN]:
        out.print(
            f"[yellow]rejected[/] {output.escape(row['file_name'])}, line {row['line']}, column {output.escape(row['column'])}: "
            f"{output.escape(row['check'])}, found {output.escape(row['raw_value'])}"
        )
    more = len(found["rejected_rows"]) - SHOWN
    if more > 0:
        out.print(f"And {more} more rejected rows; --json has them.")
    print_watched(found)
