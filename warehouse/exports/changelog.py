"""What changed from release to release, for readers: `WIJZIGINGEN.md` and `CHANGELOG.md` in the folder of the exports.

Both are written anew at every export of a release, from what each publish wrote down (`releases/NNNN/release.json` in
the data directory): the releases of this edition up to the exported one, the newest first.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.files import write_bytes
from warehouse.release.changes import shown
from warehouse.watermark import NOTICE

NAMES = {"nl": "WIJZIGINGEN.md", "en": "CHANGELOG.md"}
WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "title": "# Wijzigingen in de gegevens",
        "about": "Per uitgave wat er voor een lezer veranderde, de nieuwste eerst. Een versie heeft drie getallen: het "
        "eerste stijgt als er waarden verdwenen, het tweede als er waarden bijkwamen of veranderden, het derde bij al het "
        "andere.",
        "on": "uitgave {release_id}, {day}",
        "first": "Eerste uitgave.",
        "none": "Geen enkele waarde veranderde.",
        "counts": "{added} waarden toegevoegd, {revised} herzien, {relabelled} met een ander label, {removed} verwijderd.",
        "largest": "De grootste veranderingen, landelijke eerst:",
        "head": "| wat | indicator | eenheid | periode | uitsplitsing | was | werd |",
        "structure": "Tabellen en kolommen: {new} erbij, {gone} eraf.",
        "added": "nieuw",
        "removed": "vervallen",
        "rows": "Aantallen rijen: {rows}.",
    },
    "en": {
        "title": "# Changes to the data",
        "about": "What changed for a reader, release by release, the newest first. A version has three numbers: the first "
        "rises when values disappeared, the second when values were added or changed, the third with anything else.",
        "on": "release {release_id}, {day}",
        "first": "First release.",
        "none": "Not a single value changed.",
        "counts": "{added} values added, {revised} revised, {relabelled} relabelled, {removed} removed.",
        "largest": "The largest changes, national ones first:",
        "head": "| what | indicator | entity | period | breakdown | was | became |",
        "structure": "Tables and columns: {new} new, {gone} gone.",
        "added": "new",
        "removed": "gone",
        "rows": "Row counts: {rows}.",
    },
}


def write_changelogs(con: duckdb.DuckDBPyConnection, releases: Path, target: Path, release: dict[str, Any]) -> None:
    """Write both files into `target`; `release` is the row of meta.release that is exported."""
    told = [json.loads(path.read_text(encoding="utf-8")) for path in releases.glob("*/release.json")]
    told = [one for one in told if one["edition"] == release["edition"] and one["release_id"] <= release["release_id"]]
    told.sort(key=lambda one: one["release_id"], reverse=True)
    target.mkdir(parents=True, exist_ok=True)
    for lang, name in NAMES.items():
        names = dict(con.execute(f"SELECT indicator_id, name_{lang} FROM goals.indicator").fetchall())
        kinds = dict(con.execute(f"SELECT code, label_{lang} FROM codes WHERE list = 'change_kind'").fetchall())
        lines = [WORDS[lang]["title"], "", WORDS[lang]["about"], ""]
        lines += [f"**{NOTICE[lang]}**", ""] if release["synthetic"] else []
        for one in told:
            lines += section(one, WORDS[lang], names, kinds)
        write_bytes(target / name, "\n".join(lines).encode())


def section(told: dict[str, Any], words: dict[str, str], names: dict[str, str], kinds: dict[str, str]) -> list[str]:
    """The lines about one release."""
    day = datetime.fromisoformat(told["published_at"]).date().isoformat()
    lines = [f"## {told['version']} ({words['on'].format(release_id=told['release_id'], day=day)})", ""]
    if told["previous_release_id"] is None:
        return [*lines, words["first"], ""]
    changed = any(told[kind] for kind in ("added", "revised", "relabelled", "removed"))
    lines += [words["counts"].format(**told) if changed else words["none"], ""]
    if changes := told.get("largest_changes"):
        lines += [words["largest"], "", words["head"], "|---|---|---|---|---|---:|---:|"]
        lines += [
            f"| {kinds[one['kind']]} | {names.get(one['indicator_id'], one['indicator_id'])} | {one['entity_id']} "
            f"| {one['period_label']} | {one['breakdown']} | {shown(one['value_before'])} | {shown(one['value_after'])} |"
            for one in changes
        ]
        lines.append("")
    return lines + structure(told, words)


def structure(told: dict[str, Any], words: dict[str, str]) -> list[str]:
    """The lines about tables, columns and numbers of rows; none where nothing of these changed."""
    found = {
        kind: [change["what"] for change in told["schema_changes"] if change["kind"] == kind]
        for kind in ("added", "removed")
    }
    lines = []
    if any(found.values()):
        lines += [words["structure"].format(new=len(found["added"]), gone=len(found["removed"]))]
        lines += [f"- {words[kind]}: {column}" for kind, columns in found.items() for column in columns]
        lines.append("")
    if told["row_counts"]:
        rows = "; ".join(f"{one['table']} {one['before'] or 0} -> {one['after'] or 0}" for one in told["row_counts"])
        lines += [words["rows"].format(rows=rows), ""]
    return lines
