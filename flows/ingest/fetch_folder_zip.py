"""A publisher's own zip in a mirror folder: opened as in the live edition (`flows.publishers.fetch.FromZip`)."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from flows.http.client import HttpClient
from flows.http.errors import UnsafeArchive
from flows.http.unzip import unpack_zip
from flows.publishers.fetch import Fetched
from schemas.dataset import Dataset
from schemas.datasets import dataset_for
from warehouse.archive.fetch_state import FetchState
from warehouse.build.file_versions import subject_of


@dataclass(frozen=True)
class FromFolderZip:
    """The member of this name."""

    path: Path
    url: str
    file_name: str
    published_on: date | None = None
    hosts: tuple[str, ...] = ()
    address: str = ""

    def __call__(self, client: HttpClient, folder: Path, dataset: type[Dataset], state: FetchState | None) -> Fetched:
        limits = {"max_bytes": client.settings.max_download_bytes, "max_expansion": client.settings.max_expansion}
        members = unpack_zip(self.path, folder / "members", url=self.url, **limits)
        named = sorted(
            path.relative_to(folder / "members").as_posix() for path in members if path.name == self.file_name
        )
        if len(named) > 1:
            hint = "take out the one that does not hold"
            raise UnsafeArchive(self.url, f"one {self.file_name}", ", ".join(named), hint)
        day = self.published_on.isoformat() if self.published_on else None
        state = FetchState("", "", f"{self.url}#{quote(named[0])}", self.file_name, day)
        return Fetched(folder / "members" / named[0], state)


def members_of(path: Path) -> list[tuple[type[Dataset], str]]:
    """(dataset, name) of every member that one claims, in order of name; of a state, whose name holds a day, the newest."""
    with zipfile.ZipFile(path) as archive:
        names = sorted(
            PurePosixPath(info.filename.replace("\\", "/")).name for info in archive.infolist() if not info.is_dir()
        )
    owned = [(owner, name) for name in names if (owner := dataset_for(name))]
    newest = {
        (owner, name if owner.period_of(name) else subject_of(owner, name)): (owner, name) for owner, name in owned
    }
    return list(newest.values())
