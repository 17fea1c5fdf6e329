"""The static files of the fake publishers: a folder laid out host/path, and files put in by hand, with ETag and ranges."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import AsyncIterator, Callable
from email.utils import formatdate
from pathlib import Path
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

#: How Range requests are treated: as the standard says, not at all, without heed of If-Range, the same without
#: naming the version either, and with half of what was asked.
Ranges = Literal["proper", "none", "deaf", "nameless", "short"]

#: Zips that a publisher has and a folder need not: path -> the names of what is in it.
PACKED = {"/duo.nl/open_onderwijsdata/images/basisgegevens-instellingen.zip": "OVERGANGEN*.csv"}
_TYPES = {".csv": "text/csv", ".zip": "application/zip", ".json": "application/json", ".html": "text/html"}
_BLOCK = bytes(range(256)) * 256  # 64 KiB that no compressor or sniffer mistakes for something else


class StaticFiles:
    """Looks up `/host/path` among hand-put files first, then streams, then the folder."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder.resolve() if folder else None
        self.put: dict[str, bytes] = {}
        self.streams: dict[str, int] = {}

    def body(self, path: str) -> bytes | None:
        """The bytes at a path, or None."""
        if path in self.put:
            return self.put[path]
        file = self._file(path)
        return file.read_bytes() if file else self._packed(path)

    def _packed(self, path: str) -> bytes | None:
        """The zip that DUO has at a path, made of the folder's files of the names in it; the same bytes each time."""
        found = sorted(self.folder.rglob(PACKED[path])) if self.folder and path in PACKED else []
        if not found:
            return None
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in found:
                archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)
        return packed.getvalue()

    def names(self, prefix: str) -> list[str]:
        """Paths below `prefix` (which ends in a slash), relative to it."""
        found = {path[len(prefix) :] for path in self.put if path.startswith(prefix)}
        if self.folder:
            root = self.folder / prefix.strip("/")
            found |= {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()} if root.is_dir() else set()
        return sorted(found)

    def answer(
        self, path: str, request: Request, ranges: Ranges = "proper", alter: Callable[[bytes], bytes] | None = None
    ) -> Response | None:
        """The file (its content passed through `alter`) with validators and ranges, a stream, or None."""
        if path in self.streams:
            return _stream(self.streams[path])
        body = self.body(path)
        if body is None:
            return None
        file = None if path in self.put else self._file(path)
        kind = _TYPES.get(Path(path).suffix.lower(), "application/octet-stream")
        modified = file.stat().st_mtime if file else None
        return file_response(alter(body) if alter else body, request, kind, modified, ranges)

    def _file(self, path: str) -> Path | None:
        if self.folder is None:
            return None
        file = (self.folder / path.lstrip("/")).resolve()
        return file if file.is_relative_to(self.folder) and file.is_file() else None


def file_response(
    body: bytes, request: Request, content_type: str, modified: float | None = None, ranges: Ranges = "proper"
) -> Response:
    """A plain file as a web server gives it: ETag, date, 304 and byte ranges."""
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Content-Type": content_type}
    if modified:
        headers["Last-Modified"] = formatdate(modified, usegmt=True)
    if ranges != "none":
        headers["Accept-Ranges"] = "bytes"
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return _ranged(body, headers, request, ranges) if ranges != "none" else Response(body, headers=headers)


def _ranged(body: bytes, headers: dict[str, str], request: Request, ranges: Ranges) -> Response:
    wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
    condition = None if ranges in ("deaf", "nameless") else request.headers.get("if-range")
    if not wanted or (condition and condition not in (headers["ETag"], headers.get("Last-Modified"))):
        return Response(body, headers=headers)
    start = int(wanted[1])
    if start >= len(body):
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{len(body)}"})
    shown = {"Content-Type": headers["Content-Type"]} if ranges == "nameless" else headers
    asked = min(int(wanted[2]) + 1, len(body)) if wanted[2] else len(body)
    end = start + max(1, (asked - start) // 2) if ranges == "short" else asked
    span = {"Content-Range": f"bytes {start}-{end - 1}/{len(body)}"}
    return Response(body[start:end], 206, headers=shown | span)


def _stream(size: int) -> Response:
    """`size` generated bytes, never held in memory."""

    async def pieces() -> AsyncIterator[bytes]:
        left = size
        while left > 0:
            yield _BLOCK[: min(left, len(_BLOCK))]
            left -= len(_BLOCK)

    headers = {"Content-Length": str(size), "Content-Type": "application/octet-stream"}
    return StreamingResponse(pieces(), headers=headers)
