"""The main job on the real files: the figures that must come out, and the laws at full size.

The expected figures are those of the publishers' own files and pages as told in the docstrings; nothing here is tuned.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.integration.test_explain import KEY, lines_outside_their_file, unexplained
from tests.integration.test_progress import unreasoned
from tests.tiny_files import add_manifest, build_in, rows_of
from warehouse.archive.store import Archive
from warehouse.build.audits import run_audits
from warehouse.release.content_hash import content_hash

pytestmark = pytest.mark.mirror


@pytest.fixture(scope="module")
def mirror_folder(shared_mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the archive of all real files."""
    folder = tmp_path_factory.mktemp("mirror")
    assert (
        add_manifest(Archive(folder / "archive"), shared_mirror, shared_mirror.parent / "manifest.csv", "mirror") >= 15
    )
    return folder


@pytest.fixture(scope="module")
def mirror(mirror_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """One build, for all tests here."""
    with build_in(mirror_folder / "build", Archive(mirror_folder / "archive")) as con:
        yield con


def national(con: duckdb.DuckDBPyConnection, indicator: str, method: str, columns: str) -> dict[str, tuple]:
    """Period label -> columns of the country's total."""
    rows = rows_of(
        con,
        f"""SELECT period_label, {columns} FROM timeline
        WHERE indicator_id = ? AND method_version = ? AND breakdown = 'total' ORDER BY period_end""",
        indicator,
        method,
    )
    return {label: tuple(rest) for label, *rest in rows}


def test_pass_rates_of_the_open_years(mirror: duckdb.DuckDBPyConnection) -> None:
    """All levels, from DUO 06 of 2014-2019 and, for 2018-2019, the same counts in DUO 07."""
    found = national(mirror, "g06_slaagpct", "bottom_up", "round(value, 2)")
    expected = {"2014-2015": 92.54, "2015-2016": 92.66, "2016-2017": 91.94, "2017-2018": 91.86, "2018-2019": 92.03}
    assert {label: value for label, (value,) in found.items() if label in expected} == expected


def test_grade_repetition_as_each_vintage_had_it(mirror: duckdb.DuckDBPyConnection) -> None:
    """The published series of G02: 2018 stood at 5.7 at the end of 2020, 2019 at 6.03, 6.3 and 5.91, and 2020 at 3.32."""
    found = rows_of(
        mirror,
        """SELECT year(period_end), vintage, value FROM vintage_table('g02_zittenblijf_pct')
        WHERE method_version = 'excl_nieuwkomers' AND breakdown = 'total'""",
    )
    cells = {(year, vintage): value for year, vintage, value in found}
    assert (cells[2018, "2020-12-31"], cells[2020, "2021-05-19"]) == (5.7, 3.32)
    assert [cells[2019, day] for day in ("2020-09-15", "2020-12-31", "2021-05-19")] == [6.03, 6.3, 5.91]


PROFILES = {
    "g02_zittenblijf_pct": ("excl_nieuwkomers", 8, 4, 4, 0.035),
    "g06_slaagpct": ("bottom_up", 60, 12, 6, 0.00084),
}
"""Indicator -> method, cells, revised, moved, mean absolute revision. For G02 |5.15 - 5.16|, |5.71 - 5.72|, |5.91 - 6.03| and none for
2015-2016, whose first value came back; for G06 two files of one exam year differ in the third decimal."""


@pytest.mark.parametrize("indicator", PROFILES)
def test_how_much_the_country_was_revised(mirror: duckdb.DuckDBPyConnection, indicator: str) -> None:
    method, *counts, mean = PROFILES[indicator]
    ((*found, size),) = rows_of(
        mirror,
        """SELECT cells, revised, moved, mean_absolute_revision FROM revision_profile
        WHERE entity_level = 'national' AND indicator_id = ? AND method_version = ?""",
        indicator,
        method,
    )
    assert found == counts and size == pytest.approx(mean, rel=0.01)


BOUNDS = {"2019-2020": (98.716, 98.774, 98.8), "2020-2021": (94.751, 94.985, 94.9), "2022-2023": (89.222, 89.698, None)}
"""School year -> the widest bounds that will do, and the rate the ministry published (to one decimal)."""


@pytest.mark.parametrize("label", BOUNDS)
def test_pass_rates_of_masked_years_are_bounds(mirror: duckdb.DuckDBPyConnection, label: str) -> None:
    value, low, high, masked = national(
        mirror, "g06_slaagpct", "bottom_up", "value, value_low, value_high, masked_cells"
    )[label]
    widest_low, widest_high, published = BOUNDS[label]
    assert value is None and masked > 0
    assert widest_low - 0.0005 <= low < high <= widest_high + 0.0005
    if published:
        assert low <= published + 0.05 and high >= published - 0.05


def test_masked_pass_rate_is_never_the_naive_point(mirror: duckdb.DuckDBPyConnection) -> None:
    """98.70 would leave the small groups out, which all passed more often."""
    _, low, _ = national(mirror, "g06_slaagpct", "bottom_up", "value, value_low, value_high")["2019-2020"]
    assert low > 98.705


def test_grade_repetition_by_the_old_method(mirror: duckdb.DuckDBPyConnection) -> None:
    found = national(
        mirror, "g02_zittenblijf_pct", "bottom_up_incl_nieuwkomers", "numerator, denominator, round(value, 3)"
    )
    assert found == {
        "2015-2016 -> 2016-2017": (55_659, 972_204, 5.725),
        "2017-2018 -> 2018-2019": (59_960, 962_015, 6.233),
    }


def test_numbers_of_pupils(mirror: duckdb.DuckDBPyConnection) -> None:
    found = national(mirror, "g08_leerlingen_n", "bottom_up_bestand_01", "value, period_start::VARCHAR")
    assert set(found.values()) == {(992_195, "2017-10-01"), (956_857, "2019-10-01")}


def test_progress_has_a_row_for_each_goal(mirror: duckdb.DuckDBPyConnection) -> None:
    rows = rows_of(
        mirror, "SELECT goal_id, type, status, flags, evidence_count, value_from, value_to FROM progress(2018, 2020)"
    )
    assert [row[0] for row in rows] == [f"G{number:02d}" for number in range(1, 16)]
    for goal, kind, status, flags, evidence, value_from, value_to in rows:
        assert status is not None
        assert evidence > 0 or value_from is not None or value_to is not None, goal
        if kind == "proxy":
            assert status not in ("target_met", "not_met", "met_before_period"), f"{goal}: a proxy never judges alone"
            assert "proxy" in flags or (value_from is None and value_to is None), goal
    assert sum(row[4] for row in rows) > 0


def test_progress_of_the_goals_with_a_target(mirror: duckdb.DuckDBPyConnection) -> None:
    """Baselines, targets and values as in the ministry's dashboard and letters to parliament; paths are straight."""
    found = {
        row[0]: row[1:]
        for row in rows_of(
            mirror,
            """SELECT goal_id, baseline_value, target_value, path_from, path_to, value_from, value_to,
                share_of_distance, status, flags
            FROM progress(2018, 2020) WHERE goal_id IN ('G02', 'G03', 'G09', 'G10')""",
        )
    }
    base, target, path_from, path_to, value_from, value_to, share, status, flags = found["G02"]
    assert (base, target, value_from, value_to, path_to) == (5.8, 3.8, 5.71, 3.32, 3.8)
    assert path_from == pytest.approx(5.8 - 2 * 5 / 7)
    assert share == pytest.approx(1.24)
    assert status == "target_met_not_interpretable" and {"covid", "definition_break", "not_interpretable"} <= set(flags)
    base, target, *_, value_from, value_to, share, status, flags = found["G03"]
    assert (base, target, value_from, value_to, status) == (3254, 0, 4479, 4921, "not_met")
    assert share == pytest.approx((3254 - 4921) / 3254) and {"covid", "derived", "scope_all_children"} <= set(flags)
    base, target, *_, value_from, value_to, share, status, flags = found["G09"]
    assert (base, target, value_from, value_to) == (6009, 8209, 9268, 10286) or (
        base,
        target,
        value_from,
        value_to,
    ) == (6009, 8209, 9052, 10286)
    assert share == pytest.approx((6009 - 10286) / (6009 - 8209)) and "provisional" in flags
    base, target, *_, value_from, value_to, share, status, flags = found["G10"]
    assert (base, target, value_from, value_to) == (87, 100, 86, 89) and share == pytest.approx(2 / 13)
    assert "survey" in flags


def test_progress_leads_with_files_where_they_reconcile(mirror: duckdb.DuckDBPyConnection) -> None:
    """Exams add up to the published 91.9 and around 98.8; solvency of 2020 is published only and its twin agrees until 2019."""
    query = """SELECT value_basis, round(value_from, 3), round(value_to, 3), reconciles, reconciled_years, check_method_version
        FROM progress(?, ?) WHERE goal_id = ?"""
    exams = rows_of(mirror, query, 2018, 2020, "G06")[0]
    assert exams == ("bottom_up", 91.863, None, True, [2016, 2017, 2018, 2019, 2020, 2021], "gepubliceerd")
    bounds = "SELECT value_to_low, value_to_high, change_low, change_high, missing_reason FROM progress(2018, 2020) WHERE goal_id = 'G06'"
    low, high, least, most, reason = rows_of(mirror, bounds)[0]
    assert 98.72 < low < high < 98.78 and 6.85 < least < most < 6.92 and reason == "masked"
    published = ("published", 0.618, 0.594, True, [2017, 2018, 2019], "bottom_up_balans")
    assert rows_of(mirror, query, 2018, 2020, "G13") == [published]
    assert rows_of(mirror, query, 2017, 2019, "G13")[0][:4] == ("bottom_up", 0.623, 0.613, True)
    others = rows_of(mirror, "SELECT value_from, value_to FROM progress(2018, 2020) WHERE goal_id IN ('G10', 'G11')")
    assert others == [(86.0, 89.0), (4.1, 3.7)]
    lines = rows_of(mirror, "SELECT source_files, source_lines FROM progress(2018, 2020) WHERE goal_id = 'G06'")
    behind = """SELECT sum(len(lines)) FROM explain('G06', 'g06_slaagpct', 'NL', ?, DATE '2026-12-31')
        WHERE method_version = 'bottom_up' AND breakdown = 'total'"""
    assert lines == [(2, rows_of(mirror, behind, 2018)[0][0] + rows_of(mirror, behind, 2020)[0][0])]


def test_no_empty_cell_of_the_real_files_is_without_a_reason(mirror: duckdb.DuckDBPyConnection) -> None:
    assert unreasoned(mirror) == {}


def test_each_day_of_new_knowledge_is_due_to_its_vintages(mirror: duckdb.DuckDBPyConnection) -> None:
    """The country before and after each day on which something became known: what begins, that day's sources say."""
    days = [
        day for (day,) in rows_of(mirror, "SELECT DISTINCT known_from FROM history() WHERE entity_level = 'national'")
    ]
    assert len(days) > 10
    for day in days:
        before, after = (
            {
                (row[1:4], row[6]): row
                for row in rows_of(
                    mirror, "SELECT * EXCLUDE (flags, obs_status, conf_status, missing_reason) FROM as_of(?)", one
                )
            }
            for one in (day - timedelta(1), day)
        )
        began = [row for key, row in after.items() if before.get(key) != row]
        assert began and {row[-3] for row in began} == {day}
        assert before.keys() <= after.keys(), f"the country lost a value on {day}"


def test_before_the_exams_of_2020_were_known_they_are_not_there(mirror: duckdb.DuckDBPyConnection) -> None:
    """The copy of DUO 06 with 2019-2020 was taken in 2026: it is not shown as knowledge of 2020."""
    ((taken,),) = rows_of(
        mirror,
        "SELECT known_from FROM meta.source_file WHERE file_name = 'examenkandidaten-en-geslaagden-2019-2024.csv'",
    )
    years = "SELECT max(year) FROM as_of(?) WHERE method_version = 'bottom_up' AND indicator_id = 'g06_slaagpct'"
    assert taken == date(2026, 1, 31)
    assert rows_of(mirror, years, taken - timedelta(1)) == [(2019,)]
    assert rows_of(mirror, years, taken) == [(2024,)]


def test_no_line_is_lost_and_all_audits_pass(mirror: duckdb.DuckDBPyConnection) -> None:
    """Law 1 at full size, counted from the core tables themselves."""
    files = rows_of(
        mirror,
        "SELECT dataset_id, source_file_id, file_name, data_lines FROM meta.source_file WHERE dataset_id <> 'register'",
    )
    assert len(files) >= 15
    for dataset, file_id, name, lines in files:
        ((core,),) = rows_of(
            mirror, f"SELECT count(DISTINCT line) FROM core.{dataset} WHERE source_file_id = ?", file_id
        )
        ((aside,),) = rows_of(
            mirror, "SELECT count(DISTINCT line) FROM meta.quarantine WHERE source_file_id = ?", file_id
        )
        assert core + aside == lines > 0, name
    run_audits(mirror)


def test_every_value_is_explained(mirror: duckdb.DuckDBPyConnection) -> None:
    assert unexplained(mirror) == []
    assert lines_outside_their_file(mirror) == []
    ((explained,),) = rows_of(mirror, "SELECT count(*) FROM explained")
    assert explained > 100_000
    never_shown = rows_of(mirror, f"SELECT {KEY} FROM goals.observation WHERE known_to = known_from")
    assert len(never_shown) < 10


def test_the_country_is_explained_by_all_lines_with_candidates(mirror: duckdb.DuckDBPyConnection) -> None:
    asked = """SELECT lines FROM explain('G06', 'g06_slaagpct', ?, '2019-2020', DATE '2026-12-31')
        WHERE method_version = 'bottom_up' AND breakdown = 'total'"""
    core = """SELECT list(DISTINCT line ORDER BY line) FROM core.duo_06_examens
        WHERE period_label = '2019-2020' AND (candidates_n > 0 OR list_contains(masked, 'candidates_n'))"""
    assert rows_of(mirror, asked, "NL") == rows_of(mirror, core)
    assert rows_of(mirror, asked, "00AH00") == rows_of(mirror, f"{core} AND vestiging_id = '00AH00'")


SINGLE_LINES = """
SELECT o.entity_id, o.period_label, o.breakdown, o.value_low, o.value_high,
       any_value(line.candidates_n) AS candidates, any_value(line.passed_n) AS passed
FROM goals.observation AS o
JOIN core.contribution
  ON contribution.vestiging_id = o.entity_id AND contribution.period_start = o.period_start AND contribution.breakdown = o.breakdown
 AND contribution.source_file_id = o.source_file_ids[1] AND contribution.indicator_id = o.indicator_id
JOIN core.duo_06_examens AS line
  ON line.source_file_id = contribution.source_file_id AND line.line = contribution.line AND line.period_start = contribution.period_start
WHERE o.entity_level = 'vestiging' AND o.masked_cells > 0 AND o.breakdown <> 'total' AND o.indicator_id = 'g06_slaagpct'
GROUP BY ALL HAVING count(*) = 1"""


def test_a_site_with_one_masked_line_shows_no_more_than_the_mask(mirror: duckdb.DuckDBPyConnection) -> None:
    """A hidden count may be any of 1 to 4 (no more than the candidates), whatever percentage is printed beside it."""
    rows = rows_of(mirror, SINGLE_LINES)
    assert len(rows) > 100
    for site, period, level, low, high, candidates, passed in rows:
        # At the extremes of the masks: nobody passed, or 1 of the candidates and 4 of them.
        lowest = 0 if passed == 0 else 100 / (candidates or 4)
        highest = 0 if passed == 0 else 100 * min(4, candidates or 4) / (candidates or 4)
        assert (low, high) == (pytest.approx(lowest, abs=2e-6), pytest.approx(highest, abs=2e-6)), (site, period, level)


def test_boards_and_provinces_have_bounds_too(mirror: duckdb.DuckDBPyConnection) -> None:
    found = dict(
        rows_of(
            mirror,
            """SELECT entity_level, count(*) FROM goals.observation
            WHERE indicator_id = 'g06_slaagpct' AND masked_cells > 0 AND breakdown = 'total'
              AND value IS NULL AND value_low <= value_high
            GROUP BY ALL""",
        )
    )
    assert found["province"] == 60 and found["board"] > 1000


def test_a_rebuild_gives_the_same_hash(
    mirror: duckdb.DuckDBPyConnection, mirror_folder: Path, shared_mirror: Path
) -> None:
    """Law 2: from an archive whose files were added backwards."""
    backwards = Archive(mirror_folder / "backwards-archive")
    add_manifest(backwards, shared_mirror, shared_mirror.parent / "manifest.csv", "mirror", backwards=True)
    with build_in(mirror_folder / "backwards", backwards) as con:
        assert content_hash(con) == content_hash(mirror)
