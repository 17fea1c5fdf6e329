"""Write the whole site: aside first, then into its place as one folder."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from warehouse.export.files import write_csv
from warehouse.export.tables import Table
from warehouse.query import scalar
from warehouse.report import charts, charts_spread
from warehouse.report.boards import load_boards
from warehouse.report.goals import Goal, load_goals
from warehouse.report.model import Indicator, Spread, records
from warehouse.report.quality import load_quality, load_revisions
from warehouse.report.svg import draw
from warehouse.report.words import LANGUAGES, SYMBOLS, Words, helpers
from warehouse.watermark import NOTICE

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Written:
    """What was written."""

    folder: Path
    pages: int
    largest: int
    """Bytes of the largest page."""

    @property
    def start(self) -> Path:
        """The page to open."""
        return self.folder / "index.html"


def environment() -> Environment:
    """Templates: every value is escaped, a missing one is an error."""
    loader = FileSystemLoader(HERE / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["arrow"] = lambda label: (label or "").replace("->", "→")
    return made


def write_report(
    con: duckdb.DuckDBPyConnection, target: Path, on_step: Callable[[str], None] = lambda step: None
) -> Written:
    """Write the site of the release that `con` reads into `target`, replacing what is there."""
    part = target.with_name(f".{target.name}.part-{os.getpid()}")
    shutil.rmtree(part, ignore_errors=True)
    try:
        shutil.copytree(HERE / "static", part / "assets")
        on_step("reading")
        site = Site(con, part, on_step)
        site.write()
        write_downloads(con, part / "data", site.goals)
        old = target.with_name(f".{target.name}.old-{os.getpid()}")
        if target.exists():
            target.rename(old)
        part.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    pages = list(target.rglob("*.html"))
    return Written(target, len(pages), max(path.stat().st_size for path in pages))


def write_downloads(con: duckdb.DuckDBPyConnection, folder: Path, goals: list[Goal]) -> None:
    """The tables behind the pages, as CSV that is safe to open."""
    folder.mkdir()
    tables = {goal.goal_id.lower(): f"FROM timeline WHERE goal_id = '{goal.goal_id}'" for goal in goals}
    for name, select in tables.items():
        write_csv(con, Table(name, "main.timeline", select).query(con), folder / f"{name}.csv")
    changed = "FROM revisions WHERE kind <> 'confirmed'"
    write_csv(con, Table("revisions", "main.revisions", changed).query(con), folder / "revisions.csv")
    values = """SELECT * EXCLUDE (source_lines) FROM goals.observation
        WHERE entity_level = 'board' AND known_to IS NULL AND breakdown = 'total'"""
    write_csv(con, Table("boards", "goals.observation", values).query(con), folder / "boards.csv")


class Site:
    """Everything that the pages need, read once and written in both languages."""

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path, on_step: Callable[[str], None]) -> None:
        self.folder, self.on_step = folder, on_step
        self.environment = environment()
        self.release = records(con, "FROM meta.release")[0]
        self.goals = load_goals(con)
        self.boards, self.per_school = load_boards(con)
        self.flagwords = {row["flag"]: row for row in records(con, "FROM goals.flag")}
        self.statuses = records(con, "FROM goals.status ORDER BY line")
        self.snapshots = records(con, "FROM snapshots WHERE is_latest ORDER BY year")
        self.names = {row["indicator_id"]: row for row in records(con, "FROM goals.indicator")}
        self.revisions, self.quality = load_revisions(con), load_quality(con)
        self.state_on = scalar(con, "SELECT max(state_on) FROM schools")

    def write(self) -> None:
        """All pages of both languages, and the page that leads to them."""
        start = self.environment.get_template("start.html")
        page = start.render(notices=NOTICE, synthetic=self.release["synthetic"])
        (self.folder / "index.html").write_text(page, encoding="utf-8")
        for lang in LANGUAGES:
            (self.folder / lang).mkdir()
            self.on_step(f"pages ({lang})")
            self.write_language(lang)

    def write_language(self, lang: str) -> None:
        """All pages of one language."""
        words = Words(lang)
        self.page(lang, "index.html", "index.html", **self.overview(words))
        for goal in self.goals:
            self.page(lang, "goal.html", goal.file, goal=goal, charts=goal_charts(goal, words), names=self.names)
        self.page(lang, "boards.html", "boards.html", boards=self.boards, state_on=self.state_on)
        for board in self.boards:
            self.page(lang, "board.html", board.file, board=board, per_school=self.per_school)
        self.page(lang, "revisions.html", "revisions.html", **self.revisions)
        self.page(lang, "quality.html", "quality.html", **self.quality)

    def page(self, lang: str, template: str, file: str, **values: Any) -> None:
        """Write one page."""
        notice = NOTICE[lang] if self.release["synthetic"] else None
        always = {"page": file, "notice": notice, "release": self.release, "flagwords": self.flagwords}
        text = self.environment.get_template(template).render(**helpers(lang), **always, **values)
        (self.folder / lang / file).write_text(text, encoding="utf-8")

    def overview(self, words: Words) -> dict[str, Any]:
        """Goals by ambition, statuses counted, snapshots."""
        ambitions: dict[str, list[Goal]] = {}
        for goal in self.goals:
            ambitions.setdefault(goal.row["ambition_id"], []).append(goal)
        now = [goal.now["status"] for goal in self.goals]
        return {
            "ambitions": [(name, goals[0].row[f"ambition_{words.lang}"], goals) for name, goals in ambitions.items()],
            "tally": [
                (row["status"], row[f"label_{words.lang}"], now.count(row["status"]))
                for row in self.statuses
                if row["status"] in now and row["status"] in SYMBOLS
            ],
            "years": sorted({2018, 2019, 2020} | {one["year"] for one in self.snapshots if one["year"] <= 2020}),
            "snapshots": self.snapshots,
            "coverage": lambda goal: coverage_in_words(goal, words),
        }


def coverage_in_words(goal: Goal, words: Words) -> str:
    """What the status of a goal rests on."""
    years, boards = goal.coverage["years"] or 0, goal.coverage["boards"]
    figures = words(f"landelijk cijfer over {years} van 3 jaren", f"national figure for {years} of 3 years")
    parts = [figures if years else words("geen landelijk cijfer over 2018–2020", "no national figure for 2018–2020")]
    if boards:
        parts.append(words(f"{boards} besturen", f"{boards} boards"))
    parts.append(words(f"{len(goal.evidence)} bewijsstukken", f"{len(goal.evidence)} pieces of evidence"))
    return ", ".join(parts)


def goal_charts(goal: Goal, words: Words) -> dict[str, Any]:
    """The charts of a goal page, drawn."""
    drawn: dict[str, Any] = {"others": [], "spreads": [], "headline": "", "slim": ""}
    if goal.headline:
        drawn["headline"] = chart(goal.headline, charts.WIDE, words)
        drawn["slim"] = chart(goal.headline, charts.NARROW, words)
    drawn["others"] = [chart(indicator, charts.SMALL, words) for indicator in goal.others]
    drawn["spreads"] = [spread_chart(spread, words) for spread in goal.spreads]
    return drawn


def chart(indicator: Indicator, size: tuple[int, int], words: Words) -> Markup:
    """The chart of one indicator over the years."""
    name, years = indicator.name[words.lang], indicator.years
    label = words(f"Grafiek van {name}, {years[0]} tot en met {years[-1]}. De waarden staan in de tabel eronder.",
                  f"Chart of {name}, {years[0]} to {years[-1]}. The values are in the table below it.")  # fmt: skip
    return draw(charts.trend(indicator, size, words), label, words.lang)


def spread_chart(spread: Spread, words: Words) -> Markup:
    """The chart of one spread."""
    level = {
        "school": words("scholen", "schools"),
        "board": words("besturen", "boards"),
        "province": words("provincies", "provinces"),
    }
    name = spread.indicator.name[words.lang]
    label = words(f"Spreiding van {name} over {level[spread.level]}.", f"Spread of {name} over {level[spread.level]}.")
    make = charts_spread.provinces if spread.level == "province" else charts_spread.histogram
    return draw(make(spread, words), label, words.lang)
