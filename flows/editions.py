"""The three editions: where files come from, and since when they count as known.

- `sample`: made on the spot by a small generator, in the publishers' own layouts; school level synthetic, and marked so.
- `mirror`: a folder laid out like the publishers (`host/path`), with a `manifest.csv` that warrants the days.
- `live`: the publishers' own addresses.
"""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

from schemas import dataset_for, datasets
from schemas.dataset import Dataset
from warehouse.archive import Origin
from warehouse.files import sha256_of
from warehouse.sample import write_sample

EDITIONS = ("sample", "mirror", "live")
LEFT_OUT = {"manifest.csv"}


class NoSource(Exception):
    """The edition has nowhere to take files from; the message says what to give."""


@dataclass(frozen=True)
class Found:
    """A file that an edition offers. `path` is where it lies already; None means it has to be fetched from `url`."""

    dataset: type[Dataset]
    file_name: str
    url: str
    path: Path | None
    retrieved_on: date
    published_on: date | None
    edition: str
    note: str = ""

    @property
    def label(self) -> str:
        """What a run calls the file: publisher, dataset, period."""
        period = self.dataset.period_of(self.file_name)
        return f"{self.dataset.publisher.id} {self.dataset.id} {period.label if period else self.file_name}"

    def origin(self) -> Origin:
        """The finding as the archive keeps it."""
        publisher = self.dataset.publisher
        return Origin(
            self.dataset.id,
            self.file_name,
            self.url,
            publisher.name,
            publisher.licence,
            self.retrieved_on,
            self.published_on,
            self.edition,
            self.edition == "sample",
            self.note,
        )


def sample_files(folder: Path, today: date) -> tuple[list[Found], list[str]]:
    """Write the sample edition under `folder` and offer its files. Returns them and the names no dataset claims."""
    write_sample(folder)
    return folder_files(folder, "sample", today)


def folder_files(folder: Path, edition: str, today: date) -> tuple[list[Found], list[str]]:
    """Offer the files of a mirror folder. Returns them and the names that no dataset claims.

    The day of a copy comes from the manifest, beside or above the folder, and holds only for the bytes the manifest
    names by hash: for any other bytes the copy counts as taken today.
    """
    if not folder.is_dir():
        raise NoSource(f"{folder}: expected a folder laid out as host/path, found none; give one with --from FOLDER.")
    manifest = read_manifest(folder)
    found, unclaimed = [], []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in LEFT_OUT):
        relative = path.relative_to(folder).as_posix()
        dataset = dataset_for(path.name)
        if dataset is None:
            unclaimed.append(relative)
            continue
        record = manifest.get(relative, {})
        warranted = bool(record) and record.get("sha256") == sha256_of(path)
        retrieved_on = date.fromisoformat(record["retrieved_on"]) if warranted else today
        published = record.get("published_on") if warranted else None
        note = record.get("note", "") if warranted else "no manifest warrants these bytes: counted as taken today"
        url = record.get("url") or f"https://{relative}"
        published_on = date.fromisoformat(published) if published else None
        found.append(Found(dataset, path.name, url, path, retrieved_on, published_on, edition, note))
    if not found:
        raise NoSource(
            f"{folder}: expected publishers' files, found none that a dataset claims; see `sectorakkoord sources`."
        )
    return found, unclaimed


def read_manifest(folder: Path) -> dict[str, dict[str, str]]:
    """The manifest of a mirror by relative path; empty where there is none."""
    for place in (folder / "manifest.csv", folder.parent / "manifest.csv"):
        if place.exists():
            with place.open(newline="", encoding="utf-8") as file:
                return {row["path"]: row for row in csv.DictReader(file)}
    return {}


def live_files(today: date) -> tuple[list[Found], list[str]]:
    """Offer every address that the datasets declare."""
    found = [
        Found(dataset, name_in(known.url), known.url, None, today, None, "live", known.seen)
        for dataset in datasets().values()
        for known in dataset.files
    ]
    return found, []


def name_in(url: str) -> str:
    """The file name at the end of an address, unquoted."""
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1])
