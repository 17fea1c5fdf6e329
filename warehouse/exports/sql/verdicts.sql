SELECT verdict_id, goal_id, in_words('status', status, '{lang}'),
       statement_{lang}, role, array_to_string(basis_evidence_ids, '; '), decided_on, source_url
FROM {verdict} AS shown
ORDER BY goal_id, verdict_id
