"""The kinds of pages, each stated once: its template, its place in the menu, and what its pages show."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from warehouse.report.boards import Measure
from warehouse.report.drawings import drawings_of, spark
from warehouse.report.goals import Goal
from warehouse.report.site import KNOWN_LICENCES, Site
from warehouse.report.svg import Charts, alone
from warehouse.text import NO_VALUE, Text

Made = Iterator[tuple[str, dict[str, Any]]]
"""(name of the file, values for the template) of each page."""


WORDS = (
    (
        "Proxy",
        "A figure that is related to a goal but does not measure it. It can show a direction; it cannot support a verdict.",
    ),
    (
        "Ambition path",
        "The straight line from the base value to the target. The agreement names no steps between; the line is ours.",
    ),
    (
        "Bounds",
        "The lowest and the highest value that agree with all that is published, where a publisher suppresses small counts.",
    ),
    ("Method version", "A way of counting. Figures of two method versions are never joined into one series."),
    ("Snapshot", "What was known at the end of a year, frozen. One that was put together afterwards says so."),
    ("Known from", "The first day on which a figure or source was public, as far as we know."),
    ("Revision", "A figure that a publisher replaced by another one. The old one is kept."),
    ("Constant composition", "The same schools in both years of a comparison, whatever number or board they had."),
    ("Site", "A location of a school with a number of its own; a school can have several."),
    ("Board", "The legal person that runs one or more schools (bevoegd gezag)."),
)
"""The glossary: a word and what it means here."""


@dataclass(frozen=True)
class Page:
    """A kind of page. The template has the name of the page where there is one page of the kind."""

    file: str
    made: Callable[[Site, Text, Charts], Made]
    menu: str = ""
    """Its name in the menu, in English; none: not in the menu."""
    foot: bool = False
    """Does it stand in the footer instead of the menu?"""


def overview(site: Site, text: Text, charts: Charts) -> Made:
    """Goals by status and by ambition, each with its sentence and a small chart; what is new."""
    ambitions: dict[str, list[Goal]] = {}
    for goal in site.goals:
        ambitions.setdefault(goal.row["ambition_id"], []).append(goal)
    shown = {
        "by_status": site.by_status(),
        "ambitions": [(name, goals[0].row[f"ambition_{text.lang}"], goals) for name, goals in ambitions.items()],
        "spark": lambda goal: spark(goal.named, text, charts) if goal.named else "",
        "coverage": lambda goal: coverage_in_words(goal, text),
        "snapshots": site.snapshots,
    }
    yield from of_release("index.html", shown, site)


def method(site: Site, text: Text, charts: Charts) -> Made:
    """How a status comes about, what counts as known, the snapshots, how to cite, and under which licences."""
    shown = {
        "rules": site.rules,
        "direction_rules": site.direction_rules,
        "snapshots": site.snapshots,
        "licences": site.licences,
        "known_licences": KNOWN_LICENCES,
    }
    yield from of_release("method.html", shown, site)


def glossary(site: Site, text: Text, charts: Charts) -> Made:
    """Words, statuses, remarks and grades of evidence."""
    grades = sorted(code for name, code in site.codes if name == "strength")
    yield "glossary.html", {"words": WORDS, "statuses": site.statuses, "grades": grades}


def goals(site: Site, text: Text, charts: Charts) -> Made:
    """A page per goal."""
    for goal in site.goals:
        shown = {"goal": goal, "charts": drawings_of(goal, text, charts), "names": site.indicators, "day": None}
        drawn = [one.indicator_id for one in [goal.headline, *goal.others] if one]
        shown["figureless"] = [
            one
            for one in site.indicators.values()
            if one["goal_id"] == goal.goal_id and one["indicator_id"] not in drawn
        ]
        yield goal.file, shown


def fact_sheets(site: Site, text: Text, charts: Charts) -> Made:
    """A page per indicator, in the order of ESMS."""
    for leaflet in site.leaflets:
        shown = {"indicator": leaflet.facts.indicator, "sections": leaflet.sections[text.lang]}
        yield f"facts-{leaflet.name}.html", shown


def saved_charts(site: Site, text: Text, charts: Charts) -> Made:
    """The charts of the goal pages as files of their own, to save and to show on other pages."""
    css = (files("warehouse.report") / "static" / "style.css").read_text(encoding="utf-8")
    for goal in site.goals:
        drawings = drawings_of(goal, text, charts)
        shown = [(goal.headline, drawings["headline"])] if goal.headline else []
        for indicator, drawing in [*shown, *zip(goal.others, drawings["others"], strict=True)]:
            yield f"chart-{indicator.indicator_id}.svg", {"svg": alone(drawing, css)}


def board_list(site: Site, text: Text, charts: Charts) -> Made:
    """All boards with their schools, by name."""
    shown = {"boards": site.boards[0], "unit": text("boards"), "other_list": ("schools.html", text("All schools"))}
    yield "boards.html", lists(site) | shown


def school_list(site: Site, text: Text, charts: Charts) -> Made:
    """All schools by name; each leads to its page."""
    found, listed = site.boards
    schools = [
        (school, board.named, [board.values.get((school["school_id"], one.indicator_id)) for one in listed])
        for board in found
        for school in board.schools
    ]
    schools.sort(key=lambda one: (one[0]["name"].casefold(), one[0]["school_id"]))
    shown = {
        "boards": len(found),
        "schools": schools,
        "unit": text("schools"),
        "other_list": ("boards.html", text("All boards")),
    }
    yield "schools.html", lists(site) | shown


def lists(site: Site) -> dict[str, Any]:
    """What both lists show besides their rows."""
    found, listed = site.boards
    provinces = sorted({province for board in found for province in board.provinces})
    return {"listed": listed, "provinces": provinces, **site.schools}


def boards(site: Site, text: Text, charts: Charts) -> Made:
    """A page per board."""
    found, listed = site.boards
    for board in found:
        yield board.file, {"board": board, "listed": listed}


def schools(site: Site, text: Text, charts: Charts) -> Made:
    """A page per school."""
    found, _ = site.boards
    for board in found:
        for school in board.schools:
            found_of = board.of_school.get(school["school_id"], [])
            # Dicts: what a page is made from is written out as text each time, and a dataclass takes ten times as long.
            lines = [(vars(measure), before, now) for measure, before, now in found_of]
            yield f"school-{school['school_id']}.html", {"school": school, "board": board.named, "lines": lines}


def compare(site: Site, text: Text, charts: Charts) -> Made:
    """Two boards beside each other: the page holds the lines of all boards, its script shows those of two."""
    found, _ = site.boards
    measures = {measure.key: measure for board in found for measure, _, _ in board.lines}
    place = {key: number for number, key in enumerate(measures)}
    data = {
        "measures": [[one.goal_id, one.name[text.lang], one.method_version] for one in measures.values()],
        "boards": {
            board.board_id: {
                "name": board.name or board.board_id,
                "schools": text.plural("{n} school", "{n} schools", len(board.schools)),
                "lines": {place[one.key]: line_in_words(one, row, text) for one, row, _ in board.lines},
            }
            for board in found
        },
    }
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    yield "compare.html", {"boards": found, "data": Markup(written)}  # noqa: S704 - JSON, every < escaped


def line_in_words(measure: Measure, row: dict[str, Any], text: Text) -> list[str]:
    """First and later value with their periods, change, and what the later value rests on."""
    unit, decimals = measure.unit, measure.decimals

    def value(side: str) -> str:
        shown = text.bounded(row[f"value_{side}"], row[f"value_{side}_low"], row[f"value_{side}_high"], unit, decimals)
        period = (row[f"period_{side}"] or "").replace("->", "→")
        return f"{shown} ({period})" if row[f"value_{side}_low"] is not None else NO_VALUE

    change = NO_VALUE
    if measure.start and row["change"] is not None:
        change = text.change(row["change"], unit, decimals)
    elif measure.start and row["change_low"] is not None:
        low, high = (text.change(row[f"change_{end}"], unit, decimals) for end in ("low", "high"))
        change = text("between {low} and {high}", low=low, high=high)
    return [value("from") if measure.start else NO_VALUE, value("to"), change, text.number(row["n_to"])]


def of_release(file: str, values: dict[str, Any], site: Site) -> Made:
    """A page that speaks of the release itself. All others say the same in the next release where their figures do."""
    yield file, values | {"release": site.release}


PAGES = (
    Page("index.html", overview, "Overview"),
    Page("goal.html", goals),
    Page("factsheet.html", fact_sheets),
    Page("chart.svg", saved_charts),
    Page("boards.html", board_list, "Schools and boards"),
    Page("schools.html", school_list),
    Page("board.html", boards),
    Page("school.html", schools),
    Page("compare.html", compare),
    Page("revisions.html", lambda site, text, charts: of_release("revisions.html", site.revisions, site), "Revisions"),
    Page(
        "errata.html",
        lambda site, text, charts: iter([("errata.html", {"errata": site.errata})]),
        "Our corrections",
        foot=True,
    ),
    Page("quality.html", lambda site, text, charts: of_release("quality.html", site.quality, site), "Data quality"),
    Page("method.html", method, "Method", foot=True),
    Page("glossary.html", glossary, "Glossary", foot=True),
)


def coverage_in_words(goal: Goal, text: Text) -> str:
    """What the status of a goal rests on."""
    years, boards = goal.coverage["years"] or 0, goal.coverage["boards"]
    figures = text("national figure for {years} of the 3 years", years=years)
    parts = [figures if years else text("no national figure for 2018–2020")]
    if boards:
        parts.append(text("figures of schools of {boards} boards", boards=text.number(boards)))
    parts.append(text.plural("{n} source", "{n} sources", len(goal.evidence)))
    return "; ".join(parts)
