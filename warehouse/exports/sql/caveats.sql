SELECT shown.goal_id, indicator.name_{lang}, shown.method_version, shown.period_label, shown.label_{lang},
       in_words('severity', shown.severity, '{lang}'), shown.description_{lang}, shown.source_url
FROM {caveats} AS shown LEFT JOIN goals.indicator AS indicator USING (indicator_id)
ORDER BY ALL
