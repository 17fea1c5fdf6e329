-- A school, site, board or region is one thing at a time: no validity ends before it began, and none overlaps the next.
WITH spell AS (
    SELECT 'core.validity' AS what, entity_level || ' ' || entity_id AS which, valid_from, valid_to FROM core.validity
    UNION ALL SELECT 'core.board_history', brin, valid_from, valid_to FROM core.board_history
    UNION ALL SELECT 'core.municipality_history', vestiging_id, valid_from, valid_to FROM core.municipality_history
    UNION ALL SELECT 'core.rmc_region', rmc_id, valid_from, valid_to FROM core.rmc_region
)
SELECT * FROM (
    SELECT *, lead(valid_from) OVER (PARTITION BY what, which ORDER BY valid_from, valid_to NULLS LAST) AS next_from FROM spell
)
WHERE valid_from IS NULL OR valid_to < valid_from OR (next_from IS NOT NULL AND (valid_to IS NULL OR valid_to > next_from))
UNION ALL
SELECT 'core.succession: a school goes over into itself, or stays one to one without ending', from_brin, happened_on, NULL, NULL
FROM core.succession WHERE from_brin = to_brin OR (one_to_one AND NOT closes);
