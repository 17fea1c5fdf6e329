"""Refresh without any scheduler: offer, fetch, examine, archive, publish. The Prefect flow runs these same steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from flows.http.client import HttpClient
from flows.http.errors import NoSource
from flows.ingest import EDITIONS
from flows.ingest.editions import OfferedFile, folder_files, is_synthetic, own_file
from flows.ingest.gate import IngestResult
from flows.ingest.ingest_file import ingest, sweep
from flows.ingest.live import live_files
from flows.ingest.reach import OFFLINE, mirror_is_synthetic
from flows.settings import Settings, load_settings
from warehouse.archive.edition import Edition
from warehouse.progress import ProgressCallback, no_progress
from warehouse.release.current_release import published_release
from warehouse.release.data_directory import DataDirectory
from warehouse.release.feed import FEED, write_feed
from warehouse.release.last_run import keep_report
from warehouse.release.printed_figures import watched
from warehouse.release.publish import Published, publish
from warehouse.release.published_file import ReleaseDamaged
from warehouse.release.release_record import last_recorded
from warehouse.report import is_current, write_report
from warehouse.sample import FILES as SAMPLE_FILES


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
    site: bool = True
    """Write the report's pages where they are older than the release."""
    file: Path | None = None
    """Ingest this one file of one's own, and nothing else."""


@dataclass(frozen=True)
class Report:
    """What a refresh did."""

    edition: str
    ingested: list[IngestResult]
    unclaimed: list[str]
    published: Published
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall-clock time per step."""
    watched: dict[str, Any] = field(default_factory=dict)
    """What became of the figures on the watch list (see `warehouse.release.printed_figures.watched`)."""

    @property
    def taken(self) -> list[IngestResult]:
        """What became of each file: one that the build could not use is refused after all."""
        held = {one.sha256: one for one in self.published.held_back}
        taken = [
            replace(one, outcome="refused", reason=held.pop(one.sha256).reason) if one.sha256 in held else one
            for one in self.ingested
        ]
        return taken + [
            IngestResult(one.dataset_id, one.file_name, one.url, "refused", one.reason, one.sha256)
            for one in held.values()
        ]

    def count(self, outcome: str) -> int:
        """How many files had this outcome."""
        return sum(taken.outcome == outcome for taken in self.taken)

    @property
    def refused(self) -> list[IngestResult]:
        """Files that were refused, or that could not be downloaded."""
        return [taken for taken in self.taken if taken.outcome in ("refused", "missing")]

    def changes(self) -> dict[str, int]:
        """What changed at the publishers: files per kind, cells changed in revised files, bytes that travelled.

        `absent` are addresses that never had a file: the declarations hold guesses and names of other years.
        """
        kinds = {"unchanged": "known"} | {
            kind: kind for kind in ("new", "revised", "vanished", "refused", "missing", "absent")
        }
        return {word: self.count(outcome) for word, outcome in kinds.items()} | {
            "cells_changed": sum(taken.cells_changed for taken in self.taken),
            "rows_added": sum(taken.rows_added for taken in self.taken),
            "rows_removed": sum(taken.rows_removed for taken in self.taken),
            "bytes_transferred": sum(taken.transferred for taken in self.taken),
        }

    def lines(self) -> dict[str, int]:
        """Data lines of the files of this refresh: read, typed into rows, quarantined."""
        read, quarantined = (
            sum(getattr(one, name) for one in self.taken) for name in ("data_lines", "quarantined_lines")
        )
        return {"read": read, "typed": read - quarantined, "quarantined": quarantined}

    def as_json(self) -> dict[str, Any]:
        """For machines; also kept as `releases/last_refresh.json`."""
        release = self.published.release
        kinds = ("added", "revised", "relabelled", "removed")
        return {
            "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "asked_edition": self.edition,
            "edition": release.edition,
            "changes": self.changes(),
            "lines": self.lines(),
            "seconds": {step: round(elapsed, 2) for step, elapsed in self.seconds.items()},
            "files": [taken.as_json() for taken in self.taken],
            "unclaimed": self.unclaimed,
            "published": self.published.new,
            "release_id": release.release_id,
            "version": release.version,
            "content_hash": release.content_hash,
            "values": {kind: getattr(release, kind) if self.published.new else 0 for kind in kinds},
            "snapshots": [
                {"snapshot_id": snapshot.snapshot_id, "new": new} for snapshot, new in self.published.snapshots
            ],
            "watched": self.watched,
        }


def edition_in(data: DataDirectory) -> str | None:
    """The edition published in a data directory; None where nothing is published yet."""
    try:
        release = published_release(data.published)
    except ReleaseDamaged:
        release = last_recorded(data.releases)
    return release.edition if release else None


def edition_to_schedule(data: DataDirectory, asked: str | None) -> str:
    """The edition that runs of a schedule refresh: the published one, or the one asked for where there is none yet.

    Made-up data is published by schedule only when it is asked for. Raises NoSource.
    """
    published = edition_in(data)
    if published is None and asked is None:
        raise NoSource(
            f"{data.root}: expected a published edition to refresh by schedule, found none; say which one: "
            "`sectorakkoord schedule --edition live`, or set SECTORAKKOORD_EDITION."
        )
    if published and asked and published != asked:
        raise NoSource(
            f"{data.root}: expected the {asked} edition that the schedule was asked for, found the {published} edition published; "
            f"run `sectorakkoord refresh --edition {asked}` once, or give the {asked} edition a data directory of its own."
        )
    if published == "sample" and asked is None:
        raise NoSource(
            f"{data.root}: expected real data to refresh by schedule, found the sample edition, whose schools are made up; "
            "run `sectorakkoord refresh --edition live` once, or say `sectorakkoord schedule --edition sample`."
        )
    return published or str(asked)


@contextmanager
def timed(step: str, seconds: dict[str, float]) -> Iterator[None]:
    """Note how long a step took."""
    started = perf_counter()
    yield
    seconds[step] = perf_counter() - started


def offer(
    request: Request, data: DataDirectory, today: date, settings: Settings | None = None
) -> tuple[list[OfferedFile], list[str]]:
    """The files of the edition, and names that no dataset claims. Sweeps what killed runs left. Raises NoSource."""
    if request.file:
        return own_file(request.file, request.edition, today), []
    if not request.fetch:
        return [], []
    sweep(data)
    if request.edition == "sample":
        offered, unclaimed = folder_files(SAMPLE_FILES, "sample", today)
    elif request.edition == "mirror":
        if request.folder is None:
            raise NoSource("edition mirror: give the folder with the publishers' files: --from FOLDER.")
        offered, unclaimed = folder_files(request.folder, "mirror", today)
    elif request.edition == "live":
        offered, unclaimed = live_files(settings_for(data, settings), data.archive, today, request.publisher)
    else:
        raise NoSource(f"edition {request.edition}: expected one of {', '.join(EDITIONS)}.")
    if request.publisher:
        offered = [one for one in offered if one.dataset.publisher.id == request.publisher]
    return offered, unclaimed


def settings_for(data: DataDirectory, settings: Settings | None) -> Settings:
    """The settings given, or those in force for this data directory."""
    return settings or load_settings(data=data.root)


def edition_to_publish(request: Request, data: DataDirectory, settings: Settings | None = None) -> Edition:
    """The edition asked for; the sample one where a mirror or a folder says that its files are made up."""
    played = request.fetch and (
        (request.edition == "live" and mirror_is_synthetic(settings_for(data, settings)))
        or (request.edition == "mirror" and request.folder is not None and is_synthetic(request.folder))
    )
    return Edition("sample" if played else request.edition)


def publish_all(
    request: Request,
    data: DataDirectory,
    today: date,
    progress: ProgressCallback,
    settings: Settings | None = None,
) -> Published:
    """Publish what the archive holds now, and freeze the wanted years."""
    edition = edition_to_publish(request, data, settings)
    memory_limit = settings_for(data, settings).memory_limit
    return publish(data, edition, today, snapshots=request.snapshots, progress=progress, memory_limit=memory_limit)


def watch_list(data: DataDirectory) -> dict[str, Any]:
    """What the release in place says of the figures on the watch list."""
    with data.published.open() as con:
        return watched(con, data.root)


def write_site(request: Request, data: DataDirectory) -> None:
    """Write the report's pages where they are missing or of another release (a run may have been killed in between).

    By now the release is in place and recorded: a fault here is only the site's.
    """
    site = data.root / "report"
    if request.site:
        with data.published.open() as con:
            if not is_current(con, site):
                write_report(con, site, cache=data.cache)
                write_feed(data.releases, site / FEED)


def nothing_came(taken: list[IngestResult], edition: str) -> None:
    """A live refresh that reached no publisher at all is no refresh. Raises NoSource."""
    if edition == "live" and taken and all(one.outcome == "missing" for one in taken):
        raise NoSource(OFFLINE)


def refresh(request: Request, settings: Settings, today: date, progress: ProgressCallback = no_progress) -> Report:
    """A whole refresh in this process, without Prefect."""
    data = settings.directory
    report = ingest_and_publish(request, settings, data, today, progress)
    report = replace(report, watched=watch_list(data))
    keep_report(report.as_json(), data.releases)
    progress("report")
    with timed("report", report.seconds):
        write_site(request, data)
    return report


def ingest_and_publish(
    request: Request, settings: Settings, data: DataDirectory, today: date, progress: ProgressCallback
) -> Report:
    """The steps of a refresh that make a release."""
    seconds = dict[str, float]()
    with timed("ingest", seconds), HttpClient(settings) as client:
        offered, unclaimed = offer(request, data, today, settings)
        taken = []
        for at, one in enumerate(offered, 1):
            progress(one.label, at, len(offered))
            taken.append(ingest(one, data, client))
    nothing_came(taken, request.edition)
    with timed("publish", seconds):
        published = publish_all(request, data, today, progress, settings)
    return Report(request.edition, taken, unclaimed, published, seconds)
