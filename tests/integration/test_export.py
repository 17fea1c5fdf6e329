"""Exports: complete, described, safe to open, and marked when synthetic."""

import csv
import hashlib
import json
import shutil
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import frictionless
import openpyxl
import pyshacl
import pytest
import rdflib
import sdmx
from sdmx.model import v30

from tests.people_case import published_sample
from tests.tiny_files import FILE_05_2015, add_found, repeaters_file
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.database import connect, records
from warehouse.exports.changelog import write_changelogs
from warehouse.exports.export import ExportError, ExportOptions, export_release, export_snapshot
from warehouse.exports.factsheet import CONCEPTS
from warehouse.exports.leaflet import leaflets
from warehouse.exports.leaflet_facts import FACTS
from warehouse.exports.sdmx import DATAFLOW, DIMENSIONS
from warehouse.exports.tables import release_tables, snapshot_tables
from warehouse.register.loader import REGISTER
from warehouse.release.data_directory import DataDirectory
from warehouse.release.ducklake_store import DuckLakeStore
from warehouse.release.publish import publish
from warehouse.release.snapshots import SnapshotError
from warehouse.text import Text
from warehouse.watermark import NOTICE_EN

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
SHAPES = Path(__file__).with_name("dcat_ap_nl.ttl")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The release and the snapshot of 2020 of the sample edition, exported."""
    data, target = published_sample(), tmp_path_factory.mktemp("export")
    with connect(data.warehouse, read_only=True) as con:
        release = export_release(
            con, data, target, ExportOptions("Voorbeeld", "post@example.org", "https://example.org/data/")
        )
        snapshot = export_snapshot(con, data, target, 2020)
    return {"release": release.folders[0], "snapshot": snapshot.folders[0], "target": target, "rows": release.rows}


def rows_of(path):
    """The rows of a CSV file, as any reader of RFC 4180 sees them."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_folders_of_release_and_snapshot(made):
    assert sorted(path.name for path in made["target"].iterdir()) == [
        "CHANGELOG.md",
        "WIJZIGINGEN.md",
        "snapshot-2020",
        "stable",
        "v1.0.0",
    ]
    assert sorted(path.name for path in (made["target"] / "snapshot-2020").iterdir()) == ["stable", "v1.0.0"]
    files = {path.relative_to(made["release"]) for path in made["release"].rglob("*")}
    assert files == {path.relative_to(made["target"] / "stable") for path in (made["target"] / "stable").rglob("*")}


@pytest.mark.parametrize("kind", ["release", "snapshot"])
def test_csv_and_parquet_hold_the_same_rows(made, kind):
    package = json.loads((made[kind] / "datapackage.json").read_text())
    for resource in package["resources"]:
        raw = (made[kind] / resource["path"]).read_bytes()
        assert raw.count(b"\r\n") >= resource["rows"] and not raw.startswith(b"\xef\xbb\xbf")
        assert hashlib.sha256(raw).hexdigest() == resource["hash"].removeprefix("sha256:")
        rows = rows_of(made[kind] / resource["path"])
        parquet = duckdb.execute(f"FROM read_parquet('{made[kind] / resource['parquet']}')")
        names = [column[0] for column in parquet.description]
        assert names == [field["name"] for field in resource["schema"]["fields"]]
        assert len(rows) == resource["rows"] == len(parquet.fetchall())
        if rows:
            assert list(rows[0]) == names


def test_sdmx_csv_is_read_back_by_an_sdmx_library(made):
    """sdmx1 reads every observation with its key, value, status and flags; a hidden value is empty and says why."""
    with (made["release"] / "sdmx" / "observations.csv").open("rb") as file:
        header = file.readline().decode().strip().split(",")
        assert header[:3] == ["STRUCTURE[;]", "STRUCTURE_ID", "ACTION"] and tuple(header[3:9]) == DIMENSIONS
        structure = v30.DataStructureDefinition(id="OBSERVATIONS", version="1.0.0")
        for name in DIMENSIONS:
            structure.dimensions.append(v30.Dimension(id=name))
        structure.measures.append(v30.Measure(id="OBS_VALUE"))
        for name in header[10:]:
            structure.attributes.append(v30.DataAttribute(id=name.removesuffix("[]")))
        file.seek(0)
        message = sdmx.read_sdmx(file, structure=structure, format="csv")
    (read,) = message.data
    keys = {str(one.dimension) for one in read.obs}
    with connect(published_sample().warehouse, read_only=True) as con:
        expected = con.execute("SELECT count(*), count(value), sum(len(flags)) FROM observations").fetchone()
    hidden = [one for one in read.obs if not one.value]
    flags = sum(len(value.split(";")) for one in read.obs if (value := one.attached_attribute["FLAGS"].value))
    assert (len(read.obs), len(read.obs) - len(hidden), flags) == expected and len(keys) == len(read.obs) > 1000
    assert {one.attached_attribute["MISSING_REASON"].value for one in hidden} == {"masked"}
    assert {one.attached_attribute["CONF_STATUS"].value for one in hidden} == {"A"}
    assert {one.attached_attribute["OBS_STATUS"].value for one in hidden} <= {"B", "Q"}
    assert DATAFLOW.endswith("(1.0.0)")


@pytest.mark.parametrize("kind", ["release", "snapshot"])
def test_frictionless_finds_the_package_in_order(made, kind):
    """Types, keys, codes and references of every row, by the validator that people outside use."""
    report = frictionless.validate(str(made[kind] / "datapackage.json"))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "note"])[:5]
    assert report.stats["tasks"] == len(list((made[kind] / "csv").iterdir()))


def test_every_indicator_has_a_package_that_says_all_that_belongs_to_it(made, tmp_path):
    """CSV, description and README per indicator: the rows of the release, accepted by frictionless, the same bytes again."""
    with connect(published_sample().warehouse, read_only=True) as con:
        counts = dict(con.execute("SELECT indicator_id, count(*) FROM timeline GROUP BY ALL").fetchall())
        names = [name for (name,) in con.execute("SELECT indicator_id FROM goals.indicator").fetchall()]
        again = {one.name: one.zip() for one in leaflets(con)}
        profile = records(con, FACTS["revision_profile"])
    packages = sorted((made["release"] / "indicators").iterdir())
    assert [path.stem for path in packages] == sorted(names) and len(names) > 40
    for path in packages:
        name = path.stem
        assert path.read_bytes() == again[name], "the same release gives the same bytes"
        with zipfile.ZipFile(path) as packed:
            assert packed.namelist() == [f"{name}/{file}" for file in (f"{name}.csv", "metadata.json", "README.md")]
            packed.extractall(tmp_path)
        described = json.loads((tmp_path / name / "metadata.json").read_text())
        content = (tmp_path / name / f"{name}.csv").read_bytes()
        rows = rows_of(tmp_path / name / f"{name}.csv")
        assert len(rows) == described["resources"][0]["rows"] == counts.get(name, 0)
        assert {row["indicator_id"] for row in rows} <= {name} and all(row["notice"] == NOTICE_EN for row in rows)
        readme = (tmp_path / name / "README.md").read_text()
        assert hashlib.sha256(content).hexdigest() in readme and readme.count(NOTICE_EN) == 1
        for lang in ("nl", "en"):
            labels = (
                "A row",
                "Unit",
                "Last update",
                "Next update",
                "Filters",
                "Cite as",
                "What to know",
                "Sources",
                "Processing",
            )
            assert all(f"**{Text(lang)(label)}**" in readme or f"## {Text(lang)(label)}" in readme for label in labels)
        sheet = described["factsheet"]
        assert [one["concept"] for one in sheet["sections"]] == list(CONCEPTS) and len(CONCEPTS) == 19
        assert all(
            entry["text"] for one in sheet["sections"] for lang in ("nl", "en") for entry in one[lang]["entries"]
        )
        of_it = [{**row} for row in profile if row["indicator_id"] == name]
        assert [row["revised"] for row in sheet["facts"]["revision_profile"]] == [row["revised"] for row in of_it]
    found = frictionless.validate(str(tmp_path / "g02_zittenblijf_pct" / "metadata.json"), type="package")
    assert found.valid, found.flatten(["title", "rowNumber", "fieldName", "note"])[:5]


def test_frictionless_sees_an_unknown_code(made, tmp_path):
    package = json.loads((made["snapshot"] / "datapackage.json").read_text())
    package["resources"] = [one for one in package["resources"] if one["name"] in ("goal-status", "goal", "ambition")]
    (tmp_path / "csv").mkdir()
    for one in package["resources"]:
        raw = (made["snapshot"] / one["path"]).read_bytes()
        (tmp_path / one["path"]).write_bytes(raw.replace(b",not_met,", b",won,"))
    (tmp_path / "datapackage.json").write_text(json.dumps(package))
    found = frictionless.validate(str(tmp_path / "datapackage.json")).flatten(["type", "fieldName"])
    assert ["constraint-error", "status"] in found


@pytest.mark.parametrize("kind", ["release", "snapshot"])
def test_the_package_says_what_the_dictionary_says(made, kind):
    """Words and code lists of every field are those of the database's own dictionary."""
    tables = release_tables() if kind == "release" else snapshot_tables("x", "2020-12-31")
    owners = {table.name.replace("_", "-"): table.owner for table in tables}
    with connect(published_sample().warehouse, read_only=True) as con:
        told = {
            (f"{schema}.{name}" + "()" * (kind == "macro"), column): (nl, en, codes)
            for schema, name, kind, column, _, nl, en, codes, _ in con.execute("FROM meta.dictionary").fetchall()
        }
    package, seen = json.loads((made[kind] / "datapackage.json").read_text()), 0
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            said = (field["description_nl"], field["description"], field.get("codeList"))
            if found := told.get((owners[resource["name"]], field["name"])):
                assert said == found, (resource["name"], field["name"])
                seen += 1
            else:  # The columns that every export carries, and what an export says of hidden values.
                assert field["name"] in ("edition", "synthetic", "notice", "conf_status", "missing_reason") and all(
                    said[:2]
                )
        assert resource["title"] == told[owners[resource["name"]], None][1]
    assert seen > 100


@pytest.mark.parametrize("kind", ["release", "snapshot"])
def test_every_row_says_edition_and_synthetic_and_every_file_carries_the_notice(made, kind):
    for path in (made[kind] / "csv").iterdir():
        for row in rows_of(path):
            assert (
                row["edition"] in ("sample", "")
                and row["synthetic"] in ("true", "false")
                and row["notice"] == NOTICE_EN
            )
    for path in (made[kind] / "parquet").iterdir():
        inside = duckdb.execute(f"SELECT key, value FROM parquet_kv_metadata('{path}')").fetchall()
        assert (b"notice", NOTICE_EN.encode()) in inside
    for name in ("datapackage.json", "dcat.jsonld", "README.md", "export.json"):
        assert NOTICE_EN in (made[kind] / name).read_text()
    assert {row["synthetic"] for row in rows_of(made["release"] / "csv" / "schools.csv")} == {"true"}
    published = [
        row for row in rows_of(made["release"] / "csv" / "timeline.csv") if row["method_version"] == "gepubliceerd"
    ]
    assert {row["synthetic"] for row in published} == {"false"}


@pytest.mark.parametrize(("kind", "lang"), [("release", "nl"), ("release", "en"), ("snapshot", "nl")])
def test_the_workbook_reads_well(made, kind, lang):
    book = openpyxl.load_workbook(made[kind] / f"sectorakkoord-{lang}.xlsx")
    assert book.sheetnames[0] == ("Leeswijzer" if lang == "nl" else "Read me")
    for sheet in book.worksheets:
        assert any("SYNTH" in str(cell.value) for row in sheet.iter_rows(max_row=2) for cell in row)
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        assert sheet.page_setup.fitToWidth in (None, 1) and sheet.sheet_properties.pageSetUpPr.fitToPage
    goals = book.worksheets[1]
    assert goals.freeze_panes == "B3" and goals.auto_filter.ref and goals.max_row == 17
    for row in range(3, 18):
        assert goals.row_dimensions[row].height >= 15 and goals.cell(row, 3).alignment.wrap_text
    heads = [cell.value for cell in goals[2]]
    last = 1 + heads.index("Laatste waarde" if lang == "nl" else "Last value")
    formats = {goals.cell(row, last).number_format.removeprefix("[$-413]") for row in range(3, 18)}
    assert {"#,##0", "#,##0.00"} <= formats <= {"#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "General"}
    words = {cell.value for cell in book["Landelijke cijfers" if lang == "nl" else "National figures"]["I"]}
    assert ("Procent" if lang == "nl" else "Percent") in words and "pct" not in words
    at = heads.index("Vlaggen" if lang == "nl" else "Flags")
    flags = {row[at] for row in goals.iter_rows(min_row=3, values_only=True) if row[at]}
    words = {"nl": "Coronajaar", "en": "Covid year"}[lang]
    assert flags and "covid" not in flags and (kind == "snapshot" or any(words in text for text in flags))


def shacl(record):
    """(is the record in order, what is not) by the rules of DCAT-AP-NL."""
    graph = rdflib.Graph().parse(data=json.dumps(record), format="json-ld", publicID="https://example.org/here/")
    conforms, _, told = pyshacl.validate(graph, shacl_graph=str(SHAPES), inference="none")
    return conforms, told


@pytest.mark.parametrize("kind", ["release", "snapshot"])
def test_the_catalogue_record_passes_the_shapes(made, kind):
    """With publisher and address given, and without."""
    conforms, told = shacl(json.loads((made[kind] / "dcat.jsonld").read_text()))
    assert conforms, told


@pytest.mark.parametrize(
    "name", ["dct:creator", "dct:identifier", "dct:accessRights", "dcat:theme", "dcat:contactPoint"]
)
def test_the_shapes_see_what_is_missing(made, name):
    record = json.loads((made["snapshot"] / "dcat.jsonld").read_text())
    del record[name]
    conforms, told = shacl(record)
    assert not conforms and name in told


def test_the_catalogue_record_tells_of_every_file(made):
    record = json.loads((made["release"] / "dcat.jsonld").read_text())
    for one in record["dcat:distribution"]:
        place = one["dcat:accessURL"]["@id"].removeprefix("https://example.org/data/v1.0.0/")
        raw = (made["release"] / place).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == one["spdx:checksum"]["spdx:checksumValue"]["@value"]
    assert record["dct:publisher"]["foaf:name"] == "Voorbeeld"
    unnamed = json.loads((made["snapshot"] / "dcat.jsonld").read_text())
    assert "not given" in unnamed["dct:publisher"]["foaf:name"]


def test_a_later_version_names_the_one_before_and_what_changed(tmp_path):
    """Two releases exported beside each other; the first has none before it."""
    data, register = DataDirectory(tmp_path / "data"), tmp_path / "register"
    shutil.copytree(REGISTER, register)
    records_of = []
    for day in (23, 24):
        publish(data, Edition("mirror"), date(2026, 11, day), register=register)
        with connect(data.warehouse, read_only=True) as con:
            options = ExportOptions(url="https://example.org/data")
            folder = export_release(con, data, tmp_path / "out", options).folders[0]
        records_of.append(json.loads((folder / "dcat.jsonld").read_text()))
        words = register / "flag.csv"
        words.write_text(words.read_text().replace("Covid year", "Year of Covid"))
    first, second = records_of
    assert second["dcat:previousVersion"]["@id"] == first["@id"] and "dcat:previousVersion" not in first
    notes = [{one["@value"] for one in record["adms:versionNotes"]} for record in records_of]
    assert notes == [{words, Text("nl")(words)} for words in ("First release.", "No value changed.")]
    assert shacl(second)[0]

    frozen = []
    for known in ("2019-01-01", "2019-02-01"):  # The second file is found late: the frozen year gets a version more.
        add_found(Archive(data.archive), FILE_05_2015, repeaters_file({"01AA00": (10000, 620 + len(frozen))}), known)
        publish(data, Edition("mirror"), date(2026, 11, 25 + len(frozen)), snapshots={2020: None})
        with connect(data.warehouse, read_only=True) as con:
            folder = export_snapshot(con, data, tmp_path / "out", 2020, options).folders[0]
        frozen.append(json.loads((folder / "dcat.jsonld").read_text()))
    assert frozen[1]["dcat:previousVersion"]["@id"] == frozen[0]["@id"] and "dcat:previousVersion" not in frozen[0]


def test_parquet_says_what_it_is(made):
    """Release, version, hash, edition, and every column in words, inside the file."""
    for kind, facts in (("release", {"release_id": "0001"}), ("snapshot", {"as_of": "2020-12-31"})):
        path = made[kind] / "parquet" / "observation.parquet"
        inside = {
            key.decode(): value.decode()
            for _, key, value in duckdb.execute(f"FROM parquet_kv_metadata('{path}')").fetchall()
        }
        assert inside["edition"] == "sample" and inside["synthetic"] == "True" and len(inside["content_hash"]) == 64
        assert inside["version"] == "1.0.0" and facts.items() <= inside.items()
        columns = [row[0] for row in duckdb.execute(f"DESCRIBE FROM read_parquet('{path}')").fetchall()]
        assert list(json.loads(inside["columns"])) == columns


def test_the_snapshot_can_be_attached_alone(made):
    (path,) = made["snapshot"].glob("*.duckdb")
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{path}' AS frozen (READ_ONLY)")
        assert con.execute("SELECT count(*) FROM frozen.goal_status").fetchone() == (15,)
        assert con.execute("SELECT max(known_from) <= DATE '2020-12-31' FROM frozen.observation").fetchone() == (True,)
        missing = con.execute(
            "SELECT count(*) FROM duckdb_columns() WHERE database_name = 'frozen' AND comment IS NULL"
        )
        assert missing.fetchone() == (0,)


def test_sums_are_those_of_the_files(made):
    lines = (made["release"] / "SHA256SUMS").read_text().splitlines()
    assert len(lines) == sum(path.is_file() for path in made["release"].rglob("*")) - 1
    for line in lines:
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((made["release"] / name).read_bytes()).hexdigest() == digest


def test_a_version_is_never_changed_and_nightly_always(made, tmp_path):
    other = DataDirectory(tmp_path / "data")
    publish(other, Edition("mirror"), date(2026, 11, 23))
    stamp = (made["release"] / "export.json").stat().st_mtime_ns
    with connect(other.warehouse, read_only=True) as con:
        with pytest.raises(ExportError, match=r"v1\.0\.0: holds version 1\.0\.0 with other content"):
            export_release(con, other, made["target"])
        first = export_release(con, other, tmp_path / "out", nightly=True)
        again = export_release(con, other, tmp_path / "out", nightly=True)
        assert [path.name for path in again.folders] == ["nightly"] and first.new and not again.new
        with pytest.raises(SnapshotError, match="there is none"):
            export_snapshot(con, other, tmp_path / "out", 2020)
    assert (made["release"] / "export.json").stat().st_mtime_ns == stamp
    assert not list(tmp_path.rglob("*.part"))
    assert "notice" not in (tmp_path / "out" / "nightly" / "csv" / "goal.csv").read_text().splitlines()[0].split(",")


def test_the_changelog_tells_every_release_in_both_languages(tmp_path):
    """The first release, one in which values changed, one of another edition that is left out; the newest first."""
    told = {
        "edition": "sample", "version": "1.0.0", "release_id": "0001", "previous_release_id": None,
        "published_at": "2026-11-01 10:00:00+00:00", "added": 0, "revised": 0, "relabelled": 0, "removed": 0,
        "schema_changes": [], "row_counts": [], "largest_changes": [],
    }  # fmt: skip
    change = {
        "kind": "revised", "indicator_id": "g02_zittenblijf_pct", "method_version": "x", "entity_level": "national",
        "entity_id": "NL", "period_label": "2018", "breakdown": "total", "value_before": 5.7, "value_after": 5.71,
    }  # fmt: skip
    second = told | {
        "release_id": "0002", "previous_release_id": "0001", "version": "1.1.0", "revised": 1, "largest_changes": [change],
        "schema_changes": [{"kind": "added", "what": "main.codes.code VARCHAR"}],
        "row_counts": [{"table": "goals.flag", "before": 32, "after": 33}],
    }  # fmt: skip
    for one in (told, second, told | {"release_id": "0003", "edition": "mirror", "version": "9.0.0"}):
        folder = tmp_path / "releases" / one["release_id"]
        folder.mkdir(parents=True)
        (folder / "release.json").write_text(json.dumps(one))
    with connect(published_sample().warehouse, read_only=True) as con:
        exported = {"edition": "sample", "release_id": "0003", "synthetic": True}
        write_changelogs(con, tmp_path / "releases", tmp_path / "out", exported)
    dutch, english = ((tmp_path / "out" / name).read_text() for name in ("WIJZIGINGEN.md", "CHANGELOG.md"))
    assert dutch.index("## 1.1.0 (uitgave 0002, 2026-11-01)") < dutch.index("## 1.0.0") and "9.0.0" not in dutch
    assert "| Herzien | Aandeel zittenblijvers in het vo | NL | 2018 | total | 5,7 | 5,71 |" in dutch
    assert "| Revised | " in english and "First release." in english and "goals.flag 32 -> 33" in english
    assert NOTICE_EN in english and "- new: main.codes.code VARCHAR" in english


@pytest.mark.scale
def test_an_export_from_a_lake_is_the_same(made, tmp_path):
    """A lake (here with its catalogue in a file) keeps no order of rows and no comments on macros; exports need neither."""
    data = published_sample()
    lake = DuckLakeStore(f"ducklake:{tmp_path / 'catalogue.ducklake'}", f"{tmp_path / 'files'}/")
    lake.put(data.warehouse, None)
    with lake.open() as con, connect(data.warehouse, read_only=True) as file:
        for table in release_tables():
            assert con.execute(table.query(con)).fetchall() == file.execute(table.query(file)).fetchall(), table.name
        folder = export_snapshot(con, data, tmp_path / "export", 2020).folders[0]
    for path in made["snapshot"].rglob("*"):
        # A workbook says when it was written, as the record and the sums then do; DuckDB lays out its file as it likes.
        if path.is_file() and path.suffix not in (".xlsx", ".jsonld", ".duckdb") and path.name != "SHA256SUMS":
            assert (folder / path.relative_to(made["snapshot"])).read_bytes() == path.read_bytes(), path.name
