"""The services of a schedule on one machine: a Prefect server, a worker, and a web server for the report's pages.

All they keep is in the data directory under `prefect/`: the server's SQLite database, logs, process records. Starting
what runs changes nothing.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.prefect_ops.processes import Background, ScheduleError, answers, listens, wait_until
from flows.prefect_ops.session import NO_ANALYTICS, prefect_home

if TYPE_CHECKING:
    from flows.prefect_ops.schedule_settings import ScheduleSettings

PROJECT = Path(__file__).resolve().parents[2]
DEPLOYMENTS = PROJECT / "flows" / "prefect.yaml"
POOL = "sectorakkoord"
START_TIMEOUT_S = {"server": 120.0, "worker": 60.0, "report": 20.0}
STOP_TIMEOUT_S = {"worker": 45.0, "report": 5.0, "server": 20.0}
"""In the order of stopping: the worker first, which reports to the server how the run at hand ended."""


def environment(settings: "ScheduleSettings", **more: str) -> dict[str, str]:
    """Environment of the server, the worker and its runs.

    Other Prefect settings of the caller stay in force: a PostgreSQL database, a password for the API.
    """
    defaults = NO_ANALYTICS | {
        "PREFECT_LOGGING_LEVEL": "INFO",
        # The leases of a dead run must be known after the server itself died.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        # By default the pages would ask the default port, whatever port they come from.
        "PREFECT_UI_API_URL": "/api",
        # Of its two kinds of pages the newer ask a host outside for settings, whatever is said about analytics.
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_WORKER_QUERY_SECONDS": "5",
        "NO_COLOR": "1",
    }
    ours = {
        "PREFECT_HOME": str(prefect_home(settings.data)),
        "SECTORAKKOORD_DATA": str(settings.data.resolve()),
        "SECTORAKKOORD_REPORT_URL": settings.report_url or report_address(settings),
        # Runs start in a folder of their own; they import the project that was deployed.
        "PYTHONPATH": str(PROJECT),
    }
    if settings.edition:
        ours["SECTORAKKOORD_EDITION"] = settings.edition
    # These would lead to another server.
    theirs = {name: value for name, value in os.environ.items() if name not in ("PREFECT_API_URL", "PREFECT_PROFILE")}
    return defaults | theirs | ours | more


def server_address(settings: "ScheduleSettings") -> str:
    """Where the server and its pages are."""
    return f"http://{settings.schedule_host}:{settings.schedule_port}"


def report_address(settings: "ScheduleSettings") -> str:
    """Where the report's pages are: a browser opens no file from a page of the server."""
    return f"http://{settings.schedule_host}:{settings.report_port}"


def start_server(settings: "ScheduleSettings") -> str:
    """Start the server unless it runs. Returns its address. Raises ScheduleError when it does not come up."""
    server, address = Background(prefect_home(settings.data), "server"), server_address(settings)
    running_at = server.known()["address"] if server.pid() else ""
    if running_at not in ("", address):
        raise ScheduleError(
            f"the server of {settings.data} runs at {running_at}, not at {address}; stop it with `make unschedule` first."
        )
    if running_at and not wait_until(lambda: answers(address), START_TIMEOUT_S["server"]):
        raise ScheduleError(f"the server runs and does not answer at {address}; run `make unschedule schedule`.")
    if not running_at:
        check_free(address, "SECTORAKKOORD_SCHEDULE_PORT")
        host, port = settings.schedule_host, str(settings.schedule_port)
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", port]
        server.start(command, environment(settings), lambda: answers(address), START_TIMEOUT_S["server"], address)
    return address


def start_report(settings: "ScheduleSettings") -> None:
    """Serve the report's pages unless they are served. Raises ScheduleError when that does not come up."""
    report, address = Background(prefect_home(settings.data), "report"), report_address(settings)
    if report.pid():
        return
    check_free(address, "SECTORAKKOORD_REPORT_PORT")
    host, port = settings.schedule_host, settings.report_port
    pages = settings.data.resolve() / "report"
    command = [sys.executable, "-m", "http.server", "--bind", host, "--directory", str(pages), str(port)]
    report.start(command, environment(settings), lambda: listens(host, port), START_TIMEOUT_S["report"], address)


def start_worker(settings: "ScheduleSettings") -> None:
    """Start the worker unless it runs. Raises ScheduleError when it does not come up."""
    worker = Background(prefect_home(settings.data), "worker")
    if worker.pid():
        return
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--name", "sectorakkoord"]
    earlier = worker.log.stat().st_size if worker.log.exists() else 0
    where = environment(settings, PREFECT_API_URL=f"{server_address(settings)}/api")
    worker.start(command, where, lambda: b"started!" in worker.log.read_bytes()[earlier:], START_TIMEOUT_S["worker"])


def check_free(address: str, setting: str) -> None:
    """Raise ScheduleError where something listens at the address already."""
    parts = urlsplit(address)
    if listens(parts.hostname or "", parts.port or 0):
        raise ScheduleError(
            f"{address}: expected a free port, found another server there; choose a port with {setting}."
        )


def deploy(settings: "ScheduleSettings") -> None:
    """Make or renew the pool, the limit on publishing, the alerts and the deployments on the server that runs.

    In a process of its own, whose settings of Prefect lead to that server. Raises ScheduleError with the end of its output.
    """
    where = environment(settings, PREFECT_API_URL=f"{server_address(settings)}/api")
    command = [sys.executable, "-m", "flows.prefect_ops.deployments"]
    done = subprocess.run(command, env=where, cwd=PROJECT, capture_output=True, text=True)  # noqa: S603 - our own command
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise ScheduleError(f"the pool, the limit, the alerts or the deployments could not be set up:\n{tail}")


def stop_services(data: Path) -> list[str]:
    """Stop what runs of the services of a data directory. Returns the names of those."""
    home = prefect_home(data)
    return [name for name, timeout_s in STOP_TIMEOUT_S.items() if Background(home, name).stop(timeout_s)]
