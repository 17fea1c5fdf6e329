"""The command line `sectorakkoord`. Every command has --help; errors are one sentence, --debug shows where they arose."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from flows import faults
from flows.commands import show
from flows.commands.people import app_people
from flows.commands.read import app_read
from flows.commands.register import app_register
from flows.commands.sources import app_sources
from flows.intake.editions import EDITIONS
from flows.intake.take import NOT_ASKED
from flows.refresh import Request, edition_in
from flows.refresh import refresh as refresh_here
from flows.schedule.service import app_schedule
from flows.settings import load_settings
from warehouse.build import Edition
from warehouse.paths import DataDirectory
from warehouse.snapshot import verify

app = typer.Typer(
    name="sectorakkoord",
    help="Warehouse for the fifteen goals of the Sectorakkoord VO 2018-2020: refresh, freeze, ask, explain.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(app_read)
app.add_typer(app_register)
app.add_typer(app_people)
app.add_typer(app_sources)
app.add_typer(app_schedule)
errors = Console(stderr=True)
state = {"debug": False}

Plain = Annotated[bool, typer.Option("--plain", help="Run in this process without Prefect: quicker, no run history.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Day such as 2020-12-31; default: the year's last day.")]


@app.callback()
def options(debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False) -> None:
    """Options for all commands."""
    state["debug"] = debug


@app.command()
def refresh(
    edition: Annotated[str | None, typer.Option(help=f"{', '.join(EDITIONS)}; default: the one published.")] = None,
    folder: Annotated[Path | None, typer.Option("--from", help="Mirror edition: folder laid out as host/path.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Only this publisher: duo, cbs or inspectie.")] = None,
    snapshots: Annotated[str, typer.Option(help="Years to freeze as well, such as 2018-2020.")] = "",
    plain: Plain = False,
    json: AsJson = False,
) -> None:
    """Take in what the publishers offer now, and publish a release if anything changed."""
    settings = load_settings()
    edition = edition or edition_in(DataDirectory(settings.data))
    if edition == "mirror" and folder is None:
        folder = settings.mirror
    run(Request(edition, folder, publisher, snapshots=dict.fromkeys(years_in(snapshots))), plain, json)


@app.command()
def snapshot(
    year: Annotated[int, typer.Argument(help="The year to freeze.")],
    as_of: AsOf = None,
    check: Annotated[bool, typer.Option("--verify", help="Recompute the hash of the frozen year instead.")] = False,
    plain: Plain = False,
    json: AsJson = False,
) -> None:
    """Freeze a year: everything as known on its last day (or today, in the year itself)."""
    if check:
        data = DataDirectory(load_settings().data)
        found, digest = verify(data.archive, Edition(edition_in(data)), year)
        if json:
            show.print_json({"snapshot_id": found.snapshot_id, "content_hash": digest, "verified": True})
        else:
            show.console.print(f"{found.snapshot_id} holds: {digest[:12]}, as known on {found.as_of} ({found.basis}).")
        return
    freeze_years([year], as_of, plain, json)


@app.command()
def backfill(
    first: Annotated[int, typer.Argument(help="First year.")],
    last: Annotated[int, typer.Argument(help="Last year.")],
    plain: Plain = False,
    json: AsJson = False,
) -> None:
    """Freeze a range of past years, each as known on its 31 December (retrospective)."""
    if last < first:
        raise typer.BadParameter(f"the last year {last} comes before the first {first}")
    freeze_years(list(range(first, last + 1)), None, plain, json)


def freeze_years(years: list[int], as_of: str | None, plain: bool, json: bool) -> None:
    """Freeze years of the edition that is published, from what is archived; nothing is fetched for it."""
    data = DataDirectory(load_settings().data)
    show.open_published(data).close()
    request = Request(edition_in(data), fetch=False, snapshots=dict.fromkeys(years, day_in(as_of)))
    run(request, plain, json)


def run(request: Request, plain: bool, json: bool) -> None:
    """Run the refresh, here or through Prefect, and say what it did."""
    settings = load_settings()
    data = DataDirectory(settings.data)
    with steps_shown(json) as on_step:
        if plain:
            report = refresh_here(request, settings, date.today(), on_step).as_json()
        else:
            on_step("starting Prefect (some 15 s without a server; --plain does without)")
            report = through_prefect(request, settings.data)
    if json:
        show.print_json(report)
    else:
        tell(report, data)
    if any(taken["outcome"] in ("refused", "missing") for taken in report["files"]):
        raise typer.Exit(faults.REFUSED)


def through_prefect(request: Request, data: Path) -> dict[str, Any]:
    """The same refresh as a Prefect flow run. Prefect is imported here: no other command waits for it."""
    from flows import engine

    engine.prepare(data)
    from flows.flow import refresh as flow

    days = list(request.snapshots.values())
    parameters: dict[str, Any] = {
        "edition": request.edition,
        "folder": request.folder,
        "publisher": request.publisher,
        "fetch": request.fetch,
        "snapshot_years": list(request.snapshots),
        "data": data,
        "as_of": days[0] if days else None,
    }
    report: dict[str, Any] = flow(**parameters)
    return report


class steps_shown:
    """A spinner with the step at hand, on a terminal only."""

    def __init__(self, quiet: bool) -> None:
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=errors,
            transient=True,
            disable=quiet or not errors.is_terminal,
        )

    def __enter__(self) -> Callable[[str], None]:
        self.progress.start()
        task = self.progress.add_task("")
        return lambda step: self.progress.update(task, description=step)

    def __exit__(self, *_: object) -> None:
        self.progress.stop()


def tell(report: dict[str, Any], data: DataDirectory) -> None:
    """What a refresh did, in a few lines."""
    out = show.lines
    outcomes = [taken["outcome"] for taken in report["files"]]
    if outcomes:
        counts = ", ".join(f"{outcomes.count(kind)} {kind}" for kind in dict.fromkeys(outcomes))
        hint = " (absent: an address that the declarations name and that has no file)" if "absent" in outcomes else ""
        out.print(f"Files of the {report['edition']} edition: {counts}{hint}.")
    if report["asked_edition"] != report["edition"]:
        out.print(
            f"What was offered says that it is SYNTHETIC: this is the sample edition, not {report['asked_edition']}."
        )
    for taken in report["files"]:
        if taken["outcome"] == "revised":
            out.print(f"[bold]revised[/] {show.escape(taken['file_name'])}: {changes_in(taken)}.")
        if taken["outcome"] == "vanished":
            out.print(f"[yellow]vanished[/] {show.escape(taken['url'])}: what we hold of it stays in use.")
        for news in taken["news"]:
            out.print(f"[dim]{show.escape(taken['file_name'])}: {show.escape(news)}[/]")
        if taken["outcome"] in ("refused", "missing") and NOT_ASKED not in taken["reason"]:
            out.print(f"[bold red]{taken['outcome']}[/] {show.escape(taken['reason'])}")
        if taken["quarantined_lines"]:
            out.print(
                f"{taken['file_name']}: {taken['quarantined_lines']} lines quarantined, see `sectorakkoord quarantine`."
            )
    not_asked = sum(NOT_ASKED in taken["reason"] for taken in report["files"])
    if not_asked:
        out.print(f"[bold red]missing[/] {not_asked} more files of hosts that were given up; run again later.")
    for name in report["unclaimed"]:
        out.print(f"[dim]not used: {name} (no dataset claims this name)[/]")
    if report["published"]:
        values = report["values"]
        changed = (
            ", ".join(f"{count} {kind}" for kind, count in values.items() if count)
            or "first of its edition, or no value changed"
        )
        out.print(f"[bold green]Published[/] release {report['release_id']} (version {report['version']}): {changed}.")
    else:
        out.print(f"Nothing has changed: release {report['release_id']} (version {report['version']}) stays.")
    for frozen in report["snapshots"]:
        out.print(f"Snapshot {frozen['snapshot_id']}: {'made' if frozen['new'] else 'holds as it is'}.")
    out.print(f"Warehouse: {data.warehouse}")


def changes_in(taken: dict[str, Any]) -> str:
    """What a revised file says otherwise."""
    counts = {name: taken[name] for name in ("cells_changed", "rows_added", "rows_removed")}
    said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)
    return said or "other bytes, the same values"


def years_in(text: str) -> list[int]:
    """`2018-2020` or `2018,2020` -> years."""
    if not text:
        return []
    try:
        first, dash, last = text.partition("-")
        return list(range(int(first), int(last) + 1)) if dash else [int(year) for year in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"years such as 2018-2020 or 2018,2020, found {text!r}") from None


def day_in(text: str | None) -> date | None:
    """`2020-12-31` -> that day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"a day such as 2020-12-31, found {text!r}") from None


def main() -> None:
    """Run the command line: expected faults become one sentence and an exit code (see `flows.faults.MEANINGS`)."""
    try:
        app()
    except Exception as fault:
        if state["debug"]:
            raise
        errors.print(f"[bold red]error[/] {show.escape(faults.sentence(fault))}", highlight=False, soft_wrap=True)
        sys.exit(faults.exit_code(fault))


if __name__ == "__main__":
    main()
