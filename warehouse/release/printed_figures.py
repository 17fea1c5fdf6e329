"""Printed figures against everything that was ever known: those of a file, and those of the watch list of a data directory."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from schemas.errors import HandKeptFault
from schemas.hand_kept_csv import HandKeptRow, read_hand_kept

KEY = re.compile(r"([^:]+):([^:]+):([^:]+):([^:]+):(\d{4})@.+")
"""A citation key: indicator, method, breakdown, entity, year @ day."""
WATCH = "watch.csv"
"""The watch list in a data directory: figures that are checked after each refresh, in the form that `verify` reads."""
NAMES = {
    "indicator": ("indicator", "indicator_id"),
    "goal": ("goal", "goal_id"),
    "method": ("method", "method_version"),
    "breakdown": ("breakdown",),
    "entity": ("entity", "entity_id"),
    "year": ("year",),
    "key": ("citation_key", "key"),
}
"""What a column of a file of figures may be called; `value` with a year, or a column per year such as `2018`."""
HINT = (
    "give indicator (or goal), year and value, or a column per year; breakdown (total) and entity (NL) where they differ, and method; "
    "or a column key with citation keys"
)


@dataclass(frozen=True)
class Checked:
    """A printed figure and what became of it."""

    line: int
    indicator: str
    entity: str
    year: int
    printed: str
    verdict: str
    held_from: Any
    held_until: Any
    now: str
    source_now: str
    citation_key: str

    @property
    def holds(self) -> bool:
        """Does it hold now, or lie within the bounds that are known now?"""
        return self.verdict in ("holds", "within_bounds")


def check_file(con: duckdb.DuckDBPyConnection, file: Path, years: str = "2018-2020") -> list[Checked]:
    """Every figure of a file. `years` are those of the columns value_from and value_to. Raises HandKeptFault."""
    table = read_hand_kept(file)
    if table.faults:
        raise table.faults[0]
    checked = []
    for row in table.rows:
        if key := cell_of(row, "key"):
            checked.append(check_key(con, row, key))
        else:
            checked += [check(con, row, year, printed, table.decimal_comma) for year, printed in printed_in(row, years)]
    if not checked:
        raise HandKeptFault(file.name, 1, "", "figures", "none", HINT)
    return checked


def watched(con: duckdb.DuckDBPyConnection, root: Path) -> dict[str, Any]:
    """The watch list of a data directory: how many figures, those that do not hold now, and why it could not be read."""
    if not (root / WATCH).exists():
        return {"figures": 0, "moved": [], "fault": ""}
    try:
        checked = check_file(con, root / WATCH)
    except (HandKeptFault, OSError) as fault:
        return {"figures": 0, "moved": [], "fault": str(fault)}
    moved = json.loads(json.dumps([asdict(one) for one in checked if not one.holds], default=str))
    return {"figures": len(checked), "moved": moved, "fault": ""}


def moved_sentence(moved: dict[str, Any]) -> str:
    """What is said of a watched figure that does not hold."""
    what = moved["citation_key"] or f"{moved['indicator']} {moved['entity']} {moved['year']}"
    since = f"it held until {moved['held_until']}" if moved["verdict"] == "changed" else f"verdict {moved['verdict']}"
    return f"{WATCH}, line {moved['line']}, {what}: expected {moved['printed'] or 'a value'}, found {moved['now'] or 'none'}; {since}."


def printed_in(row: HandKeptRow, years: str) -> Iterator[tuple[int, str]]:
    """(year, printed value) for each figure on a row. Raises HandKeptFault for a value without a year."""
    first, _, last = years.partition("-")
    columns = {"value_from": first, "value_to": last} | {name: name for name in row.cells if name.strip().isdigit()}
    if row.get("value"):
        year = cell_of(row, "year")
        if not year.isdigit():
            raise row.fault("year", "a year such as 2018", HINT)
        yield int(year), row.get("value")
    for column, year in columns.items():
        if row.get(column) not in ("", "-"):
            yield int(year), row.get(column)


def cell_of(row: HandKeptRow, kind: str) -> str:
    """The cell of the first column that has one of the names of `kind`."""
    return next(filter(None, (row.get(name) for name in NAMES[kind])), "")


def check(con: duckdb.DuckDBPyConnection, row: HandKeptRow, year: int, printed: str, comma: bool) -> Checked:
    """One printed figure against everything that was ever known. Raises HandKeptFault."""
    # In a file of the Dutch notation a dot before three digits groups thousands.
    text = re.sub(r"\.(?=\d{3}\b)", "", printed).replace(",", ".") if comma else printed.replace(",", "")
    try:
        number = float(text)
    except ValueError:
        raise row.fault("value", "a number", f"write {printed!r} as a number") from None
    indicator, method, breakdown = (cell_of(row, kind) for kind in ("indicator", "method", "breakdown"))
    if not indicator:
        headline = con.execute(
            "SELECT headline_indicator_id, headline_method_version, headline_breakdown FROM goals.goal WHERE goal_id = $goal",
            {"goal": cell_of(row, "goal")},
        ).fetchone()
        if not headline or not headline[0]:
            raise row.fault("indicator", "an indicator, or a goal with one", HINT)
        indicator, method, breakdown = headline[0], method or headline[1], breakdown or headline[2]
    figure = (indicator, method or None, breakdown or "total", cell_of(row, "entity") or "NL", year)
    return compared(con, row.line, figure, printed, number, len(text.partition(".")[2]))


def check_key(con: duckdb.DuckDBPyConnection, row: HandKeptRow, key: str) -> Checked:
    """A figure by its citation key: does the value that it had then hold now? Raises HandKeptFault."""
    parts = KEY.fullmatch(key)
    if not parts:
        raise row.fault("key", "a citation key (indicator:method:breakdown:entity:year@day)", HINT)
    found = con.execute("SELECT value, value_low, value_high, is_current FROM cite($key)", {"key": key}).fetchone()
    value, low, high, current = found or (None, None, None, False)
    printed = f"{value:g}" if value is not None else f"{low:g} .. {high:g}" if low is not None else ""
    made = compared(con, row.line, (parts[1], parts[2], parts[3], parts[4], int(parts[5])), printed, value, 9)
    if value is None and found:  # Known by its bounds: it holds while they do.
        made = replace(made, verdict="holds" if current else "changed")
    return replace(made, citation_key=key)


def compared(
    con: duckdb.DuckDBPyConnection,
    line: int,
    figure: tuple[str, str | None, str, str, int],
    printed: str,
    number: float | None,
    decimals: int,
) -> Checked:
    """A number against everything that was known of a figure: (indicator, method, breakdown, entity, year)."""
    found = con.execute(
        "SELECT verdict, held_from, held_until, citation_key, values_now, low_now, high_now, sources_now FROM figure_check(?, ?, ?, ?, ?, ?, ?)",
        [*figure, number, decimals],
    ).fetchone()
    assert found is not None, "an aggregate without groups is one row"  # noqa: S101 - for mypy: an aggregate is one row
    verdict, since, until, key, values, lows, highs, sources = found
    now = "; ".join(
        f"{value:g}" if value is not None else f"{low:g} .. {high:g}"
        for value, low, high in zip(values or [], lows or [], highs or [], strict=True)
    )
    return Checked(
        line,
        figure[0],
        figure[3],
        figure[4],
        printed,
        verdict,
        since,
        until,
        now,
        "; ".join(dict.fromkeys(sources or [])),
        key or "",
    )
