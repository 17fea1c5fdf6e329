-- The frozen states. Tables of `snapshot` are filled after this script; macros look them up when they are called.
CREATE VIEW snapshots AS
SELECT year, version, as_of, basis, made_on, is_latest, observations, evidence, verdicts, added, revised, relabelled, removed,
       content_hash, code_version, previous_version, reason, edition, synthetic, snapshot_id
FROM snapshot.snapshot
ORDER BY year, as_of, made_on, version;

-- A number with a point and no more decimals than it needs.
CREATE MACRO goals.plain_number(number, most) AS format('{:.' || goals.decimals_needed(number, most) || 'f}', number);

-- In their shape now, for the view below; filled with every version after a build.
CREATE TABLE snapshot.goal_status AS SELECT ''::VARCHAR AS snapshot_id, * FROM goal_status_as_of(DATE '0001-01-01') LIMIT 0;
CREATE TABLE snapshot.observation AS SELECT ''::VARCHAR AS snapshot_id, * FROM observations_as_of(DATE '0001-01-01') LIMIT 0;

-- Which of the fifteen answers (status, headline value, direction of the evidence) the newest snapshot of a year changed since that of the
-- year before, and why: a figure that had not been known (new_file), one that was known otherwise (revision), evidence (new_evidence), a
-- verdict, an error of ours put right since (our_correction), and where none of these is the cause the rule itself, or a day passing.
CREATE VIEW snapshot_changes AS
WITH pair AS (
    SELECT year, version, snapshot_id, as_of, lag(year) OVER years AS previous_year, lag(snapshot_id) OVER years AS previous_snapshot_id,
           lag(as_of) OVER years AS previous_as_of
    FROM snapshot.snapshot WHERE is_latest
    WINDOW years AS (ORDER BY year)
),
-- National figures that a snapshot has and the one before had not, or had otherwise.
figure AS (
    SELECT pair.snapshot_id, seen.goal_id, seen.indicator_id, seen.method_version, seen.breakdown, seen.year, seen.source,
           CASE WHEN had.snapshot_id IS NULL THEN 'new_file' ELSE 'revision' END AS reason
    FROM pair
    JOIN snapshot.observation AS seen USING (snapshot_id)
    LEFT JOIN snapshot.observation AS had
      ON had.snapshot_id = previous_snapshot_id AND had.indicator_id = seen.indicator_id AND had.method_version = seen.method_version
     AND had.breakdown = seen.breakdown AND had.entity_level = seen.entity_level AND had.entity_id = seen.entity_id
     AND had.period_start = seen.period_start AND had.period_end = seen.period_end
    WHERE seen.entity_level = 'national'
      AND (had.value, had.value_low, had.value_high) IS DISTINCT FROM (seen.value, seen.value_low, seen.value_high)
),
answer AS (
    SELECT pair.*, now.goal_id, now.rule, now.last_year, now.verdict_id, was.verdict_id AS previous_verdict_id,
           list_filter(now.evidence_ids, lambda one: NOT list_contains(was.evidence_ids, one)) AS new_evidence,
           list_concat(now.direction_basis, now.direction_against, was.direction_basis, was.direction_against) AS pointers,
           unnest([
               {'answer': 'status', 'before': was.status, 'after': now.status},
               {'answer': 'value', 'before': was.last_year || ': ' || goals.plain_number(was.last_value, named.decimals),
                'after': now.last_year || ': ' || goals.plain_number(now.last_value, named.decimals)},
               {'answer': 'direction', 'before': was.evidence_direction, 'after': now.evidence_direction}
           ], recursive := true),
           goal.headline_indicator_id, goal.headline_method_version, goal.headline_breakdown
    FROM pair
    JOIN snapshot.goal_status AS now USING (snapshot_id)
    JOIN snapshot.goal_status AS was ON was.snapshot_id = previous_snapshot_id AND was.goal_id = now.goal_id
    JOIN goals.goal AS goal ON goal.goal_id = now.goal_id
    LEFT JOIN goals.indicator AS named ON named.indicator_id = goal.headline_indicator_id
),
-- A version frozen before there was a direction says nothing of it, and that it has one now is no change.
changed AS (FROM answer WHERE before IS DISTINCT FROM after AND (answer <> 'direction' OR before IS NOT NULL AND after IS NOT NULL)),
cause AS (
    SELECT snapshot_id, goal_id, answer, figure.reason, figure.source
    FROM changed JOIN figure USING (snapshot_id, goal_id)
    WHERE CASE answer
        WHEN 'direction' THEN list_bool_or([
            starts_with(one, figure.indicator_id || ' ') AND contains(one, figure.year::VARCHAR) FOR one IN pointers
        ]) AND (figure.indicator_id <> headline_indicator_id OR figure.method_version = headline_method_version)
        ELSE figure.indicator_id = headline_indicator_id AND figure.method_version = headline_method_version
             AND figure.breakdown = headline_breakdown AND figure.year = last_year AND (answer = 'value' OR rule <> 'verdict') END
    UNION ALL
    SELECT snapshot_id, goal_id, answer, 'verdict', verdict_id
    FROM changed WHERE answer = 'status' AND rule = 'verdict' AND verdict_id IS DISTINCT FROM previous_verdict_id
    UNION ALL
    SELECT snapshot_id, goal_id, answer, 'new_evidence', unnest(list_filter(
        new_evidence, lambda one: answer = 'status' AND rule = 'evidence_only' OR answer = 'direction' AND list_contains(pointers, one)
    ))
    FROM changed
    UNION ALL
    SELECT snapshot_id, goal_id, answer, 'our_correction', erratum_id
    FROM changed JOIN errata USING (goal_id)
    WHERE found_on > previous_as_of AND found_on <= as_of
)
SELECT changed.year, version, previous_year, goal_id, answer, before, after,
       coalesce(list(DISTINCT cause.reason ORDER BY cause.reason) FILTER (cause.reason IS NOT NULL), ['rule']) AS reasons,
       coalesce(list(DISTINCT cause.source ORDER BY cause.source) FILTER (cause.source IS NOT NULL), []) AS sources,
       snapshot_id, previous_snapshot_id
FROM changed LEFT JOIN cause USING (snapshot_id, goal_id, answer)
GROUP BY ALL
ORDER BY year, goal_id, answer;
