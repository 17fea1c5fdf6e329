"""`datapackage.json`: what the CSV files hold, for programs that read Data Packages."""

from pathlib import Path
from typing import Any

import duckdb

from warehouse.export.tables import Table, field_words
from warehouse.files import sha256_of, write_json

TYPES = {"VARCHAR": "string", "BIGINT": "integer", "INTEGER": "integer", "DOUBLE": "number", "BOOLEAN": "boolean",
         "DATE": "date", "TIMESTAMP WITH TIME ZONE": "datetime", "DECIMAL": "number", "HUGEINT": "integer"}  # fmt: skip
REFERENCES = {"goal_id": "goal", "ambition_id": "ambition", "indicator_id": "indicator"}


def field(table: Table, column: str, sql_type: str) -> dict[str, Any]:
    """One field of a table schema. Lists are text with semicolons between."""
    words = field_words(table, column)
    kind = "string" if sql_type.endswith("[]") else TYPES.get(sql_type.split("(")[0], "string")
    shape: dict[str, Any] = {"name": column, "type": kind, "description": words.en, "description_nl": words.nl}
    if kind == "boolean":
        shape |= {"trueValues": ["true"], "falseValues": ["false"]}
    if kind == "datetime":
        shape["format"] = "any"
    if column in table.key:
        shape["constraints"] = {"required": True}
    return shape


def resource(
    con: duckdb.DuckDBPyConnection, table: Table, query: str, folder: Path, rows: int, names: set[str]
) -> dict[str, Any]:
    """One table as a resource; its Parquet twin is named beside it."""
    columns = con.execute(f"DESCRIBE {query}").fetchall()
    schema: dict[str, Any] = {"fields": [field(table, name, sql_type) for name, sql_type, *_ in columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    references = [
        {"fields": [column], "reference": {"resource": target, "fields": [column]}}
        for column, target in REFERENCES.items()
        if target in names and target != table.name and column in {name for name, *_ in columns}
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
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
        "rows": rows,
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def write_package(
    path: Path, facts: dict[str, Any], resources: list[dict[str, Any]], sources: list[dict[str, str]]
) -> None:
    """The package as a whole. Without a statement of the publisher a licence is named as other-open, with its words."""
    write_json(
        path,
        {
            "profile": "tabular-data-package",
            "licenses": [
                {
                    "name": "other-open",
                    "title": "; ".join(f"{source['title']}: {source['licence']}" for source in sources),
                }
            ],
            "sources": sources,
            **facts,
            "resources": resources,
        },
    )
