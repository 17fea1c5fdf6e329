"""`sectorakkoord schedule` and `unschedule`."""

from typing import Annotated

import typer

from flows.commands import output
from flows.prefect_ops.processes import Background
from flows.prefect_ops.services import (
    RUN_TIMEOUT_S,
    home,
    report_address,
    set_up,
    start_report,
    start_server,
    start_worker,
)

app_schedule = typer.Typer(pretty_exceptions_enable=False)


@app_schedule.command()
def schedule(
    json: Annotated[bool, output.json_of("an object with address, deployments, alerts")] = False,
) -> None:
    """Start the Prefect server and a worker in the background, and deploy all flows with their schedules and alerts."""
    from flows.prefect_ops.schedule_settings import load_schedule_settings

    settings = load_schedule_settings()
    out = output.lines
    with output.steps_shown(json) as progress:
        progress("starting the server")
        address = start_server(settings)
        progress("deploying the flows and setting up the alerts")
        deployments = set_up(settings)
        progress("starting the worker")
        start_report(settings)
        start_worker(settings)
    told = [name for name in ("webhook", "mail") if getattr(settings, name)]
    if json:
        return output.print_json({"address": address, "deployments": deployments, "alerts": told})
    out.print(f"Server: {address}")
    out.print(f"Deployments: {deployments}, from prefect.yaml.")
    out.print(f"Alerts go to: {' and '.join(told) or 'nobody; set SECTORAKKOORD_WEBHOOK or SECTORAKKOORD_MAIL'}.")
    out.print(f"Report for readers: {report_address(settings)}")
    out.print(f"Runs, schedules and events: [bold]{address}[/]   (stop with `make unschedule`)")


@app_schedule.command()
def unschedule(json: Annotated[bool, output.json_of("an object with stopped, a list of names")] = False) -> None:
    """Stop the server, the worker and the report's pages that `schedule` started for this data directory, and nothing else."""
    from flows.prefect_ops.schedule_settings import load_schedule_settings

    folder = home(load_schedule_settings())
    # The worker first: it tells the server how the run at hand ended.
    stopped = [
        name
        for name, timeout_s in (("worker", RUN_TIMEOUT_S), ("report", 5.0), ("server", 20.0))
        if Background(folder, name).stop(timeout_s)
    ]
    if json:
        return output.print_json({"stopped": stopped})
    output.lines.print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
