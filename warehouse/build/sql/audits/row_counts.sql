-- The same bytes give the same rows: of a content whose counts were reviewed, a missing period, a surprise period and another
-- count all fail. Accept with `sectorakkoord sources --accept-counts` and review the change of warehouse/register/seeds/row_count.csv.
WITH reviewed AS (
    SELECT source_file_id, file_name, period_label, reviewed.rows
    FROM meta.reviewed_count AS reviewed JOIN meta.source_file AS file USING (sha256, dataset_id, file_name)
),
counted AS (
    SELECT source_file_id, period_label, rows FROM meta.partition_count
    UNION ALL
    SELECT source_file_id, '', rows FROM meta.row_count ANTI JOIN meta.partition_count USING (source_file_id)
),
found AS (SELECT * FROM counted SEMI JOIN reviewed USING (source_file_id))
SELECT coalesce(reviewed.file_name, file.file_name) AS file_name, period_label, reviewed.rows AS reviewed, found.rows AS found,
       CASE WHEN found.rows IS NULL THEN 'missing' WHEN reviewed.rows IS NULL THEN 'surprise' ELSE 'changed' END AS what,
       'accept with: sectorakkoord sources --accept-counts' AS hint
FROM reviewed FULL OUTER JOIN found USING (source_file_id, period_label)
LEFT JOIN meta.source_file AS file USING (source_file_id)
WHERE reviewed.rows IS DISTINCT FROM found.rows;
