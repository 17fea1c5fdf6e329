"""The corrections register, applied to core rows as they are loaded; the files in the archive stay as they are.

A correction names a cell: dataset, period (a row's period label, or the day a state became known where rows have no
period), the values that identify the row (a JSON object) and the column. `expect` is what the publisher's file holds
there. When the newest file of the period says something else, the publisher has fixed or changed it: the build fails
until the correction is taken out. Older files that hold the expected value are corrected as well. Each change is a row
of `meta.correction_applied`.
"""

import json
from typing import Any, NamedTuple

import duckdb

from schemas.datasets import datasets
from schemas.register.reader import RegisterError
from schemas.register.rules import register_problem
from warehouse.build.tables import core_columns
from warehouse.database import insert, scalar

NOT_TO_CORRECT = {"source_file_id", "line", "masked"}
EXAMPLE = 'write it like {"vestiging_id": "00AH00"}'

Correction = dict[str, Any]
"""A row of `goals.correction`, with the line of the register it stands on."""


class Cell(NamedTuple):
    """What a file holds where the correction points."""

    file_id: str
    file_name: str
    known_from: Any
    line: int
    value: Any
    hidden: bool


def apply_corrections(con: duckdb.DuckDBPyConnection) -> int:
    """Apply `goals.correction` to the core tables. Returns how many cells changed; raises RegisterError.

    Corrections are about publishers' files: a warehouse of synthetic files gets none.
    """
    if scalar(con, "SELECT bool_or(synthetic) FROM meta.edition"):
        return 0
    listed = con.execute("FROM goals.correction ORDER BY correction_id")
    names = [column[0] for column in listed.description]
    return sum(apply_one(con, dict(zip(names, row, strict=True))) for row in listed.fetchall())


def apply_one(con: duckdb.DuckDBPyConnection, correction: Correction) -> int:
    """Apply one row of the register. Returns how many cells changed."""
    kind = column_type(correction)
    expect, replacement = (typed(con, kind, correction, name) for name in ("expect", "replacement"))
    cells = find_cells(con, correction)
    changed = 0
    for cell in cells:
        place = f"{correction['column']} in line {cell.line} of {cell.file_name} ({cell.file_id})"
        if cell.hidden:
            raise refused(
                correction,
                "column",
                f"a cell the publisher shows as {place}",
                "one it hides",
                "a hidden count is never filled in, so this row must go",
            )
        if cell.value == expect:
            replace_cell(con, correction, cell, replacement)
            changed += 1
        elif cell.known_from == cells[-1].known_from:
            raise refused(
                correction,
                "expect",
                f"{shown(expect)} as {place}",
                shown(cell.value),
                f"the publisher has {'fixed' if cell.value == replacement else 'changed'} it, so this row must go",
            )
    return changed


def refused(correction: Correction, column: str, expected: str, found: str, hint: str) -> RegisterError:
    """The one sentence about a correction that cannot, or may no longer, be applied."""
    return RegisterError([register_problem("correction.csv", correction["line"], column, expected, found, hint)])


def shown(value: Any) -> str:
    """A value in a sentence."""
    return "nothing" if value is None else str(value)


def column_type(correction: Correction) -> str:
    """The SQL type of the column to correct; the dataset and all columns named must exist."""
    dataset = datasets().get(correction["dataset_id"])
    if dataset is None:
        known = ", ".join(sorted(datasets()))
        raise refused(correction, "dataset_id", "a dataset", correction["dataset_id"], f"choose one of {known}")
    columns = {name: kind for name, kind in core_columns(dataset).items() if name not in NOT_TO_CORRECT}
    for place, names in (("column", [correction["column"]]), ("row_key", list(row_key(correction)))):
        for name in names:
            if name not in columns:
                raise refused(correction, place, f"a column of {dataset.id}", name, f"choose from {', '.join(columns)}")
    return columns[correction["column"]]


def row_key(correction: Correction) -> dict[str, Any]:
    """The columns and values that name the row."""
    try:
        key: dict[str, Any] = json.loads(correction["row_key"])
    except json.JSONDecodeError as error:
        raise refused(correction, "row_key", "a JSON object", correction["row_key"], EXAMPLE) from error
    if not key or not all(isinstance(value, str | int | float) for value in key.values()):
        raise refused(correction, "row_key", "columns with a value each", correction["row_key"], EXAMPLE)
    return key


def typed(con: duckdb.DuckDBPyConnection, kind: str, correction: Correction, name: str) -> Any:
    """A register cell as the type of the column it is about; an empty one is no value."""
    try:
        return scalar(con, f"SELECT CAST($text AS {kind})", {"text": correction[name]})
    except duckdb.ConversionException as error:
        hint = f"write it as the column {correction['column']} holds it"
        raise refused(correction, name, f"a value of type {kind}", correction[name], hint) from error


def has_periods(correction: Correction) -> bool:
    """Do the rows of this dataset hold for a period (or for the day of the state they are in)?"""
    return "period_label" in core_columns(datasets()[correction["dataset_id"]])


def find_cells(con: duckdb.DuckDBPyConnection, correction: Correction) -> list[Cell]:
    """The cell in each file that has the row, oldest first. No file of the period: nothing to correct yet.

    A row that is there twice, or is not in the newest file, is refused.
    """
    table = f"core.{correction['dataset_id']} JOIN meta.source_file AS file USING (source_file_id)"
    of_period = "period_label = $period" if has_periods(correction) else "file.known_from::VARCHAR = $period"
    files = con.execute(
        f"SELECT DISTINCT file.known_from, source_file_id, file.file_name FROM {table} WHERE {of_period} ORDER BY ALL",  # noqa: S608 - names of ours
        {"period": correction["period"]},
    ).fetchall()
    key = row_key(correction)
    keyed = " AND ".join(f'"{name}" = $key{place}' for place, name in enumerate(key))
    values = {f"key{place}": value for place, value in enumerate(key.values())}
    rows = con.execute(
        f"""SELECT source_file_id, file.file_name, file.known_from, line, "{correction["column"]}",
            list_contains(masked, $column)
        FROM {table} WHERE {of_period} AND {keyed} ORDER BY file.known_from, source_file_id, line""",  # noqa: S608 - names of ours and of the register
        {"period": correction["period"], "column": correction["column"], **values},
    ).fetchall()
    cells = [Cell(*row) for row in rows]
    for known_from, file_id, file_name in files:
        count = sum(cell.file_id == file_id for cell in cells)
        if count > 1 or (count == 0 and known_from == files[-1][0]):
            raise refused(
                correction,
                "row_key",
                f"exactly one row of period {correction['period']} in {file_name} ({file_id})",
                f"{count} with {correction['row_key']}",
                "name the row's whole key, or take this row out",
            )
    return cells


def replace_cell(con: duckdb.DuckDBPyConnection, correction: Correction, cell: Cell, replacement: Any) -> None:
    """Change the cell and write down that it was changed. A line of several periods changes in the one named only."""
    of_period, period = "", {}
    if has_periods(correction):
        of_period, period = "AND period_label = $period", {"period": correction["period"]}
    con.execute(
        f"""UPDATE core.{correction["dataset_id"]} SET "{correction["column"]}" = $after
        WHERE source_file_id = $file AND line = $line {of_period}""",  # noqa: S608 - as in find_cells
        {"after": replacement, "file": cell.file_id, "line": cell.line, **period},
    )
    logged = {name: correction[name] for name in ("correction_id", "column", "reason_nl", "reason_en")}
    logged |= {"source_file_id": cell.file_id, "line": cell.line}
    logged |= {"before": correction["expect"], "after": correction["replacement"]}
    insert(con, "meta.correction_applied", [logged])
