"""Core tables with a few typed rows, to see what a goal's series makes of them without any file."""

from datetime import date
from typing import Any

import duckdb
import pandas as pd

from schemas.datasets import datasets
from transforms import all_series
from warehouse.build.tables import core_columns, create_tables

YEAR_2018 = {"period_label": "2018", "period_start": date(2018, 1, 1), "period_end": date(2018, 12, 31)}


def core_with(dataset_id: str, *rows: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """A database whose core table of `dataset_id` holds `rows`; lines are numbered, nothing is masked unless said."""
    con = duckdb.connect(":memory:")
    create_tables(con)
    known = set(core_columns(datasets()[dataset_id]))
    filled = [{"source_file_id": "file", "line": at, "masked": []} | row for at, row in enumerate(rows, 2)]
    assert all(set(row) <= known for row in filled), [set(row) - known for row in filled]
    con.register("filled", pd.DataFrame(filled))
    con.execute(f"INSERT INTO core.{dataset_id} BY NAME FROM filled")
    return con


def contributions(con: duckdb.DuckDBPyConnection, indicator_id: str, method: str | None = None) -> list[dict[str, Any]]:
    """What the series of an indicator say, in order of line and breakdown."""
    found = []
    for series in all_series():
        if series.indicator_id == indicator_id and method in (None, series.method_version):
            found += con.execute(series.sql).df().to_dict("records")
    return sorted(found, key=lambda one: (one["line"], one["breakdown"]))
