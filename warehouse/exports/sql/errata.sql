SELECT erratum_id, found_on, in_words('found_by', found_by, '{lang}'), goal_id, in_words('register_table', "table", '{lang}') || ' ' || row_key, "column", "before", "after",
       wrong_since, what_{lang}, array_to_string(snapshots_touched, ', ')
FROM errata
ORDER BY found_on, erratum_id
