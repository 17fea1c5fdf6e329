"""The fake publishers as an ASGI application: count, look for a fault, else answer like the publisher."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import MutableMapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from tests.fakes import others, wire
from tests.fakes.cbs import V3_HOST, V4_HOST, FakeCbs
from tests.fakes.ckan import HOST as CKAN_HOST
from tests.fakes.ckan import FakeCkan
from tests.fakes.faults import FaultBox
from tests.fakes.static import Ranges, StaticFiles

IMAGES = "/duo.nl/open_onderwijsdata/images/"
#: Where a client asks whether what is served here is made up (see `flows.ingest.reach.CARD`).
CARD = "/.sectorakkoord-mirror.json"
BINARIES = f"/{others.INSPECTIE_HOST}/site/binaries/"


@dataclass(frozen=True)
class Seen:
    """A request as it came in."""

    path: str
    query: str
    headers: dict[str, str]


class FakeApp:
    """All publishers under one roof; the path is `/<host>/<path>`."""

    def __init__(self, folder: Path | None, synthetic: bool = True, generated: bool = True) -> None:
        self.synthetic, self.generated = synthetic, generated
        self.faults = FaultBox()
        self.static = StaticFiles(folder)
        self.ckan, self.cbs = FakeCkan(self.faults, self.static), FakeCbs(self.faults)
        self.log: list[Seen] = []
        self.requests: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()
        self._lock = threading.Lock()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        path = scope["path"]
        with self._lock:
            self.requests[path] += 1
            self.log.append(Seen(path, request.url.query, dict(request.headers)))
        fault = self.faults.take(path, *wire.INSTEAD)
        if fault:
            await self._send(wire.instead(fault, path, request.url.query), path, scope, receive, send)
            return
        fault = self.faults.take(path, *wire.RAW)
        response = self._answer(path, request)
        if fault:
            transport = scope["extensions"]["fakes.transport"]
            await wire.raw(fault, transport, response, lambda sent: self._count_bytes(path, sent))
            return
        await self._send(response, path, scope, receive, send)

    def _answer(self, path: str, request: Request) -> Response:
        """The answer of a file or an interface, its content altered when such a fault is on."""
        path = path.replace("/www.duo.nl/", "/duo.nl/", 1)
        real = self.faults.aliases().get(path, path)
        fault = self.faults.take(path, *wire.ALTERED)
        alter = partial(wire.altered, fault) if fault else None
        static = self.static.answer(real, request, self._ranges(real), alter)
        if static is not None:
            return static
        response = self._interface(path, request)
        if alter is None or response.status_code != 200:
            return response
        kept = {name: value for name, value in response.headers.items() if name not in ("content-length", "etag")}
        return Response(alter(bytes(response.body)), headers=kept)

    def _ranges(self, path: str) -> Ranges:
        fault = self.faults.take(path, "no_ranges", "if_range_ignored", "short_range")
        if fault and fault.name == "if_range_ignored":
            return "nameless" if fault.options.get("nameless") else "deaf"
        ranges: dict[str, Ranges] = {"no_ranges": "none", "short_range": "short"}
        return ranges[fault.name] if fault else "proper"

    def _interface(self, path: str, request: Request) -> Response:
        """The answer of whichever publisher's interface or page the host belongs to."""
        _, host, *rest = path.split("/", 2)
        inner = "/" + "".join(rest)
        if inner == CARD:
            return JSONResponse({"synthetic": self.synthetic, "what": "fake publishers"})
        if not self.generated and host != "duo.nl":
            return _not_found()
        if host == CKAN_HOST:
            return self.ckan.answer(inner, request) or _not_found()
        if host in (V3_HOST, V4_HOST):
            return self.cbs.answer(host, inner, request)
        if host == others.INSPECTIE_HOST and not inner.startswith("/site/"):
            names = [f"/site/binaries/{name}" for name in self.static.names(BINARIES)]
            return others.inspectie_page(inner, names)
        if host == "duo.nl" and inner.startswith("/open_onderwijsdata/") and not inner.startswith(IMAGES[7:]):
            aliases = [alias.removeprefix(IMAGES) for alias in self.faults.aliases()]
            return others.duo_page(inner, [*self.static.names(IMAGES), *aliases])
        return _not_found()

    async def _send(self, response: Response, path: str, scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def counted(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.body":
                self._count_bytes(path, len(message.get("body", b"")))
            await send(message)  # after counting: the client may look as soon as it has the bytes

        await response(scope, receive, counted)

    def _count_bytes(self, path: str, sent: int) -> None:
        with self._lock:
            self.bytes[path] += sent

    def total(self, counter: Counter[str], pattern: str) -> int:
        """The sum of a counter over all paths that match."""
        with self._lock:
            return sum(count for path, count in counter.items() if fnmatchcase(path, pattern))

    def reset_counts(self) -> None:
        with self._lock:
            self.requests.clear()
            self.bytes.clear()
            self.log.clear()


def _not_found() -> Response:
    return PlainTextResponse("Not found", 404)
