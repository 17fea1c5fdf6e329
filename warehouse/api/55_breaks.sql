-- One national series, or the reason why there is none. Series of different method versions are never joined.

-- The method version that has a value of an indicator in both years: the goal's headline before others, published before added up.
CREATE MACRO goals.method_covering(indicator, from_year, to_year) AS TABLE
SELECT arg_min(method_version, (rank, method_version)) AS method_version,
       (SELECT count(*) FROM goals.indicator AS known WHERE known.indicator_id = indicator) = 0 AS unknown_indicator
FROM (
    SELECT seen.method_version,
           CASE WHEN seen.method_version = goal.headline_method_version AND goal.headline_indicator_id = indicator THEN 0
                WHEN method.origin = 'published' THEN 1 ELSE 2 END AS rank
    FROM timeline AS seen
    JOIN goals.goal AS goal USING (goal_id)
    JOIN goals.method AS method ON method.indicator_id = seen.indicator_id AND method.method_version = seen.method_version
    WHERE seen.indicator_id = indicator AND seen.breakdown = 'total'
    GROUP BY ALL
    HAVING bool_or(seen.year = from_year) AND bool_or(seen.year = to_year)
);

-- The breaks in method, definition or registration of an indicator that lie between two label years, in order of date.
CREATE MACRO goals.breaks_between(indicator, from_year, to_year) AS TABLE
SELECT DISTINCT broken.break_id, flag.kind, broken.period_end_from, broken.description_en, broken.description_nl
FROM goals.break_flag AS flag JOIN goals."break" AS broken USING (break_id)
WHERE flag.indicator_id = indicator AND flag.kind IN ('method', 'definition', 'registration')
  AND year(flag.period_end_from) > from_year AND year(flag.period_end_from) <= to_year
ORDER BY broken.period_end_from, broken.break_id;

-- The series of one method version that has both years, with the years between; else an error that names the break.
CREATE MACRO comparable(indicator, from_year, to_year) AS TABLE
SELECT seen.*
FROM (
    SELECT CASE
        WHEN from_year > to_year THEN goals.in_order('comparable', from_year, to_year)::VARCHAR
        WHEN method_version IS NOT NULL THEN method_version
        WHEN unknown_indicator THEN error('comparable: there is no indicator ' || indicator
            || '; choose one from goals.indicator.')
        ELSE error('comparable: no method version of ' || indicator || ' has a value in both ' || from_year || ' and ' || to_year
            || '; ' || coalesce(
                (SELECT string_agg(method_version || ' has ' || years, ', ' ORDER BY method_version) FROM (
                    SELECT method_version, min(year) || '-' || max(year) AS years FROM timeline AS seen
                    WHERE seen.indicator_id = indicator AND breakdown = 'total' GROUP BY method_version
                )), 'no value is known') || '. '
            || coalesce(
                (SELECT string_agg('Break ' || break_id || ' (' || period_end_from || '): ' || description_en, ' '
                                   ORDER BY period_end_from, break_id)
                 FROM goals.breaks_between(indicator, from_year, to_year)),
                'The break register names no break between these years.')
            || ' See both with both_series(''' || indicator || ''', ' || from_year || ', ' || to_year || ').')
        END AS method_version
    FROM goals.method_covering(indicator, from_year, to_year)
) AS chosen
JOIN timeline AS seen
  ON seen.method_version = chosen.method_version AND seen.indicator_id = indicator AND seen.breakdown = 'total'
 AND seen.year BETWEEN from_year AND to_year
UNION ALL BY NAME FROM goals.refused('comparable', indicator, from_year, to_year)
ORDER BY period_end;

-- Every series of the indicator between two label years, beside each other. `has_both_years` marks those that may be compared on
-- their own; `break_ids` are the registered breaks between the years.
CREATE MACRO both_series(indicator, from_year, to_year) AS TABLE
SELECT seen.*,
       coalesce(bool_or(seen.year = from_year) OVER series AND bool_or(seen.year = to_year) OVER series, false) AS has_both_years,
       coalesce((SELECT list(break_id) FROM goals.breaks_between(indicator, from_year, to_year)), []) AS break_ids
FROM timeline AS seen
WHERE seen.indicator_id = indicator AND seen.breakdown = 'total' AND seen.year BETWEEN from_year AND to_year
WINDOW series AS (PARTITION BY seen.method_version)
UNION ALL BY NAME FROM goals.refused('both_series', indicator, from_year, to_year)
ORDER BY method_version, period_end;
