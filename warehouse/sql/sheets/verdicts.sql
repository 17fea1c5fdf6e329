SELECT verdict_id, goal_id, (SELECT label_{lang} FROM goals.status AS told WHERE told.status = shown.status),
       statement_{lang}, role, array_to_string(basis_evidence_ids, '; '), decided_on, source_url
FROM {verdict} AS shown
ORDER BY goal_id, verdict_id
