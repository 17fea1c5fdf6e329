"""The sheets of the workbook: what a reader in a spreadsheet wants to see, in words, per language.

Each sheet is a query in `exports/sql`, whose columns stand in the order of the headings. In it `{lang}` becomes nl or
en, and `{status}`, `{values}`, `{evidence}` and `{verdict}` the relations of the release or of a snapshot.
"""

from dataclasses import dataclass
from pathlib import Path

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its query, its title and its headings, in English as the catalogue of texts has them."""

    name: str
    title: str
    headings: tuple[str, ...]
    release_only: bool = False

    def query(self, lang: str, relations: dict[str, str]) -> str:
        """The query for one language, over the release or a snapshot."""
        return (SQL / f"{self.name}.sql").read_text().format(lang=lang, **relations)


# fmt: off
SHEETS = (
    Sheet("goals", "Goals", (
        "Goal", "Name", "Question", "Status", "Why", "What would change it", "Last year", "Last value",
        "Ambition path", "Target", "Flags", "Verdict", "By", "Evidence for", "Evidence against")),
    Sheet("values", "National figures", (
        "Goal", "Indicator", "Method", "Breakdown", "Period", "Value", "Low bound", "High bound", "Unit", "Status",
        "Flags", "Source", "Known from")),
    Sheet("evidence", "Evidence", (
        "Number", "Goal", "What it says", "Side", "Strength", "Publisher", "Title", "Address", "Published",
        "Graded by")),
    Sheet("verdicts", "Verdicts", (
        "Number", "Goal", "Status", "Verdict", "By", "Rests on", "Date", "Address")),
    Sheet("revisions", "Revisions", (
        "Indicator", "Kind", "Level", "Entity", "Breakdown", "Period", "Was", "Became", "Change", "Revised on",
        "Source before", "Source after"), release_only=True),
    Sheet("vintages", "Vintages", (
        "Goal", "Indicator", "Method", "Breakdown", "Period", "Vintage", "Value", "Low bound", "High bound", "Status"),
        release_only=True),
    Sheet("errata", "Our corrections", (
        "Number", "Found on", "By", "Goal", "Row", "Column", "Was", "Became", "Wrong since", "What was wrong", "Snapshots"),
        release_only=True),
    Sheet("coverage", "Coverage", (
        "Goal", "Indicator", "Method", "Period", "National", "Provinces", "Boards", "Schools", "Sites",
        "Of which hidden", "Known since"), release_only=True),
    Sheet("flags", "Flags", (
        "Code", "Flag", "Meaning", "Weight")),
)
# fmt: on
GUIDE = (
    "This workbook belongs to the warehouse on the fifteen goals of the Sectorakkoord VO 2018-2020.",
    "Goals: what can be said of each goal, why, and what would change it. A status never comes from a proxy alone.",
    "National figures: every value with method, period and source. Compare values of the same method only.",
    "Where a publisher hides small counts there is no value but a low and a high bound; nothing is filled in.",
    "Empty cell: not known. Percentages are in percent: 5.71 is 5.71 percent.",
    "Figures per school and board, and all columns with their meaning, are in the CSV and Parquet files beside this workbook.",
)
"""What the first sheet says."""

RELEASE_RELATIONS = {
    "status": "goal_status",
    "values": "timeline",
    "evidence": "goals.evidence",
    "verdict": "goals.verdict",
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
