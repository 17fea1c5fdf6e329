"""Python's garbage collector, off while a file becomes millions of small strings that all stay.

None of them is in a cycle, yet the collector walks through all of them again and again.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No automatic collection inside; one collection after. Nested use, and a collector that was off, stay as they are."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
