SELECT shown.goal_id, indicator.name_{lang}, shown.method_version, in_words('breakdown', shown.breakdown, '{lang}'),
       shown.period_label, shown.value, shown.value_low, shown.value_high, in_words('unit', shown.unit, '{lang}'),
       in_words('value_status', shown.status, '{lang}'),
       (SELECT string_agg(label_{lang}, '; ' ORDER BY label_{lang}) FROM goals.flag WHERE list_contains(shown.flags, flag.flag)),
       shown.source, shown.known_from, indicator.decimals
FROM {values} AS shown JOIN goals.indicator AS indicator USING (indicator_id)
ORDER BY shown.goal_id, shown.indicator_id, shown.method_version, shown.breakdown <> 'total', shown.breakdown, shown.period_end
