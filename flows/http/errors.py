"""What can go wrong between a publisher and us, each as one clear sentence.

Every error says which address, what was expected, what was found and what to do. `is_transient` says whether the same
request may succeed a little later; only those errors are tried again (flows.http.retry).
"""

from __future__ import annotations

from pathlib import Path


class NoSource(Exception):
    """The edition has no files to read; the message says what to give."""


class SourceError(Exception):
    """Base of all errors about a publisher's address.

    The four texts are the positional arguments, so that the error survives pickling between workers.
    """

    is_transient: bool = False
    #: Never more attempts than this, whatever the settings allow (None: the settings decide).
    most_attempts: int | None = None

    def __init__(self, url: str, expected: str, actual: str, hint: str) -> None:
        super().__init__(url, expected, actual, hint)
        self.url, self.expected, self.actual, self.hint = url, expected, actual, hint
        self.attempts = 1
        #: Set once all attempts are used up, so that an outer loop does not multiply them.
        self.exhausted = False
        self.kept_at: Path | None = None
        self.retry_after_s: float | None = None

    def __str__(self) -> str:
        tries = f" ({self.attempts} attempts)" if self.attempts > 1 else ""
        kept = f" The refused bytes are kept at {self.kept_at}." if self.kept_at else ""
        return f"{self.url}: expected {self.expected}, got {self.actual}{tries}; {self.hint}.{kept}"


class AddressRefused(SourceError):
    """The address itself is not one we go to: scheme, host, port, user part or a private network."""


class RedirectRefused(AddressRefused):
    """The publisher sent us somewhere we do not go, or in a circle."""


class TransportFailed(SourceError):
    """The connection broke, timed out or was refused before an answer was complete."""

    is_transient = True


class Unreachable(TransportFailed):
    """The host has no address or no route: most often this machine has no internet."""

    most_attempts = 2


class ConnectionRefused(TransportFailed):
    """The host is there and takes no connection."""


class CertificateRefused(SourceError):
    """The host's TLS certificate could not be verified; trying again does not change that."""


class ProxyRefused(SourceError):
    """The proxy of this machine's network asks for a user name and a password, or refuses those it got."""


class BodyIncomplete(SourceError):
    """Fewer bytes arrived than were announced, or the text stops half way."""

    is_transient = True


class TooSlow(TransportFailed):
    """The body trickles in below the agreed minimum rate."""


class HeaderTooLarge(SourceError):
    """The answer's header lines exceed what an HTTP client may be asked to hold."""


class StatusRefused(SourceError):
    """The publisher answered with a status that is not the one we need.

    `status` is the HTTP status and `body` at most the first 64 KiB of the answer, for the clients of
    interfaces that explain themselves in it.
    """

    def __init__(self, url: str, expected: str, actual: str, hint: str, status: int = 0, body: bytes = b"") -> None:
        super().__init__(url, expected, actual, hint)
        self.args = (url, expected, actual, hint, status, body)
        self.status, self.body = status, body


class NotFound(StatusRefused):
    """404 or 410: there is nothing at this address (any more)."""


class TooLarge(SourceError):
    """More bytes than the cap allows, on the wire or after unpacking."""


class WrongContent(SourceError):
    """The bytes are something other than what the address promises (an HTML page as CSV, XML as JSON)."""


class UnsafeArchive(SourceError):
    """A zip or gzip that would write outside its folder, or grows beyond reason."""


class StorageFailed(SourceError):
    """The bytes arrived but this machine could not keep them (disk full, no permission)."""


class PagingRefused(SourceError):
    """A next-page link that leaves the publisher, goes in a circle or never ends."""


class RevisedDuringRead(SourceError):
    """The publisher replaced the table while its pages were being read."""

    is_transient = True


class ApiRefused(SourceError):
    """The interface answered, but with its own error message instead of data."""


class NoRows(SourceError):
    """No rows for a code that the publisher's own code list contains."""
