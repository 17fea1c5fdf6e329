"""`make bench-peers`: the same 100 MB of file 07 with sown bad lines through other tools, each in an environment of its own.

All get the same rules: six numbers on every line, whole counts from 0 on, grades 1 to 10 or the publisher's `,0`. Each is set up as
its own documentation says and ends in a table `good` of a DuckDB file. Printed: versions, lines of set-up, processor seconds and
peak memory of the run, and what became of the bad lines. Ours checks more (keys, codes, totals, copies of columns) than it asks of
the others.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.tools.bench_reading import LARGE, write_large

EVERY = 2_500
MARK = "gezaaid"
"""Stands in the department of every sown line, so that one in a table of good rows is seen."""
SPOILED = [(9, "abc"), (10, "-7"), (12, "99,9"), (14, "")]
"""A position and what stands there instead; the last field is lacking."""
ASK = """
import sys, duckdb
from importlib.metadata import version
print(", ".join(f"{one} {version(one)}" for one in sys.argv[1].split()))
con = duckdb.connect("peer.duckdb")
for query in sys.argv[2:]:
    try:
        print(con.execute(query).fetchone()[0])
    except duckdb.Error:
        print("no table")
"""
NUMBERS = {
    "EXAMENKANDIDATEN": "candidates",
    "GESLAAGDEN": "passed",
    "GEZAKTEN": "failed",
    "GEMIDDELD CIJFER SCHOOLEXAMEN": "school",
    "GEMIDDELD CIJFER CENTRAAL EXAMEN": "central",
    "GEMIDDELD CIJFER CIJFERLIJST": "final",
}
COUNTS, GRADES = list(NUMBERS.values())[:3], list(NUMBERS.values())[3:]
CASTS = [f"""try_cast(replace("{title}", ',', '.') AS DOUBLE) AS {name}""" for title, name in NUMBERS.items()]
TYPED = f'SELECT "VESTIGINGSNUMMER" AS vestiging, "AFDELING" AS department, {", ".join(CASTS)}'
BROKEN = " OR ".join(
    [f"{name} IS NULL OR {name} < 0 OR {name} % 1 <> 0" for name in COUNTS]
    + [f"{name} IS NULL OR NOT ({name} = 0 OR {name} BETWEEN 1 AND 10)" for name in GRADES]
)
READ = """read_csv('{csv}', delim = ';', header = true, quote = '"', all_varchar = true, null_padding = true)"""
IN_PANDAS = f"""
import sys, duckdb, pandas as pd, pandera.pandas as pa
rows = pd.read_csv(sys.argv[1], sep=";", dtype=str, keep_default_na=False).rename(columns={NUMBERS})
for name in {COUNTS + GRADES}:
    rows[name] = pd.to_numeric(rows[name].str.replace(",", "."), errors="coerce").astype(float)
grade = pa.Column(float, pa.Check(lambda cells: (cells == 0) | cells.between(1, 10)))
count = pa.Column(float, [pa.Check.ge(0), pa.Check(lambda cells: cells % 1 == 0)])
schema = pa.DataFrameSchema({{**dict.fromkeys({COUNTS}, count), **dict.fromkeys({GRADES}, grade)}})
bad = pd.DataFrame({{"index": []}})
try:
    schema.validate(rows, lazy=True)
except pa.errors.SchemaErrors as found:
    bad = found.failure_cases
good = rows.drop(bad["index"].unique()).rename(columns={{"AFDELING": "department"}})
told = bad.assign(line=bad["index"] + 2).astype(str)
with duckdb.connect("peer.duckdb") as con:
    con.execute("CREATE TABLE good AS FROM good")
    con.execute("CREATE TABLE told AS FROM told")
"""
IN_POLARS = f"""
import sys, duckdb, polars as pl, pandera.polars as pa
rows = pl.read_csv(sys.argv[1], separator=";", infer_schema=False).rename({NUMBERS})
number = pl.col({COUNTS + GRADES}).str.replace(",", ".").cast(pl.Float64, strict=False)
rows = rows.with_columns(number).with_row_index("line", 2)
grade = pa.Column(float, pa.Check(lambda data: data.lazyframe.select((pl.col(data.key) == 0) | pl.col(data.key).is_between(1, 10))))
schema = pa.DataFrameSchema({{**dict.fromkeys({COUNTS}, pa.Column(float, pa.Check.ge(0))), **dict.fromkeys({GRADES}, grade)}})
told = pl.DataFrame({{"index": []}}, schema={{"index": pl.Int32}})
try:
    schema.validate(rows, lazy=True)
except pa.errors.SchemaErrors as found:
    told = found.failure_cases
told = told.with_columns(line=pl.col("index") + 2)
good = rows.filter(~pl.col("line").is_in(told["line"].drop_nulls().to_list())).rename({{"AFDELING": "department"}})
with duckdb.connect("peer.duckdb") as con:
    con.execute("CREATE TABLE good AS FROM good")
    con.execute("CREATE TABLE told AS FROM told")
"""
IN_DLT = f"""
import csv, sys, dlt
@dlt.resource(name="good", columns={{**{{n: {{"data_type": "double"}} for n in {COUNTS}}}, **{{n: {{"data_type": "double"}} for n in {GRADES}}}}},
              schema_contract={{"data_type": "discard_row"}})
def rows():
    names = {NUMBERS} | {{"AFDELING": "department"}}
    with open(sys.argv[1], encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter=";"):
            yield {{names.get(key, key): (value or "").replace(",", ".") if key in {list(NUMBERS)} else value for key, value in row.items()}}
dlt.pipeline("peer", destination=dlt.destinations.duckdb("peer.duckdb"), dataset_name="main").run(rows(), loader_file_format="parquet")
"""
IN_OURS = """
import sys, duckdb
from pathlib import Path
from pyarrow import parquet
from schemas.datasets import dataset_for
from schemas.reading.content import content_of
from schemas.reading.validate import parse_file
from warehouse.build.parse_cache import write_parquet
path = Path(sys.argv[1])
parsed = parse_file(dataset_for(path.name), path.name, content_of(path))
write_parquet(parsed.tables(), Path("rows.parquet"))
told = parsed.quarantine
with duckdb.connect("peer.duckdb") as con:
    con.execute("SET preserve_insertion_order = false")
    con.execute("CREATE TABLE good AS FROM 'rows.parquet'")
    con.execute("CREATE TABLE told AS FROM told")
"""
IN_DUCKDB = f'''
import duckdb
with duckdb.connect("peer.duckdb") as con:
    con.execute("""CREATE TABLE good AS SELECT *, AFDELING AS department FROM {READ}""")
'''


@dataclass(frozen=True)
class Peer:
    """What a tool needs: its packages, its files, the commands to run, and where it leaves what it refuses."""

    packages: tuple[str, ...]
    files: dict[str, str]
    command: tuple[str, ...] = ("python", "run.py", "{csv}")
    told: str = "SELECT count(DISTINCT line) FROM told"
    told_with: str = "line, column and check"


DBT = {
    "dbt_project.yml": "name: peer\nversion: '1.0.0'\nprofile: peer\nmodels:\n  peer:\n    +materialized: table\n",
    "profiles.yml": "peer:\n  target: it\n  outputs:\n    it: {type: duckdb, path: peer.duckdb}\n",
    "models/good.sql": f"{TYPED} FROM {READ}",
    "tests/rows_hold.sql": "SELECT * FROM {{ ref('good') }} WHERE " + BROKEN,
}
SQLMESH = {
    "config.yaml": "gateways:\n  it:\n    connection: {type: duckdb, database: peer.duckdb}\ndefault_gateway: it\n"
    "model_defaults: {dialect: duckdb, start: '2020-01-01'}\n",
    "models/good.sql": f"MODEL (name main.good, kind FULL, audits (rows_hold));\n{TYPED} FROM {READ}",
    "audits/rows_hold.sql": f"AUDIT (name rows_hold);\nSELECT * FROM @this_model WHERE {BROKEN}",
}
PEERS = {
    "ours": Peer((), {"run.py": IN_OURS}, told_with="line, column, check and raw text"),
    "bare DuckDB, as pinned": Peer((), {"run.py": IN_DUCKDB}, told="SELECT 0", told_with="nothing is checked"),
    "bare DuckDB, newest": Peer(("duckdb",), {"run.py": IN_DUCKDB}, told="SELECT 0", told_with="nothing is checked"),
    "pandas + Pandera": Peer(("pandas", "pandera[pandas]", "duckdb", "pyarrow"), {"run.py": IN_PANDAS}),
    "polars + Pandera": Peer(("polars", "pandera[polars]", "duckdb", "pyarrow"), {"run.py": IN_POLARS}),
    "dbt-duckdb": Peer(
        ("dbt-core<1.12", "dbt-duckdb"),
        DBT,
        ("dbt", "build", "--store-failures", "--profiles-dir", "."),
        "SELECT count(*) FROM main_dbt_test__audit.rows_hold",
        "its row, no line",
    ),
    "SQLMesh": Peer(
        ("sqlmesh",), SQLMESH, ("sqlmesh", "plan", "--auto-apply", "--no-prompts"), "SELECT 0", "a number of rows"
    ),
    "dlt": Peer(("dlt[duckdb,parquet]",), {"run.py": IN_DLT}, told="SELECT 0", told_with="nothing"),
}


def sow(path: Path) -> int:
    """Spoil every 2,500th line in one of four ways; returns how many."""
    lines = path.read_bytes().decode().splitlines(keepends=True)
    places = range(EVERY, len(lines), EVERY)
    for turn, place in enumerate(places):
        cells, (column, text) = lines[place].rstrip().split(";"), SPOILED[turn % len(SPOILED)]
        cells[8] = MARK
        cells[column : column + 1] = [text] if text else []
        lines[place] = ";".join(cells) + "\r\n"
    path.write_text("".join(lines), encoding="utf-8", newline="")
    return len(places)


def measure(name: str, peer: Peer, csv: Path, folder: Path) -> list[str]:
    """A row of the table. A peer that cannot be installed, or ends without its tables, says so in it."""
    home, python = folder / re.sub(r"\W+", "-", name), Path(sys.executable)
    if peer.packages:
        python = home / "env/bin/python"
        if not python.exists():
            venv.create(home / "env", with_pip=True)
            pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *peer.packages]
            if subprocess.run(pip, check=False).returncode:
                return [name, "does not install"]
    for file, text in peer.files.items():
        (home / file).parent.mkdir(parents=True, exist_ok=True)
        (home / file).write_text(text.replace("{csv}", str(csv)))
    command = [python.parent / peer.command[0], *(part.replace("{csv}", str(csv)) for part in peer.command[1:])]
    known = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with (home / "log").open("w") as log:
        child = subprocess.Popen(command, cwd=home, stdout=log, stderr=log, env=known)
        _, status, used = os.wait4(child.pid, 0)
    ended = os.waitstatus_to_exitcode(status)
    packages = " ".join(re.split(r"[<\[]", package)[0] for package in peer.packages) or "duckdb pandera"
    queries = ["SELECT count(*) FROM good", f"SELECT count(*) FROM good WHERE department = '{MARK}'", peer.told]
    asked = subprocess.run(
        [python, "-c", ASK, packages, *queries], cwd=home, stdout=subprocess.PIPE, text=True, check=True
    )
    versions, good, sown, told = asked.stdout.splitlines()
    (home / "peer.duckdb").unlink(missing_ok=True)
    setup = sum(len(text.strip().splitlines()) for text in peer.files.values())
    cost = f"{used.ru_utime + used.ru_stime:.1f} s", f"{used.ru_maxrss / 1024:.0f} MiB"
    title = name + f" (exit code {ended})" * bool(ended)
    return [title, versions, str(setup), *cost, good, sown, f"{told} ({peer.told_with})"]


def main() -> None:
    """Make the file, run the peers, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, default=Path("../shared/opendata/mirror"))
    parser.add_argument("--size", type=int, default=LARGE, help="bytes of the file")
    parser.add_argument("--environments", type=Path, help="a folder that keeps the environments for another run")
    parser.add_argument("--only", nargs="*", default=list(PEERS), help="names of peers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        source = next(options.mirror.rglob("07-geslaagden*.csv"))
        csv = Path(name) / source.name
        total = write_large(source, csv, options.size)
        sown = sow(csv)
        titles = ("tool", "versions", "lines of set-up", "processor", "peak", "rows in good", "sown among them", "told")
        table = Table(*titles, title=f"{total:,} lines, {sown} of them sown bad; load {os.getloadavg()[0]:.1f}")
        for peer in options.only:
            table.add_row(*measure(peer, PEERS[peer], csv, options.environments or Path(name)))
        Console(width=170).print(table)


if __name__ == "__main__":
    main()
