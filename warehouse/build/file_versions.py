"""Which files are versions of one another, and what differs between two of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from schemas.dataset import Dataset
from schemas.fields import PeriodRow
from schemas.reading.header import normal
from warehouse.archive.model import Origin, Vintage
from warehouse.build.parse_cache import ParsedFile
from warehouse.database import connect, one_row

ENTITIES = {
    "board_id": "boards",
    "brin": "schools",
    "vestiging_id": "sites",
    "province": "provinces",
    "rmc_id": "rmc regions",
    "swv_id": "samenwerkingsverbanden",
}
"""Columns that name who is counted, and what they are called."""
NOT_COMPARED = {"line", "masked"}
"""Columns of a parsed file that no publisher wrote as a value (a mask shows as a value that is gone)."""


@dataclass(frozen=True)
class FileChange:
    """What a later version of a file says otherwise: rows by key, and cells of rows that both have."""

    rows_added: int = 0
    rows_removed: int = 0
    cells_changed: int = 0

    @property
    def any(self) -> bool:
        """Is anything said otherwise?"""
        return bool(self.rows_added or self.rows_removed or self.cells_changed)


@dataclass(frozen=True)
class Gone:
    """Entities of one kind that one version of a file has for a period ("" for a state) and the next has not; `had`: how many."""

    column: str
    kind: str
    period: str
    ids: set[str]
    had: int


def subject_of(dataset: type[Dataset], file_name: str) -> str:
    """What two files must share to be versions of one another.

    The period where the name has it, so that `07.-...-2016-2017.csv` and its later spelling are one; the name where
    rows carry their own periods; and for a state the name without its digits, which are those of a day.
    """
    period = dataset.period_of(file_name)
    if period:
        return period.start.isoformat()
    name = file_name.lower()
    return name if issubclass(dataset.Row, PeriodRow) else re.sub(r"\d", "", name)


def version_before(
    vintages: list[Vintage], dataset: type[Dataset], origin: Origin, by: date | None = None
) -> Vintage | None:
    """The vintage of the same subject that held when `origin` was found (or on the day `by`); None for a first one."""
    subject = subject_of(dataset, origin.file_name)
    before = [
        (known, vintage.sha256, vintage)
        for vintage in vintages
        if vintage.origin.dataset_id == dataset.id
        and vintage.origin.synthetic == origin.synthetic
        and (known := vintage.last_known(by or origin.known_from))
        and subject_of(dataset, vintage.origin.file_name) == subject
    ]
    return max(before)[-1] if before else None


def partitions_of(dataset: type[Dataset], rows: Path) -> dict[str, int]:
    """Rows per period label of a parsed file; "" stands for all rows of a file without periods."""
    if "period_label" not in dataset.columns():
        return {"": parquet.read_metadata(rows).num_rows}
    counted = parquet.read_table(rows, columns=["period_label"]).group_by("period_label").aggregate([([], "count_all")])
    return dict(sorted(zip(counted["period_label"].to_pylist(), counted["count_all"].to_pylist(), strict=True)))


def header_changes(dataset: type[Dataset], before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """(`header_gone` | `header_new`, name) per column name that only one of two headers has; years of wide files aside."""
    old, new = ({normal(title): title for title in header if title} for header in (before, after))
    if dataset.wide_pattern:
        old, new = (
            {key: title for key, title in titles.items() if not re.fullmatch(dataset.wide_pattern, key)}
            for titles in (old, new)
        )
    gone = [("header_gone", " ".join(title.split())) for key, title in old.items() if key not in new]
    return gone + [("header_new", " ".join(title.split())) for key, title in new.items() if key not in old]


def compare_files(dataset: type[Dataset], old: ParsedFile, new: ParsedFile) -> FileChange:
    """What the parsed file `new` says otherwise than `old`, both read by today's declaration."""
    said = said_beside_the_key(dataset)
    differing = " + ".join(f'(old."{name}" IS DISTINCT FROM new."{name}")::BIGINT' for name in said) or "0"
    query = f"""
        SELECT count(*) FILTER (old.present IS NULL), count(*) FILTER (new.present IS NULL),
               coalesce(sum({differing}) FILTER (old.present AND new.present), 0)::BIGINT
        FROM (SELECT *, true AS present FROM read_parquet($old)) AS old
        FULL OUTER JOIN (SELECT *, true AS present FROM read_parquet($new)) AS new ON {same_key(dataset)}"""  # noqa: S608 - names of ours
    with connect(":memory:") as con:
        return FileChange(*one_row(con, query, {"old": str(old.rows), "new": str(new.rows)}))


def entities_gone(dataset: type[Dataset], old: ParsedFile, new: ParsedFile) -> list[Gone]:
    """Per kind of entity and period that both files have: those that only the old one names."""
    found = []
    label = "period_label" if "period_label" in dataset.columns() else "''"
    with connect(":memory:") as con:
        for column, kind in ENTITIES.items():
            if column not in dataset.columns():
                continue
            query = f"""
                WITH old AS (SELECT DISTINCT {label} AS period, "{column}" AS id FROM read_parquet($old) WHERE id IS NOT NULL),
                     new AS (SELECT DISTINCT {label} AS period, "{column}" AS id FROM read_parquet($new) WHERE id IS NOT NULL)
                SELECT period, list(old.id) FILTER (new.id IS NULL), count(*) FROM old LEFT JOIN new USING (period, id)
                WHERE period IN (SELECT period FROM new) GROUP BY period HAVING count(*) > count(new.id) ORDER BY period"""  # noqa: S608 - names of ours
            rows = con.execute(query, {"old": str(old.rows), "new": str(new.rows)}).fetchall()
            found += [Gone(column, kind, period, set(ids), had) for period, ids, had in rows]
    return found


def common_scales(dataset: type[Dataset], old: ParsedFile, new: ParsedFile) -> Iterator[tuple[str, int, float]]:
    """Per period that both files have: its label, how many rows they share, and the factor by which all numbers of these grew.

    The factor nearest to 1 of those of the columns, 1 where some grow and others shrink; hidden cells count for nothing.
    """
    counts = dataset.additive()
    if not counts:
        return
    both = 'FILTER (old."{0}" IS NOT NULL AND new."{0}" IS NOT NULL)'
    grown = (f'sum(new."{name}") {both} / nullif(sum(old."{name}") {both}, 0)'.format(name) for name in counts)
    label = "old.period_label" if "period_label" in dataset.columns() else "''"
    query = f"""
        SELECT {label}, count(*), {", ".join(grown)}
        FROM read_parquet($old) AS old JOIN read_parquet($new) AS new ON {same_key(dataset)} GROUP BY 1 ORDER BY 1"""  # noqa: S608 - names of ours
    with connect(":memory:") as con:
        for period, rows, *factors in con.execute(query, {"old": str(old.rows), "new": str(new.rows)}).fetchall():
            known = [factor for factor in factors if factor is not None and factor > 0]
            if known and len(known) == sum(factor is not None for factor in factors):
                yield period, rows, min(known) if min(known) > 1 else max(known) if max(known) < 1 else 1.0


def moved_columns(
    dataset: type[Dataset], old: ParsedFile, new: ParsedFile, least: int
) -> Iterator[tuple[str, str, int, int]]:
    """Columns of numbers that hold in `new` what another column held in `old`.

    In most of `least` rows or more in which the two differed in `old` and the other was not zero. Yields the column, the other,
    the number of such rows, and in how many of them it moved. Looked for only where most numbers of a column changed.
    """
    types = parquet.read_schema(new.rows)
    said = [name for name in said_beside_the_key(dataset) if is_number(types.field(name).type)]
    joined = f"FROM read_parquet($old) AS old JOIN read_parquet($new) AS new ON {same_key(dataset)}"
    change = 'avg((new."{0}" IS DISTINCT FROM old."{0}")::INTEGER) FILTER (new."{0}" IS NOT NULL)'
    # (Zeros are alike in columns that have nothing to do with each other.)
    apart = 'old."{0}" IS DISTINCT FROM old."{1}" AND old."{1}" <> 0 AND new."{0}" IS NOT NULL'
    both = f'count_if({apart}), count_if({apart} AND new."{{0}}" = old."{{1}}")'
    files = {"old": str(old.rows), "new": str(new.rows)}
    with connect(":memory:") as con:
        shares = ", ".join(change.format(name) for name in said) or "NULL"
        changed = zip(said, one_row(con, f"SELECT {shares} {joined}", files), strict=False)
        for one in [name for name, share in changed if share and share > 0.5]:
            others = [name for name in said if name != one]
            counts = ", ".join(both.format(one, other) for other in others) or "NULL"
            found = one_row(con, f"SELECT {counts} {joined}", files)
            for other, rows, moved in zip(others, found[::2], found[1::2], strict=False):
                if rows >= least and 2 * moved > rows:
                    yield one, other, rows, moved


def said_beside_the_key(dataset: type[Dataset]) -> list[str]:
    """The columns in which a publisher says something of what the key names."""
    return [name for name in dataset.columns() if name not in {*dataset.key, *dataset.remarks, *NOT_COMPARED}]


def same_key(dataset: type[Dataset]) -> str:
    """SQL: do a row of `old` and one of `new` have the same key?"""
    return " AND ".join(f'old."{name}" IS NOT DISTINCT FROM new."{name}"' for name in dataset.key)


def is_number(kind: pa.DataType) -> bool:
    """Whole or not."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def equal_share(dataset: type[Dataset], old: ParsedFile, new: ParsedFile) -> float:
    """Which share of the rows of `new` is in `old` too, periods and remarks aside; 0 to 1."""
    periods = {"period_label", "period_start", "period_end"}
    said = [name for name in dataset.columns() if name not in {*dataset.remarks, *NOT_COMPARED, *periods}]
    same = " AND ".join(f'old."{name}" IS NOT DISTINCT FROM new."{name}"' for name in said)
    query = f"""
        SELECT count(*) FILTER (EXISTS (FROM read_parquet($old) AS old WHERE {same})) / greatest(count(*), 1)
        FROM read_parquet($new) AS new"""  # noqa: S608 - names of ours
    with connect(":memory:") as con:
        return float(one_row(con, query, {"old": str(old.rows), "new": str(new.rows)})[0])
