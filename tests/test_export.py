"""Exports: complete, described, safe to open, and marked when synthetic."""

import csv
import hashlib
import json
from datetime import date

import duckdb
import openpyxl
import pytest

from tests.people_case import published_sample
from warehouse.build import Edition, connect
from warehouse.export import ExportError, Wish, export_release, export_snapshot
from warehouse.export.files import write_csv
from warehouse.paths import DataDirectory
from warehouse.publish import publish
from warehouse.snapshot import SnapshotError
from warehouse.watermark import NOTICE_EN

CATALOGUE = {
    "dcat:Dataset": {
        "dct:title": (1, 2),
        "dct:description": (1, 2),
        "dct:identifier": (1, 1),
        "dct:accessRights": (1, 1),
        "dcat:theme": (1, 9),
        "dct:creator": (1, 1),
        "dct:publisher": (1, 1),
        "dcat:contactPoint": (1, 1),
        "dcat:version": (0, 1),
        "dcat:distribution": (1, 999),
    },
    "dcat:Distribution": {"dcat:accessURL": (1, 1), "dcat:downloadURL": (0, 1), "dct:license": (1, 1)},
}
"""How many values DCAT-AP-NL 3.0 asks for and allows (https://geonovum.github.io/DCAT-AP-NL30/)."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The release and the snapshot of 2020 of the sample edition, exported."""
    data, target = published_sample(), tmp_path_factory.mktemp("export")
    with connect(data.warehouse, read_only=True) as con:
        release = export_release(con, data, target, Wish("Voorbeeld", "post@example.org", "https://example.org/data/"))
        snapshot = export_snapshot(con, data, target, 2020)
    return {"release": release.folders[0], "snapshot": snapshot.folders[0], "target": target, "rows": release.rows}


def rows_of(path):
    """The rows of a CSV file, as any reader of RFC 4180 sees them."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_folders_of_release_and_snapshot(made):
    assert sorted(path.name for path in made["target"].iterdir()) == ["snapshot-2020", "stable", "v1.0.0"]
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


@pytest.mark.parametrize("kind", ["release", "snapshot"])
def test_the_package_keeps_its_promises(made, kind):
    """What `frictionless validate` checks and can be checked without it: types, keys, references."""
    package = json.loads((made[kind] / "datapackage.json").read_text())
    tables = {one["name"]: (one, rows_of(made[kind] / one["path"])) for one in package["resources"]}
    kinds = {"integer": int, "number": float, "date": date.fromisoformat, "string": str, "datetime": str}
    for resource, rows in tables.values():
        schema = resource["schema"]
        for field in schema["fields"]:
            assert field["description"] and field["description_nl"]
            values = {row[field["name"]] for row in rows} - {""}
            if field["type"] == "boolean":
                assert values <= {"true", "false"}
            else:
                assert all(kinds[field["type"]](value) is not None for value in values)
        if "primaryKey" in schema:
            keys = [tuple(row[column] for column in schema["primaryKey"]) for row in rows]
            assert len(keys) == len(set(keys)) and not any("" in key for key in keys), resource["name"]
        for reference in schema.get("foreignKeys", []):
            column, target = reference["fields"][0], reference["reference"]
            there = {row[target["fields"][0]] for row in tables[target["resource"]][1]}
            assert {row[column] for row in rows} - {""} <= there, resource["name"]


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


def test_no_text_can_act_as_a_formula(made, tmp_path):
    names = {row["name"] for row in rows_of(made["release"] / "csv" / "schools.csv")}
    assert '\'=HYPERLINK("http://example.org","x")' in names
    assert not any(name.startswith("=") for name in names)
    with duckdb.connect() as con:
        query = "SELECT unnest(['=1+1', '@x', chr(9) || 'x', '-2', 'a=b', NULL]) AS text, -2.5::DOUBLE AS number, ['+1', 'b'] AS list"
        write_csv(con, query, tmp_path / "x.csv")
    rows = rows_of(tmp_path / "x.csv")
    assert [row["text"] for row in rows] == ["'=1+1", "'@x", "'\tx", "'-2", "a=b", ""]
    assert {row["number"] for row in rows} == {"-2.5"} and {row["list"] for row in rows} == {"'+1;b"}


@pytest.mark.parametrize(("kind", "lang"), [("release", "nl"), ("release", "en"), ("snapshot", "nl")])
def test_the_workbook_reads_well(made, kind, lang):
    book = openpyxl.load_workbook(made[kind] / f"sectorakkoord-{lang}.xlsx")
    assert book.sheetnames[0] == ("Leeswijzer" if lang == "nl" else "Read me")
    for sheet in book.worksheets:
        assert any("SYNTH" in str(cell.value) for row in sheet.iter_rows(max_row=2) for cell in row)
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    goals = book.worksheets[1]
    assert goals.freeze_panes == "B3" and goals.auto_filter.ref and goals.max_row == 17
    flags = {row[10] for row in goals.iter_rows(min_row=3, values_only=True) if row[10]}
    words = {"nl": "Coronajaar", "en": "Covid year"}[lang]
    assert flags and "covid" not in flags and (kind == "snapshot" or any(words in text for text in flags))


def test_the_catalogue_record_has_what_the_profile_asks(made):
    record = json.loads((made["release"] / "dcat.jsonld").read_text())
    things = [record, *record["dcat:distribution"]]
    for thing in things:
        for name, (least, most) in CATALOGUE[thing["@type"]].items():
            values = thing.get(name, [])
            count = len(values) if isinstance(values, list) else 1
            assert least <= count <= most, f"{thing['@type']} {name}: {count}"
    for one in record["dcat:distribution"]:
        place = one["dcat:accessURL"]["@id"].removeprefix("https://example.org/data/v1.0.0/")
        assert (
            hashlib.sha256((made["release"] / place).read_bytes()).hexdigest()
            == one["spdx:checksum"]["spdx:checksumValue"]["@value"]
        )
    assert record["dct:publisher"]["foaf:name"] == "Voorbeeld"
    unnamed = json.loads((made["snapshot"] / "dcat.jsonld").read_text())
    assert "not given" in unnamed["dct:publisher"]["foaf:name"]


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
    assert not list(tmp_path.glob("out/.part*"))
    assert "notice" not in (tmp_path / "out" / "nightly" / "csv" / "goal.csv").read_text().splitlines()[0].split(",")
