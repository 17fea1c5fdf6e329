"""DUO's CKAN through the real client: paging, hidden hosts, web pages as CSV, errors, change detection."""

from __future__ import annotations

import dataclasses

import pytest

from flows.http.errors import ApiRefused, StatusRefused, WrongContent
from flows.publishers.ckan import Ckan, Resource, Seen
from schemas.datasets import datasets
from tests.fakes.ckan import RESOURCES

pytest_plugins = ("tests.http_fixtures",)
pytestmark = pytest.mark.server

API = "https://onderwijsdata.duo.nl/api/3/action"
JUDGEMENTS = "Kwaliteitsoordelen po, so en vso"


@pytest.fixture
def ckan(fakes, client):
    fakes.add_packages(0)
    return Ckan(client)


def body_of(package: str) -> bytes:
    return next(resource.body for resource in RESOURCES if resource.package == package)


def test_packages_are_paged_on_the_count(ckan, fakes):
    fakes.add_packages(230)
    names = [package["name"] for package in ckan.packages()]
    assert len(names) == len(set(names)) == 233
    assert fakes.requests("*package_search") == 3


def test_resource_by_name_then_by_known_id(ckan):
    found = ckan.resource("adressen_vo", " adressen van VESTIGINGEN in het voortgezet onderwijs ")
    assert found.name.startswith("Adressen van vestigingen") and found.version_token.startswith("hash:")
    assert ckan.resource("adressen_vo", "renamed since", found.id) == found
    with pytest.raises(ApiRefused) as caught:
        ckan.resource("adressen_vo", "renamed since", "re-minted too")
    assert str(caught.value) == (
        "https://onderwijsdata.duo.nl/dataset/adressen_vo: expected one resource named 'renamed since', "
        "got 0 of that name; there are: Adressen van besturen in het voortgezet onderwijs, Adressen van instellingen in "
        "het voortgezet onderwijs, Adressen van vestigingen in het voortgezet onderwijs; adapt the resource's name in the dataset's declaration."
    )


def test_s17_internal_host_is_rewritten(ckan, fakes, tmp_path):
    found = ckan.resource("oordelen-v02", JUDGEMENTS)
    assert "rijksapps.nl" in found.url
    got = ckan.download(found, tmp_path / "oordelen.csv")
    assert got.url.startswith("https://onderwijsdata.duo.nl/dataset/")
    assert got.path.read_bytes() == body_of("oordelen-v02")


def test_s17_any_file_may_move_to_the_internal_host(ckan, fakes, tmp_path):
    fakes.fault("s17_internal_host")
    found = ckan.resource("functiemix", "Functiemix instellingen")
    assert "rijksapps.nl" in found.url
    assert ckan.download(found, tmp_path / "a.csv").path.read_bytes() == body_of("functiemix")


def test_s17_dump_stands_in_when_the_file_is_gone(ckan, fakes, tmp_path):
    fakes.fault("s08_unknown_table", "*/download/*")
    got = ckan.download(ckan.resource("oordelen-v02", JUDGEMENTS), tmp_path / "oordelen.csv")
    assert "/datastore/dump/" in got.url
    assert got.path.read_bytes().startswith(b"\xef\xbb\xbf_id,Peildatum,")


def test_address_without_a_file_name_means_the_dump(ckan):
    bare = Resource("p", "0-1", "n", "CSV", "https://x.apps.prd.duo.rijksapps.nl/a/download/___", None, None, None)
    assert ckan.addresses(bare) == ["https://onderwijsdata.duo.nl/datastore/dump/0-1?bom=true"]
    nothing = dataclasses.replace(bare, datastore_active=False)
    assert ckan.addresses(nothing) == []


@pytest.mark.parametrize("content_type", ["text/csv", "text/html"])
def test_s18_web_page_as_csv_is_refused_everywhere(ckan, fakes, tmp_path, content_type):
    fakes.fault("s18_html_shell", "*/download/*", content_type=content_type)
    fakes.fault("s18_html_shell", "*/dump/*", content_type=content_type)
    found = ckan.resource("oordelen-v02", JUDGEMENTS)
    with pytest.raises(WrongContent) as caught:
        ckan.download(found, tmp_path / "oordelen.csv")
    assert str(caught.value) == (
        f"{ckan.addresses(found)[0]}: expected csv, got html (99 bytes); "
        "open the address in a browser to see what it says."
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", [200, 404])
def test_s19_success_false_is_told_in_ckans_words(ckan, fakes, status):
    fakes.fault("s19_success_false", status=status)
    with pytest.raises(ApiRefused) as caught:
        ckan.resources("adressen_vo")
    assert str(caught.value) == (
        f"{API}/package_show: expected success for adressen_vo, got Not Found Error: Niet gevonden; "
        "check the package name in the catalogue."
    )
    assert fakes.requests() == 1


def test_s19_html_error_page(ckan, fakes):
    fakes.fault("s19_html_502", times=2)
    assert len(ckan.resources("adressen_vo")) == 3
    fakes.fault("s19_html_502")
    with pytest.raises(StatusRefused) as caught:
        ckan.resources("adressen_vo")
    assert str(caught.value) == (
        f"{API}/package_show?id=adressen_vo: expected an answer with data, got HTTP 502 (5 attempts); "
        "try again later; the last good data stays in use."
    )


def test_s20_unchanged_mark_means_no_request_at_all(ckan, fakes, tmp_path):
    found = ckan.resource("oordelen-v02", JUDGEMENTS)
    assert found.version_token == f"modified:2023-03-23T15:37:16.597188 size:{len(body_of('oordelen-v02'))}"
    first = ckan.download(found, tmp_path / "a.csv")
    again = ckan.download(found, tmp_path / "b.csv", Seen(found.version_token, first.known))
    assert (again.unchanged, again.sha256, again.path) == (True, first.sha256, None)
    assert fakes.requests("*/download/*") == 1


@pytest.mark.parametrize("fault", ["s20_hash_set", "s20_new_last_modified"])
def test_s20_new_mark_with_the_same_bytes_is_unchanged(ckan, fakes, tmp_path, fault):
    found = ckan.resource("oordelen-v02", JUDGEMENTS)
    first = ckan.download(found, tmp_path / "a.csv")
    fakes.fault(fault)
    later = ckan.resource("oordelen-v02", JUDGEMENTS)
    assert later.version_token != found.version_token
    again = ckan.download(later, tmp_path / "b.csv", Seen(found.version_token, first.known))
    assert again.unchanged and not (tmp_path / "b.csv").exists()


def test_s21_etag_for_files_none_for_the_dump(ckan, fakes, tmp_path):
    found = ckan.resource("oordelen-v02", JUDGEMENTS)
    own = ckan.download(found, tmp_path / "a.csv")
    assert ckan.download(found, tmp_path / "b.csv", Seen("old mark", own.known)).transferred == 0
    fakes.fault("s08_unknown_table", "*/download/*")
    dump = ckan.download(found, tmp_path / "c.csv")
    assert dump.known.etag is None
    again = ckan.download(found, tmp_path / "d.csv", Seen("old mark", dump.known))
    assert again.unchanged and again.transferred == dump.bytes


def test_changed_bytes_are_fetched(ckan, fakes, tmp_path):
    found = ckan.resource("functiemix", "Functiemix instellingen")
    first = ckan.download(found, tmp_path / "a.csv")
    revised = body_of("functiemix").replace(b"16.1", b"16.2")
    fakes.put_resource(found.id, revised)
    later = ckan.resource("functiemix", "Functiemix instellingen")
    got = ckan.download(later, tmp_path / "b.csv", Seen(found.version_token, first.known))
    fakes.put_resource(found.id, body_of("functiemix"))
    assert not got.unchanged and got.path.read_bytes() == revised


def test_json_that_is_not_ckan(ckan, fakes):
    fakes.fault("content_changed", "*package_show", body=b'{"message": "welcome"}')
    with pytest.raises(WrongContent, match="expected a CKAN envelope, got other JSON"):
        ckan.resources("adressen_vo")
    fakes.clear()
    fakes.fault("content_changed", "*package_show", body=b'{"success": false, "error": "kapot"}')
    with pytest.raises(WrongContent, match="expected a CKAN envelope, got error 'kapot'"):
        ckan.resources("adressen_vo")


def test_pinned_resources_are_found_by_their_catalogue_names(ckan):
    shown = {(resource.package, resource.name) for resource in RESOURCES}
    declared = {(one.ckan.package, one.ckan.resource) for one in datasets().values() if one.ckan}
    assert shown <= declared
    assert ckan.resource("adressen_vo", "Adressen van besturen in het voortgezet onderwijs").format == "CSV"
