CREATE TABLE goals.status_now AS FROM goal_status_as_of(DATE '9999-12-31');

CREATE VIEW goal_status AS
SELECT status.goal_id, status.ambition_id, goal.name_nl AS goal_nl, goal.name_en AS goal_en, status.* EXCLUDE (goal_id, ambition_id)
FROM goals.status_now AS status JOIN goals.goal AS goal USING (goal_id)
ORDER BY goal_id;

-- Statuses are counted, never averaged.
CREATE MACRO ambition_status_as_of(as_of_date) AS TABLE
SELECT ambition.ambition_id, ambition.name_nl AS ambition_nl, ambition.name_en AS ambition_en,
       count(*) AS goals,
       count(*) FILTER (status IN ('target_met', 'met_before_period')) AS met,
       count(*) FILTER (status = 'target_met_not_interpretable') AS met_not_interpretable,
       count(*) FILTER (status = 'not_met') AS not_met,
       count(*) FILTER (status IN ('movement_reported', 'no_movement_reported', 'mixed')) AS judged_on_evidence,
       count(*) FILTER (status = 'not_assessable') AS not_assessable,
       list({'goal_id': goal_id, 'status': status} ORDER BY goal_id) AS statuses
FROM goal_status_as_of(as_of_date) AS status JOIN goals.ambition AS ambition ON ambition.ambition_id = status.ambition_id
GROUP BY ambition.ambition_id, ambition.name_nl, ambition.name_en
ORDER BY ambition.ambition_id;

CREATE VIEW ambition_status AS FROM ambition_status_as_of(DATE '9999-12-31');
