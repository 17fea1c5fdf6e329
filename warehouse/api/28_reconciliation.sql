-- A published value beside the same quantity added up from school files, wherever both exist. They agree when the bottom-up
-- value (or its bounds) meets the published one to the precision in which it was published. What does not agree is explained by
-- the register (explained_difference), within the size named there, or it is unexplained, which no real release may hold. Made-up
-- schools are `synthetic`: there is nothing to compare them with. Kept as a table, since `progress` asks it which series leads.
CREATE TABLE goals.reconciliation_now AS
SELECT pair.*,
       CASE WHEN synthetic THEN 'synthetic' WHEN agrees THEN 'agrees' WHEN gap <= explained.max_difference + 1e-9 THEN 'explained' ELSE 'unexplained' END AS outcome,
       CASE WHEN NOT agrees AND NOT synthetic THEN explained.kind END AS difference_kind,
       CASE WHEN NOT agrees AND NOT synthetic THEN explained.reason_nl END AS reason_nl,
       CASE WHEN NOT agrees AND NOT synthetic THEN explained.reason_en END AS reason_en
FROM (
    SELECT built.goal_id, built.indicator_id, built.breakdown, built.year, built.period_label, built.period_end,
           published.method_version AS published_method, published.value AS published_value, published.source AS published_source,
           built.method_version AS bottom_up_method, built.value AS bottom_up_value,
           built.value_low AS bottom_up_low, built.value_high AS bottom_up_high,
           built.value - published.value AS difference,
           -- How far the published value lies outside the bottom-up one: zero when it is inside the bounds.
           greatest(built.value_low - published.value, published.value - built.value_high, 0) AS gap,
           0.5 * power(10, -printed.decimals) AS half_unit,
           gap <= half_unit + 1e-9 AS agrees,
           built.masked_cells, built.synthetic
    FROM timeline AS built
    JOIN goals.method AS method USING (indicator_id, method_version)
    JOIN timeline AS published
      ON published.indicator_id = built.indicator_id AND published.method_version = method.reconciles_with
     AND published.breakdown = built.breakdown AND published.period_end = built.period_end
    LEFT JOIN (
        SELECT indicator_id, method_version, breakdown, period_end, source_title AS source, max(decimals) AS decimals
        FROM goals.published_value WHERE entity_level = 'national' GROUP BY ALL
    ) AS printed
      ON printed.indicator_id = published.indicator_id AND printed.method_version = published.method_version
     AND printed.breakdown = published.breakdown AND printed.period_end = published.period_end AND printed.source = published.source
) AS pair
LEFT JOIN goals.explained_difference AS explained
  ON explained.indicator_id = pair.indicator_id AND explained.method_version = pair.bottom_up_method
 AND explained.breakdown = pair.breakdown AND explained.period_end = pair.period_end
ORDER BY goal_id, pair.indicator_id, pair.breakdown, year, bottom_up_method;
CREATE VIEW reconciliation AS FROM goals.reconciliation_now;
