"""`make run` ends with the report: its address, and a browser where a person looks on and has one."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.people_case import published_report

COMMAND = [sys.executable, "-m", "flows.cli", "next"]


@pytest.fixture
def browser(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """An environment with a screen, and a browser that only writes down what it was asked to open."""
    asked, program = tmp_path / "asked", tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > "{asked}"\n')
    program.chmod(0o755)
    told = {"SECTORAKKOORD_DATA": str(published_report().parent), "BROWSER": f"{program} %s", "DISPLAY": ":99"}
    return {name: value for name, value in os.environ.items() if name != "CI"} | told, asked


def last_line(output: str) -> str:
    """The last line as a person reads it."""
    return re.sub(r"\x1b\[[0-9;]*m", "", output).strip().splitlines()[-1].strip()


def in_terminal(environment: dict[str, str]) -> str:
    """What the command writes to a terminal."""
    master, slave = pty.openpty()
    with subprocess.Popen(COMMAND, stdout=slave, stderr=slave, stdin=slave, env=environment) as running:
        os.close(slave)
        written = b""
        try:
            while part := os.read(master, 65536):
                written += part
        except OSError:  # Linux says so when the other side has closed.
            pass
        assert running.wait(timeout=60) == 0
    os.close(master)
    return written.decode()


def test_in_a_terminal_with_a_screen_the_report_opens(browser):
    environment, asked = browser
    address = (published_report() / "index.html").resolve().as_uri()
    assert last_line(in_terminal(environment)) == f"The report, opened in your browser: {address}"
    assert asked.read_text() == address


@pytest.mark.parametrize("without", ["terminal", "screen", "person"])
def test_elsewhere_its_address_is_the_last_line_and_nothing_opens(browser, without):
    environment, asked = browser
    if without == "screen":
        environment = {name: value for name, value in environment.items() if "DISPLAY" not in name}
    if without == "person":
        environment["CI"] = "true"
    piped = without == "terminal"
    output = subprocess.run(COMMAND, capture_output=True, text=True, env=environment, timeout=60).stdout if piped else in_terminal(environment)  # fmt: skip
    address = (published_report() / "index.html").resolve().as_uri()
    assert last_line(output) == f"The report, to open in a browser: {address}"
    assert not asked.exists()
