"""Which files are overdue: what the macro `release_calendar_on` says of a day, in sentences."""

from datetime import date
from typing import Any

import duckdb

from warehouse.database import records

CALENDAR = "SELECT * EXCLUDE (title_nl, title_en) FROM release_calendar_on($day)"


def calendar_on(con: duckdb.DuckDBPyConnection, day: date) -> dict[str, dict[str, Any]]:
    """When the next file of each dataset is due, as seen on a day."""
    return {row["dataset_id"]: row for row in records(con, CALENDAR, day=day)}


def overdue_sentence(row: dict[str, Any]) -> str:
    """What is said of a dataset that is overdue."""
    what = f"the file of {row['next_period']}" if row["next_period"] else f"a file after that of {row['last_received']}"
    return (
        f"dataset {row['dataset_id']}: expected {what} by {row['due_on']} ({row['overdue_after']} with grace), received none; look for "
        f"it on {row['landing_page']}, and correct the cadence in the dataset's declaration if the publisher has another one now."
    )
