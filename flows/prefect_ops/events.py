"""Alerts of a run besides its outcome: refused files, large revisions, overdue files, a yearly snapshot that was not made.

Functions from a report to alerts; `flows.prefect_flows` emits them as events, `flows.prefect_ops.automations` has them delivered.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from warehouse.archive.edition import Edition
from warehouse.release.calendar import calendar_on, overdue_sentence
from warehouse.release.data_directory import DataDirectory
from warehouse.release.printed_figures import moved_sentence
from warehouse.release.snapshots import read_snapshots, snapshots_folder
from warehouse.release.stores import ReleaseStore

FILE_EVENTS = {outcome: f"sectorakkoord.file.{outcome}" for outcome in ("refused", "missing", "vanished")}
REVISED, SNAPSHOT_MISSED = "sectorakkoord.values.revised", "sectorakkoord.snapshot.missed"
OVERDUE, MOVED = "sectorakkoord.dataset.overdue", "sectorakkoord.figures.moved"

SNAPSHOT_DUE = (12, 1)
"""Month and day by which the snapshot of a year must be there: the cron of `flows/prefect.yaml` makes it on 28 November."""

LARGE_REVISIONS = """
SELECT indicator_id, entity_level, entity_id, period_label, breakdown, value_before, value_after,
       count(*) OVER () AS many
FROM meta.release_change
WHERE kind = 'revised' AND abs(value_after - value_before) > $tolerance * abs(value_before)
ORDER BY entity_level <> 'national', abs(value_after - value_before) DESC,
         indicator_id, entity_level, entity_id, period_label, breakdown
LIMIT 1"""


@dataclass(frozen=True)
class Alert:
    """An event that somebody should look at: its name, what it is about, one sentence for people."""

    event: str
    about: str
    sentence: str

    @property
    def resource(self) -> dict[str, str]:
        """What the event is about, as a resource of Prefect."""
        return {"prefect.resource.id": f"sectorakkoord.{self.about}", "prefect.resource.name": self.about}


def alerts_of(report: dict[str, Any], data: DataDirectory, tolerance: float, today: date) -> list[Alert]:
    """All alerts of a run, from its report (see `Report.as_json`) and the releases and snapshots that exist."""
    alerts = file_alerts(report["files"])
    if report["published"] and report["values"]["revised"]:
        alerts += revision_alerts(data.published, report["release_id"], tolerance)
    if report["published"]:
        alerts += watch_alerts(report["watched"])
    if report["edition"] == "live":
        alerts += overdue_alerts(data.published, today)
    return alerts + snapshot_alerts(data, Edition(report["edition"]), today)


def file_alerts(files: list[dict[str, Any]]) -> list[Alert]:
    """One alert per file that was refused, could not be downloaded or is no longer offered."""
    return [
        Alert(FILE_EVENTS[taken["outcome"]], f"file.{taken['dataset_id']}.{taken['file_name']}", taken["reason"])
        for taken in files
        if taken["outcome"] in FILE_EVENTS
    ]


def revision_alerts(store: ReleaseStore, release_id: str, tolerance: float) -> list[Alert]:
    """One alert if the release changed any known value by more than the tolerance."""
    with store.open() as con:
        row = con.execute(LARGE_REVISIONS, {"tolerance": tolerance}).fetchone()
    if row is None:
        return []
    indicator, level, entity, label, breakdown, before, after, many = row
    sentence = (
        f"release {release_id}: {many} values were revised by more than {tolerance:.0%}; the first to look at is "
        f"{indicator}, {level} {entity}, {label}, {breakdown}: {before:g} became {after:g}; "
        f"all are in releases/{release_id}/changes.md and in meta.release_change."
    )
    return [Alert(REVISED, f"release.{release_id}", sentence)]


def watch_alerts(watched: dict[str, Any]) -> list[Alert]:
    """One alert where figures of the watch list do not hold in a new release, or the list cannot be read."""
    moved = watched["moved"]
    if not moved and not watched["fault"]:
        return []
    said = (
        f"{len(moved)} of {watched['figures']} watched figures do not hold now; the first: {moved_sentence(moved[0])}"
        if moved
        else ""
    )
    return [Alert(MOVED, "watch", said or watched["fault"])]


def overdue_alerts(store: ReleaseStore, today: date) -> list[Alert]:
    """One alert per dataset of which the next file should have come."""
    with store.open() as con:
        late = [row for row in calendar_on(con, today).values() if row["state"] == "overdue"]
    return [Alert(OVERDUE, f"dataset.{row['dataset_id']}", overdue_sentence(row)) for row in late]


def snapshot_alerts(data: DataDirectory, edition: Edition, today: date) -> list[Alert]:
    """One alert if the last yearly snapshot that was due since the first release is not there."""
    year = last_due_year(today)
    began = first_published(data.releases)
    if edition.synthetic or began is None or began >= date(year, *SNAPSHOT_DUE):
        return []
    if any(snapshot.year == year for snapshot, _ in read_snapshots(snapshots_folder(data.archive, edition))):
        return []
    sentence = (
        f"snapshot {year}: it was due before {date(year, *SNAPSHOT_DUE)} and there is none; look why the deployment "
        f"snapshot/yearly did not run, and make it with `sectorakkoord snapshot {year}`."
    )
    return [Alert(SNAPSHOT_MISSED, f"snapshot.{year}", sentence)]


def last_due_year(today: date) -> int:
    """The last year whose snapshot must be there today."""
    return today.year if (today.month, today.day) >= SNAPSHOT_DUE else today.year - 1


def first_published(releases: Path) -> date | None:
    """The day of the first release of this data directory: nothing was due before it."""
    days = [
        datetime.fromisoformat(json.loads(path.read_text())["published_at"]).date()
        for path in releases.glob("*/release.json")
    ]
    return min(days, default=None)
