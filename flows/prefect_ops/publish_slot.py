"""The slot to publish: on a server that several runs share, one publishes at a time.

The lock of the data directory guards the release in any case. So a run that is publishing goes on when the server dies.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from prefect.concurrency.sync import concurrency
from prefect.settings import get_current_settings

from flows.prefect_ops.session import has_temporary_server

PUBLISHING = "sectorakkoord-publishing"
"""The global concurrency limit of one on the server; `make schedule` sets it."""
LEASE_S = 60
"""The slot of a run that died while it published is free again after this long."""
TIMEOUT_S = 3600
"""A run waits no longer than this for the slot."""


@contextmanager
def publish_slot() -> Iterator[None]:
    """Hold the slot in the block; on a server that no other run uses there is none to wait for."""
    if get_current_settings().api.url is None or has_temporary_server.get():
        yield
        return
    with concurrency(
        PUBLISHING,
        timeout_seconds=TIMEOUT_S,
        lease_duration=LEASE_S,
        strict=True,
        raise_on_lease_renewal_failure=False,
    ):
        yield
