"""Write an export: aside first, then into its place as a whole folder."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.archive.edition import Edition
from warehouse.csv_writer import write_query
from warehouse.database import one_record, one_row, records
from warehouse.exports.changelog import version_facts, write_changelogs
from warehouse.exports.datapackage import package, resource
from warehouse.exports.dcat import write_dcat
from warehouse.exports.leaflet import leaflets
from warehouse.exports.sdmx import write_sdmx
from warehouse.exports.sheets import RELEASE_RELATIONS, RELEASE_SHEETS, SNAPSHOT_SHEETS, snapshot_relations
from warehouse.exports.table_files import write_duckdb, write_parquet
from warehouse.exports.tables import Table, release_tables, snapshot_tables
from warehouse.exports.workbook import write_workbook
from warehouse.files import staged_folder, write_bytes, write_json, write_sums
from warehouse.release.data_directory import DataDirectory
from warehouse.release.snapshots import SnapshotError, snapshots_folder
from warehouse.watermark import NOTICE_EN, NOTICE_NL

FACTS = "export.json"
SOURCES = """
SELECT DISTINCT dataset.publisher, concat_ws('; ', dataset.licence, nullif(dataset.licence_note, '')),
       min(regexp_extract(dataset.landing_page, '^https?://[^/]+')) OVER (PARTITION BY dataset.publisher)
FROM meta.dataset AS dataset JOIN meta.source_file USING (dataset_id)
ORDER BY ALL"""

NEXT = """
SELECT dataset_id, next_period, due_on, state FROM release_calendar WHERE due_on IS NOT NULL ORDER BY dataset_id"""


class ExportError(Exception):
    """An export cannot be written; the message says why and what to do."""


@dataclass(frozen=True)
class Exported:
    """Where an export lies. `new` is False when the same content was already there."""

    folders: list[Path]
    version: str
    new: bool
    rows: dict[str, int]


@dataclass(frozen=True)
class ExportOptions:
    """Who publishes the export, how to reach them, and at which base URL it will stand (all may be unknown)."""

    publisher: str | None = None
    contact: str | None = None
    url: str = ""

    @property
    def base(self) -> str:
        """The base URL with a slash at its end, or nothing: addresses are then relative."""
        return f"{self.url.rstrip('/')}/" if self.url else ""


def export_release(
    con: duckdb.DuckDBPyConnection,
    data: DataDirectory,
    target: Path,
    options: ExportOptions = ExportOptions(),
    nightly: bool = False,
) -> Exported:
    """The published release under `target`: as `vX.Y.Z` and `stable`, or as `nightly` only."""
    release = one_record(con, "FROM meta.release")
    facts = facts_of(
        con,
        kind="release",
        name=f"release {release['release_id']}",
        version=release["version"],
        created=release["published_at"].isoformat(),
        content_hash=release["content_hash"],
    ) | {"release_id": release["release_id"], **next_updates(con), **version_facts(release, data.releases, target)}
    changes = data.releases / release["release_id"] / "changes.md"
    made = ExportWriter(con, release_tables(), facts, options, RELEASE_RELATIONS, changes)
    exported = place(made, target, ["nightly"] if nightly else [f"v{release['version']}", "stable"])
    write_changelogs(con, data.releases, target, release)
    return exported


def export_snapshot(
    con: duckdb.DuckDBPyConnection,
    data: DataDirectory,
    target: Path,
    year: int,
    options: ExportOptions = ExportOptions(),
) -> Exported:
    """The newest version of a year's snapshot under `target/snapshot-YEAR`. Raises SnapshotError when there is none."""
    found = con.execute("SELECT snapshot_id FROM snapshots WHERE year = $year AND is_latest", {"year": year}).fetchone()
    if found is None:
        raise SnapshotError(f"snapshot {year}: there is none; make it with `sectorakkoord snapshot {year}`.")
    frozen = one_record(con, f"FROM snapshot.snapshot WHERE snapshot_id = '{found[0]}'")
    facts = facts_of(
        con,
        kind="snapshot",
        name=f"snapshot {year}",
        version=frozen["version"],
        created=f"{frozen['made_on'].isoformat()}T00:00:00+00:00",
        content_hash=frozen["content_hash"],
    ) | {"as_of": frozen["as_of"].isoformat(), "basis": frozen["basis"]}
    place_of_year, before = target / f"snapshot-{year}", frozen["previous_version"]
    if before and (place_of_year / f"v{before}").is_dir():
        facts["previous_version"] = before
    folder = snapshots_folder(data.archive, Edition(frozen["edition"])) / str(year) / frozen["version"]
    tables = snapshot_tables(found[0], facts["as_of"])
    made = ExportWriter(con, tables, facts, options, snapshot_relations(found[0]), folder / "changes.md")
    return place(made, place_of_year, [f"v{frozen['version']}", "stable"])


def next_updates(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """When the next files are expected, where that is known: as records, and as a sentence in both languages."""
    due = records(con, NEXT)
    said = {
        "en": ("by", "Next files expected", "not known"),
        "nl": ("uiterlijk", "Volgende bestanden verwacht", "niet bekend"),
    }
    return {"next_updates": [{**one, "due_on": one["due_on"].isoformat()} for one in due]} | {
        f"next_update_{lang}": f"{title}: "
        + (
            "; ".join(
                " ".join(filter(None, (one["dataset_id"], one["next_period"], by, str(one["due_on"])))) for one in due
            )
            or none
        )
        + "."
        for lang, (by, title, none) in said.items()
    }


def facts_of(
    con: duckdb.DuckDBPyConnection, kind: str, name: str, version: str, created: str, content_hash: str
) -> dict[str, Any]:
    """What every description of the export says of it."""
    edition, synthetic = one_row(con, "FROM meta.edition")
    naam = name.replace("release", "uitgave").replace("snapshot", "momentopname").replace("evaluation", "evaluatie")
    facts = {
        "name": f"sectorakkoord-vo-{name.replace(' ', '-')}",
        "id": f"sectorakkoord-vo/{edition}/{name.replace(' ', '/')}/{version}",
        "title": f"Sectorakkoord VO 2018-2020: the fifteen goals, {name}, {edition} edition",
        "title_nl": f"Sectorakkoord VO 2018-2020: de vijftien doelen, {naam}, editie {edition}",
        "description": "Indicators, evidence and verdicts on the fifteen goals, with what was known when.",
        "description_nl": "Indicatoren, bewijs en oordelen over de vijftien doelen, met wat wanneer bekend was.",
        "version": version,
        "created": created,
        "content_hash": content_hash,
        "kind": kind,
        "edition": edition,
        "synthetic": synthetic,
    }
    if synthetic:
        facts["notice"], facts["notice_nl"] = NOTICE_EN, NOTICE_NL
        facts["description"] += f" {NOTICE_EN}"
        facts["description_nl"] += f" {NOTICE_NL}"
    return facts


@dataclass(frozen=True)
class ExportWriter:
    """Everything that an export is made from."""

    con: duckdb.DuckDBPyConnection
    tables: list[Table]
    facts: dict[str, Any]
    options: ExportOptions
    relations: dict[str, str]
    changes: Path

    def write(self, folder: Path, url: str) -> dict[str, int]:
        """Write all files of the export into `folder`; returns the rows per table."""
        for kind in ("csv", "parquet"):
            (folder / kind).mkdir(parents=True)
        sources = [
            {"title": title, "licence": licence, "path": page}
            for title, licence, page in self.con.execute(SOURCES).fetchall()
        ]
        inside = {key: str(value) for key, value in self.facts.items()}
        rows, resources, names = {}, [], {table.name for table in self.tables}
        for table in self.tables:
            query = table.query(self.con)
            rows[table.name] = write_query(self.con, query, folder / "csv" / f"{table.name}.csv")
            described = resource(self.con, table, query, folder, rows[table.name], names)
            columns = {field["name"]: field["description"] for field in described["schema"]["fields"]}
            said = {**inside, "table": table.words.en, "columns": json.dumps(columns, ensure_ascii=False)}
            write_parquet(self.con, query, folder / "parquet" / f"{table.name}.parquet", said)
            resources.append(described)
        if self.facts["kind"] == "release":
            write_sdmx(self.con, folder / "sdmx" / "observations.csv")
            for leaflet in leaflets(self.con):
                write_bytes(folder / "indicators" / f"{leaflet.name}.zip", leaflet.zip())
        if self.facts["kind"] == "snapshot":
            write_duckdb(self.tables, folder / "parquet", folder / f"{self.facts['name']}.duckdb")
        for lang in ("nl", "en"):
            sheets = RELEASE_SHEETS if self.facts["kind"] == "release" else SNAPSHOT_SHEETS
            write_workbook(self.con, folder / f"sectorakkoord-{lang}.xlsx", lang, self.relations, self.facts, sheets)
        licences = [f"{source['title']}: {source['licence']}" for source in sources]
        write_json(folder / "datapackage.json", package(self.facts, resources, sources, licences))
        write_readme(folder, self.facts, self.tables, rows)
        if self.changes.exists():
            write_bytes(folder / "CHANGES.md", self.changes.read_bytes())
        write_json(folder / FACTS, {**self.facts, "rows": rows})
        write_dcat(folder, self.facts, sources, self.options.publisher, self.options.contact, url)
        write_sums(folder)
        return rows


def place(made: ExportWriter, target: Path, names: list[str]) -> Exported:
    """Write once, put under the first name, copy to the others. A version that is there already is never changed."""
    folders = [target / name for name in names]
    there = facts_in(folders[0])
    versioned = names[0].startswith("v")
    if versioned and there and there["content_hash"] != made.facts["content_hash"]:
        raise ExportError(
            f"{folders[0]}: holds version {there['version']} with other content ({there['edition']} edition, "
            f"{there['content_hash'][:12]}); a version is never changed, choose another folder with --to."
        )
    first, *copies = folders[1:] if versioned and there else folders
    with staged_folder(first) as part:
        rows = made.write(part, f"{made.options.base}{names[0]}/" if made.options.base else "")
    for folder in copies:
        with staged_folder(folder) as part:
            shutil.copytree(first, part, dirs_exist_ok=True)
    return Exported(folders, made.facts["version"], not there, rows)


def facts_in(folder: Path) -> dict[str, Any] | None:
    """What the export in a folder says of itself; None where there is none."""
    path = folder / FACTS
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def write_readme(folder: Path, facts: dict[str, Any], tables: list[Table], rows: dict[str, int]) -> None:
    """What lies in the folder, for people who open it."""
    lines = [
        f"# {facts['title_nl']}",
        "",
        facts["description_nl"],
        "",
        f"# {facts['title']}",
        "",
        facts["description"],
        "",
    ]
    if facts["kind"] == "snapshot":
        lines += [
            f"As known on {facts['as_of']} ({facts['basis']}).",
            "Attach the `.duckdb` file with `ATTACH '...' (READ_ONLY)`.",
            "",
        ]
    lines += ["| tabel / table | rijen / rows | |", "|---|---:|---|"]
    lines += [f"| {table.name} | {rows[table.name]} | {table.words.nl} / {table.words.en} |" for table in tables]
    lines += [
        "",
        "CSV: UTF-8, RFC 4180; a text that a spreadsheet would take for a formula has an apostrophe in front.",
        "",
    ]
    if facts["kind"] == "release":
        lines += [facts["next_update_nl"], "", facts["next_update_en"], ""]
        lines += ["`sdmx/observations.csv`: alle waarden van nu / every value as known now, SDMX-CSV 2.0.", ""]
        lines += ["`indicators/`: per indicator een pakket / a package per indicator: CSV, metadata.json, README.", ""]
    write_bytes(folder / "README.md", "\n".join(lines).encode())
