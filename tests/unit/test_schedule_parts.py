"""What a schedule is made of, one by one and without a server: processes, settings, declared deployments."""

import os
import pickle
import socket
import sys
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from prefect import Task
from prefect.task_runners import ThreadPoolTaskRunner

from flows import prefect_flows
from flows.prefect_ops.processes import Background, ScheduleError, born
from flows.prefect_ops.schedule_settings import ScheduleSettings, load_schedule_settings
from flows.prefect_ops.services import check_free
from flows.prefect_ops.task_runners import task_runner_for
from flows.settings import Settings, SettingsError, load_settings
from tests.schedule_case import declared
from warehouse.release.data_directory import DataDirectory


def test_a_number_that_another_process_got_is_left_alone(tmp_path):
    process = Background(tmp_path, "sleeper")
    process.start([sys.executable, "-c", "import time; time.sleep(60)"], dict(os.environ), lambda: True, 10)
    pid = process.pid()
    record = process.record.read_text()
    process.record.write_text(record.replace('"born": "', '"born": "9'))
    assert process.pid() is None and not process.stop(1) and born(pid)
    process.record.write_text(record)
    assert process.pid() == pid
    assert process.stop(10) and born(pid) is None and process.pid() is None


def test_a_wrong_address_is_refused_without_repeating_it(monkeypatch):
    monkeypatch.setenv("SECTORAKKOORD_MAIL", "smtp://user:geheim@example.org")
    with pytest.raises(SettingsError, match="mailto") as fault:
        load_schedule_settings()
    assert "geheim" not in str(fault.value)


def test_settings_are_documented():
    own = set(ScheduleSettings.model_fields) - set(ScheduleSettings.__mro__[1].model_fields)
    assert own and all(ScheduleSettings.model_fields[name].description for name in own)


def test_every_entrypoint_exists_and_takes_its_parameters():
    for one in declared():
        path, _, name = one["entrypoint"].partition(":")
        assert Path(path) == Path("flows/prefect_flows.py")
        getattr(prefect_flows, name).validate_parameters(one["parameters"])


def test_a_service_that_does_not_start_is_reported_with_the_end_of_its_log(tmp_path):
    process = Background(tmp_path, "server")
    with pytest.raises(ScheduleError, match=r"(?s)the server did not start; the end of .*server\.log:\n.*no room"):
        process.start([sys.executable, "-c", "raise SystemExit('no room')"], dict(os.environ), lambda: False, 30)
    assert not process.record.exists()


def test_a_port_in_use_is_named_with_the_setting_that_chooses_another():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ScheduleError, match=f"{address}: expected a free port, .* SECTORAKKOORD_REPORT_PORT"):
            check_free(address, "SECTORAKKOORD_REPORT_PORT")


def test_no_task_is_given_a_secret():
    settings = load_settings(s3_key_id="geheim", s3_secret="geheim", warehouse="ducklake:postgres:password=geheim")
    assert b"geheim" in pickle.dumps(settings)
    assert b"geheim" not in pickle.dumps(prefect_flows.worker_settings(settings))
    given = {
        one.name: set(get_type_hints(one.fn).values()) & {Settings, DataDirectory}
        for one in vars(prefect_flows).values()
        if isinstance(one, Task)
    }
    # A data directory knows the store of its releases, and the store its key.
    assert given == {"ingest_file": {Settings}, "publish_release": set(), "write_site": set()}


def test_the_setting_chooses_the_task_runner_of_the_flow():
    assert prefect_flows.refresh.task_runner == task_runner_for(load_settings()) != ThreadPoolTaskRunner()
    dask: Any = task_runner_for(load_settings(task_runner="dask:tcp://127.0.0.1:8786"))
    assert dask.address == "tcp://127.0.0.1:8786"
