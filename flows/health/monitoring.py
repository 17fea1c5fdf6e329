"""The state of the warehouse for a monitoring system: ages and counts, as JSON or as Prometheus text. It opens no network."""

from collections import Counter
from datetime import datetime
from typing import Any

from flows.health.data_directory import UNREADABLE
from warehouse.release.calendar import calendar_on, overdue_sentence
from warehouse.release.current_release import published_release
from warehouse.release.data_directory import DataDirectory
from warehouse.release.last_run import last_failure, last_report

LEVELS = ("ok", "warning", "error")
SOURCES = """
SELECT dataset_id, dataset.publisher, count(sha256) AS vintages, max(known_from) AS last_known
FROM meta.dataset AS dataset LEFT JOIN meta.source_file AS file USING (dataset_id) GROUP BY ALL ORDER BY dataset_id"""


def state(data: DataDirectory, max_age_days: float, now: datetime) -> dict[str, Any]:
    """Level with reasons, release, last refresh, files per outcome, and per dataset how old its newest vintage is and when the next is due.

    Ages in seconds, of sources in days. Error: nothing is published or readable, the last build failed, or no refresh ended within
    `max_age_days`. Warning: files were refused or could not be downloaded; in the live edition, a dataset is overdue.
    """
    errors, warnings = [], []
    failure, report = last_failure(data.releases), last_report(data.releases)
    release, sources = None, []
    try:
        found = published_release(data.published)
        if found is None:
            errors.append("Nothing has been published yet; run `sectorakkoord refresh`.")
        else:
            with data.published.open() as con:
                calendar = calendar_on(con, now.date())
                sources = [source_state(row, now, calendar[row[0]]) for row in con.execute(SOURCES).fetchall()]
            if found.edition == "live":
                warnings += [overdue_sentence(one) for one in calendar.values() if one["state"] == "overdue"]
            age = (now - found.published_at).total_seconds()
            release = {
                "release_id": found.release_id,
                "version": found.version,
                "edition": found.edition,
                "age_s": round(age),
            }
    except UNREADABLE as fault:
        errors.append(
            f"The release cannot be read ({str(fault).splitlines()[0]}); `sectorakkoord doctor` says what to do."
        )
    if failure:
        errors.append(f"The build of {failure['failed_at']} failed: {failure['sentence']}")
    refresh = None
    if report:
        age = (now - datetime.fromisoformat(report["finished_at"])).total_seconds()
        refresh = {"finished_at": report["finished_at"], "age_s": round(age), "files": outcomes(report)}
        if age > max_age_days * 86400:
            errors.append(
                f"The last refresh ended {age / 86400:.0f} days ago, more than the {max_age_days:g} allowed; look at the schedule."
            )
        troubled = sum(refresh["files"][kind] for kind in ("refused", "missing"))
        if troubled:
            warnings.append(
                f"{troubled} files of the last refresh were refused or could not be downloaded; `sectorakkoord status` names them."
            )
    elif release:
        errors.append("No refresh is on record; run `sectorakkoord refresh`.")
    level = "error" if errors else "warning" if warnings else "ok"
    return {
        "level": level,
        "reasons": errors + warnings,
        "release": release,
        "last_refresh": refresh,
        "sources": sources,
    }


def outcomes(report: dict[str, Any]) -> dict[str, int]:
    """Files of a refresh per outcome."""
    counts = Counter(file["outcome"] for file in report["files"])
    return {kind: counts[kind] for kind in ("known", "new", "revised", "refused", "missing", "vanished", "absent")}


def source_state(row: tuple[Any, ...], now: datetime, due: dict[str, Any]) -> dict[str, Any]:
    """One dataset: its vintages, the age of the newest, and when the next one is due."""
    dataset_id, publisher, vintages, last_known = row
    age = (now.date() - last_known).days if last_known else None
    return {"dataset_id": dataset_id, "publisher": publisher, "vintages": vintages, "newest_age_days": age} | {
        name: due[name] for name in ("next_period", "due_on", "state")
    }


def as_prometheus(found: dict[str, Any]) -> str:
    """The same in the text format of Prometheus. What is not known has no sample."""
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()

    def gauge(name: str, meaning: str, samples: dict[Any, float], labels: tuple[str, ...] = ()) -> None:
        made = Gauge(f"sectorakkoord_{name}", meaning, labels, registry=registry)
        for values, number in samples.items():
            (made.labels(*values) if labels else made).set(number)

    gauge("health_level", "0 ok, 1 warning, 2 error", {(): LEVELS.index(found["level"])})
    if found["release"]:
        gauge("release_age_seconds", "Time since the release was published", {(): found["release"]["age_s"]})
    if found["last_refresh"]:
        gauge("refresh_age_seconds", "Time since the last refresh ended", {(): found["last_refresh"]["age_s"]})
        files = {(kind,): count for kind, count in found["last_refresh"]["files"].items()}
        gauge("refresh_files", "Files of the last refresh by outcome", files, ("outcome",))
    held = [one for one in found["sources"] if one["newest_age_days"] is not None]
    ages = {(one["dataset_id"], one["publisher"]): one["newest_age_days"] for one in held}
    gauge("source_age_days", "Age of the newest vintage of a dataset", ages, ("dataset", "publisher"))
    late = {
        (one["dataset_id"], one["publisher"]): one["state"] == "overdue" for one in found["sources"] if one["due_on"]
    }
    gauge("source_overdue", "1 where the next file of a dataset is overdue", late, ("dataset", "publisher"))
    return generate_latest(registry).decode()
