"""Fixtures for tests that download from the fake publishers: one server for all, a client of it."""

from __future__ import annotations

import pytest

from flows.http.client import HttpClient
from tests.fakes import running_fake_publishers
from tests.http_case import BODY, PATH


@pytest.fixture(scope="session")
def fake_server():
    with running_fake_publishers() as running:
        yield running


@pytest.fixture
def fakes(fake_server):
    """The fake publishers without faults or counts, serving BODY at PATH."""
    fake_server.clear()
    fake_server.reset_counts()
    fake_server.put(PATH, BODY)
    return fake_server


@pytest.fixture
def client(fakes):
    with HttpClient(fakes.settings()) as opened:
        yield opened
