"""A publisher who puts an earlier file back: what it says holds again from that day, and what held between stays known."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import origin_for
from tests.live_case import (
    FINAL,
    FIRST,
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
)
from tests.tiny_files import FILE_05_2017, FILE_SITES, add_found, address_file, build_in, repeaters_file, rows_of
from warehouse.archive.edition import Edition
from warehouse.archive.model import Vintage
from warehouse.archive.store import Archive
from warehouse.build.input_hash import input_hash
from warehouse.release.content_hash import content_hash

START = date(2020, 1, 1)
ORIGIN = origin_for(FILE_05_2017, "https://voorbeeld.invalid/05.csv", START)
ONE, TWO, THREE = (date(2020, month, 1) for month in (1, 2, 3))


def look(archive: Archive, content: bytes, day: date, **more) -> None:
    """Find a content at the one place on a day."""
    archive.add(content, replace(ORIGIN, retrieved_on=day, **more))


def arrivals(vintages: list[Vintage]) -> list[tuple[date, bytes]]:
    """Every day on which a content came to stand, in order."""
    days = [(day, one.path.read_bytes()) for one in vintages for day in one.arrived_on]
    return sorted(days)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([b"a", b"b", b"c"]), min_size=1, max_size=12))
def test_the_archive_knows_what_stood_when(tmp_path_factory, contents: list[bytes]) -> None:
    """Looks on one day after another: of each row of equal contents the first is kept, and no more."""
    archive = Archive(tmp_path_factory.mktemp("archive"))
    stood = []
    for number, content in enumerate(contents):
        day = START + timedelta(number)
        look(archive, content, day)
        if not stood or stood[-1][1] != content:
            stood.append((day, content))
    assert arrivals(archive.vintages()) == stood
    assert len(archive.findings()) == len(stood)


def test_of_two_contents_of_one_day_the_next_look_tells_which_stands(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    look(archive, b"a", ONE)
    look(archive, b"b", ONE)
    look(archive, b"a", TWO)
    look(archive, b"a", THREE)
    assert arrivals(archive.vintages())[-1] == (TWO, b"a") and len(archive.findings()) == 3


def test_other_places_and_made_up_ones_are_no_return(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    look(archive, b"a", ONE)
    for elsewhere in ({"url": "https://voorbeeld.invalid/else"}, {"synthetic": True}, {"file_name": "other.csv"}):
        look(archive, b"b", TWO, **elsewhere)
    look(archive, b"a", THREE)
    assert all(not vintage.returned_on for vintage in archive.vintages())


def test_a_file_that_is_put_back_with_its_old_date_counts_from_the_day_it_was_seen(tmp_path: Path) -> None:
    """The publisher's date of the return is believed only where it lies after the file that stood between."""
    for told, expected in ((date(2019, 1, 1), THREE), (date(2020, 2, 20), date(2020, 2, 20)), (None, THREE)):
        archive = Archive(tmp_path / str(told))
        look(archive, b"a", ONE, published_on=date(2019, 1, 1))
        look(archive, b"b", TWO, published_on=date(2020, 1, 20))
        look(archive, b"a", THREE, published_on=told)
        first, second = archive.vintages()
        assert (first.known_from, first.returned_on) == (date(2019, 1, 1), (expected,))
        assert (second.known_from, second.returned_on) == (date(2020, 1, 20), ())


def test_a_return_is_an_input_of_the_release(tmp_path: Path) -> None:
    """Else there would seem to be nothing to publish."""
    archive, edition, register = Archive(tmp_path), Edition("mirror"), tmp_path
    hashes = []
    for content, day in ((b"a", ONE), (b"b", TWO), (b"a", THREE), (b"a", THREE + timedelta(1))):
        look(archive, content, day)
        hashes.append(input_hash(archive.vintages(), edition, register))
    assert len(set(hashes[:3])) == 3 and hashes[3] == hashes[2]


# The made-up country repeats some 6.2 percent in 2017-2018, as the real one did: the audits compare it with that.
GOOD, WRONG = (repeaters_file({"01AA00": (9000, stay), "02BB00": ("<5", "<5")}) for stay in (560, 610))
BEFORE, AFTER = (
    address_file({"01AA00": (board, "Drenthe"), "02BB00": ("00002", "Utrecht")}) for board in ("00001", "00009")
)


def test_values_hold_again_and_are_explained(tmp_path: Path) -> None:
    """As known on a day, in history and revisions, at every level; with the lines of the file that came back."""
    archive = Archive(tmp_path / "archive")
    for text, known in ((GOOD, "2019-01-01"), (WRONG, "2020-01-01"), (GOOD, "2021-01-01")):
        add_found(archive, FILE_05_2017, text, known)
    for text, known in ((BEFORE, "2017-06-01"), (AFTER, "2018-01-01"), (BEFORE, "2018-05-01")):
        add_found(archive, FILE_SITES, text, known)
    mine = "indicator_id = 'g02_zittenblijf_pct' AND method_version = 'bottom_up_incl_nieuwkomers'"
    with build_in(tmp_path / "build", archive) as con:
        for day, stay in (("2019-06-01", 560), ("2020-06-01", 610), ("2021-06-01", 560)):
            held = rows_of(
                con, f"SELECT entity_id, numerator, masked_cells FROM observations_as_of(DATE '{day}') WHERE {mine}"
            )
            assert {row for row in held if row[1]} == {(who, stay, 0) for who in ("01AA", "01AA00", "00001")}
            assert ("NL", None, 2) in held and not any(row[0] == "00009" for row in held)
        spells = rows_of(
            con,
            f"SELECT known_from, known_to FROM goals.observation WHERE {mine} AND entity_id = 'NL' ORDER BY known_from",
        )
        days = [date(year, 1, 1) for year in (2019, 2020, 2021)]
        assert spells == [(days[0], days[1]), (days[1], days[2]), (days[2], None)]
        revised = rows_of(
            con,
            f"SELECT numerator_before, numerator_after FROM revisions WHERE {mine} AND entity_id = '01AA' ORDER BY ALL",
        )
        assert revised == [(560, 610), (610, 560)]
        told = rows_of(
            con,
            "SELECT lines, known_from FROM explain('G02', 'g02_zittenblijf_pct', '00001', 2018, DATE '2026-01-01')",
        )
        assert ([2], days[2]) in told
        first = content_hash(con)
    with build_in(tmp_path / "again", archive) as con:
        assert content_hash(con) == first


def test_over_the_wire_a_return_is_a_revision_like_any_other(tmp_path: Path) -> None:
    """From a real server, whose dates say nothing: the wrong file is withdrawn, the right one put back."""
    with publishers() as fakes:
        live = settings_of(fakes, tmp_path)
        take_all(live, FIRST)
        fakes.put(PLACE, FINAL)
        take_all(live, LATER)
        fakes.put(PLACE, PROVISIONAL)
        report = take_all(live, LATEST)
        taken = of(report, NAME)
        assert (taken.outcome, taken.cells_changed) == ("revised", 3) and report.published.new
        assert taken.news[0].startswith("came_back ")
        again = take_all(live, LATEST + timedelta(1))
        assert of(again, NAME).outcome == "known" and not again.published.new
    was = "SELECT numerator FROM as_of('{}') WHERE indicator_id = 'g02_zittenblijf_pct' AND method_version LIKE 'bottom_up%'"
    assert [ask(live, was.format(day)) for day in (FIRST, LATER, LATEST)] == [[(2000,)], [(2020,)], [(2000,)]]


MORNING, NOON, EVENING = (datetime(2020, 1, 1, hour, tzinfo=UTC) for hour in (8, 12, 20))


@settings(max_examples=30, deadline=None)
@given(st.permutations([(b"a", MORNING), (b"b", NOON), (b"a", EVENING), (b"c", EVENING + timedelta(hours=1))]))
def test_of_two_contents_of_one_day_the_later_arrival_stands(tmp_path_factory, looks) -> None:
    """In whatever order the findings were written down: the archive is a set."""
    archive = Archive(tmp_path_factory.mktemp("archive"))
    for content, moment in looks:
        archive.add(content, replace(ORIGIN, retrieved_on=ONE, retrieved_at=moment))
    assert arrivals(archive.vintages()) == [(ONE, b"c")]


def test_what_was_replaced_on_its_day_holds_again_when_it_comes_back(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for content, day, moment in ((b"a", ONE, MORNING), (b"b", ONE, NOON), (b"a", ONE, EVENING), (b"b", TWO, MORNING)):
        archive.add(content, replace(ORIGIN, retrieved_on=day, retrieved_at=moment))
    assert arrivals(archive.vintages()) == [(ONE, b"a"), (TWO, b"b")]


def test_records_of_before_the_time_was_kept_are_read_and_come_first(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    look(archive, b"a", ONE)
    (record,) = (tmp_path / "origins").glob("*/*.json")
    text = record.read_text()
    assert '"retrieved_at": null' in text
    record.write_text(text.replace('  "retrieved_at": null,\n', ""))
    archive.add(b"b", replace(ORIGIN, retrieved_on=ONE, retrieved_at=MORNING))
    assert "retrieved_at" not in record.read_text() and arrivals(archive.vintages()) == [(ONE, b"b")]


def test_a_new_content_with_an_older_date_of_the_publisher_holds_from_the_day_it_was_seen(tmp_path: Path) -> None:
    """A backup that is put back has an old date, and is what the address says now."""
    archive = Archive(tmp_path)
    look(archive, b"a", TWO, published_on=TWO)
    look(archive, b"b", THREE, published_on=ONE)
    assert arrivals(archive.vintages()) == [(ONE, b"b"), (TWO, b"a"), (THREE, b"b")]


def test_a_file_that_is_repaired_on_the_same_day_counts_everywhere(tmp_path: Path) -> None:
    """In values, in what a site belongs to, and in history: the first content held on no day."""
    first, repaired = (repeaters_file({"01AA00": (9000, stay), "02BB00": (1000, 60)}) for stay in (610, 560))
    before, after = (address_file({"01AA00": (board, "Drenthe")}) for board in ("00009", "00001"))
    for folder, (one, two) in {"a": (MORNING, NOON), "b": (NOON, MORNING)}.items():
        archive = Archive(tmp_path / folder / "archive")
        for name, contents in ((FILE_05_2017, (first, repaired)), (FILE_SITES, (before, after))):
            for text, moment in zip(contents, (one, two), strict=True):
                add_found(archive, name, text, ONE, retrieved_at=moment)
        with build_in(tmp_path / folder / "build", archive) as con:
            right, board = (560, "00001") if folder == "a" else (610, "00009")
            query = "FROM goals.observation WHERE indicator_id = 'g02_zittenblijf_pct' AND method_version = 'bottom_up_incl_nieuwkomers'"
            assert rows_of(con, f"SELECT DISTINCT numerator, known_to {query} AND entity_id = '01AA00'") == [
                (right, None)
            ]
            assert rows_of(con, f"SELECT DISTINCT entity_id {query} AND entity_level = 'board'") == [(board,)]
