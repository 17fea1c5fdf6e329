-- What was known on a day. `observations_as_of` serves every entity; `as_of` and `timeline` the country.
--
-- The rule of every period of days here, such as known_from to known_to: from its first day up to and not including its end; an
-- empty end is open. So a day has one answer: what held when it was over. Of values that replaced each other within the day
-- (`day_order` 1, 2, ...), `nth_of_day` asks for the moment after the n-th.
CREATE MACRO holds_on(first_day, end_day, on_date) AS (first_day <= on_date AND (end_day IS NULL OR end_day > on_date));
CREATE MACRO known_at(known_from, known_to, day_order, on_date, nth_of_day) AS (
    CASE WHEN coalesce(nth_of_day, 0) = 0 OR known_from <> on_date THEN holds_on(known_from, known_to, on_date)
         ELSE holds_on(day_order, CASE WHEN known_to = known_from THEN day_order + 1 END, nth_of_day) END
);

-- Flags that follow from what the indicator is, beside those of the value itself.
CREATE VIEW goals.indicator_flags AS
SELECT indicator_id, CASE type WHEN 'proxy' THEN ['proxy'] WHEN 'survey' THEN ['survey'] ELSE []::VARCHAR[] END AS kind_flags
FROM goals.indicator;

-- `obs_status`, `conf_status` and `missing_reason` are in words in the view codes; see 08_reasons.sql.
CREATE MACRO observations_as_of(as_of_date, nth_of_day := 0) AS TABLE
SELECT *, obs_status_of(value, status, flags, (indicator_id, method_version, year) IN (
           SELECT (indicator_id, method_version, year(period_end_from)) FROM goals.break_flag
           WHERE flag IN ('definition_break', 'population_change', 'registration_change') AND known_from <= as_of_date::DATE
       )) AS obs_status,
       conf_status_of(masked_cells) AS conf_status, hidden_reason(value, masked_cells) AS missing_reason
FROM (
    SELECT held.goal_id, held.indicator_id, held.method_version, held.entity_level, held.entity_id, held.breakdown, held.year,
           held.period_label, held.period_start, held.period_end, held.value, held.value_low, held.value_high,
           held.numerator, held.denominator, held.masked_cells, held.unit, held.status,
           list_sort(list_distinct(list_concat(
               held.flags,
               kind.kind_flags,
               CASE WHEN held.status = 'provisional' THEN ['provisional'] ELSE [] END,
               CASE WHEN held.synthetic THEN ['synthetic'] ELSE [] END,
               coalesce((
                   SELECT list(broken.flag) FROM goals.break_flag AS broken
                   WHERE broken.indicator_id = held.indicator_id AND broken.method_version = held.method_version
                     AND held.period_end BETWEEN broken.period_end_from AND broken.period_end_until
                     AND broken.known_from <= as_of_date::DATE
               ), [])
           ))) AS flags,
           held.source, held.known_from, held.known_to, held.source_file_ids, held.source_lines, held.edition, held.synthetic
    FROM goals.observation AS held JOIN goals.indicator_flags AS kind USING (indicator_id)
    WHERE known_at(held.known_from, held.known_to, held.day_order, as_of_date::DATE, nth_of_day)
) AS held;

CREATE MACRO as_of(as_of_date, nth_of_day := 0) AS TABLE
SELECT goal_id, indicator_id, method_version, breakdown, year, period_label, period_start, period_end,
       value, value_low, value_high, numerator, denominator, masked_cells, unit, status, flags,
       source, known_from, edition, synthetic, obs_status, conf_status, missing_reason
FROM observations_as_of(as_of_date, nth_of_day := nth_of_day)
WHERE entity_level = 'national'
ORDER BY goal_id, indicator_id, method_version, breakdown, period_end;

-- As known now: kept as a table, since every other view starts here.
CREATE TABLE goals.timeline_now AS FROM as_of(DATE '9999-12-31');
CREATE VIEW timeline AS FROM goals.timeline_now;

CREATE MACRO history() AS TABLE
SELECT goal_id, indicator_id, method_version, entity_level, entity_id, breakdown, year, period_label,
       period_start, period_end, value, value_low, value_high, numerator, denominator, masked_cells, unit, status, flags,
       source, known_from, known_to, day_order, known_to IS NULL AS is_current, edition, synthetic
FROM goals.observation;
