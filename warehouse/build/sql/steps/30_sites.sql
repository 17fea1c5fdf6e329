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

-- What was ever said of a site: that it belongs to a board or lies in a province, on which day, and since when that is known. Files
-- with counts name the province of a site themselves. A day on which all say what all said on the day before it, known by then, is left
-- out: whatever period is asked for, the day before it answers the same. So months that change nothing cost nothing below.
CREATE TEMP TABLE site_statement AS
WITH said AS MATERIALIZED (
    SELECT DISTINCT vestiging_id, 'province' AS entity_level, province AS entity_id, period_end AS state_on, known_from, false AS of_school
    FROM (
        SELECT source_file_id, vestiging_id, province, period_end FROM core.duo_01_leerlingen
        UNION ALL SELECT source_file_id, vestiging_id, province, period_end FROM core.duo_05_zittenblijvers
        UNION ALL SELECT source_file_id, vestiging_id, province, period_end FROM core.duo_07_geslaagden
    ) JOIN meta.file_arrival USING (source_file_id)
    WHERE province IS NOT NULL
    UNION ALL
    SELECT vestiging_id, 'province', province, state_on, known_from, false FROM core.site_state WHERE province IS NOT NULL
    UNION ALL
    SELECT vestiging_id, 'board', board_id, state_on, known_from, false FROM core.site_state WHERE NOT whole_school AND board_id IS NOT NULL
    UNION ALL
    SELECT site.vestiging_id, 'board', state.board_id, state.state_on, state.known_from, true
    FROM core.site_state AS state
    JOIN (SELECT DISTINCT vestiging_id FROM core.site_sum) AS site ON left(site.vestiging_id, 4) = state.brin
    WHERE state.whole_school AND state.board_id IS NOT NULL
),
stated_day AS (
    SELECT vestiging_id, entity_level, state_on, min(entity_id) AS least, max(entity_id) AS most, min(known_from) AS known_from
    FROM said GROUP BY ALL
),
news AS (
    FROM stated_day
    WINDOW in_order AS (PARTITION BY vestiging_id, entity_level ORDER BY state_on)
    QUALIFY NOT coalesce(least = most AND lag(least) OVER in_order = most AND lag(most) OVER in_order = most
                         AND lag(known_from) OVER in_order <= known_from, false)
)
FROM said SEMI JOIN news USING (vestiging_id, entity_level, state_on);

CREATE TEMP TABLE counted_site AS SELECT DISTINCT source_file_id, period_end, vestiging_id FROM core.site_sum;

-- What counts for a site and period, from which day on. The statement nearest before the period's end counts, else the nearest after
-- it; of one day the one known last, the site's own before its school's. So a statement counts from the day it became known when it
-- is nearer than all that were known by then, and it opens a new spell when it says something else than the one before it.
CREATE TEMP TABLE membership_spell AS
WITH counting AS (
    SELECT DISTINCT period_end, vestiging_id, entity_level, entity_id, known_from
    FROM (
        SELECT *, (state_on > period_end, abs(date_diff('day', state_on, period_end)), -epoch(known_from), of_school, entity_id) AS distance
        FROM site_statement JOIN (SELECT DISTINCT period_end, vestiging_id FROM counted_site) USING (vestiging_id)
    )
    QUALIFY distance = min(distance) OVER (
        PARTITION BY period_end, vestiging_id, entity_level ORDER BY known_from RANGE UNBOUNDED PRECEDING
    )
)
FROM counting
QUALIFY entity_id IS DISTINCT FROM lag(entity_id) OVER (PARTITION BY period_end, vestiging_id, entity_level ORDER BY known_from);

-- A file counts its sites anew, per kind of entity, on the days on which it arrives and on those on which one of its sites came to
-- count elsewhere while the file's figures stood. On other days all would be as on the day before.
CREATE TEMP TABLE membership_day AS
WITH standing AS (SELECT DISTINCT source_file_id, period_end, known_from, next_known_from FROM core.file_precedence)
SELECT source_file_id, period_end, entity_level, known_from FROM standing CROSS JOIN (VALUES ('board'), ('province')) AS level(entity_level)
UNION
SELECT source_file_id, period_end, spell.entity_level, spell.known_from
FROM standing JOIN counted_site USING (source_file_id, period_end) JOIN membership_spell AS spell USING (period_end, vestiging_id)
WHERE spell.known_from > standing.known_from
  AND (standing.next_known_from IS NULL OR spell.known_from < standing.next_known_from);

-- Every entity a site's figures count for. The country, the school and the site itself need no knowledge of membership.
-- A line that is not about a site names its entities itself (transforms/series.py: `board:41234/national:NL`).
CREATE TABLE core.entity_of AS
WITH unit AS (
    SELECT *, contains(vestiging_id, ':') AS names_entities FROM counted_site JOIN meta.file_arrival USING (source_file_id)
),
site AS (FROM unit WHERE NOT names_entities)
SELECT source_file_id, period_end, vestiging_id, known_from, 'national' AS entity_level, 'NL' AS entity_id FROM site
UNION ALL
SELECT source_file_id, period_end, vestiging_id, known_from, 'school', left(vestiging_id, 4) FROM site
UNION ALL
SELECT source_file_id, period_end, vestiging_id, known_from, 'vestiging', vestiging_id FROM site
UNION ALL
SELECT site.source_file_id, site.period_end, site.vestiging_id, site.known_from, site.entity_level, spell.entity_id
FROM (FROM membership_day JOIN counted_site USING (source_file_id, period_end)) AS site
ASOF JOIN membership_spell AS spell
  ON spell.period_end = site.period_end AND spell.vestiging_id = site.vestiging_id AND spell.entity_level = site.entity_level
 AND spell.known_from <= site.known_from
UNION ALL
SELECT source_file_id, period_end, vestiging_id, known_from, split_part(entity, ':', 1), split_part(entity, ':', 2)
FROM (SELECT *, unnest(string_split(vestiging_id, '/')) AS entity FROM unit WHERE names_entities);
