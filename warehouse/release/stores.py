"""Where the published release is: one DuckDB file, or a DuckLake. Whoever reads or publishes asks the place.

Both keep the same promise. A reader sees one whole release for as long as the connection is open, whatever is published
meanwhile; a publish takes effect in one step or not at all.
"""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import duckdb

from warehouse.database import connect
from warehouse.files import quoted, replace_file

LAST = "last_release"
"""The catalogue under which a build sees the release in place."""


class NothingPublished(Exception):
    """There is no release to read; the message says how to make one."""

    def __init__(
        self, place: "ReleaseStore", hint: str = "run `sectorakkoord refresh` (sample edition) first."
    ) -> None:
        super().__init__(f"{place}: nothing has been published yet; {hint}")


class ConcurrentPublish(Exception):
    """Somebody else published since we looked: compare with that release and try again."""


class ReleaseStore(Protocol):
    """A place that holds the published release."""

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
        """Publish the finished file `aside` as the release after `previous_release_id`. Raises Overtaken."""
        ...


class DuckDBFileStore:
    """One DuckDB file. The lock of the data directory keeps other writers out, so it is never overtaken."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        return str(self.path)

    def open(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The release; a reader keeps the file it has open."""
        if not self.path.exists():
            raise NothingPublished(self)
        return connect(self.path, read_only=True)

    @contextmanager
    def attached(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """The file, attached."""
        con.execute(f"ATTACH '{quoted(self.path)}' AS {LAST} (READ_ONLY)")
        try:
            yield
        finally:
            con.execute(f"DETACH {LAST}")

    def read_from(self, con: duckdb.DuckDBPyConnection) -> list[str]:
        """Nothing but the file that is open."""
        return []

    def build_folder(self, data: Path) -> Path:
        """Beside the file, since a rename does not cross file systems."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return self.path.parent

    def copy_to(self, aside: Path) -> bool:
        """Copy the file."""
        shutil.copyfile(self.path, aside)
        return True

    def put(self, aside: Path, previous_release_id: str | None) -> None:
        """One rename."""
        replace_file(aside, self.path)
