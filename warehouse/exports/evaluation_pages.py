"""The evaluation as a page to read, in Dutch or in English: goal by goal, figures, evidence, verdict, caveats."""

from datetime import date
from typing import Any

import duckdb

from warehouse.database import records
from warehouse.text import Text

KNOWN = (
    "All below is what was public on {day}, put together afterwards (retrospective). "
    "What became known or was revised later is not in it."
)
SYNTHETIC = (
    "SYNTHETIC edition: what is added up from school files (bottom_up) is made up for practice and says nothing about "
    "reality; published figures and evidence are real."
)
Rows = list[dict[str, Any]]
DIGITS = {"year": 4, "month": 7}
"""How much of a day is written where no more is known."""


def page(con: duckdb.DuckDBPyConnection, tables: dict[str, str], day: date, lang: str) -> str:
    """The whole page as Markdown. `tables`: the selects of `warehouse.exports.evaluation`."""
    text = Text(lang)
    rows: dict[str, Rows] = {name: records(con, select) for name, select in tables.items()}
    decimals = dict(con.execute("SELECT indicator_id, decimals FROM goals.indicator").fetchall())
    lines = [f"# {text('Sectorakkoord VO 2018-2020: evaluation, as known on {day}', day=day)}", ""]
    lines += [text(KNOWN, day=day), ""]
    if any(goal["synthetic"] for goal in rows["goals"]):
        lines += [f"**{text(SYNTHETIC)}**", ""]
    lines += [f"## {text('Overview')}", "", *overview(rows["goals"], text), ""]
    for goal in rows["goals"]:
        about = {
            name: [row for row in rows[name] if row["goal_id"] == goal["goal_id"]] for name in rows if name != "goals"
        }
        lines += goal_section(goal, about, decimals, text)
    lines += [f"## {text('Revisions since earlier snapshots')}", "", *revision_table(rows["revisions"], decimals, text)]
    lines += ["", f"## {text('Our corrections')}", "", *errata_table(rows["errata"], text)]
    return "\n".join([*lines, ""])


def overview(goals: Rows, text: Text) -> list[str]:
    """One line per goal."""
    cells = [
        (goal["goal_id"], goal[f"goal_{text.lang}"], goal[f"status_{text.lang}"], goal[f"reason_{text.lang}"])
        for goal in goals
    ]
    return table(["", text("Goal"), text("Status"), text("Why")], cells)


def goal_section(goal: dict[str, Any], about: dict[str, Rows], decimals: dict[str, int], text: Text) -> list[str]:
    """Everything on one goal."""
    lang = text.lang
    lines = [f"## {goal['goal_id']} {goal[f'goal_{lang}']}", ""]
    lines += [f"**{goal[f'status_{lang}']}.** {goal[f'reason_{lang}']}", ""]
    lines += [
        f"- {text('Verdict')} ({one['role']}, {text.day(one['decided_on'])}, {text('summarised by us')}): "
        f"{one[f'statement_{lang}']}"
        for one in about["verdicts"]
    ]
    lines += [f"- {text('What would change this?')} {goal[f'would_change_{lang}']}", ""]
    lines += [f"### {text('Figures')}", "", *figure_table(about["figures"], decimals, text), ""]
    lines += [f"### {text('Evidence')}", "", *evidence_list(about["evidence"], text), ""]
    notes = [f"- {one[f'label_{lang}']}: {one[f'description_{lang}']}" for one in about["caveats"]]
    return lines + ([f"### {text('Caveats')}", "", *dict.fromkeys(notes), ""] if notes else [])


def figure_table(figures: Rows, decimals: dict[str, int], text: Text) -> list[str]:
    """The totals of all indicators of a goal; breakdowns are in `figures.csv`."""
    cells = [
        (
            figure[f"indicator_{text.lang}"],
            figure["method_version"],
            figure["period_label"],
            bounded(figure, decimals, text),
            ", ".join(text("synthetic") if flag == "synthetic" else flag for flag in figure["flags"]),
        )
        for figure in figures
        if figure["breakdown"] == "total"
    ]
    names = [text("Indicator"), text("Method"), text("Period"), text("Value"), text("Mind")]
    return table(names, cells, right=(3,)) if cells else [text("No national figure is known.")]


def evidence_list(evidence: Rows, text: Text) -> list[str]:
    """Each piece of evidence in our own words, with its source, strength and side."""
    side = {"for": text("for"), "against": text("against"), "context": text("context")}
    return [
        f"- {one['evidence_id']} ({text('strength')} {one['strength']}, {side[one['polarity']]}): "
        f"{one[f'statement_{text.lang}']} [{one['publisher']}, {publication(one, text)}]({one['url']})"
        + (f" ({text('synthetic')})" if one["synthetic"] else "")
        for one in evidence
    ] or [text("No evidence is known.")]


def revision_table(revisions: Rows, decimals: dict[str, int], text: Text) -> list[str]:
    """What publishers changed since the earlier snapshots."""
    cells = [
        (
            one["since_snapshot"],
            f"{one['indicator_id']} ({one['breakdown']})",
            one["period_label"],
            *(bounded(side_of(one, side), decimals, text) for side in ("before", "after")),
        )
        for one in revisions
    ]
    names = [text("Since the end of"), text("Indicator"), text("Period"), text("Was"), text("Became")]
    none = text("No national value was revised between the earlier snapshots and this day.")
    return table(names, cells, right=(3, 4)) if cells else [none]


def errata_table(errata: Rows, text: Text) -> list[str]:
    """What we had wrong ourselves, whenever it was found."""
    cells = [
        (
            one["erratum_id"],
            text.day(one["found_on"]),
            f"{one['row_key']} ({one['column']})",
            one["before"] or "",
            one["after"] or "",
            one[f"what_{text.lang}"],
        )
        for one in errata
    ]
    names = [text("Number"), text("Found on"), text("Row"), text("Was"), text("Became"), text("What was wrong")]
    return table(names, cells) if cells else [text("No error of ours has been found in a row that was released.")]


def side_of(revision: dict[str, Any], side: str) -> dict[str, Any]:
    """The value before or after a revision, in the columns of a figure."""
    values = {"value": f"value_{side}", "value_low": f"low_{side}", "value_high": f"high_{side}"}
    return {name: revision[column] for name, column in values.items()} | {
        "indicator_id": revision["indicator_id"],
        "unit": revision["unit"],
    }


def bounded(figure: dict[str, Any], decimals: dict[str, int], text: Text) -> str:
    """A value in its indicator's decimals; bounds where hidden cells leave only those."""
    low, high = figure["value_low"], figure["value_high"]
    return text.bounded(figure["value"], low, high, figure["unit"], decimals[figure["indicator_id"]])


def publication(evidence: dict[str, Any], text: Text) -> str:
    """When it was published, no more precisely than is known."""
    day, ground = evidence["published_on"], evidence["published_ground"]
    if day is None or ground == "unknown":
        return text("date unknown")
    known = day.isoformat()[: DIGITS.get(evidence["published_precision"])]
    return f"{known} ({text('inferred')})" if ground == "inferred" else known


def table(names: list[str], rows: list[tuple[Any, ...]], right: tuple[int, ...] = ()) -> list[str]:
    """A Markdown table; the columns in `right` hold numbers."""
    rule = ["---:" if place in right else "---" for place in range(len(names))]
    return [row_of(names), f"|{'|'.join(rule)}|", *map(row_of, rows)]


def row_of(cells: list[str] | tuple[Any, ...]) -> str:
    """A line of a Markdown table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
