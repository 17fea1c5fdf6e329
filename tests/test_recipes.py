"""The documentation's recipes work as they are written, in a copy of the project; what they promise is what is needed.

Each recipe may touch what it says and nothing else: a dataset one file in `schemas/`, an indicator its goal's file and
its rows of the register, a year nothing.
"""

import inspect
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from flows.intake import take
from tests.live_case import publishers
from tests.walkthrough import Walk

PACKAGES = ("flows", "schemas", "transforms", "warehouse")


@pytest.fixture
def walk(tmp_path, repo):
    """A copy of the packages, and a double that plays the publishers."""
    for package in PACKAGES:
        shutil.copytree(repo / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    with publishers() as double:

        def online(url: str, body: bytes) -> None:
            address = urlsplit(url)
            double.put(f"/{address.netloc}{address.path}", body)

        environment = {"PYTHONPATH": str(tmp_path), "SECTORAKKOORD_PORTAL_URL": double.url}
        yield Walk(tmp_path, environment, online, lambda text: text.replace(f"{double.url}/", "https://"))


def files(project: Path) -> dict[str, bytes]:
    """Every file of the packages with its content."""
    found = [path for package in PACKAGES for path in (project / package).rglob("*") if "__pycache__" not in path.parts]
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in found if path.is_file()}


def touched(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """Which files were added or changed."""
    return {name for name, content in after.items() if before.get(name) != content}


@pytest.mark.server
def test_a_dataset_and_an_indicator(walk, repo):
    recipes = repo / "docs" / "recipes"
    start = files(walk.project)
    assert walk.follow(recipes / "dataset.md") == 5
    with_dataset = files(walk.project)
    assert touched(start, with_dataset) == {"schemas/verzuim.py"}
    assert walk.follow(recipes / "indicator.md") == 7
    assert touched(with_dataset, files(walk.project)) == {
        "transforms/g12_strategisch_personeelsbeleid.py",
        "warehouse/register/indicator.csv",
        "warehouse/register/method.csv",
    }


@pytest.mark.server
def test_a_year(walk, repo):
    start = files(walk.project)
    assert walk.follow(repo / "docs" / "recipes" / "year.md") == 10
    assert touched(start, files(walk.project)) == {"schemas/zittenblijvers.py"}


def test_the_step_that_takes_a_file_in_knows_no_kind_of_source():
    """One mechanism: the taking names no publisher and no interface."""
    source = inspect.getsource(take).lower()
    assert [word for word in ("ckan", "cbs", "inspectie", "duo") if word in source] == []
