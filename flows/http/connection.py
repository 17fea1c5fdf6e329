"""Connections to the addresses that were checked: a name that resolves elsewhere a moment later is not followed."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError


def connect(hosts: Sequence[str], port: int, timeout_s: float) -> socket.socket:
    """A connection with the first of `hosts` that accepts one. Raises the OSError of the last one tried."""
    for host in hosts[:-1]:
        try:
            return socket.create_connection((host, port), timeout_s)
        except OSError:
            continue
    return socket.create_connection((hosts[-1], port), timeout_s)


class PinnedAdapter(HTTPAdapter):
    """One connection to one host. While `addresses` is set, connections go to these IP addresses and no others.

    The host's name still goes into the Host header and the check of its certificate.
    """

    addresses: Sequence[str] = ()

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """As usual, with connections that ask this adapter where to go."""
        super().init_poolmanager(*args, **options)
        adapter = self

        class Pinned:
            """urllib3 looks `_dns_host` up when it connects and uses it for nothing else."""

            _dns_host: str

            def _new_conn(self) -> socket.socket:
                name, tried = self._dns_host, list(adapter.addresses) or [self._dns_host]
                try:
                    for at, self._dns_host in enumerate(tried, 1):
                        try:
                            return super()._new_conn()  # type: ignore[misc, no-any-return]
                        except (OSError, HTTPError):
                            if at == len(tried):
                                raise
                finally:
                    self._dns_host = name
                raise AssertionError("unreachable: the last address returns or raises")

        plain = type("PinnedHTTP", (Pinned, HTTPConnection), {})
        secure = type("PinnedHTTPS", (Pinned, HTTPSConnection), {})
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PinnedHTTPPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("PinnedHTTPSPool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
