"""Core: one table per dataset, made from its declaration, filled from the archive's vintages."""

import duckdb

from schemas.dataset import Dataset
from schemas.datasets import datasets
from warehouse.archive.model import Vintage
from warehouse.build.parse_cache import ParseCache
from warehouse.progress import ProgressCallback

SQL_TYPES = {
    "int64": "BIGINT",
    "Int64": "BIGINT",
    "float64": "DOUBLE",
    "object": "DATE",
    "bool": "BOOLEAN",
    "boolean": "BOOLEAN",
}


def create_core_tables(con: duckdb.DuckDBPyConnection) -> None:
    """An empty table per declared dataset, so that every query works before the first file has come."""
    for dataset in datasets().values():
        columns = ", ".join(f'"{name}" {sql_type}' for name, sql_type in core_columns(dataset).items())
        con.execute(f"CREATE TABLE core.{dataset.id} ({columns})")
        con.execute(
            "INSERT INTO meta.dataset VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                dataset.id,
                dataset.title_nl,
                dataset.title_en,
                dataset.publisher.name,
                dataset.publisher.licence,
                dataset.publisher.licence_note,
                dataset.landing_page,
                dataset.cadence,
                dataset.status,
                dataset.layout_seen_live,
                len(dataset.files),
            ],
        )


def core_columns(dataset: type[Dataset]) -> dict[str, str]:
    """The columns of a core table: where the row came from, then the dataset's own."""
    columns = {"source_file_id": "VARCHAR"}
    declared = dataset.Row.to_schema().columns
    for name in dataset.columns():
        columns[name] = SQL_TYPES.get(str(declared[name].dtype), "VARCHAR")
    columns["masked"] = "VARCHAR[]"
    return columns


def load_vintages(
    con: duckdb.DuckDBPyConnection, vintages: list[Vintage], cache: ParseCache, on_file: ProgressCallback
) -> None:
    """Parse every vintage (or take it from the cache) into its core table, with quarantine and counts."""
    declared = datasets()
    for at, vintage in enumerate(vintages, 1):
        origin = vintage.origin
        on_file(origin.file_name, at, len(vintages))
        dataset = declared[origin.dataset_id]
        parsed = cache.get(dataset, origin.file_name, vintage.sha256, vintage.path)
        file_id = vintage.source_file_id
        con.execute(
            f"""INSERT INTO core.{dataset.id} BY NAME
            SELECT $id AS source_file_id,
                   * REPLACE (list_filter(string_split(masked, ','), lambda cell: cell <> '') AS masked)
            FROM read_parquet($rows)""",
            {"id": file_id, "rows": str(parsed.rows)},
        )
        con.execute(
            """INSERT INTO meta.quarantine
            SELECT $dataset, $id, line, "column", "check", raw_value, raw_text FROM read_parquet($rows)""",
            {"dataset": dataset.id, "id": file_id, "rows": str(parsed.quarantine)},
        )
        con.execute(
            "INSERT INTO meta.source_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                file_id,
                vintage.sha256,
                dataset.id,
                origin.file_name,
                origin.url,
                origin.publisher,
                origin.licence,
                origin.published_on,
                origin.retrieved_on,
                vintage.known_from,
                vintage.size,
                parsed.facts["encoding"],
                parsed.facts["data_lines"],
                parsed.facts["core_lines"],
                parsed.facts["quarantined_lines"],
                origin.edition,
                origin.synthetic,
                origin.note,
            ],
        )
        for day in vintage.arrived_on:
            con.execute("INSERT INTO meta.file_arrival VALUES (?, ?)", [file_id, day])
        for header in parsed.facts["unknown_headers"]:
            con.execute("INSERT INTO meta.drift VALUES (?, 'unknown_header', ?)", [file_id, header])
        for note in parsed.facts["notes"]:
            con.execute("INSERT INTO meta.drift VALUES (?, 'reader_note', ?)", [file_id, note])


def count_rows(con: duckdb.DuckDBPyConnection) -> None:
    """Lines and rows per file (and per period in `meta.partition_count`), counted from the core tables themselves."""
    for dataset in datasets().values():
        con.execute(
            f"""INSERT INTO meta.row_count
            SELECT source_file_id, '{dataset.id}', count(DISTINCT line), count(*) FROM core.{dataset.id} GROUP BY ALL"""
        )
        if "period_label" in core_columns(dataset):
            con.execute(
                f"""INSERT INTO meta.partition_count
                SELECT source_file_id, '{dataset.id}', period_label, count(*) FROM core.{dataset.id} GROUP BY ALL"""
            )
