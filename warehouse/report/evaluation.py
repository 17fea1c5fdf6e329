"""The folder for the evaluators of a year: what was known on the day of its snapshot, beside what is known now.

    write_evaluation(con, date(2020, 12, 31), folder)

A document per language (`evaluation_nl.html`, `evaluation_en.html`: one file each, to read and to print on A4), a workbook with
Dutch headings, days and numbers (`evaluatie.xlsx`), tables as CSV and Parquet, `README.md`, and `SHA256SUMS`. Tables hold what was
known on the day; `progress` is as known now, `errata` holds what we had wrong ourselves, `assumptions` what we assume. The folder is
replaced as a whole.
"""

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
from markupsafe import Markup

from warehouse.csv_writer import write_query
from warehouse.database import records, scalar
from warehouse.exports.export import facts_of
from warehouse.exports.sheets import EVALUATION_SHEETS, evaluation_relations
from warehouse.exports.vintage_sheets import vintage_sheets
from warehouse.exports.workbook import write_workbook
from warehouse.files import quoted, staged_folder, write_bytes, write_sums
from warehouse.report.drawings import drawings_of
from warehouse.report.goals import by_goal
from warehouse.report.site import KNOWN_LICENCES, STATUS_SYMBOLS, Site
from warehouse.report.svg import Charts
from warehouse.report.write import environment
from warehouse.text import LANGUAGES, Text
from warehouse.watermark import NOTICE

FIRST_SNAPSHOT_YEAR = 2018
TABLES = {
    "goals": """
        SELECT goal.name_nl AS goal_nl, goal.name_en AS goal_en, status.*,
               in_words('status', status.status, 'nl') AS status_nl, in_words('status', status.status, 'en') AS status_en
        FROM goal_status_as_of(DATE '{day}') AS status JOIN goals.goal AS goal USING (goal_id)
        ORDER BY goal_id""",
    "progress": "FROM progress(2018, 2020)",
    "figures": """
        SELECT known.*, indicator.name_nl AS indicator_nl, indicator.name_en AS indicator_en, indicator.type AS indicator_type,
               in_words('breakdown', known.breakdown, 'nl') AS breakdown_nl, in_words('breakdown', known.breakdown, 'en') AS breakdown_en,
               in_words('unit', known.unit, 'nl') AS unit_nl, in_words('unit', known.unit, 'en') AS unit_en,
               in_words('value_status', known.status, 'nl') AS status_nl, in_words('value_status', known.status, 'en') AS status_en,
               method.origin, method.definition_nl, method.definition_en,
               goal.headline_indicator_id = known.indicator_id AND goal.headline_method_version = known.method_version
                   AND goal.headline_breakdown = known.breakdown AS is_headline
        FROM as_of(DATE '{day}') AS known
        JOIN goals.indicator AS indicator USING (goal_id, indicator_id)
        JOIN goals.method AS method USING (indicator_id, method_version) JOIN goals.goal AS goal USING (goal_id)
        ORDER BY known.goal_id, known.indicator_id, known.method_version, known.breakdown, known.period_end""",
    "evidence": """
        SELECT * EXCLUDE (line), in_words('polarity', polarity, 'nl') AS polarity_nl, in_words('polarity', polarity, 'en') AS polarity_en,
               in_words('strength', strength, 'nl') AS strength_nl, in_words('strength', strength, 'en') AS strength_en
        FROM goals.evidence WHERE known_from <= DATE '{day}' ORDER BY goal_id, evidence_id""",
    "verdicts": """
        SELECT * EXCLUDE (line), in_words('status', status, 'nl') AS status_nl, in_words('status', status, 'en') AS status_en
        FROM goals.verdict WHERE known_from <= DATE '{day}' ORDER BY goal_id, decided_on, verdict_id""",
    "caveats": """
        SELECT figure.goal_id, figure.indicator_id, figure.method_version, figure.period_label, figure.flag,
               flag.severity, flag.label_nl, flag.label_en, flag.description_nl, flag.description_en, NULL AS source_url
        FROM (
            SELECT DISTINCT goal_id, indicator_id, method_version, period_label, period_end, unnest(flags) AS flag
            FROM as_of(DATE '{day}')
        ) AS figure
        JOIN goals.flag AS flag USING (flag)
        UNION ALL
        SELECT broken.goal_id, broken.indicator_id, broken.method_version, NULL, broken.flag, flag.severity,
               flag.label_nl, flag.label_en, broken.description_nl, broken.description_en, broken.source_url
        FROM goals."break" AS broken JOIN goals.flag AS flag USING (flag) WHERE broken.known_from <= DATE '{day}'
        ORDER BY ALL""",
    "revisions": """
        SELECT earlier.snapshot_year AS since_snapshot, revised.*,
               in_words('revision_kind', kind, 'nl') AS kind_nl, in_words('revision_kind', kind, 'en') AS kind_en
        FROM revisions AS revised
        JOIN (SELECT unnest(range({first_year}, {year})) AS snapshot_year) AS earlier
          ON revised.revised_on > make_date(earlier.snapshot_year, 12, 31)
        WHERE revised.entity_level = 'national' AND revised.revised_on <= DATE '{day}'
        ORDER BY earlier.snapshot_year, goal_id, indicator_id, method_version, breakdown, period_end, revised_on""",
    "changes": "FROM snapshot_changes WHERE year = {year} ORDER BY goal_id, answer",
    "errata": """
        SELECT *, holds_on(touched_from, touched_to, DATE '{day}') AS touches_this_day
        FROM errata ORDER BY found_on, erratum_id""",
    "assumptions": """
        SELECT * EXCLUDE (line), in_words('assumption_quality', quality, 'nl') AS quality_nl, in_words('assumption_quality', quality, 'en') AS quality_en,
               in_words('assumption_impact', impact, 'nl') AS impact_nl, in_words('assumption_impact', impact, 'en') AS impact_en
        FROM goals.assumption ORDER BY assumption_id""",
}
ABOUT = {
    "goals": "status of each goal with its rule and reason, as known on {day}",
    "progress": "values of 2018 and 2020 of each goal, as known now",
    "figures": "every national figure with method, period and source, as known on {day}",
    "evidence": "evidence with side, strength and address, as known on {day}",
    "verdicts": "verdicts, as known on {day}",
    "caveats": "what a reader of a figure must know, as known on {day}",
    "revisions": "national figures that publishers revised since the snapshots of earlier years, up to {day}",
    "changes": "which answers changed since the snapshot of the year before, and why",
    "errata": "what we had wrong ourselves, whenever it was found",
    "assumptions": "what we assume, how well it is founded and what depends on it",
}
"""What each table holds."""
THEN_AND_NOW = """
SELECT goal_id, indicator_id, method_version, period_label, indicator.unit, indicator.decimals, indicator.name_nl, indicator.name_en,
       known.value AS then_value, known.value_low AS then_low, known.value_high AS then_high,
       latest.value AS now_value, latest.value_low AS now_low, latest.value_high AS now_high, latest.known_from,
       coalesce(latest.flags, known.flags) AS flags, coalesce(latest.synthetic, known.synthetic) AS synthetic
FROM as_of(DATE '{day}') AS known
FULL JOIN timeline AS latest USING (goal_id, indicator_id, method_version, breakdown, period_label, period_start, period_end)
JOIN goals.indicator AS indicator USING (goal_id, indicator_id) JOIN goals.goal AS goal USING (goal_id)
WHERE breakdown = CASE WHEN goal.headline_indicator_id = indicator_id THEN goal.headline_breakdown ELSE 'total' END
ORDER BY goal_id, indicator.line, method_version, period_end"""
METHODS = """
SELECT DISTINCT indicator.goal_id, method.indicator_id, indicator.name_nl, indicator.name_en, indicator.line, method.* EXCLUDE (indicator_id, line)
FROM goals.method AS method JOIN goals.indicator AS indicator USING (indicator_id) JOIN timeline USING (indicator_id, method_version)
ORDER BY indicator.goal_id, indicator.line, method.method_version"""


def write_evaluation(
    con: duckdb.DuckDBPyConnection, snapshot_as_of: date, folder: Path, cache: Path | None = None
) -> list[Path]:
    """Write the evaluators' folder and return its files in order of name. Nothing is left behind when it fails.

    Charts drawn before are taken from `cache`, the cache folder of a data directory.
    """
    tables, site = tables_of(snapshot_as_of), Site(con)
    with staged_folder(folder) as part:
        rows = {}
        for name, select in tables.items():
            con.execute(f"COPY ({select}) TO '{quoted(part / f'{name}.parquet')}' (FORMAT parquet)")
            rows[name] = write_query(con, select, part / f"{name}.csv")
        values, charts = shown(con, site, snapshot_as_of), Charts(cache / "charts" if cache else None)
        for language in LANGUAGES:
            page = document(site, Text(language, site.codes), values, charts)
            write_bytes(part / f"evaluation_{language}.html", page.encode())
        facts = facts_of(
            con,
            kind="evaluation",
            name=f"evaluation {snapshot_as_of.year}",
            version=site.release["version"],
            created=site.release["published_at"].isoformat(),
            content_hash=site.release["content_hash"],
        )
        relations = evaluation_relations(snapshot_as_of, tables)
        vintages = vintage_sheets(con, snapshot_as_of, Text("nl"))
        write_workbook(con, part / "evaluatie.xlsx", "nl", relations, facts, EVALUATION_SHEETS, vintages)
        write_bytes(part / "README.md", readme(snapshot_as_of, facts, rows).encode())
        write_sums(part)
    return sorted(folder.iterdir())


def tables_of(day: date) -> dict[str, str]:
    """The select of every table."""
    return {
        name: select.format(day=day, first_year=FIRST_SNAPSHOT_YEAR, year=day.year) for name, select in TABLES.items()
    }


def shown(con: duckdb.DuckDBPyConnection, site: Site, day: date) -> dict[str, Any]:
    """What the documents of both languages show beside the goals of the report."""
    tables = tables_of(day)
    assets = files("warehouse.report") / "static"
    return {
        "day": day,
        "then": {row["goal_id"]: row for row in records(con, tables["goals"])},
        "figures": by_goal(records(con, THEN_AND_NOW.format(day=day))),
        "methods": by_goal(records(con, METHODS)),
        "revised": records(con, f"""SELECT revised.*, indicator.name_nl, indicator.name_en, indicator.decimals
            FROM ({tables["revisions"]}) AS revised JOIN goals.indicator AS indicator USING (indicator_id)
            WHERE kind <> 'confirmed' ORDER BY ALL"""),  # noqa: S608 - a select of ours
        "licences": site.licences,
        "known_licences": KNOWN_LICENCES,
        "basis": scalar(con, f"SELECT max(basis) FROM snapshots WHERE as_of = DATE '{day}' AND is_latest"),  # noqa: S608 - a date
        "css": Markup((assets / "style.css").read_text(encoding="utf-8")),  # noqa: S704 - our own style
        "release": site.release,
        "changes": records(con, tables["changes"]),
        "errata": site.errata,
        "assumptions": site.assumptions,
        "names": site.indicators,
        "goals": site.goals,
        "statuses": site.statuses,
        "flagwords": site.flags,
        "symbols": STATUS_SYMBOLS,
    }  # fmt: skip


def document(site: Site, text: Text, values: dict[str, Any], charts: Charts) -> str:
    """The whole document in one language: no script, and nothing from outside the file."""
    notice = NOTICE[text.lang] if site.release["synthetic"] else None
    drawings = {goal.goal_id: drawings_of(goal, text, charts) for goal in site.goals}
    template = environment().get_template("evaluation.html")
    return template.render(t=text, lang=text.lang, notice=notice, drawings=drawings, **values)


def readme(day: date, facts: dict[str, Any], rows: dict[str, int]) -> str:
    """What lies in the folder, in both languages."""
    lines = []
    for language in LANGUAGES:
        text = Text(language)
        lines += [f"# {text('Sectorakkoord VO 2018-2020: evaluation, as known on {day}', day=text.day(day))}", ""]
        lines += [f"**{NOTICE[language]}**", ""] if facts["synthetic"] else []
        lines += [text("Release version {version}, content {hash}.", version=facts["version"], hash=facts["content_hash"]), ""]  # fmt: skip
        lines += [f"- `evaluation_{language}.html`: " + text("the document to read and to print on A4")]
        lines += ["- `evaluatie.xlsx`: " + text("the tables as a workbook, in Dutch")]
        for name, about in ABOUT.items():
            counted = text.plural("{n} row", "{n} rows", rows[name])
            lines += [f"- `{name}.csv`, `{name}.parquet`: {text(about, day=text.day(day))} ({counted})"]
        lines += ["- `SHA256SUMS`: " + text("checksums; check them with") + " `sha256sum -c SHA256SUMS`", ""]
        lines += [text("CSV is UTF-8 with a comma between cells and a point in numbers; a text that a spreadsheet would take for a formula has an apostrophe in front. Codes stand beside their words (columns that end in _nl and _en)."), ""]  # fmt: skip
    return "\n".join(lines)
