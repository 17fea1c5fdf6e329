"""The fold and the questions on it at scale: synthetic observations in many vintages, made by a few lines of SQL."""

import time
from pathlib import Path

import duckdb

from warehouse.api import FOLDER as API
from warehouse.archive.edition import Edition
from warehouse.build.build_warehouse import default_memory_limit, run_sql
from warehouse.build.core_tables import load_datasets
from warehouse.build.tables import create_tables
from warehouse.database import connect, literal
from warehouse.register.loader import load_register
from warehouse.release.snapshots import freeze, verify

VINTAGES = 100
INDICATOR = "g02_zittenblijf_pct"
METHOD = "bottom_up_incl_nieuwkomers"
FILL = """
INSERT INTO core.candidate
SELECT indicator.indicator_id, indicator.method_version,
       CASE WHEN entity = 0 THEN 'national' ELSE 'school' END AS entity_level,
       CASE WHEN entity = 0 THEN 'NL' ELSE printf('%06d', entity) END AS entity_id,
       (2010 + period)::VARCHAR AS period_label, make_date((2010 + period)::INT, 10, 1) AS period_start,
       make_date((2011 + period)::INT, 10, 1) AS period_end, 'total' AS breakdown,
       printf('v%03d', vintage) AS source_file_id, DATE '2012-01-01' + INTERVAL (vintage * 30) DAY AS known_from,
       0 AS rank, 'duo_05_zittenblijvers' AS dataset_id, 100.0 AS scale, true AS is_ratio,
       hash(indicator.indicator_id, entity, period, vintage) % 100 AS numerator, 1000 AS denominator,
       0 AS masked_cells, 0 AS masked_lines, NULL::DOUBLE AS ratio_low, NULL::DOUBLE AS ratio_high
FROM (SELECT indicator_id, method_version FROM goals.method WHERE origin = 'bottom_up' AND indicator_id IN (
          'g01_opstroom_pct', 'g01_afstroom_pct', 'g02_zittenblijf_pct') AND method_version = 'bottom_up_incl_nieuwkomers'
      ORDER BY ALL) AS indicator,
     range({entities}) AS e(entity), range(10) AS p(period), range({vintages}) AS v(vintage)"""


def build_at_scale(target: Path, rows: int, bounded: bool = True) -> tuple[int, float]:
    """Fold about `rows` synthetic observations into `target`. Returns how many there are and the processor seconds of the fold.

    `bounded`: in the memory that a build takes by default.
    """
    target.unlink(missing_ok=True)
    entities = max(rows // (3 * 10 * VINTAGES), 1)
    with connect(target) as con:
        if bounded:
            con.execute(f"SET memory_limit = {literal(default_memory_limit(con))}")
            con.execute(f"SET temp_directory = {literal(f'{target}.tmp')}")
        create_tables(con)
        con.execute("INSERT INTO meta.edition (edition, synthetic) VALUES ('sample', true)")
        load_datasets(con)
        load_register(con)
        con.execute(
            "INSERT INTO meta.source_file BY NAME SELECT printf('v%03d', i) AS source_file_id, sha256(i::VARCHAR) AS sha256, "
            "'duo_05_zittenblijvers' AS dataset_id, printf('v%03d.csv', i) AS file_name, 'made up' AS publisher, "
            "DATE '2012-01-01' + INTERVAL (i * 30) DAY AS known_from, 0 AS bytes, 0 AS data_lines, 0 AS core_lines, "
            "0 AS quarantined_lines, true AS synthetic FROM range(?) AS r(i)",
            [VINTAGES],
        )
        con.execute("CREATE TEMP TABLE unit_to_fold AS SELECT indicator_id, method_version FROM goals.method")
        for script in ("steps/20_site_sums.sql", "steps/30_sites.sql", "steps/40_candidates.sql"):
            run_sql(con, script)
        con.execute(FILL.format(entities=entities, vintages=VINTAGES))
        start = time.process_time()
        run_sql(con, "steps/50_fold.sql")
        seconds = time.process_time() - start
        con.execute("DROP TABLE core.candidate")
        for script in sorted(API.glob("*.sql")):
            if script.name <= "22_status_views.sql":
                con.execute(script.read_text())
        count = con.execute("SELECT count(*) FROM goals.observation").fetchone()[0]
    return count, seconds


def best_ms(con: duckdb.DuckDBPyConnection, query: str, times: int = 7) -> float:
    """The median time of a query in milliseconds, after one run to warm up."""
    con.execute(query).fetchall()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        con.execute(query).fetchall()
        spent.append(1000 * (time.perf_counter() - start))
    return sorted(spent)[times // 2]


def measure(folder: Path, rows: int = 10_000_000) -> list[tuple[str, str, str]]:
    """Rows of (what, measured, goal) for the scale part of the benchmark."""
    from datetime import date

    results = []
    slopes = []
    for size in (rows // 10, rows // 3, rows):
        count, seconds = build_at_scale(folder / "scale.duckdb", size)
        slopes.append(f"{count / 1e6:.1f} M: {seconds:.1f} s ({1e6 * seconds / count:.2f} s per M)")
    results.append(("fold, processor seconds by rows", "; ".join(slopes), "linear"))
    with connect(folder / "scale.duckdb", read_only=True) as con:
        asof = best_ms(con, f"FROM as_of('2015-06-01') WHERE indicator_id = '{INDICATOR}'")
        results.append((f"as_of, one indicator, {count / 1e6:.0f} M observations", f"{asof:.0f} ms", "<= 50 ms"))
        history = best_ms(con, "FROM history() WHERE entity_level = 'national'")
        results.append(("full national history", f"{history:.0f} ms", "<= 100 ms"))
        start = time.perf_counter()
        snapshot, _ = freeze(con, folder / "archive", Edition("sample"), 2018, date(2026, 1, 1))
        results.append(
            (f"snapshot of {snapshot.rows['observation']:,} values", f"{time.perf_counter() - start:.1f} s", "<= 5 s")
        )
        start = time.perf_counter()
        verify(folder / "archive", Edition("sample"), 2018)
        results.append(("verify it", f"{time.perf_counter() - start:.1f} s", "<= 5 s"))
    return results
