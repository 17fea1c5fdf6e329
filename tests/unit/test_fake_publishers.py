"""The double itself: what it serves, what it counts, and the faults that alter files at the publisher."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from flows.http.client import HttpClient
from flows.http.errors import TooLarge, UnsafeArchive
from flows.http.sniff import Kind
from flows.http.unzip import unpack_zip
from tests.fakes import running_fake_publishers
from tests.fakes.faults import FAULTS
from tests.fakes.odata_filter import FilterError, parse

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
    got = client.download(URL, tmp_path / "a.csv")
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
    first = client.download(URL, tmp_path / "a.csv")
    fakes.fault("content_changed", PATH, body=BODY.replace(b"84", b"85"))
    second = client.download(URL, tmp_path / "b.csv", known=first.known)
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
    known = client.download(URL, tmp_path / "a.csv").known
    fakes.fault(fault, PATH, **options)
    got = client.download(URL, tmp_path / "b.csv", expected=[Kind.CSV], known=known)
    assert got.path.read_bytes() == body and not got.unchanged


def test_published_twice_has_one_hash(client, fakes, tmp_path):
    alias = PATH.replace("examens,-", "examens-")
    fakes.fault("published_twice", PATH, alias=alias)
    first = client.download(URL, tmp_path / "a.csv")
    assert client.download("https:/" + alias, tmp_path / "b.csv").sha256 == first.sha256


@pytest.mark.parametrize(("fault", "error"), [("zip_slip", UnsafeArchive), ("zip_bomb", TooLarge)])
def test_hostile_zips_arrive_and_are_not_opened(client, fakes, tmp_path, fault, error):
    fakes.fault(fault, PATH)
    got = client.download(URL, tmp_path / "in" / "a.zip", expected=[Kind.ZIP])
    with pytest.raises(error):
        unpack_zip(got.path, tmp_path / "in" / "out", url=URL, max_bytes=1 << 30, max_expansion=200)
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["a.zip"]
    assert not (tmp_path / "evil.csv").exists() and not (tmp_path / "in" / "evil.csv").exists()


def test_a_stream_is_as_long_as_announced(client, fakes, tmp_path):
    fakes.stream("/duo.nl/groot.bin", 3_000_000)
    got = client.download("https://duo.nl/groot.bin", tmp_path / "groot.bin")
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
    assert len(body["value"]) == 2 and body["value"][0]["Geslacht"] == "T001038"
    assert body["value"][0]["Examenkandidaten_1"] == "       0"
    with urllib.request.urlopen(fakes.url + "/datasets.cbs.nl/odata/v1/CBS/85382NED/Observations/$count") as answer:
        assert answer.read().startswith(b"\xef\xbb\xbf3")
    assert status(fakes.url + "/datasets.cbs.nl/odata/v1/CBS/85382ned/Properties") == 404
    assert status(feed + "&$filter=nonsense") == 400


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("A eq 'x '", [0]),
        ("A eq 'x'", []),
        ("trim(A) eq 'x'", [0]),
        ("startswith(A,'y')", [1, 2]),
        ("substringof('SJ',P)", [0, 2]),
        ("contains(P,'SJ') and A eq 'yy'", [2]),
        ("A eq 'x ' or A eq 'yy' and P eq '2018JJ00'", [0, 1]),
        ("(A eq 'x ' or A eq 'yy') and P eq '2018JJ00'", [1]),
        ("A eq 'it''s'", []),
    ],
)
def test_filters(text, kept):
    rows = [{"A": "x ", "P": "2018SJ00"}, {"A": "yy", "P": "2018JJ00"}, {"A": "yy", "P": "2019SJ00"}]
    test = parse(text)
    assert [number for number, row in enumerate(rows) if test(row)] == kept


@pytest.mark.parametrize("text", ["A", "A eq x", "A eq 'x' and", "(A eq 'x'", "A eq 'x') or", "A ge 'x'"])
def test_filters_outside_the_grammar(text):
    with pytest.raises(FilterError):
        parse(text)


def test_every_switchable_fault_is_used_by_a_test():
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("test_*.py"))
    switchable = [name for name, meaning in FAULTS.items() if not meaning.startswith("always:")]
    assert [name for name in switchable if f'"{name}"' not in tests] == []
    numbers = {match[1] for match in (re.match(r"s(\d\d)_", name) for name in FAULTS) if match}
    assert numbers == {f"{number:02d}" for number in range(1, 25)} - {
        "22",
        "23",
    }  # RIO and Eurostat, which nothing pulls from
