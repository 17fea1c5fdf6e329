"""DUO's and the Inspectorate's pages, RIO and Eurostat, through the real client."""

from __future__ import annotations

from datetime import date

import pytest

from flows.double import running_double
from flows.http.door import Door
from flows.http.errors import ApiRefused, NoRows, NotFound, PagingRefused, StatusRefused, WrongContent
from flows.sources import duo_static, eurostat, inspectie, rio
from flows.sources.duo_static import discover, pages, period_of, same_file
from flows.sources.links import read_links
from schemas import dataset_for

server_test = pytest.mark.server
ROOT = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs"
ADDRESSES, STAFF = f"{ROOT}/adressen/vestigingen.jsp", f"{ROOT}/personeel/in-aantal-personen.jsp"
IMAGES = "https://duo.nl/open_onderwijsdata/images/"
ODS = "/www.onderwijsinspectie.nl/site/binaries/site-content/collections/documents/2025/08/04/oordelen/Oordeel+VO.ods"


@pytest.fixture(scope="module")
def server():
    with running_double() as running:
        for name in (
            "01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv",
            "07.-geslaagden,-gezakten-en-cijfers-2016-2017.csv",
            "02-alle-vestigingen-vo.csv",
            "raadsel-2019.csv",
        ):
            running.put(f"/duo.nl/open_onderwijsdata/images/{name}", b"a;b\r\n1;2\r\n")
        yield running


@pytest.fixture
def double(server):
    server.clear()
    server.reset_counts()
    return server


@pytest.fixture
def door(double):
    with Door(double.settings()) as opened:
        yield opened


@pytest.mark.parametrize(
    ("name", "dataset", "period"),
    [
        ("01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2017-2018.csv", "duo_01_leerlingen", "1-10-2017"),
        ("01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv", "duo_01_leerlingen", "1-10-2019"),
        (
            "05.-zittenblijven-vo-brinvest-1516-tov-1617.csv",
            "duo_05_zittenblijvers",
            "2015-2016 -> 2016-2017",
        ),
        (
            "05.-zittenblijvers-niveau-vestiging-2023-2024-tov-2024-2025.csv",
            "duo_05_zittenblijvers",
            "2023-2024 -> 2024-2025",
        ),
        ("05.-leerlingen-vo-per-samenwerkingsverband-en-onderwijstype-2012.csv", None, ""),
        ("examenkandidaten-en-geslaagden-2020-2025.csv", "duo_06_examens", "2020-2025"),
        ("07.-geslaagden,-gezakten-en-cijfers-2015-2016.csv", "duo_07_geslaagden", "2015-2016"),
        ("geslaagden-gezakten-en-cijfers-2023-2024.csv", "duo_07_geslaagden", "2023-2024"),
        ("08.-examenkandidaten-vmbo-en-examencijfers-2013-2014-.csv", "duo_08_10_vakken", "2013-2014"),
        ("02-alle-vestigingen-vo.csv", "duo_vestigingen", ""),
    ],
)
def test_names_are_recognised_without_their_number(name, dataset, period):
    found = dataset_for(name)
    assert (found and found.id, found and period_of(found.id, name)) == (dataset, found and period)


def test_pages_are_those_the_declarations_name():
    assert {ADDRESSES, STAFF} < set(pages()) and all(page.startswith("https://duo.nl/") for page in pages())


def test_links_of_untidy_html():
    html = (
        "<a href=\"a b.csv\">A <b>bold</b>\n label<a href='/c%2Cd.csv#top'>C</a><a>none</a>"
        '<a href="mailto:x@example.org">m</a><a href="a%20b.csv">again</a><A HREF=//www.duo.nl/e.csv>E &amp; F'
    )
    links = read_links(html, "https://duo.nl/map/page.jsp")
    assert [(link.url, link.label) for link in links] == [
        ("https://duo.nl/map/a%20b.csv", "A bold label"),
        ("https://duo.nl/c%2Cd.csv", "C"),
        ("https://www.duo.nl/e.csv", "E & F"),
    ]
    assert [link.file_name for link in links] == ["a b.csv", "c,d.csv", "e.csv"]


def test_one_file_has_one_spelling():
    assert same_file("https://www.duo.nl/x/07.-a%2C-b.csv") == same_file("https://duo.nl/x/07.-a,-b.csv")


@server_test
def test_discovery_proposes_what_is_new(door):
    known = [IMAGES.replace("duo.nl", "www.duo.nl") + "07.-geslaagden%2C-gezakten-en-cijfers-2016-2017.csv"]
    found = discover(door, known)
    assert {(entry.dataset, entry.period) for entry in found.new} == {
        ("duo_01_leerlingen", "1-10-2019"),
        ("duo_vestigingen", ""),
    }
    assert [entry.dataset for entry in found.known] == ["duo_07_geslaagden"]
    assert (found.twice, dict(found.failed)) == ((), {})


@server_test
def test_a_year_published_twice_is_told(door, double):
    again = "/duo.nl/open_onderwijsdata/images/01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv"
    real = "/duo.nl/open_onderwijsdata/images/01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv"
    double.fault("published_twice", real, alias=again)
    found = discover(door, [])
    assert [[entry.url for entry in group] for group in found.twice] == [["https:/" + real, "https:/" + again]]
    assert door.get("https:/" + again).sha256 == door.get("https:/" + real).sha256


@server_test
def test_a_failing_page_does_not_hide_the_others(door, double):
    double.fault("s08_unknown_table", "*/adressen/*")
    double.fault("content_changed", "*/personeel/*", body=b"a;b\r\n1;2\r\n")
    found = discover(door, [])
    assert {entry.dataset for entry in found.new} == {"duo_01_leerlingen", "duo_07_geslaagden"}
    assert dict(found.failed) == {
        ADDRESSES: f"{ADDRESSES}: expected an answer with data, got HTTP 404; "
        "check the address against the publisher's page or catalogue.",
        STAFF: f"{STAFF}: expected an HTML page, got csv; look for the publisher's new page.",
    }


def test_a_label_that_names_other_years_is_noticed():
    url = "https://duo.nl/examens-2024-2025.csv"
    assert duo_static.Found("d", "2024-2025", url, "Examens 2025-2025 (CSV)", "p").label_differs
    assert not duo_static.Found("d", "2024-2025", url, "Examens 2024-2025", "p").label_differs
    assert not duo_static.Found("d", "", "https://duo.nl/v.csv", "Vestigingen", "p").label_differs


@server_test
def test_inspectorate_documents_are_found_behind_a_dated_page(door, double):
    double.put(ODS, b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
    found = inspectie.discover(door)
    assert [(document.published_on, document.url) for document in found] == [
        (date(2025, 8, 4), "https:/" + ODS.replace("+", "%2B"))
    ]
    assert inspectie.discover(door, known_urls=[found[0].url]) == []


@server_test
def test_inspectorate_pages_gone(door, double, tmp_path):
    double.fault("s08_unknown_table", "/www.onderwijsinspectie.nl/*")
    with pytest.raises(NotFound):
        inspectie.discover(door)
    double.clear()
    double.fault("s18_html_shell")
    with pytest.raises(WrongContent, match="expected csv or ods or xls or xlsx, got html"):
        inspectie.download(door, inspectie.PINNED["oordelen_2025_08_01"], tmp_path / "a.ods")
    assert list(tmp_path.iterdir()) == []


@server_test
def test_s22_rio_pages_end_with_an_empty_one(door, double):
    items = list(rio.collection(door, "onderwijslocaties", on=date(2020, 10, 1)))
    assert len(items) == len({item["id"] for item in items}) == 250
    assert "datumGeldigOp=2020-10-01" in double.log[0].query
    assert list(rio.collection(door, "onderwijslocaties", filters={"page": "99"})) == []


@server_test
def test_s22_rio_plain_array_and_maintenance(door, double):
    double.fault("s22_plain_array")
    assert len(list(rio.collection(door, "onderwijslocaties"))) == 100
    double.clear()
    double.fault("s22_503", times=2)
    assert len(list(rio.collection(door, "onderwijslocaties"))) == 250
    double.fault("s22_503")
    with pytest.raises(StatusRefused, match=r"got HTTP 503 \(5 attempts\)"):
        list(rio.collection(door, "onderwijslocaties"))


@server_test
def test_rio_item_and_odd_pages(door, double):
    assert rio.item(door, "onderwijslocaties", "007X007")["id"] == "007X007"
    with pytest.raises(NotFound):
        rio.item(door, "onderwijslocaties", "999X999", on=date(2007, 7, 31))
    double.fault("content_changed", "*onderwijslocaties", body=b'{"title": "iets anders"}')
    with pytest.raises(WrongContent, match="expected one list of items, got dict"):
        list(rio.collection(door, "onderwijslocaties"))
    double.clear()
    body = b'{"_embedded": {"x": []}, "_links": {"next": {"href": "https://example.org/x"}}}'
    double.fault("content_changed", "*onderwijslocaties", body=body)
    with pytest.raises(PagingRefused, match=r"got https://example\.org/x; do not trust this answer"):
        list(rio.collection(door, "onderwijslocaties"))


@server_test
@pytest.mark.parametrize("fault", [None, "s23_old_shape"])
def test_s23_eurostat_sparse_values_in_both_shapes(door, double, fault):
    if fault:
        double.fault(fault)
    rows = eurostat.read(door, "sdg_04_10", {"geo": "NL", "sex": ["T", "F"]})
    assert rows == [
        {"geo": "NL", "time": "2018", "value": 7.3, "status": None},
        {"geo": "NL", "time": "2020", "value": 7.0, "status": "b"},
    ]
    assert double.log[0].query == "format=JSON&lang=EN&geo=NL&sex=T&sex=F"


@server_test
@pytest.mark.parametrize(
    ("status", "number", "way_out"),
    [
        (416, 150, "ask for fewer categories at once"),
        (413, 130, "ask for fewer categories at once"),
        (400, 140, "correct the filters"),
        (200, 150, "correct the filters"),
    ],
)
def test_s23_eurostat_explains_itself(door, double, status, number, way_out):
    double.fault("s23_error", status=status, id=number, label="in zijn woorden")
    with pytest.raises(ApiRefused) as caught:
        eurostat.read(door, "sdg_04_10")
    assert str(caught.value) == (
        f"{eurostat.BASE}/sdg_04_10?format=JSON&lang=EN: expected data, "
        f"got HTTP {status}, error {number}: in zijn woorden; {way_out}."
    )
    assert double.requests() == 1


@server_test
def test_s23_eurostat_without_values(door, double):
    double.fault("s23_empty_value")
    with pytest.raises(NoRows, match="expected values for these filters, got none; widen the filters"):
        eurostat.read(door, "sdg_04_10")
    with pytest.raises(NoRows, match="got HTTP 404, error 100: No results found; widen the filters"):
        eurostat.read(door, "edat_unknown")
