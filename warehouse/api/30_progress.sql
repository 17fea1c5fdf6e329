-- The question the warehouse exists for: what came of the fifteen goals between two label years, as known now. Without a WITH
-- clause, which DuckDB 1.4 cannot read from a file of a later version.

CREATE MACRO progress(from_year, to_year) AS TABLE
SELECT valued.goal_id, valued.ambition_id, name_nl AS goal_nl, name_en AS goal_en, valued.kind AS type, indicator_id, unit, direction,
       baseline_period_label AS baseline_period, baseline_value, valued.target_value, target_value_high,
       path_from, path_to, value_from, value_to, value_to_low, value_to_high,
       -- Different boards in different years form no trend: their difference is no change.
       CASE WHEN NOT list_contains(value_flags, 'different_boards') THEN value_to - value_from END AS change,
       CASE WHEN baseline_value <> valued.target_value
            THEN (baseline_value - value_to) / (baseline_value - valued.target_value) END AS share_of_distance,
       CASE direction WHEN 'lower' THEN value_to <= path_to WHEN 'higher' THEN value_to >= path_to END AS on_path,
       status.status,
       list_sort(list_distinct(list_concat(
           value_flags,
           CASE WHEN lacks_from THEN ['no_value_in_from_year'] ELSE [] END,
           CASE WHEN lacks_to THEN ['no_value_in_to_year'] ELSE [] END,
           CASE WHEN status.status = 'target_met_not_interpretable' THEN ['not_interpretable'] ELSE [] END,
           CASE WHEN status.status = 'met_before_period' THEN ['base_before_period'] ELSE [] END
       ))) AS flags,
       status.evidence_count,
       'retrospective' AS basis
FROM (
    SELECT headline.*,
           CASE WHEN target_year IS NOT NULL THEN path_at(from_year, base_year, target_year, baseline_value, target_value) END AS path_from,
           CASE WHEN target_year IS NOT NULL THEN path_at(to_year, base_year, target_year, baseline_value, target_value) END AS path_to,
           start.value AS value_from, finish.value AS value_to,
           finish.value_low AS value_to_low, finish.value_high AS value_to_high,
           list_concat(coalesce(start.flags, []), coalesce(finish.flags, [])) AS value_flags,
           headline.indicator_id IS NOT NULL AND start.value_low IS NULL AS lacks_from,
           headline.indicator_id IS NOT NULL AND finish.value_low IS NULL AS lacks_to
    FROM (
        SELECT goal.goal_id, goal.ambition_id, goal.name_nl, goal.name_en, goal.kind, indicator.indicator_id,
               goal.headline_method_version AS method_version, goal.headline_breakdown AS breakdown,
               indicator.unit, indicator.direction,
               target.baseline_period_label, target.baseline_value, target.target_value, target.target_value_high,
               target.base_year, target.target_year
        FROM goals.goal AS goal
        LEFT JOIN goals.indicator AS indicator ON indicator.indicator_id = goal.headline_indicator_id
        LEFT JOIN goals.target AS target
          ON target.indicator_id = goal.headline_indicator_id AND target.breakdown = goal.headline_breakdown
    ) AS headline
    LEFT JOIN timeline AS start
      ON start.indicator_id = headline.indicator_id AND start.method_version = headline.method_version
     AND start.breakdown = headline.breakdown AND start.year = from_year
    LEFT JOIN timeline AS finish
      ON finish.indicator_id = headline.indicator_id AND finish.method_version = headline.method_version
     AND finish.breakdown = headline.breakdown AND finish.year = to_year
) AS valued
JOIN goal_status AS status USING (goal_id)
ORDER BY valued.goal_id;
