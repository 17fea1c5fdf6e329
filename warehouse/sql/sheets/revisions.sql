-- The largest ones, national ones first; a value that was confirmed as final has not changed.
SELECT indicator.name_{lang}, kind, entity_level, entity_id, breakdown, period_label, value_before, value_after, change,
       revised_on, source_before, source_after
FROM revisions JOIN goals.indicator AS indicator USING (indicator_id)
WHERE kind <> 'confirmed'
ORDER BY entity_level <> 'national', abs(change) DESC NULLS LAST, indicator_id, entity_id, breakdown
LIMIT 1000
