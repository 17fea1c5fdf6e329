"""CBS through the real client: paging, padding, revisions, redesign, fallback. Figures are SYNTHETIC."""

from __future__ import annotations

import tracemalloc

import pytest

from flows.http.errors import (
    BodyIncomplete,
    NoRows,
    NotFound,
    PagingRefused,
    RevisedDuringRead,
    StatusRefused,
    WrongContent,
)
from flows.publishers.cbs import download_table, modified, read
from flows.publishers.cbs_table import Description, write_table
from flows.publishers.cbs_v3 import CbsV3
from flows.publishers.cbs_v4 import CbsV4
from schemas.datasets import datasets
from schemas.datasets.cbs import ALL_BACKGROUNDS, BOTH_SEXES, LEAVERS, PUPILS, SECONDARY
from schemas.errors import FileRefused, LayoutDiffers
from schemas.reading.validate import parse_file
from tests.fakes.cbs import V4_PAGE
from tests.fakes.tables import TABLES

SMALL = "85382NED"
LEAVING = "85368NED"
FEED = f"https://opendata.cbs.nl/ODataFeed/odata/{SMALL}"
V4 = f"https://datasets.cbs.nl/odata/v1/CBS/{SMALL}"
V4_PATHS = "/datasets.cbs.nl/*"

pytest_plugins = ("tests.http_fixtures",)
server_test = pytest.mark.server


@pytest.fixture
def load(client, tmp_path):
    """The lines of a table, as one interface gives them (or as the product does: v4, then v3)."""

    def lines_of(table, interface=None):
        target = tmp_path / "table.csv"
        if interface:
            read(client, interface(client), table, target)
        else:
            download_table(client, table, target)
        return target.read_text(encoding="utf-8").splitlines()

    return lines_of


@server_test
def test_s01_json_is_asked_for_and_atom_refused(client, fakes):
    assert CbsV3(client).modified(SMALL) == "2026-04-14T02:00:00"
    assert fakes.log[0].query == "$format=json"
    fakes.fault("s01_atom_xml")
    with pytest.raises(WrongContent) as caught:
        CbsV3(client).modified(SMALL)
    assert str(caught.value) == (
        f"{FEED}/TableInfos?$format=json: expected JSON, got xml (Content-Type application/atom+xml); "
        "open the address in a browser to see what it says."
    )


@server_test
def test_s02_pages_are_followed_verbatim(load, fakes):
    lines = load("90023NED", CbsV3)
    pages = [seen.query for seen in fakes.log if seen.path.endswith("/UntypedDataSet")]
    assert pages == ["$format=json", "$format=json&$skip=10000", "$format=json&$skip=20000"]
    assert 110_000 < len(lines) == len(set(lines))


@pytest.mark.parametrize(
    "lines", [[("A", "2018SJ00", "5", "")] * 2, [("A", "2018SJ00", "5", ""), ("A", "2018SJ00", "6", "")]]
)
def test_s02_a_page_that_comes_twice_is_noticed(tmp_path, lines):
    table = Description(FEED, "", {}, {"Perioden": {}})
    write_table(table, [lines[0], ("B", "2018SJ00", "5", "")], tmp_path / "t.csv")
    with pytest.raises(PagingRefused, match="expected every cell once, got 1 cells twice; read the table again"):
        write_table(table, lines, tmp_path / "t.csv")


def test_a_name_that_the_publisher_chose_never_becomes_a_statement(tmp_path):
    """Synthetic: a dimension whose name ends its quotes and goes on as SQL."""
    stolen = tmp_path / "stolen.csv"
    name = f"""Measure" FROM cells)) FROM cells; COPY (SELECT 1) TO '{stolen}'; --"""
    write_table(Description("u", "m", {"M": "M"}, {name: {"A": "a"}}), [("M", "a", "5", "")], tmp_path / "t.csv")
    assert not stolen.exists() and (tmp_path / "t.csv").read_text().endswith("\nM;a;5;\n")


@server_test
@pytest.mark.parametrize(("fault", "requests"), [(False, 2), (True, 3)])
def test_s03_page_break_at_the_very_end(load, fakes, fault, requests):
    if fault:
        fakes.fault("s03_empty_last_page", "*UntypedDataSet")
    possible = [place for place in range(20_000) if place % 89 != 88 or place % 97 == 96]
    assert len(load("90020NED", CbsV3)) == 1 + len(possible)
    assert fakes.requests("*UntypedDataSet") == requests


@server_test
@pytest.mark.parametrize("params", [{"$skip": 10}, {"$top": 5001}])
def test_s04_the_api_surface_refuses_and_is_never_used(client, load, fakes, params):
    url = f"https://opendata.cbs.nl/ODataApi/odata/{SMALL}/TypedDataSet"
    with pytest.raises(StatusRefused) as caught:
        client.get_json(url, params)
    name, value = next(iter(params.items()))
    assert str(caught.value) == (
        f"{url}?{name}={value}: expected an answer with data, got HTTP 500; "
        "try again later; the last good data stays in use."
    )
    assert fakes.requests() == 1
    load(SMALL, CbsV3)
    assert fakes.requests("*ODataApi*") == 1


@server_test
@pytest.mark.parametrize("table", [SMALL, LEAVING, "84782NED", "85566NED"])
def test_s05_both_interfaces_give_one_table_by_title(load, table):
    """Keys are padded in v3, and those of measures differ: titles are all that agrees."""
    v3, v4 = load(table, CbsV3), load(table, CbsV4)
    assert [line.rpartition(";")[0] for line in v3] == [line.rpartition(";")[0] for line in v4]
    made = TABLES[table]
    keys = {key for measure in made.measures for key in (measure.v3, measure.v4)} | set(made.titles)
    assert not keys & {cell for line in v3 for cell in line.split(";")}
    assert set(made.titles.values()) <= {cell for line in v3 for cell in line.split(";")}


@server_test
def test_a_table_without_rows_is_an_error(load, fakes):
    fakes.fault("content_changed", "*/UntypedDataSet", body=b'{"value": []}')
    with pytest.raises(NoRows) as caught:
        load(SMALL, CbsV3)
    assert str(caught.value) == (
        f"{FEED}/UntypedDataSet: expected rows, got 0 rows; check the table on the publisher's site; nothing was stored."
    )


@server_test
def test_s07_reasons_survive(client, load):
    reasons = [line.rpartition(";")[2] for line in load(SMALL, CbsV3)[1:]]
    assert set(reasons) == {"", "."}
    typed = client.get_json(f"{FEED}/TypedDataSet", {"$format": "json"})["value"]
    assert sum(value is None for row in typed for value in row.values()) > reasons.count(".") > 0


@server_test
def test_s08_unknown_table(load, fakes):
    with pytest.raises(NotFound) as caught:
        load("00000AAA")
    assert str(caught.value) == (
        "https://opendata.cbs.nl/ODataFeed/odata/00000AAA/TableInfos?$format=json: expected an answer with data, "
        "got HTTP 404; check the address against the publisher's page or catalogue."
    )
    assert fakes.requests() == 2


@server_test
def test_s09_s10_a_page_that_fails_is_read_again_and_counted_once(load, fakes):
    whole = load(SMALL, CbsV4)
    fakes.fault("s09_503_twice", V4_PATHS)
    fakes.fault("s10_reset_mid_body", "*/Observations", times=1)
    fakes.fault("s10_empty_reply", "*/MeasureCodes", times=1)
    fakes.fault("s10_truncated_json", "*/GeslachtCodes", times=1)
    assert load(SMALL, CbsV4) == whole


@server_test
def test_s10_inner_and_outer_attempts_do_not_multiply(load, fakes):
    fakes.fault("s10_empty_reply", "*/Observations")
    with pytest.raises(Exception, match=r"\(5 attempts\)"):
        load(SMALL, CbsV4)
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
def test_s11_next_links_elsewhere_are_refused(load, fakes, fault, actual):
    fakes.fault(fault)
    with pytest.raises(PagingRefused) as caught:
        load("90020NED", CbsV3)
    assert str(caught.value) == (
        f"https://opendata.cbs.nl/ODataFeed/odata/90020NED/UntypedDataSet: {actual}; "
        "do not trust this answer; compare with the table on the publisher's site."
    )
    assert fakes.requests("*UntypedDataSet") == 1


@server_test
def test_s11_next_links_in_a_circle_are_refused(load, fakes):
    fakes.fault("s11_next_loop")
    with pytest.raises(PagingRefused) as caught:
        load("90020NED", CbsV3)
    assert caught.value.actual.endswith("?$format=json&$skip=0") and caught.value.expected == "a next page that is new"
    assert fakes.requests("*UntypedDataSet") == 2


@server_test
@pytest.mark.parametrize("reader", [CbsV3, CbsV4])
def test_s12_table_revised_between_pages_is_read_again(load, fakes, reader):
    calm = load(SMALL, reader)
    fakes.reset_counts()
    fakes.fault("s12_revised_between_pages", times=1)
    assert load(SMALL, reader) == calm
    assert fakes.requests("*UntypedDataSet") + fakes.requests("*/Observations") == 2


@server_test
def test_s12_table_that_never_rests_is_refused(load, fakes):
    fakes.fault("s12_revised_between_pages")
    with pytest.raises(RevisedDuringRead) as caught:
        load(SMALL, CbsV3)
    start = f"{FEED}/UntypedDataSet: expected one state of the table, got 2026-04-13T02:00:"
    assert str(caught.value).startswith(start)
    assert str(caught.value).endswith("after (5 attempts); read it again at a quiet hour.")


def parsed(lines, table):
    """The rows of a downloaded table, by its dataset."""
    return parse_file(datasets()[f"cbs_{table.lower()}"], f"{table}.csv", "\n".join([*lines, ""]).encode()).rows


@server_test
def test_s13_a_redesigned_table_is_refused_with_the_difference(load, fakes):
    fakes.fault("s13_redesign")
    with pytest.raises(LayoutDiffers, match="expected the column Geslacht, found the unknown column GeslachtNieuw"):
        parsed(load(SMALL), SMALL)


@server_test
@pytest.mark.parametrize("interface", [CbsV3, CbsV4])
def test_a_title_that_two_measures_share_is_refused(load, fakes, interface):
    fakes.fault("cbs_retitled", old="Aandeel (%)", new=LEAVERS)
    made = TABLES[LEAVING]
    keys = sorted(getattr(m, interface.name) for m in made.measures if m.title != PUPILS)
    with pytest.raises(FileRefused) as caught:
        parsed(load(LEAVING, interface), LEAVING)
    assert str(caught.value) == (
        f"85368NED.csv, column Measure: expected one {LEAVERS!r}, found none of that title, but "
        f"{[f'{LEAVERS} ({key})' for key in keys]}; compare with the publisher's description and adapt the titles in "
        "schemas/datasets/cbs.py."
    )


@server_test
@pytest.mark.parametrize("interface", [CbsV3, CbsV4])
def test_a_measure_in_thousands_is_refused(load, fakes, interface):
    fakes.fault("cbs_retitled", old=PUPILS, new=PUPILS, unit="x 1 000")
    with pytest.raises(FileRefused, match=r"none of that title, but \['Leerlingen \(x 1 000\)'\]"):
        parsed(load(LEAVING, interface), LEAVING)


CELLS = [f"{one};{BOTH_SEXES};{SECONDARY};{ALL_BACKGROUNDS};2018SJ00;{{}};" for one in (PUPILS, LEAVERS)]
HEADER = "Measure;Geslacht;Onderwijssoort;Herkomstland;Perioden;Value;ValueAttribute"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("934560", "934.560", "pupils_are_whole_numbers"),
        ("5670", "-5670", "pupils_are_whole_numbers"),
        ("2018SJ00", "2018JJ00", "a school year, YYYYSJ00"),
        ("Leerlingen;", "LEERLINGEN;", "expected one 'Leerlingen', found none of that title"),
    ],
)
def test_what_is_no_count_or_no_school_year_is_refused(old, new, says):
    lines = [HEADER, CELLS[0].format("934560"), CELLS[1].format("5670")]
    assert parsed(lines, LEAVING)["value"].tolist() == [934560, 5670]
    with pytest.raises(FileRefused, match=says):
        parsed([line.replace(old, new) for line in lines], LEAVING)


@server_test
def test_a_member_without_its_title_is_refused(load, fakes):
    fakes.fault("cbs_retitled", old=SECONDARY, new="Totaal vo")
    with pytest.raises(FileRefused) as caught:
        parsed(load(LEAVING), LEAVING)
    assert str(caught.value).startswith(
        f"85368NED.csv, column Onderwijssoort: expected one {SECONDARY!r}, found none of that title, but "
        "['Totaal vo', 'education een', 'education twee']; compare"
    )


@server_test
def test_s14_v3_replaces_v4(load, fakes, client):
    v4 = load(SMALL)
    fakes.fault("s14_observations_404")
    assert [line.rpartition(";")[0] for line in load(SMALL)] == [line.rpartition(";")[0] for line in v4]
    assert fakes.requests("*/UntypedDataSet") == 1


@server_test
def test_a_page_is_written_before_the_next_is_asked_for(client, fakes):
    interface = CbsV3(client)
    lines = interface.lines("90023NED", interface.describe("90023NED"))
    next(lines)
    assert fakes.requests("*UntypedDataSet") == 1
    assert sum(1 for _ in lines) > 110_000 and fakes.requests("*UntypedDataSet") == 3


def test_no_table_is_whole_in_memory(tmp_path):
    """A file of 16 MB costs a few in Python; DuckDB sorts within its own limit."""
    table = Description(FEED, "", {}, {"Perioden": {}})
    tracemalloc.start()
    write_table(table, ((f"Onderwerp {n:06d}", "2018SJ00" * 6, str(n), "") for n in range(200_000)), tmp_path / "t.csv")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 3_000_000 < (tmp_path / "t.csv").stat().st_size


@server_test
def test_s15_v4_pages_and_count_with_mark(client, load, fakes):
    lines = load("90023NED", CbsV4)
    assert fakes.requests("*/90023NED/Observations") == 2
    assert CbsV4(client).count("90023NED") == len(lines) - 1 > V4_PAGE


@server_test
def test_s15_too_few_observations_are_noticed(load, fakes):
    count = len(load(SMALL, CbsV4)) - 1
    fakes.fault("content_changed", "*/Observations/$count", body="\ufeff999999".encode())
    with pytest.raises(BodyIncomplete) as caught:
        load(SMALL, CbsV4)
    assert str(caught.value) == (
        f"{V4}/Observations: expected 999,999 observations, got {count} (5 attempts); "
        "the table may be changing; read it again later."
    )


@server_test
def test_change_is_seen_without_reading_rows(client, fakes):
    assert modified(client, SMALL) == "v4:2026-04-14T02:00:00"
    fakes.fault("s08_unknown_table", V4_PATHS)
    assert modified(client, SMALL) == "v3:2026-04-14T02:00:00"
    assert fakes.requests("*Observations*") + fakes.requests("*DataSet*") == 0


@server_test
def test_written_table_does_not_depend_on_page_order(client, tmp_path):
    interface = CbsV4(client)
    table = interface.describe(SMALL)
    lines = list(interface.lines(SMALL, table))
    write_table(table, lines, tmp_path / "a.csv")
    write_table(table, reversed(lines), tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    first, second, *_ = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert first == "Measure;Geslacht;Onderwijssoort;Regiokenmerken;Perioden;Value;ValueAttribute"
    assert second.split(";")[:5] == list(min(lines)[:5])
