"""`prefect server start`, without the standstills of a server on SQLite.

A cancelled request leaves a cursor behind that only the garbage collector finds. It closes the cursor, which waits for the
cursor's connection. When that connection waits for the write lock, and the lock's owner waits for the event loop, and it is
the event loop in which the collector happened to run, then all wait, until SQLite gives up after a minute. (Seen with
Prefect 3.8.8 on Python 3.11 in a stack of the server, in one of four times that two runs worked at once.) So the garbage is
collected in a thread of its own: that one may wait.
"""

import gc
import threading
import time
from itertools import count

EVERY_S = 1.0
YOUNG, ALL = 1, 2
"""Generations of the collector: the young ones take a millisecond, all of them half a second of the whole server."""
ALL_EVERY = 60


def collect_garbage_aside(every_s: float = EVERY_S) -> None:
    """From now on collect garbage in a thread of its own and in no other."""

    def work() -> None:
        for turn in count(1):
            time.sleep(every_s)
            gc.collect(YOUNG if turn % ALL_EVERY else ALL)

    gc.disable()
    threading.Thread(target=work, name="garbage", daemon=True).start()


if __name__ == "__main__":
    collect_garbage_aside()
    from prefect.cli import app

    app()
