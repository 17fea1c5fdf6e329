"""Completion as a newcomer gets it: installed by the command itself, then the Tab key in a bash of a terminal."""

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.machine import missing

BIN = Path(sys.executable).parent
HEAVY = {"pandas", "duckdb", "pandera", "pydantic", "requests", "prefect", "pyarrow"}
TIMEOUT_S = 60


@pytest.fixture(scope="module")
def bash_home(tmp_path_factory) -> Path:
    """A home folder in which `sectorakkoord --install-completion` was run from a bash."""
    if shutil.which("bash") is None:
        missing("no bash on this machine")
    home = tmp_path_factory.mktemp("home")
    done = subprocess.run(
        ["bash", "-c", "sectorakkoord --install-completion; exit $?"],
        env=environment(home),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "bash completion installed" in done.stdout, done.stdout + done.stderr
    return home


def environment(home: Path) -> dict[str, str]:
    """The environment of somebody whose home is `home` and who has the project's programs on the path."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {"HOME": str(home), "PATH": path, "TERM": "dumb", "LANG": "C.UTF-8"}


def press_tab(home: Path, typed: str, line: str) -> None:
    """Type in an interactive bash, press Tab, and wait until `line` stands there."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe("bash", ["bash", "-i"], environment(home))
    said, end = "", time.monotonic() + TIMEOUT_S
    try:
        os.write(terminal, typed.encode() + b"\t")
        while line not in said:
            assert time.monotonic() < end, f"expected {line!r} on the terminal, found {said!r}"
            if select.select([terminal], [], [], 0.5)[0]:
                said += os.read(terminal, 4096).decode(errors="replace")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("sectorakkoord expl", "sectorakkoord explain "),
        ("sectorakkoord evidence ch", "sectorakkoord evidence check "),
        ("sectorakkoord refresh --edi", "sectorakkoord refresh --edition "),
        ("sectorakkoord refresh --edition mir", "sectorakkoord refresh --edition mirror "),
        ("sectorakkoord progress 2018 2020 --lang n", "sectorakkoord progress 2018 2020 --lang nl "),
    ],
)
def test_the_tab_key_completes_commands_options_and_values(bash_home, typed, line):
    press_tab(bash_home, typed, line)


def test_completion_and_help_load_nothing_heavy():
    """A Tab key that waits for pandas is not pressed twice."""
    code = f"import sys, flows.cli; print(sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
