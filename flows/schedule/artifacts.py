"""What a run leaves for those who watch it: tables of files and of values, the release notes, a link to the report."""

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.refresh import Report
from warehouse.paths import DataDirectory


def leave_artifacts(report: Report, data: DataDirectory) -> None:
    """Everything there is to see of a refresh."""
    files_table(report)
    values_table(report)
    notes = data.releases / report.published.release.release_id / "changes.md"
    if report.published.new and notes.exists():
        create_markdown_artifact(
            key="release-notes", markdown=notes.read_text(), description="What this release changed"
        )
    page = (data.root / "report" / "index.html").resolve()
    if page.exists():
        create_link_artifact(key="report", link=page.as_uri(), link_text="Report", description="The report for readers")


def files_table(report: Report) -> None:
    """What became of each file that was offered: lines in, to core, to quarantine, cells revised."""
    create_table_artifact(
        key="refresh-files",
        description=f"Files offered by the {report.edition} edition, and what became of them",
        table=[
            {
                "dataset": taken.dataset_id,
                "file": taken.file_name,
                "outcome": taken.outcome,
                "lines in": taken.data_lines,
                "core": taken.data_lines - taken.quarantined_lines,
                "quarantined": taken.quarantined_lines,
                "cells revised": taken.cells_changed,
                "reason": taken.reason,
            }
            for taken in report.taken
        ],
    )


def values_table(report: Report) -> None:
    """How many values the release added, revised, relabelled and removed."""
    facts = report.as_json()
    create_table_artifact(
        key="release-values",
        description=f"Release {facts['release_id']}, version {facts['version']}: values changed",
        table=[facts["values"]],
    )
