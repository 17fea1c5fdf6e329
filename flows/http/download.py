"""One file from one address: conditional, resumed after a break, checked, and only then given its name."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import requests

from flows.http.body import stream_body
from flows.http.client import HttpClient
from flows.http.errors import BodyIncomplete, StorageFailed, WrongContent
from flows.http.responses import Download, Known, kept_headers, refused_status
from schemas.reading.sniff import Kind, sniff
from warehouse.files import part_of, replace_file

RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


def download(
    client: HttpClient,
    url: str,
    target: Path,
    *,
    expected: Collection[Kind] = (),
    known: Known | None = None,
    retry_500: bool = False,
    max_bytes: int | None = None,
    keep_refused: Path | None = None,
) -> Download:
    """Stream `url` into `target`, which appears whole or not at all.

    `expected` lists the kinds of content accepted (empty: any but nothing); other content raises WrongContent, and is
    moved to the folder `keep_refused` when given. With `known` the request is conditional, and an answer with the same
    SHA-256 counts as unchanged whatever its headers say. Raises a SourceError.
    """
    cap = max_bytes or client.settings.max_download_bytes
    return _Download(client, url, target, known, retry_500, cap).run(frozenset(expected), keep_refused)


class _PartFile:
    """The bytes so far beside the target, with their SHA-256 and size, kept between attempts.

    `validator` names their version for If-Range. The target's name is taken only by `commit`; a killed process leaves a
    `.part` file.
    """

    def __init__(self, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path = part_of(target)
        self._file = self.path.open("wb")
        self.restart()

    def restart(self) -> None:
        """Drop all bytes so far."""
        self._file.seek(0)
        self._file.truncate()
        self._hash = hashlib.sha256()
        self.size = 0
        self.validator: str | None = None

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        """End writing; the content can be read at `path` from here on."""
        self._file.close()

    def commit(self, target: Path) -> None:
        """Give the finished file its name in one step that survives a power cut."""
        replace_file(self.path, target)

    def discard(self) -> None:
        """Remove what is left; harmless after `commit`."""
        with contextlib.suppress(OSError):  # a full disk may refuse the last flush of bytes that are not needed
            self._file.close()
        self.path.unlink(missing_ok=True)


class _Download:
    """The state that survives between the attempts of one download."""

    def __init__(
        self, client: HttpClient, url: str, target: Path, known: Known | None, retry_500: bool, cap: int
    ) -> None:
        self.client, self.url, self.target = client, url, target
        self.known, self.retry_500, self.cap = known, retry_500, cap
        self.ask_conditionally = known is not None
        self.transferred = 0

    def run(self, expected: Collection[Kind], keep_refused: Path | None) -> Download:
        """Fetch with all attempts, then check and commit. Nothing stays beside the target on failure."""
        try:
            self.part = _PartFile(self.target)
            return self._run(expected, keep_refused)
        except OSError as error:
            actual = error.strerror or str(error)
            hint = "free disk space or change SECTORAKKOORD_DATA, then run again"
            raise StorageFailed(self.url, f"to write in {self.target.parent}", actual, hint) from error

    def _run(self, expected: Collection[Kind], keep_refused: Path | None) -> Download:
        try:
            got = self.client.attempt(self.url, self._once)
            if got.path is None:
                return got
            self.part.close()
            self._check_kind(expected, keep_refused)
            if self.known and self.known.sha256 == got.sha256:
                return replace(got, path=None, unchanged=True)
            self.part.commit(self.target)
            return got
        finally:
            self.part.discard()

    def _once(self, attempt: int) -> Download:
        start = self.part.size
        with self.client.open(self.url, self._headers()) as (response, final_url):
            if response.status_code == 304:
                return self._not_modified(response, final_url, attempt)
            self._prepare_part(response)
            start = self.part.size
            try:
                wire = stream_body(
                    response,
                    self.part.write,
                    url=self.url,
                    cap=self.cap,
                    settings=self.client.settings,
                    already=start,
                )
            except BaseException:
                self._book(final_url, self.part.size - start)
                raise
            self._book(final_url, wire)
            self._check_whole(response)
            headers = kept_headers(response)
        if not self.part.size:
            raise BodyIncomplete(self.url, "a file with content", "an empty one", "try again later")
        return Download(
            path=self.target,
            sha256=self.part.sha256,
            bytes=self.part.size,
            url=self.url,
            final_url=final_url,
            retrieved_at=datetime.now(UTC),
            headers=headers,
            transferred=self.transferred,
            attempts=attempt,
        )

    def _book(self, final_url: str, received: int) -> None:
        self.transferred += received
        self.client.count(final_url, received)

    def _headers(self) -> dict[str, str]:
        if self.part.size and self.part.validator:
            resume = {"Range": f"bytes={self.part.size}-", "If-Range": self.part.validator}
            return {"Accept": "*/*", "Accept-Encoding": "identity", **resume}
        headers = {"Accept": "*/*", "Accept-Encoding": "gzip"}
        if self.known and self.ask_conditionally:
            if self.known.etag:
                headers["If-None-Match"] = self.known.etag
            if self.known.last_modified:
                headers["If-Modified-Since"] = self.known.last_modified
        return headers

    def _prepare_part(self, response: requests.Response) -> None:
        """Continue the part on a fitting 206, start it anew on 200, refuse anything else."""
        if response.status_code == 206 and self.part.size:
            match = RANGE.fullmatch(response.headers.get("Content-Range", ""))
            plain = response.headers.get("Content-Encoding", "identity").lower() == "identity"
            if match and int(match[1]) == self.part.size and plain and self._same_version(response):
                return
        if response.status_code == 206 or (response.status_code == 416 and self.part.size):
            size = self.part.size
            self.part.restart()
            actual = f"HTTP {response.status_code} for another stretch"
            raise BodyIncomplete(self.url, f"the bytes from {size:,} on", actual, "try again later")
        if response.status_code != 200:
            raise refused_status(response, self.url, self.retry_500)
        self.part.restart()
        self.part.validator = _validator(response)

    def _same_version(self, response: requests.Response) -> bool:
        """Whether a 206 is of the version we began with: If-Range asks for that, but not every server reads it.

        A 206 must repeat the ETag when there is one; the date it may leave out.
        """
        validator = self.part.validator or ""
        if validator.startswith('"'):
            return response.headers.get("ETag") == validator
        return response.headers.get("Last-Modified", validator) == validator

    def _check_whole(self, response: requests.Response) -> None:
        """After a resumed body: the parts must add up to the whole, for a server may send less than asked."""
        match = RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if response.status_code == 206 and match and match[3] != "*" and int(match[3]) != self.part.size:
            size = self.part.size
            self.part.restart()
            raise BodyIncomplete(self.url, f"{int(match[3]):,} bytes in all", f"{size:,}", "try again later")

    def _not_modified(self, response: requests.Response, final_url: str, attempt: int) -> Download:
        """Believe a 304 only when we asked, hold the bytes, and it does not name another version."""
        etag = response.headers.get("ETag")
        same = (
            etag is None or self.known is None or self.known.etag is None or _strong(etag) == _strong(self.known.etag)
        )
        if self.known is None or not self.ask_conditionally or not same:
            self.ask_conditionally = False
            hint = "the next attempt asks without conditions"
            raise BodyIncomplete(self.url, "the file", "HTTP 304 that does not fit what we hold", hint)
        kept = {"ETag": self.known.etag, "Last-Modified": self.known.last_modified}
        headers = {name: value for name, value in kept.items() if value} | kept_headers(response)
        return Download(
            path=None,
            sha256=self.known.sha256,
            bytes=0,
            url=self.url,
            final_url=final_url,
            retrieved_at=datetime.now(UTC),
            headers=headers,
            unchanged=True,
            transferred=self.transferred,
            attempts=attempt,
        )

    def _check_kind(self, expected: Collection[Kind], keep_refused: Path | None) -> None:
        found = sniff(self.part.path)
        if found is not Kind.EMPTY and (not expected or found in expected):
            return
        wanted = " or ".join(sorted(expected)) or "a file with content"
        error = WrongContent(
            self.url,
            wanted,
            f"{found} ({self.part.size:,} bytes)",
            "open the address in a browser to see what it says",
        )
        if keep_refused is not None:
            keep_refused.mkdir(parents=True, exist_ok=True)
            error.kept_at = keep_refused / f"{self.part.sha256}.{found}"
            self.part.commit(error.kept_at)
        raise error


def _validator(response: requests.Response) -> str | None:
    """What may stand in If-Range: a strong ETag or a date, and only when the server serves plain ranges."""
    ranges = response.headers.get("Accept-Ranges", "").lower() == "bytes"
    if not ranges or response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return None
    etag = response.headers.get("ETag")
    if etag:
        return None if etag.startswith("W/") else etag
    return response.headers.get("Last-Modified")


def _strong(etag: str) -> str:
    """An ETag without its weakness mark and without the suffix that Apache adds when it compresses."""
    return etag.removeprefix("W/").replace("-gzip", "")
