"""What changed from release to release, for readers: `WIJZIGINGEN.md` and `CHANGELOG.md` in the folder of the exports.

Both are written anew at every export of a release, from what each publish recorded (`releases/NNNN/release.json` in the
data directory): the releases of this edition up to the exported one, the newest first.
"""

import json
import logging
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.files import write_bytes
from warehouse.release.release_record import RECORD
from warehouse.text import Text
from warehouse.watermark import NOTICE

log = logging.getLogger(__name__)
NAMES = {"nl": "WIJZIGINGEN.md", "en": "CHANGELOG.md"}
ABOUT = (
    "What changed for a reader, release by release, the newest first. A version has three numbers: the first rises when "
    "values disappeared, the second when values were added or changed, the third with anything else."
)
COUNTS = "{added} values added, {revised} revised, {relabelled} relabelled, {removed} removed."
KINDS = ("added", "revised", "relabelled", "removed")


def write_changelogs(con: duckdb.DuckDBPyConnection, releases: Path, target: Path, release: dict[str, Any]) -> None:
    """Write both files into `target`; `release` is the row of meta.release that is exported."""
    made = [one for path in releases.glob(f"*/{RECORD}") if (one := read(path))]
    made = [one for one in made if one["edition"] == release["edition"] and one["release_id"] <= release["release_id"]]
    made.sort(key=lambda one: one["release_id"], reverse=True)
    for lang, name in NAMES.items():
        text = Text(lang)
        names = dict(con.execute(f"SELECT indicator_id, name_{lang} FROM goals.indicator").fetchall())  # noqa: S608 - nl or en
        kinds = dict(con.execute(f"SELECT code, label_{lang} FROM codes WHERE list = 'change_kind'").fetchall())  # noqa: S608 - nl or en
        lines = [f"# {text('Changes to the data')}", "", text(ABOUT), ""]
        lines += [f"**{NOTICE[lang]}**", ""] if release["synthetic"] else []
        for one in made:
            lines += section(one, text, names, kinds)
        write_bytes(target / name, "\n".join(lines).encode())


def read(path: Path) -> dict[str, Any] | None:
    """The record of a release; None, with a warning, where it cannot be read or is another's."""
    with suppress(ValueError, TypeError, KeyError):
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if record["release_id"] == path.parent.name:
            return record
    log.warning("%s: is not the record of its release; the list of changes is made without it.", path)
    return None


def section(release: dict[str, Any], text: Text, names: dict[str, str], kinds: dict[str, str]) -> list[str]:
    """The lines about one release."""
    day = datetime.fromisoformat(release["published_at"]).date().isoformat()
    title = text("release {release_id}, {day}", release_id=release["release_id"], day=day)
    lines = [f"## {release['version']} ({title})", ""]
    lines += [summary(release, text), ""]
    if release["previous_release_id"] is None:
        return lines
    if changes := release.get("largest_changes"):
        heads = [text("What"), text("Indicator"), text("Entity"), text("Period"), text("Breakdown"), text("Was"), text("Became")]  # fmt: skip
        rows = [
            (kinds[one["kind"]], names.get(one["indicator_id"], one["indicator_id"]), one["entity_id"], one["period_label"],
             one["breakdown"], text.number(one["value_before"], None), text.number(one["value_after"], None))
            for one in changes
        ]  # fmt: skip
        lines += [text("The largest changes, national ones first:"), "", *table(heads, rows, right=(5, 6)), ""]
    return lines + structure(release, text)


def summary(release: dict[str, Any], text: Text) -> str:
    """What a release changed, in one sentence."""
    if release["previous_release_id"] is None:
        return text("First release.")
    counts = {kind: text.number(release[kind]) for kind in KINDS}
    return text(COUNTS, **counts) if any(release[kind] for kind in KINDS) else text("No value changed.")


def version_facts(release: dict[str, Any], releases: Path, target: Path) -> dict[str, str]:
    """What a release changed, and the version before it where that one lies beside it in `target`."""
    said = {"version_notes": summary(release, Text("en")), "version_notes_nl": summary(release, Text("nl"))}
    record = releases / str(release["previous_release_id"]) / "release.json"
    before: str | None = json.loads(record.read_text(encoding="utf-8"))["version"] if record.is_file() else None
    if before is not None and (target / f"v{before}").is_dir():
        said["previous_version"] = before
    return said


def structure(release: dict[str, Any], text: Text) -> list[str]:
    """The lines about tables, columns and numbers of rows; none where nothing of these changed."""
    labels = {"added": text("new"), "removed": text("gone")}
    found = {
        kind: [change["what"] for change in release["schema_changes"] if change["kind"] == kind] for kind in labels
    }
    lines = []
    if any(found.values()):
        counts = {"new": len(found["added"]), "gone": len(found["removed"])}
        lines += [text("Tables and columns: {new} new, {gone} gone.", **counts)]
        lines += [f"- {labels[kind]}: {column}" for kind, columns in found.items() for column in columns]
        lines.append("")
    if release["row_counts"]:
        counted = [(one["table"], one["before"] or 0, one["after"] or 0) for one in release["row_counts"]]
        lines += [
            text("Row counts: {rows}.", rows="; ".join(f"{name} {old} -> {new}" for name, old, new in counted)),
            "",
        ]
    return lines


def table(names: list[str], rows: list[tuple[Any, ...]], right: tuple[int, ...] = ()) -> list[str]:
    """A Markdown table; the columns in `right` hold numbers."""
    rule = ["---:" if place in right else "---" for place in range(len(names))]
    return [row_of(names), f"|{'|'.join(rule)}|", *map(row_of, rows)]


def row_of(cells: list[str] | tuple[Any, ...]) -> str:
    """A line of a Markdown table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
