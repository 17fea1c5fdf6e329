-- Values of different boards are no trend: no row of `progress` may give a change between such years.
SELECT goal_id, indicator_id, change FROM progress(2018, 2020)
WHERE list_contains(flags, 'different_boards') AND change IS NOT NULL;
