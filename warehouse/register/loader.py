"""The hand-kept register into the warehouse: each CSV a table in `goals`, each row with the day it counts as known from."""

from pathlib import Path

import duckdb
import pandas as pd

from schemas.hand_kept_csv import read_hand_kept
from schemas.register.reader import RegisterError, read_register, read_table
from schemas.register.tables import known_from
from transforms import all_derived
from warehouse.database import insert
from warehouse.files import sha256_of

REGISTER = Path(__file__).parent / "seeds"


def load_register(con: duckdb.DuckDBPyConnection, folder: Path = REGISTER, overlay: Path | None = None) -> None:
    """Fill `goals.*` from the register; `overlay` is a folder with made-up annual reports of the sample edition.

    Raises RegisterError (a sentence per fault) when it is not in order."""
    sources = []
    for name, frame in read_register(folder).items():
        path = folder / f"{name}.csv"
        frame["line"] = range(2, len(frame) + 2)
        if "known_from" in column_types(con, name):
            frame["known_from"] = known_from(frame)
        if name == "published_value":
            frame["decimals"] = printed_decimals(path)
            frame["source_file_id"] = register_id(name)
            frame["lines"] = [[line] for line in frame.pop("line")]
        if name == "jaarverslag":
            frame["synthetic"] = False
        insert_frame(con, name, frame)
        sources.append(
            {
                "source_file_id": register_id(name),
                "sha256": sha256_of(path),
                "dataset_id": "register",
                "file_name": path.name,
                "publisher": "warehouse register",
                "bytes": path.stat().st_size,
                "encoding": "utf-8",
                "data_lines": len(frame),
                "core_lines": len(frame),
                "quarantined_lines": 0,
                "synthetic": False,
            }
        )
    insert(con, "meta.source_file", sources)
    add_break_flags(con)
    flag_corrected(con)
    add_synthetic_reports(con, overlay)
    for select in all_derived():
        con.execute(
            f"INSERT INTO goals.published_value BY NAME SELECT derived.*, 0 AS decimals FROM ({select}) AS derived"  # noqa: S608 - names of ours
        )


def register_id(name: str) -> str:
    """The source_file_id of a register table; the same whatever the CSV holds."""
    return f"register/{name}"


def column_types(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Name -> SQL type of the columns of a register table."""
    return {name: kind for name, kind, *_ in con.execute(f'DESCRIBE goals."{table}"').fetchall()}


def insert_frame(con: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Append typed rows to a register table, by name; code lists are split at semicolons."""
    kinds = column_types(con, table)
    columns = ", ".join(
        f"list_filter(string_split(coalesce(\"{name}\", ''), ';'), lambda code: code <> '') AS \"{name}\""
        if kinds[name] == "VARCHAR[]"
        # Cast: an empty column must not be taken for a number.
        else f'"{name}"::{kinds[name]} AS "{name}"'
        for name in frame.columns
    )
    con.register("register_frame", frame)
    con.execute(f'INSERT INTO goals."{table}" BY NAME SELECT {columns} FROM register_frame')  # noqa: S608 - columns of a checked register table
    con.unregister("register_frame")


def printed_decimals(path: Path) -> list[int]:
    """With how many decimals each value was published: 92.0 is known to a tenth, and only the text says so."""
    held = read_hand_kept(path)
    mark = "," if held.decimal_comma else "."
    return [len(row.get("value").replace(mark, ".").partition(".")[2]) for row in held.rows]


def add_synthetic_reports(con: duckdb.DuckDBPyConnection, overlay: Path | None) -> None:
    """Add the coded reports of the overlay as synthetic ones. Raises RegisterError."""
    if overlay is None:
        return
    frame, _, faults = read_table(overlay / "jaarverslag.csv", "jaarverslag")
    if faults:
        raise RegisterError(faults)
    insert_frame(con, "jaarverslag", frame.assign(synthetic=True))


def add_break_flags(con: duckdb.DuckDBPyConnection) -> None:
    """Breaks spelled out per indicator and method: an empty indicator or method in the register means all of the goal."""
    con.execute(
        """INSERT INTO goals.break_flag BY NAME
        SELECT break_id, method.indicator_id, method.method_version, flag, kind,
               coalesce(period_end_from, DATE '0001-01-01') AS period_end_from,
               coalesce(period_end_until, DATE '9999-12-31') AS period_end_until, known_from
        FROM goals."break" AS broken
        JOIN goals.indicator AS indicator ON indicator.goal_id = broken.goal_id
        JOIN goals.method AS method ON method.indicator_id = indicator.indicator_id
        WHERE coalesce(broken.indicator_id, method.indicator_id) = method.indicator_id
          AND coalesce(broken.method_version, method.method_version) = method.method_version"""
    )


def flag_corrected(con: duckdb.DuckDBPyConnection) -> None:
    """A published value of which a cell was wrong in a release of ours says so, whatever the day that it is asked for."""
    con.execute(
        """UPDATE goals.published_value SET flags = list_sort(list_append(flags, 'our_correction'))
        WHERE value_id IN (SELECT row_key FROM goals.errata WHERE "table" = 'published_value')"""
    )
