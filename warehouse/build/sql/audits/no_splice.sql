-- Law 5: one series is made in one way: a method version is either published or added up, of one indicator.
SELECT o.indicator_id, o.method_version, 'values of a method that the register does not know' AS what
FROM goals.observation AS o ANTI JOIN goals.method AS method USING (indicator_id, method_version)
UNION ALL
SELECT o.indicator_id, o.method_version, 'published and bottom-up values under one method'
FROM goals.observation AS o JOIN goals.method AS method USING (indicator_id, method_version)
WHERE (method.origin = 'published') <> (o.source_file_ids[1] LIKE 'register/%');
