"""Fixtures for tests that pull from the double: one server for all, a door to it."""

from __future__ import annotations

import pytest

from flows.http.client import HttpClient
from tests.fakes import running_fake_publishers
from tests.http_case import BODY, PATH


@pytest.fixture(scope="session")
def double_server():
    with running_fake_publishers() as running:
        yield running


@pytest.fixture
def fakes(double_server):
    """The double without faults or counts, serving BODY at PATH."""
    double_server.clear()
    double_server.reset_counts()
    double_server.put(PATH, BODY)
    return double_server


@pytest.fixture
def client(fakes):
    with HttpClient(fakes.settings()) as opened:
        yield opened
