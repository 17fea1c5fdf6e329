"""What the pages for operating say can be done is done here: backup, restore, move; every alert has its way out."""

import getpass
import shutil
import subprocess
from pathlib import Path

import pytest

from flows.prefect_ops.automations import ALERTS, PREFIX, silent_runs_crash
from tests.people_case import published_sample
from tests.walkthrough import Walk


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    """A folder with a published data directory."""
    shutil.copytree(published_sample().root, tmp_path / "data")
    return Walk(tmp_path, {})


@pytest.mark.slow
def test_backup_restore_and_move_as_written(walk, repo):
    assert walk.follow(repo / "docs" / "operations.md") == 6
    assert not (walk.project / "restored").exists() and (walk.project / "elsewhere" / "report" / "index.html").exists()


@pytest.mark.slow
def test_the_first_ten_minutes_as_written(walk, repo):
    assert walk.follow(repo / "docs" / "quickstart.md") == 3


def test_every_alert_says_what_to_do(repo):
    page = (repo / "docs" / "operations.md").read_text()
    names = [what for what, _, _ in ALERTS] + [silent_runs_crash().name.removeprefix(PREFIX)]
    for name in names:
        assert len(page.partition(f"\n### {name}\n")[2].partition("\n#")[0]) > 80, name


def test_the_unit_of_systemd_is_one_that_systemd_accepts(repo, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze, which is part of systemd")
    page = (repo / "docs" / "operations.md").read_text()
    unit = page.partition("```ini\n")[2].partition("```")[0]
    program = tmp_path / "project" / ".venv" / "bin" / "sectorakkoord"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    here = unit.replace("/srv/sectorakkoord", str(tmp_path)).replace("User=sectorakkoord", f"User={getpass.getuser()}")
    path = tmp_path / "sectorakkoord.service"
    path.write_text(here)
    done = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    path.write_text(here.replace("ExecStart=", "ExecBegin="))
    assert "ExecBegin" in subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True).stderr
