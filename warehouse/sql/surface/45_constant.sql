-- Schools and boards between two label years on a constant composition: the same schools on both sides, under whatever number.
--
-- A composition is a set of schools that mergers, transfers and splits tie together between the first day of the first period and
-- the last day of the second. Both sides add up all of it, so nothing is gained or lost by a change of number; where a part went
-- elsewhere, the school that took it belongs to the set and the flag `succession_not_one_to_one` says so. Series of one method
-- version only: a method known in one of the years stands on its own row, with nothing to compare it with.
CREATE MACRO goals.constant_parts(from_year, to_year) AS TABLE
WITH RECURSIVE side AS (
    SELECT o.entity_level, o.entity_id, o.goal_id, o.indicator_id, o.method_version, o.breakdown, o.unit,
           o.year = from_year AS is_from, o.year = to_year AS is_to, o.period_label, o.period_start, o.period_end,
           o.value_low, o.value_high, o.numerator, o.denominator, o.masked_cells, o.status, o.source_file_ids[1] AS source_file_id,
           o.synthetic
    FROM goals.observation AS o
    JOIN goals.method AS method USING (indicator_id, method_version)
    WHERE o.known_to IS NULL AND o.year IN (from_year, to_year) AND method.origin = 'bottom_up'
      -- Boards are added up from schools; a board's own figures serve where schools have none.
      AND (o.entity_level = 'school' OR o.entity_level = 'board' AND (o.indicator_id, o.method_version) NOT IN (
          SELECT DISTINCT (indicator_id, method_version) FROM goals.observation WHERE entity_level = 'school'
      ))
),
span AS (
    SELECT indicator_id, method_version, breakdown,
           min(period_start) FILTER (is_from) AS starts_on, max(period_end) FILTER (is_to) AS ends_on,
           bool_or(is_from) AND bool_or(is_to) AS paired
    FROM side GROUP BY ALL
),
edge AS (
    SELECT starts_on, ends_on, entity_level, a, b, one_to_one
    FROM (SELECT DISTINCT starts_on, ends_on FROM span WHERE paired)
    JOIN (
        SELECT 'school' AS entity_level, from_brin AS a, to_brin AS b, happened_on, one_to_one FROM core.succession
        UNION ALL SELECT 'board', from_board_id, to_board_id, happened_on, merged FROM core.board_succession
    ) ON happened_on > starts_on AND happened_on <= ends_on
),
tie AS (
    SELECT starts_on, ends_on, entity_level, a AS node, b AS other FROM edge
    UNION SELECT starts_on, ends_on, entity_level, b, a FROM edge
),
reach AS (
    SELECT starts_on, ends_on, entity_level, node, other FROM tie
    UNION
    SELECT reach.starts_on, reach.ends_on, reach.entity_level, reach.node, tie.other
    FROM reach JOIN tie
      ON tie.starts_on = reach.starts_on AND tie.ends_on = reach.ends_on AND tie.entity_level = reach.entity_level
     AND tie.node = reach.other
),
composition AS (
    SELECT starts_on, ends_on, entity_level, node, min(other) AS composition_id FROM reach GROUP BY ALL
),
clean AS (
    SELECT composition.starts_on, composition.ends_on, composition.entity_level, composition_id, bool_and(one_to_one) AS one_to_one
    FROM composition
    JOIN edge ON edge.starts_on = composition.starts_on AND edge.ends_on = composition.ends_on
     AND edge.entity_level = composition.entity_level AND edge.a = composition.node
    GROUP BY ALL
),
-- Shares that rest on hidden cells: what the lines of the school leave open for the part and for the rest, each hidden cell 1 to 4.
open_line AS (
    SELECT side.entity_level, side.entity_id, side.indicator_id, side.method_version, side.breakdown, side.period_end,
           coalesce(atom.numerator, 0)::DOUBLE + atom.numerator_masked AS n_low,
           least(coalesce(atom.numerator, 0) + 4 * atom.numerator_masked,
                 coalesce(atom.denominator, 0) + 4 * atom.denominator_masked)::DOUBLE AS n_high,
           coalesce(atom.denominator, 0)::DOUBLE + atom.denominator_masked AS d_low,
           coalesce(atom.denominator, 0)::DOUBLE + 4 * atom.denominator_masked AS d_high
    FROM side
    JOIN core.entity_of AS member
      ON member.source_file_id = side.source_file_id AND member.period_end = side.period_end
     AND member.entity_level = side.entity_level AND member.entity_id = side.entity_id
    JOIN core.atom AS atom
      ON atom.indicator_id = side.indicator_id AND atom.method_version = side.method_version
     AND atom.source_file_id = side.source_file_id AND atom.period_end = side.period_end
     AND atom.vestiging_id = member.vestiging_id
     AND (atom.breakdown = side.breakdown OR (atom.leaves AND side.breakdown = 'total'))
    WHERE side.masked_cells > 0 AND side.unit = 'pct'
      AND member.known_from = (
          SELECT min(known_from) FROM meta.source_file AS file WHERE file.source_file_id = side.source_file_id
      )
),
open_sum AS (
    SELECT entity_level, entity_id, indicator_id, method_version, breakdown, period_end,
           sum(n_low) AS n_low, sum(n_high) AS n_high,
           sum(greatest(d_low - n_high, 0)) AS rest_low, sum(greatest(d_high - n_low, 0)) AS rest_high
    FROM open_line GROUP BY ALL
)
SELECT side.*, span.starts_on, span.ends_on, span.paired,
       coalesce(composition.composition_id, side.entity_id) AS composition_id,
       composition.composition_id IS NOT NULL AS tied, coalesce(clean.one_to_one, true) AS one_to_one,
       coalesce(open_sum.n_low, side.numerator) AS n_low, coalesce(open_sum.n_high, side.numerator) AS n_high,
       coalesce(open_sum.rest_low, side.denominator - side.numerator) AS rest_low,
       coalesce(open_sum.rest_high, side.denominator - side.numerator) AS rest_high
FROM side
JOIN span USING (indicator_id, method_version, breakdown)
LEFT JOIN composition
  ON composition.starts_on = span.starts_on AND composition.ends_on = span.ends_on
 AND composition.entity_level = side.entity_level AND composition.node = side.entity_id
LEFT JOIN clean
  ON clean.starts_on = span.starts_on AND clean.ends_on = span.ends_on
 AND clean.entity_level = side.entity_level AND clean.composition_id = composition.composition_id
LEFT JOIN open_sum
  ON open_sum.entity_level = side.entity_level AND open_sum.entity_id = side.entity_id
 AND open_sum.indicator_id = side.indicator_id AND open_sum.method_version = side.method_version
 AND open_sum.breakdown = side.breakdown AND open_sum.period_end = side.period_end;
