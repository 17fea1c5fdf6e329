-- Law 8: made-up rows are marked as such and never reach a verdict.
SELECT 'verdict rests on synthetic evidence' AS what, verdict.verdict_id AS which
FROM (SELECT verdict_id, unnest(basis_evidence_ids) AS evidence_id FROM goals.verdict) AS verdict
JOIN goals.evidence AS evidence USING (evidence_id) WHERE evidence.synthetic
UNION ALL
SELECT 'synthetic file in a real edition, or the reverse', file_name FROM meta.source_file, meta.edition
WHERE dataset_id <> 'register' AND source_file.synthetic <> edition.synthetic
UNION ALL
SELECT 'synthetic value without the flag', indicator_id FROM timeline WHERE synthetic AND NOT list_contains(flags, 'synthetic')
UNION ALL
SELECT 'synthetic value judged', goal_id FROM goal_status WHERE list_contains(flags, 'synthetic') AND status <> 'not_assessable';
