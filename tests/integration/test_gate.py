"""The gate: which versions of a file pass, what is told about them, and the row counts a person has reviewed."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cli
from flows.ingest.accept_counts import accept_counts
from flows.ingest.gate import IngestResult, check_and_archive
from schemas.datasets import datasets
from schemas.datasets.zittenblijvers import Zittenblijvers
from tests.helpers import HEADER_05, URL, lines_of, origin_for, tiny_05, tiny_06, tiny_steps
from warehouse.archive.acceptances import accept, find_refused
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.archive.withdrawals import decide
from warehouse.build import audits
from warehouse.build.build_warehouse import build
from warehouse.build.file_versions import subject_of
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect
from warehouse.register.loader import REGISTER
from warehouse.register.reviewed_counts import counts_of, read_counts

NAME = "05.-zittenblijven-vo-brinvest-1516-tov-1617.csv"
WIDE = "06-examenkandidaten-en-geslaagden-2014-2019.csv"
FIRST, LATER = date(2019, 1, 1), date(2020, 1, 1)
ROWS = [(f"{number // 26:02d}A{chr(65 + number % 26)}00", 1000, 50) for number in range(120)]


@pytest.fixture
def archive(tmp_path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def register(tmp_path) -> Path:
    """A register of our own, without reviewed counts."""
    folder = tmp_path / "register"
    folder.mkdir()
    for path in REGISTER.glob("*.csv"):
        if path.name != "row_count.csv":
            (folder / path.name).write_bytes(path.read_bytes())
    return folder


def offer(
    archive: Archive, text: str, known: date = FIRST, name: str = NAME, register: Path = REGISTER
) -> IngestResult:
    """Offer a file to the gate as one of the mirror."""
    path = archive.folder.parent / "offered"
    path.write_bytes(text.encode())
    origin = origin_for(name, URL + name, known, edition="mirror")
    return check_and_archive(archive, ParseCache(archive.folder.parent / "cache"), origin, path, register)


def build_in(archive: Archive, register: Path):
    """A warehouse of what the archive holds, open for reading."""
    target = archive.folder.parent / "w.duckdb"
    target.unlink(missing_ok=True)
    build(target, archive, ParseCache(archive.folder.parent / "cache"), Edition("mirror"), register)
    return connect(target, read_only=True)


def test_versions_are_counted_cell_by_cell(archive):
    assert offer(archive, tiny_05(ROWS)).outcome == "new"
    changed = [(ROWS[0][0], 1001, 51), *ROWS[2:], ("99ZZ00", 10, 1)]
    taken = offer(archive, tiny_05(changed), LATER)
    assert (taken.outcome, taken.cells_changed, taken.rows_added, taken.rows_removed) == ("revised", 2, 1, 1)
    again = offer(archive, tiny_05(changed), LATER)
    assert (again.outcome, again.cells_changed, again.rows_added, again.rows_removed) == ("known", 0, 0, 0)


def test_a_version_that_comes_back_is_compared_with_what_stood_there(archive):
    offer(archive, tiny_05(ROWS))
    offer(archive, tiny_05([(ROWS[0][0], 1001, 51), *ROWS[1:]]), LATER)
    back = offer(archive, tiny_05(ROWS), date(2021, 1, 1))
    assert (back.outcome, back.cells_changed) == ("revised", 2) and back.news[0].startswith("came_back ")
    assert offer(archive, tiny_05(ROWS), date(2021, 2, 1)).outcome == "known"


def test_a_withdrawn_version_that_comes_back_is_no_revision(archive):
    first = offer(archive, tiny_05(ROWS))
    decide(archive.folder, first.sha256, False, "made-up assessor", "made-up reason", datetime(2019, 6, 1, tzinfo=UTC))
    offer(archive, tiny_05([(ROWS[0][0], 1001, 51), *ROWS[1:]]), LATER)
    back = offer(archive, tiny_05(ROWS), date(2021, 1, 1))
    assert back.outcome == "known" and back.news[0].startswith("withdrawn on ")


def test_an_older_version_that_turns_up_late_is_compared_with_none(archive):
    offer(archive, tiny_05(ROWS), LATER)
    assert offer(archive, tiny_05(ROWS[:5]), FIRST).outcome == "new"


@pytest.mark.parametrize(
    ("rows", "expected", "found"),
    [
        (ROWS[:90], "at least 95% of the 120 data lines of the vintage of 2019-01-01", "90"),
        (
            [(f"{n // 26:02d}A{chr(65 + n % 26)}{site:02d}", 10, 1) for n in range(90) for site in range(5)],
            "at most 3 times the 120 data lines of the vintage of 2019-01-01",
            "450",
        ),
    ],
    ids=["shrunk", "swollen"],
)
def test_a_version_that_shrank_or_swelled_is_kept_aside(archive, monkeypatch, rows, expected, found):
    monkeypatch.setattr(Zittenblijvers, "max_lost_entities", 1.0)
    offer(archive, tiny_05(ROWS))
    taken = offer(archive, tiny_05(rows), LATER)
    assert taken.outcome == "refused"
    assert taken.reason == (
        f"{NAME}, whole file: expected {expected}, found {found}; fetch it again later, or look at it and let it in with "
        "`sectorakkoord accept FILE --why REASON --by WHO`."
    )


def test_a_named_tolerance_is_the_datasets_own(archive, monkeypatch):
    offer(archive, tiny_05(ROWS))
    monkeypatch.setattr(Zittenblijvers, "max_shrink", 0.5)
    monkeypatch.setattr(Zittenblijvers, "max_lost_entities", 0.5)
    assert offer(archive, tiny_05(ROWS[:90]), LATER).outcome == "revised"


@pytest.mark.parametrize(
    ("had", "lines", "outcome"),
    [(120, 114, "revised"), (120, 113, "refused"), (120, 360, "revised"), (100, 301, "refused"), (99, 400, "revised")],
)
def test_tolerances_hold_to_the_line(archive, monkeypatch, had, lines, outcome):
    """95 % of the lines and three times as many are still fine; a file of under a hundred lines may swell as it likes."""
    monkeypatch.setattr(Zittenblijvers, "max_lost_entities", 1.0)
    rows = [(f"{number // 26:02d}A{chr(65 + number % 26)}00", 1000, 50) for number in range(max(had, lines))]
    offer(archive, tiny_05(rows[:had]))
    assert offer(archive, tiny_05(rows[:lines]), LATER).outcome == outcome


def test_entities_may_go_up_to_the_tolerance(archive, monkeypatch):
    monkeypatch.setattr(Zittenblijvers, "max_lost_entities", 3 / 120)
    offer(archive, tiny_05(ROWS))
    assert offer(archive, tiny_05(ROWS[:-4]), LATER).outcome == "refused"
    assert offer(archive, tiny_05(ROWS[:-3]), LATER).outcome == "revised"


def wide(*years: str) -> str:
    return tiny_06(list(years), [("00AA00", [(10, 9)] * len(years)), ("00AB00", [(10, 8)] * len(years))])


def test_a_lost_period_is_refused_and_a_new_one_is_news(archive):
    offer(archive, wide("2014-2015", "2015-2016"), name=WIDE)
    lost = offer(archive, wide("2015-2016", "2016-2017"), LATER, WIDE)
    assert lost.outcome == "refused"
    assert "periods: expected rows of 2014-2015, which the vintage of 2019-01-01 has, found none" in lost.reason
    more = offer(archive, wide("2014-2015", "2015-2016", "2016-2017"), LATER, WIDE)
    assert (more.outcome, more.news, more.rows_added) == ("revised", ("period_new 2016-2017",), 2)


def test_periods_may_go_where_the_declaration_says_so(archive, monkeypatch):
    monkeypatch.setattr(datasets()["duo_06_examens"], "may_drop_periods", True)
    offer(archive, wide("2014-2015", "2015-2016"), name=WIDE)
    assert offer(archive, wide("2015-2016", "2016-2017"), LATER, WIDE).outcome == "revised"


def test_a_year_that_has_not_come_is_refused(archive):
    assert offer(archive, wide("2014-2015", "2021-2022"), name=WIDE.replace("2019", "2022")).outcome == "new"
    taken = offer(archive, wide("2014-2015", "2107-2108"), name=WIDE)
    assert taken.outcome == "refused"
    assert taken.reason == (
        f"{WIDE}, periods: expected none that starts more than 2 years after 2019-01-01, found one that starts on "
        "2107-08-01; correct the file's name or day, or raise max_years_ahead in schemas/datasets/examens.py."
    )


@pytest.mark.parametrize(("day", "outcome"), [("1-8-2020", "new"), ("1-8-2091", "refused")])
def test_a_merger_on_a_day_that_has_not_come_is_refused(archive, day, outcome):
    steps = tiny_steps([("01AA", "02BB", day, "F", "J"), ("03CC", "02BB", "1-8-2018", "F", "J")])
    taken = offer(archive, steps, name="OVERGANGEN_20190101.csv")
    assert taken.outcome == outcome
    assert outcome == "new" or "column happened_on: expected no day more than 2 years after" in taken.reason


def test_a_changed_header_is_news_at_the_gate_and_in_the_warehouse(archive, register):
    offer(archive, tiny_05(ROWS))
    other = HEADER_05.replace("PLAATSNAAM;", "PLAATSNAAM VESTIGING;") + ";NIEUW"
    rows = tiny_05(ROWS).splitlines()[1:]
    taken = offer(archive, lines_of(other, [f"{row};x" for row in rows]), LATER)
    assert taken.news == ("header_gone PLAATSNAAM", "header_new PLAATSNAAM VESTIGING", "header_new NIEUW")
    with build_in(archive, register) as con:
        drift = con.execute("SELECT kind, detail FROM meta.drift WHERE kind <> 'unreviewed' ORDER BY ALL").fetchall()
    assert drift == [
        ("header_gone", "PLAATSNAAM"),
        ("header_new", "NIEUW"),
        ("header_new", "PLAATSNAAM VESTIGING"),
        ("unknown_header", "NIEUW"),
    ]


def test_row_counts_that_changed_are_told_in_the_warehouse(archive, register):
    offer(archive, wide("2014-2015"), name=WIDE)
    more = tiny_06(
        ["2014-2015", "2015-2016"], [("00AA00", [(10, 9)] * 2), ("00AB00", [(9, 9)] * 2), ("00AC00", [(9, 9)] * 2)]
    )
    offer(archive, more, LATER, WIDE)
    with build_in(archive, register) as con:
        drift = con.execute("SELECT kind, detail FROM meta.drift ORDER BY ALL").fetchall()
    assert drift == [
        ("period_new", "2015-2016"),
        ("rows_changed", "2014-2015: 2 -> 3"),
        ("unreviewed", "2 rows in 1 periods"),
        ("unreviewed", "6 rows in 2 periods"),
    ]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda text: text.replace(",2\n", ",3\n", 1), "changed"),
        (lambda text: "".join(line for line in text.splitlines(True) if "2015-2016" not in line), "surprise"),
        (lambda text: text + text.splitlines(True)[-1].replace("2015-2016", "2013-2014"), "missing"),
    ],
    ids=["changed", "surprise", "missing"],
)
def test_the_same_bytes_must_give_the_reviewed_rows(archive, register, change, found):
    offer(archive, wide("2014-2015", "2015-2016"), name=WIDE)
    cache = ParseCache(archive.folder.parent / "cache")
    assert accept_counts(archive, cache, False, register) == (2, 0)
    counts = register / "row_count.csv"
    with build_in(archive, register) as con:
        assert con.execute("SELECT count(*) FROM meta.drift").fetchone() == (0,)
        assert row_count_audit(con) == []
    counts.write_text(change(counts.read_text()))
    with build_in(archive, register) as con:
        (row,) = row_count_audit(con)
    assert (row[0], row[4], row[5]) == (WIDE, found, "accept with: sectorakkoord sources --accept-counts")
    accept_counts(archive, cache, False, register)
    with build_in(archive, register) as con:
        assert row_count_audit(con) == []


def row_count_audit(con) -> list[tuple]:
    return con.execute((audits.SQL / "audits" / "row_counts.sql").read_text()).fetchall()


def test_other_bytes_of_a_reviewed_name_are_only_told(archive, register):
    """A newer or a longer file of one's own is never stopped because somebody reviewed another one of that name."""
    offer(archive, wide("2014-2015"), name=WIDE)
    accept_counts(archive, ParseCache(archive.folder.parent / "cache"), False, register)
    for vintage in archive.vintages():
        vintage.path.unlink()
    own = Archive(archive.folder.parent / "own")
    assert offer(own, wide("2014-2015", "2015-2016", "2016-2017"), name=WIDE, register=register).outcome == "new"
    with build_in(own, register) as con:
        assert row_count_audit(con) == []
        assert con.execute("SELECT kind, detail FROM meta.drift").fetchall() == [("unreviewed", "6 rows in 3 periods")]


def test_a_shrunk_file_can_be_accepted(archive, register):
    offer(archive, tiny_05(ROWS), register=register)
    assert offer(archive, tiny_05(ROWS[:90]), LATER, register=register).outcome == "refused"
    assert accept_counts(archive, ParseCache(archive.folder.parent / "cache"), False, register) == (2, 0)
    taken = offer(archive, tiny_05(ROWS[:90]), LATER, register=register)
    assert (taken.outcome, taken.rows_removed, archive.refused()) == ("revised", 30, [])


def test_accepting_drops_made_up_counts_that_nothing_holds_and_keeps_real_ones(archive, register):
    (register / "row_count.csv").write_bytes((REGISTER / "row_count.csv").read_bytes())
    made_up = sum(count.synthetic for count in read_counts(register))
    added, gone = accept_counts(archive, ParseCache(archive.folder.parent / "cache"), True, register)
    assert (added, gone) == (0, made_up)
    assert read_counts(register) == [count for count in read_counts(REGISTER) if not count.synthetic]


def test_the_reviewed_counts_are_those_of_the_sample_edition(tmp_path, monkeypatch):
    """When the generator or the reading code changes, look at the difference and run `sources --accept-counts`."""
    from flows.http.client import HttpClient
    from flows.refresh import Request, ingest
    from flows.refresh import offer as offer_all
    from flows.settings import load_settings
    from warehouse.release.data_directory import DataDirectory

    settings = load_settings(data=tmp_path / "data")
    data = DataDirectory(settings.data)
    found, _ = offer_all(Request("sample"), data, FIRST, settings)
    with HttpClient(settings) as client:
        taken = [ingest(one, data, client) for one in found]
    assert {one.outcome for one in taken} == {"new"}
    assert [one.file_name for one in taken if not counts_of(REGISTER, one.sha256)] == []


def test_the_command_that_accepts(tmp_path, archive, register, monkeypatch):
    offer(archive, tiny_05(ROWS))
    (tmp_path / "data").mkdir()
    archive.folder.rename(tmp_path / "data" / "archive")
    monkeypatch.setattr(
        "flows.ingest.accept_counts.accept_counts", lambda *held: accept_counts(*held, register=register)
    )
    done = CliRunner(env={"SECTORAKKOORD_DATA": str(tmp_path / "data")}).invoke(cli.app, ["sources", "--accept-counts"])
    assert done.exit_code == 0 and "row_count.csv: 1 counts added, 0 removed" in done.stdout
    assert [count.rows for count in read_counts(register)] == [120]


PASSED_2016 = "07.-geslaagden,-gezakten-en-cijfers-2016-2017.csv"


@pytest.mark.parametrize(
    ("dataset", "one", "other", "same"),
    [
        ("duo_07_geslaagden", PASSED_2016, "geslaagden-gezakten-en-cijfers-2016-2017.csv", True),
        ("duo_07_geslaagden", PASSED_2016, PASSED_2016.replace("2016-2017", "2015-2016"), False),
        ("duo_06_examens", WIDE, "06-examenkandidaten-en-geslaagden-2013-2018.csv", False),
        ("duo_overgangen", "OVERGANGEN_20250113.csv", "OVERGANGEN_20260201.csv", True),
        ("duo_vestigingen", "02-alle-vestigingen-vo.csv", "vestigingenvo.csv", False),
    ],
)
def test_which_files_are_versions_of_one_another(dataset, one, other, same):
    declared = datasets()[dataset]
    assert (subject_of(declared, one) == subject_of(declared, other)) is same


@pytest.mark.parametrize("years", [["2018-2019", "2019-2020"], ["2012-2013", "2018-2019"]])
def test_rows_of_years_that_the_name_does_not_have_wait_for_a_person(archive, years):
    text = tiny_06(years, [("01AA00", [(20, 18), (30, 25)])])
    taken = offer(archive, text, LATER, WIDE)
    assert taken.outcome == "refused" and "expected rows within the years of the name, 2014 to 2019" in taken.reason
    accept(
        archive.folder, find_refused(archive.refused(), WIDE), "made-up steward", "made-up reason", datetime.now(UTC)
    )
    assert offer(archive, text, LATER, WIDE).outcome == "new"


def test_rows_of_the_years_of_the_name_are_routine(archive):
    text = tiny_06(["2018-2019", "2019-2020"], [("01AA00", [(20, 18), (30, 25)])])
    assert offer(archive, text, LATER, WIDE.replace("2014-2019", "2010-2020")).outcome == "new"


@pytest.mark.parametrize(
    ("pupils", "repeaters", "outcome"),
    [
        (500, 25, "refused"),
        (2000, 100, "refused"),
        (1000, 25, "revised"),
        (900, 45, "revised"),
        ("<5", "<5", "revised"),
    ],
)
def test_numbers_that_change_all_together_wait_for_a_person(archive, pupils, repeaters, outcome):
    offer(archive, tiny_05(ROWS))
    # (Of masks there are fewer, so that some numbers are left.)
    changed = 60 if pupils == "<5" else len(ROWS)
    taken = offer(archive, tiny_05([(site, pupils, repeaters) for site, *_ in ROWS[:changed]] + ROWS[changed:]), LATER)
    assert taken.outcome == outcome
    assert outcome == "revised" or "numbers of 2015-2016 -> 2016-2017: expected about those of" in taken.reason


def test_a_version_in_another_order_changes_nothing(archive):
    offer(archive, tiny_05(ROWS))
    taken = offer(archive, tiny_05(ROWS[::-1]), LATER)
    assert (taken.outcome, taken.cells_changed, taken.rows_added, taken.rows_removed) == ("revised", 0, 0, 0)
