-- In which label years a series has a value or its bounds at a level (`years`), and in which any method of the indicator has one there.
CREATE TABLE goals.series_year AS
SELECT *, list_sort(list_distinct(flatten(list(years) OVER (PARTITION BY indicator_id, breakdown, entity_level)))) AS indicator_years
FROM (
    SELECT indicator_id, method_version, breakdown, entity_level, list_sort(list(DISTINCT year)) AS years
    FROM goals.observation WHERE known_to IS NULL AND value_low IS NOT NULL GROUP BY ALL
)
ORDER BY ALL;

-- The year in which anything was last known: it is not over, nor are later ones.
CREATE MACRO goals.newest_year() AS (SELECT max(year(known_from)) FROM goals.timeline_now);

-- Since and until when a school, site or board is known to have been there; a board as long as it held a school. What stands in the
-- first list of sites may be of any age: it has no first day.
CREATE VIEW goals.entity_life AS
SELECT entity_level, entity_id, CASE WHEN valid_from > first_state_on THEN valid_from END AS valid_from, valid_to
FROM (
    SELECT entity_level, entity_id, valid_from, valid_to FROM core.validity
    UNION ALL
    SELECT 'board', board_id, min(valid_from), CASE WHEN bool_and(valid_to IS NOT NULL) THEN max(valid_to) END
    FROM core.board_history GROUP BY board_id
)
CROSS JOIN (SELECT min(state_on) AS first_state_on FROM core.site_state);

CREATE MACRO goals.existed(at_year, valid_from, valid_to) AS
    coalesce(valid_from <= make_date(at_year, 12, 31), true) AND coalesce(valid_to > make_date(at_year, 1, 1), true);
