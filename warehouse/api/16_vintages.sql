-- The verbs of real-time data, as ALFRED and the Philadelphia Fed name them; `as_of` stands in 10_asof.sql. A vintage date is a day on
-- which anything was known to change. A release of a value is a version of it in `history()`: the first, the n-th, the latest. A file
-- that says the same of a value as the one before it, status included, is no release of that value.
CREATE MACRO vintages(indicator) AS TABLE
SELECT vintage_date, count(*) FILTER (began) AS began, count(*) FILTER (NOT began) AS ended,
       count(*) FILTER (began AND entity_level = 'national') AS national_began, list_sort(list(DISTINCT source) FILTER (began)) AS sources
FROM (
    SELECT known_from AS vintage_date, true AS began, entity_level, source FROM goals.observation WHERE indicator_id = indicator
    UNION ALL
    SELECT known_to, false, entity_level, source FROM goals.observation WHERE indicator_id = indicator AND known_to IS NOT NULL
)
GROUP BY vintage_date
ORDER BY vintage_date;

CREATE MACRO nth_release(n) AS TABLE
SELECT * EXCLUDE (entity_level, entity_id), count(*) OVER cell AS releases
FROM history()
WHERE entity_level = 'national'
WINDOW cell AS (PARTITION BY indicator_id, method_version, breakdown, period_start, period_end)
QUALIFY row_number() OVER (cell ORDER BY known_from, day_order) = n
ORDER BY goal_id, indicator_id, method_version, breakdown, period_end;

CREATE MACRO first_release() AS TABLE FROM nth_release(1);

CREATE MACRO latest() AS TABLE FROM timeline;

-- What was known on each vintage date, a row per period and vintage; PIVOT makes the vintages columns. A value that was replaced
-- within its day has a vintage of its own, the day with its order behind it (2020-12-31.1); the day itself is its end.
CREATE MACRO vintage_table(indicator) AS TABLE
WITH national AS (
    SELECT method_version, breakdown, period_label, period_start, period_end, value, value_low, value_high, unit, status,
           known_from, known_to, day_order
    FROM goals.observation WHERE indicator_id = indicator AND entity_level = 'national'
),
vintage AS (
    SELECT known_from AS vintage_date, day_order AS nth, known_from::VARCHAR
           || CASE WHEN day_order < max(day_order) OVER (PARTITION BY known_from) THEN '.' || day_order ELSE '' END AS vintage
    FROM (SELECT DISTINCT known_from, day_order FROM national)
)
SELECT method_version, breakdown, period_label, period_start, period_end, vintage, vintage_date, value, value_low, value_high, unit, status
FROM vintage JOIN national ON known_at(known_from, known_to, day_order, vintage_date, nth)
ORDER BY method_version, breakdown, period_end, vintage_date, nth;

-- How much values of a kind change after their first release: the latest minus the first, over the cells that have a later release.
-- A cell moved where any two of its releases differ, also when the latest is the first again.
CREATE VIEW revision_profile AS
WITH cell AS (
    SELECT indicator_id, method_version, entity_level, count(*) AS releases,
           arg_min_null(value, moment) AS first_value, arg_max_null(value, moment) AS last_value,
           max(value) <> min(value) AS moved, min(known_from) AS first_day, max(known_from) AS last_day, arg_max(status, moment) = 'provisional' AS still_provisional
    FROM (SELECT *, date_diff('day', DATE '1970-01-01', known_from) * 1000 + day_order AS moment FROM goals.observation)
    GROUP BY indicator_id, method_version, entity_level, entity_id, period_start, period_end, breakdown
)
SELECT indicator.goal_id, indicator_id, method_version, entity_level, count(*) AS cells,
       count(*) FILTER (releases > 1) AS revised, count(*) FILTER (moved) AS moved,
       revised < 5 AS few_cases,
       avg(last_value - first_value) FILTER (releases > 1) AS bias,
       avg(abs(last_value - first_value)) FILTER (releases > 1) AS mean_absolute_revision,
       max(abs(last_value - first_value)) FILTER (releases > 1) AS largest_absolute_revision,
       avg(last_day - first_day) FILTER (releases > 1 AND NOT still_provisional) AS days_to_final, indicator.unit
FROM cell JOIN goals.indicator AS indicator USING (indicator_id)
GROUP BY ALL
ORDER BY indicator.goal_id, indicator_id, method_version, entity_level;
