"""The kinds of pages, each stated once: its template, its place in the menu, and what its pages show."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from warehouse.report.drawings import drawings_of
from warehouse.report.goals import Goal
from warehouse.report.site import Site
from warehouse.report.svg import Charts
from warehouse.text import NO_VALUE, Text

Made = Iterator[tuple[str, dict[str, Any]]]
"""(name of the file, values for the template) of each page."""


@dataclass(frozen=True)
class Page:
    """A kind of page. The template has the name of the page where there is one page of the kind."""

    file: str
    made: Callable[[Site, Text, Charts], Made]
    menu: str = ""
    """Its name in the menu, in English; none: not in the menu."""


def overview(site: Site, text: Text, charts: Charts) -> Made:
    """Goals by ambition, statuses counted, snapshots."""
    ambitions: dict[str, list[Goal]] = {}
    for goal in site.goals:
        ambitions.setdefault(goal.row["ambition_id"], []).append(goal)
    yield (
        "index.html",
        {
            "ambitions": [(name, goals[0].row[f"ambition_{text.lang}"], goals) for name, goals in ambitions.items()],
            "tally": site.tally(site.goals, text.lang),
            "tally_of": lambda goals: site.tally(goals, text.lang),
            "basis": {one["year"]: one["basis"] for one in site.snapshots},
            "figures": lambda goal: figures_in_words(goal, text),
            "years": sorted({2018, 2019, 2020} | {one["year"] for one in site.snapshots if one["year"] <= 2020}),
            "snapshots": site.snapshots,
            "release": site.release,
            "coverage": lambda goal: coverage_in_words(goal, text),
        },
    )


def goals(site: Site, text: Text, charts: Charts) -> Made:
    """A page per goal."""
    for goal in site.goals:
        yield goal.file, {"goal": goal, "charts": drawings_of(goal, text, charts), "names": site.indicators}


def board_list(site: Site, text: Text, charts: Charts) -> Made:
    """All boards with their schools, by name."""
    by_name = sorted(site.boards, key=lambda board: (board.name or board.board_id).casefold())
    yield "boards.html", {"boards": by_name, "state_on": site.state_on}


def boards(site: Site, text: Text, charts: Charts) -> Made:
    """A page per board."""
    for board in site.boards:
        yield board.file, {"board": board, "per_school": site.per_school}


def of_release(file: str, values: dict[str, Any], site: Site) -> Made:
    """A page that speaks of the release itself. All others say the same in the next release where their figures do."""
    yield file, values | {"release": site.release}


PAGES = (
    Page("index.html", overview, "Overview"),
    Page("goal.html", goals),
    Page("boards.html", board_list, "Schools and boards"),
    Page("board.html", boards),
    Page("revisions.html", lambda site, text, charts: of_release("revisions.html", site.revisions, site), "Revisions"),
    Page("errata.html", lambda site, text, charts: iter([("errata.html", {"errata": site.errata})]), "Our corrections"),
    Page("quality.html", lambda site, text, charts: of_release("quality.html", site.quality, site), "Data quality"),
)


def figures_in_words(goal: Goal, text: Text) -> str:
    """The headline of a goal in one line: its values of 2018 and 2020, and the target where one was agreed."""
    one, known = goal.headline, goal.progress
    if one is None or (known["value_from"] is None and known["value_to_low"] is None):
        return ""
    first = text.value(known["value_from"], one.unit, one.decimals)
    last = text.bounded(known["value_to"], known["value_to_low"], known["value_to_high"], one.unit, one.decimals)
    parts = [f"2018: {first}", f"2020: {last}"]
    if known["target_value"] is not None:
        parts.append(f"{text('target')}: {text.value(known['target_value'], one.unit, one.decimals)}")
    return f"{one.name[text.lang]}: " + ", ".join(parts).replace(NO_VALUE, text("not known"))


def coverage_in_words(goal: Goal, text: Text) -> str:
    """What the status of a goal rests on."""
    years, boards = goal.coverage["years"] or 0, goal.coverage["boards"]
    figures = text("national figure for {years} of the 3 years", years=years)
    parts = [figures if years else text("no national figure for 2018–2020")]
    if boards:
        parts.append(text("figures of schools of {boards} boards", boards=text.number(boards)))
    parts.append(text.plural("{n} source", "{n} sources", len(goal.evidence)))
    return "; ".join(parts)
