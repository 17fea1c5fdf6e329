"""How the figures of a goal are spread over schools, boards and provinces."""

from statistics import quantiles
from typing import Any

import duckdb

from warehouse.report.model import Held, Indicator, Series, Spread

BINS, MOST_YEARS, LEVELS = 22, 3, ("school", "board", "province")
HELD = """
SELECT entity_id, year, value, value_low, value_high
FROM goals.observation
WHERE indicator_id = $indicator AND method_version = $method AND entity_level = $level AND breakdown = 'total'
  AND known_to IS NULL AND year <= agreement_last_year()
ORDER BY year, entity_id"""


def load_spreads(con: duckdb.DuckDBPyConnection, indicators: list[Indicator]) -> list[Spread]:
    """The spreads of the first indicator that was added up from schools or boards; none where nothing was."""
    for indicator in indicators:
        for series in indicator.series:
            if series.origin == "bottom_up":
                found = [spread for level in LEVELS if (spread := load_spread(con, indicator, series, level))]
                if found:
                    return found
    return []


def load_spread(con: duckdb.DuckDBPyConnection, indicator: Indicator, series: Series, level: str) -> Spread | None:
    """One level; the last years in which most entities have an exact value."""
    wanted = {"indicator": indicator.indicator_id, "method": series.method_version, "level": level}
    rows = [Held(*row) for row in con.execute(HELD, wanted).fetchall()]
    years = sorted({row.year for row in rows})
    exact = {year: [row.value for row in rows if row.year == year and row.value is not None] for year in years}
    mostly = [year for year in years if 2 * len(exact[year]) >= sum(row.year == year for row in rows)]
    years = (mostly or [year for year in years if exact[year]] or (years if level == "province" else []))[-MOST_YEARS:]
    if not years:
        return None
    chosen = [row for row in rows if row.year in years]
    numbers = sorted(value for year in years for value in exact[year]) or [row.middle for row in chosen]
    bottom, top = edges(numbers)
    summary = {year: summarise(exact[year], sum(row.year == year for row in chosen)) for year in years}
    bins = {year: counted(exact[year], bottom, top) for year in years}
    return Spread(level, indicator, series, years, chosen, bins, summary, bottom, top)


def edges(numbers: list[float]) -> tuple[float, float]:
    """The range to draw: without the outermost half percent on either side, which the outer bars hold."""
    cut = len(numbers) // 200
    bottom, top = numbers[cut], numbers[-1 - cut]
    return (bottom, top) if top > bottom else (bottom - 0.5, top + 0.5)


def counted(values: list[float], bottom: float, top: float) -> list[tuple[float, float, int]]:
    """(low, high, count) per bar; what lies outside is counted in the outermost bar."""
    width = (top - bottom) / BINS
    counts = [0] * BINS
    for value in values:
        counts[max(0, min(BINS - 1, int((value - bottom) / width)))] += 1
    return [(bottom + place * width, bottom + (place + 1) * width, count) for place, count in enumerate(counts)]


def summarise(values: list[float], entities: int) -> dict[str, Any]:
    """Number of entities, how many of them have an exact value, and three quantiles of those."""
    cuts = quantiles(values, n=10, method="inclusive") if len(values) > 1 else [None] * 9
    return {"entities": entities, "exact": len(values), "p10": cuts[0], "median": cuts[4], "p90": cuts[8]}
