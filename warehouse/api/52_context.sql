-- What stands beside the goals: context and coverage, never a verdict.

-- Exams by level and year from the file with grades (07): sums, and means weighted with the candidates that have a grade.
CREATE VIEW exam_grades AS
SELECT period_label, period_end, level,
       sum(candidates_n)::BIGINT AS candidates, sum(passed_n)::BIGINT AS passed, sum(failed_n)::BIGINT AS failed,
       sum(candidates_n * school_exam_grade::DECIMAL(9, 4)) / sum(candidates_n) FILTER (school_exam_grade IS NOT NULL) AS school_exam_grade,
       sum(candidates_n * central_exam_grade::DECIMAL(9, 4)) / sum(candidates_n) FILTER (central_exam_grade IS NOT NULL) AS central_exam_grade,
       sum(candidates_n * final_grade::DECIMAL(9, 4)) / sum(candidates_n) FILTER (final_grade IS NOT NULL) AS final_grade,
       count(*) FILTER (len(masked) > 0) AS masked_lines, file_name, synthetic
FROM (
    SELECT grades.*, file.file_name, file.synthetic,
           unnest(['total', CASE WHEN education_type <> 'VMBO' THEN lower(education_type)
                             WHEN leerweg = 'BL' THEN 'vmbo-bb' WHEN leerweg = 'KL' THEN 'vmbo-kb' ELSE 'vmbo-' || lower(leerweg) END]) AS level
    FROM core.duo_07_geslaagden AS grades JOIN meta.source_file AS file USING (source_file_id)
)
GROUP BY period_label, period_end, level, source_file_id, file_name, synthetic
ORDER BY period_end, level, file_name, source_file_id;

-- Early school leavers by site, as the one file gives them. It does not say which school year its year means, so they are no
-- series and have no place on the time line.
CREATE VIEW early_leavers AS
SELECT vestiging_id AS entity_id, swv_id, year_in_name AS year_as_written, pupils_n AS pupils, leavers_n AS leavers,
       CASE WHEN pupils_n > 0 THEN 100 * leavers_n / pupils_n END AS leavers_pct,
       'year_meaning_unknown' AS flag, file.synthetic, source_file_id, line
FROM core.duo_15_vsv_swv JOIN meta.source_file AS file USING (source_file_id);

-- Statistics Netherlands on what became of pupils a year later (85566NED), as each vintage gave it; a cell that a later vintage
-- changed says what it was. No series: its members are for the first real table to show.
CREATE VIEW cbs_onward_flow AS
SELECT measure, sex, position_from, position_to, parents_birth_country, background, region,
       period_label, period_end, value, value_reason, known_from,
       lag(value) OVER versions AS value_before, lag(known_from) OVER versions AS known_before,
       value IS DISTINCT FROM lag(value) OVER versions AND row_number() OVER versions > 1 AS revised, synthetic, source_file_id, line
FROM core.cbs_85566ned JOIN (SELECT source_file_id, synthetic FROM meta.source_file) USING (source_file_id)
JOIN meta.file_arrival USING (source_file_id)
WINDOW versions AS (
    PARTITION BY measure, sex, position_from, position_to, parents_birth_country, background, region,
                 period_code
    ORDER BY known_from, source_file_id
);

-- Samenwerkingsverbanden: how many schools and sites each spans, by the newest file of each kind. Membership is no measure of
-- cooperation.
CREATE VIEW samenwerkingsverband_context AS
WITH newest AS (
    SELECT dataset_id, arg_max(source_file_id, (file_arrival.known_from, source_file_id)) AS source_file_id, any_value(synthetic) AS synthetic
    FROM meta.source_file JOIN meta.file_arrival USING (source_file_id) GROUP BY dataset_id
)
SELECT coalesce(listed.swv_id, sites.swv_id) AS swv_id, named.name, listed.schools, sites.vestigingen, sites.pupils,
       sites.year_as_written, coalesce(listed.synthetic, sites.synthetic) AS synthetic
FROM (
    SELECT swv_id, count(DISTINCT brin) AS schools, bool_or(synthetic) AS synthetic
    FROM core.duo_swv_instellingen JOIN newest USING (source_file_id) GROUP BY swv_id
) AS listed
FULL JOIN (
    SELECT swv_id, count(DISTINCT vestiging_id) AS vestigingen, sum(pupils_n)::BIGINT AS pupils,
           max(year_in_name) AS year_as_written, bool_or(synthetic) AS synthetic
    FROM core.duo_15_vsv_swv JOIN newest USING (source_file_id) GROUP BY swv_id
) AS sites ON sites.swv_id = listed.swv_id
LEFT JOIN (SELECT swv_id, name FROM core.duo_samenwerkingsverbanden JOIN newest USING (source_file_id)) AS named
  ON named.swv_id = coalesce(listed.swv_id, sites.swv_id)
ORDER BY swv_id;

-- How many school boards the balance file holds per year, and for how many of them a ratio can be made.
CREATE VIEW finance_coverage AS
SELECT ratio.indicator_id, boards.year, boards.boards, count(o.entity_id) AS boards_with_value,
       boards.boards - count(o.entity_id) AS boards_missing,
       100.0 * (boards.boards - count(o.entity_id)) / boards.boards AS missing_pct, boards.synthetic
FROM (
    SELECT year::INTEGER AS year, count(DISTINCT board_id) AS boards, bool_or(synthetic) AS synthetic
    FROM core.duo_balans JOIN meta.source_file USING (source_file_id)
    WHERE sector = 'VO' AND "group" LIKE 'SSG%' GROUP BY year
) AS boards
CROSS JOIN (SELECT indicator_id, method_version FROM goals.method WHERE indicator_id LIKE 'g13%' AND origin = 'bottom_up') AS ratio
LEFT JOIN goals.observation AS o
  ON o.indicator_id = ratio.indicator_id AND o.method_version = ratio.method_version AND o.year = boards.year
 AND o.entity_level = 'board' AND o.breakdown = 'total' AND o.known_to IS NULL
GROUP BY ratio.indicator_id, boards.year, boards.boards, boards.synthetic
ORDER BY ratio.indicator_id, boards.year;

-- International studies as dated points. Where no wave of a study with Dutch participation falls in 2018-2020 that is said; and one
-- wave inside is a level, not a change.
CREATE VIEW international_waves AS
SELECT wave.study, wave.wave_year, wave.goal_id, wave.nl_participated, wave.inside_2018_2020, wave.note_nl, wave.note_en,
       inside.waves AS dutch_waves_inside,
       CASE inside.waves WHEN 0 THEN 'Geen Nederlandse meting in 2018-2020' WHEN 1 THEN 'Eén Nederlandse meting in 2018-2020: een niveau, geen verandering'
            ELSE 'Meer dan één Nederlandse meting in 2018-2020' END AS finding_nl,
       CASE inside.waves WHEN 0 THEN 'No Dutch measurement in 2018-2020' WHEN 1 THEN 'One Dutch measurement in 2018-2020: a level, not a change'
            ELSE 'More than one Dutch measurement in 2018-2020' END AS finding_en,
       wave.source_url
FROM goals.international_wave AS wave
JOIN (
    SELECT study, count(*) FILTER (nl_participated AND inside_2018_2020) AS waves FROM goals.international_wave GROUP BY study
) AS inside USING (study)
ORDER BY goal_id NULLS LAST, study, wave_year;
