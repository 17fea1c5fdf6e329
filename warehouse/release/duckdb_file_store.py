"""One DuckDB file as the store of the published release. The lock of the data directory keeps other writers out."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.database import connect
from warehouse.files import quoted, replace_file
from warehouse.release.published_file import move_wal_aside, readable, wal_of, write_seal
from warehouse.release.stores import LAST, NothingPublished


class DuckDBFileStore:
    """The file `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        return str(self.path)

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The release; a reader keeps the file it has open. Raises NothingPublished or ReleaseDamaged."""
        if not self.path.exists():
            raise NothingPublished(self)
        with readable(self.path) as file, connect(file, read_only=True) as con:
            yield con

    @contextmanager
    def attached(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """The file, attached. Raises ReleaseDamaged."""
        with readable(self.path) as file:
            con.execute(f"ATTACH '{quoted(file)}' AS {LAST} (READ_ONLY)")
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
        """Copy the file. Raises ReleaseDamaged."""
        with readable(self.path) as file:
            shutil.copyfile(file, aside)
        return True

    def put(self, aside: Path, previous_release_id: str | None) -> None:
        """Seal the file, then one rename; neither needs a lock on the file that is there."""
        if wal_of(aside).exists():
            raise RuntimeError(f"{aside}: a finished build has no WAL beside it; close it before it is published.")
        aside.chmod(aside.stat().st_mode & 0o444)
        write_seal(self.path, aside)
        move_wal_aside(self.path)
        replace_file(aside, self.path)
        # What a session that had the old file open wrote meanwhile.
        move_wal_aside(self.path)
