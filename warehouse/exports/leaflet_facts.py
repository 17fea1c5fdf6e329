"""What is known of every indicator beside its figures, read from a release at once for all of them."""

from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.database import records
from warehouse.text import Text

Rows = list[dict[str, Any]]

FACTS = {
    "methods": """
        SELECT method.* EXCLUDE (line), count(year) AS values, arg_min(period_label, period_end) AS first_period,
               arg_max(period_label, period_end) AS last_period, count(*) FILTER (masked_cells > 0) AS hidden,
               max(known_from) AS last_known, list_sort(list(DISTINCT year) FILTER (year BETWEEN 2018 AND 2020)) AS years
        FROM goals.method AS method LEFT JOIN timeline USING (indicator_id, method_version)
        GROUP BY ALL ORDER BY indicator_id, values = 0, method_version""",
    "breakdowns": "SELECT DISTINCT indicator_id, breakdown FROM timeline ORDER BY ALL",
    "levels": """
        SELECT indicator_id, entity_level, count(DISTINCT entity_id) AS entities FROM goals.observation
        WHERE known_to IS NULL GROUP BY ALL ORDER BY indicator_id, entities, entity_level""",
    "flags": """
        SELECT indicator_id, flag.* EXCLUDE (line) FROM (SELECT DISTINCT indicator_id, unnest(flags) AS flag FROM timeline)
        JOIN goals.flag AS flag USING (flag) ORDER BY ALL""",
    "breaks": """
        SELECT DISTINCT flag.indicator_id, broken.* EXCLUDE (indicator_id, line, method_version)
        FROM goals.break_flag AS flag JOIN goals."break" AS broken USING (break_id) ORDER BY indicator_id, break_id""",
    "sources": """
        SELECT DISTINCT o.indicator_id, coalesce(printed.source_title, file.publisher) AS title,
               coalesce(printed.source_url, file.url) AS url, coalesce(printed.published_on, file.published_on) AS published_on,
               coalesce(printed.published_precision, 'day') AS published_precision, file.retrieved_on,
               file.dataset_id, file.file_name, CASE WHEN printed.value_id IS NULL THEN file.sha256 END AS sha256
        FROM (FROM goals.observation WHERE entity_level = 'national' AND known_to IS NULL) AS o
        JOIN meta.source_file AS file ON file.source_file_id = o.source_file_ids[1]
        LEFT JOIN goals.published_value AS printed ON o.source_file_ids[1] LIKE 'register/%' AND printed.lines = o.source_lines
        ORDER BY ALL""",
    "frequency": """
        SELECT DISTINCT o.indicator_id, dataset.dataset_id, dataset.title_nl, dataset.title_en, dataset.renewal, calendar.due_on, calendar.state,
               dataset.publisher, concat_ws('; ', dataset.licence, nullif(dataset.licence_note, '')) AS licence
        FROM (SELECT DISTINCT indicator_id, source_file_ids[1] AS source_file_id FROM goals.observation WHERE entity_level = 'national' AND known_to IS NULL) AS o
        JOIN meta.source_file USING (source_file_id) JOIN meta.dataset AS dataset USING (dataset_id)
        JOIN release_calendar AS calendar USING (dataset_id) ORDER BY ALL""",
    "delay": """
        SELECT indicator_id, method_version, count(*) AS values, min(days) AS shortest, max(days) AS longest
        FROM (
            SELECT o.indicator_id, o.method_version, min(coalesce(printed.published_on, file.published_on)) - o.period_end AS days
            FROM goals.observation AS o JOIN meta.source_file AS file ON file.source_file_id = o.source_file_ids[1]
            LEFT JOIN goals.published_value AS printed ON o.source_file_ids[1] LIKE 'register/%' AND printed.lines = o.source_lines
            WHERE o.entity_level = 'national'
            GROUP BY o.indicator_id, o.method_version, o.breakdown, o.period_start, o.period_end
        )
        WHERE days IS NOT NULL GROUP BY ALL ORDER BY ALL""",
    "reconciled": """
        SELECT indicator_id, published_method, bottom_up_method, outcome, count(*) AS values FROM reconciliation
        GROUP BY ALL ORDER BY ALL""",
    "revision_profile": "FROM revision_profile WHERE entity_level = 'national' ORDER BY indicator_id, method_version",
    "errata": """
        SELECT published.indicator_id, published.period_label, errata.* EXCLUDE (line)
        FROM goals.errata JOIN goals.published_value AS published ON "table" = 'published_value' AND value_id = row_key
        ORDER BY indicator_id, erratum_id""",
    "assumptions": """
        SELECT indicator.indicator_id, assumption.* EXCLUDE (indicator_ids, line)
        FROM goals.indicator AS indicator JOIN goals.assumption AS assumption
          ON len(indicator_ids) = 0 OR list_contains(indicator_ids, indicator.indicator_id)
        ORDER BY ALL""",
}
"""Each select gives rows per indicator."""
INDICATORS = """
SELECT indicator.* EXCLUDE (line), goal.name_nl AS goal_nl, goal.name_en AS goal_en, goal.question_nl, goal.question_en,
       goal.scope_nl, goal.scope_en, (SELECT synthetic FROM meta.edition) AS synthetic
FROM goals.indicator AS indicator JOIN goals.goal AS goal USING (goal_id) ORDER BY goal_id, indicator.line"""


@dataclass(frozen=True)
class Facts:
    """One indicator: its row of the register, and the rows of every fact that concern it."""

    indicator: dict[str, Any]
    rows: dict[str, Rows]

    def __getitem__(self, name: str) -> Rows:
        """The rows of one fact."""
        return self.rows[name]

    @property
    def indicator_id(self) -> str:
        """Its key."""
        return str(self.indicator["indicator_id"])

    @property
    def last_change(self) -> Any:
        """The last day on which a value of it became known; None where there is none."""
        return max((one["last_known"] for one in self["methods"] if one["last_known"]), default=None)

    def next_update(self, text: Text) -> str | None:
        """When the first next file is expected, and that it is late where it is; None where nobody knows, as of figures no file gives."""
        expected = [(one["due_on"], one["state"]) for one in self["frequency"] if one["due_on"]]
        if not expected:
            return None
        day, state = min(expected)
        said = text("expected by {day}", day=text.day(day))
        return said if state == "expected" else f"{said} ({text.code('due_state', state)})"


def load_facts(con: duckdb.DuckDBPyConnection) -> list[Facts]:
    """Every indicator of the register, in the order of its goals."""
    found: dict[str, dict[str, Rows]] = {}
    for name, select in FACTS.items():
        for row in records(con, select):
            found.setdefault(row.pop("indicator_id"), {}).setdefault(name, []).append(row)
    facts = []
    for row in records(con, INDICATORS):
        rows = found.get(row["indicator_id"], {})
        facts.append(Facts(row, {name: rows.get(name, []) for name in FACTS}))
    return facts
