-- Every value down to the lines of a file. `entity` is NL, a province, a board number, a BRIN or a vestiging;
-- `period` is the label as published or the label year.
CREATE MACRO explain(goal, indicator, entity, period, as_of_date) AS TABLE
SELECT o.goal_id, o.indicator_id, o.method_version, o.breakdown, o.entity_level, o.entity_id, o.period_label,
       o.value, o.value_low, o.value_high, o.unit, method.formula, o.numerator, o.denominator, o.masked_cells, o.status, o.flags,
       o.known_from, o.known_to,
       file.file_name, file.sha256, coalesce(printed.source_url, file.url) AS url, coalesce(printed.source_title, file.publisher) AS source,
       file.retrieved_on, coalesce(printed.published_on, file.published_on) AS published_on, printed.published_precision, printed.published_ground,
       coalesce(o.source_lines, found.lines) AS lines, found.masked_lines,
       o.edition, o.synthetic
FROM observations_as_of(as_of_date) AS o
JOIN goals.method AS method ON method.indicator_id = o.indicator_id AND method.method_version = o.method_version
JOIN meta.source_file AS file ON file.source_file_id = o.source_file_ids[1]
LEFT JOIN goals.published_value AS printed
  ON o.source_file_ids[1] LIKE 'register/%' AND printed.lines = o.source_lines
LEFT JOIN LATERAL (
    SELECT list_sort(list(DISTINCT contribution.line)) AS lines,
           list_sort(list(DISTINCT contribution.line) FILTER (contribution.numerator_masked + contribution.denominator_masked > 0)) AS masked_lines
    FROM core.contribution
    JOIN core.entity_of AS member
      ON member.source_file_id = contribution.source_file_id AND member.period_end = contribution.period_end
     AND member.vestiging_id = contribution.vestiging_id
    WHERE contribution.indicator_id = o.indicator_id AND contribution.method_version = o.method_version
      AND contribution.source_file_id = o.source_file_ids[1] AND contribution.period_start = o.period_start AND contribution.period_end = o.period_end
      AND (contribution.breakdown = o.breakdown OR (contribution.parts_sum_to_total AND o.breakdown = 'total'))
      AND member.entity_level = o.entity_level AND member.entity_id = o.entity_id AND member.known_from = o.known_from
) AS found ON true
WHERE o.goal_id = goal AND o.indicator_id = indicator AND o.entity_id = entity
  AND (o.period_label = period::VARCHAR OR o.year::VARCHAR = period::VARCHAR)
UNION ALL BY NAME FROM goals.refused('explain', indicator, 0, 0)
ORDER BY ALL;
