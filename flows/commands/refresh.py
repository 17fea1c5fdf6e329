"""The commands that make releases and snapshots: refresh, snapshot, backfill."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows import exit_codes
from flows.commands import output
from flows.commands.files_report import print_files, print_watched
from flows.commands.plan import show_plan
from flows.ingest import EDITIONS, PUBLISHERS
from warehouse.progress import ProgressCallback

if TYPE_CHECKING:
    from flows.refresh import Request
    from flows.settings import Settings
    from flows.unchanged import Look
    from warehouse.release.data_directory import DataDirectory

app_make = typer.Typer(pretty_exceptions_enable=False)

Plain = Annotated[bool, typer.Option("--plain", help="Run in this process without Prefect: quicker, no run history.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Day such as 2020-12-31; default: the year's last day.")]
REPORT = "an object, the report that is also kept as releases/last_refresh.json"


@app_make.command()
def refresh(
    edition: Annotated[
        str | None,
        typer.Option(
            help=f"{', '.join(EDITIONS)}; default: the one published.", autocompletion=output.one_of(*EDITIONS)
        ),
    ] = None,
    folder: Annotated[Path | None, typer.Option("--from", help="Mirror edition: folder laid out as host/path.")] = None,
    publisher: Annotated[
        str | None,
        typer.Option(help=f"Only this publisher: {', '.join(PUBLISHERS)}.", autocompletion=output.one_of(*PUBLISHERS)),
    ] = None,
    snapshots: Annotated[str, typer.Option(help="Years to freeze as well, such as 2018-2020.")] = "",
    no_fetch: Annotated[
        bool, typer.Option("--no-fetch", help="Fetch nothing: publish what the archive holds, as after a restore.")
    ] = False,
    plain: Plain = False,
    plan: Annotated[bool, typer.Option("--plan", help="Only say what would change; publish nothing.")] = False,
    json: Annotated[bool, output.json_of(f"{REPORT} (--plan: what it would do)")] = False,
) -> None:
    """Fetch and check what the publishers offer now, and publish a release if anything changed.

    With --plan nothing is published or decided: exit code 16 says that something would change.
    """
    from flows.settings import load_settings
    from flows.unchanged import Look

    if publisher not in (None, *PUBLISHERS):
        raise typer.BadParameter(f"expected a publisher ({', '.join(PUBLISHERS)}), found {publisher!r}")
    settings = load_settings()
    # Only without Prefect, whose run history is to have every run.
    look = Look([edition, publisher], folder, settings) if plain and not (snapshots or no_fetch or plan) else None
    if look and (report := look.same()):
        return show(report, settings, json)
    from flows.refresh import Request, edition_in

    edition = edition or edition_in(settings.directory) or "sample"
    if edition == "mirror" and folder is None:
        folder = settings.mirror
    years = dict.fromkeys(years_in(snapshots))
    request = Request(edition, folder, publisher, fetch=not no_fetch, snapshots=years)
    if plan:
        return show_plan(request, json)
    run(request, plain, json, look)


@app_make.command()
def snapshot(
    year: Annotated[int, typer.Argument(help="The year to freeze.")],
    as_of: AsOf = None,
    check: Annotated[bool, typer.Option("--verify", help="Recompute the hash of the frozen year instead.")] = False,
    plain: Plain = False,
    json: Annotated[
        bool, output.json_of(f"{REPORT}; with --verify one with snapshot_id, content_hash, verified")
    ] = False,
) -> None:
    """Freeze a year: everything as known on its last day (or today, in the year itself)."""
    if check:
        from flows.refresh import edition_in
        from warehouse.archive.edition import Edition
        from warehouse.release.snapshots import verify

        data = output.data_directory()
        found, digest = verify(data.archive, Edition(edition_in(data) or "sample"), year)
        if json:
            output.print_json({"snapshot_id": found.snapshot_id, "content_hash": digest, "verified": True})
        else:
            output.console.print(
                f"{found.snapshot_id} holds: {digest[:12]}, as known on {found.as_of} ({found.basis})."
            )
        return
    freeze_years([year], as_of, plain, json)


@app_make.command()
def backfill(
    first: Annotated[int, typer.Argument(help="First year.")],
    last: Annotated[int, typer.Argument(help="Last year.")],
    plain: Plain = False,
    json: Annotated[bool, output.json_of(REPORT)] = False,
) -> None:
    """Freeze a range of past years, each as known on its 31 December (retrospective)."""
    if last < first:
        raise typer.BadParameter(f"the last year {last} comes before the first {first}")
    freeze_years(list(range(first, last + 1)), None, plain, json)


def freeze_years(years: list[int], as_of: str | None, plain: bool, json: bool) -> None:
    """Freeze years of the edition that is published, from what is archived; nothing is fetched for it."""
    from flows.refresh import Request
    from warehouse.database import scalar

    with output.data_directory().published.open() as con:
        edition = scalar(con, "SELECT edition FROM meta.release")
    request = Request(edition, fetch=False, snapshots=dict.fromkeys(years, output.day_in(as_of)))
    run(request, plain, json)


def run(request: "Request", plain: bool, json: bool, look: "Look | None" = None) -> None:
    """Run the refresh, here or through Prefect, and say what it did; `look`, from before it, notes whether that was nothing."""
    from flows.refresh import refresh as refresh_here
    from flows.settings import load_settings

    settings = load_settings()
    with output.steps_shown(json) as progress:
        if plain:
            report = refresh_here(request, settings, date.today(), progress).as_json()
        else:
            progress("starting Prefect (--plain does without)")
            report = through_prefect(request, settings.data, progress)
    if look:
        look.note(report)
    show(report, settings, json)
    if any(taken["outcome"] in ("refused", "missing") for taken in report["files"]):
        raise typer.Exit(exit_codes.REFUSED)


def show(report: dict[str, Any], settings: "Settings", json: bool) -> None:
    """Say what a refresh did."""
    if json:
        output.print_json(report)
    else:
        print_report(report, settings.directory)


def through_prefect(request: "Request", data: Path, progress: ProgressCallback) -> dict[str, Any]:
    """The same refresh as a Prefect flow run."""
    from flows.prefect_ops import session

    server = session.connect(data)
    # Prefect reads its settings now, and no other command waits for it. A temporary server comes up meanwhile.
    from flows import prefect_flows

    if server:
        server.wait()
    days = list(request.snapshots.values())
    session.progress.set(progress)
    parameters: dict[str, Any] = {
        "edition": request.edition,
        "folder": request.folder,
        "publisher": request.publisher,
        "fetch": request.fetch,
        "snapshot_years": list(request.snapshots),
        "data": data,
        "as_of": days[0] if days else None,
    }
    report: dict[str, Any] = prefect_flows.refresh(**parameters)
    return report


def print_report(report: dict[str, Any], data: "DataDirectory") -> None:
    """Print what a refresh did, in a few lines."""
    out = output.lines
    print_files(report)
    if report["published"]:
        values = report["values"]
        changed = ", ".join(f"{count} {kind}" for kind, count in values.items() if count) or (
            "first of its edition" if report["version"] == "1.0.0" else "no value changed"
        )
        out.print(f"[bold green]Published[/] release {report['release_id']} (version {report['version']}): {changed}.")
    else:
        out.print(f"Nothing has changed: release {report['release_id']} (version {report['version']}) stays.")
    for frozen in report["snapshots"]:
        out.print(f"Snapshot {frozen['snapshot_id']}: {'made' if frozen['new'] else 'holds as it is'}.")
    for year, before, goal, answer, was, now, reasons in changes_of(data, report["snapshots"]):
        out.print(f"[dim]{year} since {before}:[/] {goal} {answer} {was or '-'} > {now or '-'} ({', '.join(reasons)})")
    print_watched(report)
    out.print(f"Warehouse: {data.published}")


def changes_of(data: "DataDirectory", snapshots: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The answers that the snapshots changed since those of the year before, from the view `snapshot_changes`."""
    names = [frozen["snapshot_id"] for frozen in snapshots]
    if not names:
        return []
    with data.published.open() as con:
        return con.execute(
            """SELECT year, previous_year, goal_id, answer, before, after, reasons FROM snapshot_changes
            WHERE list_contains($names, snapshot_id) ORDER BY ALL""",
            {"names": names},
        ).fetchall()


def years_in(text: str) -> list[int]:
    """`2018-2020` or `2018,2020` -> years."""
    if not text:
        return []
    try:
        first, dash, last = text.partition("-")
        return list(range(int(first), int(last) + 1)) if dash else [int(year) for year in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"expected years such as 2018-2020 or 2018,2020, found {text!r}") from None
