SELECT shown.goal_id, in_words('answer', shown.answer, '{lang}'),
       CASE shown.answer WHEN 'value' THEN shown.before WHEN 'status' THEN in_words('status', shown.before, '{lang}')
            ELSE in_words('goal_direction', shown.before, '{lang}') END,
       CASE shown.answer WHEN 'value' THEN shown.after WHEN 'status' THEN in_words('status', shown.after, '{lang}')
            ELSE in_words('goal_direction', shown.after, '{lang}') END,
       (SELECT string_agg(label_{lang}, '; ' ORDER BY label_{lang}) FROM codes WHERE list = 'change_reason' AND list_contains(shown.reasons, code)),
       array_to_string(shown.sources, '; ')
FROM {changes} AS shown
ORDER BY shown.goal_id, shown.answer
