"""The same archive gives the same hash on every Python at hand. Long: each version gets an environment of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
OTHERS = [
    name
    for name in ("python3.11", "python3.12", "python3.13", "python3.14")
    if name != f"python3.{sys.version_info.minor}"
]


def content_hash(python: Path, data: Path) -> str:
    """Publish the sample edition with three snapshots; returns the content hash."""
    environment = {**os.environ, "SECTORAKKOORD_DATA": str(data), "PYTHONPATH": str(REPO)}
    command = [str(python), "-m", "flows.cli", "refresh", "--plain", "--snapshots", "2018-2020", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=REPO, timeout=300, check=True)
    return json.loads(done.stdout)["content_hash"]


def interpreter(name: str) -> str | None:
    """A Python of that name that really starts: on the path, or kept by pyenv (whose stand-ins on the path may not start)."""
    candidates = [shutil.which(name)]
    if pyenv := shutil.which("pyenv"):
        kept = subprocess.run([pyenv, "versions", "--bare"], capture_output=True, text=True).stdout.split()
        for version in kept:
            if version.startswith(name.removeprefix("python") + "."):
                prefix = subprocess.run([pyenv, "prefix", version], capture_output=True, text=True).stdout.strip()
                candidates.append(f"{prefix}/bin/{name}")
    starts = [
        path
        for path in candidates
        if path and subprocess.run([path, "-c", "import ensurepip"], capture_output=True).returncode == 0
    ]
    return starts[0] if starts else None


@pytest.mark.long
@pytest.mark.parametrize("name", OTHERS)
def test_another_python_gives_the_same_hash(name, tmp_path):
    python = interpreter(name)
    if python is None:
        pytest.skip(f"{name} is not on this machine")
    subprocess.run([python, "-m", "venv", str(tmp_path / "venv")], check=True)
    other = tmp_path / "venv" / "bin" / "python"
    install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "-r",
        str(REPO / "requirements.lock"),
    ]
    subprocess.run([str(other), *install], check=True, timeout=900)
    assert content_hash(other, tmp_path / "other") == content_hash(Path(sys.executable), tmp_path / "here")
