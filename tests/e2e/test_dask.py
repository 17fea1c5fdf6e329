"""Files taken in by a real Dask cluster on this machine: the same files, the same archive, the same release."""

import json
import os
import pickle
import signal
import subprocess
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from flows.http.client import HttpClient
from flows.http.errors import Unreachable
from flows.http.run_client import client_for
from flows.ingest.editions import OfferedFile, folder_files
from flows.ingest.fetch import UnreachableHosts
from flows.ingest.gate import IngestResult
from flows.ingest.ingest_file import ingest
from flows.prefect_ops.task_runners import task_runner_for, worker_processes
from flows.settings import Settings, SettingsError, load_settings
from tests.schedule_case import PROJECT, free_port, wait_for
from warehouse.release.data_directory import DataDirectory
from warehouse.sample import FILES

DAY = date(2026, 1, 10)


def ingest_somewhere(found: OfferedFile, settings: Settings, processes: int) -> tuple[int, IngestResult]:
    """What the flow's task does, and the number of the process that did it."""
    return os.getpid(), ingest(found, DataDirectory(settings.data), client_for("run", settings, processes))


def files_under(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def contents_found(data: Path) -> list[str]:
    """The SHA-256 of every origin record."""
    return sorted(path.name.split(".")[0] for path in (data / "archive" / "origins").glob("*/*.json"))


def content_of(taken: IngestResult) -> tuple[str, str, int, int]:
    """What became of a file, apart from which of two versions came first: side by side that is chance."""
    return taken.file_name, taken.sha256, taken.data_lines, taken.quarantined_lines


@pytest.mark.scale
def test_a_cluster_of_its_own_leaves_the_same_archive_and_the_files_parsed(tmp_path):
    found, _ = folder_files(FILES, "sample", DAY)
    here = load_settings(data=tmp_path / "here")
    with HttpClient(here) as client:
        expected = [ingest(one, DataDirectory(here.data), client) for one in found]
    there = load_settings(data=tmp_path / "there", task_runner="dask")
    with task_runner_for(there) as dask:
        processes = worker_processes(dask)
        futures = [dask.client.submit(ingest_somewhere, one, there, processes) for one in found]
        pids, taken = zip(*dask.client.gather(futures), strict=True)
    assert processes == os.cpu_count() and os.getpid() not in pids
    assert [content_of(one) for one in taken] == [content_of(one) for one in expected]
    for folder in ("archive/objects", "cache"):
        assert files_under(there.data / folder) == files_under(here.data / folder) != set()
    # Origin records are named after what they say, the moment of the ingest included.
    assert contents_found(there.data) == contents_found(here.data) != []


def test_processes_share_the_pace_and_each_has_one_door():
    settings = load_settings(requests_per_second=3)
    client = client_for("a", settings, 2)
    assert client.settings.requests_per_second == 1.5
    assert client_for("a", settings, 2) is client and client_for("b", settings, 2) is not client


def test_a_host_that_was_closed_at_the_start_is_closed_in_every_process(tmp_path):
    fault = Unreachable("https://duo.nl/", "a connection", "none", "check the connection")
    one = folder_files(FILES, "sample", DAY)[0][0]
    found = OfferedFile(one.dataset, one.file_name, one.fetch, DAY, "live", closed=UnreachableHosts({"duo.nl": fault}))
    arrived = pickle.loads(pickle.dumps(found))
    assert arrived == found
    assert str(arrived.closed.fault(["duo.nl"])) == str(fault)


def test_a_scheduler_that_is_not_there_is_said_in_one_sentence():
    address = f"tcp://127.0.0.1:{free_port()}"
    with (
        task_runner_for(load_settings(task_runner=f"dask:{address}")) as dask,
        pytest.raises(SettingsError, match=f"no Dask scheduler answers at {address}"),
    ):
        worker_processes(dask)


@pytest.mark.parametrize("wrong", ["ray", "dask:", "dask:localhost:8786", "threads:2"])
def test_a_wrong_task_runner_is_refused(wrong):
    with pytest.raises(SettingsError, match="SECTORAKKOORD_TASK_RUNNER"):
        load_settings(task_runner=wrong)


@pytest.fixture
def cluster(tmp_path):
    """A Dask scheduler and two workers, as they would run on other machines. Gives its address and the workers."""
    address = f"tcp://127.0.0.1:{free_port()}"
    logs = tmp_path / "cluster"
    logs.mkdir()
    with ExitStack() as stack:

        def start(name: str, *words: str) -> subprocess.Popen[bytes]:
            log = stack.enter_context((logs / name).open("wb"))
            command = [sys.executable, "-m", "dask", *words]
            environment = os.environ | {"PYTHONPATH": str(PROJECT)}
            process = subprocess.Popen(command, cwd=logs, env=environment, stdout=log, stderr=subprocess.STDOUT)
            stack.callback(process.wait, 60)
            stack.callback(process.kill)
            return process

        host, port = "127.0.0.1", address.rpartition(":")[2]
        start("scheduler", "scheduler", "--host", host, "--port", port, "--no-dashboard")
        workers = [
            start(f"worker{i}", "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard") for i in (1, 2)
        ]
        yield address, workers


@pytest.mark.scale
@pytest.mark.prefect
def test_a_dask_worker_killed_in_the_middle_costs_nothing(tmp_path, cluster):
    address, workers = cluster
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "SECTORAKKOORD_"))}

    def start(data: str, *words: str, **more: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "flows.cli", "refresh", "--edition", "sample", "--json", *words]
        environment = kept | {"SECTORAKKOORD_DATA": str(tmp_path / data)} | more
        return subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)

    plain = json.loads(start("plain", "--plain").communicate()[0])
    run = start("dask", SECTORAKKOORD_TASK_RUNNER=f"dask:{address}")
    objects = tmp_path / "dask" / "archive" / "objects"
    wait_for(lambda: len(files_under(objects)) >= 2, 600, "second file in the archive")
    os.kill(workers[0].pid, signal.SIGKILL)
    assert len(files_under(objects)) < len(plain["files"])
    report = json.loads(run.communicate(timeout=600)[0])
    assert run.returncode == 0
    assert report["content_hash"] == plain["content_hash"]
    assert [(one["file_name"], one["sha256"]) for one in report["files"]] == [
        (one["file_name"], one["sha256"]) for one in plain["files"]
    ]
