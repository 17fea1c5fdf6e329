SELECT evidence_id, goal_id, statement_{lang}, polarity, strength, publisher, title, url, published_on, assessor
FROM {evidence}
ORDER BY goal_id, evidence_id
