"""SIGKILL at random moments of a refresh: no wrong bytes, no half release, and the next refresh finishes the work."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers import tiny_05
from tests.live_case import IMAGES, PLACE, publishers
from warehouse.archive.store import Archive
from warehouse.database import connect
from warehouse.release.content_hash import content_hash
from warehouse.release.current_release import published_release
from warehouse.release.data_directory import DataDirectory

pytestmark = pytest.mark.server

OTHER = "05-zittenblijvers-niveau-vestiging-2017-2018-tov-2018-2019.csv"
GONE = -signal.SIGKILL


def body(number: int) -> bytes:
    """A file that differs from any other number's; it keeps to the 6.2 % published for 2017-2018, or an audit stops it."""
    size = 1000 if number < 1000 else 2000  # Two periods with the same rows would be one under another's name.
    rows = [(f"{site:02d}AA00", size, round(size * 0.062)) for site in range(40)]
    return tiny_05([*rows, ("99ZZ00", number, round(number * 0.062))]).encode()


class Victim:
    """One refresh in a process of its own, past its imports and waiting to begin."""

    def __init__(self, portal: str, data: DataDirectory, repo: Path) -> None:
        command = [sys.executable, "-m", "tests.kill_victim", portal, str(data.root)]
        self.process = subprocess.Popen(command, cwd=repo, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def run(self, kill_after_s: float | None = None) -> int:
        """Let it refresh, and kill it after so long. Returns its exit code."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(kill_after_s)
        self.process.kill()
        self.process.communicate()
        return self.process.returncode


def stands(data: DataDirectory, at_least: int) -> int:
    """The number of the release in place, after looking whether it is whole and what it says it is."""
    assert Archive(data.archive).check() == []
    release = published_release(data.published)
    assert release is not None and release.number >= at_least
    with connect(data.warehouse, read_only=True) as con:
        assert content_hash(con) == release.content_hash
    return release.number


@pytest.mark.parametrize("kills", [pytest.param(5, marks=pytest.mark.slow), pytest.param(100, marks=pytest.mark.long)])
def test_kills_at_random_moments(kills, tmp_path, repo):
    chance, data = random.Random(2018), DataDirectory(tmp_path / "data")
    with publishers() as fakes:
        first, started = Victim(fakes.url, data, repo), time.monotonic()
        assert first.run() == 0
        lasted, number, killed = time.monotonic() - started, stands(data, 1), 0
        for kill in range(1, kills + 1):
            fakes.put(PLACE, body(kill))
            fakes.put(IMAGES + OTHER, body(1000 + kill))
            code = Victim(fakes.url, data, repo).run(chance.uniform(0, lasted))
            assert code in (0, GONE)
            killed += code == GONE
            number = stands(data, number)
        assert killed >= kills // 2
        assert Victim(fakes.url, data, repo).run() == 0
        stands(data, number)
    with connect(data.warehouse, read_only=True) as con:
        newest = con.execute("SELECT max(pupils_n) FROM core.duo_05_zittenblijvers WHERE brin = '99ZZ'").fetchone()
    assert newest == (1000 + kills,)
    held = {vintage.origin.file_name for vintage in Archive(data.archive).vintages()}
    assert {OTHER, Path(PLACE).name} <= held and not list(data.root.glob(".build-*"))
