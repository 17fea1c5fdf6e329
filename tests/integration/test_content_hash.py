"""The content of the two bundled editions, pinned: whoever changes it on purpose changes the hash here, and says why.

Moving or renaming code must change neither. The failure message shows the new hash.
"""

from datetime import date
from pathlib import Path

import pytest

from flows.refresh import Request, refresh
from flows.settings import load_settings

SAMPLE = "9ea695f654b18cc392b190600fee157b312b1b355bc9837797dcf63bef39a7b2"
MIRROR = "2b04e55f58760a767efcc77f58b6732f47b2c9c950a9dc46f35ba86b543ce38e"
TODAY = date(2026, 11, 28)


def hash_of_refresh(request: Request, folder: Path) -> str:
    """The content hash of a first release without snapshots."""
    return refresh(request, load_settings(data=folder), TODAY).published.release.content_hash


def test_the_sample_edition_has_the_pinned_content(tmp_path: Path) -> None:
    assert hash_of_refresh(Request("sample", site=False), tmp_path) == SAMPLE


@pytest.mark.mirror
def test_the_mirror_edition_has_the_pinned_content(tmp_path: Path, shared_mirror: Path) -> None:
    assert hash_of_refresh(Request("mirror", shared_mirror, site=False), tmp_path) == MIRROR
