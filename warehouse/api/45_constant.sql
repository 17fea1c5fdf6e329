-- Schools and boards between two label years on a constant composition: the same schools on both sides, under whatever number.
--
-- A composition is a set of schools that mergers, transfers and splits tie together between the first day of the first period and
-- the last day of the second. Both sides add up all of it, so nothing is gained or lost by a change of number; where a part went
-- elsewhere, the school that took it belongs to the set and the flag `succession_not_one_to_one` says so. Series of one method
-- version only: a method known in one of the years stands on its own row, with nothing to compare it with. `split` is the one
-- breakdown that is wanted, or '' for all.
CREATE MACRO goals.constant_parts(from_year, to_year, split) AS TABLE
WITH RECURSIVE side AS (
    SELECT o.entity_level, o.entity_id, o.goal_id, o.indicator_id, o.method_version, o.breakdown, o.unit,
           o.year = from_year AS is_from, o.year = to_year AS is_to, o.period_label, o.period_start, o.period_end,
           o.value_low, o.value_high, o.numerator, o.denominator, o.masked_cells, o.status, o.source_file_ids[1] AS source_file_id,
           o.synthetic
    FROM goals.observation AS o
    JOIN goals.method AS method USING (indicator_id, method_version)
    WHERE goals.in_order('school_progress and board_progress', from_year, to_year)
      AND o.known_to IS NULL AND o.year IN (from_year, to_year) AND method.origin = 'bottom_up' AND split IN ('', o.breakdown)
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
        UNION ALL SELECT 'board', from_board_id, to_board_id, happened_on, merged AND whole_board FROM core.board_succession
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
           coalesce(contribution.numerator, 0)::DOUBLE + contribution.numerator_masked AS n_low,
           least(coalesce(contribution.numerator, 0) + 4 * contribution.numerator_masked,
                 coalesce(contribution.denominator, 0) + 4 * contribution.denominator_masked)::DOUBLE AS n_high,
           coalesce(contribution.denominator, 0)::DOUBLE + contribution.denominator_masked AS d_low,
           coalesce(contribution.denominator, 0)::DOUBLE + 4 * contribution.denominator_masked AS d_high
    FROM side
    JOIN core.entity_of AS member
      ON member.source_file_id = side.source_file_id AND member.period_end = side.period_end
     AND member.entity_level = side.entity_level AND member.entity_id = side.entity_id
    JOIN core.contribution
      ON contribution.indicator_id = side.indicator_id AND contribution.method_version = side.method_version
     AND contribution.source_file_id = side.source_file_id AND contribution.period_end = side.period_end
     AND contribution.vestiging_id = member.vestiging_id
     AND (contribution.breakdown = side.breakdown OR (contribution.parts_sum_to_total AND side.breakdown = 'total'))
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
       bool_or(side.is_from) OVER whole AS has_from, bool_or(side.is_to) OVER whole AS has_to,
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
 AND open_sum.breakdown = side.breakdown AND open_sum.period_end = side.period_end
WINDOW whole AS (
    PARTITION BY side.indicator_id, side.method_version, side.breakdown, coalesce(composition.composition_id, side.entity_id)
);

-- Which board held a school on the first and the last day of a comparison, as dated in core.board_history, else the nearest known.
CREATE MACRO goals.board_on(on_dates) AS TABLE
SELECT on_date, brin, board_id
FROM (SELECT unnest(on_dates) AS on_date) CROSS JOIN core.board_history
QUALIFY row_number() OVER (
    PARTITION BY on_date, brin ORDER BY valid_from > on_date, abs(date_diff('day', valid_from, on_date)), valid_to NULLS FIRST
) = 1;

-- Per composition of schools (level 'school'), or added up to the board that holds its schools on the last day (level 'board'). For a
-- board only compositions with figures on both sides count; one that is shared with another board counts wholly for both.
-- Bounds of a share: between those of its parts added up cell by cell, and those of its lowest and highest school.
CREATE MACRO goals.constant_progress(level, from_year, to_year, split) AS TABLE
WITH part AS MATERIALIZED (FROM goals.constant_parts(from_year, to_year, split)),
held AS (
    SELECT DISTINCT part.composition_id, part.indicator_id, part.method_version, part.breakdown,
           CASE WHEN level = 'school' OR part.entity_level = 'board' THEN part.composition_id ELSE board.board_id END AS holder_id
    FROM part
    LEFT JOIN goals.board_on((SELECT list(DISTINCT coalesce(ends_on, starts_on)) FROM part)) AS board
      ON board.on_date = coalesce(part.ends_on, part.starts_on)
     AND board.brin = CASE part.entity_level WHEN 'school' THEN part.entity_id END
    -- A composition is where its schools of the last day are; where none is left, where they would have been.
    WHERE (part.is_to OR NOT part.has_to) AND (level = 'board' OR part.entity_level = 'school')
),
holder AS (
    SELECT *, count(*) OVER (PARTITION BY composition_id, indicator_id, method_version, breakdown) > 1 AS shared
    FROM held WHERE holder_id IS NOT NULL
),
started AS MATERIALIZED (
    SELECT part.*, holder.holder_id, holder.shared, before.board_id AS board_before,
           NOT part.paired OR part.has_from AND part.has_to AS on_both_sides
    FROM part
    JOIN holder USING (composition_id, indicator_id, method_version, breakdown)
    LEFT JOIN goals.board_on((SELECT list(DISTINCT starts_on) FROM part WHERE starts_on IS NOT NULL)) AS before
      ON before.on_date = part.starts_on AND before.brin = CASE part.entity_level WHEN 'school' THEN part.entity_id END
),
sided AS (
    -- Decimals: they add up to the same sum in whatever order they come, as floating-point numbers do not.
    SELECT * REPLACE (numerator::DECIMAL(38, 3) AS numerator, denominator::DECIMAL(38, 3) AS denominator,
                      n_low::DECIMAL(38, 3) AS n_low, n_high::DECIMAL(38, 3) AS n_high,
                      rest_low::DECIMAL(38, 3) AS rest_low, rest_high::DECIMAL(38, 3) AS rest_high),
           unnest(CASE WHEN is_from AND is_to THEN ['from', 'to'] WHEN is_from THEN ['from'] ELSE ['to'] END) AS side,
           unit IN ('pct', 'points', 'ratio') AS is_ratio, CASE unit WHEN 'pct' THEN 100 ELSE 1 END AS scale
    FROM started
),
added AS MATERIALIZED (
    SELECT holder_id, goal_id, indicator_id, method_version, breakdown, unit, side,
           any_value(period_label) AS period_label, any_value(period_end) AS period_end,
           list_sort(list(DISTINCT entity_id)) AS entity_ids, sum(masked_cells)::BIGINT AS masked_cells,
           CASE WHEN sum(masked_cells) > 0 THEN NULL
                WHEN is_ratio THEN scale * sum(numerator) / nullif(sum(denominator), 0) ELSE sum(numerator) END AS value,
           CASE WHEN value IS NOT NULL THEN value
                WHEN NOT is_ratio THEN sum(value_low::DECIMAL(38, 3))
                WHEN unit = 'pct' THEN greatest(min(value_low),
                    floor(1e8 * sum(n_low) / nullif(sum(n_low) + sum(rest_high), 0)) / 1e6)
                ELSE min(value_low) END AS value_low,
           CASE WHEN value IS NOT NULL THEN value
                WHEN NOT is_ratio THEN sum(value_high::DECIMAL(38, 3))
                WHEN unit = 'pct' THEN least(max(value_high),
                    ceil(1e8 * sum(n_high) / nullif(sum(n_high) + sum(rest_low), 0)) / 1e6)
                ELSE max(value_high) END AS value_high,
           bool_or(status = 'provisional') AS provisional, bool_or(synthetic) AS synthetic
    FROM sided WHERE on_both_sides OR level = 'school'
    GROUP BY holder_id, goal_id, indicator_id, method_version, breakdown, unit, side, is_ratio, scale
),
tied AS (
    SELECT holder_id, indicator_id, method_version, breakdown, any_value(entity_level) AS entity_level, any_value(paired) AS paired,
           bool_or(NOT one_to_one OR shared) AS not_one_to_one,
           bool_or(tied OR NOT on_both_sides AND level = 'board'
                   OR level = 'board' AND entity_level = 'school' AND is_from AND board_before IS DISTINCT FROM holder_id) AS changed,
           list_sort(list(DISTINCT board_before) FILTER (is_from AND board_before IS NOT NULL)) AS board_ids_from,
           count(DISTINCT composition_id) FILTER (NOT on_both_sides) AS left_out
    FROM started GROUP BY ALL
),
series_flag AS (
    SELECT indicator_id, method_version, period_end, list(DISTINCT flag) AS flags
    FROM (SELECT DISTINCT indicator_id, method_version, period_end FROM added)
    JOIN goals.break_flag AS broken USING (indicator_id, method_version)
    WHERE period_end BETWEEN broken.period_end_from AND broken.period_end_until
    GROUP BY ALL
)
SELECT coalesce(start.goal_id, finish.goal_id) AS goal_id, indicator_id, method_version, breakdown,
       coalesce(start.unit, finish.unit) AS unit, tied.entity_level, holder_id,
       coalesce(start.entity_ids, []) AS entity_ids_from, coalesce(finish.entity_ids, []) AS entity_ids_to,
       coalesce(tied.board_ids_from, []) AS board_ids_from, tied.left_out,
       start.period_label AS period_from, finish.period_label AS period_to,
       start.value AS value_from, start.value_low AS value_from_low, start.value_high AS value_from_high,
       finish.value AS value_to, finish.value_low AS value_to_low, finish.value_high AS value_to_high,
       finish.value - start.value AS change,
       finish.value_low - start.value_high AS change_low, finish.value_high - start.value_low AS change_high,
       goals.missing_value(from_year, start.value, start.value_low, series.years, series.indicator_years, newest.year,
                           goals.existed(from_year, life.valid_from, life.valid_to)) AS missing_reason_from,
       goals.missing_value(to_year, finish.value, finish.value_low, series.years, series.indicator_years, newest.year,
                           goals.existed(to_year, life.valid_from, life.valid_to)) AS missing_reason_to,
       coalesce(start.masked_cells, 0) + coalesce(finish.masked_cells, 0) AS masked_cells,
       list_sort(list_distinct(list_concat(
           coalesce(before.flags, []), coalesce(after.flags, []), kind.kind_flags,
           CASE WHEN coalesce(start.masked_cells, 0) + coalesce(finish.masked_cells, 0) > 0 THEN ['masked'] ELSE [] END,
           CASE WHEN coalesce(start.provisional, false) OR coalesce(finish.provisional, false) THEN ['provisional'] ELSE [] END,
           CASE WHEN start.indicator_id IS NULL THEN ['no_value_in_from_year'] ELSE [] END,
           CASE WHEN finish.indicator_id IS NULL THEN ['no_value_in_to_year'] ELSE [] END,
           CASE WHEN NOT tied.paired THEN [] WHEN tied.not_one_to_one THEN ['succession_not_one_to_one']
                WHEN tied.changed THEN ['composition_changed'] ELSE [] END,
           CASE WHEN coalesce(start.synthetic, false) OR coalesce(finish.synthetic, false) THEN ['synthetic'] ELSE [] END
       ))) AS flags,
       coalesce(start.synthetic, false) OR coalesce(finish.synthetic, false) AS synthetic
FROM (FROM added WHERE side = 'from') AS start
FULL JOIN (FROM added WHERE side = 'to') AS finish USING (holder_id, indicator_id, method_version, breakdown)
JOIN tied USING (holder_id, indicator_id, method_version, breakdown)
JOIN goals.indicator_flags AS kind USING (indicator_id)
CROSS JOIN (SELECT goals.newest_year() AS year) AS newest
LEFT JOIN goals.series_year AS series USING (indicator_id, method_version, breakdown, entity_level)
-- Of several schools or boards the first stands for all: they are one composition.
LEFT JOIN goals.entity_life AS life
  ON life.entity_level = CASE tied.entity_level WHEN 'board' THEN 'board' ELSE level END
 AND life.entity_id = CASE WHEN tied.entity_level = 'school' AND level = 'board' THEN holder_id
                           ELSE coalesce(finish.entity_ids[1], start.entity_ids[1]) END
LEFT JOIN series_flag AS before
  ON before.indicator_id = start.indicator_id AND before.method_version = start.method_version AND before.period_end = start.period_end
LEFT JOIN series_flag AS after
  ON after.indicator_id = finish.indicator_id AND after.method_version = finish.method_version AND after.period_end = finish.period_end;

-- Columns: school_id (the first of the schools that stand for the composition in the last year; look others up in school_ids_to) ·
-- school_ids_from, school_ids_to (the schools added up on each side) · period_from, period_to (labels) · value_from, value_to (empty
-- when they rest on masked cells) with _low and _high · change with change_low and change_high (the truth lies between) · why a value or
-- the change is not there (missing_reason_from, missing_reason_to, missing_reason) · masked_cells · flags
-- (succession_not_one_to_one: a split or partial transfer is in the composition; composition_changed: it changed otherwise).
CREATE MACRO school_progress(from_year, to_year) AS TABLE
SELECT goal_id, indicator_id, method_version, breakdown, unit,
       coalesce(found.entity_ids_to[1], found.entity_ids_from[1]) AS school_id, entity_ids_from AS school_ids_from, entity_ids_to AS school_ids_to,
       period_from, period_to, value_from, value_from_low, value_from_high, value_to, value_to_low, value_to_high,
       change, change_low, change_high, missing_reason_from, missing_reason_to,
       goals.missing_change(value_from_low, value_to_low, missing_reason_from, missing_reason_to, []) AS missing_reason,
       masked_cells, flags, (SELECT edition FROM meta.edition) AS edition, synthetic,
       named.name AS school_name
FROM goals.constant_progress('school', from_year, to_year, '') AS found
LEFT JOIN goals.school_names_on(make_date(to_year, 12, 31)) AS named
  ON named.school_id = coalesce(found.entity_ids_to[1], found.entity_ids_from[1])
ORDER BY goal_id, indicator_id, method_version, breakdown, school_id;

-- Columns as of school_progress; board_id (the board that holds the schools on the last day) · board_ids_from (the boards that held
-- them on the first day) · school_ids_from, school_ids_to (empty where the figures are the boards' own, as in finance) · left_out
-- (compositions of this board with a figure in one of the years only: they count on neither side).
CREATE MACRO goals.boards_between(from_year, to_year, split) AS TABLE
SELECT goal_id, indicator_id, method_version, breakdown, unit,
       CASE found.entity_level WHEN 'board' THEN coalesce(found.entity_ids_to[1], found.entity_ids_from[1]) ELSE found.holder_id END AS board_id,
       CASE entity_level WHEN 'board' THEN entity_ids_from ELSE board_ids_from END AS board_ids_from,
       CASE entity_level WHEN 'board' THEN [] ELSE entity_ids_from END AS school_ids_from,
       CASE entity_level WHEN 'board' THEN [] ELSE entity_ids_to END AS school_ids_to, left_out,
       period_from, period_to, value_from, value_from_low, value_from_high, value_to, value_to_low, value_to_high,
       change, change_low, change_high, missing_reason_from, missing_reason_to,
       goals.missing_change(value_from_low, value_to_low, missing_reason_from, missing_reason_to, []) AS missing_reason,
       masked_cells, flags, (SELECT edition FROM meta.edition) AS edition, synthetic,
       named.name AS board_name
FROM goals.constant_progress('board', from_year, to_year, split) AS found
LEFT JOIN goals.board_names_on(make_date(to_year, 12, 31)) AS named
  ON named.board_id = CASE found.entity_level WHEN 'board' THEN coalesce(found.entity_ids_to[1], found.entity_ids_from[1]) ELSE found.holder_id END
ORDER BY goal_id, indicator_id, method_version, breakdown, board_id;

-- The same for all breakdowns.
CREATE MACRO board_progress(from_year, to_year) AS TABLE FROM goals.boards_between(from_year, to_year, '');
