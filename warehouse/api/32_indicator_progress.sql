-- Change of every series between two label years, at every level, with bounds and a rank that small numbers and masks cannot lead.

-- The fewest pupils, candidates or other units on both sides for which a change of a share is ranked: below it one pupil moves a share
-- by more than three points. Our own convention.
CREATE MACRO smallest_ranked_n() AS 30;

-- One row per series (goal, indicator, method version, breakdown) and entity (national, province, board, school): values of both label
-- years with bounds, what they rest on (numerator, denominator), the change with bounds, and the rank of the change among all entities
-- of the level. `rank` is given where the bounds leave only one; `rank_best` and `rank_worst` are its limits. Where there is no change
-- or no rank, the reason stands beside it. Composition may differ between the years: see school_progress and board_progress.
CREATE MACRO indicator_progress(from_year, to_year) AS TABLE
WITH seen AS (
    SELECT goal_id, indicator_id, method_version, breakdown, entity_level, entity_id, unit, synthetic, year,
           value, value_low, value_high, numerator, denominator, masked_cells, flags
    FROM observations_as_of(DATE '9999-12-31')
    WHERE entity_level IN ('national', 'province', 'board', 'school') AND year IN (from_year, to_year)
      AND goals.in_order('indicator_progress', from_year, to_year)
),
paired AS (
    SELECT goal_id, indicator_id, method_version, breakdown, entity_level, entity_id, any_value(unit) AS unit,
           bool_or(synthetic) AS synthetic,
           max(value) FILTER (year = from_year) AS value_from, max(value) FILTER (year = to_year) AS value_to,
           max(value_low) FILTER (year = from_year) AS value_from_low, max(value_high) FILTER (year = from_year) AS value_from_high,
           max(value_low) FILTER (year = to_year) AS value_to_low, max(value_high) FILTER (year = to_year) AS value_to_high,
           max(numerator) FILTER (year = from_year) AS numerator_from, max(denominator) FILTER (year = from_year) AS n_from,
           max(numerator) FILTER (year = to_year) AS numerator_to, max(denominator) FILTER (year = to_year) AS n_to,
           list_sort(list_distinct(flatten(list(flags)))) AS flags
    FROM seen GROUP BY ALL
),
explained AS (
    SELECT paired.*, indicator.direction,
           goals.missing_value(from_year, value_from, value_from_low, series.years, series.indicator_years, newest.year,
                               goals.existed(from_year, life.valid_from, life.valid_to)) AS missing_reason_from,
           goals.missing_value(to_year, value_to, value_to_low, series.years, series.indicator_years, newest.year,
                               goals.existed(to_year, life.valid_from, life.valid_to)) AS missing_reason_to
    FROM paired JOIN goals.indicator AS indicator USING (indicator_id)
    CROSS JOIN (SELECT goals.newest_year() AS year) AS newest
    LEFT JOIN goals.series_year AS series
      ON series.indicator_id = paired.indicator_id AND series.method_version = paired.method_version
     AND series.breakdown = paired.breakdown AND series.entity_level = paired.entity_level
    LEFT JOIN goals.entity_life AS life ON life.entity_level = paired.entity_level AND life.entity_id = paired.entity_id
),
reasoned AS (
    SELECT *, goals.missing_change(value_from_low, value_to_low, missing_reason_from, missing_reason_to, flags) AS missing_reason
    FROM explained
),
changed AS (
    SELECT *,
           CASE WHEN missing_reason IS NULL THEN value_to - value_from END AS change,
           CASE WHEN coalesce(missing_reason, 'masked') = 'masked' THEN value_to_low - value_from_high END AS change_low,
           CASE WHEN coalesce(missing_reason, 'masked') = 'masked' THEN value_to_high - value_from_low END AS change_high,
           CASE WHEN missing_reason <> 'masked' THEN missing_reason
                WHEN entity_level = 'national' THEN 'no_peers'
                WHEN direction = 'none' THEN 'no_direction'
                WHEN unit = 'pct' AND coalesce(least(n_from, n_to), 0) < smallest_ranked_n() THEN 'small_n' END AS no_rank_reason,
           -- Improvement is positive whatever the direction of the indicator.
           CASE direction WHEN 'lower' THEN -change_high ELSE change_low END AS better_low,
           CASE direction WHEN 'lower' THEN -change_low ELSE change_high END AS better_high
    FROM reasoned
),
-- How many peers have surely, and how many have possibly improved more: counts of their bounds at or below one's own.
edges AS (
    SELECT indicator_id, method_version, breakdown, entity_level, entity_id, edge.bound, edge.is_low, edge.is_high
    FROM changed, LATERAL (VALUES (round(better_low, 9), 1, 0), (round(better_high, 9), 0, 1)) AS edge(bound, is_low, is_high)
    WHERE no_rank_reason IS NULL
),
counted AS (
    SELECT *, sum(is_low) OVER up_to AS lows, sum(is_high) OVER up_to AS highs, sum(is_low) OVER peers AS peers
    FROM edges
    WINDOW peers AS (PARTITION BY indicator_id, method_version, breakdown, entity_level),
           up_to AS (PARTITION BY indicator_id, method_version, breakdown, entity_level ORDER BY bound RANGE UNBOUNDED PRECEDING)
),
ranked AS (
    SELECT indicator_id, method_version, breakdown, entity_level, entity_id, any_value(peers) AS peers,
           1 + max(peers - lows) FILTER (is_high = 1) AS rank_best,
           -- A wide interval reaches above its own low bound: not counted against itself.
           1 + max(peers - highs) FILTER (is_low = 1) - (max(bound) > min(bound))::INTEGER AS rank_worst
    FROM counted GROUP BY ALL
)
SELECT goal_id, indicator_id, method_version, breakdown, entity_level, entity_id, unit, direction,
       value_from, value_from_low, value_from_high, value_to, value_to_low, value_to_high,
       numerator_from, n_from, numerator_to, n_to, change, change_low, change_high,
       missing_reason_from, missing_reason_to, missing_reason,
       CASE WHEN rank_best = rank_worst THEN rank_best END::BIGINT AS rank,
       rank_best::BIGINT AS rank_best, rank_worst::BIGINT AS rank_worst, coalesce(peers, 0)::BIGINT AS peers,
       CASE WHEN no_rank_reason IS NULL AND rank_best < rank_worst THEN 'bounds_overlap' ELSE no_rank_reason END AS no_rank_reason,
       flags, synthetic
FROM changed LEFT JOIN ranked USING (indicator_id, method_version, breakdown, entity_level, entity_id)
ORDER BY goal_id, indicator_id, method_version, breakdown, entity_level, rank_best, entity_id;
