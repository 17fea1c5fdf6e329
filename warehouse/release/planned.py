"""A store that publishes nothing, and what its build would change of the release that is published."""

import os
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any

import duckdb

from warehouse.database import connect, records
from warehouse.release.changes import largest_changes
from warehouse.release.current_release import published_release
from warehouse.release.published_file import ReleaseDamaged
from warehouse.release.release_record import release_in
from warehouse.release.stores import LAST, ReleaseStore

MOST = 10_000
"""Changed figures and rejected rows that a plan names; more are only counted."""

FIGURES = """
SELECT indicator_id, method_version, entity_level, kind, count(*) AS figures FROM meta.release_change
GROUP BY ALL ORDER BY indicator_id, method_version, entity_level, kind"""
STATUSES = """
WITH pair AS (
    SELECT 'now' AS as_known, now, was FROM goals.status_now AS now JOIN {last}.goals.status_now AS was ON was.goal_id = now.goal_id
    UNION ALL
    SELECT snapshot_id, now, was FROM snapshot.snapshot AS made
    JOIN snapshot.goal_status AS now USING (snapshot_id)
    JOIN snapshot.goal_status AS was ON was.snapshot_id = made.year || '@' || made.previous_version AND was.goal_id = now.goal_id
    WHERE snapshot_id NOT IN (SELECT snapshot_id FROM {last}.snapshot.snapshot)
),
answer AS (
    SELECT as_known, now.goal_id, unnest([
        {{'answer': 'status', 'before': was.status, 'after': now.status}},
        {{'answer': 'value', 'before': was.last_year || ': ' || was.last_value, 'after': now.last_year || ': ' || now.last_value}},
        {{'answer': 'direction', 'before': was.evidence_direction, 'after': now.evidence_direction}}
    ], recursive := true)
    FROM pair
)
FROM answer WHERE before IS DISTINCT FROM after ORDER BY ALL"""
REJECTED = """
SELECT file_name, line, "column", "check", raw_value FROM meta.quarantine JOIN meta.source_file AS file USING (source_file_id)
WHERE sha256 NOT IN ({held}) ORDER BY ALL LIMIT {most}"""


class PlannedStore:
    """The release that is published, to compare with; a build is put into the file `planned` instead of in its place."""

    def __init__(self, published: ReleaseStore, planned: Path) -> None:
        self.published, self.planned = published, planned

    def __str__(self) -> str:
        return str(self.published)

    def open(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The published release."""
        return self.published.open()

    def attached(self, con: duckdb.DuckDBPyConnection) -> AbstractContextManager[None]:
        """The published release beside a build."""
        return self.published.attached(con)

    def read_from(self, con: duckdb.DuckDBPyConnection) -> list[str]:
        """What the published release reads."""
        return self.published.read_from(con)

    def build_folder(self, data: Path) -> Path:
        """The data directory of the plan."""
        return data

    def copy_to(self, aside: Path) -> bool:
        """Start from the published release."""
        return self.published.copy_to(aside)

    def put(self, aside: Path, previous_release_id: str | None) -> None:
        """Keep the build for `would_change`."""
        os.replace(aside, self.planned)


def would_change(store: PlannedStore) -> dict[str, list[dict[str, Any]]]:
    """What the build in `store.planned` changes: figures (counted), largest (the first `MOST`), statuses, rejected_rows.

    Nothing where no build was put there. Figures and statuses are compared within one edition.
    """
    found: dict[str, list[dict[str, Any]]] = {"figures": [], "largest": [], "statuses": [], "rejected_rows": []}
    if not store.planned.exists():
        return found
    last = None
    with suppress(ReleaseDamaged):  # Nothing to compare with: the publish said so.
        last = published_release(store)
    with connect(store.planned, read_only=True) as con, store.attached(con) if last else nullcontext():
        held = f"SELECT sha256 FROM {LAST}.meta.source_file" if last else "''"  # noqa: S608 - names of ours
        found["rejected_rows"] = records(con, REJECTED.format(held=held, most=MOST))
        if last and last.edition == release_in(con).edition:
            found["figures"] = records(con, FIGURES)
            found["largest"] = largest_changes(con, "meta.release_change", MOST)
            found["statuses"] = records(con, STATUSES.format(last=LAST))
    return found
