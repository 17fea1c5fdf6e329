"""The releases of a data directory as an Atom feed (RFC 4287), the newest first, each with its notes."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from warehouse.files import write_bytes
from warehouse.release.release_record import RECORD
from warehouse.watermark import NOTICE

FEED = "releases.xml"
MOST = 50
"""Releases in the feed; older ones stay in the folder of the releases."""


def write_feed(releases: Path, path: Path) -> None:
    """Write the feed to `path` from the records and notes in the folder `releases`; those that cannot be read are left out."""
    recorded: list[tuple[dict[str, Any], str]] = []
    for folder in sorted(releases.glob("[0-9]*"), key=lambda one: one.name.zfill(9), reverse=True)[:MOST]:
        with suppress(OSError, ValueError, KeyError, TypeError):
            record = json.loads((folder / RECORD).read_text())
            if record["release_id"] != folder.name:
                continue
            recorded.append(
                (record | {"updated": record["published_at"].replace(" ", "T")}, (folder / "changes.md").read_text())
            )
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    said(feed, "title", "Sector warehouse Sectorakkoord VO: releases")
    said(feed, "id", "tag:sectorakkoord-warehouse,2018:releases")
    said(feed, "updated", recorded[0][0]["updated"] if recorded else "1970-01-01T00:00:00+00:00")
    said(SubElement(feed, "author"), "name", "sectorakkoord")
    SubElement(feed, "link", rel="self", href=FEED)
    for record, notes in recorded:
        entry = SubElement(feed, "entry")
        made_up = f" ({NOTICE['en']})" if record["synthetic"] else ""
        said(entry, "title", f"Version {record['version']} of the {record['edition']} edition{made_up}")
        said(entry, "id", f"tag:sectorakkoord-warehouse,2018:{record['release_id']}:{record['content_hash']}")
        said(entry, "updated", record["updated"])
        SubElement(entry, "link", href="index.html")
        said(entry, "content", notes).set("type", "text")
    indent(feed)
    write_bytes(path, b"<?xml version='1.0' encoding='utf-8'?>\n" + tostring(feed, encoding="utf-8") + b"\n")


def said(parent: Element, name: str, text: str) -> Element:
    """Add an element with a text, without the control characters that XML has no place for."""
    made = SubElement(parent, name)
    made.text = "".join(letter for letter in text if letter >= " " or letter in "\t\n")
    return made
