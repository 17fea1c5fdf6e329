"""What a board page shows: its schools, its figures on a constant composition, and its place among the boards."""

from bisect import bisect_left
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

import duckdb

from warehouse.report.model import Both, WrittenOnce, both, records

SERIES = """
SELECT o.indicator_id, o.method_version, o.year, count(*) AS boards, count(o.value) AS exact
FROM goals.observation AS o JOIN goals.method AS method USING (indicator_id, method_version)
WHERE o.entity_level = 'board' AND o.breakdown = 'total' AND o.known_to IS NULL AND method.origin = 'bottom_up'
  AND o.year <= agreement_last_year()
GROUP BY ALL ORDER BY ALL"""
SCHOOLS = "FROM schools WHERE board_id IS NOT NULL ORDER BY board_id, name, school_id"
VALUES = """
SELECT indicator_id, method_version, entity_id, year, value, value_low, value_high, denominator, flags
FROM goals.observation
WHERE entity_level = $level AND breakdown = 'total' AND known_to IS NULL AND value_low IS NOT NULL"""
BETWEEN = "FROM goals.boards_between($start, $end, 'total') WHERE list_contains($names, indicator_id)"
NAMES = """
SELECT board_id, arg_max(name, (rank, known_from, state))
FROM (
    SELECT board_id, name, source_file_id, 1 AS rank, NULL::DATE AS state FROM core.duo_bevoegde_gezagen
    UNION ALL
    SELECT board_id, name, source_file_id, 0 AS rank, period_end AS state FROM core.duo_balans
) JOIN meta.source_file USING (source_file_id)
WHERE name IS NOT NULL
GROUP BY board_id"""
LISTED = ("g08_leerlingen_n", "g02_zittenblijf_pct", "g06_slaagpct")


@dataclass(frozen=True)
class Measure:
    """One indicator added up from schools or boards, and the two label years that are compared."""

    indicator_id: str
    method_version: str
    goal_id: str
    name: Both
    unit: str
    decimals: int
    start: int | None
    end: int

    @property
    def key(self) -> tuple[str, str]:
        """The series that it is."""
        return self.indicator_id, self.method_version


@dataclass(frozen=True)
class Position:
    """Where a value lies among all boards: quantiles, rank from low to high, number of boards."""

    quantiles: tuple[float, ...]
    """Minimum, 10, 25, 50, 75 and 90 percent, maximum."""
    rank: int
    boards: int

    def position(self, value: float) -> float:
        """0 to 100 on the drawn scale."""
        bottom, top = self.quantiles[0], self.quantiles[-1]
        return 50 if top == bottom else max(0, min(100, 100 * (value - bottom) / (top - bottom)))


@dataclass(repr=False)
class Board(WrittenOnce):
    """One school board."""

    board_id: str
    name: str | None
    """Its newest name, None where no file has one."""
    schools: list[dict[str, Any]] = field(default_factory=list)
    lines: list[tuple[Measure, dict[str, Any], Position | None]] = field(default_factory=list)
    values: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """(school or board, indicator) -> value, bounds and denominator, in the last year of the listed measures."""
    of_school: dict[str, list[tuple[Measure, dict[str, Any] | None, dict[str, Any]]]] = field(
        default_factory=dict, repr=False
    )
    """School -> each measure that it has a value of in the last year: that value, and before it the one of the first year.

    Shown on the pages of schools only, so no part of what other pages are made from."""

    @property
    def file(self) -> str:
        """Name of its page, the same in both languages."""
        return f"board-{self.board_id}.html"

    @property
    def named(self) -> dict[str, str | None]:
        """What another page says of it."""
        return {"board_id": self.board_id, "name": self.name, "file": self.file}

    @property
    def provinces(self) -> list[str]:
        """Provinces of its schools."""
        return sorted({school["province"] for school in self.schools if school["province"]})

    @property
    def municipalities(self) -> list[str]:
        """Municipalities of its schools."""
        return sorted({school["municipality"] for school in self.schools if school["municipality"]})


def board_names(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Board number -> its newest name, from the file of school boards, or else from the balance file."""
    return dict(con.execute(NAMES).fetchall())


def load_measures(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """Which years to compare: the last up to 2020 in which most boards have an exact value, against the last up to 2018."""
    indicators = {row["indicator_id"]: row for row in records(con, "FROM goals.indicator")}
    counts: dict[tuple[str, str], dict[int, bool]] = {}
    for row in records(con, SERIES):
        mostly = 2 * row["exact"] >= row["boards"]
        counts.setdefault((row["indicator_id"], row["method_version"]), {})[row["year"]] = mostly
    found = []
    for (name, method), years in counts.items():
        exact = [year for year, mostly in years.items() if mostly] or list(years)
        end = exact[-1]
        before = [year for year in exact if year < end]
        start = next((year for year in reversed(before) if year <= 2018), before[0] if before else None)
        row = indicators[name]
        found.append(Measure(name, method, row["goal_id"], both(row, "name"), row["unit"], row["decimals"], start, end))
    return sorted(found, key=lambda one: (one.goal_id, one.indicator_id, one.method_version))


def load_boards(con: duckdb.DuckDBPyConnection) -> tuple[list[Board], list[Measure]]:
    """Every board that holds a school now, with its figures; and the measures that stand in lists of boards and schools."""
    boards: dict[str, Board] = {}
    names = board_names(con)
    for school in records(con, SCHOOLS):
        name = school["board_id"]
        boards.setdefault(name, Board(name, names.get(name))).schools.append(school)
    measures = load_measures(con)
    for start, end in sorted({(one.start or one.end, one.end) for one in measures}):
        of_these = [one for one in measures if (one.start or one.end, one.end) == (start, end)]
        rows = records(con, BETWEEN, start=start, end=end, names=[one.indicator_id for one in of_these])
        for measure in of_these:
            add_lines(boards, measure, rows)
    for board in boards.values():
        board.lines.sort(key=lambda line: measures.index(line[0]))
    listed = [one for name in LISTED for one in measures if one.indicator_id == name]
    add_values(con, boards, measures, listed)
    return sorted(
        boards.values(), key=lambda board: (board.name is None, (board.name or board.board_id).casefold())
    ), listed


def add_lines(boards: dict[str, Board], measure: Measure, rows: list[dict[str, Any]]) -> None:
    """Give every board its line of a measure, with its place among all boards that have an exact value."""
    mine = [
        row
        for row in rows
        if row["indicator_id"] == measure.indicator_id and row["method_version"] == measure.method_version
    ]
    values = sorted(row["value_to"] for row in mine if row["value_to"] is not None)
    marks = spread_of(values)
    for row in mine:
        if row["board_id"] in boards and row["value_to_low"] is not None:
            place = None
            if row["value_to"] is not None and marks:
                place = Position(marks, bisect_left(values, row["value_to"]) + 1, len(values))
            boards[row["board_id"]].lines.append((measure, row, place))


def spread_of(values: list[float]) -> tuple[float, ...] | None:
    """The marks of the spread, of five boards or more."""
    if len(values) < 5:
        return None
    cuts = quantiles(values, n=20, method="inclusive")
    return (values[0], cuts[1], cuts[4], cuts[9], cuts[14], cuts[17], values[-1])


def add_values(
    con: duckdb.DuckDBPyConnection, boards: dict[str, Board], measures: list[Measure], listed: list[Measure]
) -> None:
    """Values of single schools and boards in the two years of a measure; hidden ones keep their bounds.

    Each line of a board also says how many pupils or candidates its last value rests on, where that is known of all its schools."""
    of_level = {
        level: {
            (row["indicator_id"], row["method_version"], row["entity_id"], row["year"]): row
            for row in records(con, VALUES, level=level)
        }
        for level in ("school", "board")
    }
    found = of_level["school"]
    for board in boards.values():
        for measure in listed:
            if row := of_level["board"].get((*measure.key, board.board_id, measure.end)):
                board.values[board.board_id, measure.indicator_id] = row
        for school in (one["school_id"] for one in board.schools):
            for measure in measures:
                if row := found.get((*measure.key, school, measure.end)):
                    before = found.get((*measure.key, school, measure.start))
                    board.of_school.setdefault(school, []).append((measure, before, row))
                    if measure in listed:
                        board.values[school, measure.indicator_id] = row
        for measure, line, _ in board.lines:
            counts = [found.get((*measure.key, school, measure.end)) for school in line["school_ids_to"]]
            known = [row["denominator"] for row in counts if row]
            line["n_to"] = sum(known) if counts and len(known) == len(counts) and None not in known else None
