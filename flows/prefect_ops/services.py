"""The services of a schedule on one machine: a Prefect server, a pool, a worker and the report's pages.

Everything lives in the data directory under `prefect/`: the server's SQLite database, the logs, the records of the two
processes. Starting twice changes nothing but what is new; stopping ends these two processes and no other.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flows.prefect_ops.processes import Background, ScheduleError, answers, listens, wait_until

if TYPE_CHECKING:
    from flows.prefect_ops.schedule_settings import ScheduleSettings

PROJECT = Path(__file__).resolve().parents[2]
POOL = "sectorakkoord"
SERVER_TIMEOUT_S, WORKER_TIMEOUT_S, REPORT_TIMEOUT_S = 120.0, 60.0, 20.0
RUN_TIMEOUT_S = 45.0
"""How long a worker may take to end the run at hand before it is killed."""


def home(settings: "ScheduleSettings") -> Path:
    """Prefect's folder of the data directory."""
    from flows.prefect_ops.session import home

    return home(settings.data)


def environment(settings: "ScheduleSettings", **more: str) -> dict[str, str]:
    """What the server, the worker and its runs get to know.

    Other settings of Prefect's in the caller's environment stay: a PostgreSQL database, a password for the API.
    """
    from flows.prefect_ops.session import QUIET

    defaults = QUIET | {
        "PREFECT_LOGGING_LEVEL": "INFO",
        # What a dead run held must be known after the server itself died.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        # Left alone, the pages would ask the default port, whatever port they come from.
        "PREFECT_UI_API_URL": "/api",
        # Of its two kinds of pages the newer ask a host outside for settings, whatever is said about analytics.
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_WORKER_QUERY_SECONDS": "5",
        "NO_COLOR": "1",
    }
    ours = {
        "PREFECT_HOME": str(home(settings)),
        "SECTORAKKOORD_DATA": str(settings.data.resolve()),
        "SECTORAKKOORD_REPORT_URL": settings.report_url or report_address(settings),
        # Runs start in a folder of their own; they import the project that was deployed.
        "PYTHONPATH": str(PROJECT),
    }
    # These would lead to another server.
    theirs = {name: value for name, value in os.environ.items() if name not in ("PREFECT_API_URL", "PREFECT_PROFILE")}
    return defaults | theirs | ours | more


def address_of(settings: "ScheduleSettings") -> str:
    """Where the server is to be found."""
    return f"http://{settings.schedule_host}:{settings.schedule_port}"


def report_address(settings: "ScheduleSettings") -> str:
    """Where the report's pages are to be found: a browser opens no files from a page of the server."""
    return f"http://{settings.schedule_host}:{settings.report_port}"


def start_report(settings: "ScheduleSettings") -> None:
    """Serve the report's pages unless they are served. Raises ScheduleError when the port is taken."""
    report, host, port = Background(home(settings), "report"), settings.schedule_host, settings.report_port
    if report.pid():
        return
    pages = settings.data.resolve() / "report"
    command = [sys.executable, "-m", "http.server", "--bind", host, "--directory", str(pages), str(port)]
    report.start(command, environment(settings), report_address(settings))
    wait_until(lambda: report.pid() is None or listens(host, port), REPORT_TIMEOUT_S)
    if not report.pid():
        said = report.last_words(1)
        raise ScheduleError(f"port {port} for the report: {said}; choose another with SECTORAKKOORD_REPORT_PORT.")


def start_server(settings: "ScheduleSettings") -> str:
    """Start the server unless it runs. Returns its address. Raises ScheduleError when it does not come up."""
    server, address = Background(home(settings), "server"), address_of(settings)
    if server.pid() and server.known()["address"] != address:
        raise ScheduleError(
            f"the server of {settings.data} runs at {server.known()['address']}, not at {address}; "
            "stop it with `make unschedule` first."
        )
    if not server.pid():
        if answers(address):
            raise ScheduleError(
                f"{address}: another Prefect server answers there; choose a port with SECTORAKKOORD_SCHEDULE_PORT."
            )
        host, port = settings.schedule_host, str(settings.schedule_port)
        command = [sys.executable, "-m", "flows.prefect_ops.server", "server", "start", "--host", host, "--port", port]
        server.start(command, environment(settings), address)
    wait_until(lambda: answers(address) or server.pid() is None, SERVER_TIMEOUT_S)
    if not (server.pid() and answers(address)):
        server.stop(5)
        raise ScheduleError(f"the server did not come up at {address}; the end of {server.log}:\n{server.last_words()}")
    return address


def set_up(settings: "ScheduleSettings") -> int:
    """Make the pool, the limit on publishing, the alerts and the deployments, or bring them up to date. Returns how many
    deployments there are. Raises ScheduleError with what the set-up said."""
    import yaml

    where = environment(settings, PREFECT_API_URL=f"{address_of(settings)}/api")
    command = [sys.executable, "-m", "flows.prefect_ops.deployments"]
    done = subprocess.run(command, env=where, cwd=PROJECT, capture_output=True, text=True)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()[-15:]
        raise ScheduleError(
            "the pool, the limit, the alerts or the deployments could not be set up:\n" + "\n".join(said)
        )
    return len(yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"])


def start_worker(settings: "ScheduleSettings") -> None:
    """Start the worker unless it runs. Raises ScheduleError when it does not come up."""
    worker = Background(home(settings), "worker")
    if worker.pid():
        return
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--name", "sectorakkoord"]
    mark = worker.log.stat().st_size if worker.log.exists() else 0
    worker.start(command, environment(settings, PREFECT_API_URL=f"{address_of(settings)}/api"))

    def up() -> bool:
        return b"started!" in worker.log.read_bytes()[mark:]

    wait_until(lambda: up() or worker.pid() is None, WORKER_TIMEOUT_S)
    if not up():
        worker.stop(5)
        raise ScheduleError(f"the worker did not start; the end of {worker.log}:\n{worker.last_words()}")
