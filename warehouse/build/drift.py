"""News about files, recorded in `meta.drift` and never a reason to stop: what differs from the version before, and what
nobody has reviewed yet.

Kinds: `unknown_header` and `reader_note` (from the reader), `header_gone`, `header_new`, `period_gone`, `period_new`, `rows_changed`
(each against the version before of the same subject), `unreviewed` (no row counts in `register/row_count.csv`),
`accepted` (a person let the file in, see `warehouse.archive.acceptances`).
"""

from dataclasses import asdict
from pathlib import Path

import duckdb

from schemas.datasets import datasets
from warehouse.archive.model import Vintage
from warehouse.build.file_versions import header_changes, partitions_of, subject_of
from warehouse.build.parse_cache import ParseCache
from warehouse.database import insert
from warehouse.register.loader import REGISTER
from warehouse.register.reviewed_counts import read_counts


def record_drift(
    con: duckdb.DuckDBPyConnection, vintages: list[Vintage], cache: ParseCache, register: Path = REGISTER
) -> None:
    """Fill `meta.reviewed_count`, and `meta.drift` with the news about `vintages` (in the order they became known)."""
    reviewed = read_counts(register)
    insert(con, "meta.reviewed_count", [asdict(one) for one in reviewed])
    news = news_of(vintages, cache, {one.sha256 for one in reviewed})
    insert(con, "meta.drift", [dict(zip(("source_file_id", "kind", "detail"), one, strict=True)) for one in news])


def news_of(vintages: list[Vintage], cache: ParseCache, reviewed: set[str]) -> list[tuple[str, str, str]]:
    """(source_file_id, kind, detail) for everything that is news."""
    last: dict[tuple[str, str], tuple[list[str], dict[str, int]]] = {}
    news = []
    for vintage in vintages:
        dataset = datasets()[vintage.origin.dataset_id]
        parsed = cache.get(dataset, vintage.origin.file_name, vintage.sha256, vintage.path)
        header, periods = parsed.facts["header"], partitions_of(dataset, parsed.rows)
        subject = dataset.id, subject_of(dataset, vintage.origin.file_name)
        found = []
        if subject in last:
            old_header, had = last[subject]
            found += header_changes(dataset, old_header, header)
            found += [("period_gone", label) for label in had if label not in periods]
            found += [("period_new", label) for label in periods if label not in had]
            found += [
                ("rows_changed", f"{label or 'all'}: {had[label]} -> {rows}")
                for label, rows in periods.items()
                if had.get(label, rows) != rows
            ]
        if vintage.sha256 not in reviewed:
            found.append(("unreviewed", f"{sum(periods.values())} rows in {len(periods)} periods"))
        news += [(vintage.source_file_id, kind, detail) for kind, detail in found]
        last[subject] = header, periods
    return news
