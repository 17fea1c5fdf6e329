"""The hand-kept register: goals, indicators, targets, published values, evidence and judgements, as CSV.

    register = read_register(Path("warehouse/register"))
    register["goal"]          # a typed frame, columns in the order of the file

Everything is read as text, cast by the kind each column declares (`schemas.register.fields`), validated by one
Pandera model per table and then against the other tables (`schemas.register.rules`). All faults are reported at once.

In the frames a day is a `datetime.date`, a whole number Int64, a number float64, true/false boolean, all else
text; missing is missing (None, NaN or NA), never an empty string.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from schemas.errors import HandKeptFault, Problem
from schemas.hand_kept_csv import read_hand_kept
from schemas.register.codes import Assumption, Code, Flag, Sentence, Status, StatusRule
from schemas.register.errata import Erratum
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
    MunicipalitySpelling,
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
    "sentence": Sentence,
    "evidence": Evidence,
    "verdict": Verdict,
    "crosswalk_2014": Crosswalk2014,
    "correction": Correction,
    "international_wave": InternationalWave,
    "jaarverslag": Jaarverslag,
    "explained_difference": ExplainedDifference,
    "errata": Erratum,
    "municipality_spelling": MunicipalitySpelling,
    "assumption": Assumption,
}


class RegisterError(Exception):
    """The register is unfit for use; `problems` holds every fault in it, the message a sentence for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


def columns(table: str) -> list[str]:
    """The columns of a table, in the order of its CSV file."""
    return list(REGISTER[table].to_schema().columns)


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
        held = read_hand_kept(path, columns(table), only=True)
    except HandKeptFault as fault:
        return pd.DataFrame(columns=columns(table)), [], [_register_fault(fault)]
    rows = [[row.cells[column] for column in columns(table)] for row in held.rows]
    lines = [row.line for row in held.rows]
    frame, cell_faults = _typed(rows, lines, table, held.decimal_comma)
    return frame, lines, [_register_fault(fault) for fault in held.faults] + cell_faults


def _register_fault(fault: HandKeptFault) -> RegisterProblem:
    problem = fault.problem
    return register_problem(fault.file, fault.line, fault.column, problem.expected, problem.actual, problem.hint)


def _typed(
    rows: list[list[str]], lines: list[int], table: str, decimal_comma: bool
) -> tuple[pd.DataFrame, list[RegisterProblem]]:
    """Rows of text -> the typed and validated frame with the faults found on the way, in order of line."""
    schema = REGISTER[table].to_schema()
    cell_problems: dict[tuple[int, str], RegisterProblem] = {}
    data: dict[str, pd.Series] = {}
    for position, (name, column) in enumerate(schema.columns.items()):
        cells = [row[position] for row in rows]
        data[name], unreadable = cast(cells, column.metadata["kind"], decimal_comma)
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
