"""A publisher's own zip in a mirror folder: opened as in the live edition (`flows.ingest.fetch.FromZip`)."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from flows.http.client import HttpClient
from flows.http.unzip import unpack_zip
from flows.ingest.fetch import Fetched
from schemas.dataset import Dataset
from schemas.datasets import dataset_for
from warehouse.archive.fetch_state import FetchState


@dataclass(frozen=True)
class FromFolderZip:
    """The newest member that the dataset claims by its name; the names hold dates, so they change."""

    path: Path
    url: str
    published_on: date | None = None
    hosts: tuple[str, ...] = ()
    address: str = ""

    def __call__(self, client: HttpClient, folder: Path, dataset: type[Dataset], state: FetchState | None) -> Fetched:
        limits = {"max_bytes": client.settings.max_download_bytes, "max_expansion": client.settings.max_expansion}
        members = unpack_zip(self.path, folder / "members", url=self.url, **limits)
        newest = max((path for path in members if dataset.matches(path.name)), key=lambda path: path.name)
        day = self.published_on.isoformat() if self.published_on else None
        inside = quote(newest.relative_to(folder / "members").as_posix())
        return Fetched(newest, FetchState("", "", f"{self.url}#{inside}", newest.name, day))


def members_of(path: Path) -> list[tuple[type[Dataset], str]]:
    """(dataset, name of its newest member) for every dataset that claims one, in order of name."""
    with zipfile.ZipFile(path) as archive:
        names = sorted(
            PurePosixPath(info.filename.replace("\\", "/")).name for info in archive.infolist() if not info.is_dir()
        )
    newest = {dataset: name for name in names if (dataset := dataset_for(name))}
    return sorted(newest.items(), key=lambda pair: pair[1])
