"""The query under each table and chart of a goal page: on the published file it gives the figures that the page shows."""

from warehouse.report.model import Indicator, Spread

FILE = "warehouse.duckdb"


def values(indicator: Indicator, breakdown: str) -> str:
    """The chart of an indicator and its table."""
    return f"""SELECT period_label, method_version, value, value_low, value_high, status, flags, known_from, source
FROM timeline WHERE indicator_id = '{indicator.indicator_id}' AND breakdown = '{breakdown}'
ORDER BY method_version, period_end"""  # noqa: S608 - a code of the register


def spread(one: Spread) -> str:
    """A value per province, or quantiles over boards or schools."""
    of_it = f"""FROM goals.observation
WHERE indicator_id = '{one.indicator.indicator_id}' AND method_version = '{one.method.method_version}' AND entity_level = '{one.level}'
  AND breakdown = 'total' AND known_to IS NULL AND year IN ({", ".join(map(str, one.years))})"""
    if one.level == "province":
        return f"SELECT entity_id, year, value, value_low, value_high {of_it}\nORDER BY entity_id, year"
    return f"""SELECT year, count(*) AS entities, count(value) AS exact, quantile_cont(value, 0.1) AS p10,
       quantile_cont(value, 0.5) AS median, quantile_cont(value, 0.9) AS p90
{of_it}
GROUP BY year ORDER BY year"""


def progress(goal_id: str) -> str:
    """Base, target and the agreement's years."""
    return f"""SELECT baseline_value, target_value, target_value_high, value_from, value_from_low, value_from_high, path_from,
       value_to, value_to_low, value_to_high, path_to, share_of_distance
FROM progress(2018, 2020) WHERE goal_id = '{goal_id}'"""  # noqa: S608 - a code of the register


def stood(indicator: Indicator, breakdown: str) -> str:
    """The main series as each snapshot froze it."""
    return f"""SELECT snapshot.year AS snapshot, period_label, value, value_low, value_high
FROM snapshot.observation AS frozen JOIN snapshots AS snapshot USING (snapshot_id)
WHERE is_latest AND entity_level = 'national' AND indicator_id = '{indicator.indicator_id}'
  AND method_version = '{indicator.series[0].method_version}' AND breakdown = '{breakdown}'
ORDER BY period_end, snapshot"""  # noqa: S608 - codes of the register


def sources(goal_id: str) -> str:
    """Every national figure of a goal with its file and lines."""
    return f"""SELECT indicator_id, method_version, period_label, value, value_low, value_high, numerator, denominator, masked_cells,
       coalesce(source_title, file.publisher) AS source, file.retrieved_on, o.known_from, file_name, sha256,
       nullif(array_to_string(source_lines, ', '), '') AS lines
FROM goals.observation AS o JOIN meta.source_file AS file ON file.source_file_id = source_file_ids[1]
LEFT JOIN (SELECT source_title, lines FROM goals.published_value) AS printed ON file.file_name = 'published_value.csv' AND lines = source_lines
WHERE goal_id = '{goal_id}' AND entity_level = 'national' AND known_to IS NULL AND breakdown = 'total'
ORDER BY indicator_id, method_version, period_end"""  # noqa: S608 - a code of the register


def in_python(query: str) -> str:
    """One line that gives the rows as a data frame of pandas."""
    return f'import duckdb; duckdb.connect("{FILE}", read_only=True).sql("{" ".join(query.split())}").df()'


def in_r(query: str) -> str:
    """One line that gives the rows as a data frame of R."""
    return f'DBI::dbGetQuery(DBI::dbConnect(duckdb::duckdb(), "{FILE}", read_only = TRUE), "{" ".join(query.split())}")'
