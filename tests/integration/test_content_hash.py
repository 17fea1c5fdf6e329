"""The content of the two bundled editions, pinned: whoever changes it on purpose changes the hash here, and says why.

Moving or renaming code must change neither. The failure message shows the new hash.
"""

from datetime import date
from pathlib import Path

import pytest

from flows.refresh import Request, refresh
from flows.settings import load_settings

SAMPLE = "9f93060fc05f6ab2b51e739d46f350f68a828b68f4d8457db398eb95a8072340"
MIRROR = "fb5798cf07264ab2157b9552f89a2ce40e981d92b819cf76a33f1dee1466ea37"
TODAY = date(2026, 11, 28)


def hash_of_refresh(request: Request, folder: Path) -> str:
    """The content hash of a first release without snapshots."""
    return refresh(request, load_settings(data=folder), TODAY).published.release.content_hash


def test_the_sample_edition_has_the_pinned_content(tmp_path: Path) -> None:
    assert hash_of_refresh(Request("sample", site=False), tmp_path) == SAMPLE


@pytest.mark.mirror
def test_the_mirror_edition_has_the_pinned_content(tmp_path: Path, shared_mirror: Path) -> None:
    assert hash_of_refresh(Request("mirror", shared_mirror, site=False), tmp_path) == MIRROR
