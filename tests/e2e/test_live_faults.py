"""What publishers and networks do for days: each fault is a sentence, the last release stays, other files go on, and it heals.

Real servers on loopback throughout; a later refresh is a refresh with a later day, so nothing waits.
"""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pytest

from flows.http.client import HttpClient
from flows.http.connection import PinnedAdapter
from flows.ingest.gate import IngestResult
from flows.refresh import Request, ingest, offer
from flows.settings import Settings, load_settings
from tests.fakes import running_fake_publishers
from tests.fakes.tls import running_proxy
from tests.helpers import tiny_05
from tests.live_case import (
    FINAL,
    FIRST,
    IMAGES,
    NAME,
    PLACE,
    PROVISIONAL,
    SITES,
    of,
    publishers,
    settings_of,
)
from warehouse.archive.store import Archive
from warehouse.release.data_directory import DataDirectory

pytestmark = pytest.mark.server

OTHER = "05-zittenblijvers-niveau-vestiging-2017-2018-tov-2018-2019.csv"
BESIDE = tiny_05([(site, pupils + 1, repeaters + 2) for site, pupils, repeaters in SITES]).encode()
BESIDE_REVISED = tiny_05([(site, pupils + 2, repeaters + 2) for site, pupils, repeaters in SITES]).encode()
HOSTS = ("duo.nl", "onderwijsdata.duo.nl")


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """The publishers, and a data directory after the first fetch of both files."""
    with publishers(**{OTHER: BESIDE}) as running:
        settings = settings_of(running, tmp_path_factory.mktemp("first"))
        report = take(settings)
        assert {of(report, name).outcome for name in (NAME, OTHER)} == {"new"}, of(report, OTHER).reason
        yield running, settings


@pytest.fixture
def fakes(first):
    """As they were at the start."""
    fakes, _ = first
    fakes.clear()
    fakes.put(PLACE, PROVISIONAL)
    fakes.put(IMAGES + OTHER, BESIDE)
    fakes.reset_counts()
    return fakes


@pytest.fixture
def settings(first, tmp_path):
    shutil.copytree(first[1].data, tmp_path / "data")
    return first[1].model_copy(update={"data": tmp_path / "data"})


def take(settings: Settings, today: date = FIRST) -> list[IngestResult]:
    """What a refresh ingests of two datasets of DUO: one on its pages, one in its catalogue."""
    found, _ = offer(Request("live", publisher="duo"), DataDirectory(settings.data), today, settings)
    with HttpClient(settings) as client:
        asked = [one for one in found if one.dataset.id in ("duo_05_zittenblijvers", "duo_vestigingen")]
        return [ingest(one, DataDirectory(settings.data), client) for one in asked]


def in_catalogue(report: list[IngestResult]) -> IngestResult:
    return next(one for one in report if "#" in one.url or "/download/" in one.url)


def held(settings) -> set[str]:
    return {vintage.sha256 for vintage in Archive(settings.data / "archive").vintages()}


def test_a_maintenance_page_for_a_week(fakes, settings):
    fakes.fault("s18_html_shell", PLACE, content_type="text/html")
    fakes.put(IMAGES + OTHER, BESIDE_REVISED)
    for day in range(1, 8):
        report = take(settings, FIRST + timedelta(days=day))
        taken = of(report, NAME)
        assert taken.outcome == "refused" and "expected csv or text, got html" in taken.reason
        assert of(report, OTHER).outcome == ("revised" if day == 1 else "known")
    assert len(Archive(settings.data / "archive").refused()) == 1, "one page, kept once"
    fakes.clear()
    fakes.put(PLACE, FINAL)
    assert of(take(settings, FIRST + timedelta(days=8)), NAME).outcome == "revised"


def test_a_catalogue_that_is_rewritten_with_new_ids(fakes, settings):
    before = held(settings)
    fakes.reset_counts()
    fakes.fault("catalogue_rewritten")
    assert in_catalogue(take(settings, FIRST + timedelta(days=1))).outcome == "known"
    assert fakes.bytes("*/download/*") == 0 and held(settings) == before


def test_a_publisher_that_moves_to_another_host_waits_for_a_setting(fakes, settings):
    fakes.put("/bestanden.duo.nl/05.csv", FINAL)
    fakes.fault("redirect_to", PLACE, location="https://bestanden.duo.nl/05.csv")
    fakes.put(IMAGES + OTHER, BESIDE_REVISED)
    report = take(settings, FIRST + timedelta(days=1))
    assert (of(report, NAME).outcome, of(report, OTHER).outcome) == ("missing", "revised")
    assert (
        "host bestanden.duo.nl" in of(report, NAME).reason and "SECTORAKKOORD_ALLOWED_HOSTS" in of(report, NAME).reason
    )
    assert fakes.requests("/bestanden.duo.nl/*") == 0
    moved = settings.model_copy(update={"allowed_hosts": (*settings.allowed_hosts, "bestanden.duo.nl")})
    assert of(take(moved, FIRST + timedelta(days=2)), NAME).outcome == "revised"


def test_429_for_an_hour_costs_one_request_per_refresh(fakes, settings):
    """Retry-After is beyond our patience, so nobody waits and the host is left alone; other hosts go on."""
    before = held(settings)
    fakes.fault("s09_503_twice", "/duo.nl/open_onderwijsdata/*", times=1_000_000, status=429, retry_after=3600)
    fakes.reset_counts()
    report = take(settings, FIRST + timedelta(days=1))
    reasons = [one.reason for one in report if one is not in_catalogue(report)]
    assert "got HTTP 429 with Retry-After 3600 s; try again later; the last good data stays in use." in reasons[0]
    assert len(reasons) > 2 and all("HTTP 429 with Retry-After 3600 s" in reason for reason in reasons)
    assert fakes.requests("/duo.nl/open_onderwijsdata/*") == 1
    assert in_catalogue(report).outcome == "known", in_catalogue(report).reason
    assert held(settings) == before
    fakes.clear()
    fakes.put(PLACE, FINAL)
    assert of(take(settings, FIRST + timedelta(days=2)), NAME).outcome == "revised"


@pytest.fixture
def behind_proxy(fakes, settings, tmp_path, monkeypatch):
    """The publishers over https, reached through a proxy with a password; the settings know no mirror."""
    with running_proxy(fakes.url, tmp_path, HOSTS, "pieter:geheim-woord") as proxy:
        for name in ("http_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "https_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTPS_PROXY", f"http://pieter:geheim-woord@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
        yield proxy, settings.model_copy(update={"portal_url": None, "attempts": 2})


def test_a_certificate_that_has_expired(fakes, behind_proxy):
    proxy, settings = behind_proxy
    report = take(settings)
    assert (of(report, NAME).outcome, in_catalogue(report).outcome) == ("known", "known"), in_catalogue(report).reason
    proxy.expired.add("duo.nl")
    fakes.put(PLACE, FINAL)
    before, tried = held(settings), len(proxy.asked)
    report = take(settings, FIRST + timedelta(days=1))
    reason = of(report, NAME).reason
    assert of(report, NAME).outcome == "missing" and "one that has expired" in reason
    assert in_catalogue(report).outcome == "known", in_catalogue(report).reason
    assert held(settings) == before and proxy.asked[tried:].count("duo.nl") == 1
    proxy.expired.clear()
    assert of(take(settings, FIRST + timedelta(days=2)), NAME).outcome == "revised"


def test_a_proxy_with_a_password(behind_proxy, monkeypatch):
    proxy, settings = behind_proxy
    monkeypatch.setenv("HTTPS_PROXY", f"http://pieter:ander-woord@127.0.0.1:{proxy.port}")
    taken = of(take(settings), NAME)
    assert taken.outcome == "missing" and "HTTP 407: it wants a user name and password" in taken.reason
    assert "ander-woord" not in taken.reason and not proxy.asked
    # As many machines have it, without a scheme: reached all the same.
    monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{proxy.port}")
    assert "HTTP 407" in of(take(settings), NAME).reason
    monkeypatch.setenv("HTTPS_PROXY", f"pieter:ander-woord@127.0.0.1:{proxy.port}")
    reason = of(take(settings), NAME).reason
    assert "an address that is malformed" in reason and "ander-woord" not in reason
    monkeypatch.setenv("HTTPS_PROXY", f"http://pieter:geheim-woord@127.0.0.1:{proxy.port}")
    assert of(take(settings), NAME).outcome == "known" and set(proxy.asked) == {*HOSTS}


def test_ipv6_only(tmp_path):
    with running_fake_publishers(host="::1", synthetic=False) as fakes:
        fakes.put(PLACE, PROVISIONAL)
        assert of(take(settings_of(fakes, tmp_path)), NAME).outcome == "new"
        port = fakes.url.rpartition(":")[2]
        # As a publisher whose name has no other address: the one that was checked is connected to.
        with HttpClient(load_settings(data=tmp_path)) as client:
            client._resolver = lambda _: ["2a02:2e0::1"]
            host_state = client._host_state("https://duo.nl/")
            assert isinstance(host_state.adapter, PinnedAdapter)
            host_state.session.trust_env = False
            host_state.adapter.addresses = ["::1"]
            assert host_state.session.get(f"http://duo.nl:{port}{PLACE}").content == PROVISIONAL
