-- Goal by goal: what can be said, by which rule, as known on a day. Nothing is averaged over goals.

-- The straight line between an indicator's own base and its target; level after the target year.
CREATE MACRO path_at(at_year, base_year, target_year, base_value, target_value) AS
    base_value + (target_value - base_value)
        * (least(greatest(at_year, base_year), target_year) - base_year) / (target_year - base_year);

CREATE MACRO goals.status_as_of(as_of_date) AS TABLE
WITH known AS (
    SELECT goal.goal_id, target.target_value, target.target_year, target.baseline_value, target.base_year,
           indicator.direction, seen.value, seen.year, seen.period_start, seen.flags,
           CASE indicator.direction WHEN 'lower' THEN seen.value <= target.target_value
                                    WHEN 'higher' THEN seen.value >= target.target_value END AS meets,
           path_at(seen.year, target.base_year, target.target_year, target.baseline_value, target.target_value) AS path
    FROM goals.goal AS goal
    JOIN goals.indicator AS indicator ON indicator.indicator_id = goal.headline_indicator_id
    LEFT JOIN (FROM goals.target WHERE known_from <= as_of_date::DATE) AS target
      ON target.indicator_id = goal.headline_indicator_id AND target.breakdown = goal.headline_breakdown
     -- A proxy cannot support a verdict: its value is shown and compared with nothing (see the audit proxy_never_judges).
     AND goal.kind <> 'proxy' AND indicator.type <> 'proxy'
    LEFT JOIN (
        FROM observations_as_of(as_of_date)
        WHERE entity_level = 'national' AND NOT synthetic AND value IS NOT NULL
    ) AS seen
      ON seen.indicator_id = goal.headline_indicator_id AND seen.method_version = goal.headline_method_version
     AND seen.breakdown = goal.headline_breakdown
     AND seen.year BETWEEN coalesce(target.base_year, 0) AND coalesce(target.target_year, agreement_last_year())
),
measured AS (
    SELECT goal_id,
           any_value(target_year) AS target_year, any_value(target_value) AS target_value, any_value(direction) AS direction,
           max(year) AS last_year,
           arg_max(value, year) AS last_value,
           arg_max(path, year) AS last_path,
           arg_max(flags, year) AS last_flags,
           coalesce(arg_max(meets, year) FILTER (year = target_year), false) AS meets_in_target_year,
           min(period_start) FILTER (meets AND year > base_year) AS first_met_from
    FROM known GROUP BY goal_id
),
judged AS (
    SELECT goal_id, arg_max(status, (known_from, verdict_id)) AS status, arg_max(role, (known_from, verdict_id)) AS role,
           arg_max(verdict_id, (known_from, verdict_id)) AS verdict_id,
           arg_max(statement_nl, (known_from, verdict_id)) AS statement_nl,
           arg_max(statement_en, (known_from, verdict_id)) AS statement_en,
           arg_max(basis_evidence_ids, (known_from, verdict_id)) AS basis_evidence_ids
    FROM goals.verdict WHERE known_from <= as_of_date::DATE GROUP BY goal_id
),
evidence AS (
    SELECT goal_id, count(*) AS evidence_count, list(evidence_id ORDER BY evidence_id) AS evidence_ids,
           -- Evidence that speaks against the goal stays beside what speaks for it.
           count(*) FILTER (polarity = 'for') AS evidence_for, count(*) FILTER (polarity = 'against') AS evidence_against
    FROM goals.evidence AS stands
    WHERE known_from <= as_of_date::DATE AND NOT synthetic
      -- What a later row had superseded by then is kept in the register and does not count beside that row.
      AND NOT EXISTS (
          SELECT 1 FROM goals.evidence AS later
          WHERE later.supersedes_id = stands.evidence_id AND later.known_from <= as_of_date::DATE AND NOT later.synthetic
      )
    GROUP BY goal_id
),
ruled AS (
    SELECT goal.goal_id, goal.ambition_id, goal.kind, measured.* EXCLUDE (goal_id),
           judged.* EXCLUDE (goal_id, status), judged.status AS verdict_status,
           coalesce(evidence.evidence_count, 0) AS evidence_count, coalesce(evidence.evidence_ids, []) AS evidence_ids,
           coalesce(evidence.evidence_for, 0) AS evidence_for, coalesce(evidence.evidence_against, 0) AS evidence_against,
           list_has_any(coalesce(last_flags, []), blocking.flags) AS blocked,
           CASE
               WHEN last_year = target_year AND meets_in_target_year AND first_met_from < agreement_start() THEN 'met_before_period'
               WHEN last_year = target_year AND meets_in_target_year AND blocked THEN 'met_but_blocked'
               WHEN last_year = target_year AND meets_in_target_year THEN 'met'
               WHEN last_year = target_year THEN 'missed'
               WHEN verdict_status IS NOT NULL THEN 'verdict'
               WHEN last_year IS NOT NULL AND target_year IS NOT NULL THEN 'target_year_unknown'
               WHEN goal.kind = 'target' OR goal.kind = 'survey' AND target_year IS NOT NULL THEN 'no_value_known'
               WHEN last_year IS NULL AND evidence.evidence_count IS NULL THEN 'nothing_known'
               WHEN goal.kind = 'proxy' THEN 'proxy_only'
               ELSE 'evidence_only'
           END AS rule
    FROM goals.goal AS goal
    CROSS JOIN (SELECT list(flag) AS flags FROM goals.flag WHERE severity = 'blocking') AS blocking
    LEFT JOIN measured USING (goal_id) LEFT JOIN judged USING (goal_id) LEFT JOIN evidence USING (goal_id)
)
SELECT ruled.goal_id, ruled.ambition_id,
       CASE rule WHEN 'met_before_period' THEN 'met_before_period'
                 WHEN 'met_but_blocked' THEN 'target_met_not_interpretable'
                 WHEN 'met' THEN 'target_met'
                 WHEN 'missed' THEN 'not_met'
                 WHEN 'verdict' THEN verdict_status
                 ELSE 'not_assessable' END AS status,
       rule, rule_text.reason_nl, rule_text.reason_en, rule_text.would_change_nl, rule_text.would_change_en,
       ruled.last_year, ruled.last_value, ruled.last_path, ruled.target_year, ruled.target_value,
       coalesce(ruled.last_flags, []) AS flags,
       ruled.verdict_id, ruled.role AS verdict_role, ruled.statement_nl AS verdict_nl, ruled.statement_en AS verdict_en,
       ruled.evidence_count, ruled.evidence_ids, ruled.evidence_for, ruled.evidence_against
FROM ruled LEFT JOIN goals.status_rule AS rule_text USING (rule)
ORDER BY goal_id;
