"""The release in place: its record, and what it was made from."""

from contextlib import suppress
from dataclasses import dataclass

from warehouse.release.release_record import Release, release_in
from warehouse.release.stores import NothingPublished, ReleaseStore


@dataclass(frozen=True)
class CurrentRelease:
    """The release in place, with what it was made from: publishers' files (SHA-256 -> name) and snapshots, by id."""

    release: Release
    files: dict[str, str]
    snapshots: set[str]


def published_release(store: ReleaseStore) -> Release | None:
    """The release in place, or None where nothing has been published yet. Raises ReleaseDamaged."""
    with suppress(NothingPublished), store.open() as con:
        return release_in(con)
    return None


def current_release(store: ReleaseStore) -> CurrentRelease | None:
    """The same with what it was made from, read at once: two reads could see two releases."""
    with suppress(NothingPublished), store.open() as con:
        files = con.execute("SELECT sha256, file_name FROM meta.source_file WHERE dataset_id <> 'register'").fetchall()
        snapshots = con.execute("SELECT snapshot_id FROM snapshot.snapshot").fetchall()
        return CurrentRelease(release_in(con), dict(files), {snapshot_id for (snapshot_id,) in snapshots})
    return None
