"""What each question costs that people ask of a published warehouse: every macro of the surface, and the profile of revisions."""

import sys
import time
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from warehouse.database import connect

DAY = "DATE '2021-06-30'"
INDICATOR = "'g02_zittenblijf_pct'"
ARGUMENTS = {
    "as_of_date": DAY,
    "on_date": DAY,
    "indicator": INDICATOR,
    "from_year": "2018",
    "to_year": "2020",
    "n": "1",
    "goal": "'G02'",
    "entity": "'NL'",
    "period": "'2018'",
    "method": "NULL",
    "split": "NULL",
    "label_year": "2018",
    "printed": "5.7",
    "decimals": "1",
}
PROFILE = "revision_profile"
WHOLE = ("cited_values", "history", "observations_as_of")
"""They give every value of every entity: asked for those of one indicator and entity, since handing over the rest is what takes time."""


def questions(con: duckdb.DuckDBPyConnection) -> list[str]:
    """A call of every table macro that has no schema, each with arguments that give rows. KeyError for a parameter without one here."""
    key, school = con.execute(
        f"SELECT (SELECT citation_key FROM cited_values() WHERE indicator_id = {INDICATOR} AND entity_id = 'NL' ORDER BY ALL LIMIT 1),"
        " (SELECT min(from_brin) FROM core.succession)"
    ).fetchone()
    arguments = ARGUMENTS | {"figure_key": f"'{key}'", "school": f"'{school}'"}
    macros = con.execute(
        "SELECT function_name, parameters FROM duckdb_functions() WHERE function_type = 'table_macro' AND schema_name = 'main' "
        "AND database_name = current_database() ORDER BY ALL"
    ).fetchall()
    narrowed = f" WHERE indicator_id = {INDICATOR} AND entity_id = 'NL'"
    calls = [
        f"{name}({', '.join(arguments[one] for one in names if one != 'nth_of_day')}){narrowed if name in WHOLE else ''}"
        for name, names in macros
    ]
    return [*calls, PROFILE]


def median_ms(con: duckdb.DuckDBPyConnection, query: str, times: int = 5) -> tuple[int, float, float]:
    """Rows of the answer, and the median milliseconds and processor milliseconds of fetching them, after one run to warm up."""
    rows = len(con.execute(query).fetchall())
    spent = []
    for _ in range(times):
        start = time.perf_counter(), time.process_time()
        con.execute(query).fetchall()
        spent.append((1000 * (time.perf_counter() - start[0]), 1000 * (time.process_time() - start[1])))
    wall, processor = (sorted(column)[times // 2] for column in zip(*spent, strict=True))
    return rows, wall, processor


def measure_verbs(warehouse: Path) -> list[tuple[str, str, str]]:
    """Rows of (what, measured, goal) for every question."""
    with connect(warehouse, read_only=True) as con:
        found = [(question, *median_ms(con, f"FROM {question}")) for question in questions(con)]
    return [
        (
            question,
            f"{wall:.0f} ms ({processor:.0f} of a processor), {rows:,} rows",
            "<= 500 ms" if question == PROFILE else "<= 50 ms",
        )
        for question, rows, wall, processor in found
    ]


if __name__ == "__main__":
    table = Table("question", "measured", "goal", title="The verbs", title_justify="left")
    for row in measure_verbs(Path(sys.argv[1])):
        table.add_row(*row)
    Console(width=120).print(table)
