"""Law 4: every figure as it stood on a day. A vintage changes the answers from its day on, and nothing else."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.helpers import lines_of
from tests.tiny_files import (
    FILE_05_2015,
    FILE_05_2017,
    FILE_06_2019,
    FILE_SITES,
    HAVO,
    add_found,
    address_file,
    build_in,
    exam_cells,
    exam_file,
    repeaters_file,
    rows_of,
)
from warehouse.archive.store import Archive

OLD, FIRST, SITES, REVISED = date(2018, 1, 1), date(2019, 1, 1), date(2019, 6, 1), date(2020, 1, 1)
LATE = date(2019, 3, 1)
TODAY = "9999-12-31"
Key = tuple
Rows = dict[Key, tuple]


def tiny_archive(folder: Path) -> Archive:
    """Two transitions, one of them revised with a site gone, and the sites' boards in between."""
    archive = Archive(folder)
    add_found(archive, FILE_05_2015, repeaters_file({"01AA00": (1000, 57)}), OLD)
    add_found(archive, FILE_05_2017, repeaters_file({"01AA00": (1000, 62), "02BB00": (1000, 62)}), FIRST)
    add_found(archive, FILE_SITES, address_file({"01AA00": ("00001", "Drenthe")}), SITES)
    add_found(archive, FILE_05_2017, repeaters_file({"01AA00": (10000, 623)}), REVISED)
    return archive


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of that archive."""
    folder = tmp_path_factory.mktemp("asof")
    with build_in(folder / "build", tiny_archive(folder / "archive")) as con:
        yield con


def known_on(con: duckdb.DuckDBPyConnection, day: date | str) -> Rows:
    """What was known on a day of all entities: key -> value, file and since when."""
    rows = rows_of(
        con,
        """SELECT indicator_id, method_version, entity_level, entity_id, period_start, period_end, breakdown,
               value, value_low, value_high, source_file_ids[1], source_lines, known_from
        FROM observations_as_of(?::DATE)""",
        str(day),
    )
    found = {row[:7]: row[7:] for row in rows}
    assert len(found) == len(rows), f"two versions of one value on {day}"
    return found


def changes(con: duckdb.DuckDBPyConnection, day: date) -> tuple[Rows, Rows]:
    """What ended on a day, and what began."""
    before, after = known_on(con, day - timedelta(1)), known_on(con, day)
    ended = {key: said for key, said in before.items() if after.get(key) != said}
    return ended, {key: said for key, said in after.items() if before.get(key) != said}


def file_known_on(con: duckdb.DuckDBPyConnection, day: date) -> str:
    """The one vintage that became known on a day."""
    ((file,),) = rows_of(con, "SELECT source_file_id FROM meta.source_file WHERE known_from = ?", day)
    return file


def test_a_vintage_changes_its_own_values_from_its_day(tiny: duckdb.DuckDBPyConnection) -> None:
    for day, period_end in ((OLD, date(2016, 10, 1)), (FIRST, date(2018, 10, 1)), (REVISED, date(2018, 10, 1))):
        ended, began = changes(tiny, day)
        file = file_known_on(tiny, day)
        assert began and {said[3] for said in began.values()} == {file}
        assert {said[5] for said in began.values()} == {day}
        assert {key[5] for key in began | ended} == {period_end}
        # All that it ended was said by the file before it; nothing else of that file is left.
        assert bool(ended) == (day == REVISED)
        assert not [said for said in known_on(tiny, day).values() if said[3] in {said[3] for said in ended.values()}]


def test_a_value_that_a_revision_no_longer_has_ends_with_it(tiny: duckdb.DuckDBPyConnection) -> None:
    def gone(rows: Rows) -> bool:
        return not any(key[3] == "02BB00" for key in rows)

    assert not gone(known_on(tiny, REVISED - timedelta(1)))
    assert gone(known_on(tiny, REVISED)) and gone(known_on(tiny, TODAY))


def test_an_address_file_makes_boards_known_and_touches_nothing_else(tiny: duckdb.DuckDBPyConnection) -> None:
    ended, began = changes(tiny, SITES)
    assert not ended
    assert {key[2:4] for key in began} == {("board", "00001")}
    assert {key[5] for key in began} == {date(2016, 10, 1), date(2018, 10, 1)}


def test_every_day_without_a_vintage_is_as_the_day_before(tiny: duckdb.DuckDBPyConnection) -> None:
    moments = {
        day
        for (day,) in rows_of(
            tiny, "SELECT known_from FROM goals.observation UNION SELECT known_to FROM goals.observation"
        )
    }
    for day in (date(2018, 1, 2), date(2019, 5, 31), date(2019, 6, 2), date(2020, 1, 2), date(2025, 6, 1)):
        assert day not in moments
        assert changes(tiny, day) == ({}, {})
    for day in sorted(moments - {None}):
        assert changes(tiny, day) != ({}, {}), day


def test_a_late_arrival_changes_the_past_between_its_day_and_the_next_vintage(
    tiny: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    archive = tiny_archive(tmp_path / "archive")
    late = add_found(archive, FILE_05_2017, repeaters_file({"01AA00": (1000, 61), "02BB00": (1000, 63)}), LATE)[:12]
    with build_in(tmp_path / "build", archive) as con:
        for day in (OLD, FIRST, LATE - timedelta(1)):
            assert known_on(con, day) == known_on(tiny, day)
        for day in (LATE, REVISED - timedelta(1)):
            assert known_on(con, day) != known_on(tiny, day)
            assert late in {said[3] for said in known_on(con, day).values()}
        for day in (REVISED, TODAY):
            assert known_on(con, day) == known_on(tiny, day)
        country = """SELECT value, known_from, known_to FROM history()
            WHERE indicator_id = 'g02_zittenblijf_pct' AND year = 2018
              AND method_version = 'bottom_up_incl_nieuwkomers' AND entity_level = 'national'
            ORDER BY known_from"""
        # The country's own share is the same in the late file: it is one observation, and stays known from the first.
        assert rows_of(con, country) == [(6.2, FIRST, REVISED), (6.23, REVISED, None)]
        site = """SELECT value, known_from, known_to FROM history()
            WHERE entity_id = '02BB00' AND indicator_id LIKE 'g02%' ORDER BY ALL"""
        assert rows_of(con, site) == [(6.2, FIRST, LATE), (6.3, LATE, REVISED)]


def test_revisions_tell_before_after_when_and_by_which_file(tiny: duckdb.DuckDBPyConnection) -> None:
    found = rows_of(
        tiny,
        """SELECT entity_level, value_before, value_after, round(change, 6), denominator_before, denominator_after,
            kind, revised_on, source_file_id_after
        FROM revisions
        WHERE indicator_id = 'g02_zittenblijf_pct' AND method_version LIKE 'bottom%'
          AND entity_level IN ('national', 'board')
        ORDER BY ALL""",
    )
    file = file_known_on(tiny, REVISED)
    assert found == [
        ("board", 6.2, 6.23, 0.03, 1000, 10000, "correction", REVISED, file),
        ("national", 6.2, 6.23, 0.03, 2000, 10000, "correction", REVISED, file),
    ]


def test_as_of_and_timeline_have_the_columns_that_analysts_were_promised(tiny: duckdb.DuckDBPyConnection) -> None:
    promised = [
        "goal_id",
        "indicator_id",
        "method_version",
        "breakdown",
        "year",
        "period_label",
        "period_start",
        "period_end",
        "value",
        "value_low",
        "value_high",
        "numerator",
        "denominator",
        "masked_cells",
        "unit",
        "status",
        "flags",
        "source",
        "known_from",
    ]
    for relation in ("timeline", "as_of(DATE '2020-12-31')"):
        columns = [name for name, *_ in rows_of(tiny, f"DESCRIBE FROM {relation}")]
        assert columns[: len(promised)] == promised, relation
    assert rows_of(tiny, f"FROM timeline EXCEPT FROM as_of(DATE '{TODAY}')") == []
    assert rows_of(tiny, f"FROM as_of(DATE '{TODAY}') EXCEPT FROM timeline") == []


def repetition(con: duckdb.DuckDBPyConnection, day: str) -> dict[int, float]:
    """The published repetition rate without newcomers by label year, as known on a day."""
    return dict(
        rows_of(
            con,
            """SELECT year, value FROM as_of(?::DATE) WHERE indicator_id = 'g02_zittenblijf_pct'
            AND method_version = 'excl_nieuwkomers' AND breakdown = 'total'""",
            day,
        )
    )


def test_the_snapshot_of_2020_does_not_know_what_was_published_later(tiny: duckdb.DuckDBPyConnection) -> None:
    in_2020, in_2021 = repetition(tiny, "2020-12-31"), repetition(tiny, "2021-12-31")
    assert in_2020[2019] == 6.3 and 2020 not in in_2020
    assert not {5.91, 3.32} & set(in_2020.values())
    assert (in_2021[2019], in_2021[2020]) == (5.91, 3.32)
    assert repetition(tiny, TODAY) == in_2021
    # Three official values for 2019 are on record.
    on_record = rows_of(
        tiny,
        """SELECT value FROM history()
        WHERE indicator_id = 'g02_zittenblijf_pct' AND method_version = 'excl_nieuwkomers' AND year = 2019
        ORDER BY value""",
    )
    assert on_record == [(5.91,), (6.03,), (6.3,)]


def test_the_register_of_unknown_date_is_known_today_and_in_no_retrospective(tiny: duckdb.DuckDBPyConnection) -> None:
    undated = {
        (line, entered)
        for line, entered in rows_of(
            tiny, "SELECT lines[1], entered_on FROM goals.published_value WHERE published_on IS NULL AND NOT derived"
        )
    }
    assert len(undated) > 20

    def shown(day: str) -> set[int]:
        return {said[4][0] for said in known_on(tiny, day).values() if said[4] and len(said[4]) == 1}

    first_entry = min(entered for _, entered in undated)
    assert shown(TODAY) >= {line for line, _ in undated}
    assert not shown(str(first_entry - timedelta(1))) & {line for line, _ in undated}
    assert shown("2020-12-31"), "what is dated is known"


FILE_07_2021 = "geslaagden,-gezakten-en-cijfers-2021-2022.csv"


@pytest.mark.parametrize(("found_07", "versions"), [(LATE, ["provisional", "final"]), (REVISED, ["final"])])
def test_the_provisional_file_never_replaces_the_definitive_one(tmp_path, found_07, versions):
    """File 07 is provisional, file 06 definitive: a copy of 07 that is found after 06 changes no pass rate."""
    archive = Archive(tmp_path / "archive")
    header = "INSTELLINGSCODE;VESTIGINGSCODE;ONDERWIJSTYPE VO;LEERWEG VMBO;EXAMENKANDIDATEN;GESLAAGDEN;GEZAKTEN"
    add_found(archive, FILE_07_2021, lines_of(header, ["01AA;01AA00;HAVO; ;100;80;20"]), found_07)
    groups = exam_cells((50, 45), (50, 45), (100, 90))
    add_found(archive, FILE_06_2019, exam_file([("01AA00", HAVO, groups)], "2021-2022"), SITES)
    with build_in(tmp_path / "build", archive) as con:
        found = rows_of(
            con,
            """SELECT status, value FROM history() WHERE entity_level = 'national' AND breakdown = 'total'
            AND indicator_id = 'g06_slaagpct' AND method_version = 'bottom_up' ORDER BY known_from""",
        )
    assert found == [(status, {"provisional": 80.0, "final": 90.0}[status]) for status in versions]
