"""The door of a run, in whatever process a file is taken in.

A door keeps the pace per host and gives hosts up, and neither can be shared between processes. So every process of a run
has one door for all its files, and goes at its share of the pace: together they keep to it. A host that stops answering
half way is given up by each process for itself; one that does not answer at the start is known to all (`Found.closed`).
"""

from functools import lru_cache
from threading import Lock

from flows.http.client import HttpClient
from flows.settings import Settings

_lock = Lock()


def client_for(run: str, settings: Settings, processes: int = 1) -> HttpClient:
    """The door of this run in this process, of `processes` that share the work."""
    with _lock:
        return _made(run, settings, processes)


@lru_cache(maxsize=4)
def _made(run: str, settings: Settings, processes: int) -> HttpClient:
    """A process that outlives its runs, such as a Dask worker, keeps the doors of the last few."""
    pace = settings.requests_per_second / processes
    return HttpClient(settings.model_copy(update={"requests_per_second": pace}))
