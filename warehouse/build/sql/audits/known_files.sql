-- Twelve digits of a hash name a file: they must name only one, and its rows must be of a known dataset.
SELECT source_file_id, count(*) AS files FROM meta.source_file GROUP BY ALL HAVING count(*) > 1
UNION ALL
SELECT file_name, 0 FROM meta.source_file WHERE dataset_id <> 'register' AND dataset_id NOT IN (SELECT dataset_id FROM meta.dataset);
