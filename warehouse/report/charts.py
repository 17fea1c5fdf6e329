"""The chart of one indicator over the years, as a Vega-Lite specification."""

from typing import Any

from warehouse.report.charts_behind import break_layer, break_numbers, covid_layer, synthetic_layer
from warehouse.report.charts_labels import label_layer
from warehouse.report.model import Indicator, Series, Target
from warehouse.text import Text

COLOURS = ("var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)")
SHAPES = ("circle", "square", "triangle-up", "diamond")
MILLION = 10_000_000
WIDE, NARROW, SMALL, SPARK = (680, 320), (330, 280), (330, 200), (200, 56)


def colour(place: int) -> str:
    """The colour of the series at a place."""
    return COLOURS[min(place, len(COLOURS) - 1)]


def shape(place: int) -> str:
    """The shape of its points."""
    return SHAPES[min(place, len(SHAPES) - 1)]


def year_axis(years: list[int], width: int) -> dict[str, Any]:
    """Label years, as many as fit."""
    step = 1 if len(years) * 48 <= width else 2
    shown = [year for year in range(years[0], years[-1] + 1) if (years[-1] - year) % step == 0]
    return {
        "field": "year",
        "type": "quantitative",
        "scale": {"domain": [years[0] - 0.5, years[-1] + 0.5], "nice": False},
        "axis": {"values": shown, "format": "d", "grid": False, "title": None, "tickSize": 4},
    }


def value_axis(indicator: Indicator, text: Text) -> dict[str, Any]:
    """The values; from zero where that is near, else close around them. Millions of euros are labelled as such."""
    bottom, top = indicator.axis
    axis: dict[str, Any] = {
        "format": f",.{axis_decimals(top - bottom, indicator.decimals)}f",
        "tickCount": 5,
        "title": text.unit(indicator.unit),
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleX": -4,
        "titleY": -12,
        "domain": False,
        "ticks": False,
    }
    if indicator.unit == "eur" and top > MILLION:
        axis |= {"labelExpr": "format(datum.value / 1e6, ',.0f')", "title": text("million euro")}
    scale = {"domain": [bottom, top], "nice": True, "zero": False}
    return {"field": "value", "type": "quantitative", "scale": scale, "axis": axis}


def axis_decimals(span: float, decimals: int) -> int:
    """No more decimals on the axis than its span needs."""
    return 0 if span > 4 else min(decimals, 1) if span > 0.4 else decimals


def trend(indicator: Indicator, size: tuple[int, int], text: Text) -> dict[str, Any]:
    """Realised values, the ambition path, bounds, breaks, Covid and earlier vintages of one indicator."""
    width, height = size
    x = year_axis(indicator.years, width)
    y = value_axis(indicator, text)
    layers = [covid_layer(indicator, x, text), break_layer(indicator, x), break_numbers(indicator, x)]
    if indicator.target:
        layers += path_layers(indicator, indicator.target, x, y, text)
    layers.append(vintage_layer(indicator, x, y, text))
    for place, series in enumerate(indicator.series):
        layers += series_layers(series, place, indicator, x, y, text)
    if size != SMALL:
        layers.append(label_layer(indicator, size, x, y, text))
    if indicator.synthetic:
        layers.append(synthetic_layer(size, text))
    return {
        "width": width,
        "height": height,
        "padding": {"top": 18, "right": 16, "bottom": 4, "left": 10},
        "layer": [layer for layer in layers if layer],
    }


def spark(indicator: Indicator, series: Series, text: Text) -> dict[str, Any]:
    """One series with the ambition path, without axes: a shape to see beside the words that give the figures."""
    x = {**year_axis(indicator.years, SPARK[0]), "axis": None}
    y = {**value_axis(indicator, text), "axis": None}
    layers = [covid_layer(indicator, x, text, named=False)]
    if indicator.target:
        layers += path_layers(indicator, indicator.target, x, y, text)
    layers += series_layers(series, 0, indicator, x, y, text, size=26)
    return {"width": SPARK[0], "height": SPARK[1], "padding": 4, "layer": [layer for layer in layers if layer]}


def path_layers(
    indicator: Indicator, target: Target, x: dict[str, Any], y: dict[str, Any], text: Text
) -> list[dict[str, Any]]:
    """The straight line from the indicator's own base year to its target, dashed; a range as a pale band."""
    top = target.value_high if target.value_high is not None else target.value
    ends = [(target.base_year, target.base_value, target.base_value), (target.year, target.value, top)]
    rows = [
        {
            "year": year,
            "value": low,
            "top": high,
            "label": f"{text('ambition path')} {year}: {text.value(low, indicator.unit, indicator.decimals)}",
        }
        for year, low, high in ends
    ]
    layers = []
    if target.value_high is not None:
        layers.append(
            {
                "mark": {"type": "area", "aria": False, "color": "var(--path)", "fillOpacity": 0.1},
                "encoding": {"x": x, "y": y, "y2": {"field": "top"}},
            }
        )
    layers += [
        {
            "mark": {"type": "line", "aria": False, "color": "var(--path)", "strokeDash": [7, 5], "strokeWidth": 2},
            "encoding": {"x": x, "y": y},
        },
        {
            "mark": {"type": "point", "color": "var(--path)", "shape": "diamond", "filled": True, "size": 50},
            "encoding": {"x": x, "y": y, "description": {"field": "label"}},
        },
    ]
    return [{"data": {"values": rows}, "layer": layers}]


def vintage_layer(indicator: Indicator, x: dict[str, Any], y: dict[str, Any], text: Text) -> dict[str, Any] | None:
    """Values that were published earlier and have been replaced: small and faint."""
    rows = [
        {
            "year": point.year,
            "value": point.value,
            "label": f"{point.label}: {text('published earlier')} {text.value(point.value, indicator.unit, indicator.decimals)}",
        }
        for point in indicator.vintages
    ]
    if not rows:
        return None
    mark = {"type": "point", "filled": True, "size": 42, "color": "var(--muted)", "opacity": 0.55, "shape": "circle"}
    return {"data": {"values": rows}, "mark": mark, "encoding": {"x": x, "y": y, "description": {"field": "label"}}}


def series_layers(
    series: Series, place: int, indicator: Indicator, x: dict[str, Any], y: dict[str, Any], text: Text, size: int = 75
) -> list[dict[str, Any]]:
    """One method version: band of bounds, line, points (hollow when provisional)."""
    unit, decimals = indicator.unit, indicator.decimals
    rows = [
        {
            "year": point.year,
            "value": point.value,
            "low": point.low,
            "high": point.high,
            "run": point.run,
            "label": f"{point.label}: {text.bounded(point.value, point.low, point.high, unit, decimals)}"
            + (f" ({text('provisional')})" if point.provisional else ""),
            "provisional": point.provisional,
        }
        for point in series.points
    ]
    ink, of_y = colour(place), {**y, "field": "low"}
    layers: list[dict[str, Any]] = []
    if any(row["value"] is None for row in rows):
        band = {"type": "area", "aria": False, "color": ink, "fillOpacity": 0.22}
        layers.append(
            {
                "transform": [{"filter": "isValid(datum.low)"}],
                "mark": band,
                "encoding": {"x": x, "y": of_y, "y2": {"field": "high"}, "detail": {"field": "run"}},
            }
        )
        bar = {"type": "rule", "color": ink, "strokeWidth": 7, "opacity": 0.75, "strokeCap": "butt"}
        described = {"x": x, "y": of_y, "y2": {"field": "high"}, "description": {"field": "label"}}
        layers.append({"transform": [{"filter": "!isValid(datum.value)"}], "mark": bar, "encoding": described})
    exact = [{"filter": "isValid(datum.value)"}]
    line = {"type": "line", "aria": False, "color": ink, "strokeWidth": 2.6 if place == 0 else 1.8}
    layers.append({"transform": exact, "mark": line, "encoding": {"x": x, "y": y, "detail": {"field": "run"}}})
    for hollow in (False, True):
        chosen = [{"filter": f"isValid(datum.value) && datum.provisional === {str(hollow).lower()}"}]
        point = {"type": "point", "shape": shape(place), "size": size, "stroke": ink, "strokeWidth": 2, "filled": False, "opacity": 1,
                 "fill": "var(--paper)" if hollow else ink}  # fmt: skip
        layers.append(
            {"transform": chosen, "mark": point, "encoding": {"x": x, "y": y, "description": {"field": "label"}}}
        )
    return [{"data": {"values": rows}, "layer": layers}]
