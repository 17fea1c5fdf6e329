SELECT shown.goal_id, shown.goal_{lang}, indicator.name_{lang}, in_words('unit', shown.unit, '{lang}'), shown.baseline_period,
       shown.baseline_value, shown.value_from, shown.path_from, shown.value_to, shown.value_to_low, shown.value_to_high, shown.path_to,
       shown.change, shown.target_value, in_words('status', shown.status, '{lang}'),
       (SELECT string_agg(label_{lang}, '; ' ORDER BY label_{lang}) FROM goals.flag WHERE list_contains(shown.flags, flag.flag)),
       in_words('value_basis', shown.value_basis, '{lang}'), shown.source_files, shown.source_lines,
       CASE WHEN shown.reconciles THEN CASE '{lang}' WHEN 'nl' THEN 'Komt overeen' ELSE 'Agrees' END || ': ' || array_to_string(shown.reconciled_years, ', ')
            ELSE in_words('reconciles_reason', shown.reconciles_reason, '{lang}') END,
       indicator.decimals
FROM {progress} AS shown LEFT JOIN goals.indicator AS indicator USING (indicator_id)
ORDER BY shown.goal_id
