"""The evaluation as a page to read, in Dutch or in English: goal by goal, figures, evidence, verdict, caveats."""

from datetime import date
from typing import Any

import duckdb

LANGUAGES = ("nl", "en")
WORDS = {
    "nl": {
        "title": "Sectorakkoord VO 2018-2020: evaluatie, stand van {day}",
        "known": "Alles hieronder is wat op {day} openbaar was, achteraf samengesteld (retrospectief). "
        "Wat later bekend werd of herzien is staat er niet in.",
        "synthetic": "**SYNTHETISCHE uitgave: wat uit schoolbestanden is opgeteld (bottom_up) is gemaakt om mee te oefenen en "
        "zegt niets over de werkelijkheid; gepubliceerde cijfers en bewijs zijn echt.**",
        "made_up": "synthetisch",
        "overview": "Overzicht",
        "goal": "Doel",
        "status": "Status",
        "reason": "Waarom",
        "verdict": "Oordeel",
        "given": "{role}, {day}",
        "change": "Wat dit zou veranderen",
        "figures": "Cijfers",
        "no_figures": "Geen landelijk cijfer bekend.",
        "indicator": "Indicator",
        "made": "Werkwijze",
        "period": "Periode",
        "value": "Waarde",
        "flags": "Let op",
        "evidence": "Bewijs",
        "no_evidence": "Geen bewijs bekend.",
        "strength": "sterkte",
        "for": "voor",
        "against": "tegen",
        "context": "context",
        "unknown_day": "datum onbekend",
        "inferred": "afgeleid",
        "caveats": "Kanttekeningen",
        "revisions": "Herzieningen sinds eerdere peildata",
        "no_revisions": "Geen landelijke waarde is tussen de eerdere peildata en deze dag herzien.",
        "since": "Sinds eind",
        "before": "Was",
        "after": "Werd",
    },
    "en": {
        "title": "Sectorakkoord VO 2018-2020: evaluation, as known on {day}",
        "known": "All below is what was public on {day}, put together afterwards (retrospective). "
        "What became known or was revised later is not in it.",
        "synthetic": "**SYNTHETIC edition: what is added up from school files (bottom_up) is made up for practice and says "
        "nothing about reality; published figures and evidence are real.**",
        "made_up": "synthetic",
        "overview": "Overview",
        "goal": "Goal",
        "status": "Status",
        "reason": "Why",
        "verdict": "Verdict",
        "given": "{role}, {day}",
        "change": "What would change this",
        "figures": "Figures",
        "no_figures": "No national figure is known.",
        "indicator": "Indicator",
        "made": "Method",
        "period": "Period",
        "value": "Value",
        "flags": "Note",
        "evidence": "Evidence",
        "no_evidence": "No evidence is known.",
        "strength": "strength",
        "for": "for",
        "against": "against",
        "context": "context",
        "unknown_day": "date unknown",
        "inferred": "inferred",
        "caveats": "Caveats",
        "revisions": "Revisions since earlier snapshots",
        "no_revisions": "No national value was revised between the earlier snapshots and this day.",
        "since": "Since end of",
        "before": "Was",
        "after": "Became",
    },
}
UNITS = {"pct": "%", "eur": " euro"}


def page(con: duckdb.DuckDBPyConnection, tables: dict[str, str], day: date, language: str) -> str:
    """The whole page as Markdown. `tables`: the selects of `warehouse.exports.evaluation`."""
    words = WORDS[language]
    rows: dict[str, list[Any]] = {name: con.execute(select).df().to_dict("records") for name, select in tables.items()}
    decimals = dict(con.execute("SELECT indicator_id, decimals FROM goals.indicator").fetchall())
    lines = [f"# {words['title'].format(day=day)}", "", words["known"].format(day=day), ""]
    if any(goal["synthetic"] for goal in rows["goals"]):
        lines += [words["synthetic"], ""]
    lines += [f"## {words['overview']}", "", *overview(rows["goals"], language), ""]
    for goal in rows["goals"]:
        about = {
            name: [row for row in rows[name] if row["goal_id"] == goal["goal_id"]] for name in rows if name != "goals"
        }
        lines += goal_section(goal, about, decimals, language)
    lines += [f"## {words['revisions']}", "", *revision_table(rows["revisions"], decimals, language), ""]
    return "\n".join(lines)


def overview(goals: list[dict[str, Any]], language: str) -> list[str]:
    """One line per goal."""
    words = WORDS[language]
    head = [f"| | {words['goal']} | {words['status']} | {words['reason']} |", "|---|---|---|---|"]
    return head + [
        row_of(goal["goal_id"], goal[f"goal_{language}"], goal[f"status_{language}"], goal[f"reason_{language}"])
        for goal in goals
    ]


def goal_section(
    goal: dict[str, Any], about: dict[str, list[dict[str, Any]]], decimals: dict[str, int], language: str
) -> list[str]:
    """Everything on one goal."""
    words = WORDS[language]
    lines = [f"## {goal['goal_id']} {goal[f'goal_{language}']}", ""]
    lines += [f"**{goal[f'status_{language}']}.** {goal[f'reason_{language}']}", ""]
    lines += [
        f"- {words['verdict']} ({words['given'].format(role=one['role'], day=day_of(one['decided_on'], words))}): "
        f"{one[f'statement_{language}']}"
        for one in about["verdicts"]
    ]
    lines += [f"- {words['change']}: {goal[f'would_change_{language}']}", ""]
    lines += [f"### {words['figures']}", "", *figure_table(about["figures"], decimals, language), ""]
    lines += [f"### {words['evidence']}", "", *evidence_list(about["evidence"], language), ""]
    notes = list(
        dict[str, Any].fromkeys(
            f"- {one[f'label_{language}']}: {one[f'description_{language}']}" for one in about["caveats"]
        )
    )
    return lines + ([f"### {words['caveats']}", "", *notes, ""] if notes else [])


def figure_table(figures: list[dict[str, Any]], decimals: dict[str, int], language: str) -> list[str]:
    """The totals of all indicators of a goal; breakdowns are in `figures.csv`."""
    words = WORDS[language]
    totals = [figure for figure in figures if figure["breakdown"] == "total"]
    if not totals:
        return [words["no_figures"]]
    head = [
        f"| {words['indicator']} | {words['made']} | {words['period']} | {words['value']} | {words['flags']} |",
        "|---|---|---|---:|---|",
    ]
    return head + [
        row_of(
            figure[f"indicator_{language}"],
            figure["method_version"],
            figure["period_label"],
            value_text(figure, decimals, language),
            ", ".join(words["made_up"] if flag == "synthetic" else flag for flag in figure["flags"]),
        )
        for figure in totals
    ]


def evidence_list(evidence: list[dict[str, Any]], language: str) -> list[str]:
    """Each piece of evidence in our own words, with its source, strength and side."""
    words = WORDS[language]
    return [
        f"- {one['evidence_id']} ({words['strength']} {one['strength']}, {words[one['polarity']]}): "
        f"{one[f'statement_{language}']} [{one['publisher']}, {publication(one, words)}]({one['url']})"
        + (f" ({words['made_up']})" if one["synthetic"] else "")
        for one in evidence
    ] or [words["no_evidence"]]


def revision_table(revisions: list[dict[str, Any]], decimals: dict[str, int], language: str) -> list[str]:
    """What publishers changed since the earlier snapshots."""
    words = WORDS[language]
    if not revisions:
        return [words["no_revisions"]]
    head = [
        f"| {words['since']} | {words['indicator']} | {words['period']} | {words['before']} | {words['after']} |",
        "|---|---|---|---:|---:|",
    ]
    return head + [
        row_of(
            one["since_snapshot"],
            f"{one['indicator_id']} ({one['breakdown']})",
            one["period_label"],
            value_text(side(one, "before"), decimals, language),
            value_text(side(one, "after"), decimals, language),
        )
        for one in revisions
    ]


def side(revision: dict[str, Any], which: str) -> dict[str, Any]:
    """The value before or after a revision, in the columns of a figure."""
    return {
        "indicator_id": revision["indicator_id"],
        "unit": revision["unit"],
        "value": revision[f"value_{which}"],
        "value_low": revision[f"low_{which}"],
        "value_high": revision[f"high_{which}"],
    }


def value_text(figure: dict[str, Any], decimals: dict[str, int], language: str) -> str:
    """A value in its indicator's decimals; bounds where hidden cells leave only those."""
    places, unit = int(decimals[figure["indicator_id"]]), UNITS.get(figure["unit"], "")
    if figure["value"] == figure["value"]:
        return number_text(figure["value"], places, language) + unit
    low, high = (number_text(figure[end], places, language) for end in ("value_low", "value_high"))
    return f"{low} - {high}{unit}"


def number_text(number: float, places: int, language: str) -> str:
    """1234.5 as 1.234,5 in Dutch and 1,234.5 in English."""
    text = f"{number:,.{places}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


def day_of(day: object, words: dict[str, str]) -> str:
    """A day, or that it is unknown."""
    return str(day)[:10] if day == day and day is not None else words["unknown_day"]


def publication(evidence: dict[str, Any], words: dict[str, str]) -> str:
    """When it was published, no more precisely than is known."""
    digits = {"year": 4, "month": 7}.get(evidence["published_precision"], 10)
    inferred = f" ({words['inferred']})" if evidence["published_ground"] == "inferred" else ""
    return (
        day_of(evidence["published_on"], words)[: digits if evidence["published_ground"] != "unknown" else None]
        + inferred
    )


def row_of(*cells: object) -> str:
    """A line of a Markdown table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
