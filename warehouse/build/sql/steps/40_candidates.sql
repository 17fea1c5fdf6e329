-- Added up to every level, for the units that are to be folded. Sums are exact here; groups with masked cells get their bounds from transforms/bounds.py.
CREATE TABLE core.candidate AS
SELECT site_sum.indicator_id, site_sum.method_version, entity.entity_level, entity.entity_id,
       site_sum.period_label, site_sum.period_start, site_sum.period_end, breakdown.breakdown,
       site_sum.source_file_id, entity.known_from, file_precedence.sequence AS rank, site_sum.dataset_id, site_sum.scale,
       bool_or(site_sum.is_ratio) AS is_ratio,
       coalesce(sum(site_sum.numerator), 0) AS numerator,
       coalesce(sum(site_sum.denominator), 0) AS denominator,
       sum(site_sum.masked_cells)::BIGINT AS masked_cells,
       sum(site_sum.masked_lines)::BIGINT AS masked_lines,
       -- Rounded counts; groups with masked cells get theirs from transforms/bounds.py.
       CASE WHEN sum(site_sum.numerator_rounding) > 0 THEN
           greatest(sum(site_sum.numerator) - sum(site_sum.numerator_rounding), 0) / (sum(site_sum.denominator) + sum(site_sum.denominator_rounding))
       END AS ratio_low,
       CASE WHEN sum(site_sum.numerator_rounding) > 0 THEN
           (sum(site_sum.numerator) + sum(site_sum.numerator_rounding)) / (sum(site_sum.denominator) - sum(site_sum.denominator_rounding))
       END AS ratio_high
FROM (FROM core.site_sum SEMI JOIN unit_to_fold USING (indicator_id, method_version)) AS site_sum
JOIN core.file_precedence USING (indicator_id, method_version, period_start, period_end, source_file_id)
JOIN core.entity_of AS entity USING (source_file_id, period_end, vestiging_id)
CROSS JOIN LATERAL (
    SELECT unnest(CASE WHEN site_sum.parts_sum_to_total THEN [site_sum.breakdown, 'total'] ELSE [site_sum.breakdown] END) AS breakdown
) AS breakdown
WHERE entity.known_from = file_precedence.known_from
   OR (entity.known_from > file_precedence.known_from
       AND (file_precedence.next_known_from IS NULL OR entity.known_from < file_precedence.next_known_from))
GROUP BY ALL
-- Nobody took part: there is no share of nothing. A cell hidden without any bound: nothing honest can be said.
HAVING NOT bool_or(site_sum.has_unbounded_mask)
   AND (NOT bool_or(site_sum.is_ratio) OR sum(site_sum.denominator) > 0 OR sum(site_sum.masked_cells) > 0);
