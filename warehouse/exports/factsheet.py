"""A fact sheet of one indicator, in the order of the European metadata structure for statistics (ESMS).

Nineteen sections, each with entries made from the release; what the release does not say is "not known", never left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from warehouse.exports.leaflet_facts import Facts, Rows
from warehouse.text import Text

Entry = tuple[str, list[str]]
"""A label and what is said under it, a line each."""
AGREEMENT = (2018, 2019, 2020)


@dataclass(frozen=True)
class Section:
    """One concept of ESMS in one language."""

    number: int
    concept: str
    title: str
    entries: list[Entry]


def fact_sheet(facts: Facts, text: Text) -> list[Section]:
    """The nineteen sections."""
    made = []
    for number, (concept, (title, entries)) in enumerate(CONCEPTS.items(), 1):
        said = [(text(label), lines or [text("not known")]) for label, lines in entries(facts, text)]
        made.append(Section(number, concept, text(title), said))
    return made


def contact(facts: Facts, text: Text) -> list[Entry]:
    """Who publishes a copy only the one who publishes it knows."""
    return [("Made by", ["Sector warehouse Sectorakkoord VO"]), ("Organisation and address", [])]


def metadata_update(facts: Facts, text: Text) -> list[Entry]:
    """The days that the register has of what is said here."""
    entered = [one["entered_on"] for name in ("assumptions", "breaks") for one in facts[name]]
    days = entered + [one["found_on"] for one in facts["errata"]]
    return [("Last change of this description", [text.day(max(days))] if days else [])]


def presentation(facts: Facts, text: Text) -> list[Entry]:
    """Definitions, breakdowns, levels and years."""
    one = facts.indicator
    levels = [f"{text.code('entity_level', level['entity_level'])}: {text.number(level['entities'])}" for level in facts["levels"]]  # fmt: skip
    return [
        ("Indicator", [f"{one[f'name_{text.lang}']} ({one['indicator_id']})"]),
        ("Definition, per method", per_method(facts["methods"], lambda row: row[f"definition_{text.lang}"])),
        ("Breakdowns", [text.breakdown(row["breakdown"]) for row in facts["breakdowns"]]),
        ("Levels with figures", levels),
        (
            "Years covered",
            [
                f"{row['method_version']}: {text.stretch(row['first_period'], row['last_period'])}"
                for row in valued(facts)
            ],
        ),
    ]


def unit(facts: Facts, text: Text) -> list[Entry]:
    """What the numbers are."""
    one = facts.indicator
    return [
        ("Unit", [text.code("unit", one["unit"])]),
        ("Decimals shown", [text.number(one["decimals"])]),
        ("Favourable direction", [text.code("direction", one["direction"])]),
    ]


def reference_period(facts: Facts, text: Text) -> list[Entry]:
    """What a label year means."""
    rules = dict.fromkeys(text.code("label_rule", row["label_rule"]) for row in facts["methods"])
    return [("What a year means", list(rules))]


def mandate(facts: Facts, text: Text) -> list[Entry]:
    """The register holds nothing of it."""
    return [("Legal acts and other agreements", []), ("Data sharing", [])]


def confidentiality(facts: Facts, text: Text) -> list[Entry]:
    """Hidden counts."""
    hidden, values = (sum(row[name] for row in facts["methods"]) for name in ("hidden", "values"))
    said = text("{hidden} of {values} national values are based on suppressed counts and have bounds only", hidden=text.number(hidden), values=text.number(values))  # fmt: skip
    return [("Policy", [text("Small counts that a publisher suppresses stay suppressed; nothing is filled in.")]), ("Here", [said])]  # fmt: skip


def release_policy(facts: Facts, text: Text) -> list[Entry]:
    """When figures come."""
    return [
        ("Last update", [text.day(facts.last_change)] if facts.last_change else []),
        ("Next update", [said] if (said := facts.next_update(text)) else []),
        ("User access", []),
    ]


def frequency(facts: Facts, text: Text) -> list[Entry]:
    """How often the files behind it are renewed; single publications have no rhythm."""
    said = [f"{row[f'title_{text.lang}']}: {text.code('renewal', row['renewal'])}" for row in facts["frequency"]]
    return [("Files and how often they are renewed", said)]


def accessibility(facts: Facts, text: Text) -> list[Entry]:
    """Where the figures are."""
    name = facts.indicator_id
    return [
        ("Package (CSV, metadata.json, README)", [f"{name}.zip"]),
        ("Query", [f"FROM timeline WHERE indicator_id = '{name}'"]),
        ("Documentation of every column", ["meta.dictionary", "metadata.json"]),
    ]


def quality_management(facts: Facts, text: Text) -> list[Entry]:
    """Audits and assumptions."""
    assumed = [
        f"{row['assumption_id']}: {row[f'statement_{text.lang}']} "
        f"[{text.code('assumption_quality', row['quality'])}; {text.code('assumption_impact', row['impact'])}]"
        for row in facts["assumptions"]
    ]
    return [
        ("Quality assurance", [text("A release is published only when the queries that look for faults find none.")]),
        ("What we assume", assumed),
    ]


def relevance(facts: Facts, text: Text) -> list[Entry]:
    """Which question it speaks to, and for which of the agreement's years."""
    one = facts.indicator
    seen = {year for row in facts["methods"] for year in row["years"] or []}
    return [
        ("Question", [f"{one['goal_id']}: {one[f'question_{text.lang}']}"]),
        ("Kind", [text.code("indicator_type", one["type"])]),
        (
            "Years of the agreement with a national value",
            [str(year) for year in AGREEMENT if year in seen] or [text("none")],
        ),
        ("User needs and satisfaction", []),
    ]


def accuracy(facts: Facts, text: Text) -> list[Entry]:
    """What a reader of a figure must know."""
    return [
        ("What to know", [f"{row[f'label_{text.lang}']}: {row[f'description_{text.lang}']}" for row in facts["flags"]]),
        ("Sampling error", []),
    ]


def timeliness(facts: Facts, text: Text) -> list[Entry]:
    """From the end of a period to the first publication, where its day is known."""

    def said(row: dict[str, Any]) -> str:
        facts_of_row = {name: text.number(row[name]) for name in ("shortest", "longest", "values")}
        return text("{shortest} to {longest} days after the period ({values} values)", **facts_of_row)

    return [("First publication, per method", per_method(facts["delay"], said)), ("Punctuality", [])]


def coherence(facts: Facts, text: Text) -> list[Entry]:
    """Breaks, and published beside added up."""
    breaks = [f"{row['break_id']} ({text.stretch(row['period_end_from'], row['period_end_until'])}): {row[f'description_{text.lang}']}" for row in facts["breaks"]]  # fmt: skip
    pairs = [f"{row['published_method']} / {row['bottom_up_method']}: {text.code('outcome', row['outcome'])}, {text.plural('{n} value', '{n} values', row['values'])}" for row in facts["reconciled"]]  # fmt: skip
    return [
        ("Methods", [text("Figures of different methods are never joined into one series.")]),
        ("Breaks", breaks or [text("none in the register")]),
        ("Published compared with added up", pairs or [text("nothing to compare")]),
    ]


def burden(facts: Facts, text: Text) -> list[Entry]:
    """Nobody was asked anything for it."""
    return [
        ("Burden", [text("No data collection of our own: everything comes from existing publications.")]),
        ("Cost", []),
    ]


def revision(facts: Facts, text: Text) -> list[Entry]:
    """How much national values of each method moved, and our own errors."""
    decimals, measure = facts.indicator["decimals"] + 2, facts.indicator["unit"]

    def said(row: dict[str, Any]) -> str:
        if not row["revised"]:
            return text("values: {cells}, none published again", cells=text.number(row["cells"]))
        moved = {name: text.change(row[name], measure, decimals) for name in ("bias", "mean_absolute_revision", "largest_absolute_revision")}  # fmt: skip
        counted = {name: text.number(row[name]) for name in ("cells", "revised", "moved")}
        days = text("not known") if row["days_to_final"] is None else text.number(row["days_to_final"])
        line = text("values: {cells}, published again: {revised}, changed: {moved}; latest minus first {bias} on average, without its sign {mean}, at most {largest}; days to final: {days}", **counted, bias=moved["bias"], mean=moved["mean_absolute_revision"].lstrip("+"), largest=moved["largest_absolute_revision"].lstrip("+"), days=days)  # fmt: skip
        return line + (" " + text("These are fewer than five cases.") if row["few_cases"] else "")

    errors = [f"{row['erratum_id']} ({row['period_label']}, {row['column']}): {row['before'] or '–'} -> {row['after'] or '–'}. {row[f'what_{text.lang}']}" for row in facts["errata"]]  # fmt: skip
    return [
        ("Policy", [text("Every value that was ever known is kept with the days from which and to which it held.")]),
        ("Revision profile, per method", per_method(facts["revision_profile"], said)),
        ("Our corrections", errors or [text("none")]),
    ]


def processing(facts: Facts, text: Text) -> list[Entry]:
    """Sources with their days, and formulas."""
    return [
        ("Sources", [source_line(row, text) for row in facts["sources"]]),
        ("Formula, per method", per_method(facts["methods"], lambda row: row["formula"])),
        ("Origin, per method", per_method(facts["methods"], lambda row: text.code("origin", row["origin"]))),
        ("Adjustment", [text("none")]),
    ]


def comment(facts: Facts, text: Text) -> list[Entry]:
    """Scope of the goal, and the register's notes on sources."""
    notes = per_method([row for row in facts["methods"] if row["source_note"]], lambda row: row["source_note"])
    return [("Scope", [facts.indicator[f"scope_{text.lang}"]]), ("Notes on the sources (in English)", notes)]


def source_line(row: dict[str, Any], text: Text) -> str:
    """One source with what is known of its days and bytes."""
    day = row["published_on"] and (str(row["published_on"]) if row["published_precision"] == "day" else str(row["published_on"].year))  # fmt: skip
    parts = [row["title"] if row["sha256"] is None else f"{row['title']}, {row['file_name']}"]
    parts += [f"{text('published')} {day or text('unknown')}"]
    parts += [f"{text('retrieved')} {row['retrieved_on']}"] if row["retrieved_on"] else []
    parts += [row["url"]] if row["url"] else []
    parts += [f"SHA-256 {row['sha256']}"] if row["sha256"] else []
    return "; ".join(parts)


def valued(facts: Facts) -> Rows:
    """The methods that have a national value."""
    return [row for row in facts["methods"] if row["values"]]


def per_method(rows: Rows, said: Callable[[dict[str, Any]], str]) -> list[str]:
    """A line per method version."""
    return [f"{row['method_version']}: {said(row)}" for row in rows]


CONCEPTS: dict[str, tuple[str, Callable[[Facts, Text], list[Entry]]]] = {
    "contact": ("Contact", contact),
    "metadata_update": ("Metadata update", metadata_update),
    "statistical_presentation": ("Statistical presentation", presentation),
    "unit_of_measure": ("Unit of measure", unit),
    "reference_period": ("Reference period", reference_period),
    "institutional_mandate": ("Institutional mandate", mandate),
    "confidentiality": ("Confidentiality", confidentiality),
    "release_policy": ("Release policy", release_policy),
    "frequency_of_dissemination": ("Frequency of dissemination", frequency),
    "accessibility_and_clarity": ("Accessibility and clarity", accessibility),
    "quality_management": ("Quality management", quality_management),
    "relevance": ("Relevance", relevance),
    "accuracy_and_reliability": ("Accuracy and reliability", accuracy),
    "timeliness_and_punctuality": ("Timeliness and punctuality", timeliness),
    "coherence_and_comparability": ("Coherence and comparability", coherence),
    "cost_and_burden": ("Cost and burden", burden),
    "data_revision": ("Data revision", revision),
    "statistical_processing": ("Statistical processing", processing),
    "comment": ("Comment", comment),
}
"""Concept -> its title and what makes its entries, in the order of ESMS."""
