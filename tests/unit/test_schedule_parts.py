"""What a schedule is made of, one by one and without a server: processes, settings, declared deployments."""

import os
import sys
from pathlib import Path

import pytest

from flows import prefect_flows
from flows.prefect_ops.processes import Background, born
from flows.prefect_ops.schedule_settings import ScheduleSettings, load_schedule_settings
from flows.settings import SettingsError
from tests.schedule_case import declared


def test_a_number_that_another_process_got_is_left_alone(tmp_path):
    process = Background(tmp_path, "sleeper")
    pid = process.start([sys.executable, "-c", "import time; time.sleep(60)"], dict(os.environ))
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
