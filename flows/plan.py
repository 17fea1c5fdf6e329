"""Look before you publish: a refresh in a data directory aside, which is gone afterwards. It publishes nothing."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from flows.refresh import Report, Request, ingest_and_publish
from flows.settings import Settings
from warehouse.archive.fetch_state import FetchLog
from warehouse.archive.store import Archive
from warehouse.database import connect
from warehouse.files import part_of, write_bytes
from warehouse.progress import ProgressCallback, no_progress
from warehouse.release.data_directory import DataDirectory
from warehouse.release.planned import PlannedStore, would_change
from warehouse.release.printed_figures import watched


@dataclass(frozen=True)
class Plan:
    """What a refresh would do: its report, and what would change (see `would_change`)."""

    report: Report
    changes: dict[str, list[dict[str, Any]]]

    @property
    def would_change(self) -> bool:
        """Would there be a release or a snapshot that is not there now?"""
        return self.report.published.new

    def as_json(self) -> dict[str, Any]:
        """The report of the refresh, without what only a release has, and the changes."""
        report = self.report.as_json()
        for name in ("finished_at", "seconds", "published", "release_id"):
            del report[name]
        report["snapshots"] = [
            {"snapshot_id": made.snapshot_id, "new": new, "reason": made.reason, "changes": made.changes}
            for made, new in self.report.published.snapshots
        ]
        return {"would_change": self.would_change, **report, **self.changes}


def plan(request: Request, settings: Settings, today: date, progress: ProgressCallback = no_progress) -> Plan:
    """What `refresh` with this request would do now. Raises what it would raise.

    Of the data directory nothing changes but that the archive has the bytes that were downloaded: the next refresh
    need not download them again, and archives them then.
    """
    data = settings.directory
    with directory_aside(data) as (aside, store):
        here = settings.model_copy(update={"data": aside.root})
        try:
            report = ingest_and_publish(request, here, aside, today, progress)
        finally:
            keep_downloads(aside.archive, data.archive)
        progress("what would change")
        with connect(store.planned, read_only=True) if store.planned.exists() else store.open() as con:
            report = replace(report, watched=watched(con, data.root))
        return Plan(report, would_change(store))


@contextmanager
def directory_aside(data: DataDirectory) -> Iterator[tuple[DataDirectory, PlannedStore]]:
    """A data directory that starts as `data` is, and where publishing puts a build beside it.

    Its files are links: every file is written by a rename, so that one written here is another than that of `data`.
    """
    root = part_of(data.root / "plan")
    try:
        root.mkdir(parents=True)
        for folder in (data.archive, data.cache, data.releases):
            if folder.exists():
                unfinished = shutil.ignore_patterns(".*.part")
                shutil.copytree(folder, root / folder.name, copy_function=link_file, ignore=unfinished)
        store = PlannedStore(data.published, root / "planned.duckdb")
        yield DataDirectory(root, store), store
    finally:
        shutil.rmtree(root, ignore_errors=True)


def link_file(source: str, target: str) -> None:
    """Link a file, or copy it where the file system has no links. One that is gone meanwhile is left out."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        pass
    except OSError:
        shutil.copy2(source, target)


def keep_downloads(aside: Path, archive: Path) -> None:
    """Keep the bytes that were downloaded, and the state that says so; nothing that was decided about them."""
    made, log = Archive(aside), FetchLog(archive)
    for state in FetchLog(aside).states():
        content = made.held(state.sha256)
        if content and not state.gone_on:
            target = archive / content.relative_to(aside)
            if not target.exists():
                write_bytes(target, content.read_bytes())
            log.keep(state)
