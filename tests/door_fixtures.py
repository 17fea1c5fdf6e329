"""Fixtures for tests that pull from the double: one server for all, a door to it."""

from __future__ import annotations

import pytest
from door_case import BODY, PATH

from flows.double import running_double
from flows.http.door import Door


@pytest.fixture(scope="session")
def double_server():
    with running_double() as running:
        yield running


@pytest.fixture
def double(double_server):
    """The double without faults or counts, serving BODY at PATH."""
    double_server.clear()
    double_server.reset_counts()
    double_server.put(PATH, BODY)
    return double_server


@pytest.fixture
def door(double):
    with Door(double.settings()) as opened:
        yield opened
