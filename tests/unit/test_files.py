"""Files and folders appear whole or not at all, and what a killed run left is found and removed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.health.machine import leftovers
from warehouse.files import STALE_S, atomic_file, staged_folder, stale_parts, sweep_parts
from warehouse.release.data_directory import DataDirectory
from warehouse.release.snapshots import read_snapshots

KILLED = """
import os, signal, sys
from pathlib import Path
from warehouse.files import staged_folder
with staged_folder(Path(sys.argv[1])) as part:
    (part / "snapshot.json").write_text("half of the n")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_while_writing(target: Path) -> None:
    """Kill a process that fills a staged folder, and make what it left look old."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    [part] = target.parent.glob(".*.part")
    os.utime(part, times=(time.time() - 2 * STALE_S,) * 2)


def test_a_file_appears_when_its_block_ends_and_not_when_it_fails(tmp_path):
    target = tmp_path / "deep" / "file.txt"
    with atomic_file(target) as part:
        part.write_text("first")
        assert not target.exists()
    with pytest.raises(ZeroDivisionError), atomic_file(target) as part:
        part.write_text("second")
        raise ZeroDivisionError
    assert target.read_text() == "first" and list(target.parent.iterdir()) == [target]


def test_a_folder_replaces_the_one_before_as_a_whole_and_stays_when_writing_fails(tmp_path):
    target = tmp_path / "it's [1]"
    for content in ("first", "second"):
        with staged_folder(target) as part:
            (part / content).write_text(content)
    assert [path.name for path in target.iterdir()] == ["second"]
    with pytest.raises(ZeroDivisionError), staged_folder(target) as part:
        raise ZeroDivisionError
    assert [path.name for path in target.iterdir()] == ["second"] and list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_never_replaced_stays(tmp_path):
    with staged_folder(tmp_path / "1.0.0") as part:
        (part / "a").write_text("a")
    with pytest.raises(FileExistsError, match="never replaced"), staged_folder(tmp_path / "1.0.0", replace=False):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["1.0.0"] and (tmp_path / "1.0.0" / "a").exists()


@pytest.mark.parametrize(
    "where", ["report", "export/stable", "releases/evaluation-2020", "archive/snapshots/real/2020/1.0.0"]
)
def test_what_a_killed_run_left_is_told_by_doctor_and_swept_by_the_next(tmp_path, where):
    data = DataDirectory(tmp_path)
    target = tmp_path / where
    killed_while_writing(target)
    assert not target.exists() and "1 left by killed runs" in leftovers(data, publishing=False).sentence
    with staged_folder(target) as part:
        (part / "a").write_text("a")
    assert stale_parts(tmp_path) == [] and list(target.parent.iterdir()) == [target]


def test_half_a_snapshot_is_no_version_and_a_sweep_removes_folders_too(tmp_path):
    killed_while_writing(tmp_path / "2020" / "1.0.0")
    assert read_snapshots(tmp_path) == []
    assert sweep_parts(tmp_path) == 1 and list((tmp_path / "2020").iterdir()) == []


def test_a_part_of_a_running_process_stays(tmp_path):
    with staged_folder(tmp_path / "report"):
        assert sweep_parts(tmp_path) == 0 and len(list(tmp_path.iterdir())) == 1
