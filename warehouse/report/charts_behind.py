"""What stands behind the values of a chart: Covid years, breaks, and the word that says a drawing is made up."""

from typing import Any

from warehouse.report.model import Indicator
from warehouse.text import Text


def covid_layer(indicator: Indicator, x: dict[str, Any], text: Text, named: bool = True) -> dict[str, Any] | None:
    """A band over each stretch of years in which Covid changed what is measured."""
    spans: list[list[int]] = []
    for year in indicator.covid_years:
        if spans and spans[-1][1] == year - 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    if not spans:
        return None
    rows = [{"year": first - 0.5, "until": last + 0.5, "middle": (first + last) / 2} for first, last in spans]
    band = {
        "mark": {"type": "rect", "aria": False, "color": "var(--covid)", "opacity": 1},
        "encoding": {"x": x, "x2": {"field": "until"}},
    }
    word = {
        "mark": {"type": "text", "aria": False, "y": -7, "fontSize": 12, "color": "var(--muted)"},
        "encoding": {"x": {**x, "field": "middle"}, "text": {"value": text("Covid")}},
    }
    return {"data": {"values": rows}, "layer": [band, word] if named else [band]}


def break_layer(indicator: Indicator, x: dict[str, Any]) -> dict[str, Any] | None:
    """A dotted line before the first period that a break touches."""
    rows = [{"year": mark.year - 0.5} for mark in indicator.breaks]
    if not rows:
        return None
    mark = {"type": "rule", "aria": False, "color": "var(--break)", "strokeDash": [2, 3], "strokeWidth": 1.5}
    return {"data": {"values": rows}, "mark": mark, "encoding": {"x": x}}


def break_numbers(indicator: Indicator, x: dict[str, Any]) -> dict[str, Any] | None:
    """The number of each break above its line; breaks in one year share a place."""
    places: dict[int, list[str]] = {}
    for mark in indicator.breaks:
        places.setdefault(mark.year, []).append(str(mark.number))
    if not places:
        return None
    rows = [{"year": year - 0.5, "label": "·".join(numbers)} for year, numbers in places.items()]
    number = {"type": "text", "aria": False, "y": -7, "fontSize": 12, "fontWeight": "bold", "color": "var(--break)"}
    return {"data": {"values": rows}, "mark": number, "encoding": {"x": x, "text": {"field": "label"}}}


def synthetic_layer(size: tuple[int, int], text: Text) -> dict[str, Any]:
    """The word SYNTHETIC across a drawing of made-up values: a picture of the chart alone still says so."""
    mark = {"type": "text", "aria": False, "angle": -16, "fontSize": min(size[0] // 9, 44), "fontWeight": "bold",
            "color": "var(--ink)", "opacity": 0.13}  # fmt: skip
    placed = {"x": {"value": size[0] / 2}, "y": {"value": size[1] / 2}}
    label = {"text": {"value": text("SYNTHETIC")}}
    return {"data": {"values": [{}]}, "mark": mark, "encoding": placed | label}
