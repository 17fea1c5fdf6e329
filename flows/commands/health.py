"""The command that looks whether all is well: doctor."""

from typing import Annotated

import typer

from flows import faults
from flows.commands import show

app_health = typer.Typer(pretty_exceptions_enable=False)
MARKS = {"fine": "[green]fine[/]", "note": "[yellow]note[/]", "mend": "[bold red]mend[/]"}


@app_health.command()
def doctor(
    json: Annotated[bool, show.json_of("a list, an object per finding with check, level, sentence")] = False,
) -> None:
    """Look whether all is well: packages, network, disk, locks, runs, release, archive, snapshots. Changes nothing."""
    from flows.doctor import examine
    from flows.settings import load_settings

    with show.steps_shown(json) as on_step:
        found = list(examine(load_settings(), on_step))
    wrong = [one for one in found if one.level == "mend"]
    if json:
        show.print_json([one.as_json() for one in found])
    else:
        for one in found:
            show.lines.print(f"{MARKS[one.level]} {one.check:12} {show.escape(one.sentence)}")
        show.lines.print(f"{len(wrong)} to mend." if wrong else "Nothing to mend.")
    if wrong:
        raise typer.Exit(faults.MEND)
