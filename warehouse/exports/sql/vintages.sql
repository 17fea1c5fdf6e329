SELECT indicator.goal_id, indicator.name_{lang}, seen.method_version, in_words('breakdown', seen.breakdown, '{lang}'), seen.period_label,
       seen.vintage, seen.value, seen.value_low, seen.value_high, in_words('value_status', seen.status, '{lang}'),
       indicator.decimals
FROM goals.indicator AS indicator, LATERAL (FROM vintage_table(indicator.indicator_id)) AS seen
ORDER BY ALL
