-- What is said of a goal on a day. Its sentence is made of templates (goals.sentence) and figures: none without its year, no point where
-- there are only bounds, and why nothing can be said where nothing can.

-- A number as Dutch and English readers write it, with a real minus sign.
CREATE MACRO goals.number_in_words(number, decimals, lang) AS
    replace(CASE lang WHEN 'nl' THEN translate(format('{:,.' || decimals || 'f}', number), ',.', '.,')
                      ELSE format('{:,.' || decimals || 'f}', number) END, '-', '−');

-- How many decimals a value needs where at most `most` are shown of its indicator: 92.0 needs none.
CREATE MACRO goals.decimals_needed(number, most) AS len(rtrim(split_part(round(number, most::INTEGER)::VARCHAR, '.', 2), '0'));

-- The values that a goal's sentence names: of a figure with two years to compare, the headline first, else of the best figure that there
-- is. `b` is the last value of 2018 to 2020 that can stand beside another, `a` that of 2018 or the nearest to it, `c` that of a Covid
-- year; `group_differs`: `b` is about others.
CREATE MACRO goals.told_figures_as_of(as_of_date) AS TABLE
WITH seen AS (
    SELECT *, {'value': value, 'low': value_low, 'high': value_high, 'year': year,
               'provisional': list_contains(flags, 'provisional')} AS chosen,
           max(year) FILTER (NOT covid) OVER (PARTITION BY indicator_id) AS last_year,
           arg_max(segment, year) FILTER (NOT covid) OVER (PARTITION BY indicator_id) AS last_segment,
           count(*) OVER (PARTITION BY indicator_id) AS years
    FROM goals.agreement_figures_as_of(as_of_date)
    QUALIFY max(year) OVER (PARTITION BY indicator_id) >= 2018
),
comparable AS (
    SELECT *, count(*) FILTER (segment = last_segment AND NOT covid) OVER (PARTITION BY indicator_id) > 1 AS shows_change FROM seen
),
chosen AS (
    FROM comparable
    -- Background is named only where it is what the goal shows first, or shows a change.
    WHERE is_headline OR type <> 'context' OR shows_change
    QUALIFY dense_rank() OVER (
        PARTITION BY goal_id
        ORDER BY shows_change DESC, is_headline DESC, list_position(['target', 'survey', 'proxy', 'context'], type),
                 indicator_id IN (SELECT part FROM goals.sentence) DESC, years DESC, line
    ) = 1
)
SELECT goal_id, indicator_id, any_value(is_headline) AS is_headline, max(goals.decimals_needed(value, decimals)) AS decimals,
       arg_min(chosen, (abs(year - 2018), year)) FILTER (NOT covid AND year < last_year AND segment = last_segment) AS a,
       any_value(chosen) FILTER (NOT covid AND year = last_year) AS b,
       any_value(chosen) FILTER (covid) AS c, coalesce(bool_or(blocked AND NOT covid), false) AS group_differs
FROM chosen GROUP BY goal_id, indicator_id;

-- A value or its bounds, rounded outwards, with the unit; `say` are the templates of one language.
CREATE MACRO goals.value_in_words(chosen, decimals, most, unit, lang, say) AS
    CASE WHEN chosen['value'] IS NOT NULL THEN goals.number_in_words(chosen['value'], decimals, lang)
         ELSE replace(replace(say['bounds'],
                  '{low}', goals.number_in_words(floor(round(chosen['low'] * power(10, most), 6)) / power(10, most), most, lang)),
                  '{high}', goals.number_in_words(ceil(round(chosen['high'] * power(10, most), 6)) / power(10, most), most, lang)) END
    || coalesce(say[unit], '') || CASE WHEN chosen['provisional'] THEN say['provisional'] ELSE '' END;

-- Per goal all that is said of it on a day: the status, beside it which way the evidence points and what the parties themselves settled
-- (evidence of the kind official_outcome, never our verdict), and one sentence in each language.
CREATE MACRO goals.goal_status_made(as_of_date) AS TABLE
WITH status AS MATERIALIZED (
    SELECT status.*, direction.* EXCLUDE (goal_id), pointed.reason_nl AS direction_reason_nl, pointed.reason_en AS direction_reason_en
    FROM goals.status_as_of(as_of_date) AS status
    JOIN goals.direction_as_of(as_of_date) AS direction USING (goal_id)
    JOIN goals.status_rule AS pointed ON pointed.rule = direction.direction_rule
),
said AS (
    SELECT 'nl' AS lang, map_from_entries(list((part, text_nl))) AS say FROM goals.sentence
    UNION ALL
    SELECT 'en', map_from_entries(list((part, text_en))) FROM goals.sentence
),
known AS MATERIALIZED (
    SELECT status.* EXCLUDE (target_value), figure.* EXCLUDE (goal_id),
           named.type, named.unit, named.decimals AS most, CASE lang WHEN 'nl' THEN named.name_nl ELSE named.name_en END AS name, said.*,
           CASE WHEN coalesce(is_headline, true) THEN status.target_value END AS target,
           goals.direction_of_change('higher', unit, a['low'], a['high'], b['low'], b['high']) AS moved,
           goals.direction_of_change(named.direction, unit, a['low'], a['high'], b['low'], b['high']) AS towards,
           CASE named.direction WHEN 'lower' THEN b['high'] <= target WHEN 'higher' THEN b['low'] >= target END AS reached,
           list_bool_or([starts_with(source, figure.indicator_id || ' ') FOR source IN direction_basis]) AS figure_tells
    FROM status JOIN goals.goal AS goal USING (goal_id)
    LEFT JOIN goals.told_figures_as_of(as_of_date) AS figure USING (goal_id)
    LEFT JOIN goals.indicator AS named ON named.indicator_id = coalesce(figure.indicator_id, goal.headline_indicator_id)
    CROSS JOIN said
),
-- Who says so: publishers with their year, and figures other than the one that the sentence names.
speakers AS (
    SELECT known.goal_id, lang, string_agg(who, '; ' ORDER BY source_id) FILTER (rests) AS who,
           string_agg(who, '; ' ORDER BY source_id) FILTER (NOT rests) AS against
    FROM (
        SELECT goal_id, lang, indicator_id, unnest(direction_basis) AS source_id, true AS rests, say FROM known
        UNION ALL
        SELECT goal_id, lang, indicator_id, unnest(direction_against), false, say FROM known
    ) AS known
    LEFT JOIN goals.evidence AS evidence ON evidence.evidence_id = source_id AND (rests OR covid_affected = 'no')
    LEFT JOIN goals.indicator AS other
      ON starts_with(source_id, other.indicator_id || ' ') AND other.indicator_id <> known.indicator_id,
    LATERAL (SELECT coalesce(
        evidence.publisher || ', ' || coalesce(year(evidence.published_on)::VARCHAR, say['undated']),
        CASE lang WHEN 'nl' THEN other.name_nl ELSE other.name_en END
    )) AS named(who)
    GROUP BY known.goal_id, lang
),
written AS (
    SELECT known.*, who, against, concat(
        CASE WHEN a IS NOT NULL THEN say['two_values'] WHEN b IS NOT NULL THEN say['one_value']
             WHEN c IS NOT NULL THEN say['covid_value_only'] ELSE say['no_value'] END,
        CASE WHEN a IS NOT NULL AND group_differs THEN say['different']
             WHEN a IS NOT NULL AND target IS NULL
                THEN say[CASE moved WHEN 'improved' THEN 'rise' WHEN 'worsened' THEN 'fall' WHEN 'unchanged' THEN 'level' END]
             WHEN rule = 'met_before_period' THEN say['reached_before']
             WHEN target IS NULL THEN NULL
             WHEN reached THEN say['reached']
             ELSE say[CASE towards WHEN 'improved' THEN 'towards' WHEN 'worsened' THEN 'away' WHEN 'unchanged' THEN 'level_to_target'
                      ELSE 'target' END] END,
        CASE WHEN b IS NOT NULL AND c IS NOT NULL THEN say[CASE WHEN c['value'] IS NULL THEN 'covid_bounds' ELSE 'covid_value' END] END,
        CASE WHEN coalesce(b, c) IS NOT NULL AND type IN ('proxy', 'context') THEN say[type] END,
        CASE WHEN evidence_direction = 'unknown' AND direction_rule = 'no_comparison' AND evidence_count < 2
                THEN say[CASE evidence_count WHEN 1 THEN 'no_comparison_one' ELSE 'no_comparison_none' END]
             WHEN evidence_direction = 'unknown' THEN say[direction_rule]
             WHEN evidence_direction = 'mixed' OR NOT coalesce(figure_tells, false) THEN say[evidence_direction] END,
        CASE WHEN against IS NOT NULL THEN say['against'] END, '.'
    ) AS pattern
    FROM known LEFT JOIN speakers USING (goal_id, lang)
),
filled AS (
    SELECT goal_id, lang, list_reduce(
        list_concat([{'name': '', 'text': pattern}], map_entries(MAP {
            'subject': coalesce(say[indicator_id], name || ':'), 'topic': say[goal_id], 'n': evidence_count::VARCHAR,
            'a': goals.value_in_words(a, decimals, most, unit, lang, say), 'year_a': a['year']::VARCHAR,
            'b': goals.value_in_words(b, decimals, most, unit, lang, say), 'year_b': b['year']::VARCHAR,
            'c': goals.value_in_words(c, decimals, most, unit, lang, say), 'year_c': c['year']::VARCHAR,
            'target': goals.number_in_words(target, goals.decimals_needed(target, most), lang) || coalesce(say[unit], ''),
            'target_year': target_year::VARCHAR,
            'from': direction_from::VARCHAR, 'to': direction_to::VARCHAR, 'who': who, 'against': against
        })),
        lambda so_far, one: {'name': one['key'], 'text': replace(so_far['text'], '{' || one['key'] || '}', coalesce(one['value'], ''))}
    )['text'] AS sentence
    FROM written
)
SELECT status.*, outcome.* EXCLUDE (goal_id), sentence.* EXCLUDE (goal_id)
FROM status
JOIN (
    SELECT goal_id, max(sentence) FILTER (lang = 'nl') AS sentence_nl, max(sentence) FILTER (lang = 'en') AS sentence_en
    FROM filled GROUP BY goal_id
) AS sentence USING (goal_id)
LEFT JOIN (
    SELECT goal_id, arg_max(official_verdict, (known_from, evidence_id)) AS official_outcome,
           arg_max(evidence_id, (known_from, evidence_id)) AS official_outcome_source
    FROM goals.evidence WHERE source_type = 'official_outcome' AND known_from <= as_of_date::DATE AND NOT synthetic
    GROUP BY goal_id
) AS outcome USING (goal_id);

-- Kept as direction_source is.
CREATE TABLE goals.status_by_vintage_date AS
SELECT day.vintage_date, status.* FROM goals.vintage_date AS day, LATERAL (FROM goals.goal_status_made(day.vintage_date)) AS status
ORDER BY vintage_date, goal_id;
CREATE MACRO goal_status_as_of(as_of_date) AS TABLE
SELECT * EXCLUDE (vintage_date) FROM goals.status_by_vintage_date WHERE vintage_date = goals.vintage_date_of(as_of_date) ORDER BY goal_id;
