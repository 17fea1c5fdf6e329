"""All that a server needs: the work pool, the limit of one on publishing, the alerts, the deployments. Run as a program.

It talks to the server of PREFECT_API_URL. Everything is made anew or brought up to date: running it twice is harmless.
"""

import subprocess
import sys

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists

from flows.prefect_flows import PUBLISHING
from flows.prefect_ops.automations import set_up_alerts
from flows.prefect_ops.schedule_settings import load_schedule_settings
from flows.prefect_ops.services import POOL, PROJECT


def set_up_pool() -> None:
    """A pool whose runs are processes on this machine."""
    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        except ObjectAlreadyExists:
            client.read_work_pool(POOL)


def set_up_limit() -> None:
    """One run publishes at a time. A limit that is there keeps the places taken from it."""
    with get_client(sync_client=True) as client:
        client.upsert_global_concurrency_limit_by_name(PUBLISHING, 1)


def deploy_all() -> int:
    """Deploy everything in prefect.yaml, from the project's folder. Returns Prefect's exit code; it says itself what is wrong."""
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", "prefect.yaml"]
    return subprocess.run(command, cwd=PROJECT).returncode


if __name__ == "__main__":
    set_up_pool()
    set_up_limit()
    set_up_alerts(load_schedule_settings())
    sys.exit(deploy_all())
