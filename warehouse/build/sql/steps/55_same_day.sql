-- Values of one key that became known on one day, in the order in which they did: `day_order` 1 is the first. All but the last of a
-- day were replaced on it: their real-time period is empty (known_from = known_to), no day's end shows them, and a flag says so.
UPDATE goals.observation SET day_order = found.day_order, flags = found.flags
FROM (
    SELECT o.rowid AS observation_row,
           row_number() OVER (
               PARTITION BY indicator_id, method_version, entity_level, entity_id, period_start, period_end, breakdown, o.known_from
               ORDER BY o.known_to NULLS LAST, coalesce(published.vintage_rank, precedence.sequence)
           ) AS day_order,
           CASE WHEN o.known_to = o.known_from THEN list_sort(list_append(o.flags, 'replaced_same_day')) ELSE o.flags END AS flags
    FROM goals.observation AS o
    SEMI JOIN unit_to_fold USING (indicator_id, method_version)
    SEMI JOIN (FROM goals.observation WHERE known_to = known_from)
        USING (indicator_id, method_version, entity_level, entity_id, period_start, period_end, breakdown, known_from)
    LEFT JOIN goals.published_value AS published
        ON published.source_file_id = o.source_file_ids[1] AND published.lines = o.source_lines
    LEFT JOIN core.file_precedence AS precedence
        ON precedence.source_file_id = o.source_file_ids[1] AND precedence.indicator_id = o.indicator_id
       AND precedence.method_version = o.method_version AND precedence.period_start = o.period_start
       AND precedence.period_end = o.period_end AND precedence.known_from = o.known_from
) AS found
WHERE observation.rowid = found.observation_row;
