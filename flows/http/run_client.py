"""The HTTP client of a run, one per process.

A client limits the rate per host and gives hosts up, and neither can be shared between processes. So every process of a
run has one client for all its files, at its share of the rate. A host that stops answering half way is given up by each
process for itself; one that does not answer at the start is known to all (`OfferedFile.closed`).
"""

from functools import lru_cache
from threading import Lock

from flows.http.client import HttpClient
from flows.settings import Settings

_lock = Lock()


def client_for(run: str, settings: Settings, processes: int = 1) -> HttpClient:
    """The client of this run in this process, of `processes` that share the work."""
    with _lock:
        return _made(run, settings, processes)


@lru_cache(maxsize=4)
def _made(run: str, settings: Settings, processes: int) -> HttpClient:
    """A process that outlives its runs, such as a Dask worker, keeps the clients of the last few."""
    rate = settings.requests_per_second / processes
    return HttpClient(settings.model_copy(update={"requests_per_second": rate}))
