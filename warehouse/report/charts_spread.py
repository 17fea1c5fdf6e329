"""The charts of a spread: how many schools or boards lie at each height, and the provinces under each other."""

from typing import Any

from warehouse.report.charts import axis_decimals
from warehouse.report.charts_behind import synthetic_layer
from warehouse.report.model import Spread
from warehouse.text import Text

HISTOGRAM, PROVINCES = (310, 84), (220, 276)
SHAPES = ("circle", "diamond", "triangle-up")
"""The shape of the dots of the last year, of the year before it, and of the one before that."""


def histogram(spread: Spread, text: Text) -> dict[str, Any]:
    """How entities of one level are spread, year by year on one scale."""
    unit, decimals = spread.unit, spread.decimals
    rows = [
        {
            "year": str(year),
            "low": low,
            "high": high,
            "count": count,
            "label": text(
                "{year}: {count} with {low} to {high}",
                year=year,
                count=count,
                low=text.number(low, decimals),
                high=text.value(high, unit, decimals),
            ),
        }
        for year, bins in spread.bins.items()
        for low, high, count in bins
    ]
    axis = {"format": f",.{axis_decimals(spread.top - spread.bottom, decimals)}f", "tickCount": 4, "grid": False}
    x = {"field": "low", "type": "quantitative", "bin": {"binned": True}, "axis": {**axis, "title": text.unit(unit)},
         "scale": {"domain": [spread.bottom, spread.top], "nice": False}}  # fmt: skip
    y = {
        "field": "count",
        "type": "quantitative",
        "axis": {"tickCount": 3, "title": None, "domain": False, "ticks": False},
    }
    encoding = {"x": x, "x2": {"field": "high"}, "y": y, "description": {"field": "label"}}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "color": "var(--c1)", "binSpacing": 1}, "encoding": encoding}
    ]
    if spread.synthetic:
        layers.append(synthetic_layer(HISTOGRAM, text))
    return {
        "data": {"values": rows},
        "facet": {"field": "year", "header": {"labelAnchor": "start"}},
        "columns": 1,
        "spacing": 6,
        "spec": {"width": HISTOGRAM[0], "height": HISTOGRAM[1], "layer": layers},
    }


def provinces(spread: Spread, text: Text) -> dict[str, Any]:
    """Provinces under each other: the last year solid, the earlier ones open, larger and above it, so that none hides another."""
    unit, decimals = spread.unit, spread.decimals
    last = spread.years[-1]
    rows = [
        {
            "name": row.entity_id,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "back": spread.years[::-1].index(row.year),
            "label": f"{row.entity_id}, {row.year}: {text.bounded(row.value, row.low, row.high, unit, decimals)}",
        }
        for row in spread.rows
    ]
    order = [
        row.entity_id for row in sorted(spread.rows, key=lambda row: (row.year == last, row.middle)) if row.year == last
    ]
    x = {"field": "value", "type": "quantitative", "scale": {"zero": False, "nice": True},
         "axis": {"title": text.unit(unit), "format": f",.{axis_decimals(spread.top - spread.bottom, decimals)}f", "tickCount": 5}}  # fmt: skip
    y = {
        "field": "name",
        "type": "nominal",
        "sort": order[::-1],
        "axis": {"title": None, "domain": False, "ticks": False, "grid": True, "minExtent": 112},
    }
    described: dict[str, Any] = {"x": x, "y": y, "description": {"field": "label"}}
    layers: list[dict[str, Any]] = [
        {"transform": [{"filter": "!isValid(datum.value)"}], "mark": {"type": "rule", "color": "var(--c1)", "strokeWidth": 6, "opacity": 0.6},
         "encoding": {**described, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
        *({"transform": [{"filter": f"isValid(datum.value) && datum.back === {back}"}],
           "mark": {"type": "point", "size": 100 if back else 50, "shape": SHAPES[back], "opacity": 1, "fill": "transparent" if back else "var(--c1)",
                    "stroke": ("var(--c1)", "var(--c2)", "var(--c3)")[back], "strokeWidth": 1.6}, "encoding": described}
          for back in range(len(spread.years))),
    ]  # fmt: skip
    if spread.synthetic:
        layers.append(synthetic_layer(PROVINCES, text))
    return {"width": PROVINCES[0], "height": PROVINCES[1], "data": {"values": rows}, "layer": layers}
