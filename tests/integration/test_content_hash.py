"""The content of the two bundled editions, pinned: whoever changes it on purpose changes the hash here, and says why.

Moving or renaming code must change neither. The failure message shows the new hash.
"""

from datetime import date
from pathlib import Path

import pytest

from flows.refresh import Request, refresh
from flows.settings import load_settings

SAMPLE = "fbad8631a8a611abe53364e5f48e2cfa68f77a85977f4eef997dc793c3d3db5e"
MIRROR = "7b1c51aed5faa5da0a2ccbc3730e8b17c32a64b1dcb83f3bd1e8f133397ca645"
TODAY = date(2026, 11, 28)


def hash_of_refresh(request: Request, folder: Path) -> str:
    """The content hash of a first release without snapshots."""
    return refresh(request, load_settings(data=folder), TODAY).published.release.content_hash


def test_the_sample_edition_has_the_pinned_content(tmp_path: Path) -> None:
    assert hash_of_refresh(Request("sample", site=False), tmp_path) == SAMPLE


@pytest.mark.mirror
def test_the_mirror_edition_has_the_pinned_content(tmp_path: Path, shared_mirror: Path) -> None:
    assert hash_of_refresh(Request("mirror", shared_mirror, site=False), tmp_path) == MIRROR
