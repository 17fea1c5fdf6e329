-- Sites, schools and boards on a day, with since when and until when they are known to have been there.
--
-- Names and regions come from the state nearest before the day, else from the first one after it (`state_is_later`). What had ended
-- by that day is given as well, with `is_open` false and what it went over into: count with WHERE is_open. So is what no file
-- lists until later, unless the day lies before the first state, when nothing can be said against it. Without a
-- day (NULL): the day of the newest state. The macros have no WITH clause, which DuckDB 1.4 cannot read from a file of a later version,
-- and take no subquery as an argument, which DuckDB 2.0 refuses.
CREATE MACRO sites_on(on_date) AS TABLE
SELECT state.vestiging_id, state.brin, state.name, state.board_id, state.province, state.municipality_id,
       coalesce(spelled.municipality, state.municipality) AS municipality,
       state.rmc_id, state.rmc, state.denomination, state.structure,
       validity.valid_from, validity.valid_to, validity.ended_by,
       (validity.valid_to IS NULL OR validity.valid_to > state.asked_on)
           AND (validity.valid_from <= state.asked_on OR state.first_state_on > state.asked_on) AS is_open,
       state.state_on, state.state_on > state.asked_on AS state_is_later, state.source_file_id, state.line
FROM (
    SELECT * FROM core.site_state
    CROSS JOIN (
        SELECT coalesce(on_date::DATE, newest_on) AS asked_on, first_state_on
        FROM (SELECT max(state_on) AS newest_on, min(state_on) AS first_state_on FROM core.site_state)
    )
    QUALIFY row_number() OVER (
        PARTITION BY vestiging_id
        ORDER BY state_on > asked_on, abs(date_diff('day', state_on, asked_on)), whole_school, source_file_id
    ) = 1
) AS state
LEFT JOIN goals.municipality_name AS spelled
  ON spelled.name_in_files = state.municipality AND spelled.municipality_id IS NOT DISTINCT FROM state.municipality_id
JOIN core.validity AS validity ON validity.entity_level = 'vestiging' AND validity.entity_id = state.vestiging_id
ORDER BY vestiging_id;

-- A school's board is the one that held it on the day, as dated in core.board_history.
CREATE MACRO schools_on(on_date) AS TABLE
SELECT site.brin AS school_id, arg_min(site.name, vestiging_id) AS name, any_value(board.board_id) AS board_id,
       arg_min(province, vestiging_id) AS province, arg_min(municipality_id, vestiging_id) AS municipality_id,
       arg_min(municipality, vestiging_id) AS municipality, arg_min(rmc_id, vestiging_id) AS rmc_id,
       count(*) AS vestigingen, any_value(validity.valid_from) AS valid_from, any_value(validity.valid_to) AS valid_to,
       any_value(validity.ended_by) AS ended_by,
       bool_and((validity.valid_to IS NULL OR validity.valid_to > asked_on)
                AND (validity.valid_from <= asked_on OR first_state_on > asked_on)) AS is_open,
       coalesce(any_value(went.successor_ids), []) AS successor_ids,
       any_value(site.state_on) AS state_on, any_value(state_is_later) AS state_is_later,
       (SELECT edition FROM meta.edition) AS edition,
       any_value(named.name) AS board_name, arg_min(denomination, vestiging_id) AS denomination, arg_min(structure, vestiging_id) AS structure
FROM (
    -- Of a school only the sites of its own nearest state count: another state may list other sites.
    SELECT * FROM sites_on(on_date)
    CROSS JOIN (
        SELECT coalesce(on_date::DATE, newest_on) AS asked_on, first_state_on
        FROM (SELECT max(state_on) AS newest_on, min(state_on) AS first_state_on FROM core.site_state)
    )
    QUALIFY (state_is_later, abs(date_diff('day', state_on, asked_on)))
          = min((state_is_later, abs(date_diff('day', state_on, asked_on)))) OVER (PARTITION BY brin)
) AS site
JOIN core.validity AS validity ON validity.entity_level = 'school' AND validity.entity_id = site.brin
LEFT JOIN (
    SELECT brin, board_id FROM core.board_history
    CROSS JOIN (SELECT coalesce(on_date::DATE, newest_on) AS asked_on FROM (SELECT max(state_on) AS newest_on FROM core.site_state))
    QUALIFY row_number() OVER (
        PARTITION BY brin ORDER BY valid_from > asked_on, abs(date_diff('day', valid_from, asked_on)), valid_to NULLS FIRST
    ) = 1
) AS board ON board.brin = site.brin
LEFT JOIN goals.board_names_on(on_date) AS named ON named.board_id = board.board_id
LEFT JOIN (
    SELECT from_brin, list_sort(list(DISTINCT to_brin)) AS successor_ids FROM core.succession WHERE closes GROUP BY from_brin
) AS went ON went.from_brin = site.brin AND validity.ended_by = 'succession'
GROUP BY site.brin
ORDER BY school_id;

-- The schools of the newest state; what had ended by then is in schools_on(date).
CREATE VIEW schools AS SELECT * EXCLUDE (is_open, ended_by) FROM schools_on(NULL) WHERE is_open;

CREATE VIEW boards AS
SELECT board_id, count(*) AS schools, sum(vestigingen)::BIGINT AS vestigingen,
       list_sort(list(DISTINCT province)) AS provinces, list_sort(list(school_id)) AS school_ids,
       any_value(state_on) AS state_on, any_value(edition) AS edition, any_value(board_name) AS board_name
FROM schools
WHERE board_id IS NOT NULL
GROUP BY board_id
ORDER BY board_id;

-- What became of a school by a day: itself, or what it went over into, step by step. A school that lost a part stays, beside the
-- school that took the part; `one_to_one` is false for all of them when any step was a split, partial or shared. What went back later
-- is itself again; a circle of one day is not followed.
CREATE MACRO successor_of(school, on_date) AS TABLE
WITH RECURSIVE walk AS (
    SELECT school::VARCHAR AS school_id, NULL::DATE AS since, 0 AS steps, [school::VARCHAR] AS path, true AS one_to_one
    UNION ALL
    SELECT step.to_brin, step.happened_on, walk.steps + 1, list_append(walk.path, step.to_brin), walk.one_to_one AND step.one_to_one
    FROM walk
    JOIN core.succession AS step
      ON step.from_brin = walk.school_id AND step.happened_on <= on_date::DATE
     AND step.happened_on >= coalesce(walk.since, step.happened_on)
     AND (step.happened_on > walk.since OR NOT list_contains(walk.path, step.to_brin))
)
SELECT school_id, since, steps, path, every.one_to_one
FROM walk CROSS JOIN (SELECT bool_and(one_to_one) AS one_to_one FROM walk) AS every
WHERE NOT EXISTS (
    FROM core.succession AS step
    WHERE step.from_brin = walk.school_id AND step.closes AND step.happened_on <= on_date::DATE
      AND step.happened_on >= coalesce(walk.since, step.happened_on)
      AND (step.happened_on > walk.since OR NOT list_contains(walk.path, step.to_brin))
)
QUALIFY steps = min(steps) OVER (PARTITION BY school_id)
ORDER BY steps, school_id;
