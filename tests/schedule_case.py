"""A running schedule for tests: server, worker and receivers of alerts on loopback, driven over HTTP as a person would."""

import json
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import requests
import yaml

from warehouse.database import connect

PROJECT = Path(__file__).resolve().parent.parent
FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


def declared() -> list[dict[str, Any]]:
    """The deployments of `flows/prefect.yaml`."""
    return yaml.safe_load((PROJECT / "flows" / "prefect.yaml").read_text())["deployments"]


class Hook(BaseHTTPRequestHandler):
    """Keeps what is posted to it."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.received.append(json.loads(body))  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the console."""


class Mailbox(socketserver.StreamRequestHandler):
    """As much of SMTP as it takes to be handed a message."""

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        message: list[str] | None = None
        for line in self.rfile:
            text = line.decode().rstrip("\r\n")
            if message is not None and text != ".":
                message.append(text)
                continue
            answer = {"DATA": b"354 go on", "QUIT": b"221 bye"}.get(text.upper(), b"250 fine")
            if text == "." and message is not None:
                self.server.received.append("\n".join(message))  # type: ignore[attr-defined]
                message = None
            if text.upper() == "DATA":
                message = []
            self.wfile.write(answer + b"\r\n")
            if text.upper() == "QUIT":
                return


@contextmanager
def receiver(server: Any):
    """Serve until the block ends; `received` holds what came in."""
    server.received = []
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(true, timeout_s: float, what: str) -> Any:
    """Ask again and again; the first answer that is not false. Fails the test when none comes in time."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        answer = true()
        if answer:
            return answer
        time.sleep(0.2)
    raise AssertionError(f"no {what} within {timeout_s} s")


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask the leader of a session to end, wait, and make it end: a worker whose server is gone takes its time."""
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


class Schedule:
    """One data directory with its own server and worker."""

    def __init__(self, data: Path, webhook: str, mail: str) -> None:
        self.data, self.port, self.report_port = data, free_port(), free_port()
        self.api = f"http://127.0.0.1:{self.port}/api"
        mine = {
            name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "SECTORAKKOORD_"))
        }
        self.environment = mine | {
            "SECTORAKKOORD_DATA": str(data),
            "SECTORAKKOORD_EDITION": "sample",
            "SECTORAKKOORD_SCHEDULE_PORT": str(self.port),
            "SECTORAKKOORD_REPORT_PORT": str(self.report_port),
            "SECTORAKKOORD_WEBHOOK": webhook,
            "SECTORAKKOORD_MAIL": mail,
        }

    def command(self, *words: str) -> subprocess.CompletedProcess:
        """Run `sectorakkoord` with these words."""
        command = [sys.executable, "-m", "flows.cli", *words]
        return subprocess.run(command, env=self.environment, cwd=PROJECT, capture_output=True, text=True)

    def pid(self, name: str) -> int:
        """The number of the server or the worker."""
        return json.loads((self.data / "prefect" / f"{name}.json").read_text())["pid"]

    def post(self, path: str, **body: Any) -> Any:
        """Ask the server, again where its SQLite database was busy: Prefect's own client does so too."""
        (answer,) = wait_for(lambda: self._answer(path, body), 120, f"answer about {path}")
        answer.raise_for_status()
        return answer.json()

    def _answer(self, path: str, body: dict[str, Any]) -> list[requests.Response]:
        answer = requests.post(f"{self.api}/{path}", json=body, timeout=60)
        return [] if answer.status_code == 503 else [answer]

    def start(self, deployment: str, **parameters: Any) -> str:
        """Run a deployment now. Returns the id of the run."""
        found = requests.get(f"{self.api}/deployments/name/{deployment}", timeout=30).json()
        return self.post(f"deployments/{found['id']}/create_flow_run", parameters=parameters)["id"]

    def run(self, run: str) -> dict[str, Any]:
        """What the server knows of a run."""
        return requests.get(f"{self.api}/flow_runs/{run}", timeout=30).json()

    def end_of(self, run: str, timeout_s: float = 400) -> tuple[str, str]:
        """How a run ended: its state and what the state says."""

        def ended() -> dict[str, Any] | None:
            try:
                state = self.run(run)["state"]
            except requests.ConnectionError:
                return None
            return state if state["type"] in FINAL else None

        state = wait_for(ended, timeout_s, f"end of run {run}")
        return state["type"], state["message"] or ""

    def builds(self) -> set[Path]:
        """Warehouses under construction."""
        return set(self.data.glob(".build-*.duckdb"))

    def start_and_wait_for_build(self, **parameters: Any) -> tuple[str, int]:
        """Start a refresh of the sample and wait until it builds. Returns the run and the number of its process."""
        before = self.builds()
        # Without a release in place the run has something to build.
        (self.data / "warehouse.duckdb").unlink(missing_ok=True)
        run = self.start("refresh/monthly", edition="sample", **parameters)
        new = wait_for(lambda: self.builds() - before, 300, "build")
        return run, int(new.pop().name.split("-")[1].split(".")[0])

    def kill(self, name: str) -> None:
        """End the server or the worker as a crash would."""
        os.kill(self.pid(name), signal.SIGKILL)

    def is_whole(self) -> bool:
        """The published warehouse is a finished one, or there is none (yet): never a part."""
        warehouse = self.data / "warehouse.duckdb"
        if not warehouse.exists():
            return True
        with connect(warehouse, read_only=True) as con:
            audits, rows = con.execute(
                "SELECT (SELECT audits FROM meta.release), (SELECT count(*) FROM goals.observation)"
            ).fetchone()
        return audits > 0 and rows > 0 and not warehouse.with_name("warehouse.duckdb.wal").exists()
