"""The sheets of the workbook: what a reader in a spreadsheet wants to see, in words, per language.

Each sheet is a query in `exports/sql`, whose columns stand in the order of the headings; a last column `decimals` says how its
numbers are shown, as in the report. In it `{lang}` becomes nl or en, and names in braces relations of the release, of a snapshot,
or of what was known on a day.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its query, its title and its headings, in English as the catalogue of texts has them."""

    name: str
    title: str
    headings: tuple[str, ...]

    def query(self, lang: str, relations: dict[str, str]) -> str:
        """The query for one language, over the release or a snapshot."""
        return (SQL / f"{self.name}.sql").read_text().format(lang=lang, **relations)


# fmt: off
GOALS = Sheet("goals", "Goals", (
    "Goal", "Name", "Question", "Status", "What is known", "Evidence points to", "Why", "What would change it", "Last year", "Last value",
    "Ambition path", "Target", "Flags", "Verdict", "By", "Evidence for", "Evidence against"))
PROGRESS = Sheet("progress", "Progress 2018-2020", (
    "Goal", "Name", "Indicator", "Unit", "Base", "Base value", "2018", "Path 2018", "2020", "2020 low", "2020 high", "Path 2020",
    "Change", "Target", "Status", "Flags", "Basis", "Files", "Lines", "Published compared with added up"))
VALUES = Sheet("values", "National figures", (
    "Goal", "Indicator", "Method", "Breakdown", "Period", "Value", "Low bound", "High bound", "Unit", "Status",
    "Flags", "Source", "Known from"))
EVIDENCE = Sheet("evidence", "Evidence", (
    "Number", "Goal", "What it says", "Side", "Strength", "Publisher", "Title", "Address", "Published",
    "Graded by"))
VERDICTS = Sheet("verdicts", "Verdicts", (
    "Number", "Goal", "Status", "Verdict", "By", "Rests on", "Date", "Address"))
CAVEATS = Sheet("caveats", "Caveats", (
    "Goal", "Indicator", "Method", "Period", "Flag", "Weight", "Meaning", "Address"))
REVISIONS = Sheet("revisions", "Revisions", (
    "Indicator", "Kind", "Level", "Entity", "Breakdown", "Period", "Was", "Became", "Change", "Revised on",
    "Source before", "Source after"))
CHANGES = Sheet("changes", "Changed answers", (
    "Goal", "What", "Was", "Became", "Why", "Source"))
VINTAGES = Sheet("vintages", "Vintages", (
    "Goal", "Indicator", "Method", "Breakdown", "Period", "Vintage", "Value", "Low bound", "High bound", "Status"))
ERRATA = Sheet("errata", "Our corrections", (
    "Number", "Found on", "By", "Goal", "Row", "Column", "Was", "Became", "Wrong since", "What was wrong", "Snapshots"))
ASSUMPTIONS = Sheet("assumptions", "Assumptions", (
    "Number", "Holds for", "Assumption", "How well founded", "What depends on it", "If it were wrong"))
COVERAGE = Sheet("coverage", "Coverage", (
    "Goal", "Indicator", "Method", "Period", "National", "Provinces", "Boards", "Schools", "Sites",
    "Of which hidden", "Known since"))
FLAGS = Sheet("flags", "Flags", (
    "Code", "Flag", "Meaning", "Weight"))
RELEASE_SHEETS = (GOALS, PROGRESS, VALUES, EVIDENCE, VERDICTS, REVISIONS, VINTAGES, ERRATA, COVERAGE, FLAGS)
SNAPSHOT_SHEETS = (GOALS, VALUES, EVIDENCE, VERDICTS, FLAGS)
EVALUATION_SHEETS = (
    GOALS, PROGRESS, VALUES, EVIDENCE, VERDICTS, CAVEATS, CHANGES, REVISIONS, ERRATA, ASSUMPTIONS, FLAGS)
# fmt: on
GUIDE = (
    "This workbook belongs to the warehouse on the fifteen goals of the Sectorakkoord VO 2018-2020.",
    "Goals: what can be said of each goal, why, and what would change it. A status never comes from a proxy alone.",
    "Progress 2018-2020: the figures of both years as known now, also where the other sheets stop at an earlier day.",
    "National figures: every value with method, period and source. Compare values of the same method only.",
    "Where a publisher suppresses small counts, a low and a high bound are given instead of a value; nothing is filled in.",
    "Empty cell: not known. Percentages are in percent: 5.71 is 5.71 percent.",
    "Figures per school and board, and all columns with their meaning, are in the CSV and Parquet files beside this workbook.",
)
"""What the first sheet says."""

RELEASE_RELATIONS = {
    "status": "goal_status",
    "values": "timeline",
    "evidence": "goals.evidence",
    "verdict": "goals.verdict",
    "progress": "progress(2018, 2020)",
    "revisions": "revisions",
}


def snapshot_relations(snapshot_id: str) -> dict[str, str]:
    """The same relations, frozen."""
    of_it = f"WHERE snapshot_id = '{snapshot_id}'"
    return {
        "status": f"(FROM snapshot.goal_status {of_it})",
        "values": f"(FROM snapshot.observation {of_it} AND entity_level = 'national')",
        "evidence": f"(FROM snapshot.evidence {of_it})",
        "verdict": f"(FROM snapshot.verdict {of_it})",
    }


def evaluation_relations(day: date, tables: dict[str, str]) -> dict[str, str]:
    """The same relations as known on a day, of the evaluators' tables; progress as known now."""
    return {
        "status": f"(FROM goal_status_as_of(DATE '{day}'))",
        "values": f"(FROM as_of(DATE '{day}'))",
        "evidence": f"({tables['evidence']})",
        "verdict": f"({tables['verdicts']})",
        "progress": f"({tables['progress']})",
        "caveats": f"({tables['caveats']})",
        "changes": f"({tables['changes']})",
        "revisions": f"(FROM revisions WHERE entity_level = 'national' AND revised_on <= DATE '{day}')",
    }
