"""Faults below or around the answer: broken connections, bombs, redirects, swapped or altered bytes."""

from __future__ import annotations

import asyncio
import gzip
import io
import socket
import struct
import zipfile
from collections.abc import Callable
from typing import Any

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from tests.fakes.faults import Fault

#: Faults that write to the socket themselves.
RAW = (
    "s10_reset_mid_body",
    "s10_length_too_large",
    "s10_empty_reply",
    "mid_body_reset",
    "slow_drip",
    "header_50mb",
)
#: Faults that replace the answer without looking at the real one.
INSTEAD = (
    "s08_unknown_table",
    "s09_503_twice",
    "s18_html_shell",
    "s19_html_502",
    "s21_false_304",
    "s24_odd_csv",
    "gzip_bomb",
    "zip_slip",
    "zip_bomb",
    "endless_redirect",
    "redirect_to",
    "redirect_private",
    "redirect_file",
)
#: Faults that alter the real answer's body.
ALTERED = (
    "s10_truncated_json",
    "content_changed",
    "header_renamed",
    "column_moved",
    "code_page_changed",
)

SHELL = '<!doctype html>\n<html lang="en"><head><title>Open Onderwijsdata</title></head><body></body></html>\n'
ODD_CSV = (
    "BRIN NUMMER;NAAM;DATUM;AANTAL;\r\n"
    '90AA;"Voorbeeldschool é\nSYNTHETIC";20250131,0;<5;\r\n'
    "90AB;Voorbeeldschool ë SYNTHETIC;20250131,0;4;\r\n"
).encode("latin-1")


def instead(fault: Fault, path: str, query: str) -> Response:
    """The answer that takes the place of the real one."""
    options = fault.options
    match fault.name:
        case "s08_unknown_table":
            return PlainTextResponse("Not found", 404)
        case "s09_503_twice":
            wait = {"Retry-After": str(options["retry_after"])} if "retry_after" in options else {}
            return PlainTextResponse("busy", options.get("status", 503), headers=wait)
        case "s18_html_shell":
            return Response(SHELL, headers={"Content-Type": options.get("content_type", "text/csv")})
        case "s19_html_502":
            return HTMLResponse(SHELL, 502)
        case "s21_false_304":
            return Response(status_code=304, headers={"ETag": '"of-another-version"'})
        case "s24_odd_csv":
            return Response(ODD_CSV, headers={"Content-Type": "text/csv"})
        case "gzip_bomb":
            packed = gzip.compress(bytes(options.get("size", 64 << 20)), 9)
            return Response(packed, headers={"Content-Encoding": "gzip", "Content-Type": "text/csv"})
        case "zip_slip":
            return Response(_zip("../evil.csv", b"a;b\n"), headers={"Content-Type": "application/zip"})
        case "zip_bomb":
            return Response(_zip("bomb.csv", bytes(options.get("size", 64 << 20))))
        case "endless_redirect":
            number = 0 if options.get("circle") else int(query.rpartition("=")[2] or 0) + 1
            return _redirect(f"https:/{path}" + (f"?n={number}" if number else ""))
        case "redirect_private":
            return _redirect("http://169.254.169.254/latest/meta-data/")
        case "redirect_file":
            return _redirect("file:///etc/hostname")
        case _:
            return _redirect(options["location"])


def altered(fault: Fault, body: bytes) -> bytes:
    """The real body, changed as the fault says."""
    options = fault.options
    match fault.name:
        case "s10_truncated_json":
            return body[: len(body) // 2]
        case "content_changed":
            return bytes(options["body"])
        case "header_renamed":
            return body.replace(options["old"].encode(), options["new"].encode(), 1)
        case "code_page_changed":
            return body.decode(options["source"]).encode(options["target"])
        case _:
            lines = [line.split(b";") for line in body.rstrip(b"\r\n").split(b"\r\n")]
            return b"\r\n".join(b";".join([*cells[1:], cells[0]]) for cells in lines) + b"\r\n"


async def raw(fault: Fault, transport: Any, response: Response, count: Callable[[int], None]) -> None:
    """Play a fault on the bare connection; `count` is told the body bytes before they go out."""
    body = bytes(response.body)
    kept = [(name, value) for name, value in response.headers.items() if name != "content-length"]
    head = f"HTTP/1.1 {response.status_code} -\r\n" + "".join(f"{name}: {value}\r\n" for name, value in kept)
    match fault.name:
        case "s10_empty_reply":
            transport.close()
        case "s10_length_too_large":
            count(len(body))
            transport.write(f"{head}Content-Length: {len(body) + 1000}\r\n\r\n".encode() + body)
            transport.close()
        case "header_50mb":
            await _endless_header(transport, head, fault.options.get("size", 50_000_000))
        case "slow_drip":
            transport.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode())
            await _drip(transport, body, fault.options, count)
        case _:
            half = body[: len(body) // 2]
            count(len(half))
            transport.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + half)
            await asyncio.sleep(0.05)  # let the half arrive: a reset may overtake it
            _reset(transport)
    await asyncio.sleep(0.01)  # so that the server learns of the closed connection before the request ends


async def _endless_header(transport: Any, head: str, size: int) -> None:
    transport.write(head.encode() + b"X-Long: ")
    for _ in range(size // 1_000_000):
        if transport.is_closing():
            return
        transport.write(b"a" * 1_000_000)
        await asyncio.sleep(0)
    transport.close()


async def _drip(transport: Any, body: bytes, options: dict[str, Any], count: Callable[[int], None]) -> None:
    """Ten small portions a second until the time is over or nobody listens, then a reset."""
    portion = options.get("bytes_per_s", 50) // 10
    for number in range(int(options.get("seconds", 5) * 10)):
        piece = body[number * portion : (number + 1) * portion]
        if transport.is_closing() or number * portion >= len(body):
            break
        count(len(piece))
        transport.write(piece)
        await asyncio.sleep(0.1)
    _reset(transport)


def _reset(transport: Any) -> None:
    """Close with a TCP reset instead of a proper end."""
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _redirect(location: str) -> Response:
    return Response(status_code=302, headers={"Location": location})


def _zip(name: str, body: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
