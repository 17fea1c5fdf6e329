"""A body on its way from the wire to a file or to memory: counted, hashed, capped, never trusted."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import time
import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import requests
import urllib3

from flows.http.errors import BodyIncomplete, SourceError, StorageFailed, TooLarge, TooSlow, WrongContent
from flows.http.retry import transport_error
from flows.settings import Settings
from warehouse.files import replace_file

PIECE = 1 << 16  # 64 KiB: one read from the socket
UNPACKED_PIECE = 1 << 20  # most bytes inflated in one go
#: Below this size unpacked a high ratio is harmless (a short JSON of repeats).
RATIO_FLOOR = 16 << 20


class AtomicFile:
    """A file in the making beside its target, with its running SHA-256 and size.

    It takes the target's name only by `commit`, after fsync; a killed process leaves at most a `.part` file.
    """

    def __init__(self, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path = target.parent / f".{secrets.token_hex(8)}.part"
        self._file = self.path.open("xb")
        self.restart()

    def restart(self) -> None:
        """Forget all bytes so far."""
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
        """Put the bytes on disk; the content can be looked at from here on."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def commit(self, target: Path) -> None:
        """Give the finished file its name in one step that survives a power cut."""
        replace_file(self.path, target)

    def discard(self) -> None:
        """Remove what is left; harmless after `commit`."""
        with contextlib.suppress(OSError):  # a full disk may refuse the last flush of bytes nobody wants
            self._file.close()
        self.path.unlink(missing_ok=True)


def stream_body(
    response: requests.Response,
    write: Callable[[bytes], None],
    *,
    url: str,
    cap: int,
    settings: Settings,
    already: int = 0,
) -> int:
    """Read the whole body, unpack `Content-Encoding: gzip`, hand the pieces to `write`; returns wire bytes.

    Raises BodyIncomplete when fewer bytes come than announced (urllib3 counts them), TooLarge past `cap` bytes
    (wire or unpacked, `already` included), TooSlow below the minimum rate, StorageFailed when `write` cannot.
    """
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and already + int(announced) > cap:
        raise _too_large(url, cap, f"{already + int(announced):,} announced")
    unpack = _unpacker(response.headers.get("Content-Encoding", ""), url, settings.max_expansion)
    wire = unpacked = 0
    for piece in chain(_wire_pieces(response, url, settings), [b""]):  # the empty one asks for what is left
        wire += len(piece)
        for plain in unpack(piece):
            unpacked += len(plain)
            if already + max(wire, unpacked) > cap:
                raise _too_large(url, cap, "more")
            try:
                write(plain)
            except OSError as error:
                hint = "make room or change SECTORAKKOORD_DATA, then run again"
                raise StorageFailed(url, "room to keep the file", error.strerror or str(error), hint) from error
    return wire


def read_some(response: requests.Response, limit: int) -> bytes:
    """At most `limit` bytes of an error answer, without complaint when it breaks off."""
    collected = b""
    with contextlib.suppress(requests.RequestException, urllib3.exceptions.HTTPError, OSError):
        while len(collected) < limit:
            piece = response.raw.read1(PIECE, decode_content=True)
            if not piece:
                break
            collected += piece
    return collected[:limit]


def _wire_pieces(response: requests.Response, url: str, settings: Settings) -> Iterator[bytes]:
    """The body as it comes, at most PIECE bytes per read, never slower than the agreed rate."""
    mark, since_mark = time.monotonic(), 0
    while True:
        try:
            # read1 returns what is there; read would wait for a full piece and let a trickle go on for ever.
            piece = response.raw.read1(PIECE, decode_content=False)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise transport_error(url, error) from error
        if not piece:
            return
        yield piece
        since_mark += len(piece)
        elapsed = time.monotonic() - mark
        if elapsed >= settings.slow_window_s:
            if since_mark < settings.slow_bytes_per_s * elapsed:
                expected = f"at least {settings.slow_bytes_per_s:,.0f} bytes per second"
                raise TooSlow(url, expected, f"{since_mark / elapsed:,.0f}", "try again at a quieter hour")
            mark, since_mark = time.monotonic(), 0


def _unpacker(encoding: str, url: str, max_expansion: int) -> Callable[[bytes], Iterator[bytes]]:
    """A function from wire pieces to plain pieces; called with b"" at the end it hands out the rest."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return lambda piece: iter([piece] if piece else [])
    if name not in ("gzip", "x-gzip"):
        hint = "report it; only gzip was offered in Accept-Encoding"
        raise WrongContent(url, "a plain or gzip-encoded body", f"Content-Encoding {name}", hint)
    return gunzipper(url, max_expansion)


class _Gunzip:
    """Inflates a gzip stream (several members allowed) in bounded pieces and recognises a bomb."""

    def __init__(self, url: str, max_expansion: int) -> None:
        self.url, self.max_expansion = url, max_expansion
        self._inflate = zlib.decompressobj(wbits=31)
        self._in = self._out = 0

    def __call__(self, piece: bytes) -> Iterator[bytes]:
        if not piece:
            if self._in and not self._inflate.eof:
                yield self._inflate.decompress(b"", UNPACKED_PIECE)  # output that was held back at the limit
                if not self._inflate.eof:
                    raise BodyIncomplete(self.url, "a whole gzip stream", "a cut-off one", "try again later")
            return
        self._in += len(piece)
        while piece:
            if self._inflate.eof:
                self._inflate = zlib.decompressobj(wbits=31)
            try:
                plain = self._inflate.decompress(piece, UNPACKED_PIECE)
            except zlib.error as error:
                raise BodyIncomplete(self.url, "a sound gzip stream", str(error), "try again later") from error
            self._out += len(plain)
            if self._out > max(RATIO_FLOOR, self._in * self.max_expansion):
                raise bomb(self.url, self._in, self._out, self.max_expansion)
            if plain:
                yield plain
            piece = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail


def gunzipper(url: str, max_expansion: int) -> Callable[[bytes], Iterator[bytes]]:
    """A function that inflates gzip pieces; call it with b"" at the end for the rest and the completeness check."""
    return _Gunzip(url, max_expansion)


def bomb(url: str, packed: int, unpacked: int, max_expansion: int) -> SourceError:
    """The error for packed content that grows beyond reason."""
    return TooLarge(
        url,
        f"at most {max_expansion} bytes unpacked per byte packed",
        f"{unpacked:,} from {packed:,}",
        "treat the file as hostile; raise SECTORAKKOORD_MAX_EXPANSION only when it is known to be sound",
    )


def _too_large(url: str, cap: int, actual: str) -> TooLarge:
    hint = "check the address, or raise SECTORAKKOORD_MAX_DOWNLOAD_BYTES when the file is really that large"
    return TooLarge(url, f"at most {cap:,} bytes", actual, hint)
