"""A refresh over a folder: what is new, known, refused or not ours; and the last release stays when input is broken."""

import csv
import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from flows.health.monitoring import as_prometheus, state
from flows.ingest.editions import NoSource, folder_files
from flows.refresh import Request, edition_in, edition_to_schedule, refresh
from flows.settings import load_settings
from tests.integration.test_publish import national, zittenblijvers
from warehouse.archive.store import Archive
from warehouse.release.data_directory import DataDirectory
from warehouse.release.last_run import last_report

TODAY = date(2026, 11, 23)
NAME = "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv"
PLACE = f"duo.nl/open_onderwijsdata/images/{NAME}"
GOOD = zittenblijvers(*((f"{number:02d}AA", 1000, 62) for number in range(40)))


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    folder = tmp_path / "mirror"
    put(folder, GOOD)
    return folder


@pytest.fixture
def settings(tmp_path: Path):
    return load_settings(data=tmp_path / "data")


def put(folder: Path, content: bytes, place: str = PLACE, known: str = "2020-10-05") -> None:
    """Put a file into a mirror folder, with its day in the manifest."""
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    manifest = folder.parent / "manifest.csv"
    rows = list(csv.DictReader(manifest.open())) if manifest.exists() else []
    rows = [row for row in rows if row["path"] != place]
    digest = hashlib.sha256(content).hexdigest()
    rows.append({"path": place, "url": f"https://{place}", "retrieved_on": known, "sha256": digest})
    with manifest.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["path", "url", "retrieved_on", "sha256"])
        writer.writeheader()
        writer.writerows(rows)


def run(mirror: Path, settings, **more):
    return refresh(Request("mirror", mirror, site=False, **more), settings, TODAY)


def test_first_refresh_takes_the_file_in_with_the_day_of_the_manifest(mirror, settings):
    report = run(mirror, settings)
    assert [(taken.outcome, taken.data_lines) for taken in report.taken] == [("new", 40)]
    known = national(
        DataDirectory(settings.data), "SELECT known_from, synthetic FROM meta.source_file WHERE dataset_id LIKE 'duo%'"
    )
    assert known == [(date(2020, 10, 5), False)]


def test_second_refresh_archives_and_publishes_nothing(mirror, settings):
    run(mirror, settings)
    again = run(mirror, settings)
    assert [taken.outcome for taken in again.taken] == ["known"] and not again.published.new
    assert len(Archive(settings.data / "archive").vintages()) == 1


def test_a_copy_whose_bytes_the_manifest_does_not_name_counts_as_taken_today(mirror, settings):
    (mirror / PLACE).write_bytes(GOOD.replace(b";62;", b";63;", 1))
    found, _ = folder_files(mirror, "mirror", TODAY)
    assert [one.retrieved_on for one in found] == [TODAY]


BROKEN = {
    "a web page saved as csv": (b"<!DOCTYPE html><html><body>sorry</body></html>", "a data file", "web page"),
    "a missing column": (
        GOOD.replace(b"AANTAL_ZITTENBLIJVERS;", b"AANTAL_X;"),
        "the column AANTAL ZITTENBLIJVERS",
        "AANTAL_X",
    ),
    "cut off in the middle of a line": (GOOD[:-30], "11 fields and a line end", "cut off"),
    "commas for semicolons": (GOOD.replace(b";", b","), "fields separated by ';'", "','"),
    "the wrong code page": (
        GOOD.decode().replace("Voorbeeld", "CarrÃ©").encode(),
        "letters such as ë",
        "wrongly decoded",
    ),
    "an empty file": (b"", "data", "an empty file"),
    "half of the lines": (
        GOOD[: len(GOOD) // 2 + 60].rsplit(b"\r\n", 1)[0] + b"\r\n",
        "expected the 40 schools of the",
        "vintage of 2020-10-05",
    ),
    "letters for counts": (GOOD.replace(b";62;", b";abc;"), "rejected lines", "abc"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_file_is_named_kept_aside_and_changes_nothing(mirror, settings, fault):
    content, expected, found = BROKEN[fault]
    run(mirror, settings)
    data = DataDirectory(settings.data)
    before = data.warehouse.read_bytes()
    put(mirror, content, known="2021-10-05")
    report = run(mirror, settings)
    (taken,) = report.taken
    assert taken.outcome == "refused"
    assert taken.reason.startswith(NAME) and expected in taken.reason and found in taken.reason
    (kept,) = Archive(data.archive).refused()
    assert (data.archive / "refused" / kept["sha256"]).read_bytes() == content
    assert not report.published.new and data.warehouse.read_bytes() == before


def test_a_good_file_still_passes_beside_a_broken_one(mirror, settings):
    run(mirror, settings)
    put(mirror, b"<html>", "duo.nl/open_onderwijsdata/images/06-examenkandidaten-en-geslaagden-2014-2019.csv")
    put(mirror, zittenblijvers(("00AA", 900, 30)), PLACE.replace("1718-tov-1819", "1516-tov-1617"), "2018-11-06")
    report = run(mirror, settings)
    assert sorted(taken.outcome for taken in report.taken) == ["known", "new", "refused"] and report.published.new


def test_a_few_bad_rows_go_to_quarantine_and_nothing_is_lost(mirror, settings):
    rows = [(f"{number:02d}A{letter}", 1000, 62) for number in range(100) for letter in "AB"]
    content = zittenblijvers(*rows).replace(
        b"07AA;Voorbeeld;00;ASSEN;0106;ASSEN;Drenthe;1000;62", b"07AA;Voorbeeld;00;ASSEN;0106;ASSEN;Drenthe;1000;6x2"
    )
    put(mirror, content)
    run(mirror, settings)
    data = DataDirectory(settings.data)
    assert national(
        data, "SELECT data_lines, core_lines, quarantined_lines FROM meta.source_file WHERE dataset_id LIKE 'duo%'"
    ) == [(200, 199, 1)]
    ((line, column, raw, text),) = national(data, 'SELECT line, "column", raw_value, raw_text FROM meta.quarantine')
    assert (line, column, raw) == (16, "repeaters_n", "6x2") and text.startswith("07AA;Voorbeeld")


def test_names_that_no_dataset_claims_are_told(mirror, settings):
    put(mirror, b"a;b\n1;2\n", "duo.nl/open_onderwijsdata/images/iets-anders.csv")
    assert run(mirror, settings).unclaimed == ["duo.nl/open_onderwijsdata/images/iets-anders.csv"]


def test_the_report_is_kept_for_status_and_machines(mirror, settings):
    run(mirror, settings, snapshots={2020: None})
    report = last_report(DataDirectory(settings.data).releases)
    assert report["published"] and report["snapshots"] == [{"snapshot_id": "2020@1.0.0", "new": True}]
    assert edition_in(DataDirectory(settings.data)) == "mirror"


def test_a_schedule_is_told_its_edition_and_never_changes_it(mirror, settings):
    data = settings.directory
    with pytest.raises(NoSource, match="schedule --edition live"):
        edition_to_schedule(data, None)
    assert edition_to_schedule(data, "live") == "live"
    run(mirror, settings)
    assert edition_to_schedule(data, None) == edition_to_schedule(data, "mirror") == "mirror"
    with pytest.raises(NoSource, match="found the mirror edition published"):
        edition_to_schedule(data, "live")


def test_health_tells_ages_and_what_is_wrong(mirror, settings):
    now = datetime.now(UTC)
    data = settings.directory
    empty = state(data, 35, now)
    assert empty["level"] == "error" and "Nothing has been published" in empty["reasons"][0]
    run(mirror, settings)
    well = state(data, 35, now)
    assert (well["level"], well["reasons"]) == ("ok", []) and well["last_refresh"]["files"]["new"] == 1
    held = [one for one in well["sources"] if one["vintages"] and one["dataset_id"].startswith("duo")]
    assert [one["newest_age_days"] for one in held] == [(now.date() - date(2020, 10, 5)).days]
    late = state(data, 35, now + timedelta(days=36))
    assert late["level"] == "error" and "36 days ago, more than the 35" in late["reasons"][0]
    metrics = {family.name: family.samples for family in text_string_to_metric_families(as_prometheus(well))}
    assert metrics["sectorakkoord_health_level"][0].value == 0
    assert {one.labels["outcome"]: one.value for one in metrics["sectorakkoord_refresh_files"]}["new"] == 1
    put(mirror, b"<html>", "duo.nl/open_onderwijsdata/images/05.-zittenblijven-vo-brinvest-1617-tov-1718.csv")
    run(mirror, settings)
    assert state(data, 35, now)["level"] == "warning"


def test_a_schedule_refuses_made_up_data_unless_told_so(settings, monkeypatch):
    sample_data = settings.directory
    monkeypatch.setattr("flows.refresh.edition_in", lambda data: "sample")
    with pytest.raises(NoSource, match="whose schools are made up"):
        edition_to_schedule(sample_data, None)
    assert edition_to_schedule(sample_data, "sample") == "sample"


def test_without_a_folder_the_mirror_edition_says_what_to_give(settings, tmp_path):
    with pytest.raises(NoSource, match="--from FOLDER"):
        refresh(Request("mirror"), settings, TODAY)
    with pytest.raises(NoSource, match="expected a folder laid out as host/path"):
        refresh(Request("mirror", tmp_path / "nowhere"), settings, TODAY)
