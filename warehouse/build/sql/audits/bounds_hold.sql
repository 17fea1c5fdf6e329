-- Law 7: a value lies within its bounds; what rests on masked cells has bounds and no point value.
SELECT indicator_id, method_version, entity_level, entity_id, period_label, breakdown, value, value_low, value_high, masked_cells,
       source_file_ids[1] AS source_file_id
FROM goals.observation
WHERE value_low IS NULL OR value_high IS NULL OR value_low > value_high
   OR NOT coalesce(value BETWEEN value_low AND value_high, true)
   OR (masked_cells > 0 AND (value IS NOT NULL OR numerator IS NOT NULL OR denominator IS NOT NULL))
   OR (masked_cells = 0 AND value IS NULL)
   OR (unit = 'pct' AND (value_low < 0 OR value_high > 100));
