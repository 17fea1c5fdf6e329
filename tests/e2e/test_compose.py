"""The deployment files: what they promise, and a release made by the very commands of compose.yaml."""

import json
import re
from typing import Any
from urllib.request import urlopen

import pytest
import requests

from flows.prefect_ops.schedule_settings import load_schedule_settings
from flows.prefect_ops.services import environment
from flows.settings import load_settings
from tests.compose_case import ANSWERS, VARIABLE, declared, example, filled_in, image_context, services
from tests.schedule_case import FINAL, PROJECT, free_port, wait_for


def test_every_variable_is_in_the_example_and_no_secret_is_in_the_file():
    text = (PROJECT / "compose.yaml").read_text()
    used = {match[1]: match[2] for match in VARIABLE.finditer(text)}
    assert set(used) == set(example())
    empty = {name for name, value in example().items() if not value and not name.startswith("SECTORAKKOORD_")}
    assert empty == set(ANSWERS)
    assert all(used[name] == "?" for name in ANSWERS), "what has no default must be asked for"
    for name in ANSWERS:
        with pytest.raises(KeyError, match=f"{name}: see .env.example"):
            filled_in(text, example() | ANSWERS | {name: ""})


def test_ports_are_open_to_this_machine_only_and_images_are_pinned():
    for name, service in declared()["services"].items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert re.search(r":\d+\.\d+", service["image"]), name
        assert service["restart"] == ("no" if name == "set-up" else "unless-stopped"), name
        assert "test" in service.get("healthcheck", {}) or name in ("set-up", "worker", "dask-worker")
        if "build" in service:
            assert service["read_only"] and service["cap_drop"] == ["ALL"], name
    bases = re.findall(r"^FROM (\S+)", (PROJECT / "Containerfile").read_text(), re.MULTILINE)
    assert len(set(bases)) == 1 and re.fullmatch(r"python:3\.\d+\.\d+-\S+", bases[0])


def test_server_and_workers_get_the_same_settings_of_prefect_as_on_one_machine(tmp_path, monkeypatch):
    for name in ("PREFECT_API_URL", "PREFECT_HOME"):
        monkeypatch.delenv(name, raising=False)
    here = environment(load_schedule_settings().model_copy(update={"data": tmp_path}))
    services = declared()["services"]
    there: dict[str, Any] = services["server"]["environment"] | services["worker"]["environment"]
    wanted = {name: value for name, value in here.items() if name.startswith(("PREFECT_", "DO_NOT_TRACK"))}
    # Prefect's folder is given by the image.
    wanted.pop("PREFECT_HOME")
    assert {name: there.get(name) for name in wanted} == wanted


def test_an_image_gets_all_of_the_project_and_nothing_of_this_machine(tmp_path):
    image_context(tmp_path)
    inside = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    packages = re.search(r"^packages = \[(.*?)\]", (PROJECT / "pyproject.toml").read_text(), re.MULTILINE | re.DOTALL)
    assert packages is not None
    named = {name.partition(".")[0] for name in re.findall(r'"([\w.]+)"', packages[1])}
    files = {"pyproject.toml", "README.md", "LICENSE", "requirements-scale.lock"}
    assert inside == named | files
    assert not [path for path in tmp_path.rglob("*") if path.name == "__pycache__" or path.suffix == ".pyc"]


@pytest.mark.scale
@pytest.mark.prefect
@pytest.mark.server
def test_the_very_commands_of_the_services_make_a_release_in_the_lake(tmp_path):
    with services(tmp_path) as ours:
        checks = [free_port() for _ in range(2)]
        for number, port in enumerate(checks):
            ours.start("worker", label=f"worker{number}", PREFECT_WORKER_WEBSERVER_PORT=str(port))
        for port in checks:
            wait_for(lambda port=port: healthy(port), 120, "health of a worker")
        api = ours.environment("worker")["PREFECT_API_URL"]
        assert requests.post(f"{api}/flow_runs/filter", json={}, timeout=30).status_code == 401
        prefect = requests.Session()
        prefect.auth = tuple(ANSWERS["PREFECT_AUTH"].split(":"))

        def run(deployment: str, **parameters: Any) -> str:
            found = prefect.get(f"{api}/deployments/name/{deployment}", timeout=30).json()
            body = {"parameters": parameters}
            return prefect.post(f"{api}/deployments/{found['id']}/create_flow_run", json=body, timeout=30).json()["id"]

        def ended(one: str) -> dict[str, Any] | None:
            state: dict[str, Any] = prefect.get(f"{api}/flow_runs/{one}", timeout=30).json()["state"]
            return state if state["type"] in FINAL else None

        runs = [run(f"refresh/{name}", edition="sample") for name in ("monthly", "duo")]
        states = [wait_for(lambda one=one: ended(one), 600, "end of a run") for one in runs]
        assert [state["type"] for state in states] == ["COMPLETED"] * 2, [state["message"] for state in states]
        report = json.loads((tmp_path / "data" / "releases" / "last_refresh.json").read_text())
        theirs = ours.environment("worker")
        place = load_settings(
            **{
                name: theirs[f"SECTORAKKOORD_{name.upper()}"]
                for name in ("data", "warehouse", "lake_data", "s3_endpoint", "s3_key_id", "s3_secret", "s3_region")
            }
        ).directory
        with place.published.open() as con:
            (release,) = con.execute("SELECT content_hash FROM meta.release").fetchall()[0]
            (rows,) = con.execute("SELECT count(*) FROM goals.observation").fetchall()[0]
        assert release == report["content_hash"] and rows > 0
        assert not (tmp_path / "data" / "warehouse.duckdb").exists()


def healthy(port: int) -> bool:
    """Does the worker's own check say yes?"""
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
