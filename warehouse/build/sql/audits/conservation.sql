-- Law 1: every data line of every file is in core or in quarantine. The reader counted the lines, `meta.row_count` the core tables once
-- they were filled.
WITH in_core AS (SELECT source_file_id, sum(lines) AS lines FROM meta.row_count GROUP BY ALL),
     in_quarantine AS (SELECT source_file_id, count(DISTINCT line) AS lines FROM meta.quarantine GROUP BY ALL)
SELECT file.file_name, file.data_lines, coalesce(in_core.lines, 0) AS core_lines, coalesce(in_quarantine.lines, 0) AS quarantined_lines, source_file_id
FROM meta.source_file AS file
LEFT JOIN in_core USING (source_file_id)
LEFT JOIN in_quarantine USING (source_file_id)
WHERE file.dataset_id <> 'register'
  AND (file.data_lines <> coalesce(in_core.lines, 0) + coalesce(in_quarantine.lines, 0)
       OR file.core_lines <> coalesce(in_core.lines, 0) OR file.quarantined_lines <> coalesce(in_quarantine.lines, 0));
