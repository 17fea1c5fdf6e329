-- Law 6: every value names files that are there, and lines: those of its contributions, or those of the register.
SELECT o.indicator_id, o.method_version, o.entity_level, o.entity_id, o.period_label, o.breakdown, 'no such file' AS what
FROM goals.observation AS o
ANTI JOIN meta.source_file AS file ON file.source_file_id = o.source_file_ids[1]
UNION ALL
SELECT o.indicator_id, o.method_version, o.entity_level, o.entity_id, o.period_label, o.breakdown, 'no lines'
FROM (SELECT *, source_file_ids[1] AS source_file_id FROM goals.observation WHERE source_lines IS NULL) AS o
ANTI JOIN (
    SELECT DISTINCT contribution.indicator_id, contribution.method_version, contribution.source_file_id, contribution.period_start, contribution.period_end,
           member.entity_level, member.entity_id, member.known_from
    FROM (SELECT DISTINCT indicator_id, method_version, source_file_id, period_start, period_end, vestiging_id FROM core.contribution) AS contribution
    JOIN core.entity_of AS member USING (source_file_id, period_end, vestiging_id)
) AS line USING (indicator_id, method_version, source_file_id, period_start, period_end, entity_level, entity_id, known_from);
