-- Sites, schools and boards as the address files tell them, state by state.
CREATE MACRO sites_on(on_date) AS TABLE
SELECT vestiging_id, brin, name, board_id, province, municipality_id, municipality, rmc_id, rmc, denomination, structure,
       state_on, source_file_id, line
FROM core.site_state
WHERE state_on = coalesce(
    (SELECT max(state_on) FROM core.site_state WHERE state_on <= on_date::DATE),
    (SELECT min(state_on) FROM core.site_state)
);

CREATE MACRO schools_on(on_date) AS TABLE
SELECT brin AS school_id, arg_min(name, vestiging_id) AS name, arg_min(board_id, vestiging_id) AS board_id,
       arg_min(province, vestiging_id) AS province, arg_min(municipality_id, vestiging_id) AS municipality_id,
       arg_min(municipality, vestiging_id) AS municipality, arg_min(rmc_id, vestiging_id) AS rmc_id,
       count(*) AS vestigingen, any_value(state_on) AS state_on, any_value(state_on > on_date::DATE) AS state_is_later,
       (SELECT edition FROM meta.edition) AS edition
FROM sites_on(on_date)
GROUP BY brin
ORDER BY brin;

CREATE VIEW schools AS FROM schools_on(DATE '9999-12-31');

CREATE VIEW boards AS
SELECT board_id, count(*) AS schools, sum(vestigingen)::BIGINT AS vestigingen,
       list_sort(list(DISTINCT province)) AS provinces, list_sort(list(school_id)) AS school_ids,
       any_value(state_on) AS state_on, any_value(edition) AS edition
FROM schools
GROUP BY board_id
ORDER BY board_id;
