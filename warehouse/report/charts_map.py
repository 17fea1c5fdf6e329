"""The twelve provinces as tiles, about where they lie: a drawing of our own, so no borders under licence are needed."""

from typing import Any

from warehouse.report.charts_behind import synthetic_layer
from warehouse.report.model import Held, Spread
from warehouse.text import NO_VALUE, Text

TILES = {
    "Friesland": (2, 0),
    "Groningen": (3, 0),
    "Noord-Holland": (1, 1),
    "Flevoland": (2, 1),
    "Drenthe": (3, 1),
    "Zuid-Holland": (0, 2),
    "Utrecht": (1, 2),
    "Gelderland": (2, 2),
    "Overijssel": (3, 2),
    "Zeeland": (0, 3),
    "Noord-Brabant": (1, 3),
    "Limburg": (2, 3),
}
"""Column and row of each province."""
STEPS = 5
DARK_STEPS = 3
"""From this step on a tile is strong enough for the other ink."""
SIZE = (340, 288)


def tile_map(spread: Spread, year: int, text: Text) -> dict[str, Any]:
    """One year of the provinces. The number stands in the tile; the colour only repeats it, on one scale for all years."""
    held = {row.entity_id: row for row in spread.rows if row.year == year}
    rows = [tile(name, held.get(name), spread, text) for name in TILES]
    x = {"field": "column", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.05}}
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.05}}
    fill = {"field": "fill", "type": "nominal", "scale": None}
    ink = {"field": "ink", "type": "nominal", "scale": None}
    named = {"type": "text", "aria": False, "fontSize": 11, "dy": -12, "lineBreak": "\n", "lineHeight": 12}
    valued = {"type": "text", "aria": False, "fontSize": 13, "fontWeight": "bold", "dy": 20}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rect", "cornerRadius": 3, "stroke": "var(--rule)", "strokeWidth": 1},
            "encoding": {"x": x, "y": y, "color": fill, "description": {"field": "label"}},
        },
        {"mark": named, "encoding": {"x": x, "y": y, "text": {"field": "lines"}, "color": ink}},
        {"mark": valued, "encoding": {"x": x, "y": y, "text": {"field": "value"}, "color": ink}},
    ]
    if spread.synthetic:
        layers.append(synthetic_layer(SIZE, text))
    return {"width": SIZE[0], "height": SIZE[1], "data": {"values": rows}, "layer": layers}


def tile(name: str, held: Held | None, spread: Spread, text: Text) -> dict[str, Any]:
    """One province: a value, bounds without a colour where cells are hidden, or nothing known."""
    column, row = TILES[name]
    label, value, fill, ink = text("no value"), NO_VALUE, "var(--paper)", "var(--ink)"
    if held is not None and held.low is not None and held.high is not None:
        label = text.bounded(held.value, held.low, held.high, spread.unit, spread.decimals)
        if held.value is None:
            value = f"{text.number(held.low, spread.decimals)}–{text.number(held.high, spread.decimals)}"
        else:
            step = step_of(held.value, spread)
            value, fill = text.value(held.value, spread.unit, spread.decimals), f"var(--m{step})"
            ink = "var(--on-strong)" if step >= DARK_STEPS else "var(--on-pale)"
    return {
        "column": column,
        "row": row,
        "lines": name.replace("-", "-\n"),
        "value": value,
        "fill": fill,
        "ink": ink,
        "label": f"{name}: {label}",
    }


def scale(spread: Spread) -> tuple[float, float] | None:
    """The lowest and the highest value of all years drawn."""
    numbers = [row.value for row in spread.rows if row.value is not None]
    return (min(numbers), max(numbers)) if numbers else None


def step_of(value: float, spread: Spread) -> int:
    """Which of the equal steps between the lowest and the highest value."""
    low, high = scale(spread) or (value, value)
    return min(STEPS - 1, int(STEPS * (value - low) / (high - low))) if high > low else 0


def key(spread: Spread, text: Text) -> list[tuple[int, str]]:
    """The colour key: each step with the values that it stands for; one step where all values are the same."""
    ends = scale(spread)
    if ends is None:
        return []
    low, high = ends
    edges = [low + (high - low) * step / STEPS for step in range(STEPS + 1)] if high > low else [low, high]
    return [
        (
            step,
            f"{text.number(edges[step], spread.decimals)}–{text.value(edges[step + 1], spread.unit, spread.decimals)}",
        )
        for step in range(len(edges) - 1)
    ]
