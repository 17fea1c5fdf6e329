-- Our own errors in rows of the register that a release had held, with the snapshots whose day they touch.
--
-- A wrong day touches what was asked for between the two days; a wrong value what was asked for while the row was the newest of
-- its key. A row that was taken out touches everything from its day on.
CREATE VIEW errata AS
WITH held AS (
    SELECT 'published_value' AS "table", value_id AS row_key, indicator.goal_id, indicator_id, period_label, known_from,
           lead(known_from) OVER (
               PARTITION BY indicator_id, method_version, entity_level, entity_id, period_start, period_end, breakdown
               ORDER BY known_from, vintage_rank
           ) AS known_to
    FROM goals.published_value JOIN goals.indicator AS indicator USING (indicator_id)
    UNION ALL BY NAME
    SELECT 'target' AS "table", indicator_id || '/' || breakdown AS row_key, indicator.goal_id, indicator_id, known_from
    FROM goals.target JOIN goals.indicator AS indicator USING (indicator_id)
    UNION ALL BY NAME
    SELECT 'break' AS "table", break_id AS row_key, goal_id, indicator_id, known_from FROM goals."break"
    UNION ALL BY NAME
    SELECT 'evidence' AS "table", evidence_id AS row_key, goal_id, known_from FROM goals.evidence
    UNION ALL BY NAME
    SELECT 'verdict' AS "table", verdict_id AS row_key, goal_id, known_from FROM goals.verdict
),
touched AS (
    SELECT erratum.*, goal_id, indicator_id, period_label,
           CASE WHEN "column" = 'known_from' THEN least("before"::DATE, "after"::DATE) ELSE held.known_from END AS touched_from,
           CASE WHEN "column" <> 'known_from' THEN held.known_to
                WHEN "before" IS NOT NULL AND "after" IS NOT NULL THEN greatest("before"::DATE, "after"::DATE) END AS touched_to
    FROM goals.errata AS erratum LEFT JOIN held USING ("table", row_key)
)
SELECT erratum_id, found_on, found_by, "table", row_key, goal_id, indicator_id, period_label, "column", "before", "after",
       wrong_since, what_nl, what_en, touched_from, touched_to,
       coalesce((
           SELECT list(year ORDER BY year) FROM snapshot.snapshot
           WHERE is_latest AND holds_on(touched_from, touched_to, as_of)
       ), []) AS snapshots_touched
FROM touched
ORDER BY found_on, erratum_id;
