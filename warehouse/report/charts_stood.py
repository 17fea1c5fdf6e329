"""The chart of a series as it stood at each snapshot, under the latest: what a reader knew at the end of each year."""

from typing import Any

from warehouse.report.charts import COLOURS, SHAPES, series_layers, value_axis, year_axis
from warehouse.report.model import Indicator
from warehouse.text import Text


def stood(indicator: Indicator, size: tuple[int, int], text: Text) -> dict[str, Any]:
    """The oldest snapshot lies on top with the thinnest line, the latest line below all."""
    width, height = size
    x, y = year_axis(indicator.years, width), value_axis(indicator, text)
    layers = series_layers(indicator.series[0], 0, indicator, x, y, text)
    for place, (year, points) in enumerate(reversed(indicator.stood.items()), 1):
        ink, mark = COLOURS[min(place, 3)], SHAPES[min(place, 3)]
        rows = [
            {
                "year": point.year,
                "value": point.value,
                "run": point.run,
                "label": f"{text('end of {year}', year=year)}, {point.label}: "
                + text.value(point.value, indicator.unit, indicator.decimals),
            }
            for point in points
            if point.value is not None
        ]
        line = {"type": "line", "aria": False, "color": ink, "strokeWidth": 1.4, "strokeDash": [2 + 2 * place, 3]}
        dot = {"type": "point", "shape": mark, "size": 60, "stroke": ink, "strokeWidth": 1.6, "filled": False}
        drawn = [
            {"mark": line, "encoding": {"x": x, "y": y, "detail": {"field": "run"}}},
            {"mark": dot, "encoding": {"x": x, "y": y, "description": {"field": "label"}}},
        ]
        layers.append({"data": {"values": rows}, "layer": drawn})
    return {
        "width": width,
        "height": height,
        "padding": {"top": 18, "right": 16, "bottom": 4, "left": 10},
        "layer": layers,
    }
