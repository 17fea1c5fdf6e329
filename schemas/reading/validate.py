"""From a file to typed rows and quarantined rows. Every data line ends up in exactly one of the two.

Order matters: cells are parsed first, and only rows whose cells all parsed reach Pandera, so that a failed cast
never adds failures that are not there. A line of a wide file gives several rows but is accepted or rejected whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from schemas.dataset import Dataset
from schemas.errors import FileRefused, refusing_any_fault
from schemas.reading.check_rows import check_rows
from schemas.reading.content import Content
from schemas.reading.contradictions import refuse_contradictions
from schemas.reading.header import match_table, recognise_for
from schemas.reading.read_table import read_table
from schemas.reading.repeated import set_aside_repeated
from schemas.reading.rows import Column, TypedRows
from schemas.reading.text_table import TextTable, narrow
from schemas.reading.totals import set_aside_totals
from schemas.reading.typing_rows import FAILURE, failures_of, type_rows


@dataclass
class Parsed:
    """What one file holds: `accepted` follows the dataset's Row model (without witnesses), `quarantine` has a row per failure.

    `data_lines` = distinct lines in `accepted` + distinct lines in quarantine (the law of conservation).
    `unknown_headers` were in the file but are not declared; they are reported as drift, as are the reader's `notes`.
    `set_aside` are the lines in quarantine that are no data (totals, footnotes, repetitions).
    """

    columns: tuple[str, ...]
    accepted: TypedRows
    quarantine: pd.DataFrame
    data_lines: int
    encoding: str
    unknown_headers: tuple[str, ...]
    header: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    set_aside: frozenset[int] = frozenset()

    @property
    def rows(self) -> pd.DataFrame:
        """All accepted rows as a frame."""
        return self.accepted.frame(self.columns)

    def tables(self) -> Iterator[pa.Table]:
        """The accepted rows as Arrow tables, some of them at a time."""
        return self.accepted.tables(self.columns)

    @property
    def core_lines(self) -> int:
        """How many lines have accepted rows."""
        return len(np.unique(self.accepted.lines))

    @property
    def rejected_lines(self) -> int:
        """How many lines went to quarantine."""
        return int(self.quarantine["line"].nunique())


def parse_file(dataset: type[Dataset], name: str, content: Content, *, letters_lost: bool = False) -> Parsed:
    """Read, parse and check a file of `dataset`.

    Raises FileRefused for a fault of the file as a whole, whatever a reader raises for it, and when more than
    `max_rejected_share` of its lines fail. `letters_lost=True` accepts what else raises LettersLost.
    """
    with refusing_any_fault(name):
        table = read_table(name, content, dataset.dialect, recognise_for(dataset), letters_lost=letters_lost)
        layout = match_table(dataset, name, table)
        refuse_contradictions(dataset, name, table)
        table = set_aside_totals(dataset, set_aside_repeated(table), layout)
        typed, faulty = type_rows(dataset, table, layout)
        table.columns = []  # (all that is needed of them is typed)
        typed = enriched(dataset, name, without_lines(typed, faulty))
        failures = [ragged_lines(table), set_aside_lines(table), faulty, check_rows(dataset, typed)]
        quarantine = pd.concat(failures, ignore_index=True).sort_values("line", kind="stable", ignore_index=True)
        quarantine["raw_text"] = pd.Series([table.raw(line) for line in quarantine["line"].tolist()], dtype="str")
        parsed = Parsed(
            dataset.columns(),
            without_lines(typed, quarantine),
            quarantine,
            table.data_lines,
            table.encoding,
            layout.unknown,
            tuple(table.header),
            tuple(table.notes),
            frozenset(one.line for one in table.set_aside),
        )
        refuse_if_too_many(dataset, name, parsed)
        return parsed


def without_lines(rows: TypedRows, failures: pd.DataFrame) -> TypedRows:
    """The rows of lines that have no failure."""
    return rows.keep(~np.isin(rows.lines, failures["line"].to_numpy())) if len(failures) else rows


def enriched(dataset: type[Dataset], name: str, rows: TypedRows) -> TypedRows:
    """The rows with the columns that follow from others.

    `Dataset.enrich` as it stands needs each value of `period_from` once; where a dataset has its own, that is given all rows.
    """
    if dataset.enrich.__func__ is not Dataset.enrich.__func__:  # type: ignore[attr-defined]
        made = dataset.enrich(rows.frame(["line", *rows.columns]), name)
        columns = {str(one): Column.of(made[one]) for one in made if one != "line"}
    elif dataset.period_from is None:
        made = dataset.enrich(pd.DataFrame({"line": [1]}), name)
        columns = {str(one): Column(np.zeros(len(rows), dtype=np.uint8), made[one]) for one in made if one != "line"}
    else:
        source = rows.columns[dataset.period_from]
        codes, used = pd.factorize(source.codes)
        values = source.values.take(used).reset_index(drop=True)
        made = dataset.enrich(pd.DataFrame({dataset.period_from: values}), name)
        codes = narrow(codes, len(used))
        columns = {str(one): Column(codes, made[one]) for one in made if one != dataset.period_from}
    return TypedRows(rows.lines, rows.columns | columns)


def ragged_lines(table: TextTable) -> pd.DataFrame:
    """Lines that could not be cut into the header's fields, as failures."""
    lines = np.array([line for line, _, _ in table.ragged], dtype=np.int64)
    return failures_of(lines, "", f"{len(table.header)} fields", [found for _, _, found in table.ragged])


def set_aside_lines(table: TextTable) -> pd.DataFrame:
    """Lines that are no data, with what they are."""
    rows = [(one.line, one.column, f"is data, not {one.check}", one.raw_value) for one in table.set_aside]
    return pd.DataFrame(rows, columns=list(FAILURE)).astype(FAILURE)


def refuse_if_too_many(dataset: type[Dataset], name: str, parsed: Parsed) -> None:
    """Above the dataset's tolerance the file as a whole is refused."""
    lines = parsed.data_lines - len(parsed.set_aside)
    rejected = parsed.quarantine[~parsed.quarantine["line"].isin(parsed.set_aside)]
    count = int(rejected["line"].nunique())
    if count <= dataset.max_rejected_share * lines and len(parsed.accepted):
        return
    first = (rejected if count else parsed.quarantine).iloc[0]
    raise FileRefused(
        name,
        f"line {first['line']}" + (f", column {first['column']}" if first["column"] else ""),
        f"at most {dataset.max_rejected_share:.0%} rejected lines ({first['check']})",
        f"{count} of {lines} rejected, the first with {first['raw_value']!r}",
        f"see {dataset.declared_in()} if the publisher changed what a column holds",
    )
