"""Background processes: started detached, recorded in a file, found and stopped by their process id.

`prefect server start --background` records an id too, but stops whatever process has that id now, refuses to start after a
crash, keeps no log, and has no counterpart for workers. Nothing here imports Prefect: a status check must be quick.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from warehouse.files import write_json


class ScheduleError(Exception):
    """The schedule cannot be started or stopped; the message says why and what to do."""


@dataclass(frozen=True)
class Background:
    """A process that outlives the command that starts it. `folder` holds its record, NAME.json, and its log, NAME.log."""

    folder: Path
    name: str

    @property
    def record(self) -> Path:
        """Process id, start time and address."""
        return self.folder / f"{self.name}.json"

    @property
    def log(self) -> Path:
        """Its output, of earlier starts too."""
        return self.folder / f"{self.name}.log"

    def known(self) -> dict[str, str]:
        """The record, empty where there is none."""
        try:
            known: dict[str, str] = json.loads(self.record.read_text())
        except (OSError, ValueError):
            return {}
        return known

    def pid(self) -> int | None:
        """Its process id while it runs; None as well where another process has that id by now."""
        known = self.known()
        pid = int(known.get("pid", 0))
        return pid if pid and born(pid) == known.get("born") else None

    def start(
        self,
        command: list[str],
        environment: dict[str, str],
        ready: Callable[[], bool],
        timeout_s: float,
        address: str = "",
    ) -> None:
        """Start it in a session of its own and wait until it is ready. Raises ScheduleError with the end of its log."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        write_json(self.record, {"pid": process.pid, "born": born(process.pid), "address": address})
        wait_until(lambda: ready() or self.pid() is None, timeout_s)
        if not (self.pid() and ready()):
            self.stop(5)
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
            raise ScheduleError(f"the {self.name} did not start; the end of {self.log}:\n{tail}")

    def stop(self, timeout_s: float) -> bool:
        """Terminate it; after `timeout_s` kill it and its children. Returns whether it was running."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            if not wait_until(lambda: self.pid() is None, timeout_s):
                os.killpg(pid, signal.SIGKILL)
                wait_until(lambda: self.pid() is None, 5)
        self.record.unlink(missing_ok=True)
        return pid is not None


def born(pid: int) -> str | None:
    """When the process with this id started, as the system writes it; None when it does not run."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        # The state, and 19 fields on the start in clock ticks since boot; see proc(5).
        return None if fields[0] == "Z" else fields[19]
    said = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True).stdout.split()  # noqa: S603, S607 - ps, a number
    return None if not said or said[0].startswith("Z") else " ".join(said[1:])


def wait_until(condition: Callable[[], bool], timeout_s: float, pause_s: float = 0.2) -> bool:
    """Poll until the condition holds; False when it does not within the timeout."""
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause_s)
    return True


def listens(host: str, port: int) -> bool:
    """Whether anything accepts connections there."""
    try:
        socket.create_connection((host, port), 5).close()
    except OSError:
        return False
    return True


def answers(address: str) -> bool:
    """Whether a Prefect server answers at this address."""
    try:
        with urlopen(f"{address}/api/health", timeout=5) as response:  # noqa: S310 - our own server, http(s) by its setting
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def answering_server(home: Path) -> str | None:
    """The address of the server that was started for this home, if it runs and answers."""
    server = Background(home, "server")
    address = server.known().get("address")
    return address if address and server.pid() and answers(address) else None
