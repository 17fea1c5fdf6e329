"""A Prefect server for the runs of one process on a laptop: it comes up while that process still imports the flows.

Prefect starts such a server by itself too, but only after everything is imported, and a run that is killed leaves it
behind. This one is the same application on the same database. Its standard input is a pipe from the run: that closes
however the run ends, and then the server ends as well.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from flows.prefect_ops.processes import ScheduleError, answers, wait_until

START_TIMEOUT_S = 120.0
"""Under load the server takes its time."""
DRAIN_S = 2.0
"""The last events of a run are written into the history before the server ends; nobody waits for it."""


class TemporaryServer:
    """A server that was started just now. `address` is known at once; `wait` until it answers there."""

    def __init__(self, home: Path) -> None:
        self.log = home / "temporary.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flows.prefect_ops.temporary_server"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=os.environ | {"PREFECT_HOME": str(home), "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false"},
                # An interrupt from the keyboard is for the run, which still reports its end to the server.
                start_new_session=True,
            )
        assert self.process.stdout is not None  # noqa: S101 - for mypy: it is a pipe
        with self.process.stdout as port:
            self.address = f"http://127.0.0.1:{port.readline().decode().strip()}"

    def wait(self) -> None:
        """Return as soon as it answers. Raises ScheduleError when it does not."""
        wait_until(lambda: answers(self.address) or self.process.poll() is not None, START_TIMEOUT_S, 0.05)
        if not answers(self.address):
            raise ScheduleError(
                f"Prefect's server did not come up at {self.address}; run with --plain to do without. "
                f"The end of {self.log}:\n{self.log.read_text(errors='replace').strip()[-1500:]}"
            )


def serve() -> None:
    """Print a free port, serve there, and end when standard input does."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    # Everything printed from here on goes to the log.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def end_with_the_run() -> None:
        sys.stdin.buffer.read()
        time.sleep(DRAIN_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end_with_the_run, daemon=True).start()
    import uvicorn
    from prefect.server.api.server import create_app

    app = create_app(ephemeral=True, final=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on")).run([listening])


if __name__ == "__main__":
    serve()
