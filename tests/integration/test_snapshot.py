"""Snapshots: frozen once, versioned when the past becomes better known, and true to their hash."""

import json
import shutil
from datetime import date

import duckdb
import pytest

from tests.integration.test_publish import MIRROR, TODAY, add, data, national  # noqa: F401 (data is a fixture)
from warehouse.release.changes import ChangeCounts
from warehouse.release.publish import publish
from warehouse.release.snapshots import SnapshotError, default_day, read_snapshots, snapshots_folder, verify

BOTTOM_UP = "indicator_id = 'g02_zittenblijf_pct' AND method_version = 'bottom_up_incl_nieuwkomers' AND entity_level = 'national'"


def frozen(data, version):  # noqa: F811
    query = (
        f"SELECT period_label, numerator FROM snapshot.observation WHERE snapshot_id = '2020@{version}' AND {BOTTOM_UP}"
    )
    return national(data, query + " ORDER BY ALL")


def test_a_snapshot_holds_what_was_known_on_its_day(data):  # noqa: F811
    add(data, "1516-tov-1617", date(2021, 5, 1), ("00AA", 900, 30))
    made = publish(data, MIRROR, TODAY, snapshots={2018: None, 2020: None}).snapshots
    assert [(s.snapshot_id, new) for s, new in made] == [("2018@1.0.0", True), ("2020@1.0.0", True)]
    assert {s.basis for s, _ in made} == {"retrospective"}
    assert frozen(data, "1.0.0") == [("2017-2018 -> 2018-2019", 620.0)]
    assert national(
        data, f"SELECT count(*) FROM snapshot.observation WHERE snapshot_id = '2018@1.0.0' AND {BOTTOM_UP}"
    ) == [(0,)]


def test_freezing_again_changes_nothing(data):  # noqa: F811
    publish(data, MIRROR, TODAY, snapshots={2020: None})
    again = publish(data, MIRROR, TODAY, snapshots={2020: None})
    assert not again.new and [new for _, new in again.snapshots] == [False]


def test_late_knowledge_gives_a_new_version_and_keeps_the_old_one(data):  # noqa: F811
    publish(data, MIRROR, TODAY, snapshots={2020: None})
    add(data, "1516-tov-1617", date(2018, 5, 1), ("00AA", 900, 30))
    made = publish(data, MIRROR, TODAY).snapshots
    assert [(s.snapshot_id, new) for s, new in made] == [("2020@1.1.0", True)]
    assert frozen(data, "1.0.0") == [("2017-2018 -> 2018-2019", 620.0)]
    assert frozen(data, "1.1.0") == [("2015-2016 -> 2016-2017", 30.0), ("2017-2018 -> 2018-2019", 620.0)]
    added = national(
        data, f"SELECT kind, value_after FROM snapshot.change WHERE snapshot_id = '2020@1.1.0' AND {BOTTOM_UP}"
    )
    assert added == [("added", pytest.approx(100 * 30 / 900))]
    folder = read_snapshots(snapshots_folder(data.archive, MIRROR))[-1][1]
    assert "added | g02_zittenblijf_pct" in (folder / "changes.md").read_text()


@pytest.fixture
def reshaped(tmp_path, monkeypatch, repo):
    """Give the macro `observations_as_of` another shape: the code of a later release."""
    monkeypatch.setattr("warehouse.build.input_hash.ROOT", tmp_path / "tree")
    monkeypatch.setattr("warehouse.api.FOLDER", tmp_path / "tree" / "warehouse" / "api")
    shutil.copytree(repo / "warehouse" / "api", tmp_path / "tree" / "warehouse" / "api")

    def reshape(old, new):
        script = tmp_path / "tree" / "warehouse" / "api" / "10_asof.sql"
        assert script.read_text().count(old) == 1
        script.write_text(script.read_text().replace(old, new))

    return reshape


def snapshot_json(data):  # noqa: F811
    return read_snapshots(snapshots_folder(data.archive, MIRROR))[0][1] / "snapshot.json"


PLAIN, WITH_SECTOR = (
    "held.source, held.known_from, held.known_to,",
    "held.source, held.known_from, held.known_to, 'vo' AS sector,",
)


@pytest.mark.parametrize(
    ("frozen_as", "later", "names_columns"),
    [(PLAIN, WITH_SECTOR, True), (WITH_SECTOR, PLAIN, True), (PLAIN, WITH_SECTOR, False)],
    ids=["a new column", "a column less", "frozen before 0.2"],
)
def test_another_shape_is_no_other_knowledge(data, reshaped, frozen_as, later, names_columns):  # noqa: F811
    """The release has the new shape; the snapshot stays as it is and true to its hash."""
    reshaped(PLAIN, frozen_as)
    publish(data, MIRROR, TODAY, snapshots={2020: None})
    record = json.loads(snapshot_json(data).read_text())
    assert "value" in record["columns"]["observation"] and "source_lines" not in record["columns"]["observation"]
    if not names_columns:
        del record["columns"]
        path = snapshot_json(data)
        path.with_name("SHA256SUMS").unlink()
        path.write_text(json.dumps(record))
    assert verify(data.archive, MIRROR, 2020)[0].snapshot_id == "2020@1.0.0"
    reshaped(frozen_as, later)
    done = publish(data, MIRROR, TODAY)
    assert done.new and [(one.snapshot_id, new) for one, new in done.snapshots] == [("2020@1.0.0", False)]
    assert verify(data.archive, MIRROR, 2020)[0].snapshot_id == "2020@1.0.0"


def test_late_knowledge_under_another_shape_says_both(data, reshaped):  # noqa: F811
    publish(data, MIRROR, TODAY, snapshots={2020: None})
    reshaped(PLAIN, WITH_SECTOR)
    add(data, "1516-tov-1617", date(2018, 5, 1), ("00AA", 900, 30))
    ((made, new),) = publish(data, MIRROR, TODAY).snapshots
    assert (made.snapshot_id, new) == ("2020@1.1.0", True) and made.changes["revised"] == 0 < made.changes["added"]
    assert made.reason == "what was known on the date has changed; new column observation.sector"
    assert verify(data.archive, MIRROR, 2020)[0].snapshot_id == "2020@1.1.0"


def test_knowledge_from_after_its_day_leaves_a_snapshot_alone(data):  # noqa: F811
    publish(data, MIRROR, TODAY, snapshots={2020: None})
    add(data, "1718-tov-1819", date(2022, 5, 1), ("00AA", 4000, 252), ("00AB", 6000, 370))
    done = publish(data, MIRROR, TODAY)
    assert done.new and [new for _, new in done.snapshots] == [False]


def test_verify_recomputes_the_hash_and_finds_a_changed_file(data):  # noqa: F811
    publish(data, MIRROR, TODAY, snapshots={2020: None})
    assert verify(data.archive, MIRROR, 2020)[0].snapshot_id == "2020@1.0.0"
    path = read_snapshots(snapshots_folder(data.archive, MIRROR))[0][1] / "observation.parquet"
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE o AS FROM read_parquet('{path}'); UPDATE o SET value = 1 WHERE entity_level = 'national'"
        )
        con.execute(f"COPY o TO '{path}' (FORMAT parquet)")
    with pytest.raises(SnapshotError, match="expected the bytes that were frozen, found others"):
        verify(data.archive, MIRROR, 2020)


def test_verify_without_a_snapshot_says_how_to_make_one(data):  # noqa: F811
    with pytest.raises(SnapshotError, match="sectorakkoord snapshot 2019"):
        verify(data.archive, MIRROR, 2019)


def test_the_day_of_a_snapshot():
    assert default_day(2020, TODAY) == date(2020, 12, 31)
    assert default_day(2026, TODAY) == TODAY
    with pytest.raises(SnapshotError, match="has not come yet"):
        default_day(2027, TODAY)


def test_a_snapshot_made_on_its_day_is_contemporaneous(data):  # noqa: F811
    made = publish(data, MIRROR, TODAY, snapshots={2026: None}).snapshots
    assert [(s.as_of, s.basis) for s, _ in made] == [(TODAY, "contemporaneous")]


@pytest.mark.parametrize(
    ("counts", "after"),
    [
        (ChangeCounts(removed=1, added=5), "2.0.0"),
        (ChangeCounts(added=1), "1.3.0"),
        (ChangeCounts(revised=1), "1.3.0"),
        (ChangeCounts(relabelled=1), "1.3.0"),
        (ChangeCounts(), "1.2.4"),
    ],
)
def test_versions_follow_from_the_changes(counts, after):
    assert counts.next_version("1.2.3") == after
