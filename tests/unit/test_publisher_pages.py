"""DUO's and the Inspectorate's pages, through the real client."""

from __future__ import annotations

from datetime import date

import pytest

from flows.http.client import HttpClient
from flows.http.errors import NotFound
from flows.publishers import duo_pages, inspectie
from flows.publishers.duo_pages import discover, pages, period_of, same_file
from flows.publishers.links import read_links
from schemas.datasets import dataset_for
from tests.fakes import running_fake_publishers

server_test = pytest.mark.server
ROOT = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs"
ADDRESSES, STAFF = f"{ROOT}/adressen/vestigingen.jsp", f"{ROOT}/personeel/in-aantal-personen.jsp"
IMAGES = "https://duo.nl/open_onderwijsdata/images/"
ODS = "/www.onderwijsinspectie.nl/site/binaries/site-content/collections/documents/2025/08/04/oordelen/Oordeel+VO.ods"


@pytest.fixture(scope="module")
def server():
    with running_fake_publishers() as running:
        for name in (
            "01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv",
            "07.-geslaagden,-gezakten-en-cijfers-2016-2017.csv",
            "02-alle-vestigingen-vo.csv",
            "raadsel-2019.csv",
        ):
            running.put(f"/duo.nl/open_onderwijsdata/images/{name}", b"a;b\r\n1;2\r\n")
        yield running


@pytest.fixture
def fakes(server):
    server.clear()
    server.reset_counts()
    return server


@pytest.fixture
def client(fakes):
    with HttpClient(fakes.settings()) as opened:
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
def test_discovery_proposes_what_is_new(client):
    known = [IMAGES.replace("duo.nl", "www.duo.nl") + "07.-geslaagden%2C-gezakten-en-cijfers-2016-2017.csv"]
    found = discover(client, known)
    assert {(entry.dataset, entry.period) for entry in found.new} == {
        ("duo_01_leerlingen", "1-10-2019"),
        ("duo_vestigingen", ""),
    }
    assert [entry.dataset for entry in found.known] == ["duo_07_geslaagden"]
    assert (found.twice, dict(found.failed)) == ((), {})


@server_test
def test_a_year_published_twice_is_told(client, fakes):
    again = "/duo.nl/open_onderwijsdata/images/01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv"
    real = "/duo.nl/open_onderwijsdata/images/01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv"
    fakes.fault("published_twice", real, alias=again)
    found = discover(client, [])
    assert [[entry.url for entry in group] for group in found.twice] == [["https:/" + real, "https:/" + again]]
    assert client.get("https:/" + again).sha256 == client.get("https:/" + real).sha256


@server_test
def test_a_failing_page_does_not_hide_the_others(client, fakes):
    fakes.fault("s08_unknown_table", "*/adressen/*")
    fakes.fault("content_changed", "*/personeel/*", body=b"a;b\r\n1;2\r\n")
    found = discover(client, [])
    assert {entry.dataset for entry in found.new} == {"duo_01_leerlingen", "duo_07_geslaagden"}
    assert dict(found.failed) == {
        ADDRESSES: f"{ADDRESSES}: expected an answer with data, got HTTP 404; "
        "check the address against the publisher's page or catalogue.",
        STAFF: f"{STAFF}: expected an HTML page, got csv; look for the publisher's new page.",
    }


def test_a_label_that_names_other_years_is_noticed():
    url = "https://duo.nl/examens-2024-2025.csv"
    assert duo_pages.LinkedFile("d", "2024-2025", url, "Examens 2025-2025 (CSV)", "p").label_differs
    assert not duo_pages.LinkedFile("d", "2024-2025", url, "Examens 2024-2025", "p").label_differs
    assert not duo_pages.LinkedFile("d", "", "https://duo.nl/v.csv", "Vestigingen", "p").label_differs


@server_test
def test_inspectorate_documents_are_found_behind_a_dated_page(client, fakes):
    fakes.put(ODS, b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
    found = inspectie.discover(client)
    assert [(document.published_on, document.url) for document in found] == [
        (date(2025, 8, 4), "https:/" + ODS.replace("+", "%2B"))
    ]
    assert inspectie.discover(client, known_urls=[found[0].url]) == []


@server_test
def test_inspectorate_pages_gone(client, fakes):
    fakes.fault("s08_unknown_table", "/www.onderwijsinspectie.nl/*")
    with pytest.raises(NotFound):
        inspectie.discover(client)
