-- Every applied correction stands in the register, once per file and line.
SELECT applied.correction_id, applied.source_file_id, applied.line, count(*) AS times
FROM meta.correction_applied AS applied
LEFT JOIN goals.correction AS register USING (correction_id)
GROUP BY ALL
HAVING count(*) > 1 OR bool_or(register.correction_id IS NULL);
