"""Every value as known now as SDMX-CSV 2.0, the format in which statistical offices exchange data.

One row per observation. Dimensions: INDICATOR, METHOD_VERSION, ENTITY_LEVEL, ENTITY, BREAKDOWN, TIME_PERIOD (the label year). Measure:
OBS_VALUE, empty where MISSING_REASON says why; its bounds and all else are attributes. OBS_STATUS and CONF_STATUS are codes of SDMX.
Format: https://github.com/sdmx-twg/sdmx-csv
"""

from pathlib import Path

import duckdb

from warehouse.csv_writer import write_query
from warehouse.database import literal

DATAFLOW = "SECTORAKKOORD_VO:OBSERVATIONS(1.0.0)"
DIMENSIONS = ("INDICATOR", "METHOD_VERSION", "ENTITY_LEVEL", "ENTITY", "BREAKDOWN", "TIME_PERIOD")
OBSERVATIONS = f"""
SELECT 'dataflow' AS "STRUCTURE[;]", {literal(DATAFLOW)} AS STRUCTURE_ID, 'I' AS ACTION,
       indicator_id AS INDICATOR, method_version AS METHOD_VERSION, entity_level AS ENTITY_LEVEL, entity_id AS ENTITY,
       breakdown AS BREAKDOWN, year AS TIME_PERIOD, value AS OBS_VALUE,
       value_low AS VALUE_LOW, value_high AS VALUE_HIGH, numerator AS NUMERATOR, denominator AS DENOMINATOR,
       unit AS UNIT_MEASURE, obs_status AS OBS_STATUS, conf_status AS CONF_STATUS, missing_reason AS MISSING_REASON,
       flags AS "FLAGS[]", goal_id AS GOAL, period_start AS PERIOD_START, period_end AS PERIOD_END,
       known_from AS KNOWN_FROM, source AS SOURCE, edition AS EDITION, synthetic AS SYNTHETIC
FROM observations_as_of(DATE '9999-12-31')
ORDER BY {", ".join(DIMENSIONS)}"""  # noqa: S608 - constants


def write_sdmx(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write the observations to `path`, in a folder that is made; returns how many."""
    path.parent.mkdir()
    return write_query(con, OBSERVATIONS, path)
