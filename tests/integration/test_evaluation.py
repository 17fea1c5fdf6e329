"""The evaluators' folder: the same facts as document, workbook and tables, as known on a day and as known now."""

import csv
import html
import re
import subprocess
from datetime import date

import duckdb
import openpyxl
import pytest

from warehouse.archive.edition import Edition
from warehouse.database import connect, records
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish
from warehouse.report import write_report
from warehouse.report.evaluation import TABLES, write_evaluation
from warehouse.text import Text, read_codes

DAY = date(2020, 12, 31)
PLAIN = re.compile(r"<[^>]+>")
FACTS = re.compile(r'<dl class="facts">.*?</dl>', re.DOTALL)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A release of the register alone, with the snapshots of three years."""
    data = DataDirectory(tmp_path_factory.mktemp("evaluation") / "data")
    publish(data, Edition("mirror"), date(2026, 11, 23), snapshots={2018: None, 2019: None, 2020: None})
    with connect(data.warehouse, read_only=True) as con:
        yield con


@pytest.fixture(scope="module")
def folder(warehouse, tmp_path_factory):
    target = tmp_path_factory.mktemp("out") / "it's 2020"
    write_evaluation(warehouse, DAY, target)
    return target


def rows(folder, name):
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def document(folder, lang):
    return (folder / f"evaluation_{lang}.html").read_text(encoding="utf-8")


def section(page, goal_id):
    """The part of the document on one goal."""
    return page[page.index(f'<h2 id="{goal_id}"') :].split("<h2 ", 2)[1]


def test_every_table_is_there_as_csv_and_parquet_with_the_same_rows(folder):
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")),
        *("evaluation_nl.html", "evaluation_en.html", "evaluatie.xlsx", "README.md", "SHA256SUMS"),
    }
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for name in TABLES:
        count = duckdb.execute("SELECT count(*) FROM read_parquet($file)", {"file": str(folder / f"{name}.parquet")})
        found = count.fetchone()[0]
        assert len(rows(folder, name)) == found
        assert re.search(rf"`{name}.csv`.* \({found:,} rows?\)", readme), name


def test_checksums_are_those_that_sha256sum_checks(folder):
    checked = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    assert checked.returncode == 0 and checked.stdout.count(": OK") == len(list(folder.iterdir())) - 1


def test_nothing_of_after_the_day_is_in_its_tables(folder):
    """6.30 for 2019 was known at the end of 2020; 5.91 for 2019 and 3.32 for 2020 were not, and stand in `progress` alone."""
    repeaters = {
        row["year"]: row["value"] for row in rows(folder, "figures") if row["indicator_id"] == "g02_zittenblijf_pct"
    }
    assert repeaters["2019"] == "6.3" and "2020" not in repeaters
    assert all(row["published_on"] <= "2020-12-31" for row in rows(folder, "evidence"))
    assert {row["verdict_id"] for row in rows(folder, "verdicts")} >= {"VD-G10-01"}
    assert "VD-G12-01" not in {row["verdict_id"] for row in rows(folder, "verdicts")}
    assert {row["goal_id"]: row["value_to"] for row in rows(folder, "progress")}["G02"] == "3.32"


def test_a_goal_shows_what_was_known_then_beside_what_is_known_now(folder):
    part = section(document(folder, "en"), "G02")
    cells = re.findall(r"<tr><th[^>]*>2018-2019 → 2019-2020</th>(.*?)</tr>", part, re.DOTALL)
    shown = [[PLAIN.sub(" ", cell).split() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in cells]
    assert ["6.30%"] in [row[0] for row in shown] and "5.91%" in [row[1][0] for row in shown]
    assert "after 31 December 2020" in part, "later evidence is marked"


def test_all_fifteen_goals_have_a_section_in_both_languages(folder):
    for lang in ("nl", "en"):
        page = document(folder, lang)
        assert [f'<h2 id="G{number:02d}">' in page for number in range(1, 16)] == [True] * 15
        assert [f'<a href="#G{number:02d}">' in page for number in range(1, 16)] == [True] * 15
        assert not re.search(r">\s*(None|nan|NaT|covid|not_assessable|provisional)\s*<", page)


def test_a_document_is_one_file_that_asks_nothing_of_others(folder):
    for lang in ("nl", "en"):
        page = document(folder, lang)
        assert "<script" not in page and not re.search(r'(?:src|srcset|data)="(?!data:)', page)
        links = re.findall(r'<link [^>]*href="([^"]*)"', page) + re.findall(r"url\(([^)]*)\)|@import", page)
        assert all(link.startswith("data:") for link in links)
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), "an id stands twice"
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_every_assumption_stands_in_the_document_in_words_with_what_would_change(folder, warehouse, repo):
    known = records(warehouse, "FROM goals.assumption")
    assert len(known) >= 20 and {row["assumption_id"] for row in rows(folder, "assumptions")} == {
        one["assumption_id"] for one in known
    }
    for lang in ("nl", "en"):
        part = html.unescape(document(folder, lang).split('id="assumptions"')[1].split("<h2 ")[0])
        for one in known:
            assert one[f"statement_{lang}"] in part and one[f"would_change_{lang}"] in part
            assert (repo / one["declared_in"]).is_file(), f"{one['assumption_id']} names {one['declared_in']}"
        for rating in ("quality", "impact"):
            shown = {Text(lang, read_codes(warehouse)).code(f"assumption_{rating}", one[rating]) for one in known}
            assert all(words in part for words in shown)


def test_the_workbook_lays_out_what_was_known_on_each_vintage_date(folder, warehouse):
    """A row per period, a column per vintage date: each cell is what `vintage_table` has, and no day lies after the snapshot."""
    sheet = openpyxl.load_workbook(folder / "evaluatie.xlsx")["Vintages G02"]
    head, *lines = list(sheet.iter_rows(values_only=True))
    assert head[:2] == ("Methode", "Periode") and list(head[2:]) == sorted(head[2:]) and max(head[2:]) <= str(DAY)
    seen = {(line[0], line[1], vintage): value for line in lines for vintage, value in zip(head[2:], line[2:], strict=True) if value is not None}  # fmt: skip
    known = warehouse.execute("SELECT method_version, period_label, vintage, value FROM vintage_table('g02_zittenblijf_pct') WHERE breakdown = 'total' AND vintage_date <= $1", [DAY]).fetchall()  # fmt: skip
    assert (
        seen == {tuple(key): value for *key, value in known}
        and {5.7, 6.3} <= set(seen.values())
        and 3.32 not in seen.values()
    )


def test_document_report_and_progress_say_the_same_to_the_last_digit(warehouse, folder, tmp_path):
    """The facts of each goal: the same text in document and report, in the digits in which `progress` gives them."""
    site = write_report(warehouse, tmp_path / "report").folder
    indicators = {row["indicator_id"]: row for row in records(warehouse, "FROM goals.indicator")}
    seen = 0
    for lang in ("nl", "en"):
        text, page = Text(lang), document(folder, lang)
        for known in records(warehouse, "FROM progress(2018, 2020)"):
            part = section(page, known["goal_id"])
            report = (site / lang / f"goal-{known['goal_id'].lower()}.html").read_text(encoding="utf-8")
            assert FACTS.findall(part) == FACTS.findall(report)
            if known["value_from"] is None and known["value_to_low"] is None:
                continue
            one = indicators[known["indicator_id"]]
            facts = html.unescape(FACTS.findall(part)[0])
            for name in ("value_from", "value_to", "baseline_value", "target_value", "path_from", "path_to"):
                if known[name] is not None:
                    assert text.value(known[name], one["unit"], one["decimals"]) in facts, (known["goal_id"], name)
                    seen += 1
    assert seen > 30


def test_the_workbook_is_dutch_and_holds_the_numbers_of_progress(warehouse, folder):
    book = openpyxl.load_workbook(folder / "evaluatie.xlsx")
    assert book.sheetnames[:3] == ["Leeswijzer", "Doelen", "Voortgang 2018-2020"]
    sheet = book["Voortgang 2018-2020"]
    heads = [cell.value for cell in sheet[1]]
    known = {row["goal_id"]: row for row in records(warehouse, "FROM progress(2018, 2020)")}
    decimals = dict(warehouse.execute("SELECT indicator_id, decimals FROM goals.indicator").fetchall())
    seen = 0
    for cells in sheet.iter_rows(min_row=2):
        row = dict(zip(heads, cells, strict=True))
        goal = known[row["Doel"].value]
        for head, name in (("2018", "value_from"), ("2020", "value_to"), ("Streefwaarde", "target_value")):
            if goal[name] is not None:
                assert row[head].value == goal[name]
                places = decimals[goal["indicator_id"]]
                assert row[head].number_format == "[$-413]#,##0" + ("." + "0" * places if places else "")
                seen += 1
    assert seen >= 8
    days = [cell for cell in book["Landelijke cijfers"]["M"][1:] if cell.value]
    assert days and all(cell.is_date and cell.number_format == "[$-413]dd-mm-yyyy" for cell in days)
    assert not any(cell.data_type == "f" for one in book.worksheets for line in one.iter_rows() for cell in line)


def test_lists_are_codes_in_csv_with_words_beside_them(folder):
    goals = {row["goal_id"]: row for row in rows(folder, "goals")}
    assert goals["G09"]["flags"] == "provisional;reclassification"
    assert goals["G10"]["status"] == "not_met" and goals["G10"]["status_nl"] == "Niet gehaald"
    assert {row["polarity_nl"] for row in rows(folder, "evidence")} <= {"Voor", "Tegen", "Context", "voor", "tegen", "context"}  # fmt: skip


def test_writing_again_replaces_the_folder_with_the_same_documents(warehouse, folder):
    pages = {path.name: path.read_bytes() for path in folder.glob("*.html")}
    (folder / "stale.txt").write_text("old")
    write_evaluation(warehouse, DAY, folder)
    assert not (folder / "stale.txt").exists()
    assert {path.name: path.read_bytes() for path in folder.glob("*.html")} == pages
