"""A row of the register that a release has held changes its value or its day only with an erratum: what a past day answers
changes with it, and whoever used the old answer must be able to find out."""

from datetime import date
from typing import Any

import duckdb

from schemas.errors import Problem
from schemas.register.errata import RELEASED, Released, says, shown
from schemas.register.reader import RegisterError
from warehouse.database import records
from warehouse.release.stores import LAST

ERRATA = Released(("erratum_id",), ("row_key", "before", "after", "table", "column"))
CHANGED = """
SELECT old.released_row, {columns}, new.released_row IS NULL AS gone
FROM (SELECT {key} AS released_row, * FROM {last}.goals."{table}") AS old
LEFT JOIN (SELECT {key} AS released_row, * FROM goals."{table}") AS new USING (released_row)
WHERE NOT starts_with(old.released_row, 'derived-') AND (gone OR {differs})
ORDER BY old.released_row"""
COLUMNS_OF = """
SELECT column_name FROM information_schema.columns WHERE table_catalog = ? AND table_schema = 'goals' AND table_name = ?"""


def refuse_unexplained(con: duckdb.DuckDBPyConnection, today: date) -> None:
    """Compare the register in the build `con` with that of the release attached as `last_release`.

    Raises RegisterError with a sentence for each cell that is not what it was and has no erratum. New rows need none.
    """
    errata = records(con, "FROM goals.errata")
    problems = []
    for table, released in {**RELEASED, "errata": ERRATA}.items():
        for row_key, column, before, after in changed_cells(con, table, released):
            cell = table, row_key, column
            explained = any(
                (one["table"], one["row_key"], one["column"]) == cell and says(one["before"] or "", before)
                for one in errata
            )
            if not explained:
                problems.append(unexplained(cell, before, after, today))
    if problems:
        raise RegisterError(problems)


def changed_cells(con: duckdb.DuckDBPyConnection, table: str, released: Released) -> list[tuple[str, str, Any, Any]]:
    """(row, column, before, after) of what the last release held and this build does not. Of a row that is gone: its day."""
    had = {name for name, *_ in con.execute(COLUMNS_OF, [LAST, table]).fetchall()}
    columns = [column for column in released.columns if column in had]
    if not columns:
        return []
    query = CHANGED.format(
        columns=", ".join(f'old."{name}" AS "old_{name}", new."{name}" AS "new_{name}"' for name in columns),
        key="concat_ws('/', {})".format(", ".join(released.key)),
        last=LAST,
        table=table,
        differs=" OR ".join(f'old."{name}" IS DISTINCT FROM new."{name}"' for name in columns),
    )
    return [
        (row["released_row"], name, row[f"old_{name}"], row[f"new_{name}"])
        for row in records(con, query)
        for name in (columns[-1:] if row["gone"] else columns)
        if row[f"old_{name}"] != row[f"new_{name}"]
    ]


def unexplained(cell: tuple[str, str, str], before: Any, after: Any, today: date) -> Problem:
    """The sentence about a cell that changed without a word."""
    table, row_key, column = cell
    line = f"ER-...,{today},editors,{table},{row_key},{column},{'' if before is None else before},{'' if after is None else after}"
    hint = f"restore it, or add the line {line},(wrong since),(what was wrong, in Dutch and in English) to errata.csv"
    if table == "errata":
        hint = "restore it: errata are only added to"
    expected = f"{shown(before)}, as the last release held"
    return Problem(f"{table}.csv, row {row_key}, column {column}", expected, shown(after), hint)
