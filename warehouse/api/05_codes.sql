-- Every code that a column may hold, in words. Which column uses which list stands in meta.dictionary.code_list.
--
-- Flags, statuses and rules come from tables of their own. A breakdown is one or more codes with slashes between, such as
-- havo/wiskunde-a; its subjects are those that publishers' files name.
CREATE VIEW codes AS
SELECT list, code, label_nl, label_en, meaning_nl, meaning_en FROM goals.code
UNION ALL
SELECT 'flag', flag, label_nl, label_en, description_nl, description_en FROM goals.flag
UNION ALL
SELECT 'status', status, label_nl, label_en, description_nl, description_en FROM goals.status
UNION ALL
SELECT 'status_rule', rule, reason_nl, reason_en, 'Dit zou het veranderen: ' || would_change_nl, 'This would change it: ' || would_change_en
FROM goals.status_rule
UNION ALL
SELECT 'breakdown', split_part(contribution.breakdown, '/', 2) AS code, min(grades.subject), min(grades.subject),
       'Examenvak, zoals DUO het schrijft.', 'Exam subject, as DUO writes it.'
FROM core.contribution
JOIN core.duo_08_10_vakken AS grades ON grades.source_file_id = contribution.source_file_id AND grades.line = contribution.line
WHERE contains(contribution.breakdown, '/')
GROUP BY code
ORDER BY list, code;

-- A code in words, in 'nl' or 'en'; a breakdown of several codes gives several words.
CREATE MACRO in_words(code_list, value, lang) AS (
    SELECT string_agg(
        CASE lang WHEN 'nl' THEN label_nl ELSE label_en END, ', ' ORDER BY list_position(string_split(value, '/'), code)
    )
    FROM codes WHERE list = code_list AND list_contains(string_split(value, '/'), code)
);
