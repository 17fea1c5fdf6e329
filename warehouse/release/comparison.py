"""How a build differs from the release in place: values, tables and columns, numbers of rows."""

import duckdb

from warehouse.database import insert, scalar
from warehouse.release.changes import ChangeCounts, compare
from warehouse.release.content_hash import EXCLUDED as ABOUT_THE_MAKING
from warehouse.release.content_hash import Parts, keep_digests, kept_parts
from warehouse.release.snapshots import compared
from warehouse.release.stores import LAST

CURRENT = "SELECT * FROM {catalog}goals.observation WHERE known_to IS NULL"
EXCLUDED = tuple(sorted(ABOUT_THE_MAKING))
"""Tables about the making of a release: written after the comparison, so they are no difference."""
COLUMNS = """
SELECT table_schema || '.' || table_name || '.' || column_name || ' ' || data_type
FROM information_schema.columns WHERE table_catalog = '{catalog}' AND table_schema IN ('main', 'goals', 'core', 'meta', 'snapshot')
  AND table_schema || '.' || table_name NOT IN {left_out}"""

COUNTED = """
SELECT schema_name || '.' || table_name AS name, database_name, '"' || database_name || '"."' || schema_name || '"."' || table_name || '"'
FROM duckdb_tables()
WHERE NOT temporary AND name NOT IN {left_out} AND database_name IN ('{here}', '{last}')
ORDER BY ALL"""


def compare_with_last(con: duckdb.DuckDBPyConnection, comparable: bool) -> tuple[ChangeCounts, str]:
    """Compare the build with the release attached as `last_release` into the tables `meta.*_change`.


    Where the two are not comparable (a first release, another edition, a damaged file) the tables are empty.
    Returns the number of changes, and the content hash of the build.
    """
    # A build that is a copy of the last release has that release's rows.
    con.execute("DELETE FROM meta.release_change; DELETE FROM meta.schema_change; DELETE FROM meta.count_change")
    kept: Parts = {}
    new = CURRENT.format(catalog="")
    if not comparable:
        counts = compare(con, *2 * [compared(f"{new} LIMIT 0")])
    else:
        here = scalar(con, "SELECT current_database()")
        counts = compare(con, compared(CURRENT.format(catalog=f"{LAST}.")), compared(new))
        for kind, one, other in (("removed", LAST, here), ("added", here, LAST)):
            con.execute(
                f"INSERT INTO meta.schema_change (kind, what) SELECT '{kind}', * FROM "  # noqa: S608 - constants
                f"({COLUMNS.format(catalog=one, left_out=EXCLUDED)} EXCEPT {COLUMNS.format(catalog=other, left_out=EXCLUDED)}) "
                "ORDER BY ALL"
            )
        record_count_changes(con, here)
        kept = kept_parts(con, LAST)
    con.execute("INSERT INTO meta.release_change BY NAME FROM change ORDER BY ALL")
    return counts, keep_digests(con, kept)


def record_count_changes(con: duckdb.DuckDBPyConnection, here: str) -> None:
    """Tables with another number of rows than in the last release, into `meta.count_change`.

    The rows are counted: DuckDB's own `estimated_size` still includes rows that were deleted.
    """
    counts: dict[str, dict[str, int]] = {}
    for name, database, table in con.execute(COUNTED.format(here=here, last=LAST, left_out=EXCLUDED)).fetchall():
        counts.setdefault(name, {})[database] = scalar(con, f"SELECT count(*) FROM {table}")  # noqa: S608 - names of ours
    changed = [
        {"table_name": name, "rows_before": rows.get(LAST), "rows_after": rows.get(here)}
        for name, rows in counts.items()
        if rows.get(LAST) != rows.get(here)
    ]
    insert(con, "meta.count_change", changed)
