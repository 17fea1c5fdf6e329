"""Rows added to or changed in a register file: every other line keeps its bytes, and the rules are asked before anything is written."""

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from filelock import FileLock

from schemas.errors import Problem
from schemas.hand_kept_csv import HandKeptTable, parse_hand_kept
from schemas.register.reader import RegisterError, columns, read_register
from warehouse.files import sweep_parts

LOCK = ".register.lock"
LOCK_SECONDS = 60
"""How long a writer waits for another; each holds the lock for some seconds."""


@contextmanager
def register_writer(folder: Path) -> Iterator[None]:
    """Hold the writer's lock of a register; what killed writers left half written there is removed first."""
    with FileLock(folder / LOCK, timeout=LOCK_SECONDS):
        sweep_parts(folder, older_than_s=0)
        yield


def with_rows(name: str, content: bytes, rows: Iterable[Mapping[str, object]]) -> bytes:
    """A register file with these rows behind its own, in its columns and its way of writing. Raises RegisterError."""
    held = parse_hand_kept(name, content, columns(name.removesuffix(".csv")), only=True)
    lines = b"".join(line_of(held, row) for row in rows)
    return (content if content.endswith(b"\n") else content + b"\n") + lines


def with_changed(name: str, content: bytes, key: tuple[str, str], changes: Mapping[str, object]) -> bytes:
    """A register file with some cells changed of the row that has this (column, value). Raises RegisterError."""
    held = parse_hand_kept(name, content)
    (row,) = (row for row in held.rows if row.get(key[0]) == key[1])
    # No cell of the register holds a line break: a row is one line.
    lines = content.splitlines(keepends=True)
    lines[row.line - 1] = line_of(held, {**row.cells, **changes})
    return b"".join(lines)


def line_of(held: HandKeptTable, values: Mapping[str, object]) -> bytes:
    """A row as one line of the file."""
    line = io.StringIO()
    cells = [cell(values[name], held.decimal_comma) for name in held.header]
    csv.writer(line, delimiter=held.mark, lineterminator="\n").writerow(cells)
    try:
        return line.getvalue().encode(held.encoding.removesuffix("-sig"))
    except UnicodeEncodeError as fault:
        letter = repr(fault.object[fault.start])
        problem = Problem("the register's file", f"text in {held.encoding}", letter, "save it as UTF-8")
        raise RegisterError([problem]) from None


def cell(value: object, decimal_comma: bool = False) -> str:
    """A value as the register writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}".replace(".", "," if decimal_comma else ".")
    return value.isoformat() if isinstance(value, date) else str(value)


def problems_of(folder: Path, changed: Mapping[str, bytes]) -> list[Problem]:
    """What the register's rules say of the register in `folder` with these contents for some of its files."""
    with tempfile.TemporaryDirectory() as trial:
        for path in folder.glob("*.csv"):
            shutil.copy(path, trial)
        for name, content in changed.items():
            (Path(trial) / name).write_bytes(content)
        try:
            read_register(Path(trial))
        except RegisterError as error:
            return error.problems
    return []
