"""The same schedule with the server's database in PostgreSQL and two workers that share the work."""

import subprocess
import sys
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.postgres import postgres
from tests.schedule_case import PROJECT, Hook, Schedule, end, receiver, wait_for

pytestmark = [pytest.mark.prefect, pytest.mark.long]


@pytest.fixture
def second_worker(tmp_path):
    """Starts another worker for a schedule, as another machine would, and ends it after the test."""
    started = []

    def start(schedule: Schedule) -> Path:
        log = tmp_path / "second.log"
        command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "sectorakkoord", "--name", "second"]
        environment = schedule.environment | {
            "PREFECT_API_URL": schedule.api,
            "PREFECT_HOME": str(tmp_path / "second"),
            "PYTHONPATH": str(PROJECT),
        }
        with log.open("wb") as out:
            started.append(subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT))
        wait_for(lambda: b"started!" in log.read_bytes(), 60, "second worker")
        return log

    yield start
    for process in started:
        end(process)


def test_two_workers_on_one_postgresql_publish_one_after_another(tmp_path, second_worker):
    with receiver(ThreadingHTTPServer(("127.0.0.1", 0), Hook)) as hook, postgres() as database:
        schedule = Schedule(tmp_path / "data", f"http://127.0.0.1:{hook.server_port}/", "")
        schedule.environment["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = database.url
        try:
            done = schedule.command("schedule")
            assert done.returncode == 0, done.stdout + done.stderr
            assert not (schedule.data / "prefect" / "prefect.db").exists()
            log = second_worker(schedule)
            names = ("monthly", "duo", "cbs")
            runs = [schedule.start(f"refresh/{name}", edition="sample") for name in names]
            failing = schedule.start("refresh/inspectie", edition="mirror", folder=str(tmp_path / "nowhere"))
            assert [schedule.end_of(run)[0] for run in runs] == ["COMPLETED"] * 3
            assert schedule.end_of(failing)[0] == "FAILED"
            assert schedule.is_whole() and not schedule.builds()
            workers = schedule.post("work_pools/sectorakkoord/workers/filter")
            assert {worker["name"] for worker in workers} == {"sectorakkoord", "second"}
            taken = {"second": log.read_text(), "first": (schedule.data / "prefect" / "worker.log").read_text()}
            ours = [*runs, failing]
            assert all(sum(f"submitting flow run '{run}'" in text for text in taken.values()) == 1 for run in ours)
            assert len(wait_for(lambda: hook.received, 30, "alert")) == 1
        finally:
            schedule.command("unschedule")
