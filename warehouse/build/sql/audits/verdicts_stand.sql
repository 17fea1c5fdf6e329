-- A verdict rests on two or more independent sources that are real, about its own goal, more than context, more than opinion
-- alone, and known on the day it was given.
WITH basis AS (
    SELECT verdict.verdict_id, verdict.goal_id, verdict.decided_on, evidence.*  EXCLUDE (goal_id), evidence.goal_id AS about
    FROM (SELECT *, unnest(basis_evidence_ids) AS evidence_id FROM goals.verdict) AS verdict
    LEFT JOIN goals.evidence AS evidence USING (evidence_id)
)
SELECT verdict_id, 'fewer than two independent sources' AS what, string_agg(evidence_id, ', ') AS which
FROM basis GROUP BY verdict_id HAVING count(DISTINCT independent_source) < 2
UNION ALL
SELECT verdict_id, 'opinion only (strength D)', string_agg(evidence_id, ', ')
FROM basis GROUP BY verdict_id HAVING count(*) FILTER (strength IN ('A', 'B', 'C')) = 0
UNION ALL
SELECT verdict_id, 'synthetic, context, of another goal, or of a later day', evidence_id FROM basis
WHERE synthetic OR verdict_contribution = 'context' OR about <> goal_id OR known_from > decided_on;
