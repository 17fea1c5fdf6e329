"""Every byte from a publisher comes through `HttpClient`.

`get`, `get_text` and `get_json` fetch small answers into memory; `flows.http.download` streams a file to disk. Timeouts,
rate limit, bounded attempts, redirects, size caps and the list of hosts are handled here once, so that the clients in
flows.publishers only know what to ask.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests

from flows.http import address, retry
from flows.http.body import stream_body
from flows.http.connection import PinnedAdapter, connect
from flows.http.errors import (
    CertificateRefused,
    ConnectionRefused,
    ProxyRefused,
    RedirectRefused,
    SourceError,
    StatusRefused,
    TransportFailed,
    Unreachable,
)
from flows.http.responses import Answer, kept_headers, parse_json, refused_status
from flows.settings import Settings

log = logging.getLogger("sectorakkoord.http")

REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: A host that failed so often in a row, all attempts used each time, is not asked again by this client.
FAILURES_TO_GIVE_UP = 3
#: What holds for all files of a host alike.
HOST_FAULTS = (Unreachable, ConnectionRefused, CertificateRefused, ProxyRefused)

T = TypeVar("T")


@dataclass
class Traffic:
    """What one host has cost so far."""

    requests: int = 0
    bytes: int = 0


@dataclass
class _HostState:
    """All we keep per host: one session with one connection, one request at a time, a pace."""

    session: requests.Session
    adapter: PinnedAdapter
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0
    failures: int = 0
    given_up: str = ""
    traffic: Traffic = field(default_factory=Traffic)


class HttpClient:
    """An HTTP client for publishers. Thread-safe; close it, or use it in a `with` block."""

    def __init__(
        self,
        settings: Settings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        uniform: Callable[[float, float], float] = retry.jitter,
        resolver: address.Resolver = address.resolve,
    ) -> None:
        self.settings = settings
        self._sleep, self._uniform, self._resolver = sleep, uniform, resolver
        self._host_states: dict[str, _HostState] = {}
        self._host_states_lock = threading.Lock()

    def __enter__(self) -> HttpClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        for host_state in self._host_states.values():
            host_state.session.close()

    @property
    def traffic(self) -> dict[str, Traffic]:
        """Requests and received body bytes per host since the start."""
        return {host: host_state.traffic for host, host_state in self._host_states.items()}

    def get(
        self,
        url: str,
        params: Mapping[str, object] | None = None,
        *,
        accept: str = "*/*",
        retry_500: bool = False,
        check: Callable[[Answer], T] | None = None,
    ) -> Answer:
        """A small answer, whole and in memory (at most `max_answer_bytes`). Raises a SourceError.

        `check` may raise a SourceError about the content; a transient one leads to another attempt.
        """
        full = address.with_params(url, params)
        return self.attempt(full, lambda _: self._get_once(full, accept, retry_500, check))

    def get_text(self, url: str, params: Mapping[str, object] | None = None, *, retry_500: bool = False) -> str:
        """A small text, without byte order mark; UTF-8, or Latin-1 where it is not that."""
        body = self.get(url, params, retry_500=retry_500).body
        try:
            return body.decode("utf-8-sig")
        except UnicodeDecodeError:
            return body.decode("latin-1")

    def get_json(self, url: str, params: Mapping[str, object] | None = None, *, retry_500: bool = False) -> Any:
        """The parsed JSON of a small answer; HTML or XML in its place raises WrongContent."""
        answer = self.get(url, params, accept="application/json", retry_500=retry_500, check=parse_json)
        return parse_json(answer)

    def attempt(self, url: str, once: Callable[[int], T]) -> T:
        """Run `once(attempt_number)` until it succeeds, fails for good, or the attempts are used up."""
        number, host_state = 0, self._host_state(url)
        while True:
            number += 1
            try:
                found = once(number)
                host_state.failures = 0
                return found
            except SourceError as error:
                error.attempts = max(error.attempts, number)
                if not retry.may_retry(error, number, self.settings):
                    self._note_failure(host_state, error)
                    error.exhausted = True
                    raise
                pause = retry.seconds_to_wait(number, self.settings, error.retry_after_s, self._uniform)
                log.warning(
                    "attempt %d of %d failed, next in %.1f s: %s",
                    number,
                    self.settings.attempts,
                    pause,
                    error,
                )
            self._sleep(pause)

    def check_reachable(self, url: str) -> None:
        """Whether the host of `url` (or the mirror, or the proxy) accepts connections at all; nothing is requested.

        Raises Unreachable or ConnectionRefused, and the host is then given up for as long as this client is open.
        """
        host_state = self._host_state(url)
        wire = address.wire_url(url, self.settings.portal_url)
        proxies = {} if self.settings.portal_url else requests.utils.get_environ_proxies(wire)
        proxy = proxies.get(urlsplit(wire).scheme) or proxies.get("all")
        # As requests reads it: a proxy may be given without its scheme.
        parts = urlsplit(wire if not proxy else proxy if "://" in proxy else f"http://{proxy}")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            direct = self.settings.portal_url is None and not proxies
            hosts = address.public_addresses(url, self._resolver) if direct else [parts.hostname or ""]
            connect(hosts, port, self.settings.connect_timeout_s).close()
        except SourceError as error:
            self._note_failure(host_state, error)
            raise
        except OSError as error:
            fault = Unreachable(
                url,
                f"a connection with {parts.hostname}",
                error.strerror or str(error),
                "check the connection, or work without one: edition sample or mirror",
            )
            self._note_failure(host_state, fault)
            raise fault from error

    def has_given_up(self, host: str) -> bool:
        """Whether this client sends `host` no more requests."""
        return host in self._host_states and bool(self._host_states[host].given_up)

    def _note_failure(self, host_state: _HostState, error: SourceError) -> None:
        """Count what a host fails. One that keeps failing, cannot be reached or asks for a longer pause than we wait is given up."""
        at_once = isinstance(error, HOST_FAULTS) or (error.retry_after_s or 0) > self.settings.retry_after_max_s
        ours = isinstance(error, TransportFailed | StatusRefused)  # not what is wrong with one file
        if host_state.given_up or error.exhausted or not (at_once or (error.is_transient and ours)):
            return
        host_state.failures += 1
        if at_once or host_state.failures >= FAILURES_TO_GIVE_UP:
            host_state.given_up = error.actual

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str]) -> Iterator[tuple[requests.Response, str]]:
        """One request with its redirects; yields the response (body unread) and the final address.

        The host is ours alone until the block ends: one request at a time per host.
        """
        seen, current = {url}, url
        while True:
            host_state = self._host_state(current)
            if host_state.given_up:
                hint = "run again later; the last good data stays in use"
                gone = Unreachable(
                    url, "an answer", f"none: the host was given up earlier ({host_state.given_up})", hint
                )
                gone.exhausted = True
                raise gone
            with host_state.lock:
                response = self._send(host_state, current, headers)
                try:
                    location = response.headers.get("Location")
                    if response.status_code not in REDIRECTS or not location:
                        yield response, current
                        return
                finally:
                    response.close()
            current = self._next_hop(url, current, location, seen)
            seen.add(current)

    def count(self, url: str, received: int) -> None:
        """Book `received` body bytes on the host of `url`."""
        self._host_state(url).traffic.bytes += received

    def _next_hop(self, start: str, current: str, location: str, seen: set[str]) -> str:
        """The checked target of a redirect."""
        target = address.redirect_target(current, location, self.settings.portal_url)
        hint = "look at the publisher's page for the new address"
        if target in seen:
            raise RedirectRefused(start, "a redirect that arrives", f"a circle through {target}", hint)
        if len(seen) > self.settings.max_redirects:
            expected = f"at most {self.settings.max_redirects} redirects"
            raise RedirectRefused(start, expected, "one more", hint)
        try:
            address.check(target, self.settings.allowed_hosts)
        except SourceError as error:
            actual = f"one to {location[:200]} ({error.actual})"
            if "hosts" in error.expected:
                hint += ", and add its host to SECTORAKKOORD_ALLOWED_HOSTS if it is the publisher's"
            raise RedirectRefused(start, f"a redirect to {error.expected}", actual, hint) from error
        return target

    def _host_state(self, url: str) -> _HostState:
        host = address.check(url, self.settings.allowed_hosts)
        with self._host_states_lock:
            if host not in self._host_states:
                self._host_states[host] = self._new_host_state()
            return self._host_states[host]

    def _new_host_state(self) -> _HostState:
        session, adapter = requests.Session(), PinnedAdapter()
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        session.headers.update({"User-Agent": self.settings.user_agent})
        session.auth = _no_credentials
        # A mirror is near: the environment's proxy is for the publishers.
        session.trust_env = self.settings.portal_url is None
        return _HostState(session, adapter)

    def _send(self, host_state: _HostState, url: str, headers: Mapping[str, str]) -> requests.Response:
        wire = address.wire_url(url, self.settings.portal_url)
        if self.settings.portal_url is None and not requests.utils.get_environ_proxies(wire):
            host_state.adapter.addresses = address.public_addresses(url, self._resolver)
        pause = host_state.next_at - time.monotonic()
        if pause > 0:
            self._sleep(pause)
        host_state.next_at = time.monotonic() + 1 / self.settings.requests_per_second
        host_state.traffic.requests += 1
        timeouts = (self.settings.connect_timeout_s, self.settings.read_timeout_s)
        try:
            return host_state.session.get(
                wire, headers=dict(headers), stream=True, allow_redirects=False, timeout=timeouts
            )
        except (requests.RequestException, OSError, ValueError) as error:
            raise retry.transport_error(url, error) from error

    def _get_once(self, url: str, accept: str, retry_500: bool, check: Callable[[Answer], T] | None) -> Answer:
        with self.open(url, {"Accept": accept, "Accept-Encoding": "gzip"}) as (response, final_url):
            if response.status_code != 200:
                raise refused_status(response, url, retry_500)
            body = bytearray()
            cap = self.settings.max_answer_bytes
            self.count(final_url, stream_body(response, body.extend, url=url, cap=cap, settings=self.settings))
            answer = Answer(bytes(body), url, final_url, datetime.now(UTC), kept_headers(response))
        if check:
            check(answer)
        return answer


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Publishers get no credentials; an explicit no-op also keeps ~/.netrc out."""
    return request
