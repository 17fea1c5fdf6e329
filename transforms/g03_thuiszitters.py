"""G03 Long-term absentees: the total of 2019-2020, which was published in its two parts only.

    thuiszitters_gt3m_n(total) = thuiszitters_gt3m_n(absoluut) + thuiszitters_gt3m_n(relatief)

Unit: children of school age (primary, special, secondary and vocational together; pupils of secondary education alone are
an indicator of their own); lower is better. Source: the yearly count of the compulsory-education officers, in the
register. In every year in which parts and total were both published they agree. Exemptions (5a) stand beside the
total and never inside it.
"""

TOTAL_FROM_PARTS = """
SELECT 'derived-' || arg_min(value_id, breakdown) AS value_id, indicator_id, method_version, 'total' AS breakdown,
       entity_level, entity_id, arg_min(period_label, breakdown) AS period_label, period_start, period_end,
       sum(value) AS value, 'unknown' AS status, 0 AS vintage_rank, true AS derived,
       list_sort(list_distinct(list_append(flatten(list(flags)), 'derived'))) AS flags,
       arg_min(source_title, breakdown) AS source_title, arg_min(source_url, breakdown) AS source_url,
       max(known_from) AS known_from,
       list_sort(flatten(list(lines))) AS lines, arg_min(source_file_id, breakdown) AS source_file_id,
       arg_min(note_nl, breakdown) AS note_nl, arg_min(note_en, breakdown) AS note_en
FROM (
    -- Of a part that was published more than once the last word counts.
    FROM goals.published_value
    QUALIFY row_number() OVER (
        PARTITION BY indicator_id, method_version, breakdown, entity_level, entity_id, period_start, period_end
        ORDER BY known_from DESC, vintage_rank DESC
    ) = 1
) AS part
WHERE indicator_id = 'g03_thuiszitters_gt3m_n' AND breakdown IN ('absoluut', 'relatief')
  -- A total published later takes over in the fold; it does not change what could be known before.
  AND NOT EXISTS (
      SELECT 1 FROM goals.published_value AS whole
      WHERE whole.indicator_id = part.indicator_id AND whole.method_version = part.method_version
        AND whole.breakdown = 'total' AND whole.entity_id = part.entity_id
        AND whole.period_start = part.period_start AND whole.period_end = part.period_end
        AND whole.known_from <= part.known_from
  )
GROUP BY indicator_id, method_version, entity_level, entity_id, period_start, period_end
HAVING count(DISTINCT breakdown) = 2"""

DERIVED = [TOTAL_FROM_PARTS]
