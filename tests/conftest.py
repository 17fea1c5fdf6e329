"""Fixtures that tests share."""

from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repo() -> Path:
    """The project's folder."""
    return REPO


@pytest.fixture(scope="session")
def shared_mirror(repo: Path) -> Path:
    """The folder with real published files, beside the project; the test is skipped where it is absent."""
    folder = repo.parent / "shared" / "opendata" / "mirror"
    if not folder.is_dir():
        pytest.skip("the folder with real published files (../shared/opendata/mirror) is not here")
    return folder
