-- Contributions added up per site: what one file says about one site, period and breakdown.
-- The sums of a ratio leave masked lines out wholly (their possibilities are added with the bounds); a plain sum keeps what is known.
CREATE TABLE core.site_sum AS
SELECT indicator_id, method_version, dataset_id, scale, rank, parts_sum_to_total, source_file_id, vestiging_id,
       period_label, period_start, period_end, breakdown,
       sum(numerator) FILTER (NOT is_ratio OR NOT is_masked) AS numerator,
       sum(denominator) FILTER (NOT is_masked) AS denominator,
       any_value(rounding) * count(numerator) AS numerator_rounding, any_value(rounding) * count(denominator) AS denominator_rounding,
       bool_or(is_ratio) AS is_ratio,
       sum(numerator_masked + denominator_masked) AS masked_cells,
       bool_or(numerator_masked + denominator_masked IS NULL) AS has_unbounded_mask,
       count(*) FILTER (is_masked) AS masked_lines,
       count(*) AS lines
FROM (
    SELECT *, denominator IS NOT NULL OR coalesce(denominator_masked, 1) > 0 AS is_ratio,
           coalesce(numerator_masked + denominator_masked, 1) > 0 AS is_masked
    FROM core.contribution
)
GROUP BY ALL;

-- Which file counts for a period: files in the order in which they became known. A later file replaces an earlier one for that
-- series and period. Of files of one day the better source comes last, and of one kind of file the one that covers most: the newer
-- release. A lesser source that is found after a better one (a copy of the provisional exam file after the definitive one, or of an
-- earlier five-year window after a later one) has nothing to add.
CREATE TABLE core.file_precedence AS
SELECT * EXCLUDE (rank, covers_until),
       row_number() OVER in_order AS sequence, lead(known_from) OVER in_order AS next_known_from
FROM (
    SELECT *
    FROM (
        SELECT DISTINCT indicator_id, method_version, period_start, period_end, source_file_id, rank,
               max(period_end) OVER (PARTITION BY source_file_id) AS covers_until
        FROM core.site_sum
    )
    JOIN meta.file_arrival USING (source_file_id)
    QUALIFY (rank, covers_until) >= max((rank, covers_until)) OVER (
        PARTITION BY indicator_id, method_version, period_start, period_end
        ORDER BY known_from, rank, covers_until ROWS UNBOUNDED PRECEDING
    )
)
WINDOW in_order AS (
    PARTITION BY indicator_id, method_version, period_start, period_end
    ORDER BY known_from, rank, covers_until, source_file_id
);
