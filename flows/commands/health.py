"""The command that checks the installation: doctor."""

from typing import Annotated

import typer

from flows import exit_codes
from flows.commands import output

app_health = typer.Typer(pretty_exceptions_enable=False)
MARKS = {"ok": "[green]ok[/]", "warning": "[yellow]warning[/]", "error": "[bold red]error[/]"}


@app_health.command()
def doctor(
    json: Annotated[bool, output.json_of("a list, an object per finding with check, level, sentence")] = False,
) -> None:
    """Check the installation: packages, network, disk, locks, runs, release, archive, snapshots. Changes nothing."""
    from flows.health import examine
    from flows.settings import load_settings

    with output.steps_shown(json) as progress:
        found = list(examine(load_settings(), progress))
    wrong = [one for one in found if one.level == "error"]
    if json:
        output.print_json([one.as_json() for one in found])
    else:
        for one in found:
            output.lines.print(f"{MARKS[one.level]} {one.check:12} {output.escape(one.sentence)}")
        output.lines.print(f"Errors: {len(wrong)}.")
    if wrong:
        raise typer.Exit(exit_codes.MEND)
