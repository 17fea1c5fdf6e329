"""Ten questions to the warehouse, worked out: `marimo run notebooks/ten_questions.py`, or `marimo edit` to play with them.

It reads `data/warehouse.duckdb`, or what is given as `-- --warehouse PATH`, and needs no network.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Sectorakkoord VO 2018-2020: ten questions")

with app.setup:
    import json
    from pathlib import Path

    import duckdb
    import marimo as mo
    import pandas as pd
    import vl_convert


@app.cell
def _():
    warehouse = Path(mo.cli_args().get("warehouse") or "data/warehouse.duckdb")
    return (warehouse,)


@app.cell
def _(warehouse):
    if not warehouse.exists():
        raise FileNotFoundError(
            f"{warehouse}: there is no published warehouse; run `make run`, or give -- --warehouse PATH."
        )
    con = duckdb.connect(str(warehouse), read_only=True)

    def ask(query: str, **values: object) -> pd.DataFrame:
        """The answer to a query; `$name` in it stands for a value."""
        return con.execute(query, values or None).df()

    def cell(value: object) -> str:
        """One cell as people write it: nothing where nothing is known, no more digits than matter, lists with commas."""
        if isinstance(value, float):
            return "" if pd.isna(value) else f"{value:,.2f}".removesuffix(".00")
        if isinstance(value, str | int) or value is pd.NaT:
            return str(value)
        return ", ".join(value) if hasattr(value, "__len__") else str(value)[:10]

    def table(frame: pd.DataFrame) -> mo.ui.table:
        """A frame for reading."""
        return mo.ui.table(
            frame.map(cell), selection=None, page_size=15, show_column_summaries=False, show_data_types=False
        )

    def chart(frame: pd.DataFrame, *layers: dict) -> mo.Html:
        """A small Vega-Lite chart as SVG, drawn without network."""
        spec = {
            "width": 520,
            "height": 220,
            "data": {"values": json.loads(frame.to_json(orient="records"))},
            "layer": list(layers),
        }
        return mo.Html(vl_convert.vegalite_to_svg(spec))

    return ask, chart, con, table


@app.cell
def _(ask):
    edition, synthetic = ask("FROM meta.edition").iloc[0]
    release = ask("SELECT release_id, version, published_at FROM meta.release").iloc[0]
    mo.vstack(
        [
            mo.md(
                f"# Ten questions\nRelease {release['release_id']}, version {release['version']}, **{edition}** edition. "
                "Nationally published figures are real in every edition."
            ),
            mo.callout(
                "SYNTHETIC: in the sample edition everything at school level is made up for practice. Questions 7, 8 and 9 "
                "say nothing about real schools here.",
                kind="danger",
            )
            if synthetic
            else mo.callout("School level: real files of the publishers.", kind="info"),
        ]
    )
    return edition, synthetic


@app.cell
def _(ask, table):
    goals = ask(
        """SELECT goal_id, goal_en, baseline_value, target_value, value_from, value_to, share_of_distance,
                  in_words('status', status, 'en') AS status, status AS status_code, flags
        FROM progress(2018, 2020) ORDER BY goal_id"""
    )
    counted = goals["status"].value_counts()
    mo.vstack(
        [
            mo.md(
                f"## 1. What came of the fifteen goals?\nOf {len(goals)} goals, {counted.get('Not assessable', 0)} cannot be "
                "assessed: there is no usable figure, or a proxy that cannot support a verdict. That is an answer, not a gap."
            ),
            table(goals.drop(columns="status_code")),
        ]
    )
    return (goals,)


@app.cell
def _(ask):
    repeating = ask(
        """SELECT year, value, flags FROM timeline
        WHERE indicator_id = 'g02_zittenblijf_pct' AND method_version = 'excl_nieuwkomers' ORDER BY year"""
    )
    target = ask("SELECT target_value FROM goals.target WHERE indicator_id = 'g02_zittenblijf_pct'").iloc[0, 0]
    blocking = set(ask("SELECT flag FROM goals.flag WHERE severity = 'blocking'")["flag"])
    repeating["usable"] = [not blocking & set(flags) for flags in repeating["flags"]]
    met = repeating[repeating["value"] <= target]
    base, last = repeating["value"].iloc[0], repeating[repeating["usable"]].iloc[-1]
    blocked_by = sorted(blocking & set(met["flags"].iloc[-1]))
    mo.md(
        f"## 2. Was the target for grade repetition reached?\nThe target value of {target:.1f} percent was reached in "
        f"{len(met)} of {len(repeating)} years: {met['value'].iloc[-1]:.2f} in {met['year'].iloc[-1]}. That value carries a "
        f"blocking flag ({', '.join(blocked_by)}). The last value without one is {last['value']:.2f} in {last['year']}, "
        f"{'above' if last['value'] > base else 'below'} the base of {base:.2f}. So the target value was reached, and it says "
        "nothing about the goal."
    )
    return (repeating,)


@app.cell
def _(ask, table):
    days = pd.date_range("2016-12-31", "2022-12-31", freq="YE").strftime("%Y-%m-%d")
    known = pd.concat(
        [
            ask(
                """SELECT $day::DATE AS day, year, value FROM as_of($day)
                WHERE indicator_id = 'g02_zittenblijf_pct' AND method_version = 'excl_nieuwkomers' AND year >= 2016""",
                day=day,
            )
            for day in days
        ]
    )
    known_when = known.assign(year=known["year"].astype(str)).pivot(index="day", columns="year", values="value")
    vintages = ask(
        "FROM vintage_table('g02_zittenblijf_pct') WHERE method_version = 'excl_nieuwkomers' AND year(period_end) >= 2016"
    )
    by_vintage = vintages.assign(year=vintages["period_end"].astype(str).str[:4]).pivot(
        index="vintage", columns="year", values="value"
    )
    mo.vstack(
        [
            mo.md(
                "## 3. What was known when?\nA row is a day, a column the year of the figure. The 3.32 of 2020 is in no "
                "snapshot: it was published in 2021, and the figure of 2019 was then revised from 6.30 to 5.91."
            ),
            table(known_when.reset_index()),
            mo.md("The same on each day on which anything of it was known to change:"),
            table(by_vintage.reset_index()),
        ]
    )
    return by_vintage, known_when


@app.cell
def _(ask, table):
    frozen = ask(
        """SELECT frozen.year AS snapshot, count(*) AS national_values,
                  count(*) FILTER (now_known.value IS DISTINCT FROM seen.value) AS different_now
        FROM snapshots AS frozen
        JOIN snapshot.observation AS seen USING (snapshot_id)
        LEFT JOIN timeline AS now_known
          ON now_known.indicator_id = seen.indicator_id AND now_known.method_version = seen.method_version
         AND now_known.breakdown = seen.breakdown AND now_known.period_end = seen.period_end
        WHERE frozen.is_latest AND seen.entity_level = 'national' AND NOT seen.synthetic
        GROUP BY frozen.year ORDER BY frozen.year"""
    )
    mo.vstack(
        [
            mo.md("## 4. How many national figures of each snapshot read differently today?"),
            table(frozen),
        ]
    )
    return (frozen,)


@app.cell
def _(ask, chart):
    absent = ask(
        """SELECT seen.year, seen.value, path_at(seen.year, base_year, target_year, baseline_value, target_value) AS path
        FROM timeline AS seen JOIN goals.target USING (indicator_id, breakdown)
        WHERE seen.indicator_id = 'g03_thuiszitters_gt3m_n' AND seen.breakdown = 'total' ORDER BY seen.year"""
    )
    axes = {
        "x": {
            "field": "year",
            "type": "quantitative",
            "scale": {"zero": False},
            "axis": {"format": "d", "tickMinStep": 1},
        }
    }
    mo.vstack(
        [
            mo.md(
                f"## 5. Did long-term absence go down?\nNo: from {absent['value'].iloc[0]:,.0f} to "
                f"{absent['value'].iloc[-1]:,.0f} children, while the path (dashed) falls to zero. The count covers all "
                "children of compulsory school age, not secondary education only."
            ),
            chart(
                absent,
                {
                    "mark": {"type": "line", "point": True},
                    "encoding": {**axes, "y": {"field": "value", "type": "quantitative", "title": "children"}},
                },
                {
                    "mark": {"type": "line", "strokeDash": [4, 4]},
                    "encoding": {**axes, "y": {"field": "path", "type": "quantitative"}},
                },
            ),
        ]
    )
    return (absent,)


@app.cell
def _(ask):
    places = ask(
        """SELECT seen.year, seen.value, seen.value >= target_value AS reaches_target, seen.period_start < agreement_start() AS before_agreement
        FROM timeline AS seen JOIN goals.target USING (indicator_id, breakdown)
        WHERE seen.indicator_id = 'g09_opleidingsplekken_n' ORDER BY seen.year"""
    )
    first = places[places["reaches_target"]].iloc[0]
    mo.md(
        f"## 6. Are more places at training schools a result of the agreement?\nThe minimum was reached in {first['year']} with "
        f"{first['value']:,.0f} places, in a period that began "
        f"{'before' if first['before_agreement'] else 'after'} the agreement. Part of the growth is places that moved from "
        "other funding; the source does not say how many."
    )
    return (places,)


@app.cell
def _(ask, table):
    bounds = ask(
        """SELECT entity_level, count(*) AS shares, count(*) FILTER (value IS NULL) AS only_bounds,
                  median(value_high - value_low) FILTER (value IS NULL) AS median_width
        FROM observations_as_of('9999-12-31')
        WHERE indicator_id = 'g06_slaagpct' AND method_version = 'bottom_up' AND breakdown = 'total' AND year = 2020
        GROUP BY entity_level ORDER BY median_width"""
    )
    mo.vstack(
        [
            mo.md(
                "## 7. What do hidden counts leave to say?\nThe pass rate of 2020, by level: where cells are hidden there is no "
                "value but proven bounds, in percentage points. They are narrow for the country and wide for a single site."
            ),
            table(bounds),
        ]
    )
    return (bounds,)


@app.cell
def _(ask, table):
    became_final = ask(
        """SELECT indicator_id, count(*) AS became_final, count(*) FILTER (kind = 'confirmed') AS confirmed,
                  quantile_cont(abs(change), 0.99) AS size_99_pct
        FROM revisions WHERE kind IN ('confirmed', 'provisional_to_final') GROUP BY indicator_id"""
    )
    became_final["confirmed_pct"] = 100 * became_final["confirmed"] / became_final["became_final"]
    mo.vstack(
        [
            mo.md(
                "## 8. How far can provisional figures be trusted?\nValues whose provisional version was replaced by a final one."
            ),
            table(became_final),
        ]
    )
    return (became_final,)


@app.cell
def _(ask, chart):
    first_year, last_year = ask(
        """SELECT min(year), max(year) FILTER (year <= 2020) FROM goals.observation
        WHERE indicator_id = 'g02_zittenblijf_pct' AND method_version LIKE 'bottom_up%' AND entity_level = 'school'"""
    ).iloc[0]
    boards = ask(
        """SELECT board_id, value_from, value_to, change, flags, len(school_ids_to) AS schools
        FROM board_progress($first, $last) WHERE indicator_id = 'g02_zittenblijf_pct' AND change IS NOT NULL""",
        first=int(first_year),
        last=int(last_year),
    )
    rose = (boards["change"] > 0).mean()
    touched = sum(bool(set(flags) - {"synthetic"}) for flags in boards["flags"])
    mo.vstack(
        [
            mo.md(
                f"## 9. Did boards move together?\nChange of the share of grade repeaters between {first_year} and {last_year} for "
                f"{len(boards)} boards, each with the same schools on both sides: {100 * rose:.0f} percent of them rose. "
                f"{touched} were touched by a merger, transfer or split, and say so."
            ),
            chart(
                boards[["change"]],
                {
                    "mark": "bar",
                    "encoding": {
                        "x": {"field": "change", "bin": {"maxbins": 40}, "title": "change, percentage points"},
                        "y": {"aggregate": "count", "title": "boards"},
                    },
                },
            ),
        ]
    )
    return (boards,)


@app.cell
def _(ask, table):
    evidence = ask(
        """SELECT status.goal_id, status.goal_en, status.evidence_for AS for, status.evidence_against AS against,
                  count(DISTINCT seen.independent_source) AS sources, min(seen.strength) AS strongest,
                  coalesce(status.verdict_role, '-') AS verdict_by, status.status
        FROM goal_status AS status LEFT JOIN goals.evidence AS seen USING (goal_id)
        GROUP BY ALL ORDER BY status.goal_id"""
    )
    both_sides = evidence[(evidence["for"] > 0) & (evidence["against"] > 0)]
    mo.vstack(
        [
            mo.md(
                f"## 10. Where does the evidence disagree?\nFor {len(both_sides)} goals there is evidence on both sides; it stays side "
                "by side. A verdict needs two independent sources."
            ),
            table(evidence),
        ]
    )
    return (evidence,)


if __name__ == "__main__":
    app.run()
