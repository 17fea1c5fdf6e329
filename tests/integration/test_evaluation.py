"""The evaluators' folder: the same facts as tables and as pages, in both languages, as known on a day."""

import csv
import re
from datetime import date

import duckdb
import pytest

from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.build.build_warehouse import build
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect
from warehouse.exports.evaluation import TABLES, write_evaluation
from warehouse.exports.evaluation_pages import bounded
from warehouse.text import Text

DAY = date(2020, 12, 31)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A warehouse of the register alone."""
    folder = tmp_path_factory.mktemp("evaluation")
    build(folder / "w.duckdb", Archive(folder / "archive"), ParseCache(folder / "cache"), Edition("mirror"))
    with connect(folder / "w.duckdb", read_only=True) as con:
        yield con


@pytest.fixture(scope="module")
def folder(warehouse, tmp_path_factory):
    target = tmp_path_factory.mktemp("out") / "it's 2020"
    write_evaluation(warehouse, DAY, target)
    return target


def rows(folder, name):
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_table_is_there_as_csv_and_parquet_with_the_same_rows(folder):
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")),
        "evaluation_nl.md",
        "evaluation_en.md",
    }
    for name in TABLES:
        count = duckdb.execute("SELECT count(*) FROM read_parquet($file)", {"file": str(folder / f"{name}.parquet")})
        assert len(rows(folder, name)) == count.fetchone()[0]


def test_nothing_of_after_the_day_is_in_it(folder):
    """6.30 for 2019 was known at the end of 2020; 5.91 for 2019 and 3.32 for 2020 were not."""
    repeaters = {
        row["year"]: row["value"] for row in rows(folder, "figures") if row["indicator_id"] == "g02_zittenblijf_pct"
    }
    assert repeaters["2019"] == "6.3" and "2020" not in repeaters
    assert all(row["published_on"] <= "2020-12-31" for row in rows(folder, "evidence"))
    assert {row["verdict_id"] for row in rows(folder, "verdicts")} >= {"VD-G10-01"}
    assert "VD-G12-01" not in {row["verdict_id"] for row in rows(folder, "verdicts")}


def test_all_fifteen_goals_have_a_section_in_both_languages(folder):
    for language in ("nl", "en"):
        text = (folder / f"evaluation_{language}.md").read_text()
        assert [f"\n## G{number:02d} " in text for number in range(1, 16)] == [True] * 15
        assert not re.search(r"\b(None|nan|NaT)\b", text)
    assert "| 2018-2019 -> 2019-2020 | 6,30% |" in (folder / "evaluation_nl.md").read_text().replace(
        "excl_nieuwkomers ", ""
    )


def test_lists_are_codes_in_csv(folder):
    goals = {row["goal_id"]: row for row in rows(folder, "goals")}
    assert goals["G09"]["flags"] == "provisional;reclassification"
    assert goals["G10"]["status"] == "not_met" and goals["G10"]["synthetic"] == "false"


def test_writing_again_replaces_the_folder_with_the_same_pages(warehouse, folder):
    pages = {path.name: path.read_bytes() for path in folder.glob("*.md")}
    (folder / "stale.txt").write_text("old")
    write_evaluation(warehouse, DAY, folder)
    assert not (folder / "stale.txt").exists()
    assert {path.name: path.read_bytes() for path in folder.glob("*.md")} == pages


def test_hidden_values_are_written_as_bounds():
    masked = {"indicator_id": "x", "unit": "pct", "value": None, "value_low": 98.72, "value_high": 98.77}
    assert bounded(masked, {"x": 1}, Text("nl")) == "tussen 98,7% en 98,8%"
