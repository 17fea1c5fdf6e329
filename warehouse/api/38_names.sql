-- What boards and schools are called. A day is compared with the days on which names were stated: the nearest before it counts, else
-- the first one after it. Without a day (NULL): the day of the newest state of sites.

-- A list of boards states the names of its own day, annual accounts those of the year that they close.
CREATE VIEW board_names AS
SELECT board_id, name, known_from AS stated_on, known_from, source_file_id, line
FROM core.duo_bevoegde_gezagen JOIN meta.file_arrival USING (source_file_id)
UNION ALL
SELECT board_id, name, period_end, known_from, source_file_id, line
FROM core.duo_balans JOIN meta.file_arrival USING (source_file_id)
WHERE name IS NOT NULL;

CREATE MACRO goals.board_names_on(on_date) AS TABLE
SELECT board_id, name
FROM board_names CROSS JOIN (SELECT coalesce(on_date::DATE, newest_on) AS asked_on FROM (SELECT max(state_on) AS newest_on FROM core.site_state))
QUALIFY row_number() OVER (
    PARTITION BY board_id
    ORDER BY stated_on > asked_on, abs(date_diff('day', stated_on, asked_on)), known_from DESC, source_file_id, line
) = 1;

CREATE MACRO goals.school_names_on(on_date) AS TABLE
SELECT brin AS school_id, name
FROM core.site_state CROSS JOIN (SELECT coalesce(on_date::DATE, newest_on) AS asked_on FROM (SELECT max(state_on) AS newest_on FROM core.site_state))
QUALIFY row_number() OVER (
    PARTITION BY brin
    ORDER BY state_on > asked_on, abs(date_diff('day', state_on, asked_on)), vestiging_id, whole_school, source_file_id, line
) = 1;

-- Files give municipalities in capitals. Words of one name get their capitals back by a rule; what no rule can know (accents, brackets,
-- names cut short) stands in the register, by code. A name that a file gives in small letters stays as it is.
CREATE TABLE goals.municipality_name AS
SELECT municipality_id, capitals AS name_in_files, CASE WHEN own.name IS NOT NULL THEN own.name WHEN capitals <> upper(capitals) THEN capitals
    ELSE array_to_string(list_transform(string_split(lower(capitals), ' '), lambda word, place: CASE
        WHEN place > 1 AND word IN ('aan', 'bij', 'de', 'den', 'der', 'en', 'het', 'in', 'op', 'van') THEN word
        ELSE array_to_string(list_transform(string_split(word, '-'), lambda part:
            upper(left(part, 1 + starts_with(part, 'ij')::INTEGER)) || substr(part, 2 + starts_with(part, 'ij')::INTEGER)), '-')
        END), ' ') END AS municipality
FROM (
    SELECT municipality_id, municipality AS capitals FROM core.site_state
    UNION SELECT municipality_id, municipality FROM core.municipality_history
) LEFT JOIN goals.municipality_spelling AS own USING (municipality_id)
WHERE capitals IS NOT NULL
ORDER BY ALL;

-- What every entity with a value is called in the newest state that names it.
CREATE TABLE goals.entity_name AS
SELECT 'national' AS entity_level, 'NL' AS entity_id, 'Nederland' AS entity_name
UNION ALL SELECT DISTINCT 'province', entity_id, entity_id FROM goals.observation WHERE entity_level = 'province'
UNION ALL SELECT 'board', board_id, name FROM goals.board_names_on(NULL)
UNION ALL SELECT 'school', school_id, name FROM goals.school_names_on(NULL)
UNION ALL SELECT 'vestiging', vestiging_id, arg_max(name, state_on) FROM core.site_state GROUP BY vestiging_id
ORDER BY ALL;
