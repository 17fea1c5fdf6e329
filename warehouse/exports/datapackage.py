"""`datapackage.json`: what the CSV files hold, for programs that read Data Packages."""

from pathlib import Path
from typing import Any

import duckdb

from warehouse.exports.tables import Table, field_words
from warehouse.files import sha256_of
from warehouse.register.dictionary import code_list

TYPES = {"VARCHAR": "string", "BIGINT": "integer", "INTEGER": "integer", "DOUBLE": "number", "BOOLEAN": "boolean",
         "DATE": "date", "TIMESTAMP WITH TIME ZONE": "datetime", "DECIMAL": "number", "HUGEINT": "integer"}  # fmt: skip
COMPOSED = "breakdown"
"""The list whose codes are joined by slashes into one value."""
CSV = {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
       "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}}  # fmt: skip
REFERENCES = {"goal_id": "goal", "ambition_id": "ambition", "indicator_id": "indicator"}


def codes_of(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Every code list with its codes."""
    return dict(con.execute("SELECT list, list(code ORDER BY code) FROM codes GROUP BY list").fetchall())


def field(table: Table, column: str, sql_type: str, codes: dict[str, list[str]]) -> dict[str, Any]:
    """One field of a table schema. Lists are text with semicolons between.

    A column of codes names its list (in the table `codes`); where a value is one code, it may be no other.
    """
    words = field_words(table, column)
    kind = "string" if sql_type.endswith("[]") else TYPES.get(sql_type.split("(")[0], "string")
    shape: dict[str, Any] = {"name": column, "type": kind, "description": words.en, "description_nl": words.nl}
    if kind == "boolean":
        shape |= {"trueValues": ["true"], "falseValues": ["false"]}
    if kind == "datetime":
        shape["format"] = "any"
    constraints: dict[str, Any] = {"required": True} if column in table.key else {}
    if listed := code_list(table.owner, column):
        shape["codeList"] = listed
        if not sql_type.endswith("[]") and listed != COMPOSED:
            constraints["enum"] = codes[listed]
    return {**shape, "constraints": constraints} if constraints else shape


def resource(
    con: duckdb.DuckDBPyConnection, table: Table, query: str, folder: Path, rows: int, names: set[str]
) -> dict[str, Any]:
    """One table as a resource; its Parquet twin is named beside it."""
    schema = table_schema(con, table, query)
    columns = {field["name"] for field in schema["fields"]}
    references = [
        {"fields": [column], "reference": {"resource": target, "fields": [column]}}
        for column, target in REFERENCES.items()
        if target in names and target != table.name and column in columns
    ]
    if references:
        schema["foreignKeys"] = references
    path = folder / "csv" / f"{table.name}.csv"
    return {
        "name": table.name.replace("_", "-"),
        "title": table.words.en,
        "title_nl": table.words.nl,
        "path": f"csv/{table.name}.csv",
        "parquet": f"parquet/{table.name}.parquet",
        **CSV,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
        "rows": rows,
        "schema": schema,
    }


def table_schema(con: duckdb.DuckDBPyConnection, table: Table, query: str) -> dict[str, Any]:
    """The fields of a query with their words, and its key."""
    columns, codes = con.execute(f"DESCRIBE {query}").fetchall(), codes_of(con)
    schema: dict[str, Any] = {"fields": [field(table, name, sql_type, codes) for name, sql_type, *_ in columns]}
    return schema | ({"primaryKey": list(table.key)} if table.key else {})


def package(
    facts: dict[str, Any], resources: list[dict[str, Any]], sources: list[dict[str, str]], licences: list[str]
) -> dict[str, Any]:
    """The package as a whole. Without a statement of the publisher a licence is named as other-open, with its words."""
    named = {"licenses": [{"name": "other-open", "title": "; ".join(licences)}]} if licences else {}
    return {"profile": "tabular-data-package", **named, "sources": sources, **facts, "resources": resources}
