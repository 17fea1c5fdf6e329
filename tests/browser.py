"""The browser that the report is tested in: the machine's own chromium."""

import os
import shutil
from typing import NoReturn

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def missing(reason: str) -> NoReturn:
    """A laptop may lack a program, and its tests skip; CI must have it."""
    pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
