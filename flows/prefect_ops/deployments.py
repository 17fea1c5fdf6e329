"""The program that sets up a server: work pool, limit on publishing, alerts, deployments. Running it again renews them.

It talks to the server of PREFECT_API_URL; `make schedule` and the service `set-up` of compose.yaml run it.
"""

import subprocess
import sys
from contextlib import suppress

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists

from flows.prefect_ops.automations import set_up_alerts
from flows.prefect_ops.publish_slot import PUBLISHING
from flows.prefect_ops.schedule_settings import load_schedule_settings
from flows.prefect_ops.services import DEPLOYMENTS, POOL, PROJECT


def set_up_pool_and_limit() -> None:
    """A pool whose runs are processes on the worker's machine, and one slot to publish. Slots that are taken stay so."""
    with get_client(sync_client=True) as client:
        with suppress(ObjectAlreadyExists):
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        client.upsert_global_concurrency_limit_by_name(PUBLISHING, 1)


if __name__ == "__main__":
    set_up_pool_and_limit()
    set_up_alerts(load_schedule_settings())
    deploy = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(DEPLOYMENTS)]
    sys.exit(subprocess.run(deploy, cwd=PROJECT).returncode)  # noqa: S603 - our own command
