"""The fake publishers: what they serve, what they count, and the faults that alter files at the publisher."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from flows.http.client import HttpClient
from flows.http.download import download
from flows.http.errors import TooLarge, UnsafeArchive
from flows.http.unzip import unpack_zip
from schemas.reading.sniff import Kind
from tests.fakes import running_fake_publishers
from tests.fakes.faults import FAULTS

pytestmark = pytest.mark.server

URL = "https://duo.nl/map/examens,-2016-2017.csv"
PATH = "/duo.nl/map/examens,-2016-2017.csv"
BODY = "BRIN NUMMER;NAAM;GESLAAGD\r\n90AA;Voorbeeldschool één;84\r\n".encode("cp1252")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mirror" / "duo.nl" / "map").mkdir(parents=True)
    (tmp_path / "mirror" / PATH[1:]).write_bytes(BODY)
    (tmp_path / "secret.txt").write_text("outside")
    return tmp_path / "mirror"


@pytest.fixture
def fakes(folder):
    with running_fake_publishers(folder) as running:
        yield running


@pytest.fixture
def client(fakes):
    with HttpClient(fakes.settings()) as opened:
        yield opened


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_folder_is_served_as_the_publishers_lay_it_out(client, fakes, tmp_path):
    got = download(client, URL, tmp_path / "a.csv")
    assert got.path.read_bytes() == BODY and got.headers["Last-Modified"]
    assert client.get(URL.replace("duo.nl", "www.duo.nl")).body == BODY
    assert fakes.requests(PATH) == 1 and fakes.bytes(PATH) == len(BODY)
    assert fakes.requests() == 2
    fakes.reset_counts()
    assert (fakes.requests(), fakes.bytes(), fakes.log) == (0, 0, [])


@pytest.mark.parametrize(
    "path", ["/duo.nl/../../secret.txt", "/duo.nl/%2e%2e/%2e%2e/secret.txt", "/duo.nl/map", "/x/y", "/"]
)
def test_nothing_outside_the_folder_is_served(fakes, path):
    assert status(fakes.url + path) == 404


def test_hand_put_files_win_and_can_be_many(client, fakes, tmp_path):
    fakes.put(PATH, b"a;b\r\n")
    assert client.get(URL).body == b"a;b\r\n"


def test_unknown_fault_names_the_known(fakes):
    with pytest.raises(KeyError, match=r"s25_meteor.*expected one of s01_atom_xml, "):
        fakes.fault("s25_meteor")


def test_a_fault_counts_down_and_minds_its_path(client, fakes):
    fakes.fault("s08_unknown_table", PATH, times=1)
    other = PATH.replace("2017", "2018")
    fakes.put(other, BODY)
    assert status(fakes.url + other) == 200
    assert [status(fakes.url + PATH) for _ in range(2)] == [404, 200]
    fakes.fault("s08_unknown_table")
    fakes.clear()
    assert status(fakes.url + PATH) == 200


def test_final_figures_replace_provisional_ones_under_one_address(client, fakes, tmp_path):
    first = download(client, URL, tmp_path / "a.csv")
    fakes.fault("content_changed", PATH, body=BODY.replace(b"84", b"85"))
    second = download(client, URL, tmp_path / "b.csv", known=first.known)
    assert not second.unchanged and second.sha256 != first.sha256
    assert second.path.read_bytes().endswith(b";85\r\n") and first.path.read_bytes() == BODY


@pytest.mark.parametrize(
    ("fault", "options", "body"),
    [
        (
            "header_renamed",
            {"old": "BRIN NUMMER", "new": "INSTELLINGSCODE"},
            BODY.replace(b"BRIN NUMMER", b"INSTELLINGSCODE"),
        ),
        (
            "column_moved",
            {},
            "NAAM;GESLAAGD;BRIN NUMMER\r\nVoorbeeldschool één;84;90AA\r\n".encode("cp1252"),
        ),
        ("code_page_changed", {"source": "cp1252", "target": "cp850"}, BODY.decode("cp1252").encode("cp850")),
    ],
)
def test_altered_files_arrive_as_the_publisher_now_has_them(client, fakes, tmp_path, fault, options, body):
    known = download(client, URL, tmp_path / "a.csv").known
    fakes.fault(fault, PATH, **options)
    got = download(client, URL, tmp_path / "b.csv", expected=[Kind.CSV], known=known)
    assert got.path.read_bytes() == body and not got.unchanged


def test_published_twice_has_one_hash(client, fakes, tmp_path):
    alias = PATH.replace("examens,-", "examens-")
    fakes.fault("published_twice", PATH, alias=alias)
    first = download(client, URL, tmp_path / "a.csv")
    assert download(client, "https:/" + alias, tmp_path / "b.csv").sha256 == first.sha256


@pytest.mark.parametrize(("fault", "error"), [("zip_slip", UnsafeArchive), ("zip_bomb", TooLarge)])
def test_hostile_zips_arrive_and_are_not_opened(client, fakes, tmp_path, fault, error):
    fakes.fault(fault, PATH)
    got = download(client, URL, tmp_path / "in" / "a.zip", expected=[Kind.ZIP])
    with pytest.raises(error):
        unpack_zip(got.path, tmp_path / "in" / "out", url=URL, max_bytes=1 << 30, max_expansion=200)
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["a.zip"]
    assert not (tmp_path / "evil.csv").exists() and not (tmp_path / "in" / "evil.csv").exists()


def test_a_stream_is_as_long_as_announced(client, fakes, tmp_path):
    fakes.stream("/duo.nl/groot.bin", 3_000_000)
    got = download(client, "https://duo.nl/groot.bin", tmp_path / "groot.bin")
    assert got.bytes == 3_000_000 == fakes.bytes("/duo.nl/groot.bin")


def test_generated_content_says_that_it_is_synthetic(fakes):
    for path in (
        "/opendata.cbs.nl/ODataFeed/odata/85382NED/TableInfos?$format=json",
        "/datasets.cbs.nl/odata/v1/CBS/85382NED/Properties",
        "/onderwijsdata.duo.nl/api/3/action/package_show?id=functiemix",
        "/duo.nl/open_onderwijsdata/voortgezet-onderwijs/examens/examens.jsp",
        "/www.onderwijsinspectie.nl/trends",
    ):
        with urllib.request.urlopen(fakes.url + path) as answer:
            assert b"SYNTHETIC" in answer.read(), path


def test_service_speaks_the_publishers_dialects(fakes):
    feed = fakes.url + "/opendata.cbs.nl/ODataFeed/OData/85382NED/UntypedDataSet?$format=json&$top=2"
    with urllib.request.urlopen(feed) as answer:
        body = json.load(answer)
    assert len(body["value"]) == 2 and body["value"][0]["Geslacht"] == "Q0  "
    assert body["value"][0]["Onderwerp_3"] == "     0.0"
    with urllib.request.urlopen(fakes.url + "/datasets.cbs.nl/odata/v1/CBS/85382NED/Observations/$count") as answer:
        assert answer.read().startswith(b"\xef\xbb\xbf5")
    assert status(fakes.url + "/datasets.cbs.nl/odata/v1/CBS/85382ned/Properties") == 404


def test_every_switchable_fault_is_used_by_a_test():
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("test_*.py"))
    switchable = [name for name, meaning in FAULTS.items() if not meaning.startswith("always:")]
    assert [name for name in switchable if f'"{name}"' not in tests] == []
    numbers = {match[1] for match in (re.match(r"s(\d\d)_", name) for name in FAULTS) if match}
    # Filters, the bulk zip, RIO and Eurostat: nothing here asks for them.
    assert numbers == {f"{number:02d}" for number in range(1, 25)} - {"05", "06", "16", "22", "23"}
