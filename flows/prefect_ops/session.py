"""What Prefect needs to know before and after its import: where its home is, which server it talks to, what it says.

A run uses the server that `make schedule` started for the same data directory, when that answers. Without one it has a
server of its own, with the same database, for as long as it lasts.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from flows.exit_codes import UNEXPECTED, exit_code
from flows.prefect_ops.processes import answering_server
from flows.prefect_ops.temporary_server import ALONE, TemporaryServer

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # Without a server Prefect starts one for the run; under load its own 20 s are too few.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}
LAPTOP = {
    # The command line says itself what went wrong; what Prefect has to add stays in the run's own log.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}


def home(data: Path) -> Path:
    """Prefect's folder in a data directory: its database, its logs, its leases."""
    folder = (data / "prefect").resolve()
    # Prefect makes only the last folder of the path itself.
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def prepare(data: Path) -> str | None:
    """Fill in what the environment leaves open. Call before Prefect is imported. Returns the server's address, if any."""
    for name, value in (QUIET | LAPTOP).items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_HOME", str(home(data)))
    if "PREFECT_API_URL" not in os.environ:
        address = answering_server(home(data))
        if address:
            os.environ["PREFECT_API_URL"] = f"{address}/api"
    return os.environ.get("PREFECT_API_URL")


@contextmanager
def running(data: Path) -> Iterator[Any]:
    """The module `flows.prefect_flows`, with a server that answers. Raises ScheduleError when none comes up."""
    if prepare(data):
        yield import_module("flows.prefect_flows")
        return
    # The two slow things at once: the server comes up while the flows are imported.
    server = TemporaryServer(Path(os.environ["PREFECT_HOME"]))
    os.environ |= {"PREFECT_API_URL": f"{server.address}/api", ALONE: "1"}
    flows = import_module("flows.prefect_flows")
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    server.wait()
    # Nobody watches the heartbeat of a run that has its own server, and each flow waits a second for its last one.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield flows


class OneSentence(logging.Filter):
    """In the log of a run an expected fault is its own sentence, without the traceback through Prefect's engine."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record if it is about an expected fault; every record passes."""
        fault = record.exc_info[1] if record.exc_info else None
        if isinstance(fault, Exception) and exit_code(fault) != UNEXPECTED:
            record.msg, record.args, record.exc_info, record.exc_text = str(fault), (), None, None
        return True


def expected_faults_in_one_sentence() -> None:
    """Have the logs of flow and task runs say expected faults in one sentence. Call after Prefect is imported."""
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logger = logging.getLogger(name)
        if not any(isinstance(one, OneSentence) for one in logger.filters):
            logger.addFilter(OneSentence())
