-- Why a value is as it is or is not there: codes of SDMX (CL_OBS_STATUS, CL_CONF_STATUS), and checks of arguments.

-- One code per value: a break before all else, as the SDMX guideline on one flag per value has it, then what is missing. `flags` says
-- all that holds.
CREATE MACRO obs_status_of(value, status, flags, starts_break) AS
    CASE WHEN starts_break THEN 'B'
         WHEN value IS NULL THEN 'Q'
         WHEN list_has_any(flags, ['conflicting_peildatum', 'conflicting_sources', 'method_uncertain']) THEN 'U'
         WHEN list_contains(flags, 'covid') THEN 'S'
         WHEN list_has_any(flags, ['scope_all_children', 'scope_wider_than_vo']) THEN 'D'
         WHEN status = 'provisional' THEN 'P'
         ELSE 'A' END;

-- All that is given is free; where the publisher hid small counts the point is not given, only its bounds.
CREATE MACRO conf_status_of(masked_cells) AS CASE WHEN masked_cells > 0 THEN 'A' ELSE 'F' END;

-- A value that one file could not give: it hides small counts.
CREATE MACRO hidden_reason(value, masked_cells) AS CASE WHEN value IS NULL AND masked_cells > 0 THEN 'masked' END;

CREATE MACRO goals.in_order(macro_name, from_year, to_year) AS
    CASE WHEN from_year > to_year THEN error(macro_name || ': expected from_year before to_year, found ' || from_year || ' and ' || to_year
        || '; give the earlier year first.') ELSE true END;

CREATE MACRO goals.known_indicator(macro_name, indicator) AS
    CASE WHEN list_contains((SELECT list(one.indicator_id) FROM goals.indicator AS one), indicator) THEN indicator
         ELSE error(macro_name || ': there is no indicator ' || indicator || '; choose one from goals.indicator.') END;

-- No rows, or an error; part of a UNION ALL, since a condition on rows is not looked at where there are none.
CREATE MACRO goals.refused(macro_name, indicator, from_year, to_year) AS TABLE
SELECT checked.indicator_id
FROM (SELECT CASE WHEN goals.in_order(macro_name, from_year, to_year) THEN goals.known_indicator(macro_name, indicator) END AS indicator_id) AS checked
WHERE checked.indicator_id IS NULL;

-- Why a value of a label year is not there: hidden; the file of that year has none for this entity, or the entity was not there; or the
-- series has no value of that year, since the year is not over, another count has it, or no source that we know has it.
CREATE MACRO goals.missing_value(at_year, value, value_low, series_years, indicator_years, newest_year, existed) AS
    CASE WHEN value IS NOT NULL THEN NULL
         WHEN value_low IS NOT NULL THEN 'masked'
         WHEN coalesce(list_contains(series_years, at_year), false) THEN CASE WHEN existed THEN 'not_measured' ELSE 'no_entity' END
         WHEN at_year >= newest_year THEN 'not_published_yet'
         WHEN coalesce(list_contains(indicator_years, at_year), false) THEN 'method_break'
         ELSE 'no_source' END;

-- Why there is no change: a year without any value first, then what makes two values no pair, then what is hidden.
CREATE MACRO goals.missing_change(from_low, to_low, reason_from, reason_to, flags) AS
    CASE WHEN from_low IS NULL THEN reason_from WHEN to_low IS NULL THEN reason_to
         WHEN list_contains(flags, 'different_boards') THEN 'not_comparable'
         ELSE coalesce(reason_from, reason_to) END;
