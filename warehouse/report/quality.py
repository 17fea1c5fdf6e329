"""What publishers changed, and how the data came in."""

from typing import Any

import duckdb

from warehouse.query import scalar
from warehouse.report.model import records

MOST = 250
REVISIONS = f"""
SELECT revisions.*, indicator.name_nl, indicator.name_en, indicator.decimals
FROM revisions JOIN goals.indicator AS indicator USING (indicator_id)
WHERE kind <> 'confirmed'
ORDER BY entity_level <> 'national', abs(change) DESC NULLS LAST, indicator_id, entity_level, entity_id, breakdown, period_end
LIMIT {MOST}"""
COUNTS = """
SELECT source_after, source_before, revised_on, synthetic, count(*) AS cells,
       count(*) FILTER (kind = 'confirmed') AS confirmed, count(*) FILTER (kind <> 'confirmed') AS changed,
       count(*) FILTER (entity_level = 'national' AND kind <> 'confirmed') AS national
FROM revisions GROUP BY ALL ORDER BY changed DESC, source_after"""
SINCE_LAST = f"""
SELECT change.*, indicator.name_nl, indicator.name_en, indicator.decimals, indicator.unit
FROM meta.release_change AS change JOIN goals.indicator AS indicator USING (indicator_id)
ORDER BY entity_level <> 'national', abs(value_after - value_before) DESC NULLS LAST, indicator_id, entity_id, period_end
LIMIT {MOST}"""
FILES = """
SELECT file.*, dataset.title_nl, dataset.title_en
FROM meta.source_file AS file JOIN meta.dataset AS dataset USING (dataset_id)
ORDER BY file.dataset_id, file.known_from, file.file_name"""
REJECTED = """
SELECT file.file_name, quarantine."column", quarantine."check", count(*) AS lines, min(quarantine.line) AS first_line,
       any_value(quarantine.raw_value) AS example
FROM meta.quarantine AS quarantine JOIN meta.source_file AS file USING (source_file_id)
GROUP BY ALL ORDER BY lines DESC, file_name LIMIT 200"""
RECONCILED = """
SELECT pair.*, indicator.name_nl, indicator.name_en, indicator.decimals, indicator.unit
FROM reconciliation AS pair JOIN goals.indicator AS indicator USING (indicator_id)
ORDER BY outcome = 'agrees', goal_id, indicator_id, breakdown, year"""
MISSING = """
SELECT indicator.goal_id, indicator.indicator_id, indicator.name_nl, indicator.name_en,
       list_sort(list(DISTINCT seen.year) FILTER (seen.year BETWEEN 2018 AND 2020)) AS known
FROM goals.indicator AS indicator LEFT JOIN timeline AS seen USING (indicator_id)
GROUP BY ALL ORDER BY goal_id, indicator_id"""


def load_revisions(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Since the last release, and since ever; largest first, the country before the rest."""
    return {
        "since_last": records(con, SINCE_LAST),
        "revisions": records(con, REVISIONS),
        "counts": records(con, COUNTS),
        "total": scalar(con, "SELECT count(*) FROM revisions WHERE kind <> 'confirmed'"),
        "total_since": scalar(con, "SELECT count(*) FROM meta.release_change"),
        "most": MOST,
    }


def load_quality(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Rows in, accepted and rejected with reasons; files kept aside; what is missing; what was reconciled; drift."""
    missing = [
        row | {"absent": [year for year in (2018, 2019, 2020) if year not in (row["known"] or [])]}
        for row in records(con, MISSING)
    ]
    return {
        "files": records(con, FILES),
        "rejected": records(con, REJECTED),
        "refused": records(con, "FROM meta.refused_file ORDER BY retrieved_on, file_name"),
        "reconciled": records(con, RECONCILED),
        "missing": [row for row in missing if row["absent"]],
        "indicators": len(missing),
        "drift": records(
            con,
            "SELECT file_name, kind, detail FROM meta.drift JOIN meta.source_file USING (source_file_id) ORDER BY ALL",
        ),
    }
