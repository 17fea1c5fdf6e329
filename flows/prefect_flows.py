"""The steps of `flows.refresh` as Prefect flows: retries, names, artifacts, events and a place in a schedule.

A task per publisher's file and one task that publishes; no subflows, each would cost a second. Expected faults end a
run FAILED with their one sentence. `prefect.yaml` says when each flow runs.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast
from zoneinfo import ZoneInfo

from prefect import Task, flow, task, unmapped
from prefect.assets import Asset, AssetProperties, materialize
from prefect.cache_policies import NO_CACHE
from prefect.concurrency.sync import concurrency
from prefect.events import emit_event
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run
from prefect.settings import get_current_settings
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import exponential_backoff
from pydantic import Field

from flows import refresh as steps
from flows.http.run_client import client_for
from flows.ingest import PUBLISHERS
from flows.ingest.discover import discover as look_for_new_files
from flows.ingest.editions import OfferedFile
from flows.ingest.gate import IngestResult
from flows.ingest.ingest_file import ingest
from flows.prefect_ops import session
from flows.prefect_ops.artifacts import leave_artifacts, link_to_report
from flows.prefect_ops.events import alerts_of
from flows.prefect_ops.schedule_settings import load_schedule_settings
from flows.prefect_ops.task_runners import runner_of
from flows.prefect_ops.temporary_server import ALONE
from flows.settings import Settings, load_settings
from schemas.datasets import datasets
from warehouse.database import scalar
from warehouse.exports import export_snapshot
from warehouse.exports.evaluation import write_evaluation
from warehouse.progress import ProgressCallback, no_progress
from warehouse.release.data_directory import DataDirectory
from warehouse.release.ducklake_store import LakeUnavailable
from warehouse.release.last_run import keep_report
from warehouse.release.publish import Busy, Published
from warehouse.release.snapshots import SnapshotError

session.expected_faults_in_one_sentence()

PUBLISHING = "sectorakkoord-publishing"
"""The limit of one on the server under which runs publish one after another; `make schedule` makes it."""
LEASE_S = 60
"""A run that died while it published gives its place back after this long."""
TIMEOUT_S = 3600
"""A run waits no longer than this for its turn to publish."""

EditionName = Literal["sample", "mirror", "live"]
if TYPE_CHECKING:
    PublisherName = str
else:
    PublisherName = Literal[PUBLISHERS]
Year = Annotated[int, Field(ge=2000, le=2100, description="a calendar year such as 2020")]

INDICATORS, SNAPSHOTS = (
    Asset(key=f"sectorakkoord://{name}", properties=AssetProperties(name=name, description=what))
    for name, what in (
        ("indicators", "goals.observation of the published warehouse"),
        ("snapshots", "the frozen years in archive/snapshots"),
    )
)
DATASETS: list[Asset | str] = [f"sectorakkoord://dataset/{name}" for name in datasets()]


def is_transient(task: Any, task_run: Any, state: Any) -> bool:
    """Try again only what can heal: our own I/O, a busy lock, a lake that is away. The door retries publishers' faults."""
    return isinstance(state.result(raise_on_failure=False), (OSError, Busy, LakeUnavailable))


@contextmanager
def publish_slot() -> Iterator[None]:
    """On a server that runs share one publishes at a time; else the lock of the data directory does that alone.

    The lock stays the guard in both cases, so a server that dies meanwhile does not end what is nearly done.
    """
    if get_current_settings().api.url is None or ALONE in os.environ:
        yield
        return
    with concurrency(
        PUBLISHING,
        timeout_seconds=TIMEOUT_S,
        lease_duration=LEASE_S,
        strict=True,
        raise_on_lease_renewal_failure=False,
    ):
        yield


RETRY_OPTIONS: dict[str, Any] = {
    "retries": 2,
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": is_transient,
    "cache_policy": NO_CACHE,
}
"""How every task that may heal is tried again; how long it waits is its own."""


progress: ProgressCallback = no_progress
"""Who looks on: the command line, when it runs a flow in its own process."""


@task(
    task_run_name="ingest {offered.label}", retry_delay_seconds=exponential_backoff(backoff_factor=2), **RETRY_OPTIONS
)
def take_file(offered: OfferedFile, run: str, settings: Settings, processes: int) -> IngestResult:
    """Fetch one publisher's file, examine it and archive it (or keep it aside with the reason), in whatever process."""
    return ingest(offered, DataDirectory(settings.data), client_for(run, settings, processes))


@materialize(
    INDICATORS,
    SNAPSHOTS,
    asset_deps=DATASETS,
    task_run_name="publish {request.edition}",
    retry_delay_seconds=exponential_backoff(backoff_factor=5),
    **RETRY_OPTIONS,
)
def publish_release(request: steps.Request, settings: Settings, today: date) -> Published:
    """Build aside, audit, freeze, compare, swap."""
    with publish_slot():
        return steps.publish_all(request, settings.directory, today, progress, settings)


@task(task_run_name="write the report", cache_policy=NO_CACHE)
def write_site(request: steps.Request, data: DataDirectory) -> None:
    """Write the report's pages where they are older than the release."""
    steps.write_site(request, data)


def take_all(offered: list[OfferedFile], settings: Settings) -> list[IngestResult]:
    """A task per file, on threads or on Dask."""
    if not offered:
        return []
    # A worker of a cluster may have been started in another folder.
    settings = settings.model_copy(update={"data": settings.data.resolve()})
    with runner_of(settings) as (runner, processes):
        same = {"run": str(flow_run.id), "settings": unmapped(settings), "processes": processes}
        each: Task[..., Any] = take_file
        taken = []
        for at, (one, future) in enumerate(
            zip(offered, runner.map(each, {"offered": offered, **same}), strict=True), 1
        ):
            progress(one.label, at, len(offered))
            taken.append(future.result())
        return taken


def carry_out(request: steps.Request, settings: Settings) -> dict[str, Any]:
    """Take in what is offered, publish, and leave what people and machines want to see of it."""
    data, today = settings.directory, today_here()
    offered, unclaimed = steps.offer(request, data, today, settings)
    taken = take_all(offered, settings)
    steps.nothing_came(taken, request.edition)
    published = publish_release(request, settings, today)
    report = steps.Report(request.edition, taken, unclaimed, published)
    keep_report(report.as_json(), data.releases)
    leave_artifacts(report, data)
    tell(report, data, today)
    write_site(request, data)
    link_to_report(data, load_schedule_settings().report_url)
    return report.as_json()


def what_and_which() -> str:
    """A run's name: its flow, and of its parameters those that tell one run from another, such as refresh-live-duo."""
    given = flow_run.parameters
    which = [given.get(name) for name in ("edition", "publisher", "year", "first", "last")]
    return "-".join(str(part) for part in (flow_run.flow_name, *which) if part)


@flow(
    name="refresh",
    flow_run_name=what_and_which,
    task_runner=cast(TaskRunner[PrefectFuture[Any]], ThreadPoolTaskRunner(max_workers=2)),
    timeout_seconds=7200,
)
def refresh(
    edition: EditionName | None = None,
    folder: Path | None = None,
    publisher: PublisherName | None = None,
    fetch: bool = True,
    snapshot_years: list[Year] | None = None,
    data: Path | None = None,
    as_of: date | None = None,
) -> dict[str, Any]:
    """Take in what an edition offers, publish a release if anything changed, and freeze the wanted years.

    Args:
        edition: sample (bundled, school level synthetic), mirror (a folder of publishers' files) or live (the
            publishers themselves); by default the one that is published.
        folder: for the mirror edition, the folder laid out as host/path (default: the setting SECTORAKKOORD_MIRROR).
        publisher: only the files of this publisher, such as duo.
        fetch: false takes nothing in and freezes what is archived.
        snapshot_years: years to freeze after publishing.
        data: the data directory (default: the setting SECTORAKKOORD_DATA).
        as_of: freeze the years as known on this day instead of their 31 December.

    Returns the report that is also kept as releases/last_refresh.json.
    """
    settings = settings_for(data)
    chosen = edition or edition_of(settings)
    folder = folder or (settings.mirror if chosen == "mirror" else None)
    years: dict[int, date | None] = dict.fromkeys(snapshot_years or [], as_of)
    return carry_out(steps.Request(chosen, folder, publisher, fetch, years), settings)


@flow(name="snapshot", flow_run_name=what_and_which, timeout_seconds=3600)
def snapshot(year: Year | None = None, as_of: date | None = None, data: Path | None = None) -> dict[str, Any]:
    """Freeze a year of the edition that is published, from what is archived; nothing is fetched for it.

    Args:
        year: the year to freeze (default: this year).
        as_of: freeze it as known on this day (default: today in the year itself, else its 31 December).
        data: the data directory (default: the setting SECTORAKKOORD_DATA).
    """
    settings = settings_for(data)
    years = {year or today_here().year: as_of}
    return carry_out(steps.Request(edition_of(settings), fetch=False, snapshots=years), settings)


@flow(name="backfill", flow_run_name=what_and_which, timeout_seconds=7200)
def backfill(first: Year, last: Year, data: Path | None = None) -> dict[str, Any]:
    """Freeze a range of past years, each as known on its 31 December (retrospective).

    Args:
        first: the first year.
        last: the last year, not before the first.
        data: the data directory (default: the setting SECTORAKKOORD_DATA).
    """
    if last < first:
        raise SnapshotError(f"backfill: the last year {last} comes before the first {first}; give them in order.")
    settings = settings_for(data)
    years = dict.fromkeys(range(first, last + 1))
    return carry_out(steps.Request(edition_of(settings), fetch=False, snapshots=years), settings)


@flow(name="discover", flow_run_name=what_and_which, timeout_seconds=3600)
def discover(data: Path | None = None) -> dict[str, Any]:
    """Look at the publishers' pages and catalogue for files we do not know; the next live refresh fetches them.

    Args:
        data: the data directory (default: the setting SECTORAKKOORD_DATA).
    """
    return look_for_new_files(settings_for(data), today_here()).as_json()


@flow(name="evaluation", flow_run_name=what_and_which, timeout_seconds=3600)
def evaluation(year: Year, data: Path | None = None) -> list[str]:
    """Write what the evaluators of a year get: the evaluation's folder and the export of the year's snapshot.

    Args:
        year: the year of a snapshot that was made.
        data: the data directory (default: the setting SECTORAKKOORD_DATA).

    Returns the folders: releases/evaluation-YEAR and export/snapshot-YEAR/... in the data directory.
    """
    place = settings_for(data).directory
    with place.published.open() as con:
        exported = export_snapshot(con, place, place.root / "export", year)
        day = scalar(con, "SELECT as_of FROM snapshots WHERE year = $year AND is_latest", {"year": year})
        folder = place.releases / f"evaluation-{year}"
        write_evaluation(con, day, folder)
    return [str(path) for path in (folder, *exported.folders)]


def settings_for(data: Path | None) -> Settings:
    """The settings in force, for this data directory if one is given."""
    return load_settings(**({"data": data} if data else {}))


def edition_of(settings: Settings) -> str:
    """The edition that is published; the sample where nothing is."""
    return steps.edition_in(settings.directory)


def today_here() -> date:
    """Today where the publishers and the schedules are."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()


def tell(report: steps.Report, data: DataDirectory, today: date) -> None:
    """Emit an event for each thing that somebody should look at; automations deliver them."""
    tolerance = load_schedule_settings().revision_tolerance
    for alert in alerts_of(report.as_json(), data, tolerance, today):
        emit_event(event=alert.event, resource=alert.resource, payload={"sentence": alert.sentence})
