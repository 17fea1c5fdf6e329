"""What a goal page shows: status then and now, evidence, verdicts, and where every figure comes from."""

from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.report.indicators import load_indicators
from warehouse.report.model import Indicator, Series, Spread, WrittenOnce, records
from warehouse.report.spreads import load_spreads
from warehouse.text import Text

GOALS = """
SELECT goal.*, ambition.name_nl AS ambition_nl, ambition.name_en AS ambition_en
FROM goals.goal AS goal JOIN goals.ambition AS ambition USING (ambition_id) ORDER BY goal_id"""
NOW = """
SELECT status.*, status_name.label_nl, status_name.label_en FROM goal_status AS status JOIN goals.status AS status_name USING (status)"""
FROZEN = """
SELECT snapshot.year, snapshot.as_of, snapshot.basis, snapshot.snapshot_id, frozen.* EXCLUDE (snapshot_id),
       status_name.label_nl, status_name.label_en
FROM snapshot.goal_status AS frozen
JOIN snapshot.snapshot AS snapshot USING (snapshot_id)
JOIN goals.status AS status_name ON status_name.status = frozen.status
WHERE snapshot.is_latest
ORDER BY snapshot.year"""
SOURCES = """
SELECT o.goal_id, o.indicator_id, o.method_version, o.breakdown, o.period_label, o.year, o.value, o.value_low, o.value_high,
       o.known_from, o.masked_cells, o.synthetic, o.numerator, o.denominator, method.definition_nl, method.definition_en,
       file.source_file_id, file.publisher, file.url AS file_url, coalesce(printed.source_title, file.publisher) AS source,
       coalesce(printed.source_url, file.url) AS url, file.file_name, file.sha256, file.retrieved_on,
       coalesce(printed.published_on, file.published_on) AS published_on,
       coalesce(printed.published_precision, CASE WHEN file.published_on IS NOT NULL THEN 'day' ELSE 'unknown' END) AS precision,
       CASE WHEN len(o.source_lines) > 0 THEN array_to_string(o.source_lines, ', ') END AS lines, file.core_lines
FROM goals.observation AS o
JOIN goals.method AS method USING (indicator_id, method_version)
JOIN meta.source_file AS file ON file.source_file_id = o.source_file_ids[1]
LEFT JOIN goals.published_value AS printed ON o.source_file_ids[1] LIKE 'register/%' AND printed.lines = o.source_lines
WHERE o.entity_level = 'national' AND o.known_to IS NULL AND o.breakdown = 'total'
ORDER BY o.goal_id, o.indicator_id, o.method_version, o.period_end"""
COVERAGE = """
SELECT goal_id, count(DISTINCT year) FILTER (national_values > 0 AND year BETWEEN 2018 AND 2020) AS years,
       coalesce(max(boards), 0) AS boards, coalesce(max(schools), 0) AS schools
FROM coverage GROUP BY goal_id"""
NAMED = "SELECT goal_id, indicator_id, coalesce(b['year'], c['year']) AS year FROM goals.told_figures_as_of(DATE '9999-12-31')"

FIXED = (
    "Ministry of Education (OCW), dashboard",
    "editors of this warehouse",
    "minister for primary and secondary education and media",
    "not yet reached",
    "not entirely reached",
    "not judged by itself; not named among the goals not yet reached",
)
"""Who gave a verdict, and official outcomes. The register has their Dutch, which is also that of the catalogue."""


@dataclass(repr=False)
class Goal(WrittenOnce):
    """One goal with all that is known of it."""

    row: dict[str, Any]
    now: dict[str, Any]
    frozen: dict[int, dict[str, Any]]
    progress: dict[str, Any]
    coverage: dict[str, Any]
    evidence: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    waves: list[dict[str, Any]]
    headline: Indicator | None
    named: tuple[Indicator, Series] | None
    """What its sentence names values of; None where it names none."""
    others: list[Indicator]
    spreads: list[Spread]

    @property
    def goal_id(self) -> str:
        """G01 to G15."""
        return str(self.row["goal_id"])

    def sentence(self, text: Text) -> str:
        """What is known, in one sentence, as `goal_status` says it."""
        return str(self.now[f"sentence_{text.lang}"])

    @property
    def since(self) -> dict[str, Any] | None:
        """The earliest snapshot from which on the status was what it is now; None where it always was, or only is now."""
        same: list[dict[str, Any]] = []
        for then in reversed(self.frozen.values()):
            if then["status"] != self.now["status"]:
                break
            same.append(then)
        return same[-1] if 0 < len(same) < len(self.frozen) else None

    @property
    def is_new(self) -> bool:
        """Did no snapshot have this status at its end?"""
        last = next(reversed(self.frozen.values()), None)
        return last is not None and last["status"] != self.now["status"]

    @property
    def files(self) -> list[str]:
        """The files behind its figures, each once."""
        return list(dict.fromkeys(one["source_file_id"] for one in self.sources))

    @property
    def file(self) -> str:
        """Name of its page, the same in both languages."""
        return f"goal-{self.goal_id.lower()}.html"


def load_goals(con: duckdb.DuckDBPyConnection) -> list[Goal]:
    """All fifteen goals."""
    indicators = load_indicators(con)
    now = {row["goal_id"]: row for row in records(con, NOW)}
    progress = {row["goal_id"]: row for row in records(con, "FROM progress(2018, 2020)")}
    coverage = {row["goal_id"]: row for row in records(con, COVERAGE)}
    evidence = by_goal(records(con, "FROM goals.evidence ORDER BY strength, published_on DESC NULLS LAST, evidence_id"))
    verdicts = by_goal(records(con, "FROM goals.verdict ORDER BY known_from, verdict_id"))
    sources = by_goal(records(con, SOURCES))
    waves = by_goal(records(con, "FROM international_waves"))
    frozen = by_goal(records(con, FROZEN))
    named = {row["goal_id"]: named_series(indicators[row["indicator_id"]], row["year"]) for row in records(con, NAMED)}
    goals = []
    for row in records(con, GOALS):
        name = row["goal_id"]
        headline = indicators.get(row["headline_indicator_id"])
        others = [one for one in indicators.values() if one.goal_id == name and one is not headline]
        candidates = [headline, *others] if headline else others
        goals.append(
            Goal(
                row,
                now[name],
                {one["year"]: one for one in frozen.get(name, [])},
                progress[name],
                coverage[name],
                evidence.get(name, []),
                verdicts.get(name, []),
                sources.get(name, []),
                waves.get(name, []),
                headline,
                named.get(name),
                others,
                load_spreads(con, candidates),
            )
        )
    return goals


def named_series(indicator: Indicator, year: int) -> tuple[Indicator, Series]:
    """The series of an indicator in which a sentence found its last value: not always the first one."""
    return indicator, next(one for one in indicator.series if any(point.year == year for point in one.points))


def english_of() -> dict[str, str]:
    """Fixed words as the register has them, in Dutch -> in English."""
    return {Text("nl")(words): words for words in FIXED}


def by_goal(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows under their goal."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["goal_id"], []).append(row)
    return found
