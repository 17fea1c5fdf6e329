SELECT assumption_id,
       (SELECT string_agg(name_{lang}, '; ' ORDER BY line) FROM goals.indicator WHERE list_contains(assumed.indicator_ids, indicator_id)),
       statement_{lang}, in_words('assumption_quality', quality, '{lang}'), in_words('assumption_impact', impact, '{lang}'), would_change_{lang}
FROM goals.assumption AS assumed ORDER BY assumption_id
