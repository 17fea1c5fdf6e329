"""A look at an address: how it answers and what its first bytes are. The file itself does not travel."""

from __future__ import annotations

from dataclasses import dataclass

from flows.http.body import read_some
from flows.http.client import HttpClient
from flows.http.download import RANGE
from flows.http.responses import refused_status
from schemas.reading.sniff import HEAD, Kind, sniff_bytes


@dataclass(frozen=True)
class Probe:
    """What an address answers. `size` in bytes, None where the server does not say; `last_modified` as the header has it."""

    final_url: str
    kind: Kind
    size: int | None
    last_modified: str | None


def probe(client: HttpClient, url: str) -> Probe:
    """Ask for the first 4 KiB, with the limits, attempts and redirects of a download. Raises a SourceError.

    No HEAD: not every server answers it, and only bytes say whether a web page stands in place of a file. Of a server that
    knows no ranges one read from the socket is taken.
    """

    def once(_: int) -> Probe:
        headers = {"Accept": "*/*", "Accept-Encoding": "identity", "Range": f"bytes=0-{HEAD - 1}"}
        with client.open(url, headers) as (response, final_url):
            if response.status_code not in (200, 206):
                raise refused_status(response, url, False)
            head = read_some(response, HEAD)
            client.count(final_url, len(head))
            match = RANGE.fullmatch(response.headers.get("Content-Range", ""))
            total = match[3] if match else response.headers.get("Content-Length", "")
            size = int(total) if total.isdigit() else None
            return Probe(final_url, sniff_bytes(head), size, response.headers.get("Last-Modified"))

    return client.attempt(url, once)
