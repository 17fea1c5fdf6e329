"""When to try again, and how long to wait: jittered backoff, `Retry-After`, and which errors are transient."""

from __future__ import annotations

import http.client
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from flows.http.errors import (
    AddressRefused,
    BodyIncomplete,
    CertificateRefused,
    ConnectionRefused,
    HeaderTooLarge,
    NotFound,
    ProxyRefused,
    SourceError,
    StatusRefused,
    TransportFailed,
    Unreachable,
)
from flows.settings import Settings

#: Transient statuses. 500 is added only where a publisher is known to use it for being busy.
TRANSIENT_STATUSES = frozenset({429, 502, 503, 504})

_OFFLINE = "check the connection, or work without one: edition sample or mirror"
_LATER = "try again later; the last good data stays in use"


def seconds_to_wait(
    attempt: int, settings: Settings, retry_after_s: float | None, uniform: Callable[[float, float], float]
) -> float:
    """Pause in seconds after failed attempt number `attempt` (1-based): half to whole of a doubling step."""
    step = min(settings.backoff_max_s, settings.backoff_min_s * 2 ** (attempt - 1))
    return max(uniform(step / 2, step), retry_after_s or 0.0)


def jitter(low: float, high: float) -> float:
    """Uniform chance between two bounds; not a secret, so the plain generator will do."""
    return random.uniform(low, high)  # noqa: S311 - not a secret


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds asked for by a `Retry-After` header (number or HTTP date); None when absent or unreadable."""
    if not value:
        return None
    if value.strip().isdigit():
        return float(value.strip())
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def may_retry(error: SourceError, attempt: int, settings: Settings) -> bool:
    """Whether one more attempt makes sense after failed attempt number `attempt` (1-based)."""
    most = min(settings.attempts, error.most_attempts or settings.attempts)
    patient = error.retry_after_s is None or error.retry_after_s <= settings.retry_after_max_s
    return error.is_transient and not error.exhausted and attempt < most and patient


def status_error(
    url: str, status: int, body: bytes, retry_after: str | None, *, retry_500: bool = False
) -> SourceError:
    """The typed error for an answer with a status we cannot use."""
    actual = f"HTTP {status}"
    if status in (404, 410):
        hint = "check the address against the publisher's page or catalogue"
        return NotFound(url, "an answer with data", actual, hint, status, body)
    if status == 407:
        return proxy_refused(url)
    is_transient = status in TRANSIENT_STATUSES or (status == 500 and retry_500)
    hint = _LATER if is_transient or status == 500 else "check the request; repeating it will not help"
    if status in (401, 403):
        hint = "open the address in a browser; the publisher may have closed it or refuse our User-Agent"
    error = StatusRefused(url, "an answer with data", actual, hint, status, body)
    error.is_transient = is_transient
    error.retry_after_s = parse_retry_after(retry_after, datetime.now(UTC))
    if is_transient and error.retry_after_s:
        error.actual = f"{actual} with Retry-After {error.retry_after_s:.0f} s"
    return error


def proxy_refused(url: str, actual: str = "HTTP 407: it wants a user name and password") -> SourceError:
    """The error for a proxy that lets nobody through; without its address, which may hold a password."""
    hint = "give HTTPS_PROXY in full: http://USER:PASSWORD@HOST:PORT"
    return ProxyRefused(url, "a way through the proxy", actual, hint)


def transport_error(url: str, error: BaseException) -> SourceError:
    """Translate what `requests`, urllib3 or the socket raised into one of our errors."""
    causes = list(_chain(error))
    names = {type(cause).__name__ for cause in causes}
    text = " ".join(str(cause) for cause in causes)
    if "got more than" in text and ("header" in text or "status line" in text):
        return HeaderTooLarge(
            url, "header lines up to 64 KiB, at most 100", "more than that", "report it to the publisher"
        )
    if "CERTIFICATE_VERIFY_FAILED" in text:
        if "has expired" in text:
            hint = "the publisher must renew it; check this machine's clock. The last good data stays in use"
            return CertificateRefused(url, "a valid TLS certificate", "one that has expired", hint)
        hint = "update this machine's certificates, or compare the host's certificate in a browser"
        return CertificateRefused(url, "a verifiable TLS certificate", "one that is not", hint)
    if "407 Proxy Authentication" in text:
        return proxy_refused(url)
    if "InvalidProxyURL" in names:
        return proxy_refused(url, "an address that is malformed")
    if names & {"NameResolutionError", "gaierror"}:
        return Unreachable(url, "an internet address for the host", "none", _OFFLINE)
    if "Network is unreachable" in text or "No route to host" in text:
        return Unreachable(url, "a route to the host", "none", _OFFLINE)
    if "ConnectTimeout" in names or "ConnectTimeoutError" in names:
        return Unreachable(url, "a connection in time", "none before the connect timeout", _OFFLINE)
    if names & {"ReadTimeout", "ReadTimeoutError", "timeout", "TimeoutError"}:
        return TransportFailed(url, "a steady answer", "silence until the read timeout", _LATER)
    if any(isinstance(cause, http.client.IncompleteRead) for cause in causes) or "IncompleteRead" in names:
        return BodyIncomplete(url, "the whole body", "a body that stops half way", _LATER)
    if names & {"InvalidURL", "LocationParseError", "InvalidSchema", "MissingSchema", "InvalidHeader"}:
        return AddressRefused(url, "a well-formed http(s) address", str(error), "correct the address")
    if "ConnectionRefusedError" in names:
        return ConnectionRefused(url, "a connection", "a refused one", _LATER)
    if "RemoteDisconnected" in names:
        return TransportFailed(url, "an answer", "a closed connection without one byte", _LATER)
    return TransportFailed(url, "a complete answer", f"a broken connection ({_innermost(causes)})", _LATER)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and all it wraps (cause, context, `reason`, arguments), each once, outermost first."""
    pending, seen = [error], set()
    while pending:
        current = pending.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = getattr(current, "reason", None)
        pending += [current.__cause__, current.__context__, inner, *current.args]


def _innermost(causes: list[BaseException]) -> str:
    last = causes[-1]
    return f"{type(last).__name__}: {last}" if str(last) else type(last).__name__
