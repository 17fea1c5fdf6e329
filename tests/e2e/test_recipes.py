"""The documentation's recipes work as they are written, in a copy of the project; what they promise is what is needed.

Each recipe may touch what it says and nothing else: a dataset one file in `schemas/datasets/`, an indicator its goal's file
and its rows of the register, a year nothing, a publisher a line and a module.
"""

import ast
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from schemas.publishers import publishers as publishers_known
from tests.live_case import publishers
from tests.walkthrough import Walk

PACKAGES = ("flows", "schemas", "transforms", "warehouse")
WALKS = {"staff": ("dataset.md", "indicator.md"), "year": ("year.md", "publisher.md"), "fact": ("fact.md",)}
"""The pages that are followed in one copy of the project, one after another."""


@contextmanager
def copy_of(repo: Path, project: Path) -> Iterator[Walk]:
    """A copy of the packages, and fake publishers."""
    for package in PACKAGES:
        shutil.copytree(repo / package, project / package, ignore=shutil.ignore_patterns("__pycache__"))
    with publishers() as fakes:

        def online(url: str, body: bytes) -> None:
            address = urlsplit(url)
            fakes.put(f"/{address.netloc}{address.path}", body)

        environment = {"PYTHONPATH": str(project), "SECTORAKKOORD_PORTAL_URL": fakes.url}
        yield Walk(project, environment, online, lambda text: text.replace(f"{fakes.url}/", "https://"))


def follow(repo: Path, project: Path, pages: tuple[str, ...]) -> list[tuple[int, set[str]]]:
    """Per page how many of its blocks were followed, and which files of the project that touched."""
    done = []
    with copy_of(repo, project) as walk:
        for page in pages:
            before = files(project)
            blocks = walk.follow(repo / "docs" / "recipes" / page)
            done.append((blocks, {name for name, content in files(project).items() if before.get(name) != content}))
    return done


def files(project: Path) -> dict[str, bytes]:
    """Every file of the packages with its content."""
    found = [path for package in PACKAGES for path in (project / package).rglob("*") if "__pycache__" not in path.parts]
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in found
        if path.is_file() and path.suffix != ".lock"
    }


@pytest.fixture(scope="module")
def walks(repo, tmp_path_factory) -> dict[str, Future]:
    """The walks, both at the same time: each mostly waits for the commands that it types."""
    with ThreadPoolExecutor(len(WALKS)) as pool:
        return {name: pool.submit(follow, repo, tmp_path_factory.mktemp(name), WALKS[name]) for name in WALKS}


@pytest.mark.server
@pytest.mark.slow
def test_a_dataset_and_an_indicator(walks):
    dataset, indicator = walks["staff"].result()
    assert dataset == (5, {"schemas/datasets/verzuim.py"})
    goal = "transforms/g12_strategisch_personeelsbeleid.py"
    assert indicator == (7, {goal, "warehouse/register/seeds/indicator.csv", "warehouse/register/seeds/method.csv"})


@pytest.mark.server
@pytest.mark.slow
def test_a_year_and_a_publisher(walks):
    year, publisher = walks["year"].result()
    assert year == (10, {"schemas/datasets/zittenblijvers.py"})
    line, module, dataset = "schemas/publishers.py", "flows/publishers/voorbeeld.py", "schemas/datasets/lesuitval.py"
    assert publisher == (10, {line, module, dataset})


@pytest.mark.server
@pytest.mark.slow
def test_a_fact(walks):
    assert walks["fact"].result() == [(5, {"warehouse/register/seeds/published_value.csv"})]


@pytest.mark.parametrize("package", ["commands", "health", "http", "ingest", "prefect_ops"])
def test_only_its_own_module_knows_a_publisher(repo, package):
    """Where files are fetched, ingested, discovered, scheduled or asked for, no publisher is named in the code."""
    names = {*publishers_known(), "ckan", "Ckan", "Cbs", "FromCbs", "CbsTable", "Duo", "Inspectie"}
    for path in (repo / "flows" / package).rglob("*.py"):
        code = [node for node in ast.walk(ast.parse(path.read_text())) if not isinstance(node, ast.Expr)]
        named = {node.id for node in code if isinstance(node, ast.Name)}
        named |= {node.value for node in code if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        named |= {part for node in code if isinstance(node, ast.ImportFrom) for part in (node.module or "").split(".")}
        assert names & named == set(), path
