"""Withdrawing a file: left out of the fold in the past too, with who and why, and undone without a trace in the values."""

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cli, exit_codes
from flows.ingest.gate import check_and_archive
from tests.helpers import origin_for
from tests.integration.test_publish import MIRROR, REPEATERS, TODAY, add, national, zittenblijvers
from warehouse.archive.damage import ArchiveDamaged
from warehouse.archive.store import Archive
from warehouse.archive.withdrawals import WithdrawalRefused, decide, decisions, find, in_force
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect
from warehouse.files import write_json
from warehouse.release.content_hash import relation_digest
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish
from warehouse.release.snapshots import read_snapshots, snapshots_folder, verify

YEARS = "1718-tov-1819"
NAME = f"05.-zittenblijven-vo-brinvest-{YEARS}.csv"
RIGHT = (("00AA", 4000, 250), ("00AB", 6000, 370))
WRONG = (("00AA", 4000, 252), ("00AB", 6000, 370))
WHY = "a test file of the publisher under a real name"
MORNING, EVENING = datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 23, 20, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    """A data directory with one file 05 in its archive."""
    directory = DataDirectory(tmp_path / "data")
    add(directory, YEARS, date(2019, 5, 1), *RIGHT)
    return directory


def newest(data: DataDirectory) -> str:
    """The hash of the content that became known last."""
    return Archive(data.archive).all_vintages()[-1].sha256


def withdraw(data: DataDirectory, restore: bool = False) -> None:
    """Withdraw the newest vintage, or restore it."""
    decide(data.archive, newest(data), restore, "steward", WHY, EVENING if restore else MORNING)


def values(data: DataDirectory) -> str:
    """One line about all observations."""
    with connect(data.warehouse, read_only=True) as con:
        return relation_digest(con, "goals.observation")


def test_a_withdrawn_file_never_counted_and_what_was_frozen_with_it_stays_readable(data):
    publish(data, MIRROR, TODAY)
    without = values(data)
    add(data, YEARS, date(2020, 5, 1), *WRONG)
    before = publish(data, MIRROR, TODAY, snapshots={2020: None}).release
    assert national(data, REPEATERS) == [(622.0, 10000.0, date(2020, 5, 1))]
    withdraw(data)
    done = publish(data, MIRROR, TODAY)
    assert done.new and done.release.input_hash != before.input_hash
    assert national(data, REPEATERS) == [(620.0, 10000.0, date(2019, 5, 1))]
    assert values(data) == without
    frozen = read_snapshots(snapshots_folder(data.archive, MIRROR))
    assert [one.snapshot_id for one, _ in frozen] == ["2020@1.0.0", "2020@1.1.0"]
    assert "revised" in (frozen[1][1] / "changes.md").read_text()
    query = (
        "SELECT snapshot_id, numerator FROM snapshot.observation WHERE entity_level = 'national' AND breakdown = 'total' "
        "AND indicator_id = 'g02_zittenblijf_pct' AND method_version = 'bottom_up_incl_nieuwkomers' ORDER BY 1"
    )
    assert national(data, query) == [("2020@1.0.0", 622.0), ("2020@1.1.0", 620.0)]
    assert verify(data.archive, MIRROR, 2020)[0].version == "1.1.0"


def test_restoring_gives_the_same_values_and_keeps_both_decisions(data):
    add(data, YEARS, date(2020, 5, 1), *WRONG)
    publish(data, MIRROR, TODAY)
    before = values(data)
    withdraw(data)
    publish(data, MIRROR, TODAY)
    withdraw(data, restore=True)
    done = publish(data, MIRROR, TODAY)
    assert done.new and values(data) == before and in_force(data.archive) == []
    assert [one.restored for one in decisions(data.archive)] == [False, True]
    notes = (data.releases / done.release.release_id / "changes.md").read_text()
    assert f"withdrawn (restored since) on 2026-11-23 by steward: {WHY}" in notes
    assert f"restored on 2026-11-23 by steward: {WHY}" in notes


def test_a_rebuild_gives_the_same_hash_and_the_notes_tell(data):
    add(data, YEARS, date(2020, 5, 1), *WRONG)
    withdraw(data)
    first = publish(data, MIRROR, TODAY).release
    notes = (data.releases / first.release_id / "changes.md").read_text()
    assert (
        f"## Withdrawn files\n\n- {NAME} ({newest(data)[:12]}, known from 2020-05-01): withdrawn on 2026-11-23" in notes
    )
    told = json.loads((data.releases / first.release_id / "release.json").read_text())["withdrawals"]
    assert [(one["file_name"], one["reason"], one["in_force"]) for one in told] == [(NAME, WHY, "True")]
    data.warehouse.unlink()
    for path in data.cache.glob("*"):
        path.unlink()
    assert publish(data, MIRROR, date(2027, 1, 1)).release.content_hash == first.content_hash


def test_a_name_is_withdrawn_and_the_content_counts_on_under_its_right_name(data):
    """A content that an older version archived under two years: the wrong one goes, the right one stays."""
    other = NAME.replace(YEARS, "1516-tov-1617")
    archive = Archive(data.archive)
    origin = origin_for(other, f"https://duo.nl/{other}", date(2018, 5, 1), edition="mirror")
    archive.add(zittenblijvers(*RIGHT), origin)
    (vintage,) = archive.vintages()
    assert vintage.origin.file_name == other
    decide(data.archive, vintage.sha256, False, "steward", WHY, MORNING, other)
    assert [one.origin.file_name for one in archive.vintages()] == [NAME]
    decide(data.archive, vintage.sha256, True, "steward", WHY, EVENING, other)
    assert [one.origin.file_name for one in archive.vintages()] == [other]
    decide(data.archive, vintage.sha256, False, "steward", WHY, EVENING)
    assert archive.vintages() == []


def test_the_bytes_stay_and_come_in_again_as_withdrawn(data, tmp_path):
    add(data, YEARS, date(2020, 5, 1), *WRONG)
    withdraw(data)
    archive = Archive(data.archive)
    assert archive.check() == [] and archive.object_path(newest(data)).exists()
    path = tmp_path / NAME
    path.write_bytes(zittenblijvers(*WRONG))
    origin = origin_for(NAME, f"https://duo.nl/{NAME}", TODAY, edition="mirror")
    assert origin is not None
    taken = check_and_archive(archive, ParseCache(data.cache), origin, path)
    assert taken.outcome == "known" and taken.news == (f"withdrawn on 2026-11-23 and left out: {WHY}",)
    assert len(archive.vintages()) == 1


def test_the_next_file_is_compared_with_one_that_counts(data, tmp_path):
    """Had it been compared with the withdrawn one, three rows would be missing."""
    add(data, YEARS, date(2020, 5, 1), *RIGHT, ("00AC", 10, 1), ("00AD", 10, 1), ("00AE", 10, 1))
    withdraw(data)
    path = tmp_path / NAME
    path.write_bytes(zittenblijvers(*WRONG))
    origin = origin_for(NAME, f"https://duo.nl/{NAME}", TODAY, edition="mirror")
    assert origin is not None
    taken = check_and_archive(Archive(data.archive), ParseCache(data.cache), origin, path)
    assert (taken.outcome, taken.rows_removed, taken.cells_changed) == ("revised", 0, 1)


def test_a_clock_set_back_does_not_undo_an_undo(tmp_path):
    """Decisions are ordered by sequence: "Restored" was said without effect when the clock stood before the withdrawal."""
    sha256 = "ab" * 32
    decide(tmp_path, sha256, False, "wie", "waarom", datetime(2026, 11, 23, 12, tzinfo=UTC))
    decide(tmp_path, sha256, True, "wie", "waarom", datetime(2026, 11, 23, 11, tzinfo=UTC))
    assert in_force(tmp_path) == []
    decide(tmp_path, sha256, False, "wie", "waarom", datetime(2026, 11, 23, 10, tzinfo=UTC))
    assert [one.sequence for one in decisions(tmp_path)] == [1, 2, 3] and [
        one.sha256 for one in in_force(tmp_path)
    ] == [sha256]


def test_decisions_of_before_the_sequence_go_by_their_moment_and_come_first(tmp_path):
    """Records that version 0.1 wrote, with its names and its marks."""
    sha256 = "ab" * 32
    for hour, restored in ((12, False), (13, True), (14, False)):
        record = {"told_at": f"2026-11-23T{hour}:00:00+00:00", "sha256": sha256, "restored": restored}
        record |= {"told_by": "wie", "reason": "waarom"}
        mark = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:8]
        write_json(tmp_path / "withdrawn" / f"{sha256}.{mark}.json", record)
    assert [one.decided_at.hour for one in decisions(tmp_path)] == [12, 13, 14] and [
        one.sha256 for one in in_force(tmp_path)
    ] == [sha256]
    decide(tmp_path, sha256, True, "wie", "waarom", datetime(2026, 11, 20, tzinfo=UTC))
    assert in_force(tmp_path) == []


def test_a_damaged_decision_is_named(tmp_path):
    decide(tmp_path, "ab" * 32, False, "wie", "waarom", datetime(2026, 11, 23, tzinfo=UTC))
    (path,) = (tmp_path / "withdrawn").glob("*.json")
    path.write_text(path.read_text().replace('"restored": false', '"restored": true'))
    with pytest.raises(ArchiveDamaged, match=path.name):
        in_force(tmp_path)


def test_a_vintage_is_named_by_hash_or_by_file(data):
    vintages = Archive(data.archive).all_vintages()
    assert find(vintages, NAME) == find(vintages, vintages[0].sha256[:8].upper()) == vintages[0]
    for name in ("nothing.csv", vintages[0].sha256[:5], ""):
        with pytest.raises(WithdrawalRefused, match="found neither in the archive"):
            find(vintages, name)
    add(data, YEARS, date(2020, 5, 1), *WRONG)
    with pytest.raises(WithdrawalRefused, match=r"expected one vintage, found 2: .* name one by its hash"):
        find(Archive(data.archive).all_vintages(), NAME)


def test_decisions_that_make_no_sense_are_refused(data):
    with pytest.raises(WithdrawalRefused, match="found one that counts"):
        withdraw(data, restore=True)
    with pytest.raises(WithdrawalRefused, match="--by and --why"):
        decide(data.archive, newest(data), False, "steward", "  ", MORNING)
    withdraw(data)
    with pytest.raises(WithdrawalRefused, match=r"withdrawn already on 2026-11-23 by steward .* --undo restores it"):
        withdraw(data)
    assert len(decisions(data.archive)) == 1


def test_the_command_withdraws_and_status_tells(data, monkeypatch):
    monkeypatch.setenv("SECTORAKKOORD_DATA", str(data.root))
    add(data, YEARS, date(2020, 5, 1), *WRONG)
    publish(data, MIRROR, TODAY)
    run = CliRunner().invoke
    sha256 = newest(data)
    words = ["withdraw", sha256[:12], "--why", f"{WHY} [b]", "--by", "steward"]
    done = run(cli.app, words)
    assert done.exit_code == exit_codes.OK and f"Withdrew {NAME} ({sha256[:12]}" in done.stdout
    assert exit_codes.exit_code(run(cli.app, words).exception) == exit_codes.USAGE
    assert f"withdrawn {sha256[:12]} on " in run(cli.app, ["status"]).stdout
    assert json.loads(run(cli.app, ["status", "--json"]).stdout)["withdrawn"][0]["reason"] == f"{WHY} [b]"
    rows = json.loads(run(cli.app, ["sources", "--json"]).stdout)
    assert {row["dataset"]: row["withdrawn"] for row in rows}["duo_05_zittenblijvers"] == 1
    undone = json.loads(run(cli.app, [*words, "--undo", "--json"]).stdout)
    assert (undone["restored"], undone["file_name"]) == (True, NAME)
