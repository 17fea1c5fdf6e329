-- Which way the evidence on a goal points in the years of the agreement, as known on a day. It stands beside the status and never
-- changes it: a proxy counts here and supports no verdict. The rule in words: docs/concepts.md.

-- The members of the VO-raad agreed to the renewed agreement on this day: what was reached before is no result of it.
CREATE MACRO agreement_start() AS DATE '2018-05-31';
-- The agreement's last year: for a goal without a target no later value counts as its last one.
CREATE MACRO agreement_last_year() AS 2020;

-- A change of less than this share of the first value counts as none (of a percentage: of the part that is nearer to 0 or 100).
-- Rounding and yearly ups and downs are of this size. Our own convention.
CREATE MACRO smallest_change() AS 0.025;

-- What a source weighs: a count of everybody most, an opinion least. A target's figure is a count; a proxy measures something near.
CREATE MACRO goals.strength_weight(strength) AS CASE strength WHEN 'A' THEN 4 WHEN 'B' THEN 3 WHEN 'C' THEN 2 WHEN 'D' THEN 1 END;
CREATE MACRO goals.figure_weight(indicator_type) AS CASE indicator_type WHEN 'target' THEN 4 WHEN 'survey' THEN 3 WHEN 'proxy' THEN 2 END;

-- From one value with bounds to a later one: improved, unchanged or worsened where the bounds leave only that, else empty.
CREATE MACRO goals.direction_of_change(better, unit, from_low, from_high, to_low, to_high) AS (
    SELECT CASE WHEN low > least_change THEN 'improved' WHEN high < -least_change THEN 'worsened'
                WHEN low >= -least_change AND high <= least_change THEN 'unchanged' END
    FROM (
        SELECT round(CASE better WHEN 'lower' THEN from_low - to_high ELSE to_low - from_high END, 9) AS low,
               round(CASE better WHEN 'lower' THEN from_high - to_low ELSE to_high - from_low END, 9) AS high,
               round(smallest_change() * CASE unit WHEN 'pct' THEN least(from_low, 100 - from_high) ELSE abs(from_low) END, 9)
                   AS least_change
    )
    WHERE better IN ('lower', 'higher')
);

-- National values of the agreement's years and the year before it, in one series per indicator, for what is said of a goal: the series
-- with both ends comes first, then the one that leads, then the published one. Nothing made up.
CREATE MACRO goals.agreement_figures_as_of(as_of_date) AS TABLE
WITH seen AS (
    SELECT known.*, indicator.type, indicator.direction, indicator.decimals, indicator.line, goal.headline_method_version,
           known.indicator_id IS NOT DISTINCT FROM goal.headline_indicator_id AS is_headline, method.origin,
           count(*) FILTER (year IN (2018, agreement_last_year())) OVER (PARTITION BY known.indicator_id, known.method_version) AS ends,
           -- Values on two sides of a lasting break are no change. One that names no method lies between the methods, if there are more.
           (SELECT count(*)
            FROM goals.break_flag AS passed JOIN goals."break" AS broken USING (break_id) JOIN goals.flag AS flag ON flag.flag = passed.flag
            WHERE passed.indicator_id = known.indicator_id AND passed.method_version = known.method_version
              AND passed.period_end_from <= known.period_end AND passed.known_from <= as_of_date::DATE
              AND passed.period_end_until = DATE '9999-12-31' AND passed.kind <> 'covid' AND flag.severity <> 'info'
              AND (broken.method_version IS NOT NULL
                   OR (SELECT count(*) FROM goals.method AS other WHERE other.indicator_id = known.indicator_id) = 1)) AS segment
    FROM observations_as_of(as_of_date) AS known
    JOIN goals.goal AS goal USING (goal_id) JOIN goals.indicator AS indicator USING (indicator_id)
    JOIN goals.method AS method ON method.indicator_id = known.indicator_id AND method.method_version = known.method_version
    WHERE known.entity_level = 'national' AND NOT known.synthetic AND known.value_low IS NOT NULL
      AND known.year BETWEEN year(agreement_start()) - 1 AND agreement_last_year()
      AND known.breakdown = CASE WHEN known.indicator_id = goal.headline_indicator_id THEN goal.headline_breakdown ELSE 'total' END
)
SELECT goal_id, indicator_id, method_version, type, unit, direction, decimals, line, is_headline, segment, year,
       value, value_low, value_high, flags,
       list_contains(flags, 'covid') AS covid,
       list_has_any(flags, (SELECT list(flag) FROM goals.flag WHERE severity = 'blocking')) AS blocked
FROM seen
QUALIFY dense_rank() OVER (
    PARTITION BY indicator_id
    ORDER BY ends DESC, is_headline AND method_version = headline_method_version DESC, origin = 'bottom_up', method_version
) = 1;

-- Every source that speaks of a change: evidence by its number, a figure by indicator and years. `excluded` says why one does not count.
CREATE MACRO goals.direction_sources_made(as_of_date) AS TABLE
WITH figures AS MATERIALIZED (FROM goals.agreement_figures_as_of(as_of_date)),
changes AS (
    -- The last value that can be compared, and apart from it that of a Covid year, each beside 2018 or, for 2018 itself, the year before.
    SELECT later.*, earlier.year AS from_year,
           goals.direction_of_change(
               later.direction, later.unit, earlier.value_low, earlier.value_high, later.value_low, later.value_high
           ) AS points
    FROM figures AS later
    JOIN figures AS earlier
      ON earlier.indicator_id = later.indicator_id AND earlier.year <= 2018 AND earlier.year < later.year AND NOT earlier.blocked
     AND earlier.segment = later.segment
    WHERE later.year >= 2018 AND (NOT later.blocked OR later.covid) AND goals.figure_weight(later.type) IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY later.indicator_id, later.covid ORDER BY later.year DESC, earlier.year DESC) = 1
),
stated AS (
    SELECT evidence.*, year(ref_period_end) AS to_year, try_cast(right(vs_period, 4) AS INTEGER) AS from_year, target.base_year
    FROM goals.evidence AS evidence
    JOIN goals.goal AS goal USING (goal_id)
    LEFT JOIN (FROM goals.target WHERE known_from <= as_of_date::DATE) AS target
      ON target.indicator_id = goal.headline_indicator_id AND target.breakdown = goal.headline_breakdown
    WHERE evidence.known_from <= as_of_date::DATE AND NOT evidence.synthetic
      AND NOT EXISTS (
          SELECT 1 FROM goals.evidence AS later
          WHERE later.supersedes_id = evidence.evidence_id AND later.known_from <= as_of_date::DATE AND NOT later.synthetic
      )
)
SELECT goal_id, indicator_id || ' ' || from_year || '-' || year AS source_id, 'figure' AS kind, 'figures' AS speaker,
       points AS direction, goals.figure_weight(type) AS weight, from_year, year AS to_year, is_headline, NULL AS polarity,
       CASE WHEN covid THEN 'covid' WHEN points IS NULL THEN 'no_direction' END AS excluded
FROM changes
UNION ALL
SELECT goal_id, evidence_id, 'evidence', independent_source,
       CASE direction WHEN 'verbeterd' THEN 'improved' WHEN 'stabiel' THEN 'unchanged' WHEN 'verslechterd' THEN 'worsened'
                      WHEN 'gemengd' THEN 'mixed' END,
       goals.strength_weight(strength), from_year, to_year, false, polarity,
       CASE WHEN source_type = 'official_outcome' THEN 'official_outcome'
            WHEN verdict_contribution = 'context' THEN 'context'
            WHEN direction = 'onbekend' THEN 'no_direction'
            WHEN NOT coalesce(ref_period_end BETWEEN agreement_start() AND make_date(agreement_last_year(), 12, 31)
                              AND (from_year BETWEEN year(agreement_start()) - 1 AND to_year OR from_year = base_year), false)
                THEN 'other_years'
            WHEN covid_affected <> 'no' THEN 'covid' END
FROM stated;

-- The days on which anything changed that is said of a goal: on every other day it is what it was on the one before. The first stands
-- for all days before anything was known.
CREATE TABLE goals.vintage_date AS
SELECT DATE '0001-01-01' AS vintage_date
UNION SELECT known_from FROM goals.observation WHERE entity_level = 'national'
UNION SELECT known_to FROM goals.observation WHERE entity_level = 'national' AND known_to IS NOT NULL
UNION SELECT known_from FROM goals.evidence
UNION SELECT known_from FROM goals.verdict
UNION SELECT known_from FROM goals.target
UNION SELECT known_from FROM goals.break_flag
ORDER BY ALL;
CREATE MACRO goals.vintage_date_of(as_of_date) AS (SELECT max(vintage_date) FROM goals.vintage_date WHERE vintage_date <= as_of_date::DATE);

-- Kept for all of these days, made in one go: to work it out for one day costs more than to look it up, most of it before the first row.
CREATE TABLE goals.direction_source AS
SELECT day.vintage_date, source.* FROM goals.vintage_date AS day, LATERAL (FROM goals.direction_sources_made(day.vintage_date)) AS source
ORDER BY ALL;
CREATE MACRO direction_sources_as_of(as_of_date) AS TABLE
SELECT * EXCLUDE (vintage_date) FROM goals.direction_source WHERE vintage_date = goals.vintage_date_of(as_of_date) ORDER BY goal_id, source_id;

-- The direction per goal, by which rule, on what it rests and what points another way. Each independent source speaks once, by its
-- heaviest and then newest statement; the figures of a goal are one source. What sees both sides counts half on each.
CREATE MACRO goals.direction_as_of(as_of_date) AS TABLE
WITH sources AS MATERIALIZED (
    SELECT *, excluded IS NULL AND row_number() OVER (
               PARTITION BY goal_id, speaker, excluded IS NULL ORDER BY weight DESC, is_headline DESC, to_year DESC, source_id
           ) = 1 AS counts
    FROM goals.direction_sources_made(as_of_date)
),
weighed AS (
    SELECT goal_id,
           coalesce(sum(CASE direction WHEN 'improved' THEN weight WHEN 'mixed' THEN weight / 2 END) FILTER (counts), 0) AS up,
           coalesce(sum(CASE direction WHEN 'worsened' THEN weight WHEN 'mixed' THEN weight / 2 END) FILTER (counts), 0) AS down,
           coalesce(sum(weight) FILTER (counts AND direction = 'unchanged'), 0) AS level,
           coalesce(max(weight) FILTER (counts), 0) AS heaviest,
           count(DISTINCT direction) FILTER (counts) AS directions,
           bool_or(excluded = 'covid') AS covid_speaks
    FROM sources GROUP BY goal_id
),
ruled AS (
    SELECT goal_id,
           CASE WHEN heaviest <= goals.strength_weight('D') THEN 'unknown'
                WHEN up > 0 AND down > 0 AND greatest(up, down) < 2 * least(up, down) THEN 'mixed'
                WHEN greatest(up, down) < level OR up = down THEN 'unchanged'
                WHEN up > down THEN 'improved' ELSE 'worsened' END AS evidence_direction,
           CASE WHEN heaviest = 0 AND covid_speaks THEN 'covid_only'
                WHEN heaviest = 0 THEN 'no_comparison'
                WHEN evidence_direction = 'unknown' THEN 'opinion_only'
                WHEN evidence_direction = 'mixed' THEN 'both_ways'
                WHEN directions = 1 THEN 'one_way' ELSE 'outweighed' END AS direction_rule
    FROM weighed
),
sides AS (
    SELECT sources.*, evidence_direction, direction_rule,
           counts AND (direction = evidence_direction OR evidence_direction IN ('mixed', 'unknown')) AS rests,
           -- Beside what points another way: what speaks against progress, or for it, in the agreement's years without naming a change.
           CASE WHEN evidence_direction IN ('mixed', 'unknown') THEN false
                WHEN excluded IS NULL OR excluded = 'covid' THEN direction <> evidence_direction AND (counts OR direction <> 'unchanged')
                WHEN excluded = 'no_direction' AND to_year BETWEEN year(agreement_start()) AND agreement_last_year()
                    THEN evidence_direction = 'improved' AND polarity = 'against' OR evidence_direction = 'worsened' AND polarity = 'for'
                ELSE false END AS against
    FROM sources JOIN ruled USING (goal_id)
)
SELECT goal.goal_id, coalesce(any_value(evidence_direction), 'unknown') AS evidence_direction,
       coalesce(any_value(direction_rule), 'nothing_to_compare') AS direction_rule,
       min(from_year) FILTER (rests) AS direction_from, max(to_year) FILTER (rests) AS direction_to,
       coalesce(list(source_id ORDER BY sides.kind DESC, source_id) FILTER (rests), []) AS direction_basis,
       coalesce(list(source_id ORDER BY sides.kind DESC, source_id) FILTER (against), []) AS direction_against
FROM goals.goal AS goal LEFT JOIN sides USING (goal_id)
GROUP BY goal.goal_id;
