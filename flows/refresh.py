"""Refresh without any scheduler: offer, fetch, examine, archive, publish. The Prefect flow runs these same steps."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flows.door import Door
from flows.editions import EDITIONS, Found, NoSource, folder_files, live_files, sample_files
from flows.errors import SourceError
from flows.settings import Settings
from warehouse.archive import Archive
from warehouse.build import Edition
from warehouse.cache import ParseCache
from warehouse.files import write_json
from warehouse.gate import Taken, take_in
from warehouse.paths import DataDirectory
from warehouse.publish import Published, publish
from warehouse.release import published_release


@dataclass(frozen=True)
class Request:
    """What to refresh: an edition, a folder for the mirror edition, and years to freeze afterwards.

    `fetch=False` takes nothing in: it publishes and freezes what the archive holds.
    """

    edition: str
    folder: Path | None = None
    publisher: str | None = None
    fetch: bool = True
    snapshots: dict[int, date | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What a refresh did."""

    edition: str
    taken: list[Taken]
    unclaimed: list[str]
    published: Published

    def count(self, outcome: str) -> int:
        """How many files had this outcome."""
        return sum(taken.outcome == outcome for taken in self.taken)

    @property
    def refused(self) -> list[Taken]:
        """Files that are kept aside, or that could not be had."""
        return [taken for taken in self.taken if taken.outcome in ("refused", "missing")]

    def as_json(self) -> dict[str, Any]:
        """For machines; also kept as `releases/last_refresh.json`."""
        release = self.published.release
        return {
            "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "edition": self.edition,
            "files": [taken.as_json() for taken in self.taken],
            "unclaimed": self.unclaimed,
            "published": self.published.new,
            "release_id": release.release_id,
            "version": release.version,
            "content_hash": release.content_hash,
            "values": {kind: getattr(release, kind) for kind in ("added", "revised", "relabelled", "removed")},
            "snapshots": [
                {"snapshot_id": snapshot.snapshot_id, "new": new} for snapshot, new in self.published.snapshots
            ],
        }


def edition_in(data: DataDirectory) -> str:
    """The edition published in a data directory; the sample where nothing is published yet."""
    release = published_release(data.warehouse)
    return release.edition if release else "sample"


def offer(request: Request, data: DataDirectory, today: date) -> tuple[list[Found], list[str]]:
    """The files of the edition, and names that no dataset claims. Raises NoSource."""
    if not request.fetch:
        return [], []
    if request.edition == "sample":
        found, unclaimed = sample_files(data.root / "sample", today)
    elif request.edition == "mirror":
        if request.folder is None:
            raise NoSource("edition mirror: give the folder with the publishers' files: --from FOLDER.")
        found, unclaimed = folder_files(request.folder, "mirror", today)
    elif request.edition == "live":
        found, unclaimed = live_files(today)
    else:
        raise NoSource(f"edition {request.edition}: expected one of {', '.join(EDITIONS)}.")
    if request.publisher:
        found = [one for one in found if one.dataset.publisher.id == request.publisher]
    return found, unclaimed


def take(found: Found, data: DataDirectory, door: Door | None) -> Taken:
    """Fetch one file if need be, examine it and archive it. A SourceError that may heal is raised, others reported."""
    archive, cache = Archive(data.archive), ParseCache(data.cache)
    if found.path is not None:
        return take_in(archive, cache, found.origin(), found.path)
    assert door is not None
    incoming = data.root / "incoming" / f"{found.dataset.id}-{found.file_name}"
    incoming.parent.mkdir(parents=True, exist_ok=True)
    try:
        door.download(found.url, incoming)
        return take_in(archive, cache, found.origin(), incoming)
    except SourceError as fault:
        return Taken(found.dataset.id, found.file_name, found.url, "missing", str(fault))
    finally:
        incoming.unlink(missing_ok=True)


def publish_all(request: Request, data: DataDirectory, today: date, on_step: Callable[[str], None]) -> Published:
    """Publish what the archive holds now, and freeze the wanted years."""
    return publish(data, Edition(request.edition), today, snapshots=request.snapshots, on_step=on_step)


def nothing_came(taken: list[Taken], edition: str) -> None:
    """A live refresh that reached no publisher at all is no refresh. Raises NoSource."""
    if edition == "live" and taken and all(one.outcome == "missing" for one in taken):
        raise NoSource(
            "edition live: none of the publishers could be reached; without internet use the bundled sample "
            "(`--edition sample`) or a folder with the publishers' files (`--edition mirror --from FOLDER`)."
        )


def keep_report(report: Report, data: DataDirectory) -> None:
    """Keep what the refresh did, for `sectorakkoord status` and for machines."""
    write_json(data.releases / "last_refresh.json", report.as_json())


def last_report(data: DataDirectory) -> dict[str, Any] | None:
    """The JSON of the last refresh, if there was one."""
    path = data.releases / "last_refresh.json"
    return json.loads(path.read_text()) if path.exists() else None


def refresh(
    request: Request, settings: Settings, today: date, on_step: Callable[[str], None] = lambda step: None
) -> Report:
    """A whole refresh in this process, without Prefect."""
    data = DataDirectory(settings.data)
    found, unclaimed = offer(request, data, today)
    with Door(settings) as door:
        taken = []
        for one in found:
            on_step(one.label)
            taken.append(take(one, data, door))
    nothing_came(taken, request.edition)
    published = publish_all(request, data, today, on_step)
    report = Report(request.edition, taken, unclaimed, published)
    keep_report(report, data)
    return report
