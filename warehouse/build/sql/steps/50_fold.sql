-- The fold: in the order in which files became known, each value holds from the day it was known to the day it changed.
--
-- A scope is what a file replaces as a whole: a series, a period and a kind of entity; a value of the register replaces only
-- itself. Within a scope every arrival closes what the arrival before it said, also one that has no value to give for that kind of
-- entity. Equal values in a row are one observation; a value that an arrival no longer has ends there. The result does not depend on the order in which files were fetched.
CREATE MACRO value_of(numerator, denominator, is_ratio, scale) AS
    CASE WHEN NOT is_ratio THEN numerator::DOUBLE WHEN denominator > 0 THEN scale * numerator::DOUBLE / denominator::DOUBLE END;

CREATE TEMP TABLE fold_input AS
SELECT hash(indicator_id, method_version, entity_level, period_start, period_end) AS scope,
       indicator_id, method_version, entity_level, entity_id, period_label, period_start, period_end, breakdown,
       CASE WHEN masked_cells = 0 THEN value_of(numerator, denominator, is_ratio, scale) END AS value,
       CASE WHEN masked_cells = 0 AND ratio_low IS NULL THEN value_of(numerator, denominator, is_ratio, scale)
            WHEN is_ratio THEN floor(scale * ratio_low * 1e6) / 1e6 ELSE numerator::DOUBLE + masked_cells END AS value_low,
       CASE WHEN masked_cells = 0 AND ratio_low IS NULL THEN value_of(numerator, denominator, is_ratio, scale)
            WHEN is_ratio THEN ceil(scale * ratio_high * 1e6) / 1e6 ELSE numerator::DOUBLE + 4 * masked_cells END AS value_high,
       CASE WHEN masked_cells = 0 THEN numerator::DOUBLE END AS numerator,
       CASE WHEN masked_cells = 0 AND is_ratio THEN denominator::DOUBLE END AS denominator,
       masked_cells, dataset.status,
       list_concat(CASE WHEN masked_cells > 0 THEN ['masked'] ELSE []::VARCHAR[] END,
                   CASE WHEN file.quarantined_lines > 0 THEN ['rows_quarantined'] ELSE [] END) AS flags,
       source_file_id, NULL::BIGINT[] AS source_lines, candidate.known_from, candidate.rank,
       file.file_name || ' (' || file.publisher || ')' AS source, file.synthetic
FROM core.candidate JOIN meta.dataset AS dataset USING (dataset_id)
JOIN meta.source_file AS file USING (source_file_id)
UNION ALL
SELECT hash(indicator_id, method_version, entity_level, period_start, period_end, breakdown, entity_id),
       indicator_id, method_version, entity_level, entity_id, period_label, period_start, period_end, breakdown,
       value, value, value, NULL, NULL, 0, status,
       flags, source_file_id, lines, known_from, vintage_rank, source_title, false
FROM goals.published_value SEMI JOIN unit_to_fold USING (indicator_id, method_version);

-- The order of values of one key, on narrow rows: a hash stands for the key (with the entity beside it a collision is
-- out of reach), another for what the row says.
CREATE TEMP TABLE fold_step AS
WITH said AS (
    SELECT rowid AS input_row, scope, entity_id, known_from,
           hash(indicator_id, method_version, entity_level, entity_id, period_start, period_end, breakdown) AS key,
           hash(value, value_low, value_high, numerator, denominator, masked_cells, status, flags) AS content,
           hash(rank, source_file_id, source_lines) AS arrival
    FROM fold_input
),
arrival AS (
    SELECT scope, known_from, hash(rank, source_file_id, source_lines) AS arrival,
           row_number() OVER first_known_first AS sequence, lead(known_from) OVER first_known_first AS next_known
    FROM (
        SELECT scope, known_from, rank, source_file_id, source_lines FROM fold_input
        UNION
        SELECT hash(indicator_id, method_version, entity_level, period_start, period_end), known_from, sequence, source_file_id, NULL
        FROM core.file_precedence
        JOIN (SELECT DISTINCT indicator_id, method_version, period_start, period_end, entity_level FROM core.candidate)
            USING (indicator_id, method_version, period_start, period_end)
    )
    WINDOW first_known_first AS (PARTITION BY scope ORDER BY known_from, rank, source_file_id, source_lines)
),
steps AS (
    SELECT input_row, key, entity_id, sequence, next_known,
           sequence <> 1 + lag(sequence) OVER in_order OR content <> lag(content) OVER in_order AS differs,
           lag(next_known) OVER in_order AS end_before,
           last_value(next_known) OVER (in_order ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS end_of_all
    FROM said JOIN arrival USING (scope, known_from, arrival)
    WINDOW in_order AS (PARTITION BY key, entity_id ORDER BY sequence)
)
SELECT input_row,
       -- A value ends where the next one of its key starts, or earlier: where an arrival no longer had it.
       CASE WHEN lead(input_row) OVER in_order IS NULL THEN end_of_all ELSE lead(end_before) OVER in_order END AS known_to
FROM steps
WHERE differs IS NULL OR differs
WINDOW in_order AS (PARTITION BY key, entity_id ORDER BY sequence);

CREATE TABLE goals.observation AS
SELECT indicator.goal_id, indicator_id, method_version, entity_level, entity_id,
       period_label, period_start, period_end, year(period_end)::INTEGER AS year, breakdown,
       value, value_low, value_high, numerator, denominator, masked_cells::BIGINT AS masked_cells,
       indicator.unit, status, flags, [source_file_id] AS source_file_ids, source_lines, source, known_from, known_to,
       (SELECT edition FROM meta.edition) AS edition, synthetic, 1::INTEGER AS day_order
FROM fold_input
JOIN fold_step ON fold_step.input_row = fold_input.rowid
JOIN goals.indicator AS indicator USING (indicator_id)
-- The country first, then by indicator: what is asked most lies together.
ORDER BY entity_level <> 'national', indicator_id, entity_id;

DROP TABLE fold_step;
DROP TABLE fold_input;
