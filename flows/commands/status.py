"""The commands that show what is published and what was rejected: status, quarantine."""

import os
import sys
import webbrowser
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from flows.commands import output
from flows.commands.files_report import print_watched
from flows.commands.formats import print_table
from flows.commands.sandbox import open_published

app_status = typer.Typer(pretty_exceptions_enable=False)
SNAPSHOTS = "SELECT year, version, as_of, basis, made_on, is_latest, observations FROM snapshots"
COUNTS = """
SELECT count(*) AS files, sum(data_lines)::BIGINT AS lines, sum(quarantined_lines)::BIGINT AS quarantined,
       (SELECT count(*) FROM goals.observation) AS observations, (SELECT count(*) FROM revisions) AS revisions
FROM meta.source_file WHERE dataset_id <> 'register'"""


@app_status.command()
def status(
    json: Annotated[
        bool,
        output.json_of(
            "an object with release, snapshots, counts, refused, last_refresh, last_failure, withdrawn, accepted"
        ),
    ] = False,
) -> None:
    """What is published, what the last refresh did, which snapshots there are, which files were refused."""
    from warehouse.archive import acceptances
    from warehouse.archive.store import Archive
    from warehouse.archive.withdrawals import in_force
    from warehouse.release.last_run import last_failure, last_report
    from warehouse.release.stores import NothingPublished

    data = output.data_directory()
    failure = last_failure(data.releases)
    try:
        with open_published(data) as con:
            release = output.as_records(*output.rows_of(con, "FROM meta.release"))[0]
            snapshots, counts = output.rows_of(con, SNAPSHOTS), output.rows_of(con, COUNTS)
    except NothingPublished:
        if failure:
            failed = f"the build of {moment(failure['failed_at'])} failed: {failure['sentence']}"
            raise NothingPublished(data.published, failed) from None
        raise
    refused, withdrawn = Archive(data.archive).refused_or_held_back(), in_force(data.archive)
    accepted = acceptances.accepted(data.archive).values()
    report = last_report(data.releases)
    if json:
        return output.print_json(
            {
                "release": release,
                "snapshots": output.as_records(*snapshots),
                "counts": output.as_records(*counts)[0],
                "refused": refused,
                "last_refresh": report,
                "last_failure": failure,
                "withdrawn": [asdict(decision) for decision in withdrawn],
                "accepted": [asdict(decision) for decision in accepted],
            }
        )
    out = output.lines
    out.print(
        f"Release {release['release_id']}, version {release['version']}, {release['edition']} edition, published "
        f"{release['published_at']:%Y-%m-%d %H:%M}; content {release['content_hash'][:12]}, {release['audits']} audits passed."
    )
    print_table(*counts, title="What it holds")
    print_table(*snapshots, title="Snapshots")
    if report:
        outcomes = [file["outcome"] for file in report["files"]]
        counted = (
            ", ".join(f"{outcomes.count(kind)} {kind}" for kind in dict.fromkeys(outcomes)) or "no files asked for"
        )
        out.print(f"Last refresh {moment(report['finished_at'])}: {counted}.")
        print_watched(report)
    if failure:
        out.print(
            f"[bold red]failed[/] the {failure['edition']} build of {moment(failure['failed_at'])}: {output.escape(failure['sentence'])} "
            f"Release {release['release_id']} stays."
        )
    for word, decided in (("withdrawn", withdrawn), ("accepted", accepted)):
        for decision in decided:
            out.print(
                f"[yellow]{word}[/] {decision.sha256[:12]} {output.escape(decision.file_name)}"
                f"{' ' if decision.file_name else ''}on {decision.decided_at:%Y-%m-%d} by "
                f"{output.escape(decision.decided_by)}: {output.escape(decision.reason)}"
            )
    for record in refused:
        out.print(f"[bold red]refused[/] {output.escape(record['reason'])}")
    out.print(f"Warehouse: {data.published}")


def moment(text: str) -> str:
    """`2026-11-23T08:00:00+00:00` as people write it."""
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"


@app_status.command()
def quarantine(
    dataset: Annotated[str | None, typer.Option(help="Only this dataset.")] = None,
    json: Annotated[bool, output.json_of("an object with rows, files")] = False,
) -> None:
    """Rejected rows, with file, line, column, check and raw text, and the files refused as a whole."""
    from schemas.datasets import datasets
    from warehouse.archive.store import Archive

    if dataset not in (None, *datasets()):
        raise typer.BadParameter(f"expected a dataset (`sectorakkoord sources` lists them), found {dataset!r}")
    query = """
        SELECT quarantine.dataset_id AS dataset, file_name AS file, line, "column", "check", raw_value AS value, raw_text AS text
        FROM meta.quarantine AS quarantine JOIN meta.source_file USING (source_file_id)
        WHERE $dataset IS NULL OR quarantine.dataset_id = $dataset ORDER BY ALL"""
    data = output.data_directory()
    with open_published(data) as con:
        names, rows = output.rows_of(con, query, {"dataset": dataset})
    refused = [
        record for record in Archive(data.archive).refused_or_held_back() if dataset in (None, record["dataset_id"])
    ]
    if json:
        return output.print_json({"rows": output.as_records(names, rows), "files": refused})
    if rows:
        print_table(names, rows, "Quarantined rows")
    for record in refused:
        output.console.print(f"[bold red]refused[/] {record['retrieved_on']} {output.escape(record['reason'])}")
    if not rows and not refused:
        output.console.print("Nothing is quarantined and no file is refused.")


@app_status.command("next", hidden=True)
def next_steps() -> None:
    """What a newcomer may want to type now."""
    data = output.data_directory()
    out = output.lines
    out.print(f"\nThe warehouse is [bold]{data.published}[/]; it can be read while a refresh runs. Try:")
    program = ".venv/bin/sectorakkoord"
    for command, meaning in (
        ("explain G02 --period 2020", "where a figure comes from, to the line"),
        (
            "sql \"SELECT year, value, source, known_from FROM history() WHERE indicator_id = 'g02_zittenblijf_pct'\"",
            "what was known when",
        ),
        ("sql \"FROM as_of('2020-12-31') WHERE goal_id = 'G02'\"", "the state of knowledge on a day"),
        ("status", "releases, snapshots, refused files"),
        ("--help", "all commands"),
    ):
        out.print(f"  {program} {command}   [dim]{meaning}[/]")
    page = data.root / "report" / "index.html"
    if page.exists():
        address = page.resolve().as_uri()
        said = (
            "The report, opened in your browser" if opened_in_browser(address) else "The report, to open in a browser"
        )
        out.print(f"{said}: [bold]{address}[/]")


def opened_in_browser(address: str) -> bool:
    """Open an address where a person looks on and has a browser; never in CI, a pipe or a text terminal alone."""
    looked_at = sys.stdout.isatty() and not os.environ.get("CI")
    screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    try:
        return bool(looked_at and screen and webbrowser.open(address))
    except (webbrowser.Error, OSError):
        return False
