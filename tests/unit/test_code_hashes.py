"""Which code a release is made from, and which code a parsed file is made from: each hash moves with that code and no other."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.build.input_hash import CODE_FOLDERS, code_version
from warehouse.build.parse_cache import reading_code

PACKAGES = ("flows", "schemas", "transforms", "warehouse")


def edit(path: Path) -> None:
    """Add a comment in the file's own language."""
    path.write_text(path.read_text() + ("\n-- edited\n" if path.suffix == ".sql" else "\n# edited\n"))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory, repo: Path) -> Path:
    """A copy of the project's code."""
    folder = tmp_path_factory.mktemp("tree")
    for package in (*PACKAGES, "tests"):
        shutil.copytree(repo / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "*.csv"))
    return folder


def code_of(tree: Path, *folders: str) -> list[Path]:
    """Every module and script under some folders."""
    return sorted(path for folder in folders for path in (tree / folder).rglob("*") if path.suffix in (".py", ".sql"))


def test_the_hash_of_a_copy_is_that_of_the_original(tree: Path, repo: Path) -> None:
    assert code_version(tree) == code_version(repo) == code_version()


@pytest.mark.parametrize(
    "folder",
    [
        "flows",
        "warehouse/exports",
        "warehouse/report",
        "warehouse/sample",
        "warehouse/release",
        "tests/tools/sample_generator",
    ],
)
def test_code_that_only_shows_what_was_built_is_no_input_of_a_build(tree: Path, folder: str) -> None:
    """Report, exports, the sample's generator, the command line: a change there gives no new release."""
    before, edited = code_version(tree), code_of(tree, folder)
    assert edited
    for path in edited:
        edit(path)
    assert code_version(tree) == before


def test_every_module_and_script_that_decides_a_value_is_an_input_of_a_build(tree: Path) -> None:
    seen = {code_version(tree)}
    for path in code_of(tree, *CODE_FOLDERS):
        edit(path)
        assert code_version(tree) not in seen, path
        seen.add(code_version(tree))


def test_every_module_that_reads_or_declares_invalidates_the_parse_cache(tree: Path) -> None:
    folder = tree / "schemas"
    seen = {reading_code.__wrapped__(folder)}
    for path in code_of(tree, "schemas"):
        edit(path)
        assert reading_code.__wrapped__(folder) not in seen, path
        seen.add(reading_code.__wrapped__(folder))


def test_reading_a_file_needs_no_code_outside_the_package_that_the_cache_hashes() -> None:
    """Otherwise a change of that code would leave wrong rows in the cache."""
    code = "import sys, schemas.datasets, schemas.reading.validate; schemas.datasets.datasets(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "schemas.reading.validate" in loaded
    assert {name for name in loaded if name.split(".")[0] in PACKAGES and not name.startswith("schemas")} == set()
