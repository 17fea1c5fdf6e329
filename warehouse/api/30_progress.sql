-- The question the warehouse exists for: what came of the fifteen goals between two label years, as known now. Without a WITH
-- clause, which DuckDB 1.4 cannot read from a file of a later version.

-- Every national value of every method of a goal's headline, with the file behind it and how many of its lines were added up. A method
-- and the one that it reconciles with measure the same (`is_same`). A method without a value has a row without a year.
CREATE TABLE goals.headline_value AS
SELECT goal.goal_id, method.method_version, dense_rank() OVER (PARTITION BY goal.goal_id ORDER BY method.method_version) AS place,
       method.origin, goal.headline_rule AS rule,
       method.method_version = goal.headline_method_version AS is_headline,
       is_headline OR method.reconciles_with IS NOT DISTINCT FROM goal.headline_method_version
           OR headline.reconciles_with IS NOT DISTINCT FROM method.method_version AS is_same,
       compared.years AS reconciled_years, compared.agrees, compared.all_explained,
       seen.year, seen.value, seen.value_low, seen.value_high, seen.flags, coalesce(seen.synthetic, false) AS synthetic,
       seen.source_file_ids[1] AS source_file_id, coalesce(len(seen.source_lines), added.lines) AS source_lines
FROM goals.goal AS goal
JOIN goals.method AS method ON method.indicator_id = goal.headline_indicator_id
JOIN goals.method AS headline
  ON headline.indicator_id = goal.headline_indicator_id AND headline.method_version = goal.headline_method_version
LEFT JOIN (FROM observations_as_of(DATE '9999-12-31') WHERE entity_level = 'national') AS seen
  ON seen.indicator_id = method.indicator_id AND seen.method_version = method.method_version AND seen.breakdown = goal.headline_breakdown
LEFT JOIN (
    SELECT indicator_id, method_version, source_file_id, period_start, period_end, headline_breakdown,
           count(DISTINCT contribution.line) AS lines
    FROM core.contribution AS contribution
    JOIN goals.goal
      ON headline_indicator_id = indicator_id AND (breakdown = headline_breakdown OR parts_sum_to_total AND headline_breakdown = 'total')
    GROUP BY ALL
) AS added
  ON added.indicator_id = seen.indicator_id AND added.method_version = seen.method_version
 AND added.source_file_id = seen.source_file_ids[1]
 AND added.period_start = seen.period_start AND added.period_end = seen.period_end AND added.headline_breakdown = seen.breakdown
LEFT JOIN (
    SELECT indicator_id, breakdown, bottom_up_method, list_sort(list(year)) AS years,
           bool_and(outcome IN ('agrees', 'explained')) AS all_explained,
           CASE WHEN bool_and(outcome <> 'synthetic') THEN bool_and(outcome = 'agrees') END AS agrees
    FROM goals.reconciliation_now GROUP BY ALL
) AS compared
  ON compared.indicator_id = method.indicator_id AND compared.bottom_up_method = method.method_version
 AND compared.breakdown = goal.headline_breakdown
ORDER BY ALL;

-- What of a goal does not depend on the years asked, in one place: kept as a table, since joins cost more than the answer.
CREATE TABLE goals.headline AS
SELECT goal.goal_id, goal.ambition_id, goal.name_nl, goal.name_en, goal.kind,
       indicator.indicator_id, indicator.unit, indicator.direction, indicator.type AS indicator_type,
       target.baseline_period_label, target.baseline_value, target.target_value, target.target_value_high, target.base_year, target.target_year,
       (SELECT list_sort(list(DISTINCT year)) FROM goals.headline_value AS one WHERE one.goal_id = goal.goal_id) AS known_years,
       goals.newest_year() AS newest_year, status.status, status.evidence_count
FROM goals.goal AS goal
JOIN goals.status_now AS status USING (goal_id)
LEFT JOIN goals.indicator AS indicator ON indicator.indicator_id = goal.headline_indicator_id
LEFT JOIN goals.target AS target ON target.indicator_id = goal.headline_indicator_id AND target.breakdown = goal.headline_breakdown
ORDER BY ALL;

-- Per goal the series that leads between two label years and the one beside it. By the register's rule `bottom_up_first` the series
-- added up from files leads where it has both years and agrees with the published one in every year that both have (or where no
-- published value of these years is known); else the published one leads. Beside it stands the other of the two, or else another
-- count of the same thing, which is never joined to it. Made-up schools never lead where real figures are.
CREATE MACRO goals.headline_series(from_year, to_year) AS TABLE
SELECT goal_id, leads, CASE leads.origin WHEN 'published' THEN added_up ELSE published END AS beside
FROM (
    SELECT goal_id, arg_min(found, lead_rank) AS leads,
           arg_min(found, check_rank) FILTER (found.origin = 'bottom_up' AND check_rank < 300) AS added_up,
           arg_min(found, check_rank) FILTER (found.origin = 'published' AND check_rank < 300) AS published
    FROM (
        SELECT goal_id, found,
               place + CASE WHEN NOT found.is_same THEN 900
                            WHEN found.origin = 'bottom_up' AND rule = 'bottom_up_first' AND has_from AND has_to AND found.agrees THEN 100
                            WHEN found.origin = 'published' AND (has_from OR has_to) THEN 200
                            WHEN has_from AND has_to THEN 300
                            WHEN has_from OR has_to THEN 400
                            WHEN is_headline THEN 500 ELSE 600 END AS lead_rank,
               place + CASE WHEN found.is_same AND (has_from OR has_to OR found.reconciled_years IS NOT NULL) THEN 100
                            WHEN has_from OR has_to THEN 200 ELSE 300 END AS check_rank
        FROM (
            SELECT goal_id, rule, is_headline, place,
                   {'method_version': method_version, 'origin': origin, 'is_same': is_same, 'reconciled_years': reconciled_years,
                    'agrees': agrees, 'all_explained': all_explained, 'synthetic': bool_or(synthetic),
                    'start': any_value({'value': value, 'low': value_low, 'high': value_high, 'flags': flags,
                                        'file': source_file_id, 'lines': source_lines}) FILTER (year = from_year),
                    'finish': any_value({'value': value, 'low': value_low, 'high': value_high, 'flags': flags,
                                         'file': source_file_id, 'lines': source_lines}) FILTER (year = to_year)} AS found,
                   coalesce(bool_or(year = from_year AND value_low IS NOT NULL), false) AS has_from,
                   coalesce(bool_or(year = to_year AND value_low IS NOT NULL), false) AS has_to
            FROM goals.headline_value
            GROUP BY goal_id, rule, is_headline, place, method_version, origin, is_same, reconciled_years, agrees, all_explained
        )
    )
    GROUP BY goal_id
);

-- A row per goal. `value_basis` says what leads, `check_*` what stands beside it, `reconciles` whether the two agree in every year
-- that both have (`reconciled_years`; else `reconciles_reason`). Every empty value or change has its reason.
CREATE MACRO progress(from_year, to_year) AS TABLE
SELECT goal_id, ambition_id, name_nl AS goal_nl, name_en AS goal_en, kind AS type, indicator_id, unit, direction,
       baseline_period_label AS baseline_period, baseline_value, target_value, target_value_high,
       path_from, path_to, value_from, value_from_low, value_from_high, value_to, value_to_low, value_to_high,
       CASE WHEN missing_reason IS NULL THEN value_to - value_from END AS change,
       CASE WHEN missing_reason IS NULL OR missing_reason = 'masked' THEN value_to_low - value_from_high END AS change_low,
       CASE WHEN missing_reason IS NULL OR missing_reason = 'masked' THEN value_to_high - value_from_low END AS change_high,
       missing_reason_from, missing_reason_to, missing_reason,
       CASE WHEN baseline_value <> target_value
            THEN (baseline_value - value_to) / (baseline_value - target_value) END AS share_of_distance,
       CASE WHEN direction = 'none' THEN NULL
            WHEN direction = 'lower' AND value_to_high <= path_to OR direction = 'higher' AND value_to_low >= path_to THEN true
            WHEN direction = 'lower' AND value_to_low > path_to OR direction = 'higher' AND value_to_high < path_to THEN false
       END AS on_path,
       status,
       list_sort(list_distinct(list_concat(
           value_flags,
           CASE WHEN indicator_id IS NOT NULL AND value_from_low IS NULL THEN ['no_value_in_from_year'] ELSE [] END,
           CASE WHEN indicator_id IS NOT NULL AND value_to_low IS NULL THEN ['no_value_in_to_year'] ELSE [] END,
           CASE WHEN status = 'target_met_not_interpretable' THEN ['not_interpretable'] ELSE [] END,
           CASE WHEN status = 'met_before_period' THEN ['base_before_period'] ELSE [] END
       ))) AS flags,
       evidence_count,
       CASE WHEN value_from_low IS NULL AND value_to_low IS NULL THEN CASE WHEN evidence_count > 0 THEN 'evidence' END
            WHEN indicator_type = 'survey' THEN 'survey' ELSE origin END AS value_basis,
       method_version, source_files, source_lines, check_method_version,
       -- Made-up schools are not shown as a check of real figures.
       CASE WHEN is_shown THEN check_from END AS check_value_from, CASE WHEN is_shown THEN check_from_low END AS check_value_from_low,
       CASE WHEN is_shown THEN check_from_high END AS check_value_from_high,
       CASE WHEN is_shown THEN check_to END AS check_value_to, CASE WHEN is_shown THEN check_to_low END AS check_value_to_low,
       CASE WHEN is_shown THEN check_to_high END AS check_value_to_high,
       reconciles,
       CASE WHEN reconciles THEN NULL WHEN indicator_id IS NULL THEN 'no_indicator' WHEN check_method_version IS NULL THEN 'no_twin'
            WHEN NOT is_same THEN 'other_method' WHEN synthetic THEN 'synthetic'
            WHEN reconciles IS NULL THEN 'no_common_year'
            WHEN all_explained THEN 'difference_explained' ELSE 'difference_unexplained' END AS reconciles_reason,
       CASE WHEN reconciles IS NOT NULL THEN compared_years ELSE [] END AS reconciled_years,
       'retrospective' AS basis
FROM (
    SELECT shown.*,
           -- Different boards in different years form no trend: their difference is no change.
           goals.missing_change(value_from_low, value_to_low, missing_reason_from, missing_reason_to, value_flags) AS missing_reason
    FROM (
        SELECT joined.*,
               CASE WHEN indicator_id IS NULL THEN 'no_indicator'
                    ELSE goals.missing_value(from_year, value_from, value_from_low, [], known_years, newest_year, true)
               END AS missing_reason_from,
               CASE WHEN indicator_id IS NULL THEN 'no_indicator'
                    ELSE goals.missing_value(to_year, value_to, value_to_low, [], known_years, newest_year, true)
               END AS missing_reason_to,
               list_concat(coalesce(flags_from, []), coalesce(flags_to, []),
                           CASE WHEN indicator_type = 'context' AND coalesce(value_from_low, value_to_low) IS NOT NULL
                                THEN ['context'] ELSE [] END) AS value_flags
        FROM (
            SELECT headline.*, series.leads.origin, series.leads.method_version, series.beside.is_same,
                   series.beside.method_version AS check_method_version, series.leads.synthetic OR series.beside.synthetic AS synthetic,
                   NOT series.beside.synthetic OR series.leads.synthetic AS is_shown,
                   len(list_distinct([series.leads.start.file, series.leads.finish.file])) AS source_files,
                   coalesce(series.leads.start.lines, 0) + coalesce(series.leads.finish.lines, 0) AS source_lines,
                   series.leads.start.flags AS flags_from, series.leads.finish.flags AS flags_to,
                   coalesce(series.leads.all_explained, series.beside.all_explained) AS all_explained,
                   coalesce(series.leads.reconciled_years, series.beside.reconciled_years) AS compared_years,
                   CASE WHEN target_year IS NOT NULL
                        THEN path_at(from_year, base_year, target_year, baseline_value, target_value) END AS path_from,
                   CASE WHEN target_year IS NOT NULL
                        THEN path_at(to_year, base_year, target_year, baseline_value, target_value) END AS path_to,
                   series.leads.start.value AS value_from, series.leads.start.low AS value_from_low,
                   series.leads.start.high AS value_from_high,
                   series.leads.finish.value AS value_to, series.leads.finish.low AS value_to_low,
                   series.leads.finish.high AS value_to_high,
                   series.beside.start.value AS check_from, series.beside.start.low AS check_from_low,
                   series.beside.start.high AS check_from_high,
                   series.beside.finish.value AS check_to, series.beside.finish.low AS check_to_low,
                   series.beside.finish.high AS check_to_high,
                   CASE WHEN series.beside.is_same THEN coalesce(series.leads.agrees, series.beside.agrees) END AS reconciles
            FROM goals.headline AS headline
            LEFT JOIN goals.headline_series(from_year, to_year) AS series USING (goal_id)
            WHERE goals.in_order('progress', from_year, to_year)
        ) AS joined
    ) AS shown
) AS valued
ORDER BY goal_id;
