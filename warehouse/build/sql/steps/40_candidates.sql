-- Added up to every level. Sums are exact here; groups with masked cells get their bounds from transforms/bounds.py.
CREATE TABLE core.candidate AS
SELECT part.indicator_id, part.method_version, entity.entity_level, entity.entity_id,
       part.period_label, part.period_start, part.period_end, breakdown.breakdown,
       part.source_file_id, entity.known_from, arrival.place AS rank, part.dataset_id, part.scale,
       bool_or(part.is_ratio) AS is_ratio,
       coalesce(sum(part.numerator), 0) AS numerator,
       coalesce(sum(part.denominator), 0) AS denominator,
       sum(part.masked_cells)::BIGINT AS masked_cells,
       sum(part.masked_lines)::BIGINT AS masked_lines,
       NULL::DOUBLE AS ratio_low, NULL::DOUBLE AS ratio_high
FROM core.part
JOIN core.arrival USING (indicator_id, method_version, period_start, period_end, source_file_id)
JOIN core.entity_of AS entity USING (source_file_id, period_end, vestiging_id)
CROSS JOIN LATERAL (
    SELECT unnest(CASE WHEN part.leaves THEN [part.breakdown, 'total'] ELSE [part.breakdown] END) AS breakdown
) AS breakdown
WHERE entity.known_from = arrival.known_from
   OR (entity.known_from > arrival.known_from
       AND (arrival.next_known_from IS NULL OR entity.known_from < arrival.next_known_from))
GROUP BY ALL
-- Nobody took part: there is no share of nothing. A cell hidden without any bound: nothing honest can be said.
HAVING NOT bool_or(part.is_boundless)
   AND (NOT bool_or(part.is_ratio) OR sum(part.denominator) > 0 OR sum(part.masked_cells) > 0);
