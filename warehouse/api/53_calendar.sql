-- When the next file of each dataset is due, as seen on a day: with the files that were known then. Without a day (NULL) on that of the
-- release. `state`: expected (not due yet), due (the expected day has passed, the grace has not), overdue, stopped, or unknown (when it comes
-- is not known). No WITH clause and no subquery as an argument, see 40_entities.sql.
-- The label of the period after that of `label`: every year in it is one later, the last one first.
CREATE MACRO goals.next_label(label) AS list_reduce(
    list_concat([label], list_reverse_sort(list_distinct(regexp_extract_all(label, '[0-9]{4}')))),
    lambda so_far, one: replace(so_far, one, (one::INTEGER + 1)::VARCHAR)
);

CREATE MACRO release_calendar_on(on_date) AS TABLE
SELECT dataset_id, title_nl, title_en, publisher, landing_page, renewal, last_received, last_period,
       CASE WHEN renewal = 'yearly' THEN goals.next_label(last_period) END AS next_period, due_on,
       due_on + 7 * grace_weeks AS overdue_after,
       CASE WHEN renewal = 'stopped' THEN 'stopped'
            WHEN due_on IS NULL THEN 'unknown'
            WHEN asked_on <= due_on THEN 'expected'
            WHEN asked_on <= due_on + 7 * grace_weeks THEN 'due'
            ELSE 'overdue' END AS state,
       stopped_on, asked_on AS on_date
FROM (
    SELECT *, CASE WHEN renewal = 'monthly' THEN last_day(last_received + INTERVAL 1 MONTH)
                   WHEN renewal <> 'yearly' THEN NULL
                   WHEN due_weeks IS NOT NULL THEN next_end + 7 * due_weeks
                   ELSE last_day(make_date(year(next_end) + (month(next_end) >= due_month)::INTEGER, due_month, 1)) END AS due_on
    FROM (
        SELECT dataset.*, asked_on, max(file.known_from) AS last_received, arg_max(part.period_label, part.period_end) AS last_period,
               (max(part.period_end) + INTERVAL 1 YEAR)::DATE AS next_end
        FROM meta.dataset AS dataset
        CROSS JOIN (SELECT coalesce(on_date::DATE, (SELECT make_timestamp(epoch_us(published_at))::DATE FROM meta.release)) AS asked_on)
        LEFT JOIN meta.source_file AS file ON file.dataset_id = dataset.dataset_id AND file.known_from <= asked_on
        LEFT JOIN meta.partition_count AS part USING (source_file_id)
        GROUP BY ALL
    )
)
ORDER BY dataset_id;

CREATE VIEW release_calendar AS FROM release_calendar_on(NULL);
