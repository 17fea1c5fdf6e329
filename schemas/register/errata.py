"""Our own errors: cells of the register that were wrong in a release, with what stood there before and after.

What a past day answers rests on the register as it is now. So a row that a release has held changes its value or its day only
together with a row of `errata.csv`, and a row of that file is never changed or taken out. The day of a row is written as the
column `known_from` (see `known_from` in `schemas.register.tables`); a row that was taken out has none any more: `after` is empty.
"""

from collections.abc import Iterator
from numbers import Real
from typing import Any, NamedTuple

import pandas as pd
import pandera.pandas as pa

from schemas.register.fields import choice, code, day, text
from schemas.register.tables import NAME, Day, Table, Text, _period_in_order, known_from

DAY = "known_from"


class Released(NamedTuple):
    """What of a table's rows stands once a release has held it: its key, and the columns that say what or when."""

    key: tuple[str, ...]
    columns: tuple[str, ...]


_SERIES = ("indicator_id", "method_version", "breakdown", "entity_level", "entity_id", "period_start", "period_end")
RELEASED = {
    "published_value": Released(("value_id",), (*_SERIES, "value", "status", "vintage_rank", DAY)),
    "target": Released(
        ("indicator_id", "breakdown"),
        ("baseline_period_end", "baseline_value", "target_period_end", "target_value", "target_value_high", DAY),
    ),
    "break": Released(
        ("break_id",),
        ("goal_id", "indicator_id", "method_version", "period_end_from", "period_end_until", "kind", "flag", DAY),
    ),
    "evidence": Released(
        ("evidence_id",),
        ("goal_id", "direction", "strength", "verdict_contribution", "polarity", "n", "response_rate", DAY),
    ),
    "verdict": Released(("verdict_id",), ("goal_id", "status", DAY)),
}


class Erratum(Table):
    erratum_id: Text = code(r"ER-\d{3}", "ER-001")
    found_on: Day = day()
    found_by: Text = choice("editors|analyst|evaluator|reader|publisher")
    table: Text = choice("|".join(RELEASED))
    row_key: Text = text()
    column: Text = code(NAME, DAY)
    before: Text = text(required=False)
    after: Text = text(required=False)
    wrong_since: Day = day()
    what_nl: Text = text()
    what_en: Text = text()

    class Config:
        unique = ["erratum_id"]

    @pa.dataframe_check(error="wrong_since not after found_on")
    def found_after_it_was_wrong(cls, frame: pd.DataFrame) -> pd.Series:
        return _period_in_order(frame, "wrong_since", "found_on")

    @pa.dataframe_check(error="another value after than before")
    def something_changed(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["before"].fillna("") != frame["after"].fillna("")


def errata_hold(frames: dict[str, pd.DataFrame]) -> Iterator[tuple[str, int, str, str, str, str]]:
    """Per cell the errata follow each other, and the last one says what the register says now."""
    last: dict[tuple[str, str, str], str] = {}
    position: dict[tuple[str, str, str], int] = {}
    errata = frames["errata"].sort_values(["found_on", "erratum_id"]).fillna({"before": "", "after": ""})
    for at, one in zip(errata.index.tolist(), errata.to_dict("records"), strict=True):
        if one["column"] not in RELEASED[one["table"]].columns:
            columns = ", ".join(RELEASED[one["table"]].columns)
            yield "errata", at, "column", f"one of {columns}", one["column"], "name the column that changed"
            continue
        cell = one["table"], one["row_key"], one["column"]
        if last.get(cell, one["before"]) != one["before"]:
            hint = "an erratum begins with what the one before it left"
            yield "errata", at, "before", last[cell], one["before"], hint
        last[cell], position[cell] = one["after"], at
    for cell, after in last.items():
        now = cell_of(frames, *cell)
        if not says(after, now):
            expected, found = f"what {cell[0]}.csv holds in {cell[2]} of {cell[1]}, {shown(now)}", shown(after)
            hint = "restore that cell, or add the erratum that says why"
            yield "errata", position[cell], "after", expected, found, hint


def cell_of(frames: dict[str, pd.DataFrame], table: str, row_key: str, column: str) -> Any:
    """What the register says in a cell; None for an empty cell, and for a row that is not there."""
    frame = frames[table]
    rows = frame[frame[list(RELEASED[table].key)].agg("/".join, axis=1) == row_key]
    if rows.empty:
        return None
    found = (known_from(rows) if column == DAY else rows[column]).iloc[0]
    return None if pd.isna(found) else found


def says(cell: str, value: Any) -> bool:
    """Is the text of `before` or `after` this value? 6.30 is 6.3."""
    if not isinstance(value, Real):
        return cell == ("" if value is None else str(value))
    try:
        return float(cell) == value
    except ValueError:
        return False


def shown(value: Any) -> str:
    """A value in a sentence."""
    return "nothing" if value is None or value == "" else str(value)
