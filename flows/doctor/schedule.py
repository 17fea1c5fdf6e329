"""Do the server and the worker of the schedule run, and does a run hang?"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from flows.doctor.finding import Finding, fine, mend, note
from flows.schedule.processes import Background, answers
from warehouse.paths import DataDirectory

LONGEST_RUN = timedelta(hours=2)
"""The refresh ends itself after this long; see `flows.flow`."""


def findings(data: DataDirectory) -> Iterator[Finding]:
    """The two processes, and runs that hang or are late."""
    folder = data.root / "prefect"
    server, worker = Background(folder, "server"), Background(folder, "worker")
    if not server.record.exists() and not worker.record.exists():
        yield note("schedule", "No schedule is running here; `make schedule` starts one.")
        return
    for one in (server, worker):
        if one.pid() is None:
            yield mend("schedule", f"The {one.name} of the schedule is gone; see {one.log} and run `make schedule`.")
    address = server.known().get("address", "")
    if server.pid() is None:
        return
    if not answers(address):
        yield mend("schedule", f"The server runs and does not answer at {address}; run `make unschedule schedule`.")
        return
    stuck = list(hanging(runs(address)))
    yield from (mend("runs", f"{sentence}; cancel it at {address} and look at its log.") for sentence in stuck)
    if worker.pid() is not None:
        yield fine("schedule", f"Server and worker run; see {address}.")
    if not stuck:
        yield fine("runs", "No run hangs.")


def runs(address: str) -> list[dict[str, Any]]:
    """The runs that are running or should be, as the server tells them."""
    wanted = {"flow_runs": {"state": {"name": {"any_": ["Running", "Late", "Pending", "Cancelling"]}}}, "limit": 200}
    request = Request(
        f"{address}/api/flow_runs/filter", json.dumps(wanted).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urlopen(request, timeout=10) as response:
            found: list[dict[str, Any]] = json.load(response)
    except (URLError, OSError, ValueError):
        return []
    return found


def hanging(found: list[dict[str, Any]], now: datetime | None = None) -> Iterator[str]:
    """Runs that have been in one state for longer than any run lasts, a sentence each."""
    for run in found:
        state = run["state"]
        since = datetime.fromisoformat(state["timestamp"].replace("Z", "+00:00"))
        if (now or datetime.now(UTC)) - since > LONGEST_RUN:
            yield f"The run {run['name']} has been {state['name'].lower()} since {since:%Y-%m-%d %H:%M} UTC"
