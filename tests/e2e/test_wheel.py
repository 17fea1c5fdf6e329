"""The wheel holds all that is needed: installed into an environment of its own, far from the repository, it works."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.schedule_case import free_port

pytestmark = [pytest.mark.slow, pytest.mark.server, pytest.mark.prefect]
PARTS = ("flows", "schemas", "transforms", "warehouse", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def installed(tmp_path_factory, repo):
    """A way to run the installed command line, in a folder that holds nothing else."""
    home = tmp_path_factory.mktemp("wheel")
    source, apart = home / "source", shutil.ignore_patterns("__pycache__", "*.egg-info")
    source.mkdir()
    for part in PARTS:
        path = repo / part
        shutil.copytree(path, source / part, ignore=apart) if path.is_dir() else shutil.copy(path, source)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-index"]
    subprocess.run([*pip, "wheel", *offline, "--no-build-isolation", "-w", str(home), str(source)], check=True)
    (wheel,) = home.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", str(home / "venv")], check=True)
    python = home / "venv" / "bin" / "python"
    subprocess.run([*pip, "--python", str(python), "install", *offline, str(wheel)], check=True)
    # The dependencies are those of this environment; its own editable install is not seen by way of a path file.
    (packages,) = (home / "venv" / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"])
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PREFECT_", "SECTORAKKOORD_", "PYTHON"))
    }
    ports = {f"SECTORAKKOORD_{name}_PORT": str(free_port()) for name in ("SCHEDULE", "REPORT")}
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()

    def command(*words: str) -> subprocess.CompletedProcess:
        program = [str(home / "venv" / "bin" / "sectorakkoord"), *words]
        return subprocess.run(program, cwd=elsewhere, env=kept | ports, capture_output=True, text=True)

    command.home = home
    return command


def test_an_installed_wheel_publishes_answers_and_schedules(installed):
    where = subprocess.run(
        [installed.home / "venv" / "bin" / "python", "-I", "-c", "import warehouse; print(warehouse.__file__)"],
        cwd=installed.home, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(where.stdout.strip()).is_relative_to(installed.home / "venv")
    for words, said in (
        (("refresh", "--edition", "sample", "--plain", "--snapshots", "2020"), "Published release 0001"),
        (("progress", "2018", "2020"), "G15"),
        (("explain", "G02", "--period", "2020"), "lines"),
        (("evaluation", "--snapshot", "2020"), "Wrote"),
        (("export", "--release"), "Export of version"),
        (("report",), "Report of"),
        (("doctor",), "Errors: 0."),
    ):
        done = installed(*words)
        assert done.returncode == 0 and said in done.stdout, (words, done.stdout, done.stderr)
    try:
        done = installed("schedule", "--edition", "sample")
        assert done.returncode == 0 and "Edition: sample." in done.stdout, done.stdout + done.stderr
    finally:
        assert "server" in installed("unschedule").stdout
