"""Where the files of a run are taken in: in threads of the run itself, or in processes of a Dask cluster, by a setting.

Threads are right for one machine and the files of today. With `dask` a run has a cluster of its own, a process per core;
with `dask:tcp://HOST:PORT` it uses one that exists, whose workers must see the data directory under the same path and
have the same version of this project. Either way a task leaves its file parsed in the data directory's cache, so that
the publishing, which is never divided, only reads.
"""

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.settings import Settings, SettingsError

THREADS = 2
TIMEOUT_S = 10
"""A scheduler answers within this time."""
SETTING = "setting task_runner (SECTORAKKOORD_TASK_RUNNER)"


@contextmanager
def runner_of(settings: Settings) -> Iterator[tuple[TaskRunner[Any], int]]:
    """The runner of the setting, started, and how many processes share its work. Raises SettingsError."""
    kind, _, address = settings.task_runner.partition(":")
    if kind == "threads":
        threads: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=THREADS)
        with threads:
            yield threads, 1
        return
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise SettingsError(f'{SETTING}: dask is not installed; install the extra "scale", or set threads.') from None
    here = {
        "n_workers": os.cpu_count(),
        "threads_per_worker": 1,
        "dashboard_address": None,
        "silence_logs": logging.ERROR,
    }
    if address:
        check_reachable(address)
    with DaskTaskRunner(address=address) if address else DaskTaskRunner(cluster_kwargs=here) as dask:
        yield dask, workers_of(dask, address)


def check_reachable(address: str) -> None:
    """See whether a scheduler listens there: Dask itself would try for half a minute. Raises SettingsError."""
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), TIMEOUT_S).close()
    except (OSError, ValueError):
        raise SettingsError(
            f"{SETTING}: no Dask scheduler answers at {address}; start it with `dask scheduler`, or set threads."
        ) from None


def workers_of(dask: Any, address: str) -> int:
    """How many worker processes the cluster has. Raises SettingsError when it has none: a run would wait for ever."""
    count = len(dask.client.scheduler_info(n_workers=-1)["workers"])
    if not count:
        raise SettingsError(
            f"{SETTING}: the Dask scheduler at {address} has no worker; start one with `dask worker {address}`."
        )
    return count
