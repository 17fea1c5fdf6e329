-- Figures by a key, to cite them and to check later whether they still hold.

-- Every value that was ever known, with its citation key: indicator:method:breakdown:entity:year@day, where the day is the one on which
-- the value became known. `.1`, `.2` follow the day for values that were replaced on that same day, in their order.
CREATE MACRO cited_values() AS TABLE
SELECT concat_ws(':', indicator_id, method_version, breakdown, entity_id, year) || '@' || known_from
           || CASE WHEN known_from = known_to THEN '.' || day_order ELSE '' END AS citation_key,
       goal_id, indicator_id, method_version, breakdown, entity_level, entity_id, year, period_label, value, value_low, value_high,
       unit, status, source, known_from, known_to, is_current, synthetic
FROM history();

-- A figure by its key, as a sentence in Dutch and English and as BibTeX; whether it still holds, and in which release it was looked up.
CREATE MACRO cite(figure_key) AS TABLE
SELECT cited.* EXCLUDE (shown),
       format('{}, zoals bekend op {}. Bron: {}. Sectorwarehouse Sectorakkoord VO, versie {}, inhoud {}{}. Sleutel: {}.', figure_nl, known_from,
              source, version, content, CASE WHEN synthetic THEN '. VERZONNEN VOORBEELDDATA' ELSE '' END, citation_key) AS citation_nl,
       format('{}, as known on {}. Source: {}. Sector warehouse Sectorakkoord VO, version {}, content {}{}. Key: {}.', figure_en, known_from,
              source, version, content, CASE WHEN synthetic THEN '. MADE-UP SAMPLE DATA' ELSE '' END, citation_key) AS citation_en,
       format('@misc{{{},
  title = {{{}{}}},
  note = {{Source: {}. As known on {}. Key {}}},
  howpublished = {{Sector warehouse Sectorakkoord VO, version {}, content {}}},
  year = {{{}}}
}}', regexp_replace(citation_key, '[^A-Za-z0-9]+', '-', 'g'), figure_en, CASE WHEN synthetic THEN ' (MADE-UP SAMPLE DATA)' ELSE '' END,
       source, known_from, citation_key, version, content, year(known_from)) AS bibtex
FROM (
    SELECT figure.*,
           format('{} ({}, {}), {}: {} {}', indicator.name_nl, split.label_nl, CASE figure.entity_level WHEN 'national' THEN 'Nederland'
               ELSE concat(level.label_nl, ' ', figure.entity_id) END, figure.period_label, replace(shown, '.', ','), lower(unit.label_nl)) AS figure_nl,
           format('{} ({}, {}), {}: {} {}', indicator.name_en, split.label_en, CASE figure.entity_level WHEN 'national' THEN 'Netherlands'
               ELSE concat(level.label_en, ' ', figure.entity_id) END, figure.period_label, shown, lower(unit.label_en)) AS figure_en,
           coalesce(release.version, '-') AS version, coalesce(left(release.content_hash, 12), '-') AS content
    FROM (SELECT *, CASE WHEN value IS NULL THEN round(value_low, 3) || ' - ' || round(value_high, 3) ELSE round(value, 3)::VARCHAR END AS shown
          FROM cited_values()
          -- The parts first: they select, before any key is made.
          WHERE indicator_id = split_part(figure_key, ':', 1) AND method_version = split_part(figure_key, ':', 2)
            AND entity_id = split_part(figure_key, ':', 4) AND citation_key = figure_key) AS figure
    JOIN goals.indicator AS indicator USING (indicator_id)
    LEFT JOIN goals.code AS unit ON unit.list = 'unit' AND unit.code = figure.unit
    LEFT JOIN goals.code AS level ON level.list = 'entity_level' AND level.code = figure.entity_level
    LEFT JOIN LATERAL (
        SELECT coalesce(string_agg(label_nl, ', '), figure.breakdown) AS label_nl, coalesce(string_agg(label_en, ', '), figure.breakdown) AS label_en
        FROM goals.code WHERE list = 'breakdown' AND list_contains(string_split(figure.breakdown, '/'), code)
    ) AS split ON true
    LEFT JOIN meta.release AS release ON true
) AS cited;

-- Does a printed figure hold? One row: `verdict` is holds, within_bounds (the value now is known by its bounds only, and they admit it),
-- changed (it was the value once, from .. to), never (it was not) or unknown (no such series and year). NULL for method and breakdown
-- means any of the indicator; `decimals` are those that the figure was printed with.
CREATE MACRO figure_check(indicator, method, split, entity, label_year, printed, decimals) AS TABLE
SELECT CASE WHEN count(*) = 0 THEN 'unknown'
            WHEN bool_or(is_current AND same) THEN 'holds'
            WHEN bool_or(is_current AND admitted) THEN 'within_bounds'
            WHEN bool_or(same) THEN 'changed'
            ELSE 'never' END AS verdict,
       max(known_from) FILTER (same) AS held_from,
       max_by(known_to, known_from) FILTER (same) AS held_until,
       list(citation_key ORDER BY citation_key) FILTER (CASE WHEN any_same THEN same ELSE is_current END)[1] AS citation_key,
       list(value ORDER BY citation_key) FILTER (is_current) AS values_now,
       list(value_low ORDER BY citation_key) FILTER (is_current) AS low_now, list(value_high ORDER BY citation_key) FILTER (is_current) AS high_now,
       list(DISTINCT method_version ORDER BY method_version) FILTER (is_current) AS methods,
       list(source ORDER BY citation_key) FILTER (is_current) AS sources_now
FROM (
    SELECT *, bool_or(same) OVER () AS any_same
    FROM (
        SELECT *, coalesce(abs(round(value, decimals::INTEGER) - round(printed::DOUBLE, decimals::INTEGER)) < 1e-9, false) AS same,
               value IS NULL AND coalesce(printed BETWEEN value_low AND value_high, false) AS admitted
        FROM cited_values()
        WHERE indicator_id = indicator AND entity_id = entity AND year = label_year
          AND (method IS NULL OR method_version = method) AND (split IS NULL OR breakdown = split)
    )
);
