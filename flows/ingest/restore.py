"""Contents of the archive that are damaged or lost: find them, and bring back what can be had with the same bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.http.client import HttpClient
from flows.http.errors import SourceError
from flows.publishers import sources
from flows.settings import Settings
from schemas.datasets import datasets
from warehouse.archive.model import Origin
from warehouse.archive.store import Archive
from warehouse.files import sha256_of
from warehouse.progress import ProgressCallback, no_progress


@dataclass(frozen=True)
class Content:
    """A content that is not as it was archived. `outcome`: restored, or lost with the reason."""

    sha256: str
    file_name: str
    url: str
    damage: str
    outcome: str


def damaged_contents(archive: Archive) -> Iterator[tuple[str, Origin, str]]:
    """(SHA-256, first finding, what is wrong) of every content that has a finding and not its bytes."""
    seen = set()
    for sha256, origin in archive.findings():
        path = archive.object_path(sha256)
        if sha256 in seen:
            continue
        seen.add(sha256)
        if not path.exists():
            yield sha256, origin, "gone"
        elif sha256_of(path) != sha256:
            yield sha256, origin, "other bytes"


def restore(settings: Settings, folder: Path | None, progress: ProgressCallback = no_progress) -> list[Content]:
    """Bring back every damaged content: from a copy in `folder` with the same SHA-256, else from its publisher's address."""
    archive = Archive(settings.directory.archive)
    damaged = list(damaged_contents(archive))
    copies = {sha256_of(path): path for path in folder.rglob("*") if path.is_file()} if folder and damaged else {}
    found = []
    with HttpClient(settings) as client:
        for at, (sha256, origin, damage) in enumerate(damaged, 1):
            progress(origin.file_name, at, len(damaged))
            if sha256 in copies:
                archive.put_back(copies[sha256].read_bytes())
                outcome = "restored"
            else:
                outcome = (
                    "no copy in the folder has these bytes" if folder else fetched(client, archive, sha256, origin)
                )
            found.append(Content(sha256, origin.file_name, origin.url, damage, outcome))
    return found


def fetched(client: HttpClient, archive: Archive, sha256: str, origin: Origin) -> str:
    """Ask the publisher again; another version than the lost one is left alone: the next refresh takes it in as what it is."""
    dataset = datasets().get(origin.dataset_id)
    if dataset is None:
        return "no dataset of this version reads it, so nobody is asked"
    if origin.edition not in ("live", "sample") or not origin.url.startswith("http"):
        return "it came from a folder; give that folder with --from"
    with TemporaryDirectory(dir=archive.folder) as place:
        try:
            got = sources()[dataset.publisher.id].at(origin.url)(client, Path(place), dataset, None)
        except SourceError as fault:
            return str(fault)
        if got.path is None or sha256_of(got.path) != sha256:
            return "the publisher has another version now; put this one back from a backup"
        archive.put_back(got.path.read_bytes())
    return "restored"
