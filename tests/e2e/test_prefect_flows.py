"""The refresh as a Prefect flow without any server: what the command line shows, leaves and returns; what a run tells."""

import json
import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from flows.http.errors import NoSource
from flows.prefect_ops.events import alerts_of, file_alerts, first_published, last_due_year, revision_alerts
from flows.prefect_ops.processes import ScheduleError, born
from flows.prefect_ops.run_logs import ShortenExpected
from flows.prefect_ops.temporary_server import TemporaryServer
from tests.schedule_case import wait_for
from warehouse.database import connect
from warehouse.release.data_directory import DataDirectory
from warehouse.release.duckdb_file_store import DuckDBFileStore

PROJECT = Path(__file__).resolve().parents[2]
RELEASE = {"published": False, "release_id": "0001", "edition": "mirror", "values": {"revised": 0}, "files": []}


@pytest.fixture(scope="module")
def laptop(tmp_path_factory):
    """A data directory and a way to run the command line on it, with nothing of the caller's environment."""
    data = tmp_path_factory.mktemp("laptop") / "data"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "SECTORAKKOORD_"))}

    def command(*words: str, **more: str) -> subprocess.CompletedProcess:
        environment = kept | {"SECTORAKKOORD_DATA": str(data)} | more
        arguments = [sys.executable, "-m", "flows.cli", *words]
        return subprocess.run(arguments, cwd=PROJECT, env=environment, capture_output=True, text=True)

    return data, command


def history(data: Path, query: str) -> list[str]:
    """The one column that a query gives from Prefect's database in the data directory."""
    with closing(sqlite3.connect(f"file:{data / 'prefect' / 'prefect.db'}?mode=ro", uri=True)) as con:
        return [value for (value,) in con.execute(query)]


@pytest.mark.prefect
def test_a_refresh_without_a_server_publishes_and_leaves_artifacts(laptop):
    data, command = laptop
    done = command("refresh", "--edition", "sample")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Published release 0001" in done.stdout
    assert done.stderr == ""
    artifacts = history(data, "SELECT key FROM artifact WHERE key IS NOT NULL")
    assert {"refresh-files", "release-values", "release-notes"} <= set(artifacts)
    report = json.loads((data / "releases" / "last_refresh.json").read_text())
    assert report["published"] is True
    assert report["lines"]["read"] > 100 and report["seconds"].keys() == {"ingest", "publish"}
    # Its server outlives the run just long enough to write down all of it: every file, the publishing, the report.
    ended = "SELECT name FROM task_run WHERE state_type = 'COMPLETED'"
    wait_for(lambda: len(history(data, ended)) == len(report["files"]) + 2, 30, "whole history of tasks")


@pytest.mark.prefect
def test_the_command_line_sees_every_step_of_a_flow(laptop):
    program = (
        "import json, sys; from pathlib import Path; "
        "from flows.commands.refresh import through_prefect; from flows.refresh import Request; "
        "steps = []; report = through_prefect(Request('sample'), Path(sys.argv[1]), lambda *step: steps.append(step)); "
        "print(json.dumps([len(report['files']), steps]))"
    )
    # Without a release in place there is something to build.
    (laptop[0] / "warehouse.duckdb").unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", program, str(laptop[0])], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    files, steps = json.loads(done.stdout.splitlines()[-1])
    assert [step[1:] for step in steps[:files]] == [[at, files] for at in range(1, files + 1)]
    assert "bounds" in [step[0] for step in steps[files:]]


@pytest.mark.prefect
def test_a_killed_run_leaves_no_server_behind(laptop):
    program = (
        "import sys; from pathlib import Path; from flows.prefect_ops.temporary_server import TemporaryServer; "
        "print(TemporaryServer(Path(sys.argv[1])).process.pid, flush=True); input()"
    )
    command = [sys.executable, "-c", program, str(laptop[0] / "prefect")]
    run = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    server = int(run.stdout.readline())
    assert born(server)
    run.kill()
    run.communicate()
    # It first finishes what it began, so that no migration of its database is cut short.
    wait_for(lambda: born(server) is None, 90, "end of the server")


@pytest.mark.prefect
def test_a_server_that_does_not_come_up_is_reported_with_the_way_to_do_without(tmp_path, monkeypatch):
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", "nonsense://")
    with pytest.raises(ScheduleError, match=r"did not come up at http://127\.0\.0\.1:\d+; run with --plain"):
        TemporaryServer(tmp_path).wait()


@pytest.mark.prefect
def test_an_expected_fault_is_one_sentence_and_an_exit_code(laptop):
    _, command = laptop
    done = command("refresh", "--edition", "mirror", "--from", "nowhere")
    assert done.returncode == 4
    assert done.stderr.strip() == (
        "error nowhere: expected a folder laid out as host/path, found none; give one with --from FOLDER."
    )


def test_the_log_of_a_run_says_an_expected_fault_without_a_traceback():
    def said(fault: Exception) -> tuple[str, bool]:
        details = (type(fault), fault, None)
        record = logging.LogRecord("prefect.flow_runs", logging.ERROR, "", 1, "Encountered %r", (fault,), details)
        assert ShortenExpected(lambda fault: isinstance(fault, NoSource)).filter(record)
        return record.getMessage(), record.exc_info is None

    assert said(NoSource("folder: there is none.")) == ("folder: there is none.", True)
    assert said(KeyError("x")) == ("Encountered KeyError('x')", False)


def test_only_transient_faults_are_retried():
    from prefect.states import Failed

    from flows.prefect_flows import is_transient
    from warehouse.build.audits import AuditFailed
    from warehouse.release.ducklake_store import LakeUnavailable
    from warehouse.release.publish import Busy

    def again(fault: Exception) -> bool:
        return is_transient(None, None, Failed(data=fault, message=str(fault)))

    assert again(Busy("a lock")) and again(OSError("disk")) and again(LakeUnavailable("a lake"))
    assert not again(AuditFailed({"a law": [(1,)]})) and not again(NoSource("folder")) and not again(ValueError("bug"))


def test_files_that_were_not_ingested_are_alerts_once_each():
    outcomes = ("new", "known", "refused", "missing", "vanished", "absent")
    files = [{"dataset_id": "duo", "file_name": f"{one}.csv", "outcome": one, "reason": one} for one in outcomes]
    assert [(one.event, one.about, one.sentence) for one in file_alerts(files)] == [
        (f"sectorakkoord.file.{one}", f"file.duo.{one}.csv", one) for one in ("refused", "missing", "vanished")
    ]


@pytest.fixture
def revised(tmp_path):
    """A warehouse whose release revised a national value by 2 % and a board's by 20 %."""
    path = tmp_path / "warehouse.duckdb"
    with connect(path) as con:
        con.execute(
            """CREATE SCHEMA meta; CREATE TABLE meta.release_change AS
            SELECT * FROM (VALUES
                ('revised', 'g02', 'national', 'NL', '2019', 'total', 5.0, 5.1),
                ('revised', 'g02', 'board', '00819', '2019', 'total', 5.0, 6.0),
                ('revised', 'g02', 'board', '00820', '2019', 'total', NULL, 6.0),
                ('added', 'g02', 'board', '00821', '2019', 'total', NULL, 6.0)
            ) AS t(kind, indicator_id, entity_level, entity_id, period_label, breakdown, value_before, value_after);
            CREATE TABLE meta.release AS SELECT '0002' AS release_id, '1.1.0' AS version, 'mirror' AS edition, false AS synthetic,
            TIMESTAMPTZ '2026-11-23 10:00:00+00' AS published_at, '' AS input_hash, '' AS content_hash, '' AS code_version,
            '0001' AS previous_release_id, 0 AS audits, 0 AS removed, 0 AS added, 0 AS relabelled, 3 AS revised"""
        )
    return path


def test_revisions_are_alerts_above_the_tolerance_only(revised):
    (alert,) = revision_alerts(DuckDBFileStore(revised), "0002", 0.05)
    assert alert.about == "release.0002"
    assert "1 values were revised by more than 5%" in alert.sentence and "board 00819" in alert.sentence
    (alert,) = revision_alerts(DuckDBFileStore(revised), "0002", 0.01)
    assert "2 values" in alert.sentence and "national NL" in alert.sentence
    assert revision_alerts(DuckDBFileStore(revised), "0002", 0.5) == []


@pytest.mark.parametrize(("day", "year"), [((2026, 11, 30), 2025), ((2026, 12, 1), 2026), ((2027, 1, 1), 2026)])
def test_the_snapshot_of_a_year_is_due_on_the_first_of_december(day, year):
    assert last_due_year(date(*day)) == year


def test_a_missed_snapshot_is_an_alert_from_december_and_not_for_years_before_the_first_release(tmp_path):
    data = DataDirectory(tmp_path)

    def told(today: date, edition: str = "mirror") -> list[str]:
        return [one.about for one in alerts_of({**RELEASE, "edition": edition}, data, 0.05, today)]

    assert first_published(data.releases) is None and told(date(2026, 12, 5)) == []
    (data.releases / "0001").mkdir(parents=True)
    (data.releases / "0001" / "release.json").write_text('{"published_at": "2026-03-01 10:00:00+00:00"}')
    assert told(date(2026, 11, 30)) == []
    assert told(date(2026, 12, 1)) == ["snapshot.2026"]
    assert told(date(2026, 12, 1), "sample") == []
