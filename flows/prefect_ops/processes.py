"""The processes of a schedule, server, worker and the report's pages: started detached, remembered in a file, stopped by their number.

No Prefect here: looking whether a server runs must cost nothing.
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
    """A process that outlives the command that starts it. `folder` holds its record and its log."""

    folder: Path
    name: str

    @property
    def record(self) -> Path:
        """Number, moment of birth and address of the process."""
        return self.folder / f"{self.name}.json"

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / f"{self.name}.log"

    def known(self) -> dict[str, str]:
        """The record, empty where there is none."""
        try:
            known: dict[str, str] = json.loads(self.record.read_text())
        except (OSError, ValueError):
            return {}
        return known

    def pid(self) -> int | None:
        """Its number while it runs. A number that was given to another process since is not it."""
        known = self.known()
        pid = int(known.get("pid", 0))
        return pid if pid and born(pid) == known.get("born") else None

    def start(self, command: list[str], environment: dict[str, str], address: str = "") -> int:
        """Start it in a session of its own, so that closing the terminal does not end it."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        write_json(self.record, {"pid": process.pid, "born": born(process.pid), "address": address})
        return process.pid

    def stop(self, timeout_s: float) -> bool:
        """Ask it to end, and after `timeout_s` make it and what it started. False when it was not running."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            if not wait_until(lambda: self.pid() is None, timeout_s):
                os.killpg(pid, signal.SIGKILL)
                wait_until(lambda: self.pid() is None, 5)
        self.record.unlink(missing_ok=True)
        return pid is not None

    def last_words(self, lines: int = 15) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""


def born(pid: int) -> str | None:
    """When the process with this number started, in the system's own words; None when it does not run."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        # The state, and 19 fields on the start in clock ticks since boot; see proc(5).
        return None if fields[0] == "Z" else fields[19]
    said = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True).stdout.split()
    return None if not said or said[0].startswith("Z") else " ".join(said[1:])


def wait_until(true: Callable[[], bool], timeout_s: float, pause_s: float = 0.2) -> bool:
    """Ask again and again until the answer is yes, or patience ends."""
    end = time.monotonic() + timeout_s
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(pause_s)
    return True


def listens(host: str, port: int) -> bool:
    """Does anything take connections there?"""
    try:
        socket.create_connection((host, port), 5).close()
    except OSError:
        return False
    return True


def answers(address: str) -> bool:
    """Does a Prefect server answer at this address?"""
    try:
        with urlopen(f"{address}/api/health", timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def answering_server(home: Path) -> str | None:
    """The address of the server that was started for this home, if it runs and answers."""
    server = Background(home, "server")
    address = server.known().get("address")
    return address if address and server.pid() and answers(address) else None
