"""Connects the runs of this process to a Prefect server: the schedule's where it answers, else a temporary one.

Nothing here imports Prefect: it reads its settings from the environment when it is imported, so `connect` comes first.
"""

import os
from contextvars import ContextVar
from pathlib import Path

from flows.prefect_ops.processes import answering_server
from flows.prefect_ops.temporary_server import TemporaryServer
from warehouse.progress import ProgressCallback, no_progress

NO_ANALYTICS = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
QUIET_CONSOLE = {
    # The command line itself says what went wrong. The messages of Prefect stay in the log of the run.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}

progress: ContextVar[ProgressCallback] = ContextVar("progress", default=no_progress)
"""Called with every step of a run; the command line sets it to show them."""
has_temporary_server: ContextVar[bool] = ContextVar("has_temporary_server", default=False)
"""Whether no other run uses the server of this one."""


def prefect_home(data: Path) -> Path:
    """Prefect's folder in a data directory, made if missing: its database, logs and leases."""
    folder = (data / "prefect").resolve()
    # Prefect makes only the last folder of the path itself.
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def connect(data: Path) -> TemporaryServer | None:
    """Set what the environment leaves open. Call before Prefect is imported.

    Returns the temporary server that this starts where no server answers; wait for it before the first run.
    """
    home = prefect_home(data)
    for name, value in (NO_ANALYTICS | QUIET_CONSOLE | {"PREFECT_HOME": str(home)}).items():
        os.environ.setdefault(name, value)
    if "PREFECT_API_URL" in os.environ:
        return None
    address = answering_server(Path(os.environ["PREFECT_HOME"]))
    server = None if address else TemporaryServer(Path(os.environ["PREFECT_HOME"]))
    os.environ["PREFECT_API_URL"] = f"{server.address if server else address}/api"
    has_temporary_server.set(server is not None)
    return server
