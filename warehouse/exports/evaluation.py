"""The folder for the evaluators: what was known on a day, as tables to compute with and as pages to read.

    write_evaluation(con, date(2020, 12, 31), folder)

Seven tables, each as CSV and as Parquet: `goals` (status, rule, reason), `figures` (national values), `evidence`,
`verdicts`, `caveats` (flags on the figures, and breaks), `revisions` (what changed since the snapshots of earlier
years), `errata` (what we had wrong ourselves); and `evaluation_nl.md` and `evaluation_en.md`. The folder is replaced as a whole; the same warehouse gives the
same bytes.
"""

from datetime import date
from pathlib import Path

import duckdb

from warehouse.csv_writer import write_query
from warehouse.exports.evaluation_pages import page
from warehouse.files import quoted, staged_folder, write_bytes
from warehouse.text import LANGUAGES

FIRST_SNAPSHOT_YEAR = 2018

KNOWN = "known_from <= DATE '{day}'"
TABLES = {
    "goals": """
        SELECT goal.name_nl AS goal_nl, goal.name_en AS goal_en, status.*,
               label.label_nl AS status_nl, label.label_en AS status_en, edition.edition, edition.synthetic
        FROM goal_status_as_of(DATE '{day}') AS status
        JOIN goals.goal AS goal USING (goal_id) JOIN goals.status AS label ON label.status = status.status
        CROSS JOIN meta.edition AS edition
        ORDER BY goal_id""",
    "figures": """
        SELECT known.*, indicator.name_nl AS indicator_nl, indicator.name_en AS indicator_en,
               indicator.type AS indicator_type,
               method.origin, method.definition_nl, method.definition_en, method.formula,
               goal.headline_indicator_id = known.indicator_id AND goal.headline_method_version = known.method_version
                   AND goal.headline_breakdown = known.breakdown AS is_headline
        FROM as_of(DATE '{day}') AS known
        JOIN goals.indicator AS indicator USING (goal_id, indicator_id)
        JOIN goals.method AS method USING (indicator_id, method_version) JOIN goals.goal AS goal USING (goal_id)
        ORDER BY known.goal_id, known.indicator_id, known.method_version, known.breakdown, known.period_end""",
    "evidence": "SELECT * EXCLUDE (line) FROM goals.evidence WHERE {known} ORDER BY goal_id, evidence_id",
    "verdicts": "SELECT * EXCLUDE (line) FROM goals.verdict WHERE {known} ORDER BY goal_id, decided_on, verdict_id",
    "caveats": """
        SELECT figure.goal_id, figure.indicator_id, figure.method_version, figure.period_label, figure.flag,
               flag.severity, flag.label_nl, flag.label_en, flag.description_nl, flag.description_en, NULL AS source_url
        FROM (
            SELECT DISTINCT goal_id, indicator_id, method_version, period_label, period_end, unnest(flags) AS flag
            FROM as_of(DATE '{day}')
        ) AS figure
        JOIN goals.flag AS flag USING (flag)
        UNION ALL
        SELECT broken.goal_id, broken.indicator_id, broken.method_version, NULL, broken.flag, flag.severity,
               flag.label_nl, flag.label_en, broken.description_nl, broken.description_en, broken.source_url
        FROM goals."break" AS broken JOIN goals.flag AS flag USING (flag) WHERE broken.{known}
        ORDER BY ALL""",
    "revisions": """
        SELECT earlier.snapshot_year AS since_snapshot, revised.*
        FROM revisions AS revised
        JOIN (SELECT unnest(range({first_year}, {year})) AS snapshot_year) AS earlier
          ON revised.revised_on > make_date(earlier.snapshot_year, 12, 31)
        WHERE revised.entity_level = 'national' AND revised.revised_on <= DATE '{day}'
        ORDER BY earlier.snapshot_year, goal_id, indicator_id, method_version, breakdown, period_end, revised_on""",
    "errata": """
        SELECT *, holds_on(touched_from, touched_to, DATE '{day}') AS touches_this_day
        FROM errata ORDER BY found_on, erratum_id""",
}


def write_evaluation(con: duckdb.DuckDBPyConnection, snapshot_as_of: date, folder: Path) -> list[Path]:
    """Write the evaluators' folder and return its files in order of name. Nothing is left behind when it fails."""
    tables = tables_of(snapshot_as_of)
    with staged_folder(folder) as part:
        for name, select in tables.items():
            con.execute(f"COPY ({select}) TO '{quoted(part / f'{name}.parquet')}' (FORMAT parquet)")
            write_query(con, select, part / f"{name}.csv")
        for language in LANGUAGES:
            write_bytes(part / f"evaluation_{language}.md", page(con, tables, snapshot_as_of, language).encode())
    return sorted(folder.iterdir())


def tables_of(day: date) -> dict[str, str]:
    """The select of every table, as known on `day`."""
    return {
        name: select.format(day=day, known=KNOWN.format(day=day), first_year=FIRST_SNAPSHOT_YEAR, year=day.year)
        for name, select in TABLES.items()
    }
