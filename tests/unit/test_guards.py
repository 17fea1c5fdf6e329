"""The guards see what they are for, and `make check` and pre-commit are one and the same."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.tools.guards import LARGEST, faults
from tests.tools.pages import REPO
from tests.tools.sbom import bill

SOMEWHERE = "/ho" + "me/someone/project"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("big.csv", "x" * (LARGEST + 1), "data belong in the data directory"),
        ("requirements.lock", "--index-url https://index.example.org/simple\n", "make lock"),
        ("requirements.lock", "duckdb @ https://files.example.org/duckdb.whl\n", "make lock"),
        ("notes.md", f"see {SOMEWHERE}/data\n", "make it relative"),
        ("code.py", f'DATA = "{SOMEWHERE}"\n', "make it relative"),
    ],
)
def test_a_fault_is_a_sentence_with_the_way_out(tmp_path, name, content, expected):
    (tmp_path / name).write_text(content)
    (sentence,) = faults(tmp_path)
    assert sentence.startswith(name) and expected in sentence


def test_what_is_in_order_has_no_fault(tmp_path):
    (tmp_path / "requirements.lock").write_text("duckdb==1.5.5 \\\n    --hash=sha256:ab12\n")
    (tmp_path / "page.md").write_text("https://duo.nl/home/data and ../shared/work/x and /etc/hostname\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "big.csv").write_text("x" * (LARGEST + 1))
    assert list(faults(tmp_path)) == []


def test_a_file_about_to_be_added_is_guarded_and_an_ignored_one_is_not(tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("ignored.md\n")
    for name in ("ignored.md", "new.md"):
        (tmp_path / name).write_text(SOMEWHERE)
    assert [sentence.split(",")[0] for sentence in faults(tmp_path)] == ["new.md"]


def test_this_repository_is_in_order():
    assert list(faults(REPO)) == []


def test_the_bill_of_materials_lists_every_locked_version_once():
    locked = {
        line.split()[0]
        for lock in ("requirements.lock", "requirements-scale.lock")
        for line in (REPO / lock).read_text().splitlines()
        if line[:1] not in ("", " ", "#")
    }
    listed = [f"{one['name']}=={one['version']}" for one in bill(REPO)["components"]]
    assert sorted(listed) == sorted(locked) and len(listed) > 100
    assert {one["purl"] for one in bill(REPO)["components"]} == {f"pkg:pypi/{pin.replace('==', '@')}" for pin in locked}


def test_pre_commit_runs_make_check_and_nothing_from_elsewhere():
    config = yaml.safe_load((REPO / ".pre-commit-config.yaml").read_text())
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    assert [(hook["entry"], hook["language"]) for hook in config["repos"][0]["hooks"]] == [("make check", "system")]
    done = subprocess.run(
        [Path(sys.executable).parent / "pre-commit", "validate-config"], cwd=REPO, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_pre_commit_stops_a_commit_that_fails_the_check(tmp_path):
    """In a repository of its own, where `make check` is the guard that is tested here."""
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".pre-commit-config.yaml").write_text((REPO / ".pre-commit-config.yaml").read_text())
    (tmp_path / "Makefile").write_text("check:\n\t@! grep -l bad *.md\n")
    pre_commit = Path(sys.executable).parent / "pre-commit"
    subprocess.run([pre_commit, "install"], cwd=tmp_path, check=True, capture_output=True)
    for word, code in (("bad", 1), ("good", 0)):
        (tmp_path / "page.md").write_text(word)
        subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
        done = subprocess.run([*git, "commit", "-qm", word], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
