"""What a run leaves for those who watch it: tables of files and of values, the release notes, a link to the report."""

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.refresh import Report
from warehouse.release.data_directory import DataDirectory


def create_artifacts(report: Report, data: DataDirectory) -> None:
    """Tables of files and values, and the release notes, as soon as the release is published."""
    files_table(report)
    values_table(report)
    notes = data.releases / report.published.release.release_id / "changes.md"
    if report.published.new and notes.exists():
        create_markdown_artifact(
            key="release-notes", markdown=notes.read_text(), description="What this release changed"
        )


def link_to_report(data: DataDirectory, served_at: str) -> None:
    """The report's address; that of the file where nobody serves it, which a browser opens when it is pasted."""
    file = (data.root / "report" / "index.html").resolve()
    link = f"{served_at.rstrip('/')}/index.html" if served_at else file.as_uri()
    create_link_artifact(key="report", link=link, link_text="Report", description=f"The report for readers: {file}")


def files_table(report: Report) -> None:
    """What became of each file that was offered: lines in, to core, to quarantine, cells revised."""
    create_table_artifact(
        key="refresh-files",
        description=f"Files offered by the {report.edition} edition, and what became of them",
        table=[
            {
                # Long names last: the page is narrow, and the figures are what it is for.
                "dataset": taken.dataset_id,
                "outcome": taken.outcome,
                "lines in": taken.data_lines,
                "core": taken.data_lines - taken.quarantined_lines,
                "quarantined": taken.quarantined_lines,
                "cells revised": taken.cells_changed,
                "file": taken.file_name,
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
