"""The commands that write for people: report and export."""

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from flows.commands import output

app_people = typer.Typer(pretty_exceptions_enable=False)


@app_people.command()
def report(
    folder: Annotated[Path | None, typer.Option("--to", help="Folder; default: report in the data directory.")] = None,
    json: Annotated[bool, output.json_of("an object with start, pages, largest_page_bytes")] = False,
) -> None:
    """Write the report on the published release: a static site in Dutch and English that needs no network."""
    from warehouse.report import write_report

    data = output.data_directory()
    started = perf_counter()
    with data.published.open() as con, output.steps_shown(json) as progress:
        made = write_report(con, folder or data.root / "report", progress, data.cache)
    facts = {"start": str(made.start), "pages": made.pages, "largest_page_bytes": made.largest}
    if json:
        return output.print_json(facts)
    output.lines.print(
        f"Report of {made.pages} pages in {perf_counter() - started:.1f} s, {made.changed} files changed; open {made.start}"
    )


@app_people.command()
def export(
    snapshot: Annotated[int | None, typer.Option(help="The year of a snapshot.")] = None,
    release: Annotated[bool, typer.Option("--release", help="The published release, as vX.Y.Z and as stable.")] = False,
    nightly: Annotated[bool, typer.Option("--nightly", help="The published release, as nightly.")] = False,
    folder: Annotated[Path | None, typer.Option("--to", help="Folder; default: export in the data directory.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes the export, for the DCAT record.")] = None,
    contact: Annotated[str | None, typer.Option(help="Mail address or page, for the DCAT record.")] = None,
    url: Annotated[str, typer.Option(help="Where the folder will stand, for the DCAT record.")] = "",
    json: Annotated[bool, output.json_of("an object with version, new, folders, rows")] = False,
) -> None:
    """Write Parquet, CSV, Excel, a data package and a DCAT record of the release or of a snapshot."""
    from warehouse.exports.export import ExportError, ExportOptions, export_release, export_snapshot

    if sum([snapshot is not None, release, nightly]) != 1:
        raise typer.BadParameter("give one of --release, --nightly and --snapshot YEAR")
    data = output.data_directory()
    target, options = folder or data.root / "export", ExportOptions(publisher, contact, url)
    with data.published.open() as con, output.steps_shown(json) as progress:
        progress("writing Parquet, CSV and Excel")
        try:
            if snapshot is not None:
                made = export_snapshot(con, data, target, snapshot, options)
            else:
                made = export_release(con, data, target, options, nightly)
        except ExportError as fault:
            raise typer.BadParameter(str(fault)) from None
    if json:
        return output.print_json(
            {
                "version": made.version,
                "new": made.new,
                "folders": [str(path) for path in made.folders],
                "rows": made.rows,
            }
        )
    for path in made.folders:
        output.lines.print(f"Export of version {made.version}: {path}")
