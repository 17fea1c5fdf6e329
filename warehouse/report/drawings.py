"""The charts of a goal page, drawn, each with a sentence for who does not see it."""

from typing import Any

from markupsafe import Markup

from warehouse.report import charts, charts_map, charts_spread, charts_stood
from warehouse.report.goals import Goal
from warehouse.report.model import Indicator, Series, Spread
from warehouse.report.svg import Charts
from warehouse.text import Text


def drawings_of(goal: Goal, text: Text, made: Charts) -> dict[str, Any]:
    """The charts of a goal by their place on the page, made once for all kinds of pages that show them."""
    if kept := made.of_goals.get((goal.goal_id, text.lang)):
        return kept
    one = goal.headline
    made.of_goals[goal.goal_id, text.lang] = {
        "headline": trend(one, charts.WIDE, text, made) if one else "",
        "slim": trend(one, charts.NARROW, text, made) if one else "",
        "stood": stood_chart(one, text, made) if one and one.stood else "",
        "others": [trend(indicator, charts.SMALL, text, made) for indicator in goal.others],
        "spreads": [spread_chart(spread, text, made) for spread in goal.spreads],
        "map_keys": [charts_map.key(spread, text) for spread in goal.spreads if spread.level == "province"],
        "maps": [
            (year, province_map(spread, year, text, made))
            for spread in goal.spreads
            if spread.level == "province"
            for year in spread.years
        ],
    }
    return made.of_goals[goal.goal_id, text.lang]


def trend(indicator: Indicator, size: tuple[int, int], text: Text, made: Charts) -> Markup:
    """One indicator over the years."""
    years = text.stretch(indicator.years[0], indicator.years[-1])
    label = text(
        "Chart of {name}, {years}. The values are in the table below it.", name=indicator.name[text.lang], years=years
    )
    return made.draw(charts.trend(indicator, size, text), label, text.lang)


def stood_chart(indicator: Indicator, text: Text, made: Charts) -> Markup:
    """One indicator as it stood at each snapshot."""
    label = text(
        "Chart of {name} as it stood at each snapshot. The values are in the table below it.",
        name=indicator.name[text.lang],
    )
    return made.draw(charts_stood.stood(indicator, charts.NARROW, text), label, text.lang)


def spark(named: tuple[Indicator, Series], text: Text, made: Charts) -> Markup:
    """The small chart of the overview: the series that the sentence beside it speaks of."""
    indicator, series = named
    label = text("Small chart of {name}", name=indicator.name[text.lang])
    return made.draw(charts.spark(indicator, series, text), label, text.lang)


def spread_chart(spread: Spread, text: Text, made: Charts) -> Markup:
    """One indicator over the schools, boards or provinces."""
    level = {"school": text("schools"), "board": text("boards"), "province": text("provinces")}[spread.level]
    label = text("Spread of {name} over {level}.", name=spread.indicator.name[text.lang], level=level)
    draw = charts_spread.provinces if spread.level == "province" else charts_spread.histogram
    return made.draw(draw(spread, text), label, text.lang)


def province_map(spread: Spread, year: int, text: Text, made: Charts) -> Markup:
    """The provinces in one year."""
    facts = {"name": spread.indicator.name[text.lang], "year": year}
    label = text("Map of {name} by province, {year}. The values are in the table of the provinces.", **facts)
    return made.draw(charts_map.tile_map(spread, year, text), label, text.lang)
