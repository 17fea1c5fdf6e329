-- Who is who over time: schools that merge, pass over or split, boards that change, municipalities and regions that change.
--
-- Dated as well as the files allow. A state says what was so on its day, OVERGANGEN on which day a school or board went over.
-- All of it is as known now: it serves `schools_on` and comparisons on a constant composition; the bitemporal fold keeps its own
-- knowledge of membership (core.entity_of).

-- Every vintage of OVERGANGEN has the whole history: the newest one counts.
CREATE TEMP TABLE newest_transition AS
FROM core.duo_overgangen
WHERE source_file_id = (
    SELECT source_file_id FROM meta.source_file AS file JOIN meta.file_arrival AS arrival USING (source_file_id)
    WHERE dataset_id = 'duo_overgangen'
    ORDER BY arrival.known_from DESC, source_file_id DESC LIMIT 1
);

-- School to school. Rows of sites count as well: sites that leave for another school are a part of it that went.
-- An institution under another law (a green school) counts where the file lets secondary sites go along with it.
CREATE TABLE core.succession AS
WITH step AS (
    SELECT left(from_id, 4) AS from_brin, left(to_id, 4) AS to_brin, happened_on, transition_code, source_file_id, line,
           file.known_from, from_function = 'U' AND to_function = 'U' AS of_school,
           coalesce(complete = 'J', false) AS complete, coalesce(from_law = 'WVO' AND to_law = 'WVO', false) AS is_vo
    FROM core.duo_overgangen JOIN meta.source_file AS file USING (source_file_id)
    WHERE from_function IN ('U', 'D') AND to_function IN ('U', 'D') AND left(from_id, 4) <> left(to_id, 4)
),
pair AS (
    SELECT from_brin, to_brin, happened_on, source_file_id, any_value(known_from) AS known_from,
           arg_min(transition_code, (NOT of_school, line)) AS transition_code, arg_min(line, (NOT of_school, line)) AS line,
           bool_or(of_school) AS of_school, bool_or(of_school AND complete) AS complete
    FROM step GROUP BY ALL HAVING bool_or(is_vo)
),
-- Known since the first vintage that has it.
stated AS (
    SELECT *, min(known_from) OVER (PARTITION BY from_brin, to_brin, happened_on) AS told_from FROM pair
)
SELECT from_brin, to_brin, happened_on,
       CASE transition_code WHEN 'F' THEN 'fusie' WHEN 'V' THEN 'overdracht' ELSE 'splitsing' END AS kind,
       -- The whole school went, and to one other school only.
       of_school AND complete AND kind <> 'splitsing' AND count(*) OVER (PARTITION BY from_brin, happened_on) = 1 AS one_to_one,
       -- The old number is not used any more. Of a merger the file says less than all went along, not that something stayed.
       of_school AND kind <> 'splitsing' AND (complete OR kind = 'fusie') AS closes,
       source_file_id, line, told_from AS known_from
FROM stated
WHERE source_file_id IN (SELECT source_file_id FROM newest_transition)
ORDER BY happened_on, from_brin, to_brin;

-- Every day on which a file lists a school or site.
CREATE TEMP TABLE sign_of_life AS
WITH counted AS (SELECT DISTINCT vestiging_id, period_start FROM core.site_sum WHERE length(vestiging_id) = 6)
SELECT 'school' AS entity_level, brin AS entity_id, state_on AS seen_on FROM core.site_state
UNION SELECT 'vestiging', vestiging_id, state_on FROM core.site_state
UNION SELECT 'school', left(vestiging_id, 4), period_start FROM counted
UNION SELECT 'vestiging', vestiging_id, period_start FROM counted;

CREATE TEMP TABLE going_over AS
SELECT 'school' AS entity_level, from_brin AS entity_id, to_brin AS to_id, happened_on, closes FROM core.succession
UNION
SELECT 'vestiging', from_id, to_id, happened_on, complete = 'J'
FROM newest_transition WHERE from_function = 'D' AND to_function = 'D' AND to_law = 'WVO';

-- From the first day a file lists it until it went over into another, else until the first state that no longer lists it.
-- Lists lag: a school that went over may stand in them for up to a year; one that stands longer did not end.
CREATE TABLE core.validity AS
WITH life AS (
    SELECT entity_level, entity_id, min(seen_on) AS first_seen, max(seen_on) AS last_seen
    FROM sign_of_life
    WHERE (entity_level, entity_id) IN (
        SELECT ('school', brin) FROM core.site_state UNION SELECT ('vestiging', vestiging_id) FROM core.site_state
    )
    GROUP BY ALL
),
origin AS (SELECT entity_level, to_id AS entity_id, min(happened_on) AS took_over_on FROM going_over GROUP BY ALL),
ending AS (
    SELECT entity_level, entity_id, max(happened_on) AS went_over_on
    FROM going_over JOIN life USING (entity_level, entity_id)
    WHERE closes AND last_seen < happened_on + INTERVAL 1 YEAR
    GROUP BY ALL
),
listed AS (
    SELECT 'school' AS entity_level, state_on FROM core.site_state
    UNION SELECT 'vestiging', state_on FROM core.site_state WHERE NOT whole_school
),
missed AS (
    SELECT entity_level, entity_id, min(state_on) AS missed_on
    FROM life JOIN listed USING (entity_level) WHERE listed.state_on > last_seen GROUP BY ALL
)
SELECT entity_level, entity_id, least(first_seen, took_over_on, went_over_on) AS valid_from,
       coalesce(went_over_on, missed_on) AS valid_to,
       CASE WHEN went_over_on IS NOT NULL THEN 'succession' WHEN missed_on IS NOT NULL THEN 'no longer listed' END AS ended_by
FROM life
LEFT JOIN origin USING (entity_level, entity_id)
LEFT JOIN ending USING (entity_level, entity_id)
LEFT JOIN missed USING (entity_level, entity_id)
ORDER BY entity_level, entity_id;

-- Which board holds a school. A change between two states has the day on which OVERGANGEN lets the one board go over into the other
-- (`dated_by_line`; `whole_board`: of all it had), and else the day of
-- the state that first shows it.
CREATE TABLE core.board_history AS
WITH state AS (
    SELECT brin, state_on, arg_min(board_id, (vestiging_id, whole_school, board_id)) AS board_id, min(known_from) AS known_from,
           list(DISTINCT source_file_id) AS files
    FROM core.site_state WHERE board_id IS NOT NULL GROUP BY ALL
),
step AS (
    SELECT *, lag(board_id) OVER school AS board_before, lag(state_on) OVER school AS state_before FROM state
    WINDOW school AS (PARTITION BY brin ORDER BY state_on)
),
spell AS (
    SELECT *, count(*) FILTER (board_before IS DISTINCT FROM board_id) OVER (PARTITION BY brin ORDER BY state_on) AS spell FROM step
),
run AS (
    SELECT brin, spell, any_value(board_id) AS board_id, arg_min_null(board_before, state_on) AS board_before,
           arg_min_null(state_before, state_on) AS state_before, min(state_on) AS seen_from, max(state_on) AS seen_until,
           list_sort(list_distinct(flatten(list(files)))) AS source_file_ids, min(known_from) AS known_from
    FROM spell GROUP BY brin, spell
),
dated AS (
    SELECT run.*, max(went.happened_on) AS went_over_on, arg_max(went.line, (went.happened_on, went.line)) AS dated_by_line,
           arg_max(went.complete = 'J', (went.happened_on, went.line)) AS whole_board
    FROM run
    LEFT JOIN newest_transition AS went
      ON went.from_function = 'B' AND went.from_id = run.board_before AND went.to_id = run.board_id
     AND went.happened_on > run.state_before AND went.happened_on <= run.seen_from
    GROUP BY ALL
),
bounded AS (
    SELECT dated.*, school.valid_to AS school_ended_on,
           least(coalesce(went_over_on, seen_from), school.valid_to) AS starts_on
    FROM dated LEFT JOIN core.validity AS school ON school.entity_level = 'school' AND school.entity_id = dated.brin
)
SELECT brin, board_id, starts_on AS valid_from,
       coalesce(lead(starts_on) OVER (PARTITION BY brin ORDER BY spell), school_ended_on) AS valid_to,
       board_before, seen_from, seen_until, dated_by_line, whole_board, source_file_ids, known_from
FROM bounded
ORDER BY brin, valid_from, spell;

-- Boards whose schools passed to another board; `merged` where that other board took all that the first one held, `whole_board` where
-- OVERGANGEN says that all of the board went (it may have had more than secondary schools).
CREATE TABLE core.board_succession AS
SELECT board_before AS from_board_id, board_id AS to_board_id, max(valid_from) AS happened_on, count(*) AS schools,
       list_sort(list(brin)) AS school_ids,
       count(*) = (
           SELECT count(DISTINCT held.brin) FROM core.board_history AS held
           WHERE held.board_id = moved.board_before AND (held.valid_to IS NULL OR held.valid_to >= min(moved.valid_from))
       ) AS merged,
       bool_and(coalesce(whole_board, false)) AS whole_board,
       min(known_from) AS known_from
FROM core.board_history AS moved
WHERE board_before IS NOT NULL
GROUP BY board_before, board_id
ORDER BY from_board_id, to_board_id;

-- In which municipality a site stands. File 05 names municipalities as they were when it was made, some months after its second
-- count: a change lies between `seen_until` of the row before and `known_from` of this one.
CREATE TABLE core.municipality_history AS
WITH stated AS (
    SELECT vestiging_id, state_on AS seen_on, municipality_id, municipality, source_file_id, known_from
    FROM core.site_state WHERE municipality_id IS NOT NULL
    UNION ALL
    SELECT vestiging_id, period_end, municipality_id, municipality, source_file_id, known_from
    FROM core.duo_05_zittenblijvers JOIN meta.source_file USING (source_file_id) WHERE municipality_id IS NOT NULL
),
state AS (
    SELECT vestiging_id, seen_on, arg_min(municipality_id, (known_from, source_file_id)) AS municipality_id,
           arg_min(municipality, (known_from, source_file_id)) AS municipality,
           list(DISTINCT source_file_id) AS files, min(known_from) AS known_from
    FROM stated GROUP BY ALL
),
step AS (
    SELECT *, lag(municipality_id) OVER (PARTITION BY vestiging_id ORDER BY seen_on) AS municipality_before FROM state
),
spell AS (
    SELECT *, count(*) FILTER (municipality_before IS DISTINCT FROM municipality_id)
                  OVER (PARTITION BY vestiging_id ORDER BY seen_on) AS spell
    FROM step
),
run AS (
    SELECT vestiging_id, spell, any_value(municipality_id) AS municipality_id, arg_max(municipality, seen_on) AS municipality,
           arg_min_null(municipality_before, seen_on) AS municipality_before, min(seen_on) AS valid_from, max(seen_on) AS seen_until,
           list_sort(list_distinct(flatten(list(files)))) AS source_file_ids, min(known_from) AS known_from
    FROM spell GROUP BY vestiging_id, spell
)
SELECT vestiging_id, municipality_id, municipality, valid_from,
       lead(valid_from) OVER (PARTITION BY vestiging_id ORDER BY spell) AS valid_to,
       municipality_before, seen_until, source_file_ids, known_from
FROM run ORDER BY vestiging_id, valid_from;

-- RMC regions under the names the states give them. The agreement's text counts 39 and later texts 40; the files seen so far have
-- 39. No indicator is counted by RMC region, so there is no series that could break on it.
CREATE TABLE core.rmc_region AS
WITH state AS (
    SELECT rmc_id, state_on, mode(rmc) AS rmc, list(DISTINCT source_file_id) AS files, min(known_from) AS known_from
    FROM (FROM core.site_state ORDER BY rmc) WHERE rmc_id IS NOT NULL GROUP BY ALL
),
step AS (SELECT *, lag(rmc) OVER (PARTITION BY rmc_id ORDER BY state_on) AS rmc_before FROM state),
spell AS (
    SELECT *, count(*) FILTER (rmc_before IS DISTINCT FROM rmc) OVER (PARTITION BY rmc_id ORDER BY state_on) AS spell FROM step
),
run AS (
    SELECT rmc_id, spell, any_value(rmc) AS rmc, min(state_on) AS valid_from, max(state_on) AS seen_until,
           list_sort(list_distinct(flatten(list(files)))) AS source_file_ids, min(known_from) AS known_from
    FROM spell GROUP BY rmc_id, spell
)
SELECT rmc_id, rmc, valid_from,
       coalesce(lead(valid_from) OVER (PARTITION BY rmc_id ORDER BY spell),
                (SELECT min(state_on) FROM state WHERE state_on > seen_until)) AS valid_to,
       source_file_ids, known_from
FROM run ORDER BY rmc_id, valid_from;
