-- Law 4: on any day at most one version of a value holds.
SELECT indicator_id, method_version, entity_level, entity_id, period_label, breakdown, known_from, known_to, next_from
FROM (
    SELECT *, lead(known_from) OVER (
        PARTITION BY indicator_id, method_version, entity_level, entity_id, period_start, period_end, breakdown
        ORDER BY known_from, known_to NULLS LAST
    ) AS next_from
    FROM goals.observation
)
WHERE known_to < known_from OR (next_from IS NOT NULL AND (known_to IS NULL OR known_to > next_from));
