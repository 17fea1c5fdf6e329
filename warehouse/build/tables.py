"""Every table before it is filled: the fixed ones from `sql/ddl`, those of datasets and of the register from their declarations."""

from pathlib import Path

import duckdb
import pandera.pandas as pa

from schemas.dataset import Dataset
from schemas.datasets import datasets
from schemas.register.reader import REGISTER

SQL = Path(__file__).parent / "sql"
SQL_TYPES = {
    "int64": "BIGINT",
    "Int64": "BIGINT",
    "float64": "DOUBLE",
    "object": "DATE",
    "bool": "BOOLEAN",
    "boolean": "BOOLEAN",
}
"""pandas type of a declared column -> SQL type; all others are VARCHAR. An `object` holds days."""
DATED = {"target", "published_value", "break", "evidence", "verdict"}
"""Register tables whose rows became known on a day."""
LISTS = {("published_value", "flags"), ("verdict", "basis_evidence_ids"), ("assumption", "indicator_ids")}
"""Register columns that hold several codes, separated by semicolons in the CSV."""
NOT_NULL = {"source_file_id", "masked", "known_from"}
"""Columns that every row of a generated table has, whatever its declaration says of the others (Pandera checks those)."""


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create every table that a build fills, empty, so that every query works before the first file has come."""
    for script in sorted((SQL / "ddl").glob("*.sql")):
        con.execute(script.read_text())
    generated = {f"core.{dataset.id}": core_columns(dataset) for dataset in datasets().values()}
    generated |= {f'goals."{table}"': register_columns(table) for table in REGISTER}
    con.execute("; ".join(create_statement(table, columns) for table, columns in generated.items()))


def create_statement(table: str, columns: dict[str, str]) -> str:
    """The CREATE TABLE of a generated table."""
    listed = (f'"{name}" {kind}{" NOT NULL" * (name in NOT_NULL)}' for name, kind in columns.items())
    return f"CREATE TABLE {table} ({', '.join(listed)})"


def core_columns(dataset: type[Dataset]) -> dict[str, str]:
    """Name -> SQL type of a core table: where the row came from, then the dataset's own columns (no witnesses)."""
    declared = declared_columns(dataset.Row)
    own = {name: declared[name] for name in dataset.columns()}
    return {"source_file_id": "VARCHAR", **own, "masked": "VARCHAR[]"}


def register_columns(table: str) -> dict[str, str]:
    """Name -> SQL type of a register table: the columns of its CSV, since when a row is known, and its line."""
    columns = declared_columns(REGISTER[table])
    columns |= {column: "VARCHAR[]" for owner, column in LISTS if owner == table}
    if table in DATED:
        columns["known_from"] = "DATE"
    if table == "published_value":
        return columns | {"lines": "BIGINT[]", "source_file_id": "VARCHAR", "decimals": "INTEGER"}
    columns["line"] = "BIGINT"
    return columns | {"synthetic": "BOOLEAN"} if table == "jaarverslag" else columns


def declared_columns(model: type[pa.DataFrameModel]) -> dict[str, str]:
    """Name -> SQL type of the columns of a Pandera model, in order."""
    return {name: SQL_TYPES.get(str(spec.dtype), "VARCHAR") for name, spec in model.to_schema().columns.items()}
