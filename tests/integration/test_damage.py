"""Damage: what another program or a disk did to the data directory is named, healed by a publish, or named as lost; never published."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from flows import cli, exit_codes
from flows.health import data_directory, machine
from flows.ingest.gate import check_and_archive
from schemas.datasets import datasets
from tests.integration.test_publish import MIRROR, REPEATERS, TODAY, add
from warehouse.archive.damage import ArchiveDamaged
from warehouse.archive.store import Archive, recorded
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect
from warehouse.exports.changelog import write_changelogs
from warehouse.files import sha256_of
from warehouse.release import published_file
from warehouse.release.current_release import published_release
from warehouse.release.data_directory import DataDirectory
from warehouse.release.duckdb_file_store import DuckDBFileStore
from warehouse.release.last_run import REPORT, keep_report, last_report
from warehouse.release.publish import publish
from warehouse.release.published_file import (
    ReleaseDamaged,
    WarehouseInUse,
    moved_wals,
    refuse_if_changed,
    seal_of,
    seals,
    wal_of,
    write_seal,
)
from warehouse.release.snapshots import SnapshotError, read_snapshots, snapshots_folder

FIRST = ("1718-tov-1819", date(2019, 5, 1), ("00AA", 4000, 250), ("00AB", 6000, 370))
LATER = ("1516-tov-1617", date(2018, 5, 1), ("00AA", 900, 30))
TRUE = [(620.0, 10000.0, date(2019, 5, 1))]
FALSIFY = "UPDATE goals.timeline_now SET numerator = 99"


def client(path: Path, *statements: str, end: str = "os._exit(0)") -> subprocess.Popen:
    """Another program: opens the file for writing, runs statements, says `ready` and ends as told."""
    lines = [
        "import duckdb, os, time",
        f"con = duckdb.connect({str(path)!r})",
        "con.execute(\"SET checkpoint_threshold = '1TB'\")",
    ]
    lines += [f"con.execute({statement!r})" for statement in statements]
    code = "\n".join([*lines, "print('ready', flush=True)", end])
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a release and a snapshot."""
    data = DataDirectory(tmp_path_factory.mktemp("template") / "data")
    add(data, *FIRST)
    publish(data, MIRROR, TODAY, snapshots={2020: None})
    return data.root


@pytest.fixture
def published(template: Path, tmp_path: Path) -> DataDirectory:
    """A copy of it."""
    shutil.copytree(template, tmp_path / "data")
    recorded.cache_clear()
    return DataDirectory(tmp_path / "data")


def said(data: DataDirectory) -> list[tuple]:
    """What our own commands read."""
    with data.published.open() as con:
        return con.execute(REPEATERS).fetchall()


def test_the_published_file_is_read_only_and_complete(published):
    assert published.warehouse.stat().st_mode & 0o222 == 0
    assert not wal_of(published.warehouse).exists()
    assert json.loads(seal_of(published.warehouse).read_text())["sha256"]


def test_changes_that_a_client_left_beside_the_file_are_never_replayed(published, caplog):
    """An analyst's session that died made a national value 99, and after the next two releases it was 99 again."""
    published.warehouse.chmod(0o644)
    client(published.warehouse, FALSIFY).wait()
    assert wal_of(published.warehouse).exists()
    assert said(published) == TRUE
    assert "left changes that are not in it" in caplog.text
    assert not wal_of(published.warehouse).exists() and len(moved_wals(published.warehouse)) == 1
    assert any(
        "opened" in one.sentence and one.level == "warning" for one in data_directory.changes_moved_aside(published)
    )
    client(published.warehouse, FALSIFY).wait()
    add(published, *LATER)
    assert publish(published, MIRROR, TODAY).new
    assert not wal_of(published.warehouse).exists()
    with connect(published.warehouse, read_only=True) as con:  # A client of one's own.
        assert (620.0, 10000.0, date(2019, 5, 1)) in con.execute(REPEATERS).fetchall()


def test_a_client_that_locks_the_file_holds_up_no_command_and_no_publish(published, monkeypatch):
    monkeypatch.setenv("SECTORAKKOORD_DATA", str(published.root))
    published.warehouse.chmod(0o644)
    holder = client(published.warehouse, end="time.sleep(120)")
    try:
        with pytest.raises(duckdb.IOException, match="lock"):
            connect(published.warehouse, read_only=True)
        assert said(published) == TRUE
        for words in (["sql", "SELECT 42 AS answer"], ["progress"], ["status"]):
            done = CliRunner().invoke(cli.app, words)
            assert done.exit_code == exit_codes.OK, (words, done.output, done.exception)
        add(published, "1718-tov-1819", date(2020, 5, 1), ("00AA", 4000, 252), ("00AB", 6000, 370))
        done = publish(published, MIRROR, TODAY, snapshots={2020: None})
        assert (
            done.new and done.release.version == "1.1.0" and done.release.revised > 0
        )  # compared with the locked file
        assert said(published) == [(622.0, 10000.0, date(2020, 5, 1))]
    finally:
        holder.kill()
        holder.wait()


def test_a_client_that_changes_the_file_under_its_lock_is_named(published):
    published.warehouse.chmod(0o644)
    holder = client(published.warehouse, FALSIFY, "CHECKPOINT", end="time.sleep(120)")
    try:
        with pytest.raises(WarehouseInUse, match=rf"PID {holder.pid}\).*changed it") as raised:
            said(published)
        assert exit_codes.exit_code(raised.value) == exit_codes.IN_USE
        assert publish(published, MIRROR, TODAY).new and said(published) == TRUE
    finally:
        holder.kill()
        holder.wait()


def flip(path: Path) -> None:
    """Change one bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)


def foreign(path: Path) -> None:
    """A database of somebody else in its place."""
    path.unlink()
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE mine AS SELECT 1 AS one")


def changed(path: Path) -> None:
    """A value changed by hand."""
    path.chmod(0o644)
    with connect(path) as con:
        con.execute(FALSIFY)


DAMAGE = {
    "truncated": lambda path: os.truncate(path, path.stat().st_size // 2),
    "emptied": lambda path: os.truncate(path, 0),
    "foreign database": foreign,
    "text": lambda path: (path.unlink(), path.write_text("no database")),
    "flipped bit": flip,
    "changed value": changed,
    "deleted": Path.unlink,
}


UNSEALED = ("truncated", "foreign database")
"""What shows without a seal. A flipped bit or a changed value in a file of before 0.2 is for `doctor` to find."""


@pytest.mark.parametrize(
    ("damage", "sealed"), [*((damage, True) for damage in DAMAGE), *((damage, False) for damage in UNSEALED)]
)
def test_a_refresh_rebuilds_whatever_state_the_release_is_in(published, damage, sealed):
    first = published_release(published.published)
    notes = (published.releases / "0001" / "changes.md").read_text()
    if not sealed:
        seal_of(published.warehouse).unlink()
    DAMAGE[damage](published.warehouse)
    if damage != "deleted":
        with pytest.raises(ReleaseDamaged) as raised:
            said(published)
        assert exit_codes.exit_code(raised.value) == exit_codes.DAMAGED and str(published.warehouse) in str(
            raised.value
        )
        assert data_directory.release(published).level == "error"
    again = publish(published, MIRROR, TODAY)
    assert again.new and said(published) == TRUE
    assert (again.release.release_id, again.release.content_hash) == ("0002", first.content_hash)
    assert (again.release.version, again.release.previous_release_id) == ("1.0.0", "0001")
    assert (published.releases / "0001" / "changes.md").read_text() == notes
    assert "Not compared" in (published.releases / "0002" / "changes.md").read_text()
    assert data_directory.release(published).level == "ok" and not publish(published, MIRROR, TODAY).new


@pytest.mark.parametrize("damage", ["flipped bit", "changed value"])
def test_without_a_seal_the_doctor_compares_the_content(published, damage):
    seal_of(published.warehouse).unlink()
    DAMAGE[damage](published.warehouse)
    assert data_directory.release(published).level == "error"


def test_other_content_than_the_lost_release_is_a_major_version(published):
    """What was removed cannot be known."""
    published.warehouse.unlink()
    add(published, *LATER)
    assert publish(published, MIRROR, TODAY).release.version == "2.0.0"


def test_numbers_never_repeat_when_the_records_are_damaged_too(published):
    published.warehouse.unlink()
    (published.releases / "0001" / "release.json").write_text("{")
    (published.releases / "latest.json").unlink()
    assert publish(published, MIRROR, TODAY).release.release_id == "0002"


def test_notes_of_a_run_that_was_killed_before_it_published_are_removed(published):
    """Else feed and list of changes show a release that never was."""
    shutil.copytree(published.releases / "0001", published.releases / "0002")
    assert not publish(published, MIRROR, TODAY).new and not (published.releases / "0002").exists()
    add(published, *LATER)
    shutil.copytree(published.releases / "0001", published.releases / "0002")
    assert publish(published, MIRROR, TODAY).release.release_id == "0002"
    assert "# Release 0002" in (published.releases / "0002" / "changes.md").read_text()


def test_a_damaged_seal_is_no_damaged_release(published, caplog):
    seal_of(published.warehouse).write_text("{")
    assert said(published) == TRUE and "cannot be read" in caplog.text
    assert data_directory.release(published).level == "ok"


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "before 0.2"])
def test_runs_killed_between_seal_and_rename_leave_a_seal_that_fits(published, tmp_path, sealed):
    if not sealed:
        seal_of(published.warehouse).unlink()
    for number in (1, 2):
        (tmp_path / f"build-{number}").write_bytes(bytes([number]))
        write_seal(published.warehouse, tmp_path / f"build-{number}")
        assert said(published) == TRUE
    DAMAGE["changed value"](published.warehouse)
    write_seal(published.warehouse, tmp_path / "build-1")
    with pytest.raises(ReleaseDamaged, match="changed after it was published"):
        said(published)


def test_no_reader_takes_a_release_that_is_published_meanwhile_for_damage(published, tmp_path, monkeypatch):
    """Another release is published after each of the two looks, at the file and at its seal."""
    looks: list[str] = []

    def then_publish(look):
        def looked(path):
            seen = look(path)
            monkeypatch.undo()
            looks.append(look.__name__)
            shutil.copyfile(published.warehouse, tmp_path / "build")
            with (tmp_path / "build").open("ab") as file:
                file.write(bytes([len(looks)]))
            DuckDBFileStore(published.warehouse).put(tmp_path / "build", None)
            follow()
            return seen

        return looked

    def follow():
        for look in (sha256_of, seals):
            if look.__name__ not in looks:
                monkeypatch.setattr(published_file, look.__name__, then_publish(look))

    follow()
    refuse_if_changed(published.warehouse, published.warehouse)
    assert sorted(looks) == ["seals", "sha256_of"]


def test_a_release_put_back_by_hand_is_read(published):
    """The one before the last still fits the seal: a run killed between seal and rename leaves it in place."""
    before = published.warehouse.read_bytes()
    add(published, *LATER)
    publish(published, MIRROR, TODAY)
    published.warehouse.unlink()
    published.warehouse.write_bytes(before)
    assert published_release(DuckDBFileStore(published.warehouse)).release_id == "0001"
    assert publish(published, MIRROR, TODAY).release.release_id == "0003"


def the_object(data: DataDirectory) -> Path:
    (path,) = (data.archive / "objects").glob("*/*")
    return path


def empty_cache(data: DataDirectory) -> None:
    for path in data.cache.glob("*"):
        path.unlink()


def test_a_changed_byte_in_the_archive_is_never_published(published):
    before = published.warehouse.read_bytes()
    content = the_object(published).read_bytes()
    the_object(published).write_bytes(content.replace(b";250;", b";251;"))
    empty_cache(published)
    add(published, *LATER)
    with pytest.raises(ArchiveDamaged, match=r"05\.-zittenblijven-vo-brinvest-1718-tov-1819\.csv") as raised:
        publish(published, MIRROR, TODAY)
    assert exit_codes.exit_code(raised.value) == exit_codes.DAMAGED
    assert published.warehouse.read_bytes() == before
    add(published, *FIRST)  # Found again.
    assert publish(published, MIRROR, TODAY).new


@pytest.mark.parametrize("what", ["flipped", "cut", "emptied"])
def test_a_damaged_origin_record_is_named_and_healed_by_the_same_finding(published, what):
    (record,) = (published.archive / "origins").glob("*/*.json")
    text, archive = record.read_text(), Archive(published.archive)
    record.write_text({"flipped": text.replace("2019-05-01", "2018-05-01"), "cut": text[:40], "emptied": ""}[what])
    with pytest.raises(ArchiveDamaged, match=record.name):
        publish(published, MIRROR, TODAY)
    assert any(record.name in sentence for sentence in archive.check())
    add(published, *FIRST)
    assert record.read_text() == text and archive.check() == [] and len(archive.vintages()) == 1


def test_a_lost_content_is_named_and_put_back_by_the_same_finding(published, tmp_path):
    content = the_object(published).read_bytes()
    the_object(published).unlink()
    with pytest.raises(ArchiveDamaged, match="is not there"):
        publish(published, MIRROR, TODAY)
    (vintage,) = (published.archive / "origins").glob("*/*.json")
    (tmp_path / "again.csv").write_bytes(content)
    taken = check_and_archive(
        Archive(published.archive), ParseCache(published.cache), recorded(vintage), tmp_path / "again.csv"
    )
    assert taken.outcome == "known" and the_object(published).read_bytes() == content


@pytest.mark.parametrize("damage", ["gone", "flipped"])
def test_the_archive_is_verified_and_repaired_from_a_copy(published, tmp_path, monkeypatch, damage):
    monkeypatch.setenv("SECTORAKKOORD_DATA", str(published.root))
    content, copies = the_object(published).read_bytes(), tmp_path / "copies"
    copies.mkdir()

    def verify(*words: str) -> tuple[int, dict]:
        done = CliRunner().invoke(cli.app, ["archive", "verify", "--json", *words])
        return done.exit_code, json.loads(done.stdout)

    assert verify() == (0, {"checked": 1, "damaged": 0, "contents": [], "records": []})
    if damage == "gone":
        the_object(published).unlink()
    else:
        the_object(published).write_bytes(content[:-3] + b"9\r\n")
    code, found = verify()
    assert code == exit_codes.DAMAGED and [one["damage"] for one in found["contents"]] == [
        {"gone": "gone", "flipped": "other bytes"}[damage]
    ]
    (copies / "other.csv").write_bytes(content + b"\n")
    code, found = verify("--from", str(copies))
    assert code == exit_codes.DAMAGED and "no copy in the folder" in found["contents"][0]["outcome"]
    (copies / "under-any-name").write_bytes(content)
    assert verify("--from", str(copies))[1]["contents"][0]["outcome"] == "restored"
    assert the_object(published).read_bytes() == content and verify()[0] == 0


@pytest.mark.parametrize("kind", [".json", ".rows.parquet", ".quarantine.parquet"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "gone"])
def test_a_damaged_parse_cache_is_made_anew(published, kind, damage, caplog):
    (vintage,) = Archive(published.archive).vintages()
    asked = (datasets()[vintage.origin.dataset_id], vintage.origin.file_name, vintage.sha256, vintage.path)
    (path,) = [one for one in published.cache.iterdir() if one.name.endswith(kind)]
    rows, content = path.with_name(path.name.replace(kind, ".rows.parquet")).read_bytes(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink() if damage == "gone" else path.write_bytes(bytes(content) if damage == "flipped" else content[:9])
    parsed = ParseCache(published.cache).get(*asked)
    assert parsed.rows.read_bytes() == rows and parsed.facts["data_lines"] == 2
    assert ("is parsed anew" in caplog.text) == ((kind, damage) != (".json", "gone"))
    caplog.clear()
    assert ParseCache(published.cache).get(*asked).facts == parsed.facts and not caplog.text


def test_a_damaged_report_of_the_last_run_is_told_and_replaced(tmp_path, caplog):
    keep_report({"files": []}, tmp_path)
    (tmp_path / REPORT).write_text('{"files": [')
    assert last_report(tmp_path) is None and "writes it anew" in caplog.text
    keep_report({"files": []}, tmp_path)
    assert last_report(tmp_path) == {"files": []}


@pytest.mark.parametrize("known", [date(2021, 5, 1), date(2018, 5, 1)], ids=["later", "before the year's end"])
@pytest.mark.parametrize("name", ["snapshot.json", "observation.parquet", "change.parquet"])
def test_a_damaged_snapshot_is_named_and_never_published(published, name, known):
    """Also where the year gets a new version, which is compared with the damaged one."""
    path = read_snapshots(snapshots_folder(published.archive, MIRROR))[0][1] / name
    path.write_bytes(path.read_bytes()[:30])
    add(published, "1516-tov-1617", known, ("00AA", 900, 30))
    with pytest.raises(SnapshotError, match="backup"):
        publish(published, MIRROR, TODAY)
    assert any("backup" in one.sentence for one in data_directory.snapshots(published))


@pytest.mark.parametrize("name", ["change", "input"])
def test_a_table_beside_the_hash_of_a_snapshot_is_not_published_changed(published, name):
    """What changed since the version before, and the files it rests on, are in no content hash."""
    path = read_snapshots(snapshots_folder(published.archive, MIRROR))[0][1] / f"{name}.parquet"
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE rows AS FROM '{path}'")
        con.execute("INSERT INTO rows BY NAME SELECT 'x' AS period_label" if name == "change" else "DELETE FROM rows")
        con.execute(f"COPY rows TO '{path}' (FORMAT parquet)")
    add(published, "1516-tov-1617", date(2021, 5, 1), ("00AA", 900, 30))
    with pytest.raises(SnapshotError, match=rf"{path}: expected the bytes that were frozen"):
        publish(published, MIRROR, TODAY)
    assert any(str(path) in one.sentence for one in data_directory.snapshots(published))


def test_damaged_notes_are_named_and_the_list_of_changes_is_made_without_them(published, tmp_path, caplog):
    notes = published.releases / "0001"
    assert list(data_directory.written_files(published)) == []
    for name in ("release.json", "changes.md"):
        (notes / name).write_text("{}")
        assert any(str(notes / name) in one.sentence for one in data_directory.written_files(published))
    (notes / "SHA256SUMS").unlink()
    (lacking,) = data_directory.written_files(published)
    assert lacking.level == "warning" and f"{notes}: SHA256SUMS is not there" in lacking.sentence
    with published.published.open() as con:
        release = {"edition": "mirror", "release_id": "0001", "synthetic": False}
        write_changelogs(con, published.releases, tmp_path, release)
    assert f"{notes / 'release.json'}: is not the record" in caplog.text and (tmp_path / "CHANGELOG.md").exists()


def test_what_killed_runs_left_is_removed(published):
    """Reports and exports, named as today and as before 0.2; what is an hour old belongs to no running process."""
    names = (".report.{}.1.part", ".report.part-{}", ".report.old-{}", "export/v1.0.0/.part-{}", "export/.part-{}")
    left, young = ([published.root / name.format(number) for name in names] for number in (1, 2))
    for folder in (*left, *young):
        folder.mkdir(parents=True)
    for folder in left:
        os.utime(folder, (0, 0))
    assert f"{len(left)} left" in machine.leftovers(published, publishing=False).sentence
    publish(published, MIRROR, TODAY)
    assert not any(folder.exists() for folder in left) and all(folder.exists() for folder in young)
