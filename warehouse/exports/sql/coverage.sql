SELECT shown.goal_id, indicator.name_{lang}, method_version, period_label, national_values, provinces, boards, schools,
       vestigingen, vestigingen_masked, first_known_from
FROM coverage AS shown LEFT JOIN goals.indicator AS indicator USING (indicator_id)
ORDER BY shown.goal_id, indicator_id, method_version, shown.year
