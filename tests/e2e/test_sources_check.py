"""`sources --check`: every declared address is asked how it answers, over a real server; nothing travels and nothing is kept."""

from __future__ import annotations

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from flows import cli, exit_codes
from schemas.datasets import datasets
from schemas.reading.sniff import HEAD
from tests.helpers import tiny_05
from tests.live_case import IMAGES, NAME, PLACE, publishers

pytestmark = pytest.mark.server

NEW = "05.-zittenblijvers-niveau-vestiging-2024-2025-tov-2025-2026.csv"
DECLARED = [
    known.url.rpartition("/")[2]
    for known in datasets()["duo_01_leerlingen"].files
    if known.url.startswith(f"https:/{IMAGES}") and known.url.endswith(".csv")
]
OTHER, SHELL, AWAY, *_ = DECLARED
LONG = tiny_05([(f"{number:02d}AA00", 1000, 50) for number in range(60)] * 20).encode()


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Some files are there, one has moved, one is a web page, one is sent on to a host that is not listed; all others are gone."""
    with publishers(**{NEW: LONG}) as fakes:
        monkeypatch.setenv("SECTORAKKOORD_PORTAL_URL", fakes.url)
        monkeypatch.setenv("SECTORAKKOORD_DATA", str(tmp_path / "data"))
        for name, value in {"REQUESTS_PER_SECOND": "1000000", "BACKOFF_MIN_S": "0", "BACKOFF_MAX_S": "0"}.items():
            monkeypatch.setenv(f"SECTORAKKOORD_{name}", value)
        fakes.fault("redirect_to", IMAGES + OTHER, location=f"https://duo.nl{IMAGES.removeprefix('/duo.nl')}{NEW}")
        fakes.fault("s18_html_shell", IMAGES + SHELL)
        fakes.fault("redirect_to", IMAGES + AWAY, location="https://files.example.org/05.csv")
        yield fakes
    assert not (tmp_path / "data").exists()


def check(*words: str):
    return CliRunner().invoke(cli.app, ["sources", "--check", *words])


def test_every_address_says_how_it_answers_and_no_file_travels(asked):
    done = check("--json")
    assert done.exit_code == exit_codes.REFUSED
    found = {one["address"].rpartition("/")[2]: one for one in json.loads(done.stdout)}
    assert {one["outcome"] for one in found.values()} == {"reachable", "moved", "gone", "refused"}
    there, moved = found[NAME], found[OTHER]
    assert (there["outcome"], there["type"], there["size"]) == ("reachable", "csv", asked.bytes(PLACE))
    assert (moved["outcome"], moved["found_at"].rpartition("/")[2], moved["size"]) == ("moved", NEW, len(LONG))
    assert (there["newest"], there["newest_declared"]) == (NEW, False)
    assert "expected csv or text, got html" in found[SHELL]["said"]
    assert "host files.example.org" in found[AWAY]["said"]
    assert found["cbs:84782NED"]["last_modified"] == "2026-04-14"
    assert len(LONG) > 2 * HEAD and asked.bytes(IMAGES + NEW) == HEAD


def test_people_read_it_in_their_language_and_programs_as_csv(asked):
    dutch = check("--format", "table", "--lang", "nl").stdout
    assert "verhuisd 1" in dutch and "Er is niets gedownload of bewaard." in dutch and "duo_balans" in dutch
    rows = list(csv.DictReader(io.StringIO(check().stdout)))
    assert {row["dataset"]: row["outcome"] for row in rows}["cbs_85382ned"] == "reachable"
    assert check("--format", "xml").exit_code == exit_codes.USAGE


def test_a_format_without_the_check_is_a_usage_error(tmp_path):
    assert CliRunner().invoke(cli.app, ["sources", "--format", "csv"]).exit_code == exit_codes.USAGE


def test_without_any_publisher_there_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("SECTORAKKOORD_PORTAL_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("SECTORAKKOORD_DATA", str(tmp_path / "data"))
    done = check("--json")
    assert exit_codes.exit_code(done.exception) == exit_codes.NO_SOURCE and done.stdout == ""
