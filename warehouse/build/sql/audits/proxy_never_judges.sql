-- A proxy only points at a goal: where the goal or its headline indicator is one, the headline has no target, and no rule
-- that compares a value with a target gives the status (a verdict on evidence may).
WITH proxy AS (
    SELECT goal.goal_id, goal.headline_indicator_id AS indicator_id, goal.headline_breakdown AS breakdown
    FROM goals.goal AS goal JOIN goals.indicator AS indicator ON indicator.indicator_id = goal.headline_indicator_id
    WHERE goal.kind = 'proxy' OR indicator.type = 'proxy'
)
SELECT goal_id, indicator_id, 'a proxy has a target' AS what FROM proxy SEMI JOIN goals.target USING (indicator_id, breakdown)
UNION ALL
SELECT goal_id, indicator_id, 'a proxy is judged by its value: ' || rule
FROM proxy JOIN goal_status USING (goal_id) WHERE rule IN ('met_before_period', 'met_but_blocked', 'met', 'missed');
