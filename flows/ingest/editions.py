"""The three editions: where files come from, and since when they count as known.

- `sample`: files that ship with the product, in the publishers' own layouts; school level synthetic, and marked so.
- `mirror`: a folder laid out like the publishers (`host/path`), with a `manifest.csv` that warrants the days.
- `live`: the publishers' own addresses (see `flows.ingest.live`), or those of a portal that stands in for them.
"""

import zipfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from flows.http.errors import NoSource
from flows.ingest.fetch import FromFolder, UnreachableHosts
from flows.ingest.fetch_folder_zip import FromFolderZip, members_of
from flows.ingest.manifest import FILE as MANIFEST
from flows.ingest.manifest import Warrant, normal_path, read_manifest
from flows.publishers.fetch import Fetch, Fetched
from schemas.dataset import Dataset
from schemas.datasets import dataset_for
from schemas.errors import HandKeptFault
from warehouse.archive.model import Origin
from warehouse.files import sha256_of

NOT_WARRANTED = "no manifest warrants these bytes: counted as taken today"
OTHER_BYTES = "manifest.csv names other bytes for this path: counted as taken today"


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
    retrieved_at: datetime | None = None
    news: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What a run calls the file: publisher, dataset, period."""
        period = self.dataset.period_of(self.file_name)
        return f"{self.dataset.publisher.id} {self.dataset.id} {period.label if period else self.file_name}"

    def origin(self, fetched: Fetched) -> Origin:
        """The finding as the archive keeps it: it arrives now, unless a manifest names the time."""
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
            self.retrieved_at or datetime.now(UTC),
        )


def folder_files(folder: Path, edition: str, today: date) -> tuple[list[OfferedFile], list[str]]:
    """Offer the files of a mirror folder, members of zips too. Returns them and the names that no dataset claims.

    The day of a copy comes from the manifest, beside or above the folder, and holds only for the bytes the manifest
    names by hash: for any other bytes the copy counts as taken today. A folder whose manifest calls files synthetic is
    one of the sample edition, whatever it is offered as. Raises NoSource.
    """
    if not folder.is_dir():
        raise NoSource(f"{folder}: expected a folder laid out as host/path, found none; give one with --from FOLDER.")
    # The bundled sample has its days whatever this computer's clock says.
    manifest = manifest_of(folder, date.max if edition == "sample" else today)
    synthetic = edition == "sample" or any(warrant.synthetic for warrant in manifest.values())
    found, unclaimed = [], []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST):
        relative = path.relative_to(folder).as_posix()
        record = manifest.get(normal_path(relative))
        warrant = record if record and record.sha256 == sha256_of(path) else None
        url = (record.url if record else "") or f"https://{relative}"
        offered = [
            OfferedFile(
                dataset,
                name,
                fetch,
                warrant.retrieved_on if warrant else today,
                "sample" if synthetic else edition,
                synthetic,
                warrant.note if warrant else NOT_WARRANTED,
                retrieved_at=warrant.retrieved_at if warrant else None,
                news=(OTHER_BYTES,) if record and not warrant else (),
            )
            for dataset, name, fetch in claimed(path, url, warrant.published_on if warrant else None)
        ]
        found += offered
        if not offered:
            unclaimed.append(relative)
    if not found:
        raise NoSource(
            f"{folder}: expected publishers' files, found none that a dataset claims; see `sectorakkoord sources`."
        )
    return found, unclaimed


def own_file(path: Path, edition: str, today: date) -> list[OfferedFile]:
    """Offer one file, or what a zip holds, as found today. Raises NoSource."""
    found = claimed(path, path.absolute().as_uri(), None) if path.is_file() else []
    if not found:
        raise NoSource(
            f"{path}: expected a file that a dataset claims by its name, such as 05.-zittenblijven-vo-brinvest-1718-tov-1819.csv, "
            f"found {'another name' if path.is_file() else 'no file'}; give it the publisher's name (`sectorakkoord sources` "
            "lists the datasets)."
        )
    synthetic = edition == "sample"
    return [OfferedFile(dataset, name, fetch, today, edition, synthetic) for dataset, name, fetch in found]


def claimed(path: Path, url: str, published_on: date | None) -> list[tuple[type[Dataset], str, Fetch]]:
    """(dataset, name, fetch) for the file at `path`, or for each dataset that claims a member of a zip."""
    if dataset := dataset_for(path.name):
        return [(dataset, path.name, FromFolder(path, url, published_on))]
    if path.suffix.lower() != ".zip" or not zipfile.is_zipfile(path):
        return []
    return [(owner, name, FromFolderZip(path, url, name, published_on)) for owner, name in members_of(path)]


def is_synthetic(folder: Path) -> bool:
    """Whether a folder's manifest calls any of its files made up."""
    return any(warrant.synthetic for warrant in manifest_of(folder, date.max).values())


def manifest_of(folder: Path, today: date) -> dict[str, Warrant]:
    """The manifest of a mirror by relative path; empty where there is none. Raises NoSource where it is not readable."""
    try:
        return read_manifest(folder, today)
    except HandKeptFault as fault:
        raise NoSource(str(fault)) from None
