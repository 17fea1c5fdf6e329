"""The hand-kept register: goals, indicators, targets, published values, evidence and judgements, as CSV.

    register = read_register(Path("warehouse/register"))
    register["goal"]          # a typed frame, columns in the order of the file

Everything is read as text, cast by the kind each column declares (`schemas.register.fields`), validated by one
Pandera model per table and then against the other tables (`schemas.register.rules`). All faults are reported at once.

In the frames a day is a `datetime.date`, a whole number Int64, a number float64, true/false boolean, all else
text; missing is missing (None, NaN or NA), never an empty string.
"""

import csv
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from schemas.errors import Problem
from schemas.register.codes import Code, Flag, Status, StatusRule
from schemas.register.evidence import Correction, Crosswalk2014, Evidence, InternationalWave, Jaarverslag, Verdict
from schemas.register.fields import cast
from schemas.register.rules import RegisterProblem, cross_table_problems, register_problem
from schemas.register.tables import (
    Ambition,
    Break,
    ExplainedDifference,
    Goal,
    Indicator,
    Method,
    PublishedValue,
    Target,
)

REGISTER: dict[str, type[pa.DataFrameModel]] = {
    "ambition": Ambition,
    "goal": Goal,
    "indicator": Indicator,
    "method": Method,
    "target": Target,
    "published_value": PublishedValue,
    "break": Break,
    "code": Code,
    "flag": Flag,
    "status": Status,
    "status_rule": StatusRule,
    "evidence": Evidence,
    "verdict": Verdict,
    "crosswalk_2014": Crosswalk2014,
    "correction": Correction,
    "international_wave": InternationalWave,
    "jaarverslag": Jaarverslag,
    "explained_difference": ExplainedDifference,
}


class RegisterError(Exception):
    """The register is unfit for use; `problems` holds every fault in it, the message a sentence for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


def columns(table: str) -> list[str]:
    """The columns of a table, in the order of its CSV file."""
    return list(REGISTER[table].to_schema().columns)


def known_from(frame: pd.DataFrame) -> pd.Series:
    """The day from which each row counts as known: published_on where it is known, else entered_on.

    So a value of unknown date is in today's figures and in no retrospective snapshot. Shape: one date per row.
    """
    return frame["published_on"].where(frame["published_on"].notna(), frame["entered_on"]).rename("known_from")


def read_register(folder: Path) -> dict[str, pd.DataFrame]:
    """All tables of the register in `folder`, typed and checked. Raises RegisterError with every fault found."""
    files = [folder / f"{table}.csv" for table in REGISTER]
    contents = tuple(file.read_bytes() if file.is_file() else None for file in files)
    return {table: frame.copy() for table, frame in _read_register(folder, contents).items()}


@lru_cache(maxsize=2)
def _read_register(folder: Path, contents: tuple[bytes | None, ...]) -> dict[str, pd.DataFrame]:
    """The register while its files hold these contents: checking takes a second, and a process may publish often."""
    frames: dict[str, pd.DataFrame] = {}
    lines: dict[str, list[int]] = {}
    faults: list[RegisterProblem] = []
    for table in REGISTER:
        found = read_table(folder / f"{table}.csv", table)
        frames[table], lines[table], table_faults = found
        faults += table_faults
    if not faults:
        faults = cross_table_problems(frames, lines)
    if faults:
        raise RegisterError(faults)
    return frames


def read_table(path: Path, table: str) -> tuple[pd.DataFrame, list[int], list[RegisterProblem]]:
    """One file -> its typed frame, the line at which each row starts, and the faults in it.

    A file that cannot be read as a table at all gives an empty frame and the one fault that says why.
    """
    try:
        rows, lines, faults = _rows(path, columns(table))
    except _Unreadable as error:
        return pd.DataFrame(columns=columns(table)), [], [error.fault]
    frame, cell_faults = _typed(rows, lines, table)
    return frame, lines, faults + cell_faults


class _Unreadable(Exception):
    def __init__(self, path: Path, line: int, expected: str, found: str, hint: str) -> None:
        self.fault = register_problem(path.name, line, "", expected, found, hint)


def _rows(path: Path, expected: list[str]) -> tuple[list[list[str]], list[int], list[RegisterProblem]]:
    """The cells of a file as text, the line of each row, and a fault for each row of another length."""
    text = _text(path)
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    faults: list[RegisterProblem] = []
    try:
        header = next(reader, [])
        if header != expected:
            wanted = f"the header {','.join(expected)}"
            raise _Unreadable(path, 1, wanted, ",".join(header) or "nothing", "restore the header")
        start = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(expected):
                rows.append(cells)
                lines.append(start)
            else:
                wanted, found = f"{len(expected)} cells", str(len(cells))
                faults.append(register_problem(path.name, start, "", wanted, found, "check commas and quotes"))
            start = reader.line_num + 1
    except csv.Error as error:
        raise _Unreadable(path, reader.line_num, "CSV (RFC 4180)", str(error), "check the quotes") from error
    return rows, lines, faults


def _text(path: Path) -> str:
    """The file as text: UTF-8, lines that end in LF."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except FileNotFoundError as error:
        raise _Unreadable(path, 1, "the file", "no file", "put it back") from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _Unreadable(path, line, "UTF-8 text", "other bytes", "save the file as UTF-8") from error
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        raise _Unreadable(path, line, "lines that end in LF", "CR", "save the file with LF line ends")
    return text


def _typed(rows: list[list[str]], lines: list[int], table: str) -> tuple[pd.DataFrame, list[RegisterProblem]]:
    """Rows of text -> the typed and validated frame with the faults found on the way, in order of line."""
    schema = REGISTER[table].to_schema()
    cell_problems: dict[tuple[int, str], RegisterProblem] = {}
    data: dict[str, pd.Series] = {}
    for position, (name, column) in enumerate(schema.columns.items()):
        cells = [row[position] for row in rows]
        data[name], unreadable = cast(cells, column.metadata["kind"])
        for at in unreadable:
            cell_problems[at, name] = _cell_fault(table, lines[at], name, schema, cells[at])
    frame = pd.DataFrame(data)
    row_problems: dict[tuple[int, str], RegisterProblem] = {}
    for case in _failure_cases(schema, frame):
        at, check = int(case.index), str(case.check)
        if case.schema_context == "Column":
            fault = _cell_fault(table, lines[at], case.column, schema, case.failure_case)
            cell_problems.setdefault((at, case.column), fault)
        else:
            row_problems[at, check] = _row_fault(table, lines[at], check, schema)
    spoilt = {at for at, _ in cell_problems}
    # A rule about the row as a whole says nothing new where a cell of that row is already at fault.
    found = cell_problems | {key: fault for key, fault in row_problems.items() if key[0] not in spoilt}
    return frame, [found[key] for key in sorted(found)]


def _failure_cases(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> list[Any]:
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return list(errors.failure_cases.itertuples())
    return []


def _cell_fault(table: str, line: int, column: str, schema: pa.DataFrameSchema, found: Any) -> RegisterProblem:
    expects = schema.columns[column].metadata["expects"]
    shown = "nothing" if pd.isna(found) else repr(found) if isinstance(found, str) else f"{found:.12g}"
    return register_problem(f"{table}.csv", line, column, expects, shown, "correct the cell")


def _row_fault(table: str, line: int, check: str, schema: pa.DataFrameSchema) -> RegisterProblem:
    if check == "multiple_fields_uniqueness":
        key = " and ".join(schema.unique)
        return register_problem(f"{table}.csv", line, key, "a key that occurs once", "it twice", "remove or rename one")
    return register_problem(f"{table}.csv", line, "", check, "otherwise", "correct the row")
