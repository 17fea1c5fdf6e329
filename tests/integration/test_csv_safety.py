"""No CSV that leaves the product holds a formula: each is written from a warehouse with one planted in every text."""

import csv
import io
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.people_case import published_sample
from warehouse.csv_writer import FORMULA, csv_text
from warehouse.database import connect
from warehouse.exports.export import export_release, export_snapshot
from warehouse.jaarverslag.sampling import Board, plan_csv, sampling_plan
from warehouse.release.data_directory import DataDirectory
from warehouse.report import write_report
from warehouse.report.evaluation import write_evaluation

PLANT = '=HYPERLINK("http://example.org";"x")&'
KEPT = {"edition", "goal_id", "indicator_id", "indicator_ids", "ambition_id", "snapshot_id", "version", "rule"}
"""What queries and file names take apart; all else that is no code of a closed list gets a formula."""
CODES = """
SELECT DISTINCT column_name FROM meta.dictionary WHERE code_list IS NOT NULL
UNION SELECT column_name FROM duckdb_columns() WHERE column_name IN ('list', 'code', 'kind', 'entity_level')"""
TEXTS = """
SELECT schema_name, table_name, column_name, data_type
FROM duckdb_columns() JOIN duckdb_tables() USING (database_oid, schema_oid, schema_name, table_oid, table_name)
WHERE duckdb_columns.database_name = current_database() AND data_type IN ('VARCHAR', 'VARCHAR[]')"""


def planted(con: duckdb.DuckDBPyConnection) -> int:
    """Put a formula in front of every text of every table that is free; returns in how many columns that went well."""
    codes = {name for (name,) in con.execute(CODES).fetchall()} | KEPT
    columns = [row for row in con.execute(TEXTS).fetchall() if row[2] not in codes]
    done = 0
    for schema, table, column, kind in columns:
        new = f'$plant || "{column}"' if kind == "VARCHAR" else f'list_transform("{column}", one -> $plant || one)'
        try:
            con.execute(f'UPDATE "{schema}"."{table}" SET "{column}" = {new}', {"plant": PLANT})
            done += 1
        except duckdb.ConstraintException:  # A rule of the table keeps a formula out: nothing to guard.
            continue
    return done


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """Every CSV that the product can write, from a copy of the sample edition with a formula in its texts."""
    data = DataDirectory(tmp_path_factory.mktemp("csv") / "data")
    shutil.copytree(published_sample().root, data.root)
    out = data.root.parent / "kind=open"  # looks like a partition to readers of Parquet
    with connect(data.warehouse) as con:
        assert planted(con) > 150
        (board,) = con.execute("SELECT max(board_id) FROM boards").fetchone() or ("",)
        assert board.startswith("=")
        export_release(con, data, out / "export")
        export_snapshot(con, data, out / "export", 2020)
        write_report(con, out / "report")
        write_evaluation(con, date(2020, 12, 31), out / "evaluation")
    frame = [Board(f"{PLANT}{number}", "@province", number * 900) for number in range(1, 12)]
    (out / "plan.csv").write_text(plan_csv(sampling_plan(frame, 6, seed=1), "-sample", True), newline="")
    return out


def cells_of(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(file, column, text) of every cell."""
    for path in sorted((*folder.rglob("*.csv"), *folder.rglob("*.zip"))):
        name_of, packed = str(path.relative_to(folder)), zipfile.ZipFile(path) if path.suffix == ".zip" else None
        for text in (
            [packed.read(one).decode() for one in packed.namelist() if one.endswith(".csv")]
            if packed
            else [path.read_bytes().decode()]
        ):
            for row in csv.DictReader(io.StringIO(text, newline="")):
                yield from ((name_of, name, cell) for name, cell in row.items())


def is_number(text: str) -> bool:
    """Would a spreadsheet read it as a plain number?"""
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_no_cell_of_any_csv_begins_a_formula(written):
    live = {(file, name) for file, name, text in cells_of(written) if FORMULA.search(text) and not is_number(text)}
    assert live == set()


def test_the_formula_was_planted_where_it_matters(written):
    """Had a query dropped the planted rows, the test above would find nothing."""
    reached: dict[str, set[str]] = {}
    for file, name, text in cells_of(written):
        if text.startswith("'="):
            reached.setdefault(file.split("/")[0], set()).add(f"{Path(file).stem}.{name}")
    assert {"evidence.statement_nl", "evidence.title", "schools.name", "boards.board_id", "goal.name_nl"} <= reached[
        "export"
    ]
    assert {"evidence.statement_nl", "figures.indicator_nl", "goals.goal_nl"} <= reached["evaluation"]
    assert {"schools.name", "boards.entity_id", "g02.source", "revisions.source_after"} <= reached["report"]
    assert reached["plan.csv"] == {"plan.board_id"}
    assert len(reached["export"]) > 80 and len(reached["evaluation"]) > 20


def test_texts_lists_and_headings_are_guarded_and_numbers_are_not():
    names = ["=a", "text", "number", "list", "yes"]
    values = [
        (None, text, -2.5, ["+1", None, "b", "-c"], True) for text in ("=1+1", "@x", "\tx", "-2", "a=b", "a;=b", "")
    ]
    rows = list(csv.reader(io.StringIO(csv_text(names, values), newline="")))
    assert rows[0][0] == "'=a"
    assert [row[1] for row in rows[1:]] == ["'=1+1", "'@x", "'\tx", "'-2", "a=b", "a;'=b", ""]
    assert {tuple(row[2:]) for row in rows[1:]} == {("-2.5", "'+1;b;'-c", "true")}
    assert csv_text(["n"], [(Decimal("-1.50"),), (date(2020, 1, 2),)]) == "n\r\n-1.50\r\n2020-01-02\r\n"
