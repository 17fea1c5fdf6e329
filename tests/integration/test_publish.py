"""Publishing: one step, one writer, nothing without a reason, and the last release stays when anything fails."""

import multiprocessing
import os
import shutil
import signal
import time
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from tests.helpers import origin_for
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.build.audits import AuditFailed
from warehouse.database import connect
from warehouse.release import duckdb_file_store
from warehouse.release import publish as publish_module
from warehouse.release.current_release import published_release
from warehouse.release.data_directory import DataDirectory
from warehouse.release.duckdb_file_store import DuckDBFileStore
from warehouse.release.feed import write_feed
from warehouse.release.publish import Busy, publish, writer
from warehouse.release.published_file import seals
from warehouse.release.stores import ConcurrentPublish

TODAY = date(2026, 11, 23)
MIRROR = Edition("mirror")
HEADER = (
    "BRINNUMMER;INSTELLINGSNAAM_VESTIGING;VESTIGINGSNUMMER;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;PROVINCIE;"
    "AANTAL_LEERLINGEN;AANTAL_ZITTENBLIJVERS;AANTAL_AFSTROMERS;AANTAL_OPSTROMERS"
)


def zittenblijvers(*rows: tuple[str, int, int]) -> bytes:
    """A file 05 with (BRIN, pupils, repeaters) per row. 2017-2018 keeps to the published 6.2 %, or an audit would stop it."""
    lines = [HEADER] + [
        f"{brin};Voorbeeld;00;ASSEN;0106;ASSEN;Drenthe;{pupils};{rep};1;1" for brin, pupils, rep in rows
    ]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def add(data: DataDirectory, years: str, known: date, *rows: tuple[str, int, int]) -> None:
    """Put a file 05 into the archive."""
    name = f"05.-zittenblijven-vo-brinvest-{years}.csv"
    Archive(data.archive).add(
        zittenblijvers(*rows), origin_for(name, f"https://duo.nl/{name}", known, edition="mirror")
    )


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    directory = DataDirectory(tmp_path / "data")
    add(directory, "1718-tov-1819", date(2019, 5, 1), ("00AA", 4000, 250), ("00AB", 6000, 370))
    return directory


def national(data: DataDirectory, query: str) -> list[tuple]:
    with connect(data.warehouse, read_only=True) as con:
        return con.execute(query).fetchall()


REPEATERS = (
    "SELECT numerator, denominator, known_from FROM timeline WHERE indicator_id = 'g02_zittenblijf_pct' "
    "AND method_version = 'bottom_up_incl_nieuwkomers'"
)


def test_first_publish_adds_up_and_leaves_a_finished_file(data):
    done = publish(data, MIRROR, TODAY)
    assert done.new and done.release.version == "1.0.0" and done.release.audits >= 8
    assert national(data, REPEATERS) == [(620.0, 10000.0, date(2019, 5, 1))]
    assert sorted(path.name for path in data.root.glob(".build*")) == []
    assert not list(data.root.glob("*.wal"))


def test_unchanged_input_publishes_nothing(data):
    first = publish(data, MIRROR, TODAY).release
    before = data.warehouse.stat().st_mtime_ns
    again = publish(data, MIRROR, TODAY)
    assert not again.new and again.release == first
    assert data.warehouse.stat().st_mtime_ns == before


def test_only_code_that_decides_values_publishes_a_release(data, tmp_path, monkeypatch, repo):
    """A comment in the report's code published a release once, with "no value changed"."""
    shutil.copytree(repo / "warehouse", tmp_path / "warehouse", ignore=shutil.ignore_patterns("__pycache__", "*.csv"))
    monkeypatch.setattr("warehouse.build.input_hash.ROOT", tmp_path)
    publish(data, MIRROR, TODAY)
    for edited, new in (
        ("report/svg.py", False),
        ("exports/workbook.py", False),
        ("build/sql/steps/50_fold.sql", True),
    ):
        with (tmp_path / "warehouse" / edited).open("a") as file:
            file.write("\n")
        assert publish(data, MIRROR, TODAY).new is new, edited


def test_a_revised_file_is_a_minor_version_with_the_difference_written_out(data):
    publish(data, MIRROR, TODAY)
    add(data, "1718-tov-1819", date(2020, 5, 1), ("00AA", 4000, 252), ("00AB", 6000, 370))
    done = publish(data, MIRROR, TODAY)
    assert done.release.version == "1.1.0" and done.release.revised > 0 and done.release.removed == 0
    notes = (data.releases / done.release.release_id / "changes.md").read_text()
    assert "revised | g02_zittenblijf_pct | bottom_up_incl_nieuwkomers | national NL" in notes
    changes = national(
        data,
        "SELECT value_before, value_after FROM meta.release_change WHERE entity_level = 'national' "
        "AND indicator_id = 'g02_zittenblijf_pct'",
    )
    assert changes == [(6.2, 6.22)]


def test_releases_are_a_feed_the_newest_first(data, tmp_path):
    add(data, "1718-tov-1819", date(2019, 1, 1), ("01AA", 1000, 62))
    publish(data, MIRROR, TODAY)
    add(data, "1718-tov-1819", date(2020, 1, 1), ("01AA", 10000, 623))
    second = publish(data, MIRROR, TODAY).release
    (data.releases / "0003").mkdir()
    write_feed(data.releases, tmp_path / "releases.xml")
    atom = {"": "http://www.w3.org/2005/Atom"}
    feed = ElementTree.parse(tmp_path / "releases.xml").getroot()
    entries = feed.findall("entry", atom)
    assert [one.findtext("title", namespaces=atom) for one in entries] == [
        f"Version {second.version} of the mirror edition",
        "Version 1.0.0 of the mirror edition",
    ]
    assert second.content_hash in entries[0].findtext("id", namespaces=atom)
    assert "## Values" in entries[0].findtext("content", namespaces=atom)
    for one in (feed, *entries):
        assert datetime.fromisoformat(one.findtext("updated", namespaces=atom)).tzinfo


def test_a_school_that_vanishes_from_a_file_is_a_major_version(data):
    publish(data, MIRROR, TODAY)
    add(data, "1718-tov-1819", date(2020, 5, 1), ("00AB", 6000, 370))
    assert publish(data, MIRROR, TODAY).release.version == "2.0.0"


def test_rebuild_from_the_archive_gives_the_same_hash(data):
    add(data, "1516-tov-1617", date(2018, 5, 1), ("00AA", 900, 30))
    first = publish(data, MIRROR, TODAY, snapshots={2018: None, 2020: None}).release
    data.warehouse.unlink()
    for path in data.cache.glob("*"):
        path.unlink()
    assert publish(data, MIRROR, date(2027, 1, 1)).release.content_hash == first.content_hash


def test_another_first_finding_is_another_input(data):
    """Where a file was first found stands in the warehouse: without a new release a rebuild would have another hash."""
    before = publish(data, MIRROR, TODAY).release
    name = "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv"
    content = zittenblijvers(("00AA", 4000, 250), ("00AB", 6000, 370))
    found = origin_for(name, f"https://alt.duo.nl/{name}", date(2019, 5, 1), edition="mirror")
    Archive(data.archive).add(content, found)
    after = publish(data, MIRROR, TODAY)
    assert after.new and after.release.content_hash != before.content_hash


def test_release_notes_count_the_rows_that_are_there(data):
    """Not those that were replaced while the release was made."""
    publish(data, MIRROR, TODAY, snapshots={2019: None})
    done = publish(data, MIRROR, TODAY, snapshots={2020: None})
    notes = (data.releases / done.release.release_id / "changes.md").read_text()
    assert "- snapshot.snapshot: 1 -> 2\n" in notes


def test_order_of_retrieval_does_not_matter(data, tmp_path):
    add(data, "1516-tov-1617", date(2018, 5, 1), ("00AA", 900, 30))
    other = DataDirectory(tmp_path / "other")
    add(other, "1516-tov-1617", date(2018, 5, 1), ("00AA", 900, 30))
    add(other, "1718-tov-1819", date(2019, 5, 1), ("00AA", 4000, 250), ("00AB", 6000, 370))
    assert publish(data, MIRROR, TODAY).release.content_hash == publish(other, MIRROR, TODAY).release.content_hash


def test_a_failed_audit_leaves_the_last_release_and_no_snapshot(data, monkeypatch):
    publish(data, MIRROR, TODAY)
    before = data.warehouse.read_bytes()
    add(data, "1516-tov-1617", date(2018, 5, 1), ("00AA", 900, 30))

    def failing(con):
        raise AuditFailed({"conservation": [("file", 1)]})

    monkeypatch.setattr(publish_module, "run_audits", failing)
    with pytest.raises(AuditFailed, match="audit conservation: expected no rows, found 1"):
        publish(data, MIRROR, TODAY, snapshots={2018: None})
    assert data.warehouse.read_bytes() == before
    assert not list((data.archive / "snapshots").rglob("snapshot.json"))


def test_an_unreadable_vintage_is_held_back_and_changes_no_value(data):
    publish(data, MIRROR, TODAY)
    name = "05.-zittenblijven-vo-brinvest-1516-tov-1617.csv"
    Archive(data.archive).add(b"<!doctype html><html></html>", origin_for(name, f"https://duo.nl/{name}", TODAY))
    (held,) = publish(data, MIRROR, TODAY).held_back
    assert "web page" in held.reason
    assert national(data, REPEATERS) == [(620.0, 10000.0, date(2019, 5, 1))]


def test_a_build_that_ran_out_of_memory_leaves_no_changes_for_the_next_try(data, monkeypatch):
    """DuckDB that cannot close a file leaves a `.wal` beside it; the next try builds in a file of the same name."""
    publish(data, MIRROR, TODAY)
    add(data, "1516-tov-1617", date(2018, 5, 1), ("00AA", 900, 30))
    build, tries = publish_module.build, []

    def short_of_memory(target, *arguments):
        tries.append(target)
        if len(tries) == 1:
            target.with_name(f"{target.name}.wal").write_bytes(b"changes of a file that is gone")
            raise duckdb.OutOfMemoryException("Out of Memory Error")
        return build(target, *arguments)

    monkeypatch.setattr(publish_module, "build", short_of_memory)
    assert publish(data, MIRROR, TODAY).new and tries[0] == tries[1]
    assert not list(data.root.glob(".build-*"))


def test_a_reader_keeps_its_file_while_the_next_release_is_swapped_in(data):
    publish(data, MIRROR, TODAY)
    with connect(data.warehouse, read_only=True) as reader:
        assert reader.execute(REPEATERS).fetchall() == [(620.0, 10000.0, date(2019, 5, 1))]
        add(data, "1718-tov-1819", date(2020, 5, 1), ("00AA", 4000, 252), ("00AB", 6000, 370))
        publish(data, MIRROR, TODAY)
        assert reader.execute(REPEATERS).fetchall() == [(620.0, 10000.0, date(2019, 5, 1))]
    assert national(data, REPEATERS) == [(622.0, 10000.0, date(2020, 5, 1))]


def test_a_second_writer_is_told_so(data):
    with writer(data), pytest.raises(Busy, match="another process has been publishing"):
        publish_in_other_process(data)


def publish_in_other_process(data: DataDirectory) -> None:
    with writer(data, wait_s=0.1):
        raise AssertionError("two writers at once")


def publish_slowly(root: str) -> None:
    """In a child process: publish, stopping for long just before the swap, when the build is sealed."""
    duckdb_file_store.replace_file = lambda *_: time.sleep(60)
    publish(DataDirectory(Path(root)), MIRROR, TODAY)


def test_a_killed_publish_leaves_the_last_release_and_the_next_one_cleans_up(data):
    publish(data, MIRROR, TODAY)
    before = data.warehouse.read_bytes()
    add(data, "1516-tov-1617", date(2018, 5, 1), ("00AA", 900, 30))
    child = multiprocessing.get_context("spawn").Process(target=publish_slowly, args=(str(data.root),))
    child.start()
    sealed, deadline = seals(data.warehouse), time.monotonic() + 120
    while seals(data.warehouse) == sealed and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert data.warehouse.read_bytes() == before and len(list(data.root.glob(".build-*"))) == 1
    assert national(data, REPEATERS) == [(620.0, 10000.0, date(2019, 5, 1))]
    assert publish(data, MIRROR, TODAY).new
    assert not list(data.root.glob(".build-*"))


def test_real_and_synthetic_files_never_meet(data):
    name = "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv"
    made_up = origin_for(name, "https://duo.nl/x", date(2019, 5, 1), edition="sample", synthetic=True)
    Archive(data.archive).add(zittenblijvers(("90AA", 10, 1)), made_up)
    publish(data, MIRROR, TODAY)
    assert national(data, REPEATERS) == [(620.0, 10000.0, date(2019, 5, 1))]
    publish(data, Edition("sample"), TODAY)
    assert national(data, REPEATERS) == [(1.0, 10.0, date(2019, 5, 1))]
    assert national(data, "SELECT DISTINCT synthetic FROM history() WHERE method_version LIKE 'bottom_up%'") == [
        (True,)
    ]


def test_the_release_is_described_in_the_file_itself(data):
    release = publish(data, MIRROR, TODAY).release
    assert published_release(data.published) == release
    assert published_release(DuckDBFileStore(data.root / "nothing.duckdb")) is None


def test_readers_cannot_write(data):
    publish(data, MIRROR, TODAY)
    with connect(data.warehouse, read_only=True) as con, pytest.raises(duckdb.InvalidInputException, match="read-only"):
        con.execute("DELETE FROM goals.goal")


class Overtaking(DuckDBFileStore):
    """A place where somebody who shares our archive, but not our lock, publishes just before us."""

    beaten = False

    def put(self, aside: Path, previous_release_id: str | None) -> None:
        if self.beaten:
            return super().put(aside, previous_release_id)
        self.beaten = True
        shutil.copyfile(aside, self.path)
        raise ConcurrentPublish


def test_what_an_overtaken_writer_froze_may_be_in_the_release_of_another(data):
    shared = DataDirectory(data.root, Overtaking(data.warehouse))
    done = publish(shared, MIRROR, TODAY, snapshots={2018: None})
    assert done.release.release_id == "0001" and not done.new
    assert national(data, "SELECT snapshot_id FROM snapshots") == [("2018@1.0.0",)]
    assert not publish(data, MIRROR, TODAY, snapshots={2018: None}).new


def test_a_snapshot_that_a_killed_writer_froze_is_in_the_next_release(data):
    publish(data, MIRROR, TODAY)
    before = data.warehouse.read_bytes()
    publish(data, MIRROR, TODAY, snapshots={2018: None})
    data.warehouse.write_bytes(before)  # As if it had been killed between freezing and publishing.
    assert publish(data, MIRROR, TODAY).new
    assert national(data, "SELECT snapshot_id FROM snapshots") == [("2018@1.0.0",)]
