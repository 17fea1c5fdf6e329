-- Every value down to the lines of a file. `entity` is NL, a province, a board number, a BRIN or a vestiging;
-- `period` is the label as published or the label year.
CREATE MACRO explain(goal, indicator, entity, period, as_of_date) AS TABLE
SELECT held.goal_id, held.indicator_id, held.method_version, held.breakdown, held.entity_level, held.entity_id, held.period_label,
       held.value, held.value_low, held.value_high, held.unit, method.formula, held.numerator, held.denominator, held.masked_cells, held.status, held.flags,
       held.known_from, held.known_to,
       file.file_name, file.sha256, coalesce(printed.source_url, file.url) AS url, coalesce(printed.source_title, file.publisher) AS source,
       file.retrieved_on, coalesce(printed.published_on, file.published_on) AS published_on, printed.published_precision, printed.published_ground,
       coalesce(held.source_lines, found.lines) AS lines, found.masked_lines,
       held.edition, held.synthetic
FROM (
    -- Selected before all else: behind a lateral join a condition is looked at only after every value of the day was put together.
    FROM observations_as_of(as_of_date) AS held
    WHERE held.goal_id = goal AND held.indicator_id = goals.known_indicator('explain', indicator) AND held.entity_id = entity
      AND (held.period_label = period::VARCHAR OR held.year::VARCHAR = period::VARCHAR)
) AS held
JOIN goals.method AS method ON method.indicator_id = held.indicator_id AND method.method_version = held.method_version
JOIN meta.source_file AS file ON file.source_file_id = held.source_file_ids[1]
LEFT JOIN goals.published_value AS printed
  ON held.source_file_ids[1] LIKE 'register/%' AND printed.lines = held.source_lines
LEFT JOIN LATERAL (
    SELECT list_sort(list(DISTINCT contribution.line)) AS lines,
           list_sort(list(DISTINCT contribution.line) FILTER (contribution.numerator_masked + contribution.denominator_masked > 0)) AS masked_lines
    FROM core.contribution
    JOIN core.entity_of AS member
      ON member.source_file_id = contribution.source_file_id AND member.period_end = contribution.period_end
     AND member.vestiging_id = contribution.vestiging_id
    WHERE contribution.indicator_id = held.indicator_id AND contribution.method_version = held.method_version
      AND contribution.source_file_id = held.source_file_ids[1] AND contribution.period_start = held.period_start AND contribution.period_end = held.period_end
      AND (contribution.breakdown = held.breakdown OR (contribution.parts_sum_to_total AND held.breakdown = 'total'))
      AND member.entity_level = held.entity_level AND member.entity_id = held.entity_id AND member.known_from = held.known_from
) AS found ON true
ORDER BY ALL;
