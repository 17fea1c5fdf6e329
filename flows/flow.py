"""The refresh as a Prefect flow: a task per file, named for what it fetches, and one task that publishes.

The steps are those of `flows.refresh`; here they get retries, names, a table of what changed and a place in a schedule.
"""

from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow, task, unmapped
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import exponential_backoff

from flows import refresh as steps
from flows.door import Door
from flows.editions import Found
from flows.settings import Settings, load_settings
from warehouse.gate import Taken
from warehouse.paths import DataDirectory
from warehouse.publish import Busy, Published


def may_heal(task: Any, task_run: Any, state: Any) -> bool:
    """Try again only what can heal: the machine's own I/O and a busy lock. Publishers' faults are retried at the door."""
    try:
        state.result()
    except (OSError, Busy):
        return True
    except Exception:
        return False
    return False


@task(
    task_run_name="take {found.label}",
    retries=2,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    retry_jitter_factor=0.5,
    retry_condition_fn=may_heal,
    cache_policy=NO_CACHE,
)
def take_file(found: Found, settings: Settings) -> Taken:
    """Fetch one publisher's file, examine it and archive it (or keep it aside with the reason)."""
    with Door(settings) as door:
        return steps.take(found, DataDirectory(settings.data), door)


@task(
    task_run_name="publish {request.edition}",
    retries=2,
    retry_delay_seconds=exponential_backoff(backoff_factor=5),
    retry_jitter_factor=0.5,
    retry_condition_fn=may_heal,
    cache_policy=NO_CACHE,
)
def publish_release(request: steps.Request, settings: Settings, today: date) -> Published:
    """Build aside, audit, freeze, compare, swap."""
    return steps.publish_all(request, DataDirectory(settings.data), today, lambda step: None)


@flow(name="refresh", flow_run_name="refresh-{edition}", task_runner=ThreadPoolTaskRunner(max_workers=2))
def refresh(
    edition: str = "sample",
    folder: Path | None = None,
    publisher: str | None = None,
    fetch: bool = True,
    snapshot_years: list[int] | None = None,
    data: Path | None = None,
    as_of: date | None = None,
) -> dict[str, Any]:
    """Take in what an edition offers, publish a release if anything changed, and freeze the wanted years.

    Args:
        edition: sample (bundled, school level synthetic), mirror (a folder of publishers' files) or live.
        folder: for the mirror edition, the folder laid out as host/path.
        publisher: only the files of this publisher (duo, cbs, inspectie).
        fetch: false takes nothing in and freezes what is archived.
        snapshot_years: years to freeze after publishing.
        data: the data directory (default: the setting SECTORAKKOORD_DATA).
        as_of: freeze the years as known on this day instead of their 31 December.

    Returns the report that is also kept as releases/last_refresh.json.
    """
    settings = load_settings(**({"data": data} if data else {}))
    today = date.today()
    request = steps.Request(edition, folder, publisher, fetch, dict.fromkeys(snapshot_years or [], as_of))
    directory = DataDirectory(settings.data)
    found, unclaimed = steps.offer(request, directory, today)
    taken = take_file.map(found, settings=unmapped(settings)).result()
    steps.nothing_came(taken, edition)
    published = publish_release(request, settings, today)
    report = steps.Report(edition, taken, unclaimed, published)
    steps.keep_report(report, directory)
    leave_artifacts(report, directory)
    return report.as_json()


def leave_artifacts(report: steps.Report, data: DataDirectory) -> None:
    """What changed, where people who watch runs look for it."""
    create_table_artifact(
        key="refresh-files",
        description=f"Files offered by the {report.edition} edition, and what became of them",
        table=[
            {
                "dataset": taken.dataset_id,
                "file": taken.file_name,
                "outcome": taken.outcome,
                "data lines": taken.data_lines,
                "quarantined": taken.quarantined_lines,
                "reason": taken.reason,
            }
            for taken in report.taken
        ],
    )
    release = report.published.release
    notes = data.releases / release.release_id / "changes.md"
    if report.published.new and notes.exists():
        create_markdown_artifact(
            key="release-notes", markdown=notes.read_text(), description="What this release changed"
        )
