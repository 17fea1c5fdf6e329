"""What each address gave last time, so that an unchanged file need not travel again.

    archive/fetched/<hash of the address>.json

A state only saves work: it is used while the archive has the content it names, with the hash it names (see
`Archive.held`). Deleting the folder costs one full download and changes nothing else.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from warehouse.files import write_json


@dataclass(frozen=True)
class FetchState:
    """The last visit to an address.

    `sha256` is the content as archived (or refused), `wire_sha256` what travelled where that is something else (a
    zip around it). `etag`, `last_modified` and `version_token` are the publisher's own signs of a version. `gone_on` is the day
    from which the address has had no file.
    """

    address: str
    sha256: str
    url: str
    file_name: str
    published_on: str | None = None
    note: str = ""
    wire_sha256: str = ""
    etag: str | None = None
    last_modified: str | None = None
    version_token: str | None = None
    gone_on: str | None = None


class FetchLog:
    """The states in a folder, one file per address: several processes may write at once."""

    def __init__(self, archive: Path) -> None:
        self.folder = archive / "fetched"

    def get(self, address: str) -> FetchState | None:
        """The last state of an address; None where nothing is, or nothing readable."""
        return read_state(self._path(address))

    def states(self) -> list[FetchState]:
        """The last state of every address."""
        return list(filter(None, map(read_state, sorted(self.folder.glob("*.json")))))

    def keep(self, state: FetchState) -> None:
        """Remember a visit."""
        if state != self.get(state.address):
            write_json(self._path(state.address), asdict(state))

    def _path(self, address: str) -> Path:
        return self.folder / f"{hashlib.sha256(address.encode()).hexdigest()[:24]}.json"


def read_state(path: Path) -> FetchState | None:
    """The state in a file; None where there is none that can be read."""
    try:
        record = json.loads(path.read_text())
        # Written before version 0.2 under another name.
        record["version_token"] = record.pop("mark", record.get("version_token"))
        # CBS tables by code, of before 0.2: read anew, by title.
        return None if record.pop("extra", None) else FetchState(**record)
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return None
