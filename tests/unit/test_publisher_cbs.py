"""CBS through the real client: paging, padding, revisions, redesign, fallback. Figures are SYNTHETIC."""

from __future__ import annotations

import pytest

from flows.http.errors import (
    BodyIncomplete,
    LayoutChanged,
    NoRows,
    NotFound,
    PagingRefused,
    RevisedDuringRead,
    StatusRefused,
    WrongContent,
)
from flows.publishers.cbs import modified, read_table
from flows.publishers.cbs_table import Cell, check_unique, write_table
from flows.publishers.cbs_v3 import CbsV3
from flows.publishers.cbs_v4 import CbsV4
from tests.fakes.tables import TABLES

SMALL = "85382NED"
FEED = f"https://opendata.cbs.nl/ODataFeed/odata/{SMALL}"
V4 = f"https://datasets.cbs.nl/odata/v1/CBS/{SMALL}"
V4_PATHS = "/datasets.cbs.nl/*"

pytest_plugins = ("tests.http_fixtures",)
server_test = pytest.mark.server


@server_test
def test_s01_json_is_asked_for_and_atom_refused(client, fakes):
    assert CbsV3(client).info(SMALL)["Title"].endswith("(SYNTHETIC)")
    assert fakes.log[0].query == "$format=json"
    fakes.fault("s01_atom_xml")
    with pytest.raises(WrongContent) as caught:
        CbsV3(client).info(SMALL)
    assert str(caught.value) == (
        f"{FEED}/TableInfos?$format=json: expected JSON, got xml (Content-Type application/atom+xml); "
        "open the address in a browser to see what it says."
    )


@server_test
def test_s02_pages_are_followed_verbatim(client, fakes):
    table = CbsV3(client).read("90023NED")
    pages = [seen.query for seen in fakes.log if seen.path.endswith("/UntypedDataSet")]
    assert pages == ["$format=json", "$format=json&$skip=10000", "$format=json&$skip=20000"]
    assert len(table.cells) == 23_000 * 5 == len({(cell.measure, cell.codes) for cell in table.cells})


def test_s02_a_page_that_comes_twice_is_noticed():
    cell = Cell("M1", ("2018SJ00",), "5", None)
    check_unique(FEED, [cell, Cell("M2", ("2018SJ00",), "5", None)])
    with pytest.raises(PagingRefused, match="expected every cell once, got 1 cells twice; read the table again"):
        check_unique(FEED, [cell, cell])


@server_test
@pytest.mark.parametrize(("fault", "requests"), [(False, 2), (True, 3)])
def test_s03_page_break_at_the_very_end(client, fakes, fault, requests):
    if fault:
        fakes.fault("s03_empty_last_page", "*UntypedDataSet")
    table = CbsV3(client).read("90020NED")
    assert len(table.cells) == 20_000
    assert fakes.requests("*UntypedDataSet") == requests


@server_test
@pytest.mark.parametrize("params", [{"$skip": 10}, {"$top": 5001}])
def test_s04_the_api_surface_refuses_and_is_never_used(client, fakes, params):
    url = f"https://opendata.cbs.nl/ODataApi/odata/{SMALL}/TypedDataSet"
    with pytest.raises(StatusRefused) as caught:
        client.get_json(url, params)
    name, value = next(iter(params.items()))
    assert str(caught.value) == (
        f"{url}?{name}={value}: expected an answer with data, got HTTP 500; "
        "try again later; the last good data stays in use."
    )
    assert fakes.requests() == 1
    CbsV3(client).read(SMALL)
    assert fakes.requests("*ODataApi*") == 1


@server_test
def test_s05_padded_keys_are_stripped(client):
    v3, v4 = CbsV3(client).read(SMALL), CbsV4(client).read(SMALL)
    assert v3.codes["Geslacht"].keys() == v4.codes["Geslacht"].keys() >= {"3000"}
    assert {cell.codes for cell in v3.cells} >= {cell.codes for cell in v4.cells}


@server_test
def test_a_table_without_rows_is_an_error(client, fakes):
    fakes.fault("content_changed", "*/UntypedDataSet", body=b'{"value": []}')
    with pytest.raises(NoRows) as caught:
        CbsV3(client).read(SMALL)
    assert str(caught.value) == (
        f"{FEED}/UntypedDataSet: expected rows, got 0 rows; check the table on the publisher's site; nothing was stored."
    )


@server_test
def test_s07_reasons_survive(client):
    v3 = CbsV3(client).read(SMALL)
    made = TABLES[SMALL]
    first_unknown = next(cell for cell in v3.cells if cell.reason == ".")
    assert first_unknown.value is None
    assert {cell.reason for cell in v3.cells} == {None, ".", "Impossible"}
    assert len(v3.cells) == len(list(made.rows())) * len(made.measures)
    typed = client.get_json(f"{FEED}/TypedDataSet", {"$format": "json"})["value"]
    assert None in {row["Examenkandidaten_1"] for row in typed}


@server_test
def test_s08_unknown_table(client, fakes):
    with pytest.raises(NotFound) as caught:
        read_table(client, "00000AAA")
    assert str(caught.value) == (
        "https://opendata.cbs.nl/ODataFeed/odata/00000AAA/TableInfos?$format=json: expected an answer with data, "
        "got HTTP 404; check the address against the publisher's page or catalogue."
    )
    assert fakes.requests() == 2


@server_test
def test_s09_s10_a_page_that_fails_is_read_again_and_counted_once(client, fakes):
    whole = CbsV4(client).read(SMALL)
    fakes.fault("s09_503_twice", V4_PATHS)
    fakes.fault("s10_reset_mid_body", "*/Observations", times=1)
    fakes.fault("s10_empty_reply", "*/MeasureCodes", times=1)
    fakes.fault("s10_truncated_json", "*/GeslachtCodes", times=1)
    assert CbsV4(client).read(SMALL).cells == whole.cells


@server_test
def test_s10_inner_and_outer_attempts_do_not_multiply(client, fakes):
    fakes.fault("s10_empty_reply", "*/Observations")
    with pytest.raises(Exception, match=r"\(5 attempts\)"):
        CbsV4(client).read(SMALL)
    assert fakes.requests("*/Observations") == 5


@server_test
@pytest.mark.parametrize(
    ("fault", "actual"),
    [
        (
            "s11_next_other_host",
            "expected a next page at https://opendata.cbs.nl/ODataFeed/odata/90020NED/UntypedDataSet, got "
            "https://opendata.example.org/ODataFeed/odata/90020NED/UntypedDataSet?$format=json&$skip=10000",
        ),
        (
            "s11_next_http",
            "expected a next page at https://opendata.cbs.nl/ODataFeed/odata/90020NED/UntypedDataSet, got "
            "http://opendata.cbs.nl/ODataFeed/odata/90020NED/UntypedDataSet?$format=json&$skip=10000",
        ),
    ],
)
def test_s11_next_links_elsewhere_are_refused(client, fakes, fault, actual):
    fakes.fault(fault)
    with pytest.raises(PagingRefused) as caught:
        CbsV3(client).read("90020NED")
    assert str(caught.value) == (
        f"https://opendata.cbs.nl/ODataFeed/odata/90020NED/UntypedDataSet: {actual}; "
        "do not trust this answer; compare with the table on the publisher's site."
    )
    assert fakes.requests("*UntypedDataSet") == 1


@server_test
def test_s11_next_links_in_a_circle_are_refused(client, fakes):
    fakes.fault("s11_next_loop")
    with pytest.raises(PagingRefused) as caught:
        CbsV3(client).read("90020NED")
    assert caught.value.actual.endswith("?$format=json&$skip=0") and caught.value.expected == "a next page that is new"
    assert fakes.requests("*UntypedDataSet") == 2


@server_test
@pytest.mark.parametrize("reader", [CbsV3, CbsV4])
def test_s12_table_revised_between_pages_is_read_again(client, fakes, reader):
    calm = reader(client).read(SMALL)
    fakes.reset_counts()
    fakes.fault("s12_revised_between_pages", times=1)
    table = reader(client).read(SMALL)
    assert (table.cells, table.modified) == (calm.cells, "2026-04-14T02:00:00")
    assert fakes.requests("*UntypedDataSet") + fakes.requests("*/Observations") == 2


@server_test
def test_s12_table_that_never_rests_is_refused(client, fakes):
    fakes.fault("s12_revised_between_pages")
    with pytest.raises(RevisedDuringRead) as caught:
        CbsV3(client).read(SMALL)
    start = f"{FEED}/UntypedDataSet: expected one state of the table, got 2026-04-13T02:00:"
    assert str(caught.value).startswith(start)
    assert str(caught.value).endswith("after (5 attempts); read it again at a quiet hour.")


@server_test
def test_s13_a_period_code_that_nobody_knows_is_named(client, fakes):
    fakes.fault("s13_redesign")
    with pytest.raises(LayoutChanged, match="expected period codes of a known kind, got 2021ZZ00; compare") as caught:
        read_table(client, SMALL)
    assert caught.value.surprising == ("2021ZZ00",)


@server_test
def test_s14_v3_replaces_v4_under_v4_names(client, fakes):
    v4 = read_table(client, SMALL)
    fakes.fault("s14_observations_404")
    v3 = read_table(client, SMALL)
    assert (v4.api, v3.api) == ("v4", "v3")
    assert {m.key: m.other_key for m in v3.measures.values()} == {m.v4: m.v3 for m in TABLES[SMALL].measures}
    figures = {(cell.measure, cell.codes): cell.value for cell in v3.cells if cell.value is not None}
    assert figures == {(cell.measure, cell.codes): cell.value for cell in v4.cells if cell.value is not None}


@server_test
def test_s15_v4_pages_and_count_with_mark(client, fakes):
    table = CbsV4(client).read("90023NED")
    assert fakes.requests("*/90023NED/Observations") == 2
    assert CbsV4(client).count("90023NED") == len(table.cells) > 100_000


@server_test
def test_s15_too_few_observations_are_noticed(client, fakes):
    fakes.fault("content_changed", "*/Observations/$count", body="\ufeff999999".encode())
    with pytest.raises(BodyIncomplete) as caught:
        CbsV4(client).read(SMALL)
    count = len(CbsV3(client).read(SMALL).cells) - sum(
        cell.reason == "Impossible" for cell in CbsV3(client).read(SMALL).cells
    )
    assert str(caught.value) == (
        f"{V4}/Observations: expected 999,999 observations, got {count} (5 attempts); "
        "the table may be changing; read it again later."
    )


@server_test
def test_change_is_seen_without_reading_rows(client, fakes):
    assert modified(client, SMALL) == "v4:2026-04-14T02:00:00"
    assert modified(client, "80040ned") == "v4:2026-04-14T02:00:00"
    fakes.fault("s08_unknown_table", V4_PATHS)
    assert modified(client, SMALL) == "v3:2026-04-14T02:00:00"
    assert fakes.requests("*Observations*") + fakes.requests("*DataSet*") == 0


@server_test
def test_written_table_does_not_depend_on_page_order(client, tmp_path):
    paged = CbsV4(client).read(SMALL)
    turned = type(paged)(**{**paged.__dict__, "cells": tuple(reversed(paged.cells))})
    assert write_table(paged, tmp_path / "a.csv") == write_table(turned, tmp_path / "b.csv")
    first, second, *_ = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert first == "Measure;Geslacht;Onderwijssoort;RegioS;Perioden;Value;ValueAttribute"
    assert second.split(";")[1:5] == list(min(cell.codes for cell in paged.cells))
