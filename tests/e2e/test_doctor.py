"""The doctor finds what is wrong, says the way out, and finds nothing where nothing is."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cli, exit_codes
from flows.health import data_directory, installation, machine, schedule
from flows.health.finding import Finding
from flows.prefect_ops.processes import Background
from flows.settings import Settings
from schemas.register.reader import RegisterError
from tests.fakes import running_fake_publishers
from tests.people_case import TODAY, published_sample
from warehouse.archive.edition import Edition
from warehouse.database import connect
from warehouse.files import write_json
from warehouse.release.data_directory import DataDirectory
from warehouse.release.last_run import last_failure
from warehouse.release.publish import publish


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    """A published data directory of our own, to damage."""
    shutil.copytree(published_sample().root, tmp_path / "data")
    return DataDirectory(tmp_path / "data")


def wrong(findings) -> list[str]:
    """The sentences of what must be mended."""
    return [one.sentence for one in findings if one.level == "error"]


def test_a_published_directory_is_in_order():
    data = published_sample()
    found = [*machine.findings(data), *data_directory.findings(data), *schedule.findings(data)]
    assert wrong(found) == []
    told = " ".join(one.sentence for one in found)
    assert "is whole" in told and "3 versions of snapshots hold" in told and "vintages, each with the hash" in told


def test_an_empty_directory_is_no_illness_and_is_not_made(tmp_path):
    data = DataDirectory(tmp_path / "data")
    found = [*machine.findings(data), *data_directory.findings(data), *schedule.findings(data)]
    assert wrong(found) == [] and any("run `sectorakkoord refresh`" in one.sentence for one in found)
    assert not data.root.exists()


def test_this_installation_is_that_of_the_lock():
    assert wrong(installation.findings()) == []


def test_packages_that_differ_from_the_lock_are_named(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "duckdb==0.1 \\\n    --hash=sha256:ab\nnot-there==1.0 \\\n    --hash=sha256:ab\n"
        "elsewhere==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:ab\n"
    )
    found = installation.packages(lock)
    assert found.level == "error" and found.sentence.endswith("run `make setup`.")
    assert "instead of 0.1" in found.sentence and "not-there absent instead of 1.0" in found.sentence
    assert "elsewhere" not in found.sentence


@pytest.mark.parametrize(("lake", "level"), [(False, "warning"), (True, "error")])
def test_a_missing_extension_matters_to_a_lake_only(monkeypatch, lake, level):
    monkeypatch.setattr(installation, "EXTENSIONS", ("not_there",))
    found = installation.extensions(lake)
    assert found.level == level and "not_there" in found.sentence and "make setup-scale" in found.sentence


def test_a_changed_release_and_a_damaged_one_are_told(data):
    data.warehouse.chmod(0o644)
    with connect(data.warehouse) as con:
        con.execute("UPDATE goals.goal SET question_en = 'otherwise' WHERE goal_id = 'G01'")
    assert "changed after it was published" in data_directory.release(data).sentence
    data.warehouse.write_bytes(b"no database")
    found = data_directory.release(data)
    assert found.level == "error" and "cannot be read" in found.sentence and "made again" in found.sentence


def test_damage_in_archive_and_snapshots_is_told(data):
    next((data.archive / "objects").glob("*/*")).write_bytes(b"other")
    frozen = next((data.archive / "snapshots").rglob("2019/*/observation.parquet"))
    frozen.write_bytes(b"other")
    told = wrong(data_directory.findings(data))
    assert len(told) == 2 and "holds other bytes" in told[0] and "snapshot 2019@1.0.0" in told[1]
    next((data.archive / "objects").glob("*/*")).unlink()
    assert any("is not there" in sentence for sentence in wrong(data_directory.archive(data)))


def test_a_failed_build_is_told_until_one_comes_through(tmp_path, monkeypatch):
    data = DataDirectory(tmp_path / "data")
    shutil.copytree(published_sample().archive, data.archive)
    monkeypatch.setenv("SECTORAKKOORD_DATA", str(data.root))
    register = tmp_path / "register"
    register.mkdir()
    with pytest.raises(RegisterError, match=r"goal\.csv") as failed:
        publish(data, Edition("sample"), TODAY, register=register)
    failure = last_failure(data.releases)
    assert failure is not None and failure["sentence"] == str(failed.value) and failure["edition"] == "sample"
    assert data_directory.last_build(data).level == "error" and "goal.csv" in data_directory.last_build(data).sentence
    told = CliRunner().invoke(cli.app, ["status"]).exception
    assert exit_codes.exit_code(told) == exit_codes.NOTHING_PUBLISHED and "goal.csv" in str(told)
    shutil.copy(published_sample().warehouse, data.warehouse)
    assert "goal.csv" in CliRunner().invoke(cli.app, ["status"]).stdout
    assert json.loads(CliRunner().invoke(cli.app, ["status", "--json"]).stdout)["last_failure"] == failure
    publish(data, Edition("sample"), TODAY)
    assert last_failure(data.releases) is None and data_directory.last_build(data).level == "ok"


def test_the_holder_of_the_lock_is_named(data):
    code = "import sys, time\nfrom pathlib import Path\nfrom warehouse.release.data_directory import DataDirectory\n"
    code += "from warehouse.release.publish import writer\n"
    code += "with writer(DataDirectory(Path(sys.argv[1]))):\n    print('ready', flush=True)\n    time.sleep(60)\n"
    process = subprocess.Popen([sys.executable, "-c", code, str(data.root)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        (data.root / ".build-1.duckdb").touch()
        told = {one.check: one.sentence for one in machine.findings(data)}
        assert f"process {process.pid} " in told["lock"] or not Path("/proc/locks").exists()
        assert "No killed run" in told["leftovers"]
    finally:
        process.kill()
        process.wait()
    told = {one.check: one.sentence for one in machine.findings(data)}
    assert told["lock"] == "Nobody is publishing." and ".build-1.duckdb" in told["leftovers"]


def test_old_parts_are_leftovers_and_new_ones_are_not(data):
    old, new = data.archive / "objects" / ".old.part", data.archive / "objects" / ".new.part"
    old.touch()
    new.touch()
    os.utime(old, times=(time.time() - 2 * machine.STALE_S,) * 2)
    found = machine.leftovers(data, publishing=False)
    assert found.level == "warning" and ".old.part" in found.sentence and ".new.part" not in found.sentence


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    (refused,) = machine.permissions(DataDirectory(tmp_path / "data"))
    assert refused.level == "error" and "give permission" in refused.sentence


def test_a_full_disk_is_told(data, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(100, 99, 1))
    assert machine.disk(data).level == "error" and "free disk space" in machine.disk(data).sentence


@pytest.mark.server
def test_which_publishers_answer(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{probe.getsockname()[1]}"
    with running_fake_publishers(tmp_path, port=0) as fakes:
        (answers,) = machine.network(Settings(portal_url=fakes.url), "live")
        assert answers.level == "ok"
        assert machine.unanswered({"open": fakes.url, "shut": closed}, "test") == {"shut": "no connection"}
    (silent,) = machine.network(Settings(portal_url=closed), "sample")
    assert silent.level == "warning" and "sample and mirror editions do without" in silent.sentence
    (silent,) = machine.network(Settings(portal_url=closed), "live")
    assert silent.level == "error"


def test_a_schedule_whose_processes_are_gone_is_told(data):
    for name in ("server", "worker"):
        write_json(Background(data.root / "prefect", name).record, {"pid": 1, "born": "never", "address": "http://x"})
    told = wrong(schedule.findings(data))
    assert [sentence.split(" of ")[0] for sentence in told] == ["The server", "The worker"]
    assert all("make schedule" in sentence for sentence in told)


def test_a_run_that_hangs_is_told():
    states = [("refresh-live", "Running", "2026-11-23T06:00:00Z"), ("refresh-sample", "Late", "2026-11-23T09:30:00Z")]
    runs = [{"name": name, "state": {"name": state, "timestamp": at}} for name, state, at in states]
    (sentence,) = schedule.hanging(runs, datetime(2026, 11, 23, 10, tzinfo=UTC))
    assert sentence == "The run refresh-live has been running since 2026-11-23 06:00 UTC"


@pytest.mark.parametrize(("level", "code"), [("warning", exit_codes.OK), ("error", exit_codes.MEND)])
def test_the_command_ends_with_a_code_of_its_own(monkeypatch, level, code):
    monkeypatch.setattr(
        "flows.health.examine", lambda *_: iter([Finding("disk", level, "Full [red]; free disk space.")])
    )
    done = CliRunner().invoke(cli.app, ["doctor", "--json"])
    assert done.exit_code == code
    assert json.loads(done.stdout) == [{"check": "disk", "level": level, "sentence": "Full [red]; free disk space."}]
    assert "Full [red]; free disk space." in CliRunner().invoke(cli.app, ["doctor"]).stdout
