"""What the pages for operating say can be done is done here: backup, restore, move; every alert has its way out."""

import shutil
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
    assert walk.follow(repo / "docs" / "operations.md") == 5
    assert not (walk.project / "restored").exists() and (walk.project / "elsewhere" / "report" / "index.html").exists()


@pytest.mark.slow
def test_the_first_ten_minutes_as_written(walk, repo):
    assert walk.follow(repo / "docs" / "quickstart.md") == 3


def test_every_alert_says_what_to_do(repo):
    page = (repo / "docs" / "operations.md").read_text()
    names = [what for what, _, _ in ALERTS] + [silent_runs_crash().name.removeprefix(PREFIX)]
    for name in names:
        assert len(page.partition(f"\n### {name}\n")[2].partition("\n#")[0]) > 80, name
