"""Where the files of a run are ingested: in threads of the run itself, or in processes of a Dask cluster, by a setting.

Threads are right for one machine and the files of today. With `dask` a run has a cluster of its own, a process per core;
with `dask:tcp://HOST:PORT` it uses one that exists, whose workers must see the data directory under the same path and
have the same version of this project. Either way a task leaves its file parsed in the data directory's cache, so that
the publishing, which is never divided, only reads.
"""

import logging
import os
import socket
from typing import Any
from urllib.parse import urlsplit

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.settings import Settings, SettingsError

THREADS = 2
CONNECT_TIMEOUT_S = 10
"""A scheduler answers within this time."""
SETTING = "setting task_runner (SECTORAKKOORD_TASK_RUNNER)"


def task_runner_for(settings: Settings) -> TaskRunner[Any]:
    """The task runner of the setting; nothing starts or connects before its first task. Raises SettingsError without Dask."""
    kind, _, address = settings.task_runner.partition(":")
    if kind == "threads":
        return ThreadPoolTaskRunner(max_workers=THREADS)
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise SettingsError(f'{SETTING}: dask is not installed; install the extra "scale", or set threads.') from None
    if address:
        return DaskTaskRunner(address=address)
    own_cluster = {
        "n_workers": os.cpu_count(),
        "threads_per_worker": 1,
        "dashboard_address": None,
        "silence_logs": logging.ERROR,
    }
    return DaskTaskRunner(cluster_kwargs=own_cluster)


def worker_processes(runner: Any) -> int:
    """How many processes share the work of a started runner. Raises SettingsError for a cluster that is away or empty."""
    if isinstance(runner, ThreadPoolTaskRunner):
        return 1
    address = runner.address
    if address:
        check_reachable(address)
    count = len(runner.client.scheduler_info(n_workers=-1)["workers"])
    if not count:
        # Without this a run would wait for ever.
        raise SettingsError(
            f"{SETTING}: the Dask scheduler at {address} has no worker; start one with `dask worker {address}`."
        )
    return count


def check_reachable(address: str) -> None:
    """Raise SettingsError where no scheduler listens; Dask itself would try for half a minute."""
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), CONNECT_TIMEOUT_S).close()
    except (OSError, ValueError):
        raise SettingsError(
            f"{SETTING}: no Dask scheduler answers at {address}; start it with `dask scheduler`, or set threads."
        ) from None
