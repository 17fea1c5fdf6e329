"""The commands that check the installation and the release: doctor, verify."""

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
def verify(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make everything from nothing and compare.")] = False,
    json: Annotated[bool, output.json_of("an object with release_id, content_hash, tables, rebuilt")] = False,
) -> None:
    """Recompute the content hash of the release; with --rebuild compare it with a build from nothing. Changes nothing."""
    from warehouse.release.verify import verify_release

    with output.steps_shown(json) as progress:
        found = verify_release(output.data_directory(), rebuild, progress=progress)
    release = found.release
    if json:
        facts = {"release_id": release.release_id, "content_hash": release.content_hash}
        return output.print_json(facts | {"tables": found.tables, "rebuilt": found.rebuilt})
    said = "a build from nothing says the same" if rebuild else "the content is what was published"
    output.lines.print(
        f"Release {release.release_id}: {said} ({found.tables} tables, content {release.content_hash[:12]})."
    )
