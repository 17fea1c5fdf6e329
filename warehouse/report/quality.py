"""What publishers changed, and how the data came in."""

from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from warehouse.database import scalar
from warehouse.report.boards import board_names
from warehouse.report.model import records

AGREEMENT = (2018, 2019, 2020)
MOST = 25
"""Changes shown per indicator, of those that can be seen in the digits shown; the download holds them all."""
LAST = "revised_on, source_before, source_after, value_before, erratum_id"
"""What sets revisions of one value apart that are of one size, as when a publisher takes one back."""
LARGEST_FIRST = f"""
WITH named AS (
    SELECT changed.*, indicator.goal_id AS goal, indicator.name_nl, indicator.name_en, indicator.decimals,
           indicator.unit AS indicator_unit, schools.name AS school, boards.board_id AS board_now,
           abs(changed.value_after - changed.value_before) AS size,
           coalesce(abs(changed.value_after - changed.value_before) < 0.5 * pow(10, CASE WHEN indicator.decimals > 0 THEN -indicator.decimals - 2 ELSE 0 END), false) AS is_nothing
    FROM {{table}} AS changed
    JOIN goals.indicator AS indicator USING (indicator_id)
    LEFT JOIN schools ON changed.entity_level IN ('school', 'vestiging') AND schools.school_id = left(changed.entity_id, 4)
    LEFT JOIN boards ON changed.entity_level = 'board' AND boards.board_id = changed.entity_id
    WHERE {{wanted}}
)
SELECT *, count(*) OVER (PARTITION BY indicator_id) AS total,
       max(size / nullif(abs(value_before), 0)) OVER (PARTITION BY indicator_id) AS weight
FROM named
QUALIFY NOT is_nothing AND row_number() OVER (PARTITION BY indicator_id ORDER BY is_nothing, entity_level <> 'national', size DESC NULLS LAST, entity_level, entity_id, period_end, breakdown, method_version, kind{{last}}) <= {MOST}
ORDER BY weight DESC NULLS LAST, indicator_id, entity_level <> 'national', size DESC NULLS LAST, entity_level, entity_id, period_end, breakdown,
    method_version, kind{{last}}"""  # noqa: S608 - a constant; the rest is filled in below
COUNTS = """
SELECT source_after, source_before, revised_on, synthetic, count(*) AS cells,
       count(*) FILTER (kind = 'confirmed') AS confirmed, count(*) FILTER (kind <> 'confirmed') AS changed,
       count(*) FILTER (entity_level = 'national' AND kind <> 'confirmed') AS national
FROM seen_revision GROUP BY ALL ORDER BY changed DESC, source_after, source_before, revised_on, synthetic"""
FILES = """
SELECT file.*, dataset.title_nl, dataset.title_en,
       file.sha256 IN (SELECT sha256 FROM meta.reviewed_count) AS reviewed
FROM meta.source_file AS file JOIN meta.dataset AS dataset USING (dataset_id)
ORDER BY file.dataset_id, file.known_from, file.file_name"""
REJECTED = """
SELECT file.file_name, file.known_from, quarantine."column", quarantine."check", count(*) AS lines, min(quarantine.line) AS first_line,
       any_value(quarantine.raw_value) AS example
FROM meta.quarantine AS quarantine JOIN meta.source_file AS file USING (source_file_id)
GROUP BY file.source_file_id, file.file_name, file.known_from, quarantine."column", quarantine."check"
ORDER BY lines DESC, file_name, known_from LIMIT 200"""
RECONCILED = """
SELECT pair.*, indicator.name_nl, indicator.name_en, indicator.decimals, indicator.unit
FROM reconciliation AS pair JOIN goals.indicator AS indicator USING (indicator_id)
ORDER BY outcome = 'agrees', goal_id, indicator_id, breakdown, year"""
PERIODS = """
SELECT indicator.goal_id, indicator.indicator_id, indicator.name_nl, indicator.name_en, seen.method_version, seen.synthetic,
       list_sort(list(DISTINCT seen.year) FILTER (seen.year IS NOT NULL)) AS years
FROM goals.indicator AS indicator LEFT JOIN timeline AS seen USING (indicator_id)
GROUP BY ALL ORDER BY goal_id, indicator_id, method_version"""
DRIFT = """
SELECT file_name, kind, detail, synthetic FROM meta.drift JOIN meta.source_file USING (source_file_id) ORDER BY ALL"""


def load_revisions(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Since the last release, and since ever; per indicator in its own unit, the country first, then the largest.

    Leaves all revisions in the temporary table `seen_revision`: the view compares every value with the one before it each time.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE seen_revision AS FROM revisions")
    return {
        "since_last": by_indicator(
            records(con, LARGEST_FIRST.format(table="meta.release_change", wanted="true", last=""))
        ),
        "revisions": by_indicator(
            records(con, LARGEST_FIRST.format(table="seen_revision", wanted="kind <> 'confirmed'", last=f", {LAST}"))
        ),
        "boards": defaultdict(lambda: None, board_names(con)),
        "counts": records(con, COUNTS),
        "total": scalar(con, "SELECT count(*) FROM seen_revision WHERE kind <> 'confirmed'"),
    }


def by_indicator(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rows that follow each other and are of one indicator, together; `shown_decimals` is what sets their values apart."""
    groups = [list(group) for _, group in groupby(rows, key=itemgetter("indicator_id"))]
    for group in groups:
        decimals = group[0]["decimals"]
        values = [row[side] for row in group for side in ("value_before", "value_after") if row[side] is not None]
        printed = all(abs(value - round(value, decimals)) < 1e-9 for value in values)
        group[0]["shown_decimals"] = decimals if printed or not decimals else decimals + 2
    return groups


def gaps(row: dict[str, Any]) -> dict[str, Any]:
    """What a series lacks: years of the agreement, and years between its first and its last."""
    years = row["years"] or []
    inside = range(years[0], years[-1] + 1) if years else ()
    return row | {
        "absent": [year for year in AGREEMENT if year not in years],
        "holes": [year for year in inside if year not in years and year not in AGREEMENT],
    }


def load_quality(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Rows in, accepted and rejected with reasons; refused files; what is missing; what was reconciled; drift."""
    periods = [gaps(row) for row in records(con, PERIODS)]
    return {
        "files": records(con, FILES),
        "rejected": records(con, REJECTED),
        "refused": records(con, "FROM meta.refused_file ORDER BY retrieved_on, file_name"),
        "reconciled": records(con, RECONCILED),
        "missing": [row for row in periods if row["absent"] or row["holes"]],
        "series": len(periods),
        "drift": records(con, DRIFT),
    }
