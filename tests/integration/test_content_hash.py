"""The content of the two bundled editions, pinned: whoever changes it on purpose changes the hash here, and says why.

Moving or renaming code must change neither. The failure message shows the new hash.
"""

from datetime import date
from pathlib import Path

import pytest

from flows.refresh import Request, refresh
from flows.settings import load_settings

SAMPLE = "238b1d25e91f0d14522269c59bf3c2d8aa56fe337a4a749a6ec16a55e355aa3e"
MIRROR = "09070ce67dedac3473c620ed1e5b947563c7be16bc5fc0ac9243c7bba33aa4b7"
TODAY = date(2026, 11, 28)


def hash_of_refresh(request: Request, folder: Path) -> str:
    """The content hash of a first release without snapshots."""
    return refresh(request, load_settings(data=folder), TODAY).published.release.content_hash


def test_the_sample_edition_has_the_pinned_content(tmp_path: Path) -> None:
    assert hash_of_refresh(Request("sample", site=False), tmp_path) == SAMPLE


@pytest.mark.mirror
def test_the_mirror_edition_has_the_pinned_content(tmp_path: Path, shared_mirror: Path) -> None:
    assert hash_of_refresh(Request("mirror", shared_mirror, site=False), tmp_path) == MIRROR
