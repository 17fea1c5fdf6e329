"""A DuckLake as the place of the warehouse: a real PostgreSQL on loopback for its catalogue, Parquet in a folder.

The same with an S3 server, the Prefect server and two workers is `make scale-test` (tests/e2e/test_scale.py).
"""

import shutil
import threading
from contextlib import ExitStack
from itertools import count

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.commands.output import rows_of
from flows.commands.sandbox import open_published
from tests.object_store import object_store
from tests.people_case import TODAY, published_sample
from tests.postgres import Postgres, postgres
from warehouse.archive.edition import Edition
from warehouse.build.audits import run_audits
from warehouse.database import connect, scalar
from warehouse.register.dictionary import OBJECTS
from warehouse.release.content_hash import content_hash
from warehouse.release.current_release import published_release
from warehouse.release.data_directory import DataDirectory
from warehouse.release.duckdb_extensions import ExtensionMissing, extension_file
from warehouse.release.ducklake_store import DuckLakeStore, LakeUnavailable, Store
from warehouse.release.ducklake_sync import replace_rows, tables_of
from warehouse.release.publish import ArchiveIncomplete, publish
from warehouse.release.store_urls import without_password
from warehouse.release.stores import ConcurrentPublish
from warehouse.report import write_report

pytestmark = [pytest.mark.server, pytest.mark.scale]
SAMPLE = Edition("sample")
names = count(1)
REVISED = """
UPDATE goals.observation SET value = value + 1
WHERE entity_level = 'national' AND goal_id = 'G03' AND known_to IS NULL;
UPDATE meta.release SET release_id = printf('%04d', release_id::INTEGER + 1), previous_release_id = release_id"""
ABSENTEES = "SELECT sum(value) FROM goals.observation WHERE entity_level = 'national' AND goal_id = 'G03'"
QUESTIONS = (
    "FROM progress(2018, 2020)",
    "FROM as_of(DATE '2020-12-31')",
    "FROM goal_status",
    "FROM ambition_status",
    "FROM boards",
    "FROM board_progress(2018, 2020)",
    "FROM comparable('g02_zittenblijf_pct', 2018, 2020)",
    "FROM explain('G02', 'g02_zittenblijf_pct', 'NL', '2018', DATE '2020-12-31')",
    "FROM reconciliation",
    "FROM snapshots",
    "FROM meta.dictionary",
)


@pytest.fixture(scope="module")
def server():
    with postgres() as running:
        yield running


def empty_lake(server: Postgres, folder) -> DuckLakeStore:
    """A lake with a database and a folder of its own, in which nothing is published yet."""
    database = server.new_database(f"lake_{next(names)}")
    return DuckLakeStore(f"ducklake:postgres:{database.libpq}", f"{folder / 'lake'}/")


@pytest.fixture(scope="module")
def filled(server, tmp_path_factory) -> DuckLakeStore:
    """A lake with the release of the sample edition. Read only."""
    lake = empty_lake(server, tmp_path_factory.mktemp("filled"))
    lake.put(published_sample().warehouse, None)
    return lake


@pytest.fixture
def two_releases(tmp_path):
    """The sample's release as a file, and one that follows it with another figure."""
    first, second = tmp_path / "first.duckdb", tmp_path / "second.duckdb"
    for path in (first, second):
        shutil.copyfile(published_sample().warehouse, path)
    with connect(second) as con:
        con.execute(REVISED)
        con.execute("CHECKPOINT")
    return first, second


def test_a_lake_says_what_the_file_says(filled):
    with published_sample().published.open() as file, filled.open() as lake:
        assert content_hash(lake) == content_hash(file)
        for question in QUESTIONS:
            ordered = f"{question} ORDER BY ALL"
            assert lake.execute(ordered).fetchall() == file.execute(ordered).fetchall(), question
        # A lake takes no comments on macros; all else is there under the same names, with the same words.
        objects = [row for row in file.execute(OBJECTS).fetchall() if "macro" not in row[2]]
        assert [row for row in lake.execute(OBJECTS).fetchall() if "macro" not in row[2]] == objects
        macros = "SELECT DISTINCT schema_name, function_name FROM duckdb_functions() WHERE NOT internal AND database_name = current_database() ORDER BY ALL"
        assert lake.execute(macros).fetchall() == file.execute(macros).fetchall()
        assert run_audits(lake) >= 8


def test_a_reader_keeps_the_release_it_opened_and_only_rows_that_differ_travel(server, tmp_path, two_releases):
    lake, (first, second) = empty_lake(server, tmp_path), two_releases
    assert published_release(lake) is None
    lake.put(first, None)
    with lake.open() as early:
        before = early.execute(ABSENTEES).fetchall()
        lake.put(second, "0001")
        assert early.execute(ABSENTEES).fetchall() == before
        with lake.open() as late, connect(second, read_only=True) as file:
            assert late.execute(ABSENTEES).fetchall() == file.execute(ABSENTEES).fetchall() != before
            newest = scalar(late, "SELECT max(snapshot_id) FROM warehouse.snapshots()")
            changes = f"ducklake_table_changes('warehouse', 'goals', 'observation', {newest}, {newest})"
            rows = late.execute(f"SELECT change_type, count(*) FROM {changes} GROUP BY ALL ORDER BY ALL").fetchall()
            file.execute(f"ATTACH '{first}' AS first (READ_ONLY)")
            differing = scalar(
                file, "SELECT count(*) FROM (FROM goals.observation EXCEPT ALL FROM first.goals.observation)"
            )
            assert differing and rows == [("delete", differing), ("insert", differing)]
            releases = late.execute(
                "SELECT commit_extra_info->>'release_id' FROM warehouse.snapshots() WHERE author = 'sectorakkoord' ORDER BY 1"
            ).fetchall()
            assert releases == [("0001",), ("0002",)]


def test_a_row_that_travels_alone_keeps_every_bit(tmp_path):
    lake = DuckLakeStore(f"ducklake:{tmp_path / 'lake.ducklake'}", f"{tmp_path / 'lake'}/")
    with connect(":memory:") as con:
        lake._prepare(con)
        lake._attach_to_write(con)
        con.execute("CREATE TABLE warehouse.main.one (x DOUBLE); CREATE TABLE one (x DOUBLE)")
        con.execute("INSERT INTO one VALUES ($x)", {"x": 6.22 - 6.2})
        replace_rows(con, "memory", "warehouse", ("main", "one"), [("x", "DOUBLE")], [("x", "DOUBLE")])
        assert con.execute("FROM warehouse.main.one").fetchall() == [(6.22 - 6.2,)]


def test_who_compared_with_another_release_is_overtaken_and_changes_nothing(filled, two_releases):
    with pytest.raises(ConcurrentPublish):
        filled.put(two_releases[1], "0007")
    with filled.open() as con:
        assert published_release(filled).release_id == "0001"
        assert content_hash(con) == published_release(filled).content_hash


def test_writers_at_the_same_moment_publish_one_after_another(server, tmp_path, two_releases):
    """Two writers compared with the same release: one is in, the other is told so and loses nothing."""
    lake, (first, second) = empty_lake(server, tmp_path), two_releases
    lake.put(first, None)
    outcomes, together = [], threading.Barrier(4)

    def write() -> None:
        together.wait()
        try:
            lake.put(second, "0001")
            outcomes.append("in")
        except ConcurrentPublish:
            outcomes.append("overtaken")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "overtaken", "overtaken", "overtaken"]
    # Nobody keeps the file open: a writer that was overtaken builds it anew.
    with lake.open() as con, connect(second) as file:
        assert content_hash(con) == content_hash(file)


def test_publish_to_a_lake_compares_freezes_and_skips_like_publish_to_a_file(server, tmp_path):
    sample = published_sample()
    data = DataDirectory(tmp_path / "data", empty_lake(server, tmp_path))
    shutil.copytree(sample.archive, data.archive)
    shutil.copytree(sample.cache, data.cache)
    first = publish(data, SAMPLE, TODAY)
    assert first.new and first.release.content_hash == published_release(sample.published).content_hash
    assert not publish(data, SAMPLE, TODAY).new and not data.warehouse.exists()
    second = publish(data, SAMPLE, TODAY, snapshots={2017: None})
    assert second.new and second.release.release_id == "0002" and second.release.version == "1.0.1"
    with data.published.open() as con:
        assert con.execute("SELECT count(*) FROM snapshots WHERE year = 2017").fetchall() == [(1,)]
        changed = con.execute("SELECT table_name FROM meta.count_change ORDER BY ALL").fetchall()
        assert ("snapshot.observation",) in changed
        # What the release before keeps of its sums is what it wrote, to the last digit.
        assert content_hash(con) == second.release.content_hash


def test_a_writer_with_another_archive_is_refused(filled, tmp_path):
    data = DataDirectory(tmp_path / "data", filled)
    with pytest.raises(ArchiveIncomplete, match=r"not in this archive .* must share one data directory"):
        publish(data, SAMPLE, TODAY)
    assert published_release(filled).release_id == "0001"


def test_the_command_line_reads_the_lake_and_nothing_else(filled, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with open_published(DataDirectory(tmp_path, filled)) as con:
        assert con.execute("SELECT count(*) FROM progress(2018, 2020)").fetchall() == [(15,)]
        with pytest.raises(duckdb.PermissionException):
            con.execute(f"FROM read_csv('{tmp_path / 'secret.csv'}')")
        with pytest.raises(duckdb.Error, match="read-only"):
            con.execute("DELETE FROM goals.observation")


def test_the_report_on_a_lake_is_that_on_the_file(filled, tmp_path):
    written = {}
    for name, place in (("file", published_sample().published), ("lake", filled)):
        with place.open() as con:
            site = write_report(con, tmp_path / name).folder
        written[name] = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*.*")}
    assert len(written["file"]) > 100 and written["lake"].keys() == written["file"].keys()
    assert [name for name, content in written["file"].items() if written["lake"][name] != content] == []


def test_a_server_that_is_away_is_said_in_a_sentence_without_the_password(tmp_path):
    lake = DuckLakeStore("ducklake:postgres:host=127.0.0.1 port=1 user=me dbname=lake password=geheim")
    for ask in (lambda: published_release(lake), lambda: lake.put(tmp_path / "none.duckdb", None)):
        with pytest.raises(LakeUnavailable, match="look whether its database and its store run") as raised:
            ask()
        assert "geheim" not in str(raised.value)
    assert "geheim" not in without_password("ducklake:postgres:postgresql://me:geheim@db.example.org/lake")


@pytest.mark.parametrize("away", ["catalogue", "store"])
def test_a_part_that_goes_away_while_it_is_read_is_no_fault_of_the_query(tmp_path, away):
    with ExitStack() as database_runs, ExitStack() as store_runs:
        database = database_runs.enter_context(postgres())
        store = store_runs.enter_context(object_store(tmp_path / "store"))
        key = Store(store.endpoint, store.key_id, store.secret)
        lake = DuckLakeStore(f"ducklake:postgres:{database.libpq}", "s3://sectorakkoord/lake/", key)
        lake.put(published_sample().warehouse, None)
        with (
            pytest.raises(LakeUnavailable, match="its store run"),
            open_published(DataDirectory(tmp_path, lake)) as con,
        ):
            assert rows_of(con, "SELECT release_id FROM meta.release")[1] == [("0001",)]
            (database_runs if away == "catalogue" else store_runs).close()
            rows_of(con, "SELECT sum(value) FROM goals.observation")


def test_an_extension_that_is_not_installed_says_how_to_get_it():
    with pytest.raises(ExtensionMissing, match=r"duckdb-extension-spatial is not installed; .*setup-scale"):
        extension_file("spatial")


ROWS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["a", "", None, "\x1f"])), max_size=12)


@settings(max_examples=40, deadline=None)
@given(before=ROWS, after=ROWS)
def test_rows_come_out_exact_also_where_they_are_double(before, after):
    with duckdb.connect() as con:
        con.execute("ATTACH ':memory:' AS built; ATTACH ':memory:' AS lake")
        for catalog, rows in (("lake", before), ("built", after)):
            con.execute(f"CREATE TABLE {catalog}.t (number INTEGER, word VARCHAR)")
            for row in rows:
                con.execute(f"INSERT INTO {catalog}.t VALUES (?, ?)", row)
        columns = tables_of(con, "built")["main", "t"]
        replace_rows(con, "built", "lake", ("main", "t"), columns, columns)
        ordered = "SELECT * FROM {}.t ORDER BY ALL"
        assert con.execute(ordered.format("lake")).fetchall() == con.execute(ordered.format("built")).fetchall()
