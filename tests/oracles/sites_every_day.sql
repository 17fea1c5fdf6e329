-- The oracle of warehouse/build/sql/steps/30_sites.sql: on every day on which anything became known of any site, the membership of
-- every site of every file that stood is worked out again from all statements. Simple, and its size grows with the number of days.
-- Which site belongs to which board and province, as far as known on a day.
-- Address files give the state of the day on which they became known; a main-site file speaks for the whole school.
CREATE TABLE core.site_state AS
SELECT source_file_id, line, known_from AS state_on, known_from, false AS whole_school,
       vestiging_id, brin, name, board_id, province, municipality_id, municipality, rmc_id, rmc, denomination, structure
FROM core.duo_vestigingen JOIN meta.file_arrival USING (source_file_id)
UNION ALL
SELECT source_file_id, line, known_from, known_from, true,
       brin || '00', brin, name, board_id, province, municipality_id, municipality, rmc_id, rmc, denomination, structure
FROM core.duo_hoofdvestigingen JOIN meta.file_arrival USING (source_file_id);

-- Files with counts name the province of a site themselves.
CREATE TEMP TABLE province_fact AS
SELECT DISTINCT vestiging_id, province, period_end AS state_on, known_from
FROM (
    SELECT source_file_id, vestiging_id, province, period_end FROM core.duo_01_leerlingen
    UNION ALL SELECT source_file_id, vestiging_id, province, period_end FROM core.duo_05_zittenblijvers
    UNION ALL SELECT source_file_id, vestiging_id, province, period_end FROM core.duo_07_geslaagden
) JOIN meta.file_arrival USING (source_file_id)
WHERE province IS NOT NULL
UNION ALL
SELECT vestiging_id, province, state_on, known_from FROM core.site_state;

-- Everything that was ever said of a site, with the day it became known.
CREATE TEMP TABLE site_fact AS
SELECT vestiging_id, NULL AS board_id, province, state_on, known_from, false AS of_school FROM province_fact
UNION ALL
SELECT vestiging_id, board_id, NULL, state_on, known_from, false FROM core.site_state WHERE NOT whole_school
UNION ALL
SELECT site.vestiging_id, state.board_id, NULL, state.state_on, state.known_from, true
FROM core.site_state AS state
JOIN (SELECT DISTINCT vestiging_id FROM core.site_sum) AS site ON left(site.vestiging_id, 4) = state.brin
WHERE state.whole_school;

-- Days on which the membership of sites may have become better known while a file's figures stood.
CREATE TEMP TABLE membership_day AS
SELECT DISTINCT arrival.source_file_id, arrival.period_end, day.known_from
FROM core.file_precedence AS arrival
JOIN (SELECT DISTINCT known_from FROM site_fact) AS day
  ON day.known_from > arrival.known_from
 AND (arrival.next_known_from IS NULL OR day.known_from < arrival.next_known_from)
UNION
SELECT DISTINCT source_file_id, period_end, known_from FROM core.file_precedence;

-- Of what was known on such a day, the state nearest before the period's end counts, else the nearest after it. Of one day the
-- statement known last counts, the site's own before its school's.
CREATE TABLE core.site_of AS
SELECT day.source_file_id, day.period_end, counted.vestiging_id, day.known_from,
       arg_min(fact.board_id, nearness) FILTER (fact.board_id IS NOT NULL) AS board_id,
       arg_min(fact.province, nearness) FILTER (fact.province IS NOT NULL) AS province
FROM membership_day AS day
JOIN (SELECT DISTINCT source_file_id, period_end, vestiging_id FROM core.site_sum) AS counted USING (source_file_id, period_end)
JOIN (
    SELECT *, period_end AS for_period,
           (state_on > period_end, abs(date_diff('day', state_on, period_end)), -epoch(known_from), of_school,
            coalesce(board_id, province)) AS nearness
    FROM site_fact CROSS JOIN (SELECT DISTINCT period_end FROM core.file_precedence)
) AS fact
  ON fact.vestiging_id = counted.vestiging_id AND fact.for_period = day.period_end AND fact.known_from <= day.known_from
GROUP BY ALL;

-- Every entity a site's figures count for. The country, the school and the site itself need no knowledge of membership.
-- A line that is not about a site names its entities itself (transforms/series.py: `board:41234/national:NL`).
CREATE TABLE core.entity_of AS
WITH unit AS (SELECT DISTINCT source_file_id, period_end, vestiging_id, known_from, contains(vestiging_id, ':') AS names_entities
              FROM core.site_sum JOIN meta.file_arrival USING (source_file_id)),
     site AS (FROM unit WHERE NOT names_entities)
SELECT source_file_id, period_end, vestiging_id, known_from, 'national' AS entity_level, 'NL' AS entity_id FROM site
UNION ALL
SELECT source_file_id, period_end, vestiging_id, known_from, 'school', left(vestiging_id, 4) FROM site
UNION ALL
SELECT source_file_id, period_end, vestiging_id, known_from, 'vestiging', vestiging_id FROM site
UNION ALL
SELECT source_file_id, period_end, vestiging_id, known_from, 'board', board_id FROM core.site_of WHERE board_id IS NOT NULL
UNION ALL
SELECT source_file_id, period_end, vestiging_id, known_from, 'province', province FROM core.site_of WHERE province IS NOT NULL
UNION ALL
SELECT source_file_id, period_end, vestiging_id, known_from, split_part(entity, ':', 1), split_part(entity, ':', 2)
FROM (SELECT *, unnest(string_split(vestiging_id, '/')) AS entity FROM unit WHERE names_entities);
