-- What each figure rests on: how many sites, how many of them with hidden cells, and since when it is known.
CREATE VIEW coverage AS
SELECT goal.goal_id, indicator.indicator_id, o.method_version, o.year, o.period_label,
       count(*) FILTER (entity_level = 'national') AS national_values,
       count(*) FILTER (entity_level = 'province') AS provinces,
       count(*) FILTER (entity_level = 'board') AS boards,
       count(*) FILTER (entity_level = 'school') AS schools,
       count(*) FILTER (entity_level = 'vestiging') AS vestigingen,
       count(*) FILTER (entity_level = 'vestiging' AND masked_cells > 0) AS vestigingen_masked,
       coalesce(sum(masked_cells) FILTER (entity_level = 'national'), 0)::BIGINT AS masked_cells,
       min(o.known_from) AS first_known_from, coalesce(bool_or(o.synthetic), false) AS synthetic
FROM goals.goal AS goal
LEFT JOIN goals.indicator AS indicator USING (goal_id)
LEFT JOIN (FROM goals.observation WHERE known_to IS NULL AND breakdown = 'total') AS o USING (indicator_id)
GROUP BY ALL
ORDER BY ALL;
