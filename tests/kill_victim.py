"""A process that starts refreshes to be killed: it reads `go` lines, forks a child per line, and prints its number.

The imports happen once, so that a kill falls into the refresh and not into the start of Python.
"""

import os
import sys
from datetime import date
from pathlib import Path

from flows.refresh import Request, refresh
from flows.settings import load_settings


def main(portal: str, data: Path) -> None:
    """Fork a refresh per line on standard input; the child's exit code goes to its parent's `wait`."""
    hurried = {"backoff_min_s": 0.001, "backoff_max_s": 0.002, "requests_per_second": 1e6}
    settings = load_settings(portal_url=portal, data=data, **hurried)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            refresh(Request("live", publisher="duo"), settings, date(2026, 1, 10))
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
