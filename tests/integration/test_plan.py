"""Look before you publish: a plan says what the next refresh does, and leaves no trace but the bytes it downloaded."""

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cli, exit_codes
from flows.plan import Plan, plan
from flows.prefect_ops.events import watch_alerts
from flows.refresh import Report, Request, refresh
from flows.settings import Settings, load_settings
from tests.integration.test_refresh import TODAY, put, zittenblijvers
from tests.live_case import FINAL, LATER, PROVISIONAL, publishers, settings_of, take_all
from tests.live_case import PLACE as LIVE_PLACE
from tests.people_case import published_sample
from warehouse.archive.store import Archive
from warehouse.database import connect, records
from warehouse.release.printed_figures import WATCH

YEARS = {2020: None, 2021: None}
MANY = zittenblijvers(*((f"{number // 9:02d}A{'ABCDEFGHI'[number % 9]}", 1000, 62) for number in range(120)))
LATE = MANY.replace(b";62;", b";63;", 1).replace(
    b"13AC;Voorbeeld;00;ASSEN;0106;ASSEN;Drenthe;1000;", b"13AC;Voorbeeld;00;ASSEN;0106;ASSEN;Drenthe;veel;"
)
"""A cell differs, and a line is rejected."""


def tree(root: Path) -> dict[str, tuple[str, int]]:
    """Every file and folder under `root`, with its content and when it was written."""
    return {
        str(path.relative_to(root)): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mtime_ns,
        )
        for path in root.rglob("*")
    }


def said(report: Report) -> dict:
    """What a refresh and a plan must say alike."""
    found = report.as_json()
    same = (
        "asked_edition",
        "edition",
        "changes",
        "lines",
        "files",
        "unclaimed",
        "published",
        "version",
        "content_hash",
        "values",
        "snapshots",
        "watched",
    )
    files = [{name: value for name, value in one.items() if name != "transferred"} for one in found["files"]]
    changes = {name: count for name, count in found["changes"].items() if name != "bytes_transferred"}
    return {name: found[name] for name in same} | {"files": files, "changes": changes}


def statuses(settings: Settings) -> dict[str, tuple[object, ...]]:
    """What is said of each goal now."""
    with settings.directory.published.open() as con:
        rows = con.execute(
            "SELECT goal_id, status, last_year, last_value, evidence_direction FROM goal_status"
        ).fetchall()
    return {goal: tuple(said) for goal, *said in rows}


def planned_then_done(request: Request, settings, today=TODAY) -> tuple[Plan, Report]:
    """Plan, see that nothing changed, refresh, and see that it did what the plan said."""
    settings.data.mkdir(exist_ok=True)
    before = tree(settings.data)
    found = plan(request, settings, today)
    assert tree(settings.data) == before
    stood = statuses(settings)
    done = refresh(request, settings, today)
    assert said(found.report) == said(done)
    stands = statuses(settings)
    changed = {goal for goal in stood if stood[goal] != stands[goal]}
    assert {row["goal_id"] for row in found.changes["statuses"] if row["as_known"] == "now"} == changed
    if done.published.new and done.published.release.previous_release_id:
        with connect(settings.directory.warehouse, read_only=True) as con:
            changed = records(con, "SELECT kind, count(*) AS number FROM meta.release_change GROUP BY kind")
        counted = {row["kind"]: row["number"] for row in changed}
        assert (
            len(found.changes["largest"])
            == sum(row["figures"] for row in found.changes["figures"])
            == sum(counted.values())
        )
    return found, done


def test_what_a_plan_says_is_what_the_next_refresh_does(tmp_path):
    settings, mirror = load_settings(data=tmp_path / "data"), tmp_path / "mirror"
    put(mirror, MANY)
    refresh(Request("mirror", mirror, site=False, snapshots=YEARS), settings, TODAY)
    request = Request("mirror", mirror, site=False)
    nothing, _ = planned_then_done(request, settings)
    assert not nothing.would_change and not any(nothing.changes.values())

    (settings.data / WATCH).write_text(
        "indicator,entity,year,value\ng02_zittenblijf_pct,00AA,2018,6.2\ng02_zittenblijf_pct,01AA,2018,6.2\n"
    )
    # Known before the end of 2021 and after that of 2020: one of the two snapshots changes.
    put(mirror, LATE, known="2021-03-01")
    revised, done = planned_then_done(request, settings)
    assert revised.report.count("revised") == 1 and done.published.release.version == "2.0.0"
    assert [new for _, new in done.published.snapshots] == [False, True]
    nationally = [row for row in revised.changes["largest"] if row["entity_level"] == "national"]
    assert {row["kind"] for row in nationally} == {"revised"} and nationally[0]["value_before"] < nationally[0][
        "value_after"
    ]

    watched = done.as_json()["watched"]
    assert watched["figures"] == 2 and [one["verdict"] for one in watched["moved"]] == ["changed"]
    (alert,) = watch_alerts(watched)
    assert alert.sentence.startswith(
        "1 of 2 watched figures do not hold now; the first: watch.csv, line 2, g02_zittenblijf_pct:"
    )
    assert alert.sentence.endswith("expected 6.2, found 6.3; it held until 2021-03-01.")
    (settings.data / WATCH).write_text("indicator,year,value\ng02_zittenblijf_pct,2018,much\n")

    put(mirror, MANY[: len(MANY) // 2], known="2022-03-01")
    refused, _ = planned_then_done(request, settings)
    assert not refused.would_change and [one.outcome for one in refused.report.taken] == ["refused"]
    assert len(Archive(settings.data / "archive").refused()) == 1
    assert "expected a number" in refused.report.watched["fault"]  # and the refresh went on


@pytest.mark.slow
def test_a_plan_of_the_live_edition_keeps_what_it_downloaded_and_decides_nothing(tmp_path, monkeypatch):
    with publishers() as fakes:
        settings = settings_of(fakes, tmp_path)
        take_all(settings)
        fakes.put(LIVE_PLACE, FINAL)
        before, held = tree(settings.data), Archive(settings.data / "archive").vintages()
        found = plan(Request("live", publisher="duo"), settings, LATER)
        after = tree(settings.data)
        new = set(after) - set(before)
        digest = hashlib.sha256(FINAL).hexdigest()
        files = {name for name in new if (settings.data / name).is_file()}
        assert files == {f"archive/objects/{digest[:2]}/{digest}"}
        changed = {name for name in before if before[name][0] != after[name][0]}
        assert len(changed) == 1 and changed.pop().startswith("archive/fetched/")
        assert Archive(settings.data / "archive").vintages() == held
        check_one_file_of_ones_own(settings, tmp_path, monkeypatch)
        done = take_all(settings, LATER)
    assert said(found.report) == said(done) and done.count("revised") == 1
    assert found.report.changes()["bytes_transferred"] == len(FINAL) and done.changes()["bytes_transferred"] == 0


def check_one_file_of_ones_own(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("SECTORAKKOORD_DATA", str(settings.data))
    before = tree(settings.data)

    def asked(name: str, content: bytes) -> tuple[int, dict]:
        (tmp_path / name).write_bytes(content)
        done = CliRunner().invoke(cli.app, ["plan", str(tmp_path / name), "--json"])
        if done.exception and not isinstance(done.exception, SystemExit):
            return exit_codes.exit_code(done.exception), {"error": str(done.exception)}
        return done.exit_code, json.loads(done.stdout)

    name = LIVE_PLACE.rpartition("/")[2]
    code, found = asked(name, FINAL)
    assert code == exit_codes.WOULD_CHANGE and found["files"][0]["dataset_id"] == "duo_05_zittenblijvers"
    assert found["files"][0]["outcome"] == "revised" and found["values"]["revised"] > 0
    assert asked(name, PROVISIONAL)[0] == exit_codes.OK
    code, found = asked(name, FINAL.replace(b";1010;60;", b";many;60;"))
    assert (
        code == exit_codes.REFUSED
        and "duo_05_zittenblijvers" in json.dumps(found["files"])
        and not found["would_change"]
    )
    code, found = asked("unknown.csv", FINAL)
    assert code == exit_codes.NO_SOURCE and "found another name" in found["error"]
    assert tree(settings.data) == before


@pytest.mark.long
def test_the_sample_with_a_late_file(tmp_path):
    """A revision from before the snapshots of the sample: statuses and snapshots that a plan names are those that come."""
    shutil.copytree(published_sample().root, tmp_path / "data")
    settings = load_settings(data=tmp_path / "data")
    archive = Archive(settings.data / "archive")
    (held,) = [
        one for one in archive.vintages() if one.origin.file_name == "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv"
    ]
    head, *lines = held.path.read_bytes().split(b"\r\n")
    place = head.split(b";").index(b"AANTAL_ZITTENBLIJVERS")
    at, cells = next(
        (at, line.split(b";")) for at, line in enumerate(lines) if line.split(b";")[place] not in (b"0", b"")
    )
    cells[place] = b"0"
    later = replace(held.origin, retrieved_on=held.known_from + timedelta(1), published_on=None)
    archive.add(b"\r\n".join([head, *lines[:at], b";".join(cells), *lines[at + 1 :]]), later)
    found, done = planned_then_done(Request("sample", fetch=False, site=False), settings)
    assert found.would_change and found.changes["figures"]
    assert [new for _, new in done.published.snapshots] == [
        snapshot.as_of > later.known_from for snapshot, _ in done.published.snapshots
    ]
