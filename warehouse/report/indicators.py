"""The national series of every indicator, with target, breaks, Covid years and earlier vintages."""

from typing import Any

import duckdb

from warehouse.report.model import Break, Indicator, Point, Series, Target, both, records

VALUES = """
SELECT t.indicator_id, t.method_version, t.year, t.period_label AS label, t.value, t.value_low AS low, t.value_high AS high,
       t.status AS standing, t.flags, t.source, t.known_from, t.synthetic,
       method.origin, method.definition_nl, method.definition_en,
       goal.headline_indicator_id = t.indicator_id AND goal.headline_method_version = t.method_version AS headline
FROM timeline AS t
JOIN goals.goal AS goal USING (goal_id)
JOIN goals.method AS method USING (indicator_id, method_version)
WHERE t.breakdown = CASE WHEN goal.headline_indicator_id = t.indicator_id THEN goal.headline_breakdown ELSE 'total' END
ORDER BY t.indicator_id, headline IS NOT TRUE, method.origin <> 'published', t.method_version, t.period_end"""
VINTAGES = """
SELECT old.indicator_id, old.year, old.period_label AS label, old.value, old.value_low AS low, old.value_high AS high,
       old.status AS standing, old.flags, old.source, old.known_from, old.synthetic
FROM history() AS old
JOIN goals.goal AS goal USING (goal_id)
JOIN timeline AS now
  ON now.indicator_id = old.indicator_id AND now.method_version = old.method_version AND now.breakdown = old.breakdown
 AND now.period_start = old.period_start AND now.period_end = old.period_end
WHERE old.entity_level = 'national' AND NOT old.is_current AND old.value IS NOT NULL AND old.value IS DISTINCT FROM now.value
  AND old.breakdown = CASE WHEN goal.headline_indicator_id = old.indicator_id THEN goal.headline_breakdown ELSE 'total' END
ORDER BY old.indicator_id, old.period_end, old.known_from, old.day_order, old.method_version"""
BREAKS = """
SELECT DISTINCT flag.indicator_id, broken.break_id, broken.kind, year(broken.period_end_from)::INTEGER AS year,
       year(broken.period_end_until)::INTEGER AS until, broken.description_nl, broken.description_en, broken.source_url
FROM goals.break_flag AS flag JOIN goals."break" AS broken USING (break_id)
ORDER BY flag.indicator_id, year, broken.break_id"""

STOOD = """
SELECT snapshot.year AS snapshot_year, frozen.indicator_id, frozen.year, frozen.period_label AS label, frozen.value,
       frozen.value_low AS low, frozen.value_high AS high, frozen.status AS standing, frozen.flags, frozen.source, frozen.known_from,
       frozen.synthetic
FROM snapshot.observation AS frozen JOIN snapshots AS snapshot USING (snapshot_id)
JOIN goals.goal AS goal ON frozen.indicator_id = goal.headline_indicator_id
 AND frozen.method_version = goal.headline_method_version AND frozen.breakdown = goal.headline_breakdown
WHERE snapshot.is_latest AND frozen.entity_level = 'national'
ORDER BY snapshot.year, frozen.indicator_id, frozen.period_end"""
PROFILE = "FROM revision_profile WHERE entity_level = 'national' AND revised > 0"


def load_indicators(con: duckdb.DuckDBPyConnection) -> dict[str, Indicator]:
    """Every indicator that has a national value, by id, in the order of the register."""
    found = {
        row["indicator_id"]: Indicator(
            row["indicator_id"],
            row["goal_id"],
            both(row, "name"),
            row["unit"],
            row["direction"],
            row["type"],
            row["decimals"],
        )
        for row in records(con, "SELECT * FROM goals.indicator ORDER BY goal_id, line")
    }
    for row in records(con, VALUES):
        add_value(found[row["indicator_id"]], row)
    for row in records(con, "FROM goals.target WHERE breakdown = 'total'"):
        found[row["indicator_id"]].target = Target(
            row["base_year"], row["baseline_value"], row["target_year"], row["target_value"], row["target_value_high"],
            both(row, "note"),
        )  # fmt: skip
    for row in records(con, VINTAGES):
        found[row.pop("indicator_id")].vintages.append(Point(**row))
    shown = {name: indicator for name, indicator in found.items() if indicator.series}
    profiles = {(row["indicator_id"], row["method_version"]): row for row in records(con, PROFILE)}
    for indicator in shown.values():
        for series in indicator.series:
            series.number_runs()
            series.profile = profiles.get((indicator.indicator_id, series.method_version))
    for row in records(con, STOOD):
        if held := shown.get(row.pop("indicator_id")):
            held.stood.setdefault(row.pop("snapshot_year"), []).append(Point(**row))
    for indicator in shown.values():
        indicator.stood = differing(indicator)
    for row in records(con, BREAKS):
        if row["indicator_id"] in shown:
            add_break(shown[row["indicator_id"]], row)
    return shown


def add_value(indicator: Indicator, row: dict[str, Any]) -> None:
    """Put a value into the series of its method version."""
    if not indicator.series or indicator.series[-1].method_version != row["method_version"]:
        series = Series(row["method_version"], row["origin"], both(row, "definition"), [])
        indicator.series.append(series)
    names = Point.__dataclass_fields__
    indicator.series[-1].points.append(Point(**{name: row[name] for name in names if name in row}))


def add_break(indicator: Indicator, row: dict[str, Any]) -> None:
    """A break inside the years shown gets a number and a line, Covid a band; what touches every year is a note."""
    years, first = indicator.years, row["year"]
    inside = first is not None and years[0] < first <= years[-1]
    if row["kind"] == "covid":
        last = row["until"] or years[-1]
        covid = [year for year in range(first or years[0], last + 1) if years[0] <= year <= years[-1]]
        indicator.covid_years = sorted({*indicator.covid_years, *covid})
    elif inside:
        number = len(indicator.breaks) + 1
        indicator.breaks.append(Break(number, first, both(row, "description"), row["source_url"]))
        return
    if first is None or first <= years[-1]:
        indicator.notes.append(Break(0, first or years[0], both(row, "description"), row["source_url"]))


def differing(indicator: Indicator) -> dict[int, list[Point]]:
    """The snapshots, unless each says of every period of the first series what is known now."""
    now = [(point.label, point.value) for point in indicator.series[0].points]
    if all([(point.label, point.value) for point in points] == now for points in indicator.stood.values()):
        return {}
    for points in indicator.stood.values():
        Series("", "", {}, points).number_runs()
    return indicator.stood
