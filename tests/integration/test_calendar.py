"""When the next file is due: per dataset, as seen on a day, in health, alerts and exports."""

from datetime import UTC, date, datetime

import pytest

from flows.health.monitoring import as_prometheus, state
from flows.prefect_ops.events import OVERDUE, alerts_of
from schemas.datasets import datasets
from tests.integration.test_publish import TODAY, zittenblijvers
from tests.tiny_files import FILE_SITES, add_found, address_file
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.exports.export import next_updates
from warehouse.release.calendar import calendar_on
from warehouse.release.content_hash import content_hash
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish

REPEATERS, SITES = "duo_05_zittenblijvers", "duo_vestigingen"


@pytest.fixture(scope="module")
def live(tmp_path_factory) -> DataDirectory:
    """A live release with two years of file 05, known in 2018 and 2019, and one state of the sites."""
    data = DataDirectory(tmp_path_factory.mktemp("calendar") / "data")
    archive = Archive(data.archive)
    for years, known in (("1516-tov-1617", "2018-02-01"), ("1617-tov-1718", "2019-02-01")):
        text = zittenblijvers(("00AA", 1000, 50), ("00AB", 1000, 50)).decode("cp1252")
        add_found(
            archive,
            f"05.-zittenblijven-vo-brinvest-{years}.csv",
            text.replace("Voorbeeld", years),
            known,
            edition="live",
        )
    add_found(archive, FILE_SITES, address_file({"00AA00": ("12345", "Drenthe")}), "2019-02-10", edition="live")
    publish(data, Edition("live"), TODAY)
    return data


@pytest.mark.parametrize(
    ("day", "period", "due", "stands"),
    [
        # Between the two files only the first is known, whatever came later.
        ("2018-09-30", "2016-2017 -> 2017-2018", "2018-09-30", "expected"),
        ("2018-12-30", "2016-2017 -> 2017-2018", "2018-09-30", "due"),
        ("2018-12-31", "2016-2017 -> 2017-2018", "2018-09-30", "overdue"),
        ("2019-03-01", "2017-2018 -> 2018-2019", "2019-09-30", "expected"),
        ("2017-01-01", None, None, "unknown"),
    ],
)
def test_the_next_file_is_due_a_year_after_the_second_count_as_known_on_the_day(live, day, period, due, stands):
    with live.published.open() as con:
        row = calendar_on(con, date.fromisoformat(day))[REPEATERS]
    assert (row["next_period"], row["due_on"], row["state"]) == (period, due and date.fromisoformat(due), stands)


def test_a_state_is_due_the_month_after_and_what_is_not_known_has_no_day(live):
    with live.published.open() as con:
        rows = calendar_on(con, date(2019, 3, 31))
        assert (rows[SITES]["due_on"], rows[SITES]["state"]) == (date(2019, 3, 31), "expected")
        assert set(rows) == set(datasets())
        for name, dataset in datasets().items():
            known = dataset.cadence.due_month or dataset.cadence.due_weeks or dataset.cadence.renewal == "monthly"
            assert known or (rows[name]["due_on"], rows[name]["state"] in ("unknown", "stopped")) == (None, True)
        assert rows["cbs_84782ned"]["state"] == rows["inspectie_oordelen_v02"]["state"] == "stopped"
        # The view is as seen on the day of the release, whenever it is asked; no clock is in the content.
        assert con.execute(
            "SELECT DISTINCT on_date = published_at::DATE FROM release_calendar, meta.release"
        ).fetchall() == [(True,)]
        assert content_hash(con) == con.execute("SELECT content_hash FROM meta.release").fetchone()[0]


def test_what_is_overdue_is_in_health_alerts_and_the_next_update_in_exports(live):
    report = {"published": False, "values": {"revised": 0}, "files": [], "edition": "live"}

    def alerts(day: date, edition: str = "live") -> list[str]:
        found = alerts_of({**report, "edition": edition}, live, 0.05, day)
        return [one.about for one in found if one.event == OVERDUE]

    assert alerts(date(2019, 6, 20)) == [f"dataset.{SITES}"] and alerts(date(2019, 3, 1)) == []
    assert (
        alerts(date(2020, 6, 20)) == [f"dataset.{REPEATERS}", f"dataset.{SITES}"]
        and alerts(date(2020, 6, 20), "mirror") == []
    )
    late = state(live, 1e6, datetime(2019, 6, 20, tzinfo=UTC))
    (reason,) = [one for one in late["reasons"] if "dataset" in one]
    assert reason.startswith(
        f"dataset {SITES}: expected a file after that of 2019-02-10 by 2019-03-31 (2019-05-26 with grace)"
    )
    overdue = [line for line in as_prometheus(late).splitlines() if line.startswith("sectorakkoord_source_overdue")]
    assert [line.rpartition(" ")[2] for line in sorted(overdue)] == ["0.0", "1.0"] and SITES in sorted(overdue)[1]
    with live.published.open() as con:
        said = next_updates(con)
    assert {
        "dataset_id": REPEATERS,
        "next_period": "2017-2018 -> 2018-2019",
        "due_on": "2019-09-30",
        "state": "overdue",
    } in said["next_updates"]
    assert f"{REPEATERS} 2017-2018 -> 2018-2019 uiterlijk 2019-09-30" in said["next_update_nl"]
