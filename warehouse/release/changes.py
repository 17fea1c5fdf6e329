"""What differs between two sets of values: added, removed, relabelled, revised; and the version number that follows.

Semantic versions of data: something removed = major; added, relabelled or revised = minor; nothing of these but other
content (a note, a source) = patch.
"""

from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.text import Text

ENGLISH = Text("en")
KEY = ("indicator_id", "method_version", "entity_level", "entity_id", "period_start", "period_end", "breakdown")
COMPARED_COLUMNS = ("value", "value_low", "value_high", "numerator", "denominator", "masked_cells", "status")

COMPARE = """
CREATE OR REPLACE TEMP TABLE change AS
SELECT CASE WHEN old.indicator_id IS NULL THEN 'added'
            WHEN new.indicator_id IS NULL THEN 'removed'
            WHEN {said_differs} THEN 'revised'
            ELSE 'relabelled' END AS kind,
       {key}, coalesce(new.period_label, old.period_label) AS period_label,
       old.value AS value_before, new.value AS value_after,
       old.value_low AS low_before, new.value_low AS low_after, old.value_high AS high_before, new.value_high AS high_after,
       old.numerator AS numerator_before, new.numerator AS numerator_after,
       old.denominator AS denominator_before, new.denominator AS denominator_after,
       old.status AS status_before, new.status AS status_after
FROM ({old}) AS old FULL OUTER JOIN ({new}) AS new ON {same_key}
WHERE old.indicator_id IS NULL OR new.indicator_id IS NULL OR {said_differs}
   OR old.period_label IS DISTINCT FROM new.period_label OR old.flags IS DISTINCT FROM new.flags"""


@dataclass(frozen=True)
class ChangeCounts:
    """How many values were removed, added, relabelled and revised."""

    removed: int = 0
    added: int = 0
    relabelled: int = 0
    revised: int = 0

    @property
    def any(self) -> bool:
        """Has any value changed?"""
        return bool(self.removed or self.added or self.relabelled or self.revised)

    def next_version(self, version: str) -> str:
        """The version after `version` (such as 1.2.0) that these changes call for."""
        major, minor, patch = (int(part) for part in version.split("."))
        if self.removed:
            return f"{major + 1}.0.0"
        if self.any:
            return f"{major}.{minor + 1}.0"
        return f"{major}.{minor}.{patch + 1}"

    def __str__(self) -> str:
        return f"{self.added} added, {self.revised} revised, {self.relabelled} relabelled, {self.removed} removed"


def compare(con: duckdb.DuckDBPyConnection, old: str, new: str) -> ChangeCounts:
    """Compare two selects of observations (KEY, SAID, period_label, flags) into the temporary table `change`."""
    con.execute(
        COMPARE.format(
            old=old,
            new=new,
            key=", ".join(f"coalesce(new.{column}, old.{column}) AS {column}" for column in KEY),
            same_key=" AND ".join(f"old.{column} = new.{column}" for column in KEY),
            said_differs="("
            + " OR ".join(f"old.{column} IS DISTINCT FROM new.{column}" for column in COMPARED_COLUMNS)
            + ")",
        )
    )
    return ChangeCounts(**dict(con.execute("SELECT kind, count(*) FROM change GROUP BY kind").fetchall()))


LARGEST = """
SELECT kind, indicator_id, method_version, entity_level, entity_id, period_label, breakdown, value_before, value_after
FROM {table}
ORDER BY entity_level <> 'national', abs(coalesce(value_after, 0) - coalesce(value_before, 0)) DESC,
    indicator_id, method_version, entity_level, entity_id, period_start, breakdown
LIMIT {most}"""


def largest_changes(con: duckdb.DuckDBPyConnection, table: str, most: int = 25) -> list[dict[str, Any]]:
    """The largest changes as records, national ones first."""
    cursor = con.execute(LARGEST.format(table=table, most=most))
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def changes_markdown(
    con: duckdb.DuckDBPyConnection, counts: ChangeCounts, table: str = "change", most: int = 25
) -> str:
    """The largest changes as a readable Markdown table, national ones first."""
    if not counts.any:
        return "No value changed.\n"
    rows = [tuple(change.values()) for change in largest_changes(con, table, most)]
    head = "| change | indicator | method | entity | period | breakdown | before | after |\n|---|---|---|---|---|---|---|---|\n"
    body = "".join(
        f"| {kind} | {indicator} | {method} | {level} {entity} | {label} | {breakdown} | {ENGLISH.number(before, None)} | {ENGLISH.number(after, None)} |\n"
        for kind, indicator, method, level, entity, label, breakdown, before, after in rows
    )
    total = counts.removed + counts.added + counts.relabelled + counts.revised
    note = (
        f"\nThe {len(rows)} first of {total} changes, the national ones first, then by size.\n"
        if total > len(rows)
        else ""
    )
    return f"{counts}.\n\n{head}{body}{note}"
