"""What a file really is, from its bytes. Names, suffixes and Content-Type are claims; this is the finding."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path

HEAD = 4096  # bytes looked at

_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|script)\b", re.IGNORECASE)
_TAG = re.compile(rb"<(\?xml|!--|[A-Za-z][\w:.-]*[\s/>])")
_JSON = re.compile(rb'\{\s*["}]|\[\s*(["\[\]{0-9-]|true|false|null)')
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")


class Kind(StrEnum):
    """The kinds we meet at publishers; TEXT is prose, CSV is text with a delimiter in its first line."""

    EMPTY = "empty"
    HTML = "html"
    XML = "xml"
    JSON = "json"
    CSV = "csv"
    TEXT = "text"
    XLSX = "xlsx"
    ODS = "ods"
    ZIP = "zip"
    XLS = "xls"
    GZIP = "gzip"
    PDF = "pdf"
    BINARY = "binary"


def sniff(path: Path) -> Kind:
    """The kind of the file at `path`; a zip is opened to separate workbooks from plain archives."""
    with path.open("rb") as file:
        kind = sniff_bytes(file.read(HEAD))
    return _kind_of_zip(path) if kind is Kind.ZIP else kind


def sniff_bytes(head: bytes) -> Kind:
    """The kind by the first bytes alone; most zipped workbooks are no more than ZIP this way."""
    if not head.strip():
        return Kind.EMPTY
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in head[:120]:
            return Kind.ODS
        return Kind.ZIP
    if head.startswith(b"\x1f\x8b"):
        return Kind.GZIP
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Kind.XLS
    return _kind_of_text(_as_ascii_text(head))


def _as_ascii_text(head: bytes) -> bytes:
    """The head without byte order mark and leading space; UTF-16 is folded to bytes we can match on."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="ignore").encode("utf-8")
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()


def _kind_of_text(text: bytes) -> Kind:
    if not text:
        return Kind.EMPTY
    if _TAG.match(text) or text[:2] == b"<!":
        # An XHTML page opens with <?xml, a web page may open with a comment: look a little further.
        return Kind.HTML if _HTML.search(text[:1024]) else Kind.XML
    if _CONTROL.search(text):
        return Kind.BINARY
    if _JSON.match(text):
        return Kind.JSON
    first_line = text.splitlines()[0]
    return Kind.CSV if any(mark in first_line for mark in (b";", b",", b"\t")) else Kind.TEXT


def _kind_of_zip(path: Path) -> Kind:
    """Tell xlsx, ods and plain zip apart by their members; a broken zip is BINARY."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
                return Kind.XLSX
            if "mimetype" in names:
                with archive.open("mimetype") as member:
                    if b"opendocument.spreadsheet" in member.read(100):
                        return Kind.ODS
            return Kind.ZIP
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError):
        return Kind.BINARY
