-- The largest ones, national ones first; a value that was confirmed as final has not changed.
SELECT indicator.name_{lang}, in_words('revision_kind', kind, '{lang}'), in_words('entity_level', entity_level, '{lang}'),
       entity_id, in_words('breakdown', breakdown, '{lang}'), period_label, value_before, value_after, change,
       revised_on, source_before, source_after,
       CASE WHEN indicator.decimals > 0 THEN indicator.decimals + 2 ELSE 0 END AS decimals
FROM (
    FROM {revisions}
    WHERE kind <> 'confirmed'
    ORDER BY entity_level <> 'national', abs(change) DESC NULLS LAST, indicator_id, entity_id, breakdown,
        entity_level, method_version, period_end, period_start, kind, revised_on, source_before, source_after, value_before, erratum_id
    LIMIT 1000
) AS largest JOIN goals.indicator AS indicator USING (indicator_id)
ORDER BY entity_level <> 'national', abs(change) DESC NULLS LAST, indicator_id, entity_id, breakdown,
    entity_level, method_version, period_end, period_start, kind, revised_on, source_before, source_after, value_before, erratum_id
