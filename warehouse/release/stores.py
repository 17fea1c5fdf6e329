"""Where the published release is: one DuckDB file, or a DuckLake. Whoever reads or publishes goes through the store.

Both keep the same promise. A reader sees one whole release for as long as the connection is open, whatever is published
meanwhile; a publish takes effect in one step or not at all.
"""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import duckdb

LAST = "last_release"
"""The catalogue under which a build sees the release in place."""


class NothingPublished(Exception):
    """There is no release to read; the message says how to make one."""

    def __init__(
        self, store: "ReleaseStore", hint: str = "run `sectorakkoord refresh` (sample edition) first."
    ) -> None:
        super().__init__(f"{store}: nothing has been published yet; {hint}")


class ConcurrentPublish(Exception):
    """Somebody else published since we looked: compare with that release and try again."""


class ReleaseStore(Protocol):
    """What keeps the published release."""

    def open(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The published release, read-only; its tables are found without a catalogue's name. Raises NothingPublished."""
        ...

    def attached(self, con: duckdb.DuckDBPyConnection) -> AbstractContextManager[None]:
        """The published release beside a build in `con`, as the read-only catalogue `last_release`."""
        ...

    def read_from(self, con: duckdb.DuckDBPyConnection) -> list[str]:
        """The folders that `con`, from `open()`, reads while it answers queries."""
        ...

    def build_folder(self, data: Path) -> Path:
        """The folder in which a build is made aside; `data` is the data directory."""
        ...

    def copy_to(self, aside: Path) -> bool:
        """Copy the published release to the file `aside`; False where making it anew is as quick."""
        ...

    def put(self, aside: Path, previous_release_id: str | None) -> None:
        """Publish the finished file `aside` as the release after `previous_release_id`. Raises ConcurrentPublish."""
        ...
