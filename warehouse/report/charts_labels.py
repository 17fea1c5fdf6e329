"""Numbers written in the chart: the years of the agreement and the target, each on the side with most space."""

from typing import Any

from warehouse.report.model import Indicator
from warehouse.text import Text

YEARS = (2018, 2019, 2020)
NEAR = 0.02
"""Part of the axis within which a mark hides behind its neighbour."""
SPACE_PER_LABEL = 56
"""Pixels between two labels beside each other."""


def label_layer(
    indicator: Indicator, size: tuple[int, int], x: dict[str, Any], y: dict[str, Any], text: Text
) -> dict[str, Any] | None:
    """The values of the main series in the years of the agreement, and the target; a pale edge keeps them readable."""
    step = size[0] / (indicator.years[-1] - indicator.years[0] + 1)
    chosen = YEARS if step >= SPACE_PER_LABEL else YEARS[::2]
    rows = []
    for point in indicator.series[0].points:
        if point.year in chosen and point.value is not None:
            rows.append(label(indicator, point.year, point.value, text.number(point.value, indicator.decimals)))
    if indicator.target:
        target = indicator.target
        named = text("target from" if target.value_high is not None else "target")
        shown = f"{named} {text.number(target.value, indicator.decimals)}"
        rows.append(label(indicator, target.year, target.value, shown))
    if not rows:
        return None
    layers = []
    for above in (True, False):
        for edge in ({"stroke": "var(--paper)", "strokeWidth": 4, "strokeOpacity": 0.85}, {}):
            mark = {"type": "text", "aria": False, "dy": -14 if above else 15, "fontSize": 13, "fontWeight": "bold",
                    "align": "center", **edge}  # fmt: skip
            layers.append(
                {
                    "transform": [{"filter": f"datum.above === {str(above).lower()}"}],
                    "mark": mark,
                    "encoding": {"x": x, "y": y, "text": {"field": "text"}},
                }
            )
    return {"data": {"values": rows}, "layer": layers}


def label(indicator: Indicator, year: int, value: float, text: str) -> dict[str, Any]:
    """One number with its place, above its point or below it."""
    bottom, top = indicator.axis
    near = (top - bottom) * NEAR
    others = [other - value for other in numbers_in(indicator, year) if abs(other - value) > near]
    above = min((gap for gap in others if gap > 0), default=top - value)
    below = min((-gap for gap in others if gap < 0), default=value - bottom)
    return {"year": year, "value": value, "text": text, "above": above >= below}


def numbers_in(indicator: Indicator, year: int) -> list[float]:
    """What else is drawn at a year: values, bounds, earlier vintages, and the lines that pass by."""
    points = [point for series in indicator.series for point in series.points] + indicator.vintages
    found = [number for one in points if one.year == year for number in (one.value, one.low, one.high)]
    if (target := indicator.target) and target.base_year <= year <= target.year:
        share = (year - target.base_year) / (target.year - target.base_year)
        found.append(target.base_value + share * (target.value - target.base_value))
    return [number for number in found if number is not None]
