-- Law 8: made-up rows are marked as such and never reach a verdict or a headline.
SELECT 'verdict rests on synthetic evidence' AS what, verdict.verdict_id AS which
FROM (SELECT verdict_id, unnest(basis_evidence_ids) AS evidence_id FROM goals.verdict) AS verdict
JOIN goals.evidence AS evidence USING (evidence_id) WHERE evidence.synthetic
UNION ALL
SELECT 'synthetic file in a real edition, or the reverse', file_name FROM meta.source_file, meta.edition
WHERE dataset_id <> 'register' AND source_file.synthetic <> edition.synthetic
UNION ALL
SELECT 'headline value is synthetic', goal.goal_id
FROM goals.goal AS goal JOIN goals.observation AS o
  ON o.indicator_id = goal.headline_indicator_id AND o.method_version = goal.headline_method_version AND o.synthetic;
