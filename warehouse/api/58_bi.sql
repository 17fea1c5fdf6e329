-- For BI tools, which know no macros: the agreement's years, and every value as known now, with codes and words beside each other. A list
-- also stands as text, for tools without lists; `flag_list` for another reason as well: a pandas frame has a `flags` of its own.

CREATE VIEW progress_2018_2020 AS
SELECT progress.*, indicator.name_nl AS indicator_nl, indicator.name_en AS indicator_en,
       status.label_nl AS status_nl, status.label_en AS status_en,
       why.label_nl AS missing_reason_nl, why.label_en AS missing_reason_en,
       array_to_string(progress.flags, ';') AS flag_list, array_to_string(progress.reconciled_years, ';') AS reconciled_year_list
FROM progress(2018, 2020) AS progress
LEFT JOIN goals.indicator AS indicator USING (indicator_id)
LEFT JOIN goals.status AS status ON status.status = progress.status
LEFT JOIN goals.code AS why ON why.list = 'missing_reason' AND why.code = progress.missing_reason
ORDER BY progress.goal_id;

CREATE VIEW observations AS
SELECT o.*, entity.entity_name, goal.name_nl AS goal_nl, goal.name_en AS goal_en,
       indicator.name_nl AS indicator_nl, indicator.name_en AS indicator_en, array_to_string(o.flags, ';') AS flag_list,
       array_to_string(o.source_file_ids, ';') AS source_file_list, array_to_string(o.source_lines, ';') AS source_line_list
FROM observations_as_of(DATE '9999-12-31') AS o
JOIN goals.goal AS goal USING (goal_id)
JOIN goals.indicator AS indicator ON indicator.indicator_id = o.indicator_id
LEFT JOIN goals.entity_name AS entity ON entity.entity_level = o.entity_level AND entity.entity_id = o.entity_id;

CREATE VIEW indicator_progress_2018_2020 AS
SELECT changed.*, entity.entity_name, goal.name_nl AS goal_nl, goal.name_en AS goal_en,
       indicator.name_nl AS indicator_nl, indicator.name_en AS indicator_en,
       why.label_nl AS missing_reason_nl, why.label_en AS missing_reason_en,
       array_to_string(changed.flags, ';') AS flag_list
FROM indicator_progress(2018, 2020) AS changed
JOIN goals.goal AS goal USING (goal_id)
JOIN goals.indicator AS indicator ON indicator.indicator_id = changed.indicator_id
LEFT JOIN goals.entity_name AS entity ON entity.entity_level = changed.entity_level AND entity.entity_id = changed.entity_id
LEFT JOIN goals.code AS why ON why.list = 'missing_reason' AND why.code = changed.missing_reason
ORDER BY changed.goal_id, changed.indicator_id, method_version, breakdown, changed.entity_level, rank_best, changed.entity_id;
