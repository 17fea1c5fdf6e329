"""Which hosts accept connections, and what a configured mirror says about itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from flows.http.client import HttpClient
from flows.http.errors import NoSource, NotFound, SourceError, StatusRefused
from flows.publishers.fetch import host_of
from flows.settings import Settings

#: Where a server of made-up files says so; publishers have nothing here.
CARD = "https://duo.nl/.sectorakkoord-mirror.json"
OFFLINE = (
    "edition live: none of the publishers could be reached; without internet use the bundled sample "
    "(`--edition sample`) or a folder with the publishers' files (`--edition mirror --from FOLDER`)."
)


def unreachable_hosts(client: HttpClient, hosts: Iterable[str]) -> dict[str, SourceError]:
    """The hosts that accept no connection, with the fault; all are tried at the same time."""

    def check_reachable(host: str) -> tuple[str, SourceError | None]:
        try:
            client.check_reachable(f"https://{host}/")
        except SourceError as fault:
            return host, fault
        return host, None

    with ThreadPoolExecutor(max_workers=8) as pool:
        return {host: fault for host, fault in pool.map(check_reachable, sorted(hosts)) if fault}


def mirror_is_synthetic(settings: Settings) -> bool:
    """Whether the configured mirror says that its files are made up; False without one. Raises NoSource."""
    if settings.portal_url is None:
        return False
    with HttpClient(settings) as client:
        try:
            client.check_reachable(CARD)
            return bool(json.loads(client.get(CARD).body).get("synthetic"))
        except (NotFound, StatusRefused, ValueError, AttributeError):
            return False
        except SourceError as fault:
            host = host_of(settings.portal_url)
            raise NoSource(
                f"edition live: the mirror {settings.portal_url} does not answer ({fault.actual}); start it, correct "
                f"SECTORAKKOORD_PORTAL_URL, or unset it to go to the publishers themselves instead of {host}."
            ) from fault
