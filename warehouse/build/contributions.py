"""Contributions into `core`, and bounds for every group of them that holds masked cells.

A contribution is what one line of a file says about one site, period and breakdown (see `series.py`). Adding up is plain SQL
in the warehouse; what is done here is what SQL has no words for: the bounds.
"""

import duckdb
import pandas as pd

from transforms.bounds import box_points, ratio_bounds
from transforms.series import Series

MIN_LINES_FOR_TIGHT = 5
"""Tight bounds come from what else is printed on a line, and could give a single hidden cell away. They are used for
the country, provinces and boards only, and only where at least this many masked lines are added up."""
TIGHT_LEVELS = ("national", "province", "board")

INSERT_CONTRIBUTIONS = """
INSERT INTO core.contribution BY NAME
SELECT $indicator AS indicator_id, $method AS method_version, $dataset AS dataset_id,
       $scale AS scale, $rank AS rank, $rounding AS rounding, $parts_sum_to_total AS parts_sum_to_total, selected.*
FROM ({sql}) AS selected"""

# What the parts of an entity leave of its total must itself be large enough (or nothing): else the total's bounds minus
# those of its parts would be the bounds of a few lines. Then the total keeps its tight bounds, and the parts do not.
MASKED_GROUPS = """
SELECT * EXCLUDE (enough), enough AND (breakdown = 'total' OR coalesce(rest = 0 OR rest >= {least}, true)) AS tight
FROM (
    SELECT *, max(masked_lines) FILTER (breakdown = 'total') OVER entity
              - sum(masked_lines) FILTER (breakdown <> 'total' AND enough) OVER entity AS rest
    FROM (
        SELECT rowid AS "group", * REPLACE (numerator::DOUBLE AS numerator, denominator::DOUBLE AS denominator),
               entity_level IN {levels} AND masked_lines >= {least} AS enough
        FROM core.candidate WHERE masked_lines > 0 AND is_ratio
    )
    WINDOW entity AS (PARTITION BY indicator_id, method_version, entity_level, entity_id, period_start, period_end,
                      source_file_id, known_from)
)"""

LINES_OF_GROUPS = """
SELECT g."group", contribution.contribution_id, g.tight
FROM masked_group AS g
JOIN core.entity_of AS entity
  ON entity.source_file_id = g.source_file_id AND entity.period_end = g.period_end
 AND entity.known_from = g.known_from AND entity.entity_level = g.entity_level AND entity.entity_id = g.entity_id
JOIN masked_contribution AS contribution
  ON contribution.indicator_id = g.indicator_id AND contribution.method_version = g.method_version
 AND contribution.source_file_id = g.source_file_id AND contribution.period_end = g.period_end AND contribution.period_start = g.period_start
 AND contribution.vestiging_id = entity.vestiging_id
 AND (contribution.breakdown = g.breakdown OR (contribution.parts_sum_to_total AND g.breakdown = 'total'))"""

# Numbered for the time that bounds are looked for.
MASKED_CONTRIBUTIONS = """
CREATE OR REPLACE TEMP TABLE masked_contribution AS
SELECT row_number() OVER () AS contribution_id, *
FROM core.contribution SEMI JOIN unit_to_fold USING (indicator_id, method_version)
WHERE numerator_masked + denominator_masked > 0"""


def load_contributions(con: duckdb.DuckDBPyConnection, series: list[Series], touched: set[str]) -> None:
    """Fill `core.contribution` from the core tables, anew for each series that reads a dataset in `touched`."""
    changed = [one for one in series if reads(con, one) & touched]
    for one in changed:
        con.execute(
            "DELETE FROM core.contribution WHERE (indicator_id, method_version, dataset_id) = ($indicator, $method, $dataset)",
            {"indicator": one.indicator_id, "method": one.method_version, "dataset": one.dataset_id},
        )
    for one in changed:
        con.execute(
            INSERT_CONTRIBUTIONS.format(sql=one.sql),
            {
                "indicator": one.indicator_id,
                "method": one.method_version,
                "dataset": one.dataset_id,
                "scale": one.scale,
                "rank": one.rank,
                "rounding": one.rounding,
                "parts_sum_to_total": one.parts_sum_to_total,
            },
        )


def reads(con: duckdb.DuckDBPyConnection, series: Series) -> set[str]:
    """The datasets that a series is made from."""
    return {table.removeprefix("core.") for table in con.get_table_names(series.sql, qualified=True)}


def bound_masked_ratios(con: duckdb.DuckDBPyConnection, series: list[Series]) -> int:
    """Set `ratio_low` and `ratio_high` of every masked ratio in `core.candidate`. Returns how many there are.

    The possibilities of a line (which could give a hidden cell away) live in this function only and are stored nowhere.
    """
    groups = con.execute(MASKED_GROUPS.format(levels=TIGHT_LEVELS, least=MIN_LINES_FOR_TIGHT)).df()
    if groups.empty:
        return 0
    con.register("masked_group", groups)
    con.execute(MASKED_CONTRIBUTIONS)
    lines = con.execute(LINES_OF_GROUPS).df()
    box = tight_or_box(
        feasible_points(con, [one for one in series if one.points_are_public]), box_points(masked_contributions(con))
    )
    tight = feasible_points(con, series)
    points = pd.concat(
        [
            lines[~lines["tight"]].merge(box, on="contribution_id"),
            lines[lines["tight"]].merge(tight_or_box(tight, box), on="contribution_id"),
        ]
    ).rename(columns={"contribution_id": "line"})
    bounds = ratio_bounds(groups.set_index("group")[["numerator", "denominator"]], points)
    found = bounds.rename_axis("candidate_row").reset_index()
    con.register("found", found)
    con.execute(
        """UPDATE core.candidate SET ratio_low = found.low, ratio_high = found.high
        FROM found WHERE core.candidate.rowid = found.candidate_row"""
    )
    con.unregister("found")
    con.unregister("masked_group")
    return len(groups)


def masked_contributions(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The contributions with a hidden cell."""
    return con.execute(
        """SELECT contribution_id, numerator::DOUBLE AS numerator, numerator_masked,
            denominator::DOUBLE AS denominator, denominator_masked
        FROM masked_contribution"""
    ).df()


def feasible_points(con: duckdb.DuckDBPyConnection, series: list[Series]) -> pd.DataFrame:
    """The possibilities of masked contributions of series that know how to read the rest of the line."""
    frames = [pd.DataFrame({"contribution_id": [], "numerator": [], "denominator": []})]
    for one in series:
        if one.feasible_points is None:
            continue
        lines = con.execute(
            f"""SELECT contribution.contribution_id, cells.* EXCLUDE (source_file_id, line, period_start)
            FROM masked_contribution AS contribution JOIN ({one.cells_sql}) AS cells USING (source_file_id, line, period_start)
            WHERE indicator_id = $indicator AND method_version = $method AND dataset_id = $dataset""",  # noqa: S608 - names of ours
            {"indicator": one.indicator_id, "method": one.method_version, "dataset": one.dataset_id},
        ).df()
        frames.append(one.feasible_points(lines))
    return pd.concat(frames, ignore_index=True)


def tight_or_box(tight: pd.DataFrame, box: pd.DataFrame) -> pd.DataFrame:
    """Tight possibilities where there are any, those of the masks alone for all other contributions."""
    return pd.concat([tight, box[~box["contribution_id"].isin(tight["contribution_id"])]], ignore_index=True)
