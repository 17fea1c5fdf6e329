"""The steps of `flows.refresh` as Prefect flows: retries, names, artifacts, events and a place in a schedule.

A task per publisher's file, one that publishes, one that writes the report. Expected faults end a run FAILED with their
one sentence. `flows/prefect.yaml` says when each flow runs.
"""

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

from prefect import flow, get_run_logger, task, unmapped
from prefect.assets import Asset, AssetProperties, materialize
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext
from prefect.events import emit_event
from prefect.runtime import flow_run
from prefect.tasks import exponential_backoff
from pydantic import Field, SecretStr

from flows import refresh as steps
from flows.exit_codes import UNEXPECTED, exit_code
from flows.http.run_client import client_for
from flows.ingest import PUBLISHERS
from flows.ingest.discover import discover as look_for_new_files
from flows.ingest.editions import OfferedFile
from flows.ingest.gate import IngestResult
from flows.ingest.ingest_file import ingest
from flows.prefect_ops.artifacts import create_artifacts, link_to_report
from flows.prefect_ops.events import alerts_of
from flows.prefect_ops.publish_slot import publish_slot
from flows.prefect_ops.run_logs import shorten_expected_faults
from flows.prefect_ops.schedule_settings import load_schedule_settings
from flows.prefect_ops.session import progress
from flows.prefect_ops.task_runners import task_runner_for, worker_processes
from flows.settings import Settings, load_settings
from warehouse.database import scalar
from warehouse.exports.export import export_snapshot
from warehouse.release.data_directory import DataDirectory
from warehouse.release.ducklake_store import LakeUnavailable
from warehouse.release.last_run import keep_report
from warehouse.release.publish import Busy, Published
from warehouse.release.snapshots import SnapshotError
from warehouse.report.evaluation import write_evaluation

shorten_expected_faults(lambda fault: exit_code(fault) != UNEXPECTED)

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


def is_transient(task: Any, task_run: Any, state: Any) -> bool:
    """Whether another attempt may succeed: own I/O, a busy lock, a lake that is away. HttpClient retries its requests itself."""
    return isinstance(state.result(raise_on_failure=False), (OSError, Busy, LakeUnavailable))


RETRY_OPTIONS: dict[str, Any] = {
    "retries": 2,
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": is_transient,
    "cache_policy": NO_CACHE,
}
"""Options of every task with transient faults; each sets its own delay."""


@task(
    task_run_name="ingest {offered.label}", retry_delay_seconds=exponential_backoff(backoff_factor=2), **RETRY_OPTIONS
)
def ingest_file(offered: OfferedFile, run: str, settings: Settings, processes: int) -> IngestResult:
    """Fetch, parse and archive one publisher's file, or refuse it with the reason, in any process on any machine."""
    return ingest(offered, DataDirectory(settings.data), client_for(run, settings, processes))


@materialize(
    INDICATORS,
    SNAPSHOTS,
    task_run_name="publish {request.edition}",
    retry_delay_seconds=exponential_backoff(backoff_factor=5),
    **RETRY_OPTIONS,
)
def publish_release(request: steps.Request, data: Path, today: date) -> Published:
    """Build, audit, freeze the wanted years, compare with the last release, replace it."""
    settings = settings_for(data)
    with publish_slot():
        return steps.publish_all(request, settings.directory, today, progress.get(), settings)


@task(task_run_name="write the report", cache_policy=NO_CACHE)
def write_site(request: steps.Request, data: Path) -> None:
    """Write the report's pages where they are older than the release."""
    steps.write_site(request, settings_for(data).directory)


def ingest_all(offered: list[OfferedFile], settings: Settings) -> list[IngestResult]:
    """A task per file, on the flow's task runner."""
    if not offered:
        return []
    context = FlowRunContext.get()
    assert context is not None, "within a flow"  # noqa: S101 - for mypy: within a flow
    futures = ingest_file.map(
        offered,
        run=str(flow_run.id),
        settings=unmapped(worker_settings(settings)),
        processes=worker_processes(context.task_runner),
    )
    results = []
    for at, (one, future) in enumerate(zip(offered, futures, strict=True), 1):
        progress.get()(one.label, at, len(offered))
        results.append(future.result())
    return results


def worker_settings(settings: Settings) -> Settings:
    """What a worker needs to ingest: an absolute path, and neither the address nor the key of the store for releases."""
    no_store = {"warehouse": None, "lake_data": "", "s3_endpoint": "", "s3_key_id": "", "s3_secret": SecretStr("")}
    return settings.model_copy(update={"data": settings.data.resolve(), **no_store})


def run_steps(request: steps.Request, settings: Settings) -> dict[str, Any]:
    """Ingest what is offered, publish, and record the outcome: report, artifacts, alerts, pages."""
    data, today, seconds = settings.directory, today_in_amsterdam(), dict[str, float]()
    with steps.timed("ingest", seconds):
        offered, unclaimed = steps.offer(request, data, today, settings)
        results = ingest_all(offered, settings)
    steps.nothing_came(results, request.edition)
    with steps.timed("publish", seconds):
        published = publish_release(request, settings.data, today)
    report = steps.Report(request.edition, results, unclaimed, published, seconds, steps.watch_list(data))
    keep_report(report.as_json(), data.releases)
    create_artifacts(report, data)
    emit_alerts(report, data, today)
    with steps.timed("report", seconds):
        write_site(request, settings.data)
    get_run_logger().info("refresh %s", json.dumps(summary(report.as_json()), ensure_ascii=False))
    link_to_report(data, load_schedule_settings().report_url)
    return report.as_json()


def summary(report: dict[str, Any]) -> dict[str, Any]:
    """What the log of a run says, on one line that a log store can take apart: the report without its list of files."""
    kept = ("edition", "changes", "lines", "values", "published", "release_id", "version", "snapshots", "seconds")
    return {name: report[name] for name in kept}


def run_name() -> str:
    """The flow's name and the parameters that distinguish its runs, such as refresh-live-duo."""
    given = flow_run.parameters
    which = [given.get(name) for name in ("edition", "publisher", "year", "first", "last")]
    return "-".join(str(part) for part in (flow_run.flow_name, *which) if part)


@flow(name="refresh", flow_run_name=run_name, timeout_seconds=7200)
def refresh(
    edition: EditionName | None = None,
    folder: Path | None = None,
    publisher: PublisherName | None = None,
    fetch: bool = True,
    snapshot_years: list[Year] | None = None,
    data: Path | None = None,
    as_of: date | None = None,
) -> dict[str, Any]:
    """Ingest what an edition offers, publish a release if anything changed, and freeze the wanted years.

    Args:
        edition: sample (bundled, school level synthetic), mirror (a folder of publishers' files) or live (the
            publishers themselves); by default the one that is published.
        folder: for the mirror edition, the folder laid out as host/path (default: the setting SECTORAKKOORD_MIRROR).
        publisher: only the files of this publisher, such as duo.
        fetch: false ingests nothing and freezes what is archived.
        snapshot_years: years to freeze after publishing.
        data: the data directory (default: the setting SECTORAKKOORD_DATA).
        as_of: freeze the years as known on this day instead of their 31 December.

    Returns the report that is also kept as releases/last_refresh.json.
    """
    settings = settings_for(data)
    chosen = edition or edition_of(settings)
    folder = folder or (settings.mirror if chosen == "mirror" else None)
    years: dict[int, date | None] = dict.fromkeys(snapshot_years or [], as_of)
    return run_steps(steps.Request(chosen, folder, publisher, fetch, years), settings)


refresh = refresh.with_options(task_runner=task_runner_for(load_settings()))
"""The task runner is a setting. A deployment's entrypoint must find it here; starting it waits for the first task."""


@flow(name="snapshot", flow_run_name=run_name, timeout_seconds=3600)
def snapshot(year: Year | None = None, as_of: date | None = None, data: Path | None = None) -> dict[str, Any]:
    """Freeze a year of the edition that is published, from what is archived; nothing is fetched for it.

    Args:
        year: the year to freeze (default: this year).
        as_of: freeze it as known on this day (default: today in the year itself, else its 31 December).
        data: the data directory (default: the setting SECTORAKKOORD_DATA).
    """
    settings = settings_for(data)
    years = {year or today_in_amsterdam().year: as_of}
    return run_steps(steps.Request(edition_of(settings), fetch=False, snapshots=years), settings)


@flow(name="backfill", flow_run_name=run_name, timeout_seconds=7200)
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
    return run_steps(steps.Request(edition_of(settings), fetch=False, snapshots=years), settings)


@flow(name="discover", flow_run_name=run_name, timeout_seconds=3600)
def discover(data: Path | None = None) -> dict[str, Any]:
    """Look at the publishers' pages and catalogue for files we do not know; the next live refresh fetches them.

    Args:
        data: the data directory (default: the setting SECTORAKKOORD_DATA).
    """
    return look_for_new_files(settings_for(data), today_in_amsterdam()).as_json()


@flow(name="evaluation", flow_run_name=run_name, timeout_seconds=3600)
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
        write_evaluation(con, day, folder, place.cache)
    return [str(path) for path in (folder, *exported.folders)]


def settings_for(data: Path | None) -> Settings:
    """The settings in force, for this data directory if one is given."""
    return load_settings(**({"data": data} if data else {}))


def edition_of(settings: Settings) -> str:
    """The edition that is published, or the one of the settings where nothing is. Raises NoSource."""
    return steps.edition_in(settings.directory) or steps.edition_to_schedule(settings.directory, settings.edition)


def today_in_amsterdam() -> date:
    """Today in the time zone of the publishers and the schedules."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()


def emit_alerts(report: steps.Report, data: DataDirectory, today: date) -> None:
    """Emit an event for everything that somebody should look at; automations deliver them."""
    tolerance = load_schedule_settings().revision_tolerance
    for alert in alerts_of(report.as_json(), data, tolerance, today):
        emit_event(event=alert.event, resource=alert.resource, payload={"sentence": alert.sentence})
