"""The commands that write for people: report and export."""

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from flows.commands import show

app_people = typer.Typer(pretty_exceptions_enable=False)


@app_people.command()
def report(
    folder: Annotated[Path | None, typer.Option("--to", help="Folder; default: report in the data directory.")] = None,
    json: Annotated[bool, show.json_of("an object with start, pages, largest_page_bytes")] = False,
) -> None:
    """Write the report on the published release: a static site in Dutch and English that needs no network."""
    from warehouse.report import write_report

    data = show.data_directory()
    started = perf_counter()
    with data.published.open() as con, show.steps_shown(json) as on_step:
        made = write_report(con, folder or data.root / "report", on_step)
    facts = {"start": str(made.start), "pages": made.pages, "largest_page_bytes": made.largest}
    if json:
        return show.print_json(facts)
    show.lines.print(f"Report of {made.pages} pages in {perf_counter() - started:.1f} s; open {made.start}")


@app_people.command()
def export(
    snapshot: Annotated[int | None, typer.Option(help="The year of a snapshot.")] = None,
    release: Annotated[bool, typer.Option("--release", help="The published release, as vX.Y.Z and as stable.")] = False,
    nightly: Annotated[bool, typer.Option("--nightly", help="The published release, as nightly.")] = False,
    folder: Annotated[Path | None, typer.Option("--to", help="Folder; default: export in the data directory.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes the export, for the DCAT record.")] = None,
    contact: Annotated[str | None, typer.Option(help="Mail address or page, for the DCAT record.")] = None,
    url: Annotated[str, typer.Option(help="Where the folder will stand, for the DCAT record.")] = "",
    json: Annotated[bool, show.json_of("an object with version, new, folders, rows")] = False,
) -> None:
    """Write Parquet, CSV, Excel, a data package and a DCAT record of the release or of a snapshot."""
    from warehouse.export import ExportError, Wish, export_release, export_snapshot

    if sum([snapshot is not None, release, nightly]) != 1:
        raise typer.BadParameter("give one of --release, --nightly and --snapshot YEAR")
    data = show.data_directory()
    target, wish = folder or data.root / "export", Wish(publisher, contact, url)
    with data.published.open() as con, show.steps_shown(json) as on_step:
        on_step("writing Parquet, CSV and Excel")
        try:
            if snapshot is not None:
                made = export_snapshot(con, data, target, snapshot, wish)
            else:
                made = export_release(con, data, target, wish, nightly)
        except ExportError as fault:
            raise typer.BadParameter(str(fault)) from None
    if json:
        return show.print_json(
            {
                "version": made.version,
                "new": made.new,
                "folders": [str(path) for path in made.folders],
                "rows": made.rows,
            }
        )
    for path in made.folders:
        show.lines.print(f"Export of version {made.version}: {path}")
