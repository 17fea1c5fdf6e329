SELECT shown.goal_id, goal.name_{lang}, goal.question_{lang}, in_words('status', shown.status, '{lang}'),
       shown.sentence_{lang}, in_words('goal_direction', shown.evidence_direction, '{lang}'), shown.reason_{lang}, shown.would_change_{lang}, shown.last_year, shown.last_value, shown.last_path, shown.target_value,
       (SELECT string_agg(label_{lang}, '; ' ORDER BY label_{lang}) FROM goals.flag WHERE list_contains(shown.flags, flag.flag)),
       shown.verdict_{lang}, shown.verdict_role, shown.evidence_for, shown.evidence_against, headline.decimals
FROM {status} AS shown JOIN goals.goal AS goal USING (goal_id)
LEFT JOIN goals.indicator AS headline ON headline.indicator_id = goal.headline_indicator_id
ORDER BY goal_id
