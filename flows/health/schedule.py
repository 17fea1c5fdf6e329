"""Do the server and the worker of the schedule run, and does a run hang?"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from flows.health.finding import Finding, error, ok, warning
from flows.prefect_ops.processes import Background, answers
from warehouse.release.data_directory import DataDirectory

LONGEST_RUN = timedelta(hours=2)
"""The refresh ends itself after this long; see `flows.prefect_flows`."""


def findings(data: DataDirectory) -> Iterator[Finding]:
    """The two processes, and runs that hang or are late."""
    folder = data.root / "prefect"
    server = Background(folder, "server")
    ours = [one for one in (server, Background(folder, "worker"), Background(folder, "report")) if one.record.exists()]
    if not ours:
        yield warning("schedule", "No schedule is running here; `make schedule` starts one.")
        return
    gone = [one for one in ours if one.pid() is None]
    for one in gone:
        yield error("schedule", f"The {one.name} of the schedule is gone; see {one.log} and run `make schedule`.")
    address = server.known().get("address", "")
    if server.pid() is None:
        return
    if not answers(address):
        yield error("schedule", f"The server runs and does not answer at {address}; run `make unschedule schedule`.")
        return
    if not gone:
        yield ok("schedule", f"{' and '.join(one.name for one in ours).capitalize()} run; see {address}.")
    found = runs(address)
    if found is None:
        yield warning("runs", f"The server at {address} does not list its runs; look at them there.")
        return
    stuck = list(hanging(found))
    yield from (error("runs", f"{sentence}; cancel it at {address} and look at its log.") for sentence in stuck)
    if not stuck:
        yield ok("runs", "No run hangs.")


def runs(address: str) -> list[dict[str, Any]] | None:
    """The runs that are running or should be, as the server lists them; None where it does not."""
    wanted = {"flow_runs": {"state": {"name": {"any_": ["Running", "Late", "Pending", "Cancelling"]}}}, "limit": 200}
    request = Request(  # noqa: S310 - our own server, http(s) by its setting
        f"{address}/api/flow_runs/filter", json.dumps(wanted).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urlopen(request, timeout=10) as response:  # noqa: S310 - as above
            found: list[dict[str, Any]] = json.load(response)
    except (URLError, OSError, ValueError):
        return None
    return found


def hanging(found: list[dict[str, Any]], now: datetime | None = None) -> Iterator[str]:
    """Runs that have been in one state for longer than any run lasts, a sentence each."""
    for run in found:
        state = run["state"]
        since = datetime.fromisoformat(state["timestamp"].replace("Z", "+00:00"))
        if (now or datetime.now(UTC)) - since > LONGEST_RUN:
            yield f"The run {run['name']} has been {state['name'].lower()} since {since:%Y-%m-%d %H:%M} UTC"
