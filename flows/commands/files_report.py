"""What became of the files of a refresh, or would become of them, on the screen."""

from typing import Any

from flows.commands import output
from flows.ingest import NOT_ASKED


def print_files(report: dict[str, Any]) -> None:
    """Print what became of the files."""
    out = output.lines
    outcomes = [taken["outcome"] for taken in report["files"]]
    if outcomes:
        counts = ", ".join(f"{outcomes.count(kind)} {kind}" for kind in dict.fromkeys(outcomes))
        hint = " (absent: an address that the declarations name and that has no file)" if "absent" in outcomes else ""
        out.print(f"Files of the {report['edition']} edition: {counts}{hint}.")
    if report["asked_edition"] != report["edition"]:
        out.print(
            f"What was offered says that it is SYNTHETIC: this is the sample edition, not {report['asked_edition']}."
        )
    for taken in report["files"]:
        if taken["outcome"] == "revised":
            out.print(f"[bold]revised[/] {output.escape(taken['file_name'])}: {changes_in(taken)}.")
        if taken["outcome"] == "vanished":
            out.print(f"[yellow]vanished[/] {output.escape(taken['url'])}: what we hold of it stays in use.")
        for news in taken["news"]:
            out.print(f"[dim]{output.escape(taken['file_name'])}: {output.escape(news)}[/]")
        if taken["outcome"] in ("refused", "missing") and NOT_ASKED not in taken["reason"]:
            out.print(f"[bold red]{taken['outcome']}[/] {output.escape(taken['reason'])}")
        if taken["quarantined_lines"]:
            out.print(
                f"{taken['file_name']}: {taken['quarantined_lines']} lines quarantined, see `sectorakkoord quarantine`."
            )
    not_asked = sum(NOT_ASKED in taken["reason"] for taken in report["files"])
    if not_asked:
        out.print(f"[bold red]missing[/] {not_asked} more files of hosts that were given up; run again later.")
    for name in report["unclaimed"]:
        out.print(f"[dim]not used: {name} (no dataset claims this name)[/]")


def changes_in(taken: dict[str, Any]) -> str:
    """The changes of a revised file, counted."""
    counts = {name: taken[name] for name in ("cells_changed", "rows_added", "rows_removed")}
    said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)
    return said or "other bytes, the same values"


def print_watched(report: dict[str, Any]) -> None:
    """Print what became of the figures on the watch list; a report of before there was one has none."""
    from warehouse.release.printed_figures import moved_sentence

    watched = report.get("watched") or {"figures": 0, "moved": [], "fault": ""}
    if watched["figures"]:
        output.lines.print(f"Watched figures: {watched['figures']}, {len(watched['moved'])} of them do not hold.")
    for said in [*map(moved_sentence, watched["moved"]), *filter(None, [watched["fault"]])]:
        output.lines.print(f"[yellow]watched[/] {output.escape(said)}")
