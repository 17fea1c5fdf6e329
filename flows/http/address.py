"""Which addresses are allowed: hosts on the list, over http(s), on public IP addresses, or through the configured mirror."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from flows.http.errors import AddressRefused, Unreachable

Resolver = Callable[[str], list[str]]

_PORTS = frozenset({None, 80, 443})


def check(url: str, allowed_hosts: Iterable[str]) -> str:
    """The host of `url` when it is allowed; AddressRefused otherwise."""
    allowed = tuple(allowed_hosts)
    hint = "use the publisher's own https address, or add the host to SECTORAKKOORD_ALLOWED_HOSTS"
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise AddressRefused(url, "a well-formed http(s) address", str(error), hint) from error
    if parts.scheme not in ("http", "https"):
        raise AddressRefused(url, "an http(s) address", f"scheme {parts.scheme or '(none)'}:", hint)
    if parts.username or parts.password:
        raise AddressRefused(url, "an address without user name", "one with a user part", hint)
    if host not in allowed:
        raise AddressRefused(url, f"one of the {len(allowed)} allowed hosts", f"host {host or '(none)'}", hint)
    if port not in _PORTS:
        raise AddressRefused(url, "port 80 or 443", f"port {port}", hint)
    return host


def with_params(url: str, params: Mapping[str, object] | None) -> str:
    """`url` with query parameters, spaces as %20 and OData's `$ , ' ( )` left readable."""
    if not params:
        return url
    query = urlencode({key: str(value) for key, value in params.items()}, safe="$,'()*:", quote_via=quote)
    return f"{url}{'&' if '?' in url else '?'}{query}"


def wire_url(url: str, mirror: str | None) -> str:
    """The address really contacted: the publisher's own, or the same path under the mirror's base URL."""
    parts = urlsplit(url)
    if mirror is None:
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query, ""))
    query = f"?{parts.query}" if parts.query else ""
    return f"{mirror}/{parts.hostname}{parts.path or '/'}{query}"


def redirect_target(url: str, location: str, mirror: str | None) -> str:
    """The publisher's address that a `Location` header, seen on `url`, points to.

    A step from https down to http (usual behind TLS-terminating front ends) is taken over https. With a
    mirror, addresses under its base URL are translated back to the publisher's.
    """
    here = urlsplit(url)
    if mirror and location.startswith(mirror + "/"):
        target = "https://" + location[len(mirror) + 1 :]
    elif mirror and location.startswith(f"/{here.hostname}/"):
        target = "https:/" + location
    else:
        target = urljoin(url, location)
    parts = urlsplit(target)
    if here.scheme == "https" and parts.scheme == "http":
        parts = parts._replace(scheme="https", netloc=parts.netloc.removesuffix(":80"))
    return urlunsplit(parts._replace(fragment=""))


def resolve(host: str) -> list[str]:
    """All IP addresses of `host`, as text. OSError when there are none."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return sorted({str(entry[4][0]) for entry in found})


def public_addresses(url: str, resolver: Resolver) -> list[str]:
    """The IP addresses of the host. Raises AddressRefused for a private, loopback or otherwise local one among them."""
    host = urlsplit(url).hostname or ""
    try:
        addresses = resolver(host)
    except OSError as error:
        raise Unreachable(
            url,
            f"an internet address for {host}",
            f"none ({error.strerror or error})",
            "check the connection, or work without one: edition sample or mirror",
        ) from error
    for address in addresses:
        if not ipaddress.ip_address(address.partition("%")[0]).is_global:
            raise AddressRefused(
                url,
                f"a public address for {host}",
                f"the local address {address}",
                "set SECTORAKKOORD_PORTAL_URL when a mirror on your own network is meant",
            )
    return addresses
