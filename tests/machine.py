"""What tests need of the machine besides Python: a laptop may lack it, and they skip with the reason; in CI they fail."""

import os
import shutil
from typing import NoReturn

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def missing(reason: str) -> NoReturn:
    """Skip the test, or in CI fail it."""
    pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def chromium() -> str:
    """The browser that pages are looked at in."""
    return CHROMIUM or missing("no chromium on this machine (Debian: apt-get install chromium)")
