"""A Prefect server for one run on a laptop: it starts while the run is still importing, and ends with the run's process.

Prefect can start one itself, but late, one thing after another, and only after it has imported all of the server into
the run as well. This is the same server on the same database. Its standard input is a pipe from the run: that closes
however the run ends, a kill included, so no server is ever left behind.
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
from flows.prefect_ops.server import collect_garbage_aside

TIMEOUT_S = 120.0
"""Under load the server takes its time."""
LAST_WORDS_S = 2.0
"""What the run told at its end is written into the history before the server ends; nobody waits for it."""
ALONE = "PREFECT__SERVER_EPHEMERAL"
"""Set in the environment of a run that has a server of its own, and of that server."""
SLIM = {
    ALONE: "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_UI_ENABLED": "0",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
}
"""No pages, no scheduler, no blocks: Prefect's own words for a server of one run."""


class TemporaryServer:
    """A server that was started just now; it may take some seconds until it answers."""

    def __init__(self, home: Path) -> None:
        self.log = home / "temporary.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flows.prefect_ops.temporary_server"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=os.environ | SLIM | {"PREFECT_HOME": str(home)},
                # An interrupt from the keyboard is for the run, which still has something to tell.
                start_new_session=True,
            )
        assert self.process.stdout is not None
        with self.process.stdout as said:
            self.address = f"http://127.0.0.1:{said.readline().decode().strip()}"

    def wait(self) -> None:
        """Return as soon as it answers. Raises ScheduleError when it does not."""
        wait_until(lambda: answers(self.address) or self.process.poll() is not None, TIMEOUT_S, 0.05)
        if not answers(self.address):
            said = self.log.read_text(errors="replace").strip()[-1500:]
            raise ScheduleError(
                f"Prefect's server did not come up at {self.address}; run with --plain to do without. It said:\n{said}"
            )


def serve() -> None:
    """Tell the port on standard output, serve, and end when standard input does."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    # From here on all that is said goes to the log.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def end_with_the_run() -> None:
        sys.stdin.buffer.read()
        time.sleep(LAST_WORDS_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end_with_the_run, daemon=True).start()
    collect_garbage_aside()
    import uvicorn

    config = uvicorn.Config("prefect.server.api.server:create_app", factory=True, log_level="error", lifespan="on")
    uvicorn.Server(config).run([listening])


if __name__ == "__main__":
    serve()
