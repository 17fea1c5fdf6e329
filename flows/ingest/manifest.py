"""The manifest of a mirror folder: on which day each copy was taken from its publisher, for exactly these bytes.

    path,url,retrieved_on,sha256            (needed: path, retrieved_on, sha256)
    ...,published_on,retrieved_at,fidelity,note    (read where they are there)

People write it, in a spreadsheet as likely as not (`schemas.hand_kept_csv`). Back-slashes in a path, capitals in a hash and
a Dutch day are understood; a day after today, a hash that is none and a path that is there twice are one sentence.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from schemas.hand_kept_csv import HandKeptRow, HandKeptTable, moment_of, read_hand_kept

FILE = "manifest.csv"
NEEDED = ("path", "retrieved_on", "sha256")


@dataclass(frozen=True)
class Warrant:
    """What a manifest says of one copy. `retrieved_at` is None where it names a day only."""

    sha256: str
    url: str
    retrieved_on: date
    retrieved_at: datetime | None
    published_on: date | None
    synthetic: bool
    note: str


def read_manifest(folder: Path, today: date) -> dict[str, Warrant]:
    """The manifest in or above a folder, by `normal_path`; empty where there is none. Raises HandKeptFault."""
    for place in (folder / FILE, folder.parent / FILE):
        if place.exists():
            return warrants_of(read_hand_kept(place, NEEDED), today)
    return {}


def warrants_of(table: HandKeptTable, today: date) -> dict[str, Warrant]:
    """The warrants of a manifest, by `normal_path`. Raises HandKeptFault with the first that cannot be understood."""
    if table.faults:
        raise table.faults[0]
    warrants: dict[str, Warrant] = {}
    for row in table.rows:
        path, warrant = path_of(row), warrant_of(row, today)
        if warrants.setdefault(path, warrant) != warrant:
            raise row.fault("path", "each path once", "leave one of the lines out")
    return warrants


def warrant_of(row: HandKeptRow, today: date) -> Warrant:
    """What one line says."""
    sha256 = row.get("sha256").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise row.fault("sha256", "a SHA-256 of 64 hexadecimal digits", "write it as `sha256sum FILE` shows it")
    retrieved_on, retrieved_at = moment_in(row, "retrieved_on", today)
    if row.get("retrieved_at"):
        _, retrieved_at = moment_in(row, "retrieved_at", today)
    published_on = moment_in(row, "published_on", today)[0] if row.get("published_on") else None
    synthetic = row.get("fidelity").lower() == "synthetic"
    return Warrant(sha256, row.get("url"), retrieved_on, retrieved_at, published_on, synthetic, row.get("note"))


def path_of(row: HandKeptRow) -> str:
    """The path as host/path."""
    path = normal_path(row.get("path"))
    if not path:
        raise row.fault("path", "a path such as duo.nl/.../file.csv", "fill it in or take the line out")
    return path


def normal_path(path: str) -> str:
    """A path with slashes, without `./`, in one form of Unicode; capitals do not count (they do not on Windows)."""
    parts = unicodedata.normalize("NFC", path).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".")).casefold()


def moment_in(row: HandKeptRow, column: str, today: date) -> tuple[date, datetime | None]:
    """The day in a cell, not after today, and its time if there is one."""
    try:
        day, moment = moment_of(row.get(column))
    except ValueError:
        raise row.fault(column, "a day such as 2020-10-05 or 5-10-2020", "correct the cell") from None
    if day > today:
        raise row.fault(column, f"a day not after today, {today}", "correct the day, or this computer's clock")
    return day, moment
