"""Answers: downloaded files, small answers in memory, and the first checks of both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from flows.http.body import read_some
from flows.http.errors import BodyIncomplete, SourceError, WrongContent
from flows.http.retry import status_error
from schemas.reading.sniff import Kind, sniff_bytes

KEPT_HEADERS = ("Content-Type", "Content-Length", "ETag", "Last-Modified", "Content-Disposition", "Date")
ERROR_BODY = 1 << 16


@dataclass(frozen=True)
class Known:
    """What we hold of an address already: without the hash of its bytes no request is conditional."""

    sha256: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Download:
    """A fetched file. `path` is None when the publisher's content is what we hold already (`unchanged`)."""

    path: Path | None
    sha256: str
    bytes: int
    url: str
    final_url: str
    retrieved_at: datetime
    headers: Mapping[str, str]
    unchanged: bool = False
    transferred: int = 0
    attempts: int = 1

    @property
    def known(self) -> Known:
        """What to give with the next request."""
        return Known(self.sha256, self.headers.get("ETag"), self.headers.get("Last-Modified"))


@dataclass(frozen=True)
class Answer:
    """A small answer in memory, its bytes as unpacked from the wire."""

    body: bytes
    url: str
    final_url: str
    retrieved_at: datetime
    headers: Mapping[str, str]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def refused_status(response: requests.Response, url: str, retry_500: bool) -> SourceError:
    """The error for an answer whose status is of no use, with the start of its body."""
    body = read_some(response, ERROR_BODY)
    return status_error(url, response.status_code, body, response.headers.get("Retry-After"), retry_500=retry_500)


def kept_headers(response: requests.Response) -> dict[str, str]:
    """The few headers worth remembering, under their usual spelling."""
    return {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}


def parse_json(answer: Answer) -> Any:
    """The JSON value of an answer. WrongContent for other text, BodyIncomplete when cut off."""
    declared = answer.headers.get("Content-Type", "").split(";")[0].strip().lower()
    found = sniff_bytes(answer.body[:4096])
    if found in (Kind.HTML, Kind.XML) or declared in ("text/html", "application/atom+xml", "application/xml"):
        actual = f"{found} (Content-Type {declared or 'missing'})"
        raise WrongContent(answer.url, "JSON", actual, "open the address in a browser to see what it says")
    try:
        return json.loads(answer.body.decode("utf-8-sig"))
    except ValueError as error:
        if not answer.body.rstrip().endswith((b"}", b"]")):
            actual = f"one cut off after {len(answer.body):,} bytes"
            raise BodyIncomplete(answer.url, "a whole JSON text", actual, "try again later") from error
        raise WrongContent(answer.url, "JSON", f"text that is not ({error})", "report it to the publisher") from error
