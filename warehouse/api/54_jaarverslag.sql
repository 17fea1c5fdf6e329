-- The reading of annual reports: how far it has come per report year that the agreement names. Counts of what was read, not estimates:
-- shares of all boards, with their uncertainty, come from the sampling plan (warehouse/jaarverslag/statistics.py).
CREATE VIEW jaarverslag_coverage AS
SELECT year.report_year, (SELECT count(*) FROM boards) AS boards,
       count(report.board_id) AS reports_coded, count(report.second_coder) AS coded_twice,
       count(*) FILTER (report.mentions_prestatiebox) AS mention_prestatiebox,
       count(*) FILTER (report.split_by_ambition) AS split_by_ambition,
       count(*) FILTER (report.progress_described) AS describe_progress,
       count(report.amount_eur) AS name_an_amount,
       coalesce(bool_or(report.synthetic), false) AS synthetic
FROM (SELECT unnest([2019, 2020]) AS report_year) AS year
LEFT JOIN goals.jaarverslag AS report USING (report_year)
GROUP BY year.report_year
ORDER BY year.report_year;
