"""Sheets that lay a goal's headline out by what was known when: a row per method and period, a column per vintage date."""

from datetime import date
from typing import Any

import duckdb

from warehouse.text import Text

SEEN = """
SELECT goal.goal_id, seen.method_version, seen.period_label, seen.vintage, seen.value, seen.value_low, seen.value_high,
       indicator.unit, indicator.decimals
FROM goals.goal AS goal JOIN goals.indicator AS indicator ON indicator.indicator_id = goal.headline_indicator_id,
     LATERAL (FROM vintage_table(indicator.indicator_id)) AS seen
WHERE seen.breakdown = goal.headline_breakdown AND seen.vintage_date <= $day
ORDER BY goal.goal_id, seen.method_version, seen.period_end, seen.vintage"""
Filled = tuple[str, list[str], list[tuple[Any, ...]]]
"""Title, headings and rows of a sheet; the last cell of a row, without a heading, is the number of decimals."""


def vintage_sheets(con: duckdb.DuckDBPyConnection, day: date, text: Text) -> list[Filled]:
    """A sheet per goal whose headline has more than one vintage up to `day`. Where counts are hidden a cell has the bounds as text."""
    goals: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
    decimals: dict[str, int] = {}
    for goal, method, label, vintage, value, low, high, unit, places in con.execute(SEEN, {"day": day}).fetchall():
        shown = text.bounded(None, low, high, unit, places) if value is None else value
        goals.setdefault(goal, {}).setdefault((method, label), {})[vintage] = shown
        decimals[goal] = places
    made = []
    for goal, rows in goals.items():
        vintages = sorted({vintage for row in rows.values() for vintage in row}, key=moment)
        if len(vintages) > 1:
            cells = [(*key, *(row.get(vintage) for vintage in vintages), decimals[goal]) for key, row in rows.items()]
            made.append((f"{text('Vintages')} {goal}", [text("Method"), text("Period"), *vintages], cells))
    return made


def moment(vintage: str) -> tuple[str, float]:
    """The order of vintages: the day itself is its end, after the moments within it (2020-12-31.1)."""
    day, _, nth = vintage.partition(".")
    return day, float(nth or "inf")
