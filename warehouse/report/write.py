"""Write the whole site: aside first, then into its place as one folder."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from warehouse.database import scalar
from warehouse.exports.table_files import write_csv
from warehouse.exports.tables import SCHOOL_LEVEL, Table
from warehouse.files import write_json
from warehouse.report import charts, charts_map, charts_spread
from warehouse.report.boards import load_boards
from warehouse.report.goals import Goal, load_goals
from warehouse.report.model import Indicator, Spread, records
from warehouse.report.quality import load_quality, load_revisions
from warehouse.report.svg import draw
from warehouse.report.words import LANGUAGES, NO_VALUE, Words, helpers, read_codes
from warehouse.watermark import NOTICE

HERE = Path(__file__).parent
STAMP = "release.json"
"""The file of a site that names the release it shows."""


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
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["arrow"] = lambda label: (label or "").replace("->", "→")
    return made


def write_report(
    con: duckdb.DuckDBPyConnection, target: Path, progress: Callable[[str], None] = lambda step: None
) -> Written:
    """Write the site of the release that `con` reads into `target`, replacing what is there."""
    part = target.with_name(f".{target.name}.part-{os.getpid()}")
    shutil.rmtree(part, ignore_errors=True)
    try:
        shutil.copytree(HERE / "static", part / "assets")
        progress("reading")
        site = Site(con, part, progress)
        site.write()
        write_downloads(con, part / "data", site.goals)
        write_json(part / STAMP, stamp_of(con))
        old = target.with_name(f".{target.name}.old-{os.getpid()}")
        if target.exists():
            target.rename(old)
        part.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    pages = list(target.rglob("*.html"))
    return Written(target, len(pages), max(path.stat().st_size for path in pages))


def stamp_of(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What tells whether a site still shows the release that `con` reads."""
    return records(con, "SELECT release_id, version, edition, content_hash FROM meta.release")[0]


def is_current(con: duckdb.DuckDBPyConnection, site: Path) -> bool:
    """Does the site show the release that `con` reads?"""
    stamp = site / STAMP
    try:
        return bool(json.loads(stamp.read_text()) == stamp_of(con))
    except (FileNotFoundError, ValueError):
        return False


def write_downloads(con: duckdb.DuckDBPyConnection, folder: Path, goals: list[Goal]) -> None:
    """The tables behind the pages, as CSV that is safe to open."""
    folder.mkdir()
    tables = {goal.goal_id.lower(): f"FROM timeline WHERE goal_id = '{goal.goal_id}'" for goal in goals}
    for name, select in tables.items():
        write_csv(con, Table(name, "main.timeline", select).query(con), folder / f"{name}.csv")
    write_csv(
        con, Table("schools", "main.schools", "FROM schools", synthetic=SCHOOL_LEVEL).query(con), folder / "schools.csv"
    )
    since = "FROM meta.release_change"
    write_csv(
        con,
        Table("release_changes", "meta.release_change", since, synthetic=SCHOOL_LEVEL).query(con),
        folder / "release_changes.csv",
    )
    changed = "FROM revisions WHERE kind <> 'confirmed'"
    write_csv(con, Table("revisions", "main.revisions", changed).query(con), folder / "revisions.csv")
    values = """SELECT * EXCLUDE (source_lines) FROM goals.observation
        WHERE entity_level = 'board' AND known_to IS NULL AND breakdown = 'total'"""
    write_csv(con, Table("boards", "goals.observation", values).query(con), folder / "boards.csv")


class Site:
    """Everything that the pages need, read once and written in both languages."""

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path, progress: Callable[[str], None]) -> None:
        self.folder, self.progress = folder, progress
        self.environment = environment()
        self.release = records(con, "FROM meta.release")[0]
        self.codes = read_codes(con)
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
            self.progress(f"pages ({lang})")
            self.write_language(lang)

    def write_language(self, lang: str) -> None:
        """All pages of one language."""
        words = Words(lang, self.codes)
        self.page(words, "index.html", "index.html", **self.overview(words))
        for goal in self.goals:
            self.page(words, "goal.html", goal.file, goal=goal, charts=goal_charts(goal, words), names=self.names)
        self.page(words, "boards.html", "boards.html", boards=self.boards, state_on=self.state_on)
        for board in self.boards:
            self.page(words, "board.html", board.file, board=board, per_school=self.per_school)
        self.page(words, "revisions.html", "revisions.html", **self.revisions)
        self.page(words, "quality.html", "quality.html", **self.quality)

    def page(self, words: Words, template: str, file: str, **values: Any) -> None:
        """Write one page."""
        notice = NOTICE[words.lang] if self.release["synthetic"] else None
        always = {"page": file, "notice": notice, "release": self.release, "flagwords": self.flagwords}
        text = self.environment.get_template(template).render(**helpers(words), **always, **values)
        (self.folder / words.lang / file).write_text(text, encoding="utf-8")

    def overview(self, words: Words) -> dict[str, Any]:
        """Goals by ambition, statuses counted, snapshots."""
        ambitions: dict[str, list[Goal]] = {}
        for goal in self.goals:
            ambitions.setdefault(goal.row["ambition_id"], []).append(goal)
        return {
            "ambitions": [(name, goals[0].row[f"ambition_{words.lang}"], goals) for name, goals in ambitions.items()],
            "tally": self.tally(self.goals, words),
            "tally_of": lambda goals: self.tally(goals, words),
            "basis": {one["year"]: one["basis"] for one in self.snapshots},
            "figures": lambda goal: figures_in_words(goal, words),
            "years": sorted({2018, 2019, 2020} | {one["year"] for one in self.snapshots if one["year"] <= 2020}),
            "snapshots": self.snapshots,
            "coverage": lambda goal: coverage_in_words(goal, words),
        }

    def tally(self, goals: list[Goal], words: Words) -> list[tuple[str, str, int]]:
        """(status, label, how many of the goals) in the order of the register: counted, never averaged."""
        now = [goal.now["status"] for goal in goals]
        return [
            (row["status"], row[f"label_{words.lang}"], now.count(row["status"]))
            for row in self.statuses
            if row["status"] in now
        ]


def figures_in_words(goal: Goal, words: Words) -> str:
    """The headline of a goal in one line: its values of 2018 and 2020, and the target where one was agreed."""
    one, known = goal.headline, goal.progress
    if one is None or (known["value_from"] is None and known["value_to_low"] is None):
        return ""
    first = words.value(known["value_from"], one.unit, one.decimals)
    last = words.bounded(known["value_to"], known["value_to_low"], known["value_to_high"], one.unit, one.decimals)
    parts = [f"2018: {first}", f"2020: {last}"]
    if known["target_value"] is not None:
        aim = words.value(known["target_value"], one.unit, one.decimals)
        parts.append(words(f"doel: {aim}", f"target: {aim}"))
    return f"{one.name[words.lang]}: " + ", ".join(parts).replace(NO_VALUE, words("niet bekend", "not known"))


def coverage_in_words(goal: Goal, words: Words) -> str:
    """What the status of a goal rests on."""
    years, boards = goal.coverage["years"] or 0, goal.coverage["boards"]
    figures = words(f"landelijk cijfer over {years} van 3 jaren", f"national figure for {years} of 3 years")
    parts = [figures if years else words("geen landelijk cijfer over 2018–2020", "no national figure for 2018–2020")]
    if boards:
        parts.append(words(f"scholen van {boards} besturen", f"schools of {boards} boards"))
    parts.append(words(f"{len(goal.evidence)} bewijsstukken", f"{len(goal.evidence)} pieces of evidence"))
    return ", ".join(parts)


def goal_charts(goal: Goal, words: Words) -> dict[str, Any]:
    """The charts of a goal page, drawn."""
    drawn: dict[str, Any] = {"others": [], "spreads": [], "maps": [], "headline": "", "slim": ""}
    if goal.headline:
        drawn["headline"] = chart(goal.headline, charts.WIDE, words)
        drawn["slim"] = chart(goal.headline, charts.NARROW, words)
    drawn["others"] = [chart(indicator, charts.SMALL, words) for indicator in goal.others]
    drawn["spreads"] = [spread_chart(spread, words) for spread in goal.spreads]
    drawn["maps"] = [
        map_chart(spread, year, words) for spread in goal.spreads if spread.level == "province" for year in spread.years
    ]
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


def map_chart(spread: Spread, year: int, words: Words) -> tuple[int, Markup]:
    """A year and its map of the provinces."""
    name = spread.indicator.name[words.lang]
    label = words(f"Kaart van {name} per provincie, {year}. De waarden staan in de tabel van de provincies.",
                  f"Map of {name} by province, {year}. The values are in the table of the provinces.")  # fmt: skip
    return year, draw(charts_map.tile_map(spread, year, words), label, words.lang)
