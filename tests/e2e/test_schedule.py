"""The schedule on one machine: a real server, a real worker, real receivers of alerts, all on loopback."""

import json
import os
import signal
from datetime import datetime
from http.server import ThreadingHTTPServer
from socketserver import ThreadingTCPServer
from zoneinfo import ZoneInfo

import pytest
import requests

from flows.health import schedule as doctor
from flows.prefect_ops.processes import born
from tests.helpers import tiny_05
from tests.schedule_case import Hook, Mailbox, Schedule, declared, receiver, wait_for
from warehouse.release.data_directory import DataDirectory

pytestmark = [pytest.mark.prefect, pytest.mark.slow]


@pytest.fixture(scope="module")
def hook():
    with receiver(ThreadingHTTPServer(("127.0.0.1", 0), Hook)) as server:
        yield server


@pytest.fixture(scope="module")
def mailbox():
    with receiver(ThreadingTCPServer(("127.0.0.1", 0), Mailbox)) as server:
        yield server


@pytest.fixture(scope="module")
def schedule(tmp_path_factory, hook, mailbox):
    """A schedule that runs for all tests of this file."""
    one = Schedule(
        tmp_path_factory.mktemp("data"),
        f"http://127.0.0.1:{hook.server_port}/alerts",
        f"mailto://127.0.0.1:{mailbox.server_address[1]}?from=warehouse@example.org&to=team@example.org",
    )
    try:
        done = one.command("schedule")
        assert done.returncode == 0, done.stdout + done.stderr
        one.said = done.stdout
        yield one
        pids = [one.pid(name) for name in ("server", "worker", "report")]
    finally:
        one.command("unschedule")
    assert [born(pid) for pid in pids] == [None] * 3
    assert one.command("unschedule").stdout.strip() == "Nothing was running."


def test_the_doctor_finds_a_schedule_that_runs(schedule):
    data = DataDirectory(schedule.data)
    found = list(doctor.findings(data))
    assert [one.level for one in found] == ["ok", "ok"], found
    assert "Server and worker and report run" in found[0].sentence and found[1].sentence == "No run hangs."
    assert isinstance(doctor.runs(schedule.api.removesuffix("/api")), list)
    assert doctor.runs("http://127.0.0.1:1") is None


def test_everything_declared_is_deployed_with_schedule_schema_and_limit(schedule):
    assert f"http://127.0.0.1:{schedule.port}" in schedule.said
    deployed = {one["name"]: one for one in schedule.post("deployments/filter")}
    assert set(deployed) == {one["name"] for one in declared()}
    crons = {
        each["slug"]: (each["schedule"]["cron"], each["schedule"]["timezone"], each["active"])
        for one in deployed.values()
        for each in one["schedules"]
    }
    assert crons == {
        "monthly": ("0 5 5 * *", "Europe/Amsterdam", True),
        "before-snapshot": ("0 5 27 11 *", "Europe/Amsterdam", True),
        "yearly": ("0 6 28 11 *", "Europe/Amsterdam", True),
        "weekly": ("0 4 * * 1", "Europe/Amsterdam", True),
    }
    for one in deployed.values():
        assert "sectorakkoord" in one["tags"] and one["description"]
        assert one["work_pool_name"] == "sectorakkoord"
        assert one["global_concurrency_limit"]["limit"] == 1
    years = deployed["years"]["parameter_openapi_schema"]["properties"]["first"]
    assert (years["minimum"], years["maximum"]) == (2000, 2100)
    publisher = deployed["cbs"]["parameter_openapi_schema"]["properties"]["publisher"]
    assert publisher["anyOf"][0]["enum"] == ["duo", "cbs", "inspectie"]
    limit = requests.get(f"{schedule.api}/v2/concurrency_limits/sectorakkoord-publishing", timeout=30).json()
    assert limit["limit"] == 1


def test_the_pages_ask_the_server_they_come_from_and_nobody_else(schedule):
    told = requests.get(f"http://127.0.0.1:{schedule.port}/ui-settings", timeout=30).json()
    # The newer pages ask a host outside for the settings of their analytics, also where those are off.
    assert (told["api_url"], told["default_ui"]) == ("/api", "v1")


def test_the_scheduler_plans_runs_in_dutch_time(schedule):
    """Prefect 3.9.1 fails at every schedule with a time zone when `whenever` is older than 0.11: then nothing starts on time."""

    def planned() -> list[dict]:
        names = {one["id"]: one["name"] for one in schedule.post("deployments/filter")}
        runs = schedule.post("flow_runs/filter", flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}})
        return [run for run in runs if names.get(run["deployment_id"]) == "weekly"]

    # Prefect plans a hundred days ahead: the yearly run is not among them for most of the year.
    run = wait_for(planned, 90, "planned weekly discovery")[0]
    at = datetime.fromisoformat(run["expected_start_time"]).astimezone(ZoneInfo("Europe/Amsterdam"))
    assert (at.weekday(), at.hour, at.minute) == (0, 4, 0)


def test_a_wrong_parameter_is_refused_by_the_schema(schedule):
    with pytest.raises(requests.HTTPError, match=r"409|422"):
        schedule.start("refresh/monthly", publisher="nobody")


def summaries(schedule: Schedule, run: str) -> list[dict]:
    """The lines of JSON in the log of a run, from its end: the log is longer than one answer of the server."""
    logs = schedule.post("logs/filter", logs={"flow_run_id": {"any_": [run]}}, sort="TIMESTAMP_DESC")
    return [json.loads(one["message"][8:]) for one in logs if one["message"].startswith("refresh {")]


def test_two_refreshes_at_once_publish_once_and_leave_artifacts(schedule):
    # Two deployments: within one deployment the second waits for the first.
    runs = [schedule.start("refresh/monthly", edition="sample"), schedule.start("refresh/duo", edition="sample")]
    assert [schedule.end_of(run)[0] for run in runs] == ["COMPLETED", "COMPLETED"]
    assert schedule.is_whole() and not schedule.builds()
    first = schedule.run(runs[0])
    assert first["name"] == "refresh-sample"
    artifacts = {one["key"] for one in schedule.post("artifacts/filter")}
    assert {"refresh-files", "release-values", "release-notes"} <= artifacts
    (link, *_) = schedule.post("artifacts/filter", artifacts={"key": {"any_": ["report"]}})
    address = link["data"].partition("](")[2].rstrip(")")
    assert address == f"http://127.0.0.1:{schedule.report_port}/index.html"
    assert "Sectorakkoord" in requests.get(address, timeout=30).text
    tasks = {one["name"] for one in schedule.post("task_runs/filter", flow_runs={"id": {"any_": runs}})}
    assert "publish sample" in tasks
    (summary,) = wait_for(lambda: summaries(schedule, runs[0]), 60, "line of JSON in the log")
    assert summary["lines"]["read"] > 100 and summary["seconds"].keys() == {"ingest", "publish", "report"}
    assert any(name.startswith("ingest duo duo_05_zittenblijvers ") for name in tasks)
    assets = schedule.post("events/filter", filter={"event": {"prefix": ["prefect.asset.materialization.succeeded"]}})
    assert {event["resource"]["prefect.resource.id"] for event in assets["events"]} >= {"sectorakkoord://indicators"}


def test_a_refused_file_and_a_failed_run_are_told_by_webhook_and_mail(schedule, hook, mailbox, tmp_path):
    broken = tmp_path / "mirror" / "duo.nl" / "02.-alle-vestigingen-vo.csv"
    broken.parent.mkdir(parents=True)
    broken.write_text("<html>Deze pagina bestaat niet</html>")
    refused = schedule.start(
        "refresh/duo", edition="mirror", folder=str(tmp_path / "mirror"), data=str(tmp_path / "elsewhere")
    )
    failed = schedule.start("refresh/monthly", edition="mirror", folder=str(tmp_path / "nowhere"))
    assert schedule.end_of(refused)[0] == "COMPLETED"
    state, message = schedule.end_of(failed)
    assert state == "FAILED" and "expected a folder laid out as host/path, found none" in message

    def told(words: str) -> list[dict]:
        return [one for one in hook.received if words in one["text"]]

    (about_file, *again) = wait_for(lambda: told("found a web page"), 30, "alert about the file")
    assert about_file["event"] == "sectorakkoord.file.refused"
    assert about_file["about"] == "file.duo_vestigingen.02.-alle-vestigingen-vo.csv"
    assert {one["id"] for one in again} <= {about_file["id"]}
    assert wait_for(lambda: told("found none"), 30, "alert about the run")[0]["event"] == "prefect.flow-run.Failed"
    subjects = "\n".join(mailbox.received)
    assert "Subject: Sectorakkoord: a run failed" in subjects
    assert "To: team@example.org" in subjects
    logs = schedule.post("logs/filter", logs={"flow_run_id": {"any_": [failed]}})
    assert not any("Traceback" in one["message"] for one in logs)


def test_a_large_revision_and_a_missed_snapshot_are_told(schedule, hook, tmp_path):
    mirror, data = tmp_path / "mirror", tmp_path / "revised"
    file = mirror / "duo.nl" / "05-zittenblijvers-niveau-vestiging-2017-2018-tov-2018-2019.csv"
    file.parent.mkdir(parents=True)

    def refresh(one: int, other: int) -> None:
        """Two schools whose repeaters together stay at the share that is published for the country."""
        rest = [(f"{site:02d}AA00", 1000, 62) for site in range(40)]
        file.write_text(tiny_05([*rest, ("98ZZ00", 1000, one), ("99ZZ00", 1000, other)]))
        run = schedule.start("refresh/duo", edition="mirror", folder=str(mirror), data=str(data))
        assert schedule.end_of(run)[0] == "COMPLETED"

    def told(event: str) -> list[dict]:
        return [one for one in hook.received if one["event"] == event]

    refresh(62, 62)
    assert not told("sectorakkoord.values.revised") and not told("sectorakkoord.snapshot.missed")
    # As if the first release had been made before the last snapshot was due.
    release = data / "releases" / "0001" / "release.json"
    long_ago = json.loads(release.read_text()) | {"published_at": "2020-01-01 12:00:00+00:00"}
    release.write_text(json.dumps(long_ago))
    refresh(40, 84)
    missed = wait_for(lambda: told("sectorakkoord.snapshot.missed"), 30, "alert about the snapshot")[0]
    assert "there is none" in missed["text"]
    revised = wait_for(lambda: told("sectorakkoord.values.revised"), 30, "alert about the revision")[0]
    assert "revised by more than 5%" in revised["text"] and "changes.md" in revised["text"]


def test_starting_again_changes_nothing(schedule):
    before = (schedule.pid("server"), schedule.pid("worker"))
    automations = {one["name"]: one["id"] for one in schedule.post("automations/filter")}
    done = schedule.command("schedule")
    assert done.returncode == 0, done.stdout
    assert (schedule.pid("server"), schedule.pid("worker")) == before
    assert {one["name"]: one["id"] for one in schedule.post("automations/filter")} == automations
    assert len(schedule.post("deployments/filter")) == len(declared())


def test_the_command_line_uses_the_server_that_runs(schedule):
    done = schedule.command("refresh", "--edition", "sample", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    runs = schedule.post("flow_runs/filter", flow_runs={"deployment_id": {"is_null_": True}})
    assert [(run["name"], run["state"]["type"]) for run in runs] == [("refresh-sample", "COMPLETED")]


def assert_the_next_run_recovers(schedule: Schedule) -> None:
    """After whatever happened: nothing half published, and the next run puts all in order."""
    assert schedule.is_whole()
    assert schedule.command("schedule").returncode == 0
    assert schedule.end_of(schedule.start("refresh/monthly", edition="sample"))[0] == "COMPLETED"
    assert schedule.is_whole() and (schedule.data / "warehouse.duckdb").exists()
    assert not schedule.builds()


def test_a_cancelled_run_publishes_nothing(schedule):
    run, _ = schedule.start_and_wait_for_build()
    schedule.post(f"flow_runs/{run}/set_state", state={"type": "CANCELLING", "name": "Cancelling"})
    assert schedule.end_of(run)[0] == "CANCELLED"
    assert not (schedule.data / "warehouse.duckdb").exists()
    assert_the_next_run_recovers(schedule)


def test_a_killed_worker(schedule, hook):
    run, process = schedule.start_and_wait_for_build()
    schedule.kill("worker")
    assert schedule.end_of(run)[0] in {"CRASHED", "COMPLETED"}
    wait_for(lambda: born(process) is None, 60, "end of the run's process")
    assert_the_next_run_recovers(schedule)


def test_a_killed_server(schedule):
    run, _ = schedule.start_and_wait_for_build()
    os.killpg(schedule.pid("server"), signal.SIGKILL)
    # What is nearly done is finished without the server: the lock of the data directory guards it.
    wait_for(lambda: not schedule.builds(), 90, "end of the publishing")
    assert schedule.is_whole() and (schedule.data / "warehouse.duckdb").exists()
    assert_the_next_run_recovers(schedule)
    # The run could not tell how it ended, or told it when the server was back; it never stays RUNNING.
    assert schedule.end_of(run)[0] in {"FAILED", "CRASHED", "COMPLETED"}


def test_a_machine_that_is_gone_is_noticed_by_its_silence(schedule, hook):
    run, process = schedule.start_and_wait_for_build()
    schedule.kill("worker")
    os.kill(process, signal.SIGKILL)
    state, message = schedule.end_of(run)
    assert (state, message[:15]) == ("CRASHED", "No heartbeat fo")
    wait_for(lambda: [one for one in hook.received if "No heartbeat" in one["text"]], 30, "alert")
    assert not (schedule.data / "warehouse.duckdb").exists()
    assert_the_next_run_recovers(schedule)
