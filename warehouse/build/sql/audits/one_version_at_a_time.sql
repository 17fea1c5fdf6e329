-- Law 4: on any day at most one version of a value holds, and what replaced each other within a day has an order.
SELECT indicator_id, method_version, entity_level, entity_id, period_label, breakdown, known_from, known_to, next_from
FROM (
    SELECT *, lead(known_from) OVER in_order AS next_from, lead(day_order) OVER in_order AS next_order
    FROM goals.observation
    WINDOW in_order AS (
        PARTITION BY indicator_id, method_version, entity_level, entity_id, period_start, period_end, breakdown
        ORDER BY known_from, day_order
    )
)
WHERE known_to < known_from OR (next_from IS NOT NULL AND (known_to IS NULL OR known_to > next_from))
   OR next_order <> CASE WHEN next_from = known_from THEN day_order + 1 ELSE 1 END
   OR (known_to IS NOT DISTINCT FROM known_from) <> list_contains(flags, 'replaced_same_day');
