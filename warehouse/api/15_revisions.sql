-- What publishers changed: each value that replaced another, for every entity; and what we ourselves had wrong (our_correction).
CREATE VIEW revisions AS
SELECT goal_id, indicator_id, method_version, entity_level, entity_id, breakdown, year, period_label, period_start, period_end,
       value_before, value AS value_after, value - value_before AS change,
       low_before, high_before, value_low AS low_after, value_high AS high_after,
       numerator_before, numerator AS numerator_after, denominator_before, denominator AS denominator_after,
       status_before, status AS status_after,
       CASE WHEN began = ended AND file_before = source_file_ids[1] THEN 'conflicting_source'  -- one file says both, of the same day
            WHEN masked_cells > 0 AND masked_before = 0 THEN 'masked'
            WHEN masked_cells = 0 AND masked_before > 0 THEN 'unmasked'
            WHEN status_before = 'provisional' AND status = 'final' AND value IS NOT DISTINCT FROM value_before
                 AND numerator IS NOT DISTINCT FROM numerator_before THEN 'confirmed'
            WHEN status_before = 'provisional' AND status = 'final' THEN 'provisional_to_final'
            ELSE 'correction' END AS kind,
       known_from AS revised_on, source_before, source AS source_after,
       file_before AS source_file_id_before, source_file_ids[1] AS source_file_id_after, unit, edition, synthetic,
       NULL::VARCHAR AS erratum_id
FROM (
    SELECT *,
           lag(value) OVER key AS value_before, lag(value_low) OVER key AS low_before, lag(value_high) OVER key AS high_before,
           lag(numerator) OVER key AS numerator_before, lag(denominator) OVER key AS denominator_before,
           lag(masked_cells) OVER key AS masked_before, lag(status) OVER key AS status_before,
           lag(source) OVER key AS source_before, lag(source_file_ids[1]) OVER key AS file_before,
           lag(known_from) OVER key AS began, lag(known_to) OVER key AS ended
    FROM goals.observation
    -- Of nine keys in ten no value was ever replaced: they need not be sorted.
    SEMI JOIN (
        SELECT indicator_id, method_version, entity_level, entity_id, period_start, period_end, breakdown
        FROM goals.observation WHERE known_to IS NOT NULL
    ) USING (indicator_id, method_version, entity_level, entity_id, period_start, period_end, breakdown)
    WINDOW key AS (
        PARTITION BY indicator_id, method_version, entity_level, entity_id, period_start, period_end, breakdown
        ORDER BY known_from, day_order
    )
)
WHERE ended = known_from
UNION ALL BY NAME
-- The fold knows the register as it is now; what it held before stands in its errata. A corrected day leaves the value as it was.
SELECT goal_id, indicator_id, method_version, entity_level, entity_id, breakdown, year(period_end)::INTEGER AS year, period_label,
       period_start, period_end,
       CASE WHEN "column" = 'value' THEN "before"::DOUBLE ELSE value END AS value_before,
       CASE WHEN "column" = 'value' THEN "after"::DOUBLE ELSE value END AS value_after, value_after - value_before AS change,
       value_before AS low_before, value_before AS high_before, value_after AS low_after, value_after AS high_after,
       status AS status_before, status AS status_after, 'our_correction' AS kind, found_on AS revised_on,
       source_title AS source_before, source_title AS source_after,
       source_file_id AS source_file_id_before, source_file_id AS source_file_id_after, unit, edition, false AS synthetic, erratum_id
FROM goals.errata
JOIN goals.published_value AS published ON "table" = 'published_value' AND value_id = row_key
JOIN goals.indicator USING (indicator_id)
CROSS JOIN meta.edition;
