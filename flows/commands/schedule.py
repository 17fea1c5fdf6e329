"""`sectorakkoord schedule` and `unschedule`."""

from typing import Annotated

import typer

from flows.commands import output
from flows.ingest import EDITIONS
from flows.prefect_ops import services

app_schedule = typer.Typer(pretty_exceptions_enable=False)


@app_schedule.command()
def schedule(
    edition: Annotated[
        str | None,
        typer.Option(
            help=f"Edition that runs refresh: {', '.join(EDITIONS)}; default: the one published, if it is real data.",
            autocompletion=output.one_of(*EDITIONS),
        ),
    ] = None,
    json: Annotated[bool, output.json_of("an object with address, edition, deployments, alerts")] = False,
) -> None:
    """Start the Prefect server and a worker in the background, and deploy all flows with their schedules and alerts."""
    import yaml

    from flows.prefect_ops.schedule_settings import load_schedule_settings
    from flows.refresh import edition_to_schedule

    if edition not in (None, *EDITIONS):
        raise typer.BadParameter(f"expected an edition ({', '.join(EDITIONS)}), found {edition!r}")
    settings = load_schedule_settings(**({"edition": edition} if edition else {}))
    chosen = edition_to_schedule(settings.directory, settings.edition)
    with output.steps_shown(json) as progress:
        progress("starting the server")
        address = services.start_server(settings)
        progress("deploying the flows and setting up the alerts")
        services.deploy(settings)
        progress("starting the worker")
        services.start_report(settings)
        services.start_worker(settings)
    deployments = len(yaml.safe_load(services.DEPLOYMENTS.read_text())["deployments"])
    receivers = [name for name in ("webhook", "mail") if getattr(settings, name)]
    if json:
        return output.print_json(
            {"address": address, "edition": chosen, "deployments": deployments, "alerts": receivers}
        )
    out = output.lines
    out.print(f"Server: {address}")
    out.print(f"Edition: {chosen}.")
    out.print(f"Deployments: {deployments}, from {services.DEPLOYMENTS}.")
    out.print(f"Alerts go to: {' and '.join(receivers) or 'nobody; set SECTORAKKOORD_WEBHOOK or SECTORAKKOORD_MAIL'}.")
    out.print(f"Report for readers: {services.report_address(settings)}")
    out.print(f"Runs, schedules and events: [bold]{address}[/]   (stop with `make unschedule`)")


@app_schedule.command()
def unschedule(json: Annotated[bool, output.json_of("an object with stopped, a list of names")] = False) -> None:
    """Stop the server, the worker and the report's pages that `schedule` started for this data directory, and nothing else."""
    from flows.prefect_ops.schedule_settings import load_schedule_settings

    stopped = services.stop_services(load_schedule_settings().data)
    if json:
        return output.print_json({"stopped": stopped})
    output.lines.print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
