"""A new year with a known layout takes no code, a new dataset takes one file: both tried in a copy of the project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.refresh import take
from tests.helpers import HEADER_05, tiny_05
from tests.live_case import FIRST, IMAGES, LATER, ask, of, publishers, settings_of, take_all, take_only

pytestmark = pytest.mark.server

NEW_YEAR = "05.-zittenblijvers-niveau-vestiging-2024-2025-tov-2025-2026.csv"
BODY = tiny_05([(f"{number:02d}AA00", 1000, 62) for number in range(40)]).encode()
DATASET = '''"""DUO: absence of staff per board. A dataset that the project did not have."""

import pandas as pd

from schemas.columns import PeriodRow, Series, board, percent
from schemas.dataset import DUO, Dataset
from schemas.periods import calendar_year, years_in


class VerzuimRow(PeriodRow):
    """One board in one year."""

    board_id: Series[str] = board("BEVOEGD GEZAG NUMMER")
    absence_pct: Series[float] = percent("VERZUIMPERCENTAGE")

    class Config:
        unique = ["board_id"]


class Verzuim(Dataset):
    id = "duo_verzuim"
    title_nl = "Verzuim van personeel per bestuur"
    title_en = "Absence of staff per board"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/personeel/verzuim.jsp"
    cadence = "yearly"
    name_pattern = r"^verzuim-vo-\\d{4}\\.csv$"
    key = ("board_id",)
    Row = VerzuimRow

    @classmethod
    def period_of(cls, file_name):
        return calendar_year(years_in(file_name)[0])
'''


@pytest.fixture
def double():
    with publishers() as running:
        yield running


def test_a_new_year_needs_no_line_of_code(double, tmp_path):
    from flows.intake.discovery import discover

    settings = settings_of(double, tmp_path)
    take_all(settings)
    double.put(IMAGES + NEW_YEAR, BODY)
    assert len(discover(settings, LATER).new) == 1
    report = take_all(settings, LATER)
    assert of(report, NEW_YEAR).outcome == "new" and report.published.new
    query = (
        "SELECT period_label, numerator, denominator FROM timeline WHERE indicator_id = 'g02_zittenblijf_pct' AND {}"
    )
    assert ask(settings, query.format("period_end = DATE '2025-10-01' AND method_version LIKE 'bottom_up%'")) == [
        ("2024-2025 -> 2025-2026", 2480, 40000)
    ]


def test_a_new_year_with_an_unknown_layout_is_refused_with_the_difference(double, tmp_path):
    from flows.intake.discovery import discover

    settings = settings_of(double, tmp_path)
    header = HEADER_05.replace("AANTAL_ZITTENBLIJVERS", "DOUBLURES").replace("AANTAL_LEERLINGEN", "LEERLINGEN TOTAAL")
    double.put(IMAGES + NEW_YEAR, BODY.replace(HEADER_05.encode(), header.encode()))
    discover(settings, FIRST)
    taken = of(take_only(settings), NEW_YEAR)
    assert (taken.outcome, taken.reason) == (
        "refused",
        f"{NEW_YEAR}, line 1: expected the columns TOTAAL LEERLINGEN, AANTAL ZITTENBLIJVERS, found the unknown columns "
        "LEERLINGEN TOTAAL, DOUBLURES; add the new header name to schemas/zittenblijvers.py.",
    )


def test_a_new_dataset_is_one_file(double, tmp_path, repo):
    """A copy of the packages gets one file more in schemas/, and nothing else; it is run in a process of its own."""
    for package in ("flows", "schemas", "transforms", "warehouse"):
        shutil.copytree(repo / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "schemas" / "verzuim.py").write_text(DATASET)
    double.put(IMAGES + "verzuim-vo-2024.csv", b"BEVOEGD GEZAG NUMMER;VERZUIMPERCENTAGE\r\n90001;5,1\r\n90002;4,9\r\n")
    assert command(tmp_path, double.url, "discover", "--json")["new"][0]["dataset_id"] == "duo_verzuim"
    report = command(tmp_path, double.url, "refresh", "--edition", "live", "--publisher", "duo", "--plain", "--json")
    (taken,) = [taken for taken in report["files"] if taken["dataset_id"] == "duo_verzuim"]
    assert (taken["outcome"], taken["data_lines"]) == ("new", 2) and report["published"]
    rows = command(
        tmp_path, double.url, "sql", "SELECT board_id, period_label, absence_pct FROM core.duo_verzuim", "--json"
    )
    assert rows == [
        {"board_id": "90001", "period_label": "2024", "absence_pct": 5.1},
        {"board_id": "90002", "period_label": "2024", "absence_pct": 4.9},
    ]


def command(project: Path, portal: str, *arguments: str):
    """The JSON that a command of the copied project prints."""
    environment = os.environ | {
        "PYTHONPATH": str(project),
        "SECTORAKKOORD_DATA": str(project / "data"),
        "SECTORAKKOORD_PORTAL_URL": portal,
        "SECTORAKKOORD_REQUESTS_PER_SECOND": "1000",
    }
    code = "import flows, sys; assert flows.__file__.startswith(sys.argv.pop(1)), flows.__file__; from flows.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, str(project), *arguments],
        env=environment,
        cwd=project,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_step_that_takes_a_file_in_knows_no_kind_of_source():
    """One mechanism: the taking names no publisher and no interface."""
    import inspect

    source = inspect.getsource(inspect.getmodule(take)).lower()
    assert [word for word in ("ckan", "cbs", "inspectie", "duo") if word in source] == []
