"""Discovery: new files on pages and in the catalogue are proposed, kept and fetched; a look is never a guess."""

from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from flows import cli
from flows.http.errors import NoSource
from flows.ingest.discover import discover
from flows.ingest.discovered_files import read_discovered
from flows.publishers.ckan import DUO
from tests.fakes import running_fake_publishers
from tests.helpers import tiny_05
from tests.live_case import FIRST, IMAGES, NAME, SITES, of, publishers, settings_of, take_only
from warehouse.release.data_directory import DataDirectory

pytestmark = pytest.mark.server

NEW = "05.-zittenblijvers-niveau-vestiging-2024-2025-tov-2025-2026.csv"
URL = "https:/" + IMAGES
NEXT_YEAR = tiny_05([(site, pupils + 11, repeaters + 1) for site, pupils, repeaters in SITES]).encode()


@pytest.fixture
def fakes():
    with publishers(**{NEW: NEXT_YEAR, "raadsel-2019.csv": b"a;b\r\n1;2\r\n"}) as running:
        yield running


@pytest.fixture
def settings(fakes, tmp_path):
    return settings_of(fakes, tmp_path)


def test_a_new_year_on_a_page_is_proposed_kept_and_fetched(fakes, settings):
    found = discover(settings, FIRST)
    assert [(one.dataset_id, one.period, one.url, one.found_on) for one in found.new] == [
        ("duo_05_zittenblijvers", "2024-2025 -> 2025-2026", URL + NEW, "2026-01-10")
    ]
    assert found.unclaimed == [URL + "raadsel-2019.csv"]
    assert read_discovered(settings.data / "archive") == found.new
    assert of(take_only(settings), NEW).outcome == "new"


def test_nothing_is_proposed_twice(fakes, settings):
    first = discover(settings, FIRST)
    again = discover(settings, date(2026, 2, 1))
    assert again.new == [] and read_discovered(settings.data / "archive") == first.new


def test_what_is_not_discovered_is_not_fetched(fakes, settings):
    assert NEW not in {taken.file_name for taken in take_only(settings)}


def test_the_first_live_refresh_looks_for_new_files_itself(fakes, tmp_path):
    settings = fakes.settings(data=tmp_path / "data")
    assert of(take_only(settings), NEW).outcome == "new"
    asked = fakes.requests("*/package_search")
    take_only(settings)
    assert fakes.requests("*/package_search") == asked > 0


def test_a_workbook_beside_a_csv_is_told_and_left(fakes, settings):
    fakes.put(IMAGES + NEW.replace(".csv", ".xlsx"), b"PK\x03\x04")
    found = discover(settings, FIRST)
    assert [one.url for one in found.new] == [URL + NEW]
    assert found.twice == [[URL + NEW, URL + NEW.replace(".csv", ".xlsx")]]


def test_a_file_under_a_second_name_is_told(fakes, settings):
    fakes.fault("published_twice", IMAGES + NEW, alias=IMAGES + NEW.replace("05.-", "05-"))
    assert sorted(discover(settings, FIRST).twice[0]) == sorted([URL + NEW, URL + NEW.replace("05.-", "05-")])


def test_a_page_and_the_catalogue_that_fail_are_told_and_the_rest_is_found(fakes, settings):
    fakes.fault("s08_unknown_table", "*/adressen/*")
    fakes.fault("s19_success_false", "*package_search")
    found = discover(settings, FIRST)
    assert len(found.new) == 1
    assert sorted(found.failed) == [
        "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/adressen/vestigingen.jsp",
        DUO,
    ]
    assert (
        "got HTTP 404"
        in found.failed["https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/adressen/vestigingen.jsp"]
    )


def test_documents_of_the_inspectorate_are_told_not_taken(fakes, settings):
    place = "/www.onderwijsinspectie.nl/site/binaries/documents/2026/01/05/oordelen/Oordeel_VO.ods"
    fakes.put(place, b"PK\x03\x04")
    found = discover(settings, FIRST)
    assert found.unclaimed == [URL + "raadsel-2019.csv", "https:/" + place]
    assert all("onderwijsinspectie" not in one.url for one in found.new)


def test_a_resource_of_the_catalogue_under_another_name_is_proposed(fakes, settings):
    body = json.dumps(
        {
            "success": True,
            "result": {
                "count": 1,
                "results": [
                    {
                        "name": "functiemix_2027",
                        "resources": [
                            {
                                "id": "1-2",
                                "name": "Functiemix instellingen, nieuw",
                                "format": "CSV",
                                "url": f"{DUO}/dataset/3/resource/1-2/download/functiemix-instellingen.csv",
                            }
                        ],
                    }
                ],
            },
        }
    )
    fakes.fault("content_changed", "*package_search", body=body.encode())
    proposed = [one for one in discover(settings, FIRST).new if one.dataset_id == "duo_functiemix_instellingen"]
    assert [(one.label, one.page) for one in proposed] == [
        ("Functiemix instellingen, nieuw", f"{DUO}/dataset/functiemix_2027")
    ]


def test_what_a_synthetic_mirror_shows_is_of_no_use_to_anyone_else(tmp_path):
    with running_fake_publishers() as made_up:
        made_up.put(IMAGES + NEW, NEXT_YEAR)
        settings = settings_of(made_up, tmp_path)
        assert discover(settings, FIRST).new[0].synthetic
        assert of(take_only(settings), NEW).outcome == "new"
    with publishers() as real:
        assert NEW not in {taken.file_name for taken in take_only(settings_of(real, tmp_path))}


def test_without_network_one_message(settings):
    with pytest.raises(NoSource, match=r"mirror .* does not answer"):
        discover(settings.model_copy(update={"portal_url": "http://127.0.0.1:9"}), FIRST)


def test_the_command(fakes, settings):
    places = {"SECTORAKKOORD_PORTAL_URL": fakes.url, "SECTORAKKOORD_DATA": str(settings.data)}
    runner = CliRunner(env=places | {"SECTORAKKOORD_REQUESTS_PER_SECOND": "1000"})
    told = json.loads(runner.invoke(cli.app, ["discover", "--json"]).stdout)
    assert [one["url"] for one in told["new"]] == [URL + NEW]
    assert "No new files of known datasets." in runner.invoke(cli.app, ["discover"]).stdout
    assert (DataDirectory(settings.data).archive / "discovered.json").exists()


def test_a_known_name_is_not_discovered(fakes, settings):
    assert NAME not in {one.url.rsplit("/", 1)[-1] for one in discover(settings, FIRST).new}
