"""Where everything lies inside the one data directory that the product writes to."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataDirectory:
    """The data directory. Everything but `archive` can be deleted and is made again from it."""

    root: Path

    @property
    def archive(self) -> Path:
        """Raw files, their origins, refused files and frozen snapshots: the truth."""
        return self.root / "archive"

    @property
    def warehouse(self) -> Path:
        """The published release: always a finished file, replaced in one step."""
        return self.root / "warehouse.duckdb"

    @property
    def releases(self) -> Path:
        """One folder per release: what changed, for people and for machines."""
        return self.root / "releases"

    @property
    def cache(self) -> Path:
        """Parsed files; safe to delete."""
        return self.root / "cache"

    @property
    def lock(self) -> Path:
        """Held by the one writer."""
        return self.root / "writer.lock"
