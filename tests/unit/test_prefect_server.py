"""The schedule's server collects its garbage beside the event loop."""

import subprocess
import sys

BORN_IN_MAIN_BURIED_ASIDE = """
import threading, time
from flows.prefect_ops.server import collect_garbage_aside

class Knot:
    def __init__(self):
        self.me = self
    def __del__(self):
        buried_by.append(threading.current_thread().name)

buried_by = []
collect_garbage_aside(0.05)
end = time.monotonic() + 20
while len(buried_by) < 3000 and time.monotonic() < end:
    Knot()
print(len(buried_by) >= 3000, set(buried_by))
"""


def test_garbage_never_stops_the_thread_that_made_it():
    said = subprocess.run(
        [sys.executable, "-c", BORN_IN_MAIN_BURIED_ASIDE], capture_output=True, text=True, check=True
    ).stdout
    assert said.split() == ["True", "{'garbage'}"]
