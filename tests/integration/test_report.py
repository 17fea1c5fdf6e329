"""The report as files: complete in both languages, true to the warehouse, marked when synthetic, safe with any name."""

import csv
import html
import json
import os
import re
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.people_case import HOSTILE, published_report, published_sample
from warehouse.archive.edition import Edition
from warehouse.database import connect, records
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish
from warehouse.report import write_report
from warehouse.report.boards import load_boards
from warehouse.report.goals import english_of
from warehouse.report.indicators import load_indicators
from warehouse.report.quality import LAST
from warehouse.report.site import KNOWN_LICENCES
from warehouse.report.write import environment
from warehouse.text import Text
from warehouse.watermark import NOTICE

LARGEST = 1_500_000


@pytest.fixture(scope="module")
def con():
    with connect(published_sample().warehouse, read_only=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def site() -> Path:
    """The report on the sample edition."""
    return published_report()


class Links(HTMLParser):
    """Collects what a page refers to, and the ids it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pages, self.resources, self.ids = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            assert given["id"] not in self.ids, f"id {given['id']} stands twice"
            self.ids.add(given["id"])
        if tag == "a":
            self.pages.append(given["href"])
        elif tag in ("script", "link", "img", "iframe", "object", "use", "image"):
            self.resources += [given[name] for name in ("src", "href", "data", "xlink:href") if name in given]


def test_both_languages_have_the_same_pages(site):
    names = {lang: {path.name for path in (site / lang).iterdir()} for lang in ("nl", "en")}
    assert names["nl"] == names["en"]
    assert {f"goal-g{number:02}.html" for number in range(1, 16)} | {
        "index.html",
        "boards.html",
        "schools.html",
        "revisions.html",
        "quality.html",
        "compare.html",
        "method.html",
        "glossary.html",
    } < names["nl"]
    assert sum(name.startswith("board-") for name in names["nl"]) == 23
    assert sum(name.startswith("school-") for name in names["nl"]) == 47


def test_a_school_has_a_page_with_its_names_its_values_and_what_they_rest_on(site, con):
    """Every school of the newest state: names and places, and each last value or its bounds with the number behind it."""
    query = """SELECT value, value_low, value_high, denominator, unit, decimals FROM goals.observation
        JOIN goals.indicator USING (indicator_id, unit) WHERE entity_level = 'school' AND entity_id = $1 AND known_to IS NULL
        AND breakdown = 'total' AND indicator_id = $2 AND method_version = $3 AND year = $4 AND value_low IS NOT NULL"""
    schools = con.execute(
        "SELECT school_id, name, board_id, board_name, municipality FROM schools WHERE board_id IS NOT NULL"
    ).fetchall()
    (_, listed), seen = load_boards(con), 0
    for school, *names in schools:
        text = html.unescape((site / "en" / f"school-{school}.html").read_text(encoding="utf-8"))
        assert all(name in text for name in names), school
        for measure in listed:
            for *value, n, unit, decimals in con.execute(query, [school, *measure.key, measure.end]).fetchall():
                seen += 1
                shown = f"{Text('en').bounded(*value, unit, decimals)}<small>{measure.end}</small>"
                assert shown in text and f">{Text('en').number(n)}<" in text, (school, measure.key)
    assert seen > 100 and len(schools) == 47


def test_pages_are_small_and_refer_only_to_what_is_there(site):
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert path.stat().st_size <= LARGEST
        found = Links(text)
        for link in found.resources:
            assert link.startswith("data:") or (path.parent / link).resolve().is_file(), f"{path.name}: {link}"
        for link in found.pages:
            if not link.startswith(("https://", "http://")):
                file, _, part = link.partition("#")
                file = file.partition("?")[0]
                target = (path.parent / file).resolve() if file else path
                assert target.is_file() and target.is_relative_to(site), f"{path.name}: {link}"
                assert not part or part in Links(target.read_text(encoding="utf-8")).ids, f"{path.name}: {link}"


def test_every_page_of_the_sample_edition_carries_the_watermark(site):
    for lang in ("nl", "en"):
        for path in (site / lang).glob("*.html"):
            assert path.read_text(encoding="utf-8").count(html.escape(NOTICE[lang].split(" - ")[1])) >= 2, path.name
    assert NOTICE["nl"] in (site / "index.html").read_text() and NOTICE["en"] in (site / "index.html").read_text()
    for path in (site / "data").iterdir():
        rows = list(csv.DictReader(path.open(newline="", encoding="utf-8")))
        assert all(row["notice"] == NOTICE["en"] and row["synthetic"] in ("true", "false") for row in rows)


def test_a_hostile_name_is_text_everywhere(site):
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    for name in HOSTILE:
        shown = [path.name for path, text in pages.items() if name in html.unescape(text)]
        assert "boards.html" in shown and len(shown) >= 4
    assert not any("<script>window" in text or "<img" in text for text in pages.values())
    with (site / "data" / "schools.csv").open(newline="", encoding="utf-8") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    for name in HOSTILE:
        assert ("'" + name if name.startswith("=") else name) in names, "a spreadsheet would compute a bare formula"


def test_status_flags_and_verdicts_are_in_words(site):
    text = (site / "nl" / "index.html").read_text(encoding="utf-8")
    assert "Streefwaarde bereikt, niet te duiden" in text
    assert "Coronajaar" in (site / "nl" / "goal-g02.html").read_text(encoding="utf-8")
    assert not re.search(r">\s*(covid|target_met|not_assessable|definition_break)\s*<", text)
    goals = re.findall(r'<article class="goal".*?</article>', text, re.DOTALL)
    assert len(goals) == 15 and all(goal.count('<span class="status ') == 1 for goal in goals)
    assert sum("sinds eind 2019" in goal for goal in goals) >= 1, "since when the answer is what it is"
    english = (site / "en" / "goal-g10.html").read_text(encoding="utf-8")
    assert "Not met" in english and "standstill and decline" in english and "B: representative survey" in english


def test_boards_have_names_and_no_summary_of_ours_is_a_quotation(site, con):
    names = {row[0]: row[1] for row in con.execute("SELECT board_id, arg_max(name, year) FROM core.duo_balans GROUP BY 1").fetchall()}  # fmt: skip
    for lang in ("nl", "en"):
        boards = html.unescape((site / lang / "boards.html").read_text(encoding="utf-8"))
        for path in (site / lang).glob("board-*.html"):
            board_id = path.stem.removeprefix("board-")
            text = html.unescape(path.read_text(encoding="utf-8"))
            assert names[board_id] in text.split("</h1>")[0] and board_id in text.split("</h1>")[0]
            assert f">{names[board_id]}</a> <code>{board_id}</code>" in boards
        for path in (site / lang).glob("goal-*.html"):
            text = path.read_text(encoding="utf-8")
            assert "<blockquote" not in text and "“" not in text.split('id="history"')[1]
            assert not re.search(
                r"\b1 (pieces|bewijsstukken|sources|bronnen|cells|schools|scholen|lines|regels)\b", text
            )
    english = (site / "en" / "goal-g10.html").read_text(encoding="utf-8")
    assert "summarised by us" in english and "Ministry of Education (OCW), dashboard" in english


def test_every_role_and_official_outcome_has_its_english(con):
    said = "SELECT role FROM goals.verdict UNION SELECT official_verdict FROM goals.evidence WHERE source_type = 'official_outcome'"
    assert {words for (words,) in con.execute(said).fetchall()} <= set(english_of())


def test_what_the_register_says_of_licences_has_its_dutch(con):
    said = "SELECT licence FROM meta.dataset UNION SELECT licence_note FROM meta.dataset WHERE licence_note <> ''"
    plain = {"CC BY 4.0", "CC0 1.0"}
    assert {words for (words,) in con.execute(said).fetchall()} <= {*KNOWN_LICENCES, *plain}


def test_every_indicator_has_a_fact_sheet_that_its_goal_leads_to(site, con):
    """The page says what the JSON beside it says: nineteen concepts in order, none of them empty."""
    for goal, name in con.execute("SELECT goal_id, indicator_id FROM goals.indicator").fetchall():
        held = json.loads((site / "indicators" / f"{name}.json").read_text(encoding="utf-8"))
        assert (site / "indicators" / f"{name}.zip").is_file()
        for lang in ("nl", "en"):
            page = html.unescape(
                re.sub(r"</?a\b[^>]*>", "", (site / lang / f"facts-{name}.html").read_text(encoding="utf-8"))
            )
            titles = [f"{one['number']}. {one[lang]['title']}" for one in held["sections"]]
            assert re.findall(r'<h2 id="s\d+">(.*?)</h2>', page) == titles and len(titles) == 19
            said = [line for one in held["sections"] for entry in one[lang]["entries"] for line in entry["text"]]
            assert re.findall(r"<dd>(.*?)</dd>", page.split("<main")[1]) == said
            assert f'href="facts-{name}.html"' in (site / lang / f"goal-{goal.lower()}.html").read_text(
                encoding="utf-8"
            )


def test_a_chart_can_be_saved_as_a_drawing_of_its_own(site, con):
    for lang in ("nl", "en"):
        for name in load_indicators(con):
            root = ElementTree.parse(site / lang / f"chart-{name}.svg").getroot()
            assert float(root.get("width")) > 100 and root.get("aria-label")
            used = set(re.findall(r"var\((--\w+)\)", ElementTree.tostring(root, encoding="unicode")))
            assert all(f"{one}:" in root[0].text for one in used), "every colour is in the file"


def test_masked_stays_masked(site, con):
    """What rests on hidden cells is shown by its bounds, never by a value or a numerator."""
    with (site / "data" / "boards.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    masked = [row for row in rows if row["masked_cells"] != "0"]
    assert masked and all(row["value"] == row["numerator"] == "" for row in masked)
    query = """SELECT DISTINCT goal_id, value_low, value_high, unit, decimals
        FROM timeline JOIN goals.indicator USING (goal_id, indicator_id, unit) WHERE value IS NULL AND breakdown = 'total'"""
    national = con.execute(query).fetchall()
    assert national
    for goal, low, high, unit, decimals in national:
        text = (site / "en" / f"goal-{goal.lower()}.html").read_text(encoding="utf-8")
        assert text.count(Text("en").bounded(None, low, high, unit, decimals)) >= 3, "chart, table and provenance"


def test_the_order_of_revisions_leaves_nothing_to_chance(con):
    """Revisions of one value can be of one size: 5.21 to 5.20, and back."""
    key = "indicator_id, method_version, entity_level, entity_id, period_start, period_end, breakdown, kind"
    tied = f"FROM (SELECT {key}{{}}, count(*) AS n FROM revisions GROUP BY ALL) WHERE n > 1"
    assert con.execute(tied.format("")).fetchall() and not con.execute(tied.format(f", {LAST}")).fetchall()


def test_downloads_are_the_tables_behind_the_pages(site, con):
    rows = list(csv.DictReader((site / "data" / "g02.csv").open(newline="", encoding="utf-8")))
    expected = con.execute("SELECT count(*) FROM timeline WHERE goal_id = 'G02'").fetchone()[0]
    assert len(rows) == expected and {"3.32", "5.71"} <= {row["value"] for row in rows}
    changed = con.execute("SELECT count(*) FROM revisions WHERE kind <> 'confirmed'").fetchone()[0]
    assert len(list(csv.DictReader((site / "data" / "revisions.csv").open(newline="", encoding="utf-8")))) == changed


def test_every_page_names_the_release_in_its_footer_and_the_overview_in_full(site, con):
    version, content, published = con.execute("SELECT version, content_hash, published_at FROM meta.release").fetchone()  # fmt: skip
    rules = (site / "assets" / "release.css").read_text(encoding="utf-8")
    assert rules.count(f" {version},") == 2 and content[:16] in rules and Text("nl").day(published) in rules
    for path in site.glob("??/*.html"):
        text = path.read_text(encoding="utf-8")
        assert '<p class="release">' in text and (content in text) == (path.name == "index.html"), path.name


def test_writing_again_replaces_the_folder_as_a_whole(con, tmp_path):
    target = tmp_path / "report"
    target.mkdir()
    (target / "stale.html").write_text("old")
    made = write_report(con, target)
    assert made.start.is_file() and made.largest <= LARGEST
    assert not (target / "stale.html").exists() and [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_warehouse_without_any_file_still_tells_what_the_register_knows(tmp_path):
    data = DataDirectory(tmp_path / "data")
    publish(data, Edition("mirror"), date(2026, 11, 23))
    with connect(data.warehouse, read_only=True) as opened:
        made = write_report(opened, tmp_path / "site")
    text = (made.folder / "nl" / "index.html").read_text(encoding="utf-8")
    assert "geen momentopname" in text and "SYNTHETISCH" not in text and "Niet gehaald" in text
    assert "geen adresbestand" in (made.folder / "nl" / "boards.html").read_text(encoding="utf-8")


CODE = re.compile(
    r'<details class="sql" data-of="([\w-]+)"><summary>[^<]*</summary><pre tabindex="0"><code class="language-sql">(.*?)</code></pre>'
    r'<pre tabindex="0"><code class="language-python">(.*?)</code></pre><pre tabindex="0"><code class="language-r">(.*?)</code></pre></details>',
    re.DOTALL,
)


def before(page: str, tag: str) -> list[list[str]]:
    """The cells of the last table (or list of facts) of a part of a page, a row each, as text."""
    part = page[page.rindex(f"<{tag}") :].split(f"</{tag}>")[0]
    rows = re.findall(r"<tr.*?</tr>", part, re.DOTALL) if tag == "table" else [part]
    cells = [re.findall(r"<(?:th|td|dd)\b[^>]*>(.*?)</(?:th|td|dd)>", row, re.DOTALL) for row in rows]
    return [[html.unescape(re.sub(r"<[^>]+>", " ", cell)).strip() for cell in row] for row in cells]


def shown_as(of: str, row: dict, text: Text, unit: str, decimals: int) -> list[str]:
    """What the page must show of a row of its query."""

    def bounded(name):
        return text.bounded(row[name], row[f"{name}_low"], row[f"{name}_high"], unit, decimals)

    label = row.get("period_label", "").replace("->", "→")
    if of == "values":
        return [label, row["method_version"], bounded("value"), str(row["known_from"]), row["source"]]
    if of == "sources":
        numbers = [text.number(row[name], 0) for name in ("numerator", "denominator")]
        counted = [" / ".join(numbers)] if row["denominator"] is not None and not row["masked_cells"] else []
        return [label, bounded("value"), *counted, row["source"], str(row["known_from"])]
    if of == "facts":
        known = [name for name in ("baseline_value", "target_value", "path_from", "path_to") if row[name] is not None]
        return [text.value(row[name], unit, decimals) for name in known] + [bounded("value_from"), bounded("value_to")]
    if of in ("spread-board", "spread-school"):
        return [str(row["year"]), *(text.value(row[name], unit, decimals) for name in ("p10", "median", "p90"))]
    return [label or row["entity_id"], bounded("value")]


def test_the_query_under_each_table_gives_its_digits_in_sql_and_python(site, con):
    """Every query of every goal page on the release; the line of Python as it stands, in a process of its own. R is not run."""
    units = {name: (unit, decimals) for name, unit, decimals in con.execute("SELECT indicator_id, unit, decimals FROM goals.indicator").fetchall()}  # fmt: skip
    lines, seen = {}, set()
    for lang in ("nl", "en"):
        for path in sorted((site / lang).glob("goal-*.html")):
            page = path.read_text(encoding="utf-8")
            headline = re.findall(r'class="headline" id="chart-(\w+)"', page)
            for found in CODE.finditer(page):
                of, query, python, r = found[1], *(html.unescape(found[place]) for place in (2, 3, 4))
                assert " ".join(query.split()) in python and " ".join(query.split()) in r
                rows = records(con, query)
                assert rows, f"{path.name}: {of} finds nothing"
                named = re.findall(r"indicator_id = '(\w+)'", query) or headline
                table = before(page[: found.start()], "dl" if of == "facts" else "table")
                for row in rows:
                    unit, decimals = units[row.get("indicator_id", named[0] if named else None)]
                    wanted = [one for one in shown_as(of, row, Text(lang), unit, decimals) if one]
                    assert any(all(any(one in cell for cell in cells) for one in wanted) for cells in table), (
                        path.name,
                        of,
                        wanted,
                    )
                lines[python] = (
                    len(rows),
                    [str(value) for row in rows for value in row.values() if isinstance(value, float)],
                )
                seen.add(of)
    assert (
        seen == {"values", "sources", "facts", "stood", "spread-province", "spread-board", "spread-school"}
        and len(lines) > 60
    )
    program = (
        "import ast, json, sys, duckdb\n"
        "def run(line):\n"
        "    *before, last = ast.parse(line).body\n"
        "    exec(compile(ast.Module(before, []), 'line', 'exec'))\n"
        "    frame = eval(compile(ast.Expression(last.value), 'line', 'eval'))\n"
        "    floats = [str(v) for row in frame.itertuples(index=False) for v in row if isinstance(v, float) and v == v]\n"
        "    return [len(frame), floats]\n"
        "print(json.dumps([run(line) for line in json.load(sys.stdin)]))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], input=json.dumps(list(lines)), cwd=published_sample().root, capture_output=True, text=True)  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    for (count, digits), (python_count, python_digits) in zip(lines.values(), json.loads(ran.stdout), strict=True):
        assert count == python_count and sorted(map(float, digits)) == sorted(map(float, python_digits))


def test_templates_that_a_killed_report_left_half_written_go(tmp_path):
    folder = tmp_path / "templates"
    folder.mkdir()
    left, fresh = folder / "__jinja2_a.cache1.tmp", folder / "__jinja2_b.cache2.tmp"
    left.touch()
    fresh.touch()
    os.utime(left, (0, 0))
    environment(tmp_path)
    assert not left.exists() and fresh.exists()
