"""Files that look cut off or like another file wait for a person: named, refused, and let in with `accept`."""

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cli, exit_codes
from flows.http.client import HttpClient
from flows.ingest.editions import folder_files
from flows.ingest.gate import check_and_archive
from flows.ingest.ingest_file import ingest
from flows.ingest.version_checks import listed
from flows.settings import load_settings
from tests.helpers import URL, origin_for, tiny_05, tiny_sites, tiny_steps
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish

YEAR_2015, YEAR_2017 = (f"05.-zittenblijven-vo-brinvest-{years}.csv" for years in ("1516-tov-1617", "1718-tov-1819"))
SITES, STEPS = "02-alle-vestigingen-vo.csv", "OVERGANGEN_20250113.csv"
SCHOOLS = [(f"{number:02d}AA00", 1000, 62) for number in range(30)]
ADDRESSES = [(f"{number:02d}AA00", f"{41000 + number}") for number in range(30)]
FIRST, LATER = date(2019, 1, 1), date(2020, 1, 1)


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path / "data")


def offer(data: DataDirectory, text: str | bytes, known: date = FIRST, name: str = YEAR_2017, folder: str = "", **more):
    """Offer a file to the gate as one of the mirror."""
    path = data.root / "offered"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    origin = origin_for(name, URL + folder + name, known, edition="mirror", **more)
    return check_and_archive(Archive(data.archive), ParseCache(data.cache), origin, path)


def test_schools_that_are_gone_are_named_and_the_file_waits(data):
    offer(data, tiny_05(SCHOOLS))
    taken = offer(data, tiny_05(SCHOOLS[:-1]), LATER)
    assert taken.outcome == "refused"
    assert taken.reason == (
        f"{YEAR_2017}, column brin, 2017-2018 -> 2018-2019: expected the 30 schools of the vintage of 2019-01-01 (at most 1.0% may go "
        "without a successor in the register of mergers), found 1 gone: 29AA; fetch it again later, or look at it and let it "
        "in with `sectorakkoord accept FILE --why REASON --by WHO`."
    )


def test_numbers_that_moved_to_another_column_wait(data):
    """Repeaters that are those who moved down before: too few rows to show it in the file itself, but not beside the version before."""
    head, *lines = tiny_05([(site, pupils, 10 + at % 7) for at, (site, pupils, _) in enumerate(SCHOOLS)]).splitlines()
    cells = [[*line.split(";")[:-2], str(at % 5), "0"] for at, line in enumerate(lines)]
    offer(data, "\n".join([head, *map(";".join, cells), ""]))

    def moved(rows: int) -> str:
        return "\n".join(
            [
                head,
                *(";".join([*one[:-3], one[-2] if at < rows else one[-3], *one[-2:]]) for at, one in enumerate(cells)),
                "",
            ]
        )

    taken = offer(data, moved(30), LATER)
    assert taken.outcome == "refused" and taken.reason.startswith(
        f"{YEAR_2017}, column repeaters_n: expected numbers of its own"
    )
    assert "found those that moved_down_n had there, in 24 of 24 rows; fetch it again later, or look" in taken.reason
    assert offer(data, moved(12), LATER).outcome == "revised"


def test_a_handful_of_sites_may_go_and_is_reported(data, monkeypatch):
    many = [(f"{number:02d}A{letter}00", "41000") for number in range(60) for letter in "AB"]
    offer(data, tiny_sites(many), name=SITES)
    taken = offer(data, tiny_sites(many[:-2]), LATER, SITES)
    assert taken.outcome == "revised"
    assert taken.news == ("schools gone: 59AA, 59AB", "sites gone: 59AA00, 59AB00")
    assert offer(data, tiny_sites(many[:-6]), date(2020, 2, 1), SITES).outcome == "refused"


def test_who_went_over_into_another_may_go(data):
    offer(data, tiny_sites(ADDRESSES), name=SITES)
    steps = [
        ("29AA", "00AA", "1-8-2019", "F", "J"),
        ("41029", "41000", "1-8-2019", "F", "J"),
        ("29AA00", "00AA00", "2-1-2020", "F", "J"),
    ]
    assert offer(data, tiny_steps(steps[:2]), LATER, STEPS).outcome == "new"
    refused = offer(data, tiny_sites(ADDRESSES[:-1]), LATER, SITES)
    assert refused.outcome == "refused" and "column vestiging_id" in refused.reason
    assert offer(data, tiny_steps(steps), date(2020, 1, 2), STEPS).outcome == "revised"
    assert offer(data, tiny_sites(ADDRESSES[:-1]), date(2020, 1, 2), SITES).outcome == "revised"


def test_last_years_file_under_this_years_name_is_refused_with_both_names(data):
    offer(data, tiny_05(SCHOOLS), name=YEAR_2015)
    taken = offer(data, tiny_05(SCHOOLS), LATER)
    assert taken.outcome == "refused"
    assert taken.reason.startswith(
        f"{YEAR_2017}, whole file: expected a content of its own, found the same bytes as {YEAR_2015} (known from 2019-01-01);"
    )
    assert [one.file_name for one in Archive(data.archive).origins(taken.sha256)] == [YEAR_2015]


def test_other_line_ends_do_not_make_it_another_year(data):
    offer(data, tiny_05(SCHOOLS), name=YEAR_2015)
    taken = offer(data, tiny_05([*SCHOOLS[1:], ("99ZZ00", 1, 1)]).replace("\r\n", "\n"), LATER)
    assert taken.outcome == "refused"
    assert f"at most 50% rows equal to those of another period, found 97% equal to {YEAR_2015}" in taken.reason
    other = [(site, pupils + 7, stay) for site, pupils, stay in SCHOOLS]
    assert offer(data, tiny_05(other), LATER).outcome == "new"


def test_the_limits_themselves_are_allowed_and_not_one_more(data):
    """Half of the rows are those of another year; eight names are said."""
    offer(data, tiny_05(SCHOOLS), name=YEAR_2015)
    half = [(site, pupils + 7 * (at < 15), stay) for at, (site, pupils, stay) in enumerate(SCHOOLS)]
    assert offer(data, tiny_05(half), LATER).outcome == "new"
    more = [(site, pupils + 7 * (at < 14), stay) for at, (site, pupils, stay) in enumerate(SCHOOLS)]
    assert "found 53% equal" in offer(data, tiny_05(more), date(2020, 1, 2)).reason
    assert listed(list("abcdefgh")) == "a, b, c, d, e, f, g, h"
    assert listed(list("abcdefghi")) == "a, b, c, d, e, f, g, h and 1 more"


@pytest.mark.parametrize(("rows", "outcome"), [(19, "revised"), (20, "refused")])
def test_numbers_that_double_together_wait_from_twenty_rows_on(data, rows, outcome):
    few = SCHOOLS[:rows]
    offer(data, tiny_05(few))
    taken = offer(data, tiny_05([(site, 2 * pupils, 2 * stay) for site, pupils, stay in few]), LATER)
    assert taken.outcome == outcome


def test_a_content_that_comes_back_after_its_bytes_were_lost_is_kept_again(data):
    first = offer(data, tiny_05(SCHOOLS))
    offer(data, tiny_05([(site, pupils, stay + 1) for site, pupils, stay in SCHOOLS]), LATER)
    lost = Archive(data.archive).object_path(first.sha256)
    lost.unlink()
    assert offer(data, tiny_05(SCHOOLS), date(2020, 6, 1)).outcome == "revised"
    assert lost.read_bytes() == tiny_05(SCHOOLS).encode()


def test_the_command_lets_in_what_waits_and_marks_it(data, monkeypatch):
    monkeypatch.setenv("SECTORAKKOORD_DATA", str(data.root))
    offer(data, tiny_05(SCHOOLS))
    offer(data, tiny_05(SCHOOLS[:-1]), LATER)
    run = CliRunner().invoke
    words = ["accept", YEAR_2017, "--why", "made-up reason", "--by", "made-up steward"]
    made = json.loads(run(cli.app, [*words, "--json"]).stdout)
    assert (made["file_name"], made["decided_by"]) == (YEAR_2017, "made-up steward")
    assert exit_codes.exit_code(run(cli.app, words).exception) == exit_codes.USAGE
    taken = offer(data, tiny_05(SCHOOLS[:-1]), LATER)
    assert taken.outcome == "revised" and taken.news[0].endswith("by made-up steward: made-up reason")
    publish(data, Edition("mirror"), date(2026, 11, 28))
    with connect(data.warehouse, read_only=True) as con:
        marked = con.execute("SELECT detail FROM meta.drift WHERE kind = 'accepted'").fetchall()
    assert len(marked) == 1 and marked[0][0].startswith("by made-up steward on ")
    assert f"accepted {made['sha256'][:12]} {YEAR_2017} on " in run(cli.app, ["status"]).stdout
    rows = json.loads(run(cli.app, ["sources", "--json"]).stdout)
    assert {row["dataset"]: row["accepted"] for row in rows}["duo_05_zittenblijvers"] == 1


def test_only_what_waits_for_a_person_can_be_accepted(data, monkeypatch):
    monkeypatch.setenv("SECTORAKKOORD_DATA", str(data.root))
    offer(data, "<html></html>")
    run = CliRunner().invoke
    for name, why in ((YEAR_2017, "reason"), ("nothing.csv", "reason"), (YEAR_2017, " ")):
        done = run(cli.app, ["accept", name, "--why", why, "--by", "made-up steward"])
        assert type(done.exception).__name__ == "AcceptanceRefused"


def test_letters_that_the_publisher_lost_are_let_in_by_a_person(data, monkeypatch):
    monkeypatch.setenv("SECTORAKKOORD_DATA", str(data.root))
    lost = tiny_05(SCHOOLS).replace("School", "Carr\ufffd")
    assert offer(data, lost).outcome == "refused"
    assert offer(data, lost).outcome == "refused"
    done = CliRunner().invoke(cli.app, ["accept", YEAR_2017, "--why", "names only", "--by", "made-up steward"])
    assert done.exit_code == exit_codes.OK, done.exception
    assert offer(data, lost).outcome == "new"
    assert Archive(data.archive).refused() == []


def test_whatever_a_reader_raises_refuses_that_file_only(data, monkeypatch):
    def breaks(*_, **__):
        raise RecursionError("made-up fault")

    monkeypatch.setattr("warehouse.build.parse_cache.parse_file", breaks)
    taken = offer(data, tiny_05(SCHOOLS))
    assert taken.outcome == "refused" and taken.reason.startswith(f"{YEAR_2017}, whole file: ")
    assert "RecursionError (made-up fault)" in taken.reason


def test_a_publishers_zip_in_a_mirror_folder_is_opened(data, tmp_path):
    path = tmp_path / "mirror" / "duo.nl" / "open_onderwijsdata" / "images" / "basisgegevens-instellingen.zip"
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        for day, to in (("20250113", "00AA"), ("20240101", "00AB")):
            archive.writestr(f"map/OVERGANGEN_{day}.csv", tiny_steps([("29AA", to, "1-8-2019", "F", "J")]))
        archive.writestr("map/iets-anders.csv", "a;b\n1;2\n")
    (found,), unclaimed = folder_files(tmp_path / "mirror", "mirror", LATER)
    assert (found.file_name, unclaimed) == (STEPS, [])
    with HttpClient(load_settings(data=data.root)) as client:
        taken = ingest(found, data, client)
    assert (taken.outcome, taken.url) == ("new", f"https://duo.nl/open_onderwijsdata/images/{path.name}#map/{STEPS}")


def offered_zip(data: DataDirectory, members: dict[str, str]):
    """What becomes of a zip with these members, in a mirror folder."""
    path = data.root / "mirror" / "duo.nl" / "zittenblijvers.zip"
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    found, _ = folder_files(data.root / "mirror", "mirror", LATER)
    with HttpClient(load_settings(data=data.root)) as client:
        return [(one.file_name, ingest(one, data, client)) for one in found]


def test_every_year_in_a_zip_is_read(data):
    other = [(site, pupils + 9, stay + 5) for site, pupils, stay in SCHOOLS]
    members = {f"map/{YEAR_2015}": tiny_05(SCHOOLS), YEAR_2017: tiny_05(other), "leeg/": "", "leeg.csv": ""}
    assert [(name, one.outcome) for name, one in offered_zip(data, members)] == [(YEAR_2015, "new"), (YEAR_2017, "new")]


def test_two_members_of_one_name_are_refused(data):
    members = {f"oud/{YEAR_2017}": tiny_05(SCHOOLS), f"nieuw/{YEAR_2017}": tiny_05(SCHOOLS[1:])}
    ((_, taken),) = offered_zip(data, members)
    assert taken.outcome == "refused" and f"expected one {YEAR_2017}, got nieuw/{YEAR_2017}, oud/" in taken.reason


@pytest.mark.parametrize("place", [{"name": f"05-{YEAR_2017[4:]}"}, {"folder": "elders/"}])
def test_another_name_or_address_for_the_same_year_is_told(data, place):
    offer(data, tiny_05(SCHOOLS))
    taken = offer(data, tiny_05([(site, pupils, stay + 9) for site, pupils, stay in SCHOOLS]), **place)
    assert taken.news == (f"stands in another place than the version before it, {URL}{YEAR_2017} of 2019-01-01",)


def test_a_later_version_at_an_address_of_its_own_is_routine(data):
    offer(data, tiny_05(SCHOOLS), folder="blobs/1/")
    later = tiny_05([(site, pupils, stay + 9) for site, pupils, stay in SCHOOLS])
    assert offer(data, later, LATER, folder="blobs/2/").news == ()
