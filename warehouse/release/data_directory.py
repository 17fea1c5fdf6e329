"""Where everything lies inside the one data directory that the product writes to."""

from dataclasses import dataclass
from pathlib import Path

from warehouse.release.stores import DuckDBFileStore, ReleaseStore


@dataclass(frozen=True)
class DataDirectory:
    """The data directory. Everything but `archive` can be deleted and is made again from it."""

    root: Path
    elsewhere: ReleaseStore | None = None
    """Where the release is published, if not in a file here."""

    @property
    def archive(self) -> Path:
        """Raw files, their origins, refused files and frozen snapshots: the truth."""
        return self.root / "archive"

    @property
    def warehouse(self) -> Path:
        """The file a release is published to, unless it is published elsewhere."""
        return self.root / "warehouse.duckdb"

    @property
    def published(self) -> ReleaseStore:
        """Where the published release is."""
        return self.elsewhere or DuckDBFileStore(self.warehouse)

    @property
    def releases(self) -> Path:
        """One folder per release: what changed, for people and for machines."""
        return self.root / "releases"

    @property
    def cache(self) -> Path:
        """Parsed files and drawn charts; safe to delete."""
        return self.root / "cache"

    @property
    def lock(self) -> Path:
        """Held by the one writer."""
        return self.root / "writer.lock"
