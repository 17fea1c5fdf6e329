"""The commands that check the installation: doctor for people, health for a monitoring system."""

from datetime import UTC, datetime
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


@app_health.command()
def health(
    max_age_days: Annotated[float, typer.Option(min=0, help="Oldest last refresh, in days, that is no error.")] = 35,
    metrics: Annotated[bool, typer.Option("--metrics", help="The text format of Prometheus.")] = False,
    json: Annotated[bool, output.json_of("an object with level, reasons, release, last_refresh, sources")] = False,
) -> None:
    """For monitoring: age of the release, of the last refresh and of each source. Exit code 11 says that something is to be mended."""
    from flows.health.monitoring import as_prometheus, state

    found = state(output.data_directory(), max_age_days, datetime.now(UTC))
    if metrics:
        print(as_prometheus(found), end="")
    elif json:
        output.print_json(found)
    else:
        output.lines.print(f"{MARKS[found['level']]} {output.escape(' '.join(found['reasons']) or 'All is well.')}")
    if found["level"] == "error":
        raise typer.Exit(exit_codes.MEND)
