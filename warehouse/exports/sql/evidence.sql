SELECT evidence_id, goal_id, statement_{lang}, in_words('polarity', polarity, '{lang}'),
       strength || ': ' || in_words('strength', strength, '{lang}'), publisher, title, url, published_on, assessor
FROM {evidence}
ORDER BY goal_id, evidence_id
