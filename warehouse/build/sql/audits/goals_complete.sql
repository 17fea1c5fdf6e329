-- Seven ambitions, fifteen goals, each with a row in `progress`, a status, and a number or evidence.
SELECT 'goals' AS what, count(*) AS found FROM goals.goal HAVING count(*) <> 15
UNION ALL SELECT 'ambitions', count(*) FROM goals.ambition HAVING count(*) <> 7
UNION ALL SELECT 'progress rows', count(DISTINCT goal_id) FROM progress(2018, 2020) HAVING count(DISTINCT goal_id) <> 15 OR count(*) <> 15
UNION ALL SELECT goal_id || ' has neither number nor evidence', 0 FROM progress(2018, 2020) WHERE value_from IS NULL AND value_to IS NULL AND evidence_count = 0
UNION ALL SELECT goal_id || ' has no status', 0 FROM goal_status WHERE status IS NULL OR reason_nl IS NULL OR reason_en IS NULL
UNION ALL SELECT goal_id || ' has two values of ' || method_version || ' in ' || year, count(*) FROM goals.headline_value
WHERE year IS NOT NULL GROUP BY goal_id, method_version, year HAVING count(*) > 1;
