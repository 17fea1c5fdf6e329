"""The content of the two bundled editions, pinned: whoever changes it on purpose changes the hash here, and says why.

Moving or renaming code must change neither. The failure message shows the new hash.
"""

from datetime import date
from pathlib import Path

import pytest

from flows.refresh import Request, refresh
from flows.settings import load_settings

SAMPLE = "20ba7af0ca7982cf7db92075d05f899d045712215f0e3f5e0f37e87efdbc6b1e"
MIRROR = "7617258e2f73943bc1d5b66ec94916b91817edc1eca6d719ac1b0eaffaaff38f"
TODAY = date(2026, 11, 28)


def hash_of_refresh(request: Request, folder: Path) -> str:
    """The content hash of a first release without snapshots."""
    return refresh(request, load_settings(data=folder), TODAY).published.release.content_hash


def test_the_sample_edition_has_the_pinned_content(tmp_path: Path) -> None:
    assert hash_of_refresh(Request("sample", site=False), tmp_path) == SAMPLE


@pytest.mark.mirror
def test_the_mirror_edition_has_the_pinned_content(tmp_path: Path, shared_mirror: Path) -> None:
    assert hash_of_refresh(Request("mirror", shared_mirror, site=False), tmp_path) == MIRROR
