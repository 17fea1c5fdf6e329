"""Core: one table per dataset, filled from the archive's vintages."""

import re
from collections import defaultdict
from dataclasses import asdict

import duckdb

from schemas.dataset import Dataset
from schemas.datasets import datasets
from transforms import all_series
from warehouse import api
from warehouse.archive.model import Vintage
from warehouse.build.increment import Kept, forget_files
from warehouse.build.parse_cache import ParseCache, ParsedFile
from warehouse.build.tables import SQL, core_columns
from warehouse.database import insert
from warehouse.progress import ProgressCallback

CREATED = re.compile(r"CREATE (?:TABLE|VIEW|MACRO) ([\w.]+)")
CORE_TABLE = re.compile(r"\bcore\.(\w+)")


def feeds() -> dict[str, list[str]]:
    """Dataset -> what is made of it: indicators, and the tables, views and macros whose SQL names its core table."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one in all_series():
        found[one.dataset_id][one.indicator_id] = None
    for script in (*sorted((SQL / "steps").glob("*.sql")), *sorted(api.FOLDER.glob("*.sql"))):
        for statement in script.read_text().split(";\n"):
            if created := CREATED.search(statement):
                for table in CORE_TABLE.findall(statement):
                    found[table][created[1]] = None
    return {dataset: list(made) for dataset, made in found.items()}


def load_datasets(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `meta.dataset` from the declarations."""
    fed = feeds()
    listed = [
        {
            "dataset_id": dataset.id,
            "title_nl": dataset.title_nl,
            "title_en": dataset.title_en,
            "publisher": dataset.publisher.name,
            "licence": dataset.publisher.licence,
            "licence_note": dataset.publisher.licence_note,
            "landing_page": dataset.landing_page,
            **asdict(dataset.cadence),
            "status": dataset.status,
            "layout_seen_live": dataset.layout_seen_live,
            "known_urls": len(dataset.files),
            "feeds": ", ".join(fed.get(dataset.id, [])) + (f" (context: {dataset.context})" if dataset.context else ""),
        }
        for dataset in datasets().values()
    ]
    insert(con, "meta.dataset", listed)


def load_vintages(
    con: duckdb.DuckDBPyConnection, vintages: list[Vintage], cache: ParseCache, on_file: ProgressCallback, kept: Kept
) -> set[str]:
    """Parse every vintage (or take it from the cache) into its core table, with quarantine and counts, but for rows that are `kept`.

    Returns the datasets of which rows came or went.
    """
    declared = datasets()
    stand, touched = forget_files(con, kept, vintages)
    files, arrivals, drift = [], [], []
    for at, vintage in enumerate(vintages, 1):
        origin = vintage.origin
        on_file(origin.file_name, at, len(vintages))
        dataset = declared[origin.dataset_id]
        parsed = cache.get(dataset, origin.file_name, vintage.sha256, vintage.path)
        file_id = vintage.source_file_id
        if file_id not in stand:
            load_rows(con, dataset, file_id, parsed)
            touched.add(dataset.id)
        files.append(
            {
                "source_file_id": file_id,
                "sha256": vintage.sha256,
                "dataset_id": dataset.id,
                "file_name": origin.file_name,
                "url": origin.url,
                "publisher": origin.publisher,
                "licence": origin.licence,
                "published_on": origin.published_on,
                "retrieved_on": origin.retrieved_on,
                "known_from": vintage.known_from,
                "bytes": vintage.size,
                "encoding": parsed.facts["encoding"],
                "data_lines": parsed.facts["data_lines"],
                "core_lines": parsed.facts["core_lines"],
                "quarantined_lines": parsed.facts["quarantined_lines"],
                "edition": origin.edition,
                "synthetic": origin.synthetic,
                "note": origin.note,
            }
        )
        arrivals += [{"source_file_id": file_id, "known_from": day} for day in vintage.arrived_on]
        drift += [
            {"source_file_id": file_id, "kind": kind, "detail": detail}
            for kind, fact in (("unknown_header", "unknown_headers"), ("reader_note", "notes"))
            for detail in parsed.facts[fact]
        ]
    insert(con, "meta.source_file", files)
    insert(con, "meta.file_arrival", arrivals)
    insert(con, "meta.drift", drift)
    return touched


def load_rows(con: duckdb.DuckDBPyConnection, dataset: type[Dataset], file_id: str, parsed: ParsedFile) -> None:
    """The rows of one parsed file into its core table and the quarantine."""
    con.execute(
        f"""INSERT INTO core.{dataset.id} BY NAME
        SELECT $id AS source_file_id,
               * REPLACE (list_filter(string_split(masked, ','), lambda cell: cell <> '') AS masked)
        FROM read_parquet($rows)""",  # noqa: S608 - names of ours
        {"id": file_id, "rows": str(parsed.rows)},
    )
    con.execute(
        """INSERT INTO meta.quarantine BY NAME
        SELECT $dataset AS dataset_id, $id AS source_file_id, line, "column", "check", raw_value, raw_text
        FROM read_parquet($rows)""",
        {"dataset": dataset.id, "id": file_id, "rows": str(parsed.quarantine)},
    )


def count_rows(con: duckdb.DuckDBPyConnection, touched: set[str]) -> None:
    """Lines and rows per file (and per period in `meta.partition_count`), counted from the core tables in `touched` themselves."""
    for dataset in (datasets()[name] for name in sorted(touched)):
        for table in ("meta.row_count", "meta.partition_count"):
            con.execute(f"DELETE FROM {table} WHERE dataset_id = $dataset", {"dataset": dataset.id})  # noqa: S608 - one of two names
        con.execute(
            f"""INSERT INTO meta.row_count BY NAME
            SELECT source_file_id, '{dataset.id}' AS dataset_id, count(DISTINCT line) AS lines, count(*) AS rows
            FROM core.{dataset.id} GROUP BY ALL"""  # noqa: S608 - names of ours
        )
        if "period_label" in core_columns(dataset):
            con.execute(
                f"""INSERT INTO meta.partition_count BY NAME
                SELECT source_file_id, '{dataset.id}' AS dataset_id, period_label, max(period_end) AS period_end, count(*) AS rows
                FROM core.{dataset.id} GROUP BY ALL"""  # noqa: S608 - names of ours
            )
