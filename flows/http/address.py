"""Where we may go: hosts on the list, over http(s), on public addresses, or through the configured portal."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from flows.http.errors import AddressRefused, Unreachable

Resolver = Callable[[str], list[str]]

_PORTS = frozenset({None, 80, 443})


def check(url: str, allowed_hosts: Iterable[str]) -> str:
    """The host of `url` when it is one we go to; AddressRefused otherwise."""
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


def wire_url(url: str, portal: str | None) -> str:
    """The address really contacted: the publisher's own, or the same path under the portal."""
    parts = urlsplit(url)
    if portal is None:
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query, ""))
    query = f"?{parts.query}" if parts.query else ""
    return f"{portal}/{parts.hostname}{parts.path or '/'}{query}"


def redirect_target(url: str, location: str, portal: str | None) -> str:
    """The publisher's address that a `Location` header, seen on `url`, points to.

    A step from https down to http (usual behind TLS-terminating front ends) is taken over https. Behind a
    portal, addresses under the portal are translated back to the publisher's.
    """
    here = urlsplit(url)
    if portal and location.startswith(portal + "/"):
        target = "https://" + location[len(portal) + 1 :]
    elif portal and location.startswith(f"/{here.hostname}/"):
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


def check_public(url: str, resolver: Resolver) -> None:
    """Refuse a host that lives on a private, loopback or otherwise local address, or on none at all."""
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
