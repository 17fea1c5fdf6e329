"""One bad file holds up nothing: named, held back by itself, the rest published, and lifted by a newer content."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cli
from flows.refresh import Report
from tests.helpers import origin_for
from tests.integration.test_publish import MIRROR, REPEATERS, TODAY, add, national, zittenblijvers
from warehouse.archive.held_back import held_back
from warehouse.archive.store import Archive
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish

YEARS = "1718-tov-1819"
NAME = f"05.-zittenblijven-vo-brinvest-{YEARS}.csv"
RIGHT = (("00AA", 4000, 250), ("00AB", 6000, 370))
IMPOSSIBLE = (("00AA", 4000, 900), ("00AB", 6000, 370))
BETTER = (("00AA", 4000, 251), ("00AB", 6000, 370))


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    """A published data directory with one file 05, and a later version that no published figure agrees with."""
    directory = DataDirectory(tmp_path / "data")
    add(directory, YEARS, date(2019, 5, 1), *RIGHT)
    publish(directory, MIRROR, TODAY)
    add(directory, YEARS, date(2020, 5, 1), *IMPOSSIBLE)
    return directory


def test_the_failing_file_is_held_back_and_the_rest_is_published(data, monkeypatch):
    add(data, "1516-tov-1617", date(2020, 5, 1), ("00AA", 4000, 250))
    done = publish(data, MIRROR, TODAY)
    assert done.new and [one.file_name for one in done.held_back] == [NAME]
    (reason,) = {one.reason for one in done.held_back}
    assert reason.startswith(f"{NAME}, audit reconciliation_explained: expected no finding, found ")
    assert "0 of its 2 lines are rejected, and beside the vintage of 2019-05-01 1 cells are changed" in reason
    assert national(data, REPEATERS)[-1] == (620.0, 10000.0, date(2019, 5, 1))
    (taken,) = Report("mirror", [], [], done).taken
    assert (taken.outcome, taken.file_name) == ("refused", NAME)
    monkeypatch.setenv("SECTORAKKOORD_DATA", str(data.root))
    run = CliRunner().invoke
    assert "audit reconciliation_explained" in run(cli.app, ["status"]).stdout
    assert json.loads(run(cli.app, ["quarantine", "--json"]).stdout)["files"][0]["file_name"] == NAME


def test_nothing_waits_for_it_and_a_newer_content_takes_its_place(data):
    publish(data, MIRROR, TODAY)
    again = publish(data, MIRROR, TODAY)
    assert not again.new and again.held_back == []
    add(data, YEARS, date(2021, 5, 1), *BETTER)
    done = publish(data, MIRROR, TODAY)
    assert done.new and done.held_back == []
    assert national(data, REPEATERS) == [(621.0, 10000.0, date(2021, 5, 1))]


def test_the_good_file_of_the_same_day_stands_although_the_bad_one_came_after_it(tmp_path):
    data = DataDirectory(tmp_path / "data")
    archive = Archive(data.archive)
    for rows, hour in ((RIGHT, 8), (IMPOSSIBLE, 12)):
        moment = datetime(2020, 5, 1, hour, tzinfo=UTC)
        origin = origin_for(NAME, f"https://duo.nl/{NAME}", moment.date(), edition="mirror", retrieved_at=moment)
        archive.add(zittenblijvers(*rows), origin)
    done = publish(data, MIRROR, TODAY)
    assert len(done.held_back) == 1
    assert national(data, REPEATERS) == [(620.0, 10000.0, date(2020, 5, 1))]


def test_with_another_register_or_code_it_is_tried_again(data, monkeypatch):
    publish(data, MIRROR, TODAY)
    (record,) = held_back(data.archive).values()
    path = data.archive / "held_back" / f"{record.sha256}.json"
    path.write_text(path.read_text().replace(record.code, "older code"))
    assert len(publish(data, MIRROR, TODAY).held_back) == 1


def test_what_today_cannot_be_read_is_held_back_during_the_build(data):
    publish(data, MIRROR, TODAY)
    other = NAME.replace(YEARS, "1516-tov-1617")
    Archive(data.archive).add(b"<html>", origin_for(other, f"https://duo.nl/{other}", TODAY, edition="mirror"))
    done = publish(data, MIRROR, TODAY)
    assert [one.file_name for one in done.held_back] == [other]
    assert national(data, REPEATERS) == [(620.0, 10000.0, date(2019, 5, 1))]
    assert not done.new and len(Archive(data.archive).refused_or_held_back()) == 2
