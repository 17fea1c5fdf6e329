"""The live edition over a real server that behaves like the publishers: what travels, what is kept, what is told."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cli, exit_codes
from flows.http.client import HttpClient
from flows.http.errors import NoSource, Unreachable
from flows.http.responses import Download
from flows.ingest.editions import folder_files
from flows.ingest.ingest_file import STALE_S, sweep
from flows.ingest.rehearse import rehearse
from flows.ingest.restore import restore
from flows.publishers import sources
from flows.publishers.fetch import published_on
from flows.refresh import Request, ingest, offer, refresh
from schemas.datasets import datasets
from tests.fakes import running_fake_publishers
from tests.live_case import (
    FINAL,
    FIRST,
    IMAGES,
    LATER,
    LATEST,
    NAME,
    PLACE,
    PROVISIONAL,
    ask,
    of,
    publishers,
    settings_of,
    take_all,
    take_only,
)
from tests.tools.sample_generator import write_sample
from warehouse.archive.fetch_state import FetchLog
from warehouse.archive.store import Archive
from warehouse.progress import no_progress
from warehouse.release.data_directory import DataDirectory
from warehouse.release.last_run import last_report

pytestmark = pytest.mark.server

TRAVELS = ("*.zip", "*/download/*", "*/dump/*", "*Observations*", "*DataSet*")
FEED = "/opendata.cbs.nl/*"


@pytest.fixture(scope="module")
def sample_folder(tmp_path_factory) -> Path:
    return write_sample(tmp_path_factory.mktemp("publishers")).parent


@pytest.fixture(scope="module")
def server():
    with publishers() as running:
        yield running


@pytest.fixture
def fakes(server):
    """The publishers as they were at the start: NAME in its provisional form, no faults, no counts."""
    server.clear()
    server.forget_files()
    server.put(PLACE, PROVISIONAL)
    server.reset_counts()
    return server


@pytest.fixture
def settings(fakes, tmp_path):
    return settings_of(fakes, tmp_path)


@pytest.fixture(scope="module")
def first_release(server, tmp_path_factory) -> Path:
    """A data directory after the first refresh."""
    folder = tmp_path_factory.mktemp("first")
    take_all(settings_of(server, folder))
    return folder / "data"


@pytest.fixture
def published(first_release, settings):
    """Settings for a data directory in which the first release is published already."""
    shutil.copytree(first_release, settings.data, dirs_exist_ok=True)
    return settings


@pytest.fixture(scope="module")
def twice(sample_folder, tmp_path_factory):
    """All sources over the fake publishers, two times: (settings, first report, second report, fakes after the second)."""
    with running_fake_publishers(sample_folder) as running:
        settings = settings_of(running, tmp_path_factory.mktemp("twice"))
        first = refresh(Request("live"), settings, FIRST)
        running.reset_counts()
        yield settings, first, refresh(Request("live"), settings, LATER), running


def test_every_kind_of_source_comes_in(twice):
    settings, first, _, _ = twice
    counts = first.changes()
    assert (counts["refused"], counts["missing"], counts["vanished"]) == (0, 0, 0)
    actual = {taken.dataset_id for taken in first.taken if taken.outcome in ("new", "known")}
    assert {one.id for one in datasets().values() if one.publisher.id == "cbs" or one.ckan} <= actual
    assert {"duo_overgangen", "duo_balans", "inspectie_oordelen_v02"} <= actual
    assert of(first, "OVERGANGEN_20250113.csv").url.endswith("basisgegevens-instellingen.zip#OVERGANGEN_20250113.csv")
    assert first.unclaimed == ["20250804_Oordeel_en_standaard_PO_SO_VO.ods"]
    assert last_report(DataDirectory(settings.data).releases)["edition"] == "sample"


def test_the_second_refresh_transfers_nothing_and_publishes_nothing(twice):
    _, first, second, fakes = twice
    assert {pattern: fakes.bytes(pattern) for pattern in TRAVELS} == dict.fromkeys(TRAVELS, 0)
    held = [taken.url.removeprefix("https:/") for taken in second.taken if taken.outcome == "known"]
    assert sum(fakes.bytes(path) for path in held) == 0
    assert {taken.outcome for taken in second.taken} == {"known", "absent"}
    assert second.changes()["unchanged"] == first.changes()["new"] + first.changes()["unchanged"] > 20
    assert second.changes()["bytes_transferred"] == 0 and not second.published.new
    assert any("if-none-match" in seen.headers for seen in fakes.log)


def test_what_a_mirror_calls_synthetic_is_never_the_live_edition(twice):
    settings, first, _, _ = twice
    assert first.published.release.edition == "sample" and first.published.release.synthetic
    assert all(vintage.origin.synthetic for vintage in Archive(settings.data / "archive").vintages())
    assert ask(settings, "SELECT bool_and(synthetic) FROM meta.source_file WHERE dataset_id <> 'register'") == [(True,)]


def test_the_rehearsal_finds_what_the_refresh_found(twice):
    settings, first, _, _ = twice
    found = rehearse(settings, no_progress)
    came = Counter(taken.dataset_id for taken in first.taken if taken.outcome in ("new", "known"))
    assert Counter(one.dataset for one in found if one.outcome == "reachable") == came
    assert {one.outcome for one in found} == {"reachable", "gone"}


def test_a_folder_that_calls_itself_synthetic_is_the_sample_edition(sample_folder):
    found, _ = folder_files(sample_folder, "mirror", LATER)
    assert {(one.edition, one.synthetic) for one in found} == {("sample", True)}


def test_provisional_becomes_final(fakes, published):
    fakes.put(PLACE, FINAL)
    second = take_all(published, LATER)
    taken = of(second, NAME)
    assert (taken.outcome, taken.cells_changed, taken.rows_added, taken.rows_removed) == ("revised", 3, 0, 0)
    assert second.published.release.edition == "live" and second.changes()["cells_changed"] == 3
    national = "entity_level = 'national' AND method_version LIKE 'bottom_up%' AND indicator_id = 'g02_zittenblijf_pct'"
    revised = ask(
        published, f"SELECT numerator_before, numerator_after, denominator_after FROM revisions WHERE {national}"
    )
    assert revised == [(2000, 2020, 40010)]
    was = "SELECT numerator FROM as_of('{}') WHERE indicator_id = 'g02_zittenblijf_pct' AND method_version LIKE 'bottom_up%'"
    assert ask(published, was.format("2026-02-01")) == [(2000,)]
    assert ask(published, was.format("2026-03-01")) == [(2020,)]
    kept = last_report(DataDirectory(published.data).releases)
    assert kept["changes"]["cells_changed"] == 3 and kept["values"]["revised"] >= 1


def test_other_bytes_with_the_same_values_revise_nothing(fakes, published):
    fakes.put(PLACE, PROVISIONAL.replace(b"\r\n", b"\n"))
    second = take_all(published, LATER)
    taken = of(second, NAME)
    assert (taken.outcome, taken.cells_changed, second.published.release.revised) == ("revised", 0, 0)
    assert ask(
        published, "SELECT count(*) FROM revisions WHERE indicator_id LIKE 'g02%' AND numerator_after = 2000"
    ) == [(0,)]


def test_nothing_remembered_is_trusted_without_its_bytes(fakes, published):
    archive = Archive(published.data / "archive")
    (vintage,) = [one for one in archive.vintages() if one.origin.file_name == NAME]
    vintage.path.write_bytes(b"bitten by a disk")
    fakes.reset_counts()
    take_only(published, LATER)
    assert fakes.bytes(PLACE) == len(PROVISIONAL)
    asked = [seen for seen in fakes.log if seen.path == PLACE]
    assert "if-none-match" not in asked[0].headers and archive.check() == []


def test_a_file_that_vanishes_is_news_once_and_stays_in_use(fakes, published):
    before = ask(published, "SELECT count(*) FROM goals.observation")
    fakes.fault("s08_unknown_table", PLACE)
    gone = take_all(published, LATER)
    assert [taken.url for taken in gone.taken if taken.outcome == "vanished"] == ["https:/" + PLACE]
    assert not gone.published.new and not gone.refused
    assert of(take_only(published, LATEST), NAME).outcome == "absent"
    fakes.clear()
    assert of(take_only(published, LATEST), NAME).outcome == "known"
    assert ask(published, "SELECT count(*) FROM goals.observation") == before


@pytest.mark.parametrize("fault", ["s18_html_shell", "zip_slip", "gzip_bomb", "s10_reset_mid_body", "endless_redirect"])
def test_a_fault_leaves_archive_and_warehouse_as_they_were(fakes, published, fault):
    data = DataDirectory(published.data)
    before = data.warehouse.read_bytes(), [vintage.sha256 for vintage in Archive(data.archive).vintages()]
    fakes.put(PLACE, FINAL)
    fakes.fault(fault, PLACE)
    report = take_all(published, LATER)
    taken = of(report, NAME)
    assert taken.outcome == ("refused" if fault in ("s18_html_shell", "zip_slip") else "missing")
    assert taken.reason.startswith(f"https:/{PLACE}") and taken.reason.count("expected") == 1
    assert (data.warehouse.read_bytes(), [one.sha256 for one in Archive(data.archive).vintages()]) == before
    assert bool(Archive(data.archive).refused()) == (taken.outcome == "refused")
    fakes.clear()
    assert of(take_only(published, LATEST), NAME).outcome == "revised"


def test_a_refused_file_does_not_travel_again_and_is_taken_when_it_is_understood(fakes, published, monkeypatch):
    from schemas.datasets.zittenblijvers import Zittenblijvers

    fakes.put(PLACE, FINAL.replace(b"AANTAL_ZITTENBLIJVERS;", b"ZITTEN GEBLEVEN;"))
    refused = of(take_only(published, LATER), NAME)
    assert refused.outcome == "refused" and "the unknown column ZITTEN GEBLEVEN" in refused.reason
    fakes.reset_counts()
    assert of(take_only(published, LATER), NAME).outcome == "refused" and fakes.bytes(PLACE) == 0
    spec = Zittenblijvers.fields()["repeaters_n"]
    monkeypatch.setitem(spec, "headers", (*spec["headers"], "ZITTEN GEBLEVEN"))
    healed = of(take_only(published, LATEST), NAME)
    assert (healed.outcome, healed.news) == (
        "revised",
        ("header_gone AANTAL_ZITTENBLIJVERS", "header_new ZITTEN GEBLEVEN"),
    )
    assert fakes.bytes(PLACE) == 0 and Archive(published.data / "archive").refused() == []


def test_cbs_over_the_other_interface_is_the_same_table(fakes, settings):
    first = take_only(settings, publisher="cbs")
    assert [taken.outcome for taken in first] == ["new"] * 4
    archive = Archive(settings.data / "archive")
    assert all(vintage.origin.note.startswith("answered by CBS OData v4;") for vintage in archive.vintages())
    for fault, path in (("s14_observations_404", "*"), ("s08_unknown_table", "/datasets.cbs.nl/*")):
        fakes.clear()
        fakes.fault(fault, path)
        forget_marks(FetchLog(archive.folder), settings)
        second = take_only(settings, LATER, "cbs")
        assert {taken.outcome for taken in second} <= {"known", "revised"}, fault
        assert {(taken.cells_changed, taken.rows_added, taken.rows_removed) for taken in second} == {(0, 0, 0)}, fault
    assert fakes.requests("*UntypedDataSet") == 8
    assert {vintage.origin.note[:28] for vintage in archive.vintages()} == {
        "answered by CBS OData v4; pu",
        "answered by CBS OData v3; pu",
    }


def forget_marks(log: FetchLog, settings) -> None:
    """Make the log believe that CBS changed every table, so that each is read again."""
    for path in log.folder.glob("*.json"):
        record = json.loads(path.read_text())
        if record["version_token"] and record["version_token"].startswith("v"):
            path.write_text(json.dumps(record | {"version_token": "v4:2001-01-01T00:00:00"}))


def test_an_unchanged_cbs_table_costs_one_small_request(fakes, settings):
    take_only(settings, publisher="cbs")
    fakes.reset_counts()
    take_only(settings, LATER, "cbs")
    assert fakes.requests("/datasets.cbs.nl/*") == fakes.requests("*/Properties") == 4


def test_the_catalogue_decides_and_the_bytes_decide_over_it(fakes, settings):
    take_only(settings, publisher="inspectie")
    fakes.reset_counts()
    fakes.fault("s20_new_last_modified", "*")
    fakes.fault("s20_hash_set", "*")
    second = take_only(settings, LATER, "inspectie")
    assert of(second, "oordeel_po_so_vo.csv").outcome == "known"
    assert (
        fakes.requests("*oordeel_po_so_vo.csv") == 1 and fakes.bytes("*oordeel_po_so_vo.csv") == 0
    )  # asked, answered 304
    fakes.reset_counts()
    take_only(settings, LATER, "inspectie")
    assert fakes.requests("*/download/*") == 0


def test_the_catalogue_down_is_got_round_by_the_last_known_address(fakes, settings):
    fakes.fault("s19_success_false", "*package_show", status=404)
    resource = next(sources()["duo"].fetches(datasets()["duo_functiemix_instellingen"]))
    pinned = resource.pinned[0].removeprefix("https:/")
    fakes.put(pinned, b"ONDERWIJSSECTOR,JAAR\r\nVO,2018\r\n")
    report = take_only(settings)
    taken = of(report, "functiemix-instellingen.csv")
    assert taken.outcome == "refused" and "OMVANG_FORMATIE_OP" in taken.reason  # it came, and was judged
    assert of(take_only(settings, publisher="inspectie"), "oordeel_po_so_vo.csv").outcome == "absent"


def test_without_network_one_message_and_quickly(settings, monkeypatch, tmp_path):
    import socket

    def nowhere(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    offline = settings.model_copy(update={"portal_url": None, "backoff_min_s": 2.0, "backoff_max_s": 60.0})
    started = datetime.now(UTC)
    with pytest.raises(NoSource) as caught:
        refresh(Request("live"), offline, FIRST)
    assert (datetime.now(UTC) - started).total_seconds() < 5
    assert str(caught.value) == (
        "edition live: none of the publishers could be reached; without internet use the bundled sample "
        "(`--edition sample`) or a folder with the publishers' files (`--edition mirror --from FOLDER`)."
    )


def test_a_mirror_that_is_down_is_named(settings):
    gone = settings.model_copy(update={"portal_url": "http://127.0.0.1:9"})
    with pytest.raises(
        NoSource, match=r"the mirror http://127.0.0.1:9 does not answer \(Connection refused\); start it"
    ):
        refresh(Request("live"), gone, FIRST)
    result = CliRunner(env={"SECTORAKKOORD_PORTAL_URL": "http://127.0.0.1:9", "SECTORAKKOORD_DATA": str(gone.data)})
    assert (
        exit_codes.exit_code(result.invoke(cli.app, ["refresh", "--edition", "live", "--plain"]).exception)
        == exit_codes.NO_SOURCE
    )


def test_a_client_of_its_own_per_file_learns_from_the_others(fakes, settings):
    """As Prefect's tasks do it: each file opens a client, and none asks a host that another found closed."""
    data = DataDirectory(settings.data)
    found, _ = offer(Request("live", publisher="duo"), data, FIRST, settings)
    closed = found[0].closed
    shut = Unreachable("https://duo.nl/", "a connection", "none", "try again later")
    closed.learn(_ClosedClient(), ("duo.nl",), shut)
    with HttpClient(settings) as client:
        outcomes = {
            one.fetch.hosts: ingest(one, data, client).outcome for one in found if one.fetch.hosts == ("duo.nl",)
        }
    assert outcomes == {("duo.nl",): "missing"} and fakes.requests("/duo.nl/*") == 1  # the mirror's card


class _ClosedClient:
    """A client that has given up every host."""

    def has_given_up(self, host: str) -> bool:
        return True


def test_a_publisher_that_is_down_does_not_stop_the_others(fakes, settings):
    fakes.fault("s09_503_twice", "/onderwijsdata.duo.nl/*", times=1_000_000)
    report = take_all(settings)
    assert of(report, NAME).outcome == "new" and report.published.new
    missing = [taken for taken in report.taken if taken.outcome == "missing"]
    assert len(missing) == 5 and "HTTP 503 (5 attempts)" in missing[0].reason
    assert missing[-1].reason == (
        f"{missing[-1].url}: not asked, for its host was given up earlier in this run (got HTTP 503); "
        "try again later; the last good data stays in use."
    )
    assert fakes.requests("/onderwijsdata.duo.nl/*") == 3 * settings.attempts


@pytest.mark.parametrize(
    ("said", "name", "day"),
    [
        ("Tue, 05 Nov 2019 08:00:00 GMT", NAME, "2019-11-05"),
        ("Tue, 05 Nov 2041 08:00:00 GMT", NAME, None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "02-alle-vestigingen-vo.csv", None),
        ("Wed, 05 Nov 2014 08:00:00 GMT", NAME, None),
        ("Sat, 10 Jan 2026 11:59:40 GMT", NAME, None),
        ("gisteren", NAME, None),
        (None, NAME, None),
    ],
    ids=["plausible", "to come", "epoch", "before its period", "made on the fly", "no date", "none"],
)
def test_a_day_of_publication_is_believed_only_when_it_can_be_one(said, name, day):
    now = datetime(2026, 1, 10, 12, tzinfo=UTC)
    headers = {"Date": "Sat, 10 Jan 2026 12:00:00 GMT"} | ({"Last-Modified": said} if said else {})
    got = Download(Path("x"), "0" * 64, 1, "u", "u", now, headers)
    dataset = datasets()["duo_vestigingen" if "vestigingen" in name else "duo_05_zittenblijvers"]
    assert published_on(got, dataset, name)[0] == day


def test_last_modified_becomes_the_day_it_is_known_from(tmp_path):
    folder = tmp_path / "mirror"
    path = folder / PLACE[1:]
    path.parent.mkdir(parents=True)
    path.write_bytes(PROVISIONAL)
    moment = datetime(2019, 11, 5, 8, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))
    with running_fake_publishers(folder, synthetic=False, generated=False) as fakes:
        settings = settings_of(fakes, tmp_path)
        take_all(settings)
    query = f"SELECT published_on, retrieved_on, known_from, note FROM meta.source_file WHERE file_name = '{NAME}'"
    assert ask(settings, query) == [
        (date(2019, 11, 5), FIRST, date(2019, 11, 5), "published on: Last-Modified of the server")
    ]


def test_what_killed_runs_left_is_swept(tmp_path):
    data = DataDirectory(tmp_path)
    old, young = data.root / "incoming" / "old", data.root / "incoming" / "young"
    for folder in (old, young, data.archive / "objects" / "ab"):
        folder.mkdir(parents=True)
    part = data.archive / "objects" / "ab" / ".abc.1.2.part"
    part.write_bytes(b"half")
    long_ago = datetime.now(UTC).timestamp() - STALE_S - 1
    for path in (old, part):
        os.utime(path, (long_ago, long_ago))
    assert sweep(data) == 2
    assert young.exists() and not old.exists() and not part.exists()


def test_the_same_file_under_the_name_of_another_period_is_refused_with_both_names(fakes, settings):
    other = "05-zittenblijvers-niveau-vestiging-2017-2018-tov-2018-2019.csv"
    fakes.put(IMAGES + other, PROVISIONAL)
    taken = take_only(settings)
    assert (of(taken, NAME).outcome, of(taken, NAME).news) == ("new", ())
    refused = of(taken, other)
    assert refused.outcome == "refused" and other in refused.reason and NAME in refused.reason
    assert of(take_only(settings, LATER), NAME).outcome == "known"


def test_a_correction_by_cbs_is_a_revision(fakes, settings):
    """Counts corrected in place: the new value has bounds for its rounding, the old one stays what was known."""
    take_all(settings, FIRST, "cbs")
    fakes.fault("cbs_corrected")
    take_all(settings, LATER, "cbs")
    shares = ask(
        settings,
        """SELECT known_from, numerator, denominator, round(value_low, 4), round(value, 4), round(value_high, 4), known_to
        FROM history() WHERE method_version = 'bottom_up_cbs_84782ned' AND year = 2019 ORDER BY known_from""",
    )
    (_, old, pupils, *_), (_, new, same, *_) = shares
    assert (new, same) == (old + 10, pupils)
    for _, part, whole, low, value, high, _ in shares:
        bounds = ((part - 5) / (whole + 5), part / whole, (part + 5) / (whole - 5))
        assert (low, value, high) == tuple(round(100 * share, 4) for share in bounds)
    assert [(row[0], row[-1]) for row in shares] == [(FIRST, LATER), (LATER, None)]
    revised = (
        "SELECT numerator_before, numerator_after, kind FROM revisions WHERE method_version = 'bottom_up_cbs_84782ned'"
    )
    assert (old, new, "correction") in ask(settings, f"{revised} AND period_label = '2018-2019'")


def test_a_lost_content_is_asked_for_again_and_only_the_same_bytes_are_taken(tmp_path):
    with publishers() as fakes:
        settings = settings_of(fakes, tmp_path)
        take_only(settings)
        archive = Archive(settings.directory.archive)
        ((sha256, _),) = [one for one in archive.findings() if one[1].file_name == NAME]
        archive.object_path(sha256).unlink()
        fakes.put(PLACE, FINAL)
        (lost,) = restore(settings, None)
        assert "the publisher has another version now" in lost.outcome and not archive.object_path(sha256).exists()
        fakes.put(PLACE, PROVISIONAL)
        (found,) = restore(settings, None)
        assert found.outcome == "restored" and archive.object_path(sha256).read_bytes() == PROVISIONAL
    archive.object_path(sha256).unlink()
    (gone,) = restore(settings, None)
    assert gone.outcome not in ("restored", "") and gone.damage == "gone"
