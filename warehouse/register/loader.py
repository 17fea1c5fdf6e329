"""The hand-kept register into the warehouse: each CSV a table in `goals`, each row with the day it counts as known from."""

from pathlib import Path

import duckdb
import pandas as pd

from schemas.hand_kept_csv import read_hand_kept
from schemas.register.reader import REGISTER as REGISTER_MODELS
from schemas.register.reader import RegisterError, known_from, read_register, read_table
from transforms import all_derived
from warehouse.build.core_tables import SQL_TYPES
from warehouse.files import sha256_of

REGISTER = Path(__file__).parent / "seeds"
DATED = {"target", "published_value", "break", "evidence", "verdict"}
"""Tables whose rows became known on a day."""
LISTS = {("published_value", "flags"), ("verdict", "basis_evidence_ids")}
"""Columns that hold several codes, separated by semicolons."""


def load_register(con: duckdb.DuckDBPyConnection, folder: Path = REGISTER, overlay: Path | None = None) -> None:
    """Fill `goals.*` from the register; `overlay` is a folder with made-up annual reports of the sample edition.

    Raises RegisterError (a sentence per fault) when it is not in order."""
    for name, frame in read_register(folder).items():
        path = folder / f"{name}.csv"
        frame["line"] = range(2, len(frame) + 2)
        if name in DATED:
            frame["known_from"] = frame["decided_on"] if name == "verdict" else known_from(frame)
        con.register("register_frame", frame)
        con.execute(f'CREATE TABLE goals."{name}" AS SELECT {select_list(name, frame)} FROM register_frame')
        con.unregister("register_frame")
        con.execute(
            """INSERT INTO meta.source_file BY NAME SELECT $id AS source_file_id, $sha AS sha256, 'register' AS dataset_id,
            $file AS file_name, 'warehouse register' AS publisher, $bytes AS bytes, 'utf-8' AS encoding,
            $lines AS data_lines, $lines AS core_lines, 0 AS quarantined_lines, false AS synthetic""",
            {
                "id": register_id(name),
                "sha": sha256_of(path),
                "file": path.name,
                "bytes": path.stat().st_size,
                "lines": len(frame),
            },
        )
    add_printed_decimals(con, folder / "published_value.csv")
    add_break_flags(con)
    add_synthetic_reports(con, overlay)
    for select in all_derived():
        con.execute(
            f"INSERT INTO goals.published_value BY NAME SELECT derived.*, 0 AS decimals FROM ({select}) AS derived"
        )


def register_id(name: str) -> str:
    """The source_file_id of a register table; the same whatever the CSV holds."""
    return f"register/{name}"


def select_list(name: str, frame: pd.DataFrame) -> str:
    """Every column, code lists split; rows that can be cited also say where they stand."""
    columns = [
        f"list_filter(string_split(coalesce(\"{column}\", ''), ';'), lambda code: code <> '') AS \"{column}\""
        if (name, column) in LISTS
        else f'"{column}"::{sql_type(name, column)} AS "{column}"'
        for column in frame.columns
        if column != "line"
    ]
    if name == "published_value":
        columns += ["[line]::BIGINT[] AS lines", f"'{register_id(name)}' AS source_file_id"]
    else:
        columns.append("line::BIGINT AS line")
    return ", ".join(columns)


def sql_type(table: str, column: str) -> str:
    """The declared type of a register column: an empty column must not be taken for a number."""
    declared = REGISTER_MODELS[table].to_schema().columns.get(column)
    return SQL_TYPES.get(str(declared.dtype), "VARCHAR") if declared else "DATE"


def add_printed_decimals(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """With how many decimals a value was published: 92.0 is known to a tenth, and only the text says so."""
    held = read_hand_kept(path)
    mark = "," if held.decimal_comma else "."
    rows = [(row.get("value_id"), len(row.get("value").replace(mark, ".").partition(".")[2])) for row in held.rows]
    con.execute("ALTER TABLE goals.published_value ADD COLUMN decimals INTEGER")
    con.register("printed", pd.DataFrame(rows, columns=["value_id", "decimals"]))
    con.execute(
        """UPDATE goals.published_value SET decimals = printed.decimals FROM printed
        WHERE printed.value_id = goals.published_value.value_id"""
    )
    con.unregister("printed")


def add_synthetic_reports(con: duckdb.DuckDBPyConnection, overlay: Path | None) -> None:
    """Mark every coded report as real, and add those of the overlay as synthetic. Raises RegisterError."""
    con.execute("ALTER TABLE goals.jaarverslag ADD COLUMN synthetic BOOLEAN DEFAULT false")
    if overlay is None:
        return
    frame, _, faults = read_table(overlay / "jaarverslag.csv", "jaarverslag")
    if faults:
        raise RegisterError(faults)
    con.register("overlay_frame", frame)
    columns = ", ".join(f'"{name}"::{sql_type("jaarverslag", name)} AS "{name}"' for name in frame.columns)
    con.execute(f"INSERT INTO goals.jaarverslag BY NAME SELECT {columns}, true AS synthetic FROM overlay_frame")
    con.unregister("overlay_frame")


def add_break_flags(con: duckdb.DuckDBPyConnection) -> None:
    """Breaks spelled out per indicator and method: an empty indicator or method in the register means all of the goal."""
    con.execute(
        """CREATE TABLE goals.break_flag AS
        SELECT break_id, method.indicator_id, method.method_version, flag, kind,
               coalesce(period_end_from, DATE '0001-01-01') AS period_end_from,
               coalesce(period_end_until, DATE '9999-12-31') AS period_end_until, known_from
        FROM goals."break" AS broken
        JOIN goals.indicator AS indicator ON indicator.goal_id = broken.goal_id
        JOIN goals.method AS method ON method.indicator_id = indicator.indicator_id
        WHERE coalesce(broken.indicator_id, method.indicator_id) = method.indicator_id
          AND coalesce(broken.method_version, method.method_version) = method.method_version"""
    )
