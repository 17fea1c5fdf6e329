"""The warehouse is a fold over the archive: whatever order files come in, it says what a plain dictionary would say."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tiny_files import FILE_05_2017, FILE_05_2017_AGAIN, add_found, build_in, repeaters_file, rows_of
from warehouse.archive.store import Archive
from warehouse.build.build_warehouse import run_sql
from warehouse.release.content_hash import content_hash

START = date(2019, 1, 1)
PERIODS = {1: date(2017, 10, 1), 2: date(2018, 10, 1)}
DATASETS = {1: "provisional", 2: "final"}
"""Rank of a dataset -> the status of its values."""

Key = tuple[str, str, int, str]
"""Entity level, entity, period, breakdown."""
Content = tuple[int, int]
"""Numerator (of ten) and hidden cells."""


@dataclass(frozen=True)
class Arrival:
    """A file (or a file seen anew because its sites are better known) and what it says."""

    day: int
    rank: int
    file: int
    values: tuple[tuple[Key, Content], ...]

    @property
    def place(self) -> tuple[int, int, str]:
        """The order of the fold."""
        return self.day, self.rank, file_id(self.file)


def file_id(number: int) -> str:
    """The source_file_id of a made-up file."""
    return f"file{number}"


def naive_fold(arrivals: list[Arrival], scope_of) -> set[tuple]:
    """(key, content, rank, file, known from, known to) by the book: one dictionary, arrival by arrival."""
    found, current = set(), {}
    scopes = defaultdict(list)
    for arrival in sorted(arrivals, key=lambda one: one.place):
        told = defaultdict(dict)
        for key, content in arrival.values:
            told[scope_of(key)][key] = (content, arrival.rank)
        for scope, values in told.items():
            scopes[scope].append((arrival, values))
    for steps in scopes.values():
        current = {}
        for arrival, values in steps:
            for key in list(current):
                if values.get(key) != current[key][0]:
                    said, since = current.pop(key)
                    found.add((key, *said, *since, arrival.day))
            for key, said in values.items():
                current.setdefault(key, (said, (arrival.file, arrival.day)))
        found |= {(key, *said, *since, None) for key, (said, since) in current.items()}
    return found


@pytest.fixture(scope="module")
def stub() -> duckdb.DuckDBPyConnection:
    """Just enough tables for the fold's own SQL."""
    con = duckdb.connect()
    con.execute(
        """CREATE SCHEMA core; CREATE SCHEMA meta; CREATE SCHEMA goals;
        CREATE TABLE meta.edition AS SELECT 'mirror' AS edition;
        CREATE TABLE meta.dataset (dataset_id VARCHAR, status VARCHAR);
        CREATE TABLE meta.source_file AS
            SELECT 'file' || i AS source_file_id, 'f' AS file_name, 'p' AS publisher, false AS synthetic, 0 AS quarantined_lines
            FROM range(9) AS r(i);
        CREATE TABLE core.file_precedence (
            indicator_id VARCHAR, method_version VARCHAR, period_start DATE, period_end DATE, source_file_id VARCHAR,
            known_from DATE, sequence INTEGER);
        CREATE TABLE goals.indicator AS SELECT 'G02' AS goal_id, 'i' AS indicator_id, 'pct' AS unit;
        CREATE TABLE core.candidate (
            indicator_id VARCHAR, method_version VARCHAR, entity_level VARCHAR, entity_id VARCHAR, period_label VARCHAR,
            period_start DATE, period_end DATE, breakdown VARCHAR, source_file_id VARCHAR, known_from DATE,
            rank INTEGER, dataset_id VARCHAR, scale DOUBLE, is_ratio BOOLEAN, numerator DECIMAL(18,3),
            denominator DECIMAL(18,3), masked_cells BIGINT, masked_lines BIGINT, ratio_low DOUBLE, ratio_high DOUBLE);
        CREATE TABLE goals.published_value (
            indicator_id VARCHAR, method_version VARCHAR, entity_level VARCHAR, entity_id VARCHAR, period_label VARCHAR,
            period_start DATE, period_end DATE, breakdown VARCHAR, value DOUBLE, status VARCHAR, flags VARCHAR[],
            source_file_id VARCHAR, lines BIGINT[], known_from DATE, vintage_rank INTEGER, source_title VARCHAR)"""
    )
    con.executemany(
        "INSERT INTO meta.dataset VALUES (?, ?)", [[f"d{rank}", status] for rank, status in DATASETS.items()]
    )
    return con


def run_fold(con: duckdb.DuckDBPyConnection) -> None:
    """The warehouse's own script, on whatever the stub tables hold."""
    con.execute(
        "DROP TABLE IF EXISTS goals.observation; DROP TABLE IF EXISTS fold_input; DROP MACRO IF EXISTS value_of"
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE unit_to_fold AS SELECT indicator_id, method_version FROM core.candidate
        UNION SELECT indicator_id, method_version FROM goals.published_value"""
    )
    run_sql(con, "steps/50_fold.sql")


def candidate(arrival: Arrival, key: Key, content: Content) -> list:
    """A row of core.candidate: ten pupils; with hidden cells the ratio lies between a tenth less and a tenth more."""
    level, entity, period, breakdown = key
    numerator, masked = content
    low, high = ((numerator - 1) / 10, (numerator + 1) / 10) if masked else (None, None)
    start = PERIODS[period]
    return [
        *("i", "m", level, entity, f"period {period}", start, start + timedelta(365), breakdown),
        *(file_id(arrival.file), START + timedelta(arrival.day), arrival.rank, f"d{arrival.rank}", 100.0, True),
        *(numerator, 10, masked, masked, low, high),
    ]


def folded(con: duckdb.DuckDBPyConnection, arrivals: list[Arrival]) -> set[tuple]:
    """The observations that the fold makes of these arrivals, in the words of `naive_fold`."""
    con.execute("DELETE FROM core.candidate; DELETE FROM goals.published_value")
    rows = [candidate(arrival, *said) for arrival in arrivals for said in arrival.values]
    con.executemany(f"INSERT INTO core.candidate VALUES ({', '.join('?' * 20)})", rows)
    run_fold(con)
    found = rows_of(
        con,
        f"""SELECT entity_level, entity_id, right(period_label, 1)::INT, breakdown, status,
            coalesce(value, value_low + 10)::INT // 10, masked_cells, right(source_file_ids[1], 1)::INT,
            known_from - DATE '{START}', known_to - DATE '{START}', flags, denominator, value, value_low, value_high, numerator
        FROM goals.observation""",
    )
    ranks = {status: rank for rank, status in DATASETS.items()}
    for *_, numerator, masked, _, _, _, flags, whole, value, low, high, count in found:
        assert (flags, whole) == ((["masked"], None) if masked else ([], 10))
        if masked:
            assert (value, count, low, high) == (
                None,
                None,
                pytest.approx(10 * numerator - 10),
                pytest.approx(10 * numerator + 10),
            )
        else:
            assert (value, low, high, count) == (10 * numerator, 10 * numerator, 10 * numerator, numerator)
    told = {((*row[:4],), (row[5], row[6]), ranks[row[4]], row[7], row[8], row[9]) for row in found}
    assert len(told) == len(found), "the fold says something twice"
    return told


keys = st.tuples(
    st.sampled_from(["national", "board"]),
    st.sampled_from("AB"),
    st.sampled_from([1, 2]),
    st.sampled_from(["total", "x"]),
)
contents = st.tuples(st.integers(1, 3), st.sampled_from([0, 0, 1, 2]))
files_of_values = st.dictionaries(keys, contents, min_size=1, max_size=6).map(lambda told: tuple(sorted(told.items())))


@st.composite
def histories(draw: st.DrawFn) -> list[Arrival]:
    """New, revised, vanished and reappearing values, files that say the same again, several on a day; in any order."""
    sayings = draw(st.lists(files_of_values, min_size=1, max_size=3))
    arrivals = draw(
        st.lists(
            st.builds(Arrival, st.integers(0, 4), st.sampled_from([1, 2]), st.integers(0, 4), st.sampled_from(sayings)),
            min_size=1,
            max_size=7,
            unique_by=lambda arrival: arrival.place,
        )
    )
    # Beside whole files said again, small differences: one value revised, one gone.
    changed = []
    for arrival in arrivals:
        values = dict(arrival.values)
        if draw(st.booleans()):
            values[draw(keys)] = draw(contents)
        if len(values) > 1 and draw(st.booleans()):
            values.pop(draw(st.sampled_from(sorted(values))))
        changed.append(replace(arrival, values=tuple(sorted(values.items()))))
    return changed


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories())
def test_the_fold_is_what_a_dictionary_would_say(stub: duckdb.DuckDBPyConnection, arrivals: list[Arrival]) -> None:
    """A file replaces its whole series, period and kind of entity."""
    assert folded(stub, arrivals) == naive_fold(arrivals, scope_of=lambda key: (key[0], key[2]))


def test_arrivals_as_the_words_say_them(stub: duckdb.DuckDBPyConnection) -> None:
    """One small history by hand, which checks the dictionary too: new, again, revised, gone, back, same day."""
    total = ("national", "A", 1, "total")
    other = ("national", "B", 1, "total")
    history = [
        Arrival(0, 1, 1, ((total, (1, 0)), (other, (3, 0)))),
        Arrival(1, 1, 2, ((total, (1, 0)), (other, (3, 0)))),  # says the same: nothing new
        Arrival(2, 1, 3, ((total, (2, 0)),)),  # revised; the other is gone
        Arrival(3, 1, 1, ((other, (3, 0)), (total, (2, 0)))),  # the other is back
        Arrival(4, 1, 4, ((total, (3, 0)), (other, (3, 0)))),  # replaced on the day it came
        Arrival(4, 2, 4, ((total, (3, 0)), (other, (3, 0)))),  # the same figures, now final
    ]
    expected = {
        (total, (1, 0), 1, 1, 0, 2),
        (total, (2, 0), 1, 3, 2, 4),
        (total, (3, 0), 1, 4, 4, 4),
        (total, (3, 0), 2, 4, 4, None),
        (other, (3, 0), 1, 1, 0, 2),
        (other, (3, 0), 1, 1, 3, 4),
        (other, (3, 0), 2, 4, 4, None),
    }
    assert folded(stub, history[::-1]) == expected
    assert naive_fold(history, scope_of=lambda key: (key[0], key[2])) == expected


def test_a_file_without_a_value_for_a_kind_of_entity_ends_what_was_said_of_it(stub: duckdb.DuckDBPyConnection) -> None:
    """Such as a newer file that hides a cell without any bound: the country has no figure any more, one school has."""
    country, school = ("national", "NL", 1, "total"), ("school", "01AA", 1, "total")
    first = Arrival(0, 1, 1, ((country, (1, 0)), (school, (2, 0))))
    second = Arrival(3, 1, 2, ((school, (2, 0)),))
    rows = [
        ["i", "m", PERIODS[1], PERIODS[1] + timedelta(365), file_id(one.file), START + timedelta(one.day), one.rank]
        for one in (first, second)
    ]
    stub.executemany(f"INSERT INTO core.file_precedence VALUES ({', '.join('?' * 7)})", rows)
    found = folded(stub, [first, second])
    stub.execute("DELETE FROM core.file_precedence")
    assert found == {(country, (1, 0), 1, 1, 0, 3), (school, (2, 0), 1, 1, 0, None)}


def test_a_count_a_ratio_without_a_whole_and_bounds_that_are_rounded_outwards(stub: duckdb.DuckDBPyConnection) -> None:
    """A hidden cell is 1 to 4 in a count; a ratio of nothing is none; a third has six decimals below and above it."""
    arrival = Arrival(0, 1, 1, ())
    key, says = (
        ("national", "NL", 1),
        {"numerator": -6, "denominator": -5, "masked": -4, "low": -2, "high": -1, "ratio": -7},
    )
    wanted = {
        "count": {"ratio": False, "numerator": 7, "masked": 2},
        "plain count": {"ratio": False, "numerator": 7},
        "nothing": {"numerator": 0, "denominator": 0},
        "third": {"masked": 1, "low": 1 / 3, "high": 1 / 3},
        "rounded": {"low": 1 / 3, "high": 2 / 3},
    }
    stub.execute(
        "DELETE FROM core.candidate; DELETE FROM goals.published_value; UPDATE meta.source_file SET quarantined_lines = 1"
    )
    for breakdown, changes in wanted.items():
        row = candidate(arrival, (*key, breakdown), (5, 0))
        for name, value in changes.items():
            row[says[name]] = value
        stub.execute(f"INSERT INTO core.candidate VALUES ({', '.join('?' * 20)})", row)
    run_fold(stub)
    stub.execute("UPDATE meta.source_file SET quarantined_lines = 0")
    found = rows_of(
        stub, "SELECT breakdown, value, value_low, value_high, numerator, denominator, flags FROM goals.observation"
    )
    rejected = "rows_quarantined"
    assert {row[0]: row[1:] for row in found} == {
        "count": (None, 9, 15, None, None, ["masked", rejected]),
        "plain count": (7, 7, 7, 7, None, [rejected]),
        "nothing": (None, None, None, 0, 0, [rejected]),
        "third": (None, 33.333333, 33.333334, None, None, ["masked", rejected]),
        "rounded": (50, 33.333333, 66.666667, 5, 10, [rejected]),
    }


def test_a_value_of_the_register_replaces_only_itself(stub: duckdb.DuckDBPyConnection) -> None:
    stub.execute("DELETE FROM core.candidate; DELETE FROM goals.published_value")
    rows = [
        ("total", 6.3, 3, 0, 2),
        ("total", 6.03, 2, 0, 1),
        ("total", 5.91, 4, 5, 3),
        ("x", 1.5, 5, 1, 1),
        ("y", 2.5, 6, 2, 1),
    ]
    for breakdown, value, line, day, rank in rows:
        known = START + timedelta(day)
        row = ["i", "gepubliceerd", "national", "NL", "p", PERIODS[1], PERIODS[2], breakdown, value, "final", []]
        stub.execute(
            f"INSERT INTO goals.published_value VALUES ({', '.join('?' * 16)})",
            [*row, "register/published_value", [line], known, rank, "t"],
        )
    stub.execute(
        "INSERT INTO meta.source_file VALUES ('register/published_value', 'published_value.csv', 'register', false, 0)"
    )
    run_fold(stub)
    found = rows_of(
        stub,
        f"""SELECT breakdown, value, known_from - DATE '{START}', known_to - DATE '{START}', source_lines
        FROM goals.observation ORDER BY breakdown, known_from, value""",
    )
    assert found == [
        ("total", 6.03, 0, 0, [2]),
        ("total", 6.3, 0, 5, [3]),
        ("total", 5.91, 5, None, [4]),
        ("x", 1.5, 1, None, [5]),
        ("y", 2.5, 2, None, [6]),
    ]


SITES = ("01AA00", "01AA01", "02BB00")


@dataclass(frozen=True)
class Finding:
    """A copy of file 05 found somewhere on a day: repeaters per site, of a thousand pupils each."""

    day: int
    name: str
    repeaters: tuple[tuple[str, int], ...]

    @property
    def text(self) -> str:
        """The file."""
        return repeaters_file({site: (1000, count) for site, count in self.repeaters})


def random_findings(dice: Random) -> list[Finding]:
    """A dozen findings of few distinct contents: revised, late, with a site gone, the same bytes under another name.

    No content stands twice at one address: what comes back is in tests/integration/test_returns.py.
    """
    contents = [
        tuple((site, dice.randint(5, 9)) for site in SITES if site == SITES[0] or dice.random() < 0.7) for _ in range(5)
    ]
    names = (FILE_05_2017, FILE_05_2017_AGAIN)
    found = [Finding(dice.randint(0, 6), dice.choice(names), dice.choice(contents)) for _ in range(12)]
    return list({(one.name, one.repeaters): one for one in found}.values())


def naive_observations(findings: list[Finding]) -> set[tuple]:
    """(level, entity, numerator, denominator, known from, known to) of what the archive says, with a dictionary."""
    known: dict[str, int] = {}
    told = {}
    for one in findings:
        sha = hashlib.sha256(one.text.encode()).hexdigest()
        known[sha] = min(one.day, known.get(sha, one.day))
        told[sha] = dict(one.repeaters)
    current, found = {}, set()
    for sha in sorted(known, key=lambda sha: (known[sha], sha)):
        sums: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
        for site, count in told[sha].items():
            for key in (("national", "NL"), ("province", "Utrecht"), ("school", site[:4]), ("vestiging", site)):
                sums[key] = sums[key][0] + count, sums[key][1] + 1000
        for key in set(current) - {key for key in sums if sums[key] == current.get(key, (None,))[0]}:
            counts, since = current.pop(key)
            found.add((*key, *counts, since, known[sha]))
        for key, counts in sums.items():
            current.setdefault(key, (counts, known[sha]))
    return found | {(*key, *counts, since, None) for key, (counts, since) in current.items()}


@pytest.mark.parametrize("seed", range(2))
def test_a_whole_build_is_the_sorted_fold_of_its_findings(seed: int) -> None:
    """Random arrivals into the archive in random order: the same observations, the same hash."""
    dice = Random(seed)
    findings = random_findings(dice)
    hashes = set()
    with TemporaryDirectory() as folder:
        for attempt in ("sorted", "shuffled"):
            archive = Archive(Path(folder) / f"archive-{attempt}")
            order = (
                sorted(findings, key=lambda one: one.day)
                if attempt == "sorted"
                else dice.sample(findings, len(findings))
            )
            for one in order:
                add_found(archive, one.name, one.text, START + timedelta(one.day))
            with build_in(Path(folder) / attempt, archive) as con:
                hashes.add(content_hash(con))
                found = rows_of(
                    con,
                    f"""SELECT entity_level, entity_id, numerator::INT, denominator::INT,
                        known_from - DATE '{START}', known_to - DATE '{START}'
                    FROM goals.observation WHERE indicator_id = 'g02_zittenblijf_pct'
                      AND method_version = 'bottom_up_incl_nieuwkomers'""",
                )
                assert len(found) == len(set(found))
                assert set(found) == naive_observations(findings)
    assert len(hashes) == 1
