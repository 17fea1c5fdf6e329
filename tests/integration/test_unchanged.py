"""A refresh that has nothing to do: found out from the files as they are, and never where one of them is another."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows import unchanged
from flows.refresh import Request, refresh
from flows.settings import Settings, load_settings
from flows.unchanged import Look
from tests.integration.test_refresh import GOOD, NAME, PLACE, TODAY, put
from warehouse.release.last_run import last_report

HEAVY = {"pandas", "pandera", "duckdb", "pyarrow", "prefect", "flows.refresh"}


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """A folder with a mirror of one file, and a data directory with its release and something that stands for its report."""
    root = tmp_path_factory.mktemp("unchanged")
    put(root / "mirror", GOOD)
    run(root)
    (root / "data/report").mkdir()
    (root / "data/report/release.json").write_text("{}")
    return root


@pytest.fixture
def root(published, tmp_path, monkeypatch) -> Path:
    """A copy of it, after a run that did nothing and noted so. Its files count as settled although they are new."""
    monkeypatch.setattr(unchanged, "SETTLED_S", 0)
    shutil.copytree(published, tmp_path, dirs_exist_ok=True)
    look = look_at(tmp_path)
    assert look.same() is None
    look.note(run(tmp_path))
    return tmp_path


def settings_of(root: Path) -> Settings:
    return load_settings(data=root / "data")


def look_at(root: Path, edition: str = "mirror") -> Look:
    return Look([edition, None], root / "mirror", settings_of(root))


def run(root: Path) -> dict:
    report = refresh(Request("mirror", root / "mirror", site=False), settings_of(root), TODAY)
    return json.loads(json.dumps(report.as_json()))


def one_byte(path: Path) -> None:
    """Change a byte and put size and time of modification back."""
    before, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_the_answer_is_that_of_the_run_that_did_nothing(root):
    said = look_at(root).same()
    slow = run(root)
    changing = ("finished_at", "seconds")
    assert said and [taken["outcome"] for taken in said["files"]] == ["known"] and not said["published"]
    assert {k: v for k, v in said.items() if k not in changing} == {k: v for k, v in slow.items() if k not in changing}


def test_it_counts_as_the_last_refresh(root):
    said = look_at(root).same()
    assert said and last_report(root / "data/releases") == said and said["seconds"].keys() == {"look"}


def changed_in(*places: str):
    """Ways to change one of the files that a refresh looks at."""
    return [pytest.param(place, id=place) for place in places]


@pytest.mark.parametrize(
    "place",
    changed_in(
        f"mirror/{PLACE}",
        "manifest.csv",
        "data/warehouse.duckdb",
        "data/warehouse.duckdb.seal",
        "data/report/release.json",
    ),
)
def test_one_byte_anywhere_is_looked_into(root, place):
    one_byte(root / place)
    assert look_at(root).same() is None


def test_a_file_more_or_less_is_looked_into(root):
    put(root / "mirror", GOOD, PLACE.replace(NAME, "other.csv"))
    assert look_at(root).same() is None
    (root / "mirror" / PLACE.replace(NAME, "other.csv")).unlink()
    next((root / "data/archive/objects").rglob("[0-9a-f]*[0-9a-f]" * 8)).unlink()
    assert look_at(root).same() is None


def test_other_options_or_settings_have_no_answer(root):
    assert look_at(root, "sample").same() is None
    assert Look(["mirror", None], root / "mirror", settings_of(root).model_copy(update={"attempts": 2})).same() is None
    assert look_at(root).same()


def test_nothing_is_noted_of_a_run_that_did_something_nor_of_files_just_written(root, monkeypatch):
    report, look = run(root), look_at(root)
    look.path.unlink()
    look.note(report | {"published": True})
    look.note(report | {"files": [report["files"][0] | {"outcome": "refused"}]})
    look.note(report | {"asked_edition": "live"})
    monkeypatch.setattr(unchanged, "SETTLED_S", 3600)
    look.note(report)
    (root / "data/report/release.json").write_text("{ }")
    monkeypatch.setattr(unchanged, "SETTLED_S", 0)
    look.note(report)
    assert not look.path.exists()
    look_at(root).note(report)
    assert look.path.exists()


def test_it_needs_none_of_the_heavy_libraries(root):
    code = (
        "import sys; from pathlib import Path; from flows.unchanged import Look; from flows.settings import load_settings; import flows.cli;"
        f"assert Look(['mirror', None], Path({str(root / 'mirror')!r}), load_settings(data=Path({str(root / 'data')!r}))).same();"
        f"print({HEAVY} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
