"""The command that checks the archive and brings back what was lost: archive verify."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from flows import exit_codes
from flows.commands import output

archive = typer.Typer(help="The archive: is everything in it what was put there?", no_args_is_help=True)
app_archive = typer.Typer(pretty_exceptions_enable=False)
app_archive.add_typer(archive, name="archive")


@archive.command("verify")
def verify_archive(
    folder: Annotated[
        Path | None, typer.Option("--from", help="Folder with copies of the files, such as a mirror or a backup.")
    ] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Bring back what is damaged, from the folder or from its publisher.")
    ] = False,
    json: Annotated[bool, output.json_of("an object with checked, damaged, contents, records")] = False,
) -> None:
    """Compare every content and record of the archive with its name; with --repair bring back those with the same bytes. Exit code 14: lost."""
    from flows.ingest.restore import Content, damaged_contents, restore
    from flows.settings import load_settings
    from warehouse.archive.store import Archive

    settings = load_settings()
    held = Archive(settings.directory.archive)
    with output.steps_shown(json) as progress:
        if repair or folder:
            contents = restore(settings, folder, progress)
        else:
            contents = [
                Content(sha256, origin.file_name, origin.url, damage, "run again with --repair")
                for sha256, origin, damage in damaged_contents(held)
            ]
        records = held.check_records()
    lost = [one for one in contents if one.outcome != "restored"]
    count = len({sha256 for sha256, _ in held.findings()})
    if json:
        output.print_json(
            {
                "checked": count,
                "damaged": len(contents),
                "contents": [asdict(one) for one in contents],
                "records": records,
            }
        )
    else:
        for one in contents:
            mark = "[green]restored[/]" if one.outcome == "restored" else f"[bold red]{one.damage}[/]"
            said = "" if one.outcome == "restored" else f": {output.escape(one.outcome)}"
            output.lines.print(
                f"{mark} {output.escape(one.file_name)} ({one.sha256[:12]}, {output.escape(one.url)}){said}"
            )
        for sentence in records:
            output.lines.print(f"[bold red]damaged[/] {output.escape(sentence)}")
        output.lines.print(f"Contents: {count} checked, {len(contents)} damaged, {len(contents) - len(lost)} restored.")
    if lost or records:
        raise typer.Exit(exit_codes.DAMAGED)
