"""The three editions: where files come from, and since when they count as known.

- `sample`: files that ship with the product, in the publishers' own layouts; school level synthetic, and marked so.
- `mirror`: a folder laid out like the publishers (`host/path`), with a `manifest.csv` that warrants the days.
- `live`: the publishers' own addresses (see `flows.ingest.live`), or those of a portal that stands in for them.
"""

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from flows.http.errors import NoSource
from flows.ingest.fetch import FromFolder, UnreachableHosts
from flows.publishers.fetch import Fetch, Fetched
from schemas.dataset import Dataset
from schemas.datasets import dataset_for
from warehouse.archive.model import Origin
from warehouse.files import sha256_of

EXCLUDED = {"manifest.csv"}


@dataclass(frozen=True)
class OfferedFile:
    """A file that an edition offers, and how it is had. `file_name` is the one expected; a zip may hold another."""

    dataset: type[Dataset]
    file_name: str
    fetch: Fetch
    retrieved_on: date
    edition: str
    synthetic: bool = False
    note: str = ""
    closed: UnreachableHosts = field(default_factory=UnreachableHosts, compare=False)

    @property
    def label(self) -> str:
        """What a run calls the file: publisher, dataset, period."""
        period = self.dataset.period_of(self.file_name)
        return f"{self.dataset.publisher.id} {self.dataset.id} {period.label if period else self.file_name}"

    def origin(self, fetched: Fetched) -> Origin:
        """The finding as the archive keeps it."""
        publisher, state = self.dataset.publisher, fetched.state
        return Origin(
            self.dataset.id,
            state.file_name,
            state.url,
            publisher.name,
            publisher.licence,
            self.retrieved_on,
            fetched.published_on,
            self.edition,
            self.synthetic,
            "; ".join(text for text in (self.note, state.note) if text),
        )


def folder_files(folder: Path, edition: str, today: date) -> tuple[list[OfferedFile], list[str]]:
    """Offer the files of a mirror folder. Returns them and the names that no dataset claims.

    The day of a copy comes from the manifest, beside or above the folder, and holds only for the bytes the manifest
    names by hash: for any other bytes the copy counts as taken today. A folder whose manifest calls files synthetic is
    one of the sample edition, whatever it is offered as.
    """
    if not folder.is_dir():
        raise NoSource(f"{folder}: expected a folder laid out as host/path, found none; give one with --from FOLDER.")
    manifest = read_manifest(folder)
    synthetic = edition == "sample" or is_synthetic(folder)
    found, unclaimed = [], []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in EXCLUDED):
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
        fetch = FromFolder(
            path, record.get("url") or f"https://{relative}", date.fromisoformat(published) if published else None
        )
        shown_as = "sample" if synthetic else edition
        found.append(OfferedFile(dataset, path.name, fetch, retrieved_on, shown_as, synthetic, note))
    if not found:
        raise NoSource(
            f"{folder}: expected publishers' files, found none that a dataset claims; see `sectorakkoord sources`."
        )
    return found, unclaimed


def is_synthetic(folder: Path) -> bool:
    """Whether a folder's manifest calls any of its files made up."""
    return any(row.get("fidelity") == "synthetic" for row in read_manifest(folder).values())


def read_manifest(folder: Path) -> dict[str, dict[str, str]]:
    """The manifest of a mirror by relative path; empty where there is none."""
    for place in (folder / "manifest.csv", folder.parent / "manifest.csv"):
        if place.exists():
            with place.open(newline="", encoding="utf-8") as file:
                return {row["path"]: row for row in csv.DictReader(file)}
    return {}
