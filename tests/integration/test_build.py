"""A whole build on tiny files: conservation, replay, honest bounds at every level, no hidden cell given away."""

import subprocess
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import product
from math import ceil, floor
from pathlib import Path
from random import Random

import duckdb
import pytest

from tests.helpers import origin_for, tiny_06
from tests.tiny_files import (
    FILE_05_2015,
    FILE_05_2017,
    FILE_05_2017_AGAIN,
    FILE_06_2019,
    FILE_SITES,
    HAVO,
    KADER,
    VWO,
    add_found,
    address_file,
    build_in,
    exam_cells,
    exam_file,
    repeaters_file,
    rows_of,
)
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.build.audits import AuditFailed, run_audits
from warehouse.build.build_warehouse import build, default_memory_limit
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect
from warehouse.release.content_hash import content_hash

LARGE = ((20, 17), (15, 15))
"""Men and women of a line in which nothing is hidden (candidates, passed)."""
FILES_DAY = date(2019, 1, 1)
FILE_06 = "06-examenkandidaten-en-geslaagden-{}.csv"
FEWEST = 5
"""The fewest masked lines that may be added up with tight bounds. Written out here: a smaller one breaks a promise."""
MASKED = {"groot": 12, "vijf": 5, "vier": 4, "een": 1}
"""Boards with so many masked lines each."""
BOARDS = {"groot": "00001", "vijf": "00002", "vier": "00003", "een": "00004", "verschil": "00005"}
MASKED_LINES = sum(MASKED.values()) + 6 + 7

Line = tuple[str, tuple[str, str, str], tuple[tuple[int, int], tuple[int, int]]]


def masked_groups(dice: Random) -> tuple[tuple[int, int], tuple[int, int]]:
    """Men and women of whom together 1 to 4 passed."""
    while True:
        groups = tuple((taken, dice.randint(0, taken)) for taken in (dice.randint(0, 5), dice.randint(0, 5)))
        if 1 <= sum(passed for _, passed in groups) <= 4:
            return groups


def exam_lines() -> list[Line]:
    """Boards with many, five, four and one masked line, and one whose total is its havo plus one masked line of vwo."""
    dice = Random(2018)
    lines: list[Line] = []
    for number, (board, masked) in enumerate(MASKED.items()):
        for line in range(masked):
            programme = (HAVO, VWO, KADER)[line % 3] if board == "groot" else HAVO
            lines.append((f"{number:02d}AA{line:02d}", programme, masked_groups(dice)))
        lines.append((f"{number:02d}AA90", HAVO, LARGE))
    lines += [(f"09AA{line:02d}", HAVO, masked_groups(dice)) for line in range(5)]
    lines.append(("09AA00", VWO, ((0, 0), (7, 4))))
    # One site with more masked lines than the fewest: still a single site.
    lines += [("08AA00", (*HAVO[:1], str(code), HAVO[2]), masked_groups(dice)) for code in range(50, 57)]
    return lines


def board_of(site: str) -> str:
    """The board of a site, from the first two digits of its key."""
    names = {f"{number:02d}": name for number, name in enumerate(MASKED)} | {"08": "groot", "09": "verschil"}
    return BOARDS[names[site[:2]]]


@pytest.fixture(scope="module")
def exams(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with the exam lines above."""
    folder = tmp_path_factory.mktemp("exams")
    archive = Archive(folder / "archive")
    lines = exam_lines()
    text = exam_file([(site, kind, exam_cells(*groups, totals(groups))) for site, kind, groups in lines])
    add_found(archive, FILE_06_2019, text, "2021-01-01")
    add_found(
        archive, FILE_SITES, address_file({site: (board_of(site), "Drenthe") for site, _, _ in lines}), "2020-10-05"
    )
    with build_in(folder / "build", archive) as con:
        yield con


def totals(groups: tuple[tuple[int, int], tuple[int, int]]) -> tuple[int, int]:
    """Candidates and graduates of a line."""
    return sum(taken for taken, _ in groups), sum(passed for _, passed in groups)


def lines_of_entities() -> dict[tuple[str, str, str], list[tuple[int, int]]]:
    """(level, entity, breakdown) -> the true (candidates, passed) of its lines."""
    found = defaultdict(list)
    for site, programme, groups in exam_lines():
        level = "vmbo-kb" if programme == KADER else programme[0].lower()
        entities = {
            "national": "NL",
            "province": "Drenthe",
            "board": board_of(site),
            "school": site[:4],
            "vestiging": site,
        }
        for (entity_level, entity), breakdown in product(entities.items(), (level, "total")):
            found[entity_level, entity, breakdown].append(totals(groups))
    return found


def box_of(lines: list[tuple[int, int]]) -> tuple[Fraction, Fraction]:
    """Bounds by the masks alone, by brute force over the sums that hidden cells can make."""
    sums = {(0, 0)}
    for taken, passed in lines:
        possible = [
            (n, d)
            for n in (range(1, 5) if 1 <= passed <= 4 else [passed])
            for d in (range(1, 5) if 1 <= taken <= 4 else [taken])
            if n <= d
        ]
        sums = {(n + part, d + whole) for n, d in sums for part, whole in possible}
    ratios = [Fraction(100 * n, d) for n, d in sums]
    return min(ratios), max(ratios)


def observed(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], tuple]:
    """(level, entity, breakdown) -> value, low, high, numerator, denominator, masked cells."""
    rows = rows_of(
        con,
        """SELECT entity_level, entity_id, breakdown, value, value_low, value_high, numerator, denominator, masked_cells
        FROM goals.observation WHERE method_version = 'bottom_up' AND indicator_id = 'g06_slaagpct'""",
    )
    return {row[:3]: row[3:] for row in rows}


def outward(low: Fraction, high: Fraction) -> tuple[float, float]:
    """As published: rounded outwards to a millionth."""
    return floor(low * 10**6) / 10**6, ceil(high * 10**6) / 10**6


def test_truth_lies_within_the_bounds_of_every_entity(exams: duckdb.DuckDBPyConnection) -> None:
    found, truths = observed(exams), lines_of_entities()
    assert found.keys() == truths.keys()
    for key, lines in truths.items():
        value, low, high, numerator, denominator, masked = found[key]
        taken, passed = (sum(counts) for counts in zip(*lines, strict=True))
        if masked:
            assert (value, numerator, denominator) == (None, None, None), key
            assert low <= 100 * passed / taken <= high, key
        else:
            assert (value, low, high) == pytest.approx((100 * passed / taken,) * 3), key
            assert (numerator, denominator) == (passed, taken), key


def is_masked(line: tuple[int, int]) -> bool:
    """Is a count of this line hidden?"""
    return any(1 <= count <= 4 for count in line)


def tight_entities(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str]]:
    """The groups whose published bounds are narrower than the masks alone would make them."""
    truths = lines_of_entities()
    return {
        key
        for key, (_, low, high, *_, masked) in observed(con).items()
        if masked and (low, high) != pytest.approx(outward(*box_of(truths[key])), abs=2e-6)
    }


def test_tight_bounds_are_for_large_groups_above_schools_only(exams: duckdb.DuckDBPyConnection) -> None:
    truths = lines_of_entities()
    tight = tight_entities(exams)
    assert {
        ("national", "NL", "total"),
        ("board", BOARDS["groot"], "total"),
        ("board", BOARDS["vijf"], "total"),
    } <= tight
    for level, entity, breakdown in tight:
        assert level in ("national", "province", "board")
        assert sum(map(is_masked, truths[level, entity, breakdown])) >= FEWEST
    for key in tight:
        box = outward(*box_of(truths[key]))
        assert box[0] <= observed(exams)[key][1] <= observed(exams)[key][2] <= box[1]


def test_one_masked_line_shows_no_more_than_its_mask(exams: duckdb.DuckDBPyConnection) -> None:
    """Seven women, four passed, 57.1 percent printed: the line's own bounds must not say four."""
    _, low, high, *_ = observed(exams)["vestiging", "09AA00", "vwo"]
    assert (low, high) == outward(Fraction(100, 7), Fraction(400, 7))


def test_no_difference_of_two_tight_groups_is_a_single_line(exams: duckdb.DuckDBPyConnection) -> None:
    """An attacker who knows the open lines solves each end of a board's bounds for its hidden sums, and subtracts."""
    truths, tight = lines_of_entities(), tight_entities(exams)
    for level, entity, breakdown in tight:
        if breakdown != "total":
            continue
        parts = [key for key in tight if key[:2] == (level, entity) and key[2] != "total"]
        masked = sum(map(is_masked, truths[level, entity, "total"]))
        rest = masked - sum(sum(map(is_masked, truths[key])) for key in parts)
        assert not parts or rest == 0 or rest >= FEWEST, (
            entity,
            f"total minus levels leaves {rest} lines",
        )


def test_no_table_holds_a_count_where_the_publisher_hid_it(exams: duckdb.DuckDBPyConnection) -> None:
    hidden = rows_of(
        exams,
        """SELECT count(*) FILTER (list_contains(masked, 'passed_n')),
                  count(passed_n) FILTER (list_contains(masked, 'passed_n')),
                  count(candidates_n) FILTER (list_contains(masked, 'candidates_n')),
                  count(passed_m_n) FILTER (list_contains(masked, 'passed_m_n')),
                  count(passed_f_n) FILTER (list_contains(masked, 'passed_f_n'))
        FROM core.duo_06_examens""",
    )
    assert hidden == [(MASKED_LINES, 0, 0, 0, 0)]
    hidden_sums = rows_of(
        exams,
        """SELECT count(*), count(numerator) FILTER (numerator_masked > 0),
                  count(denominator) FILTER (denominator_masked > 0)
        FROM core.contribution WHERE numerator_masked + denominator_masked > 0""",
    )
    assert hidden_sums == [(MASKED_LINES, 0, 0)]
    tables = {name for (name,) in rows_of(exams, "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core'")}
    assert not tables & {"candidate", "site_sum", "point", "points"}


def archive_with(folder: Path, files: list[tuple[str, str, str]]) -> Archive:
    """An archive with (name, text, day of finding), added in that order."""
    archive = Archive(folder)
    for name, text, known in files:
        add_found(archive, name, text, known)
    return archive


# The made-up country repeats 6.2 percent in 2017-2018, as the real one did: the audits compare it with that.
FILES = [
    (FILE_05_2017, repeaters_file({"01AA00": (9000, 560), "01AA01": (1000, 60)}), "2019-01-01"),
    (FILE_05_2017, repeaters_file({"01AA00": (9000, 561), "01AA01": (1000, 60)}), "2020-01-01"),
    (FILE_05_2015, repeaters_file({"01AA00": (90, 9)}), "2018-01-01"),
    (FILE_05_2015, repeaters_file({"01AA00": (90, 9), "02BB00": (10, 1)}), "2018-01-01"),
    (FILE_SITES, address_file({"01AA00": ("00001", "Drenthe"), "01AA01": ("00001", "Drenthe")}), "2019-06-01"),
]


def test_rebuild_gives_the_same_hash_in_any_order_of_retrieval(tmp_path: Path) -> None:
    hashes = []
    for number, files in enumerate((FILES, FILES[::-1])):
        archive = archive_with(tmp_path / f"archive{number}", files)
        with build_in(tmp_path / f"build{number}", archive) as con:
            hashes.append(content_hash(con))
    assert len(set(hashes)) == 1
    one_pupil_more = [*FILES[:-1], (FILE_05_2015, repeaters_file({"01AA00": (91, 9)}), "2018-02-01")]
    with build_in(tmp_path / "other", archive_with(tmp_path / "archive2", one_pupil_more)) as con:
        assert content_hash(con) not in hashes


def test_every_line_is_in_core_or_in_quarantine(tmp_path: Path) -> None:
    """Law 1, with one line that has more repeaters than pupils; and the audit sees a line that gets lost."""
    sites = {f"{number:02d}AA{site:02d}": (1000, 62) for number in range(3) for site in range(50)}
    archive = archive_with(
        tmp_path / "archive", [(FILE_05_2017, repeaters_file({**sites, "01AA00": (5, 7)}), "2019-01-01")]
    )
    with build_in(tmp_path / "build", archive) as con:
        counts = "data_lines, core_lines, quarantined_lines"
        assert rows_of(con, f"SELECT {counts} FROM meta.source_file WHERE dataset_id <> 'register'") == [(150, 149, 1)]
        found = rows_of(con, "SELECT line, raw_text FROM meta.quarantine")
        assert [line for line, _ in found] == [52]
        assert found[0][1].startswith("01AA;School;00;") and found[0][1].endswith(";5;7;0;0")
        assert rows_of(con, "SELECT count(DISTINCT line) FROM core.duo_05_zittenblijvers") == [(149,)]
        assert run_audits(con) >= 8
    with connect(tmp_path / "build" / "warehouse.duckdb") as con:
        con.execute("DELETE FROM meta.quarantine")
        with pytest.raises(AuditFailed) as failed:
            run_audits(con)
        assert list(failed.value.findings) == ["conservation"]
        assert FILE_05_2017 in str(failed.value)


SPOILERS = {
    "bounds_hold": "UPDATE goals.observation SET value_low = value_high + 1 WHERE entity_id = '01AA01'",
    "one_version_at_a_time": "UPDATE goals.observation SET known_to = NULL WHERE known_to IS NOT NULL",
    "traceable": "DELETE FROM core.contribution WHERE vestiging_id = '01AA01'",
    "no_splice": "UPDATE goals.observation SET method_version = 'excl_nieuwkomers' WHERE entity_id = '01AA01'",
    "goals_complete": "DELETE FROM goals.goal WHERE goal_id = 'G07'",
    "known_files": "INSERT INTO meta.source_file SELECT * FROM meta.source_file WHERE dataset_id <> 'register' LIMIT 1",
    "synthetic_never_judges": "UPDATE meta.edition SET synthetic = true",
}


@pytest.fixture(scope="module")
def small_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished warehouse of FILES."""
    folder = tmp_path_factory.mktemp("small")
    build_in(folder / "build", archive_with(folder / "archive", FILES)).close()
    return folder / "build" / "warehouse.duckdb"


@pytest.mark.parametrize("audit", SPOILERS)
def test_each_audit_finds_what_it_looks_for(small_build: Path, audit: str) -> None:
    with connect(small_build) as con:
        con.execute("BEGIN")
        con.execute(SPOILERS[audit])
        with pytest.raises(AuditFailed) as failed:
            run_audits(con)
        con.execute("ROLLBACK")
        assert audit in failed.value.findings
        run_audits(con)


def test_methods_of_making_never_share_a_series(tmp_path: Path) -> None:
    """Law 5: from label 2019 on newcomers are left out, which is another method."""
    later = "05.-zittenblijvers-niveau-vestiging-2023-2024-tov-2024-2025.csv"
    archive = archive_with(
        tmp_path / "archive", [FILES[0], (later, repeaters_file({"01AA00": (100, 3)}), "2025-01-01")]
    )
    with build_in(tmp_path / "build", archive) as con:
        found = rows_of(
            con,
            """SELECT method_version, list(year ORDER BY year) FROM timeline
            WHERE indicator_id = 'g02_zittenblijf_pct' AND method_version LIKE 'bottom%' GROUP BY ALL ORDER BY ALL""",
        )
    assert found == [("bottom_up_excl_nieuwkomers", [2024]), ("bottom_up_incl_nieuwkomers", [2018])]


def test_of_files_of_one_day_the_newer_release_counts(tmp_path: Path) -> None:
    """Whatever their hashes are: who fetches two releases on one day must not get the older figures."""
    rows = [("01AA00", [(100, 90), (100, 80)])], [("01AA00", [(100, 91), (100, 70)])]
    older = tiny_06(["2011-2012", "2012-2013"], rows[0])
    for number, newer in enumerate(
        (tiny_06(["2012-2013", "2013-2014"], rows[1]) + "\r\n" * extra) for extra in range(4)
    ):
        archive = archive_with(
            tmp_path / f"archive{number}",
            [(FILE_06.format("2008-2013"), older, "2019-01-01"), (FILE_06.format("2009-2014"), newer, "2019-01-01")],
        )
        with build_in(tmp_path / f"build{number}", archive) as con:
            where = "indicator_id = 'g06_slaagpct' AND method_version = 'bottom_up' AND breakdown = 'total'"
            assert rows_of(con, f"SELECT year, value FROM timeline WHERE {where} ORDER BY year") == [
                (2012, 90),
                (2013, 91),
                (2014, 70),
            ]
            kinds = f"SELECT year, kind FROM revisions WHERE {where} AND entity_level = 'national'"
            assert rows_of(con, kinds) == [(2013, "correction")]


def test_a_build_holds_the_vintages_it_is_given(tmp_path: Path) -> None:
    """A file that another run takes in meanwhile belongs to the next release."""
    archive = archive_with(tmp_path / "archive", FILES[:1])
    listed = archive.vintages()
    add_found(archive, FILE_05_2015, repeaters_file({"01AA00": (10, 9)}), "2018-01-01")
    build(tmp_path / "w.duckdb", archive, ParseCache(tmp_path / "cache"), Edition("mirror"), vintages=listed)
    with connect(tmp_path / "w.duckdb", read_only=True) as con:
        files = "SELECT file_name FROM meta.source_file WHERE dataset_id <> 'register'"
        assert rows_of(con, files) == [(FILES[0][0],)]


def test_real_and_synthetic_files_never_meet_and_refused_files_are_told(tmp_path: Path) -> None:
    archive = archive_with(tmp_path / "archive", FILES[:1])
    add_found(
        archive, FILE_05_2015, repeaters_file({"99ZZ00": (10, 9)}), "2018-01-01", synthetic=True, edition="sample"
    )
    origin = origin_for(FILE_05_2015, "https://voorbeeld.invalid/fout.csv", FILES_DAY, edition="mirror")
    archive.refuse(b"<html>", origin, "a web page, no data file")
    with build_in(tmp_path / "build", archive) as con:
        assert rows_of(
            con, "SELECT DISTINCT left(entity_id, 4) FROM goals.observation WHERE entity_level = 'vestiging'"
        ) == [("01AA",)]
        assert rows_of(con, "SELECT file_name, reason FROM meta.refused_file") == [
            (FILE_05_2015, "a web page, no data file")
        ]
        assert rows_of(con, "SELECT count(*) FROM goals.observation WHERE synthetic") == [(0,)]
    with build_in(tmp_path / "sample", archive, edition="sample") as con:
        levels = """SELECT DISTINCT entity_level, synthetic FROM goals.observation
            WHERE entity_id LIKE '99ZZ%' ORDER BY ALL"""
        assert rows_of(con, levels) == [("school", True), ("vestiging", True)]
        assert rows_of(con, "SELECT DISTINCT edition FROM timeline") == [("sample",)]
        run_audits(con)


def test_one_content_under_two_names_counts_once(tmp_path: Path) -> None:
    name, text, _ = FILES[0]
    archive = archive_with(tmp_path / "archive", [(name, text, "2019-01-01"), (FILE_05_2017_AGAIN, text, "2018-12-01")])
    with build_in(tmp_path / "build", archive) as con:
        found = rows_of(
            con, "SELECT file_name, known_from::VARCHAR FROM meta.source_file WHERE dataset_id <> 'register'"
        )
        assert found == [(FILE_05_2017_AGAIN, "2018-12-01")]
        value = """SELECT numerator, denominator, known_from::VARCHAR FROM timeline
            WHERE method_version = 'bottom_up_incl_nieuwkomers'"""
        assert rows_of(con, f"{value} AND indicator_id = 'g02_zittenblijf_pct'") == [(620, 10000, "2018-12-01")]


def test_a_build_keeps_to_its_memory(tmp_path: Path) -> None:
    """Too little to build at all is an error of DuckDB that names the limit, so the limit is in force."""
    archive = archive_with(tmp_path / "archive", FILES[:1])
    arguments = archive, ParseCache(tmp_path / "cache"), Edition("mirror")
    with pytest.raises(duckdb.OutOfMemoryException, match=r"1\.9 MiB"):
        build(tmp_path / "w.duckdb", *arguments, memory_limit="2MB")
    build(tmp_path / "v.duckdb", *arguments, memory_limit="500MB")
    with duckdb.connect() as con:
        con.execute("SET memory_limit = '800MB'")
        assert float(default_memory_limit(con).removesuffix("GiB")) == pytest.approx(500e6 / 2**30, rel=0.01)
        con.execute("SET memory_limit = '20TB'")
        assert default_memory_limit(con) == "1.500GiB"


def test_git_keeps_every_source_file(repo: Path) -> None:
    """A rule in .gitignore that is too wide once left `sql/build` out of every clone."""
    if not (repo / ".git").exists():
        pytest.skip("this copy of the project is no git repository")
    files = [
        str(path) for room in ("flows", "schemas", "transforms", "warehouse") for path in (repo / room).rglob("*.*")
    ]
    wanted = [path for path in files if Path(path).suffix in {".py", ".sql", ".csv"}]
    found = subprocess.run(
        ["git", "check-ignore", "--no-index", *wanted], cwd=repo, capture_output=True, text=True, check=False
    )
    assert found.returncode == 1, f"ignored by git: {found.stdout}{found.stderr}"
