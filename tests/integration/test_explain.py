"""Law 6: every value that was ever published answers `explain`, down to the right lines of the right file."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.tiny_files import (
    FILE_05_2017,
    FILE_06_2019,
    FILE_SITES,
    HAVO,
    VWO,
    add_found,
    add_manifest,
    address_file,
    build_in,
    exam_cells,
    exam_file,
    repeaters_file,
    rows_of,
)
from tests.tools.sample_generator import write_sample
from warehouse.archive.store import Archive
from warehouse.database import connect

EXPLAIN_ALL = "explain(held.goal_id, held.indicator_id, held.entity_id, held.period_label, held.known_from)"
"""The macro itself for all values at once: its arguments are the columns that it compares them with, and each value is
asked for as it stood on the day on which it became known."""

KEY = "indicator_id, method_version, entity_level, entity_id, period_label, breakdown, known_from"


def unexplained(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Values without an explanation, or with one that lacks a file, a hash, a formula, a method or lines.

    A value that another one replaced on the day it came was never the answer on any day: it is in `history()` only.
    """
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE explained AS
        SELECT {KEY}, sha256, file_name, source, formula, lines FROM {EXPLAIN_ALL}"""
    )
    return rows_of(
        con,
        f"""SELECT {KEY} FROM goals.observation WHERE known_to IS DISTINCT FROM known_from
        EXCEPT ALL
        SELECT {KEY} FROM explained
        WHERE len(sha256) = 64 AND file_name IS NOT NULL AND source IS NOT NULL AND formula IS NOT NULL
          AND len(lines) > 0""",
    )


def lines_outside_their_file(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Explained lines that the named file does not have."""
    return rows_of(
        con,
        """SELECT explained.* FROM explained JOIN meta.source_file AS file USING (sha256)
        WHERE list_min(lines) < 2 OR list_max(lines) > file.data_lines + 1""",
    )


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of the bundled sample."""
    folder = tmp_path_factory.mktemp("sample")
    archive = Archive(folder / "archive")
    add_manifest(archive, folder / "files", write_sample(folder / "files"), "sample")
    with build_in(folder / "build", archive, edition="sample") as con:
        yield con


def test_every_value_of_the_sample_is_explained(sample: duckdb.DuckDBPyConnection) -> None:
    assert unexplained(sample) == []
    assert lines_outside_their_file(sample) == []
    levels = {level for (level,) in rows_of(sample, "SELECT DISTINCT entity_level FROM explained")}
    assert levels >= {"national", "province", "board", "school", "vestiging"}


def test_a_value_that_lost_its_lines_is_found(tmp_path: Path) -> None:
    """The test above can fail."""
    archive = Archive(tmp_path / "archive")
    add_found(archive, FILE_05_2017, repeaters_file({"01AA00": (1000, 62), "02BB00": (1000, 62)}), "2019-01-01")
    build_in(tmp_path / "build", archive).close()
    with connect(tmp_path / "build" / "warehouse.duckdb") as con:
        assert unexplained(con) == []
        con.execute("DELETE FROM core.contribution WHERE vestiging_id = '02BB00'")
        assert {row[3] for row in unexplained(con)} == {"02BB", "02BB00"}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two files of which every line is known here: exams on lines 2 to 6, repeaters on lines 2 and 3."""
    folder = tmp_path_factory.mktemp("explain")
    archive = Archive(folder / "archive")
    exams = [
        ("01AA00", HAVO, ((10, 9), (10, 10))),
        ("01AA00", VWO, ((0, 0), (4, 4))),
        ("01AA01", HAVO, ((20, 18), (5, 5))),
        ("02BB00", HAVO, ((0, 0), (0, 0))),
        ("02BB00", VWO, ((8, 8), (8, 7))),
    ]
    lines = [
        (site, kind, exam_cells(men, women, (men[0] + women[0], men[1] + women[1])))
        for site, kind, (men, women) in exams
    ]
    add_found(archive, FILE_06_2019, exam_file(lines), "2021-01-01", note="verzonnen")
    add_found(archive, FILE_05_2017, repeaters_file({"01AA00": (1000, 62), "02BB00": (1000, 62)}), "2019-01-01")
    add_found(
        archive,
        FILE_SITES,
        address_file({"01AA00": ("00001", "Drenthe"), "02BB00": ("00001", "Utrecht")}),
        "2020-03-01",
    )
    with build_in(folder / "build", archive) as con:
        yield con


def lines_of(con: duckdb.DuckDBPyConnection, entity: str, breakdown: str = "total") -> list[tuple]:
    """Lines and masked lines that explain the pass rate of an entity."""
    return rows_of(
        con,
        """SELECT lines, masked_lines FROM explain('G06', 'g06_slaagpct', ?, '2019-2020', DATE '2026-01-01')
        WHERE method_version = 'bottom_up' AND breakdown = ?""",
        entity,
        breakdown,
    )


@pytest.mark.parametrize(
    ("entity", "breakdown", "lines", "masked"),
    [
        ("01AA00", "total", [2, 3], [3]),
        ("01AA00", "havo", [2], None),
        ("01AA00", "vwo", [3], [3]),
        ("01AA01", "total", [4], None),
        ("02BB00", "total", [6], None),  # line 5 has no candidates
        ("01AA", "total", [2, 3, 4], [3]),
        ("00001", "total", [2, 3, 6], [3]),  # 01AA01 is not in the address file, so it counts for no board
        ("Drenthe", "total", [2, 3], [3]),
        ("Utrecht", "total", [6], None),
        ("NL", "total", [2, 3, 4, 6], [3]),
        ("NL", "havo", [2, 4], None),
    ],
)
def test_the_lines_are_the_right_ones(
    tiny: duckdb.DuckDBPyConnection, entity: str, breakdown: str, lines: list, masked: list
) -> None:
    assert lines_of(tiny, entity, breakdown) == [(lines, masked)]


def test_an_explanation_tells_the_file_and_how_it_was_counted(tiny: duckdb.DuckDBPyConnection) -> None:
    (found,) = rows_of(
        tiny,
        """SELECT numerator, denominator, value, file_name, sha256, url, retrieved_on::VARCHAR, lines, masked_cells,
               formula
        FROM explain('G02', 'g02_zittenblijf_pct', 'NL', 2018, '2026-01-01') WHERE method_version LIKE 'bottom%'""",
    )
    ((sha256,),) = rows_of(tiny, "SELECT sha256 FROM meta.source_file WHERE file_name = ?", FILE_05_2017)
    url = f"https://voorbeeld.invalid/{FILE_05_2017}"
    assert found[:9] == (124, 2000, 6.2, FILE_05_2017, sha256, url, "2019-01-01", [2, 3], 0)
    assert found[9]


def test_an_explanation_is_as_of_its_day(tiny: duckdb.DuckDBPyConnection) -> None:
    asked = """SELECT value FROM explain('G02', 'g02_zittenblijf_pct', 'NL', '2018-2019 -> 2019-2020', DATE '{}')
        WHERE method_version = 'excl_nieuwkomers'"""
    assert rows_of(tiny, asked.format("2020-12-31")) == [(6.3,)]
    assert rows_of(tiny, asked.format("2021-12-31")) == [(5.91,)]
    assert rows_of(tiny, asked.format("2017-12-31")) == []


def test_a_value_of_the_register_names_its_own_source_and_line(tiny: duckdb.DuckDBPyConnection, repo: Path) -> None:
    (found,) = rows_of(
        tiny,
        """SELECT file_name, lines, url, source, published_on::VARCHAR, published_precision, published_ground
        FROM explain('G02', 'g02_zittenblijf_pct', 'NL', 2020, DATE '2026-12-31')
        WHERE method_version = 'excl_nieuwkomers'""",
    )
    assert found[0] == "published_value.csv" and found[4:] == ("2021-05-19", "day", "stated")
    assert found[2].startswith("https://www.rijksfinancien.nl/jaarverslag/2020/") and "Jaarverslag OCW 2020" in found[3]
    text = (repo / "warehouse" / "register" / "seeds" / found[0]).read_text(encoding="utf-8").splitlines()
    (line,) = found[1]
    assert ",3.32," in text[line - 1] and "g02_zittenblijf_pct" in text[line - 1]
