"""The published file answers in other versions of DuckDB than the one it was made with.

Each version is installed in an environment of its own. A file made by 1.5 is read by 1.4.1 but for macros with a WITH clause, which
that version does not find in a file of a later one.
"""

import json
import subprocess
import sys
import venv
from datetime import date
from pathlib import Path

import pytest

from tests.tiny_files import FILE_05_2015, FILE_05_2017, FILE_SITES, add_found, address_file, repeaters_file
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.database import connect
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish

pytestmark = pytest.mark.slow
DAY = "DATE '2020-12-31'"
MACROS = (
    *(
        f"{name}({DAY})"
        for name in (
            "observations_as_of",
            "as_of",
            "goal_status_as_of",
            "ambition_status_as_of",
            "direction_sources_as_of",
        )
    ),
    *(f"{name}({DAY})" for name in ("sites_on", "schools_on")),
    *(f"{name}(2016, 2018)" for name in ("progress", "school_progress", "board_progress", "indicator_progress")),
    *(f"{name}('g02_zittenblijf_pct', 2016, 2018)" for name in ("comparable", "both_series")),
    f"successor_of('01AA', {DAY})",
    f"explain('G02', 'g02_zittenblijf_pct', 'NL', '2018', {DAY})",
    "history()",
)
NOT_IN_1_4_1 = {
    "indicator_progress_2018_2020",
    "indicator_progress(2016, 2018)",
    "school_progress(2016, 2018)",
    "board_progress(2016, 2018)",
    f"successor_of('01AA', {DAY})",
}
ASK = """
import duckdb, json, sys
failed = []
with duckdb.connect(sys.argv[1], read_only=True) as con:
    for relation in json.loads(sys.argv[2]):
        try:
            con.execute(f"FROM {relation}").fetchall()
        except duckdb.Error:
            failed.append(relation)
print(json.dumps([duckdb.__version__, failed]))
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published warehouse of two schools."""
    data = DataDirectory(tmp_path_factory.mktemp("data"))
    archive = Archive(data.archive)
    for name in (FILE_05_2015, FILE_05_2017):
        add_found(archive, name, repeaters_file({"01AA00": (10000, 620), "02BB00": (100, len(name) % 2)}), "2019-01-01")
    add_found(
        archive,
        FILE_SITES,
        address_file({"01AA00": ("00001", "Drenthe"), "02BB00": ("00001", "Drenthe")}),
        "2019-06-01",
    )
    publish(data, Edition("mirror"), date(2026, 11, 28))
    return data.warehouse


@pytest.mark.parametrize(("version", "unreadable"), [("2.0.1", set()), ("1.4.1", NOT_IN_1_4_1)])
def test_every_view_and_macro_answers(tmp_path: Path, warehouse: Path, version: str, unreadable: set[str]) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", f"duckdb=={version}"], check=True, stderr=sys.stderr)
    with connect(warehouse, read_only=True) as con:
        views = con.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"
        ).fetchall()
    asked = [*(name for (name,) in views), *MACROS]
    answer = subprocess.run(
        [python, "-c", ASK, str(warehouse), json.dumps(asked)], check=True, capture_output=True, text=True
    )
    used, failed = json.loads(answer.stdout)
    assert used == version and set(failed) == unreadable
