"""From a file to typed rows and quarantined rows. Every data line ends up in exactly one of the two.

Order matters: cells are parsed first, and only rows whose cells all parsed reach Pandera, so that a failed cast
never adds failures that are not there. A line of a wide file gives several rows but is accepted or rejected whole.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandera.errors import SchemaErrors

from schemas.dataset import Dataset
from schemas.errors import DeclarationFault, FileRefused, refusing_any_fault
from schemas.reading.cells import HIDDEN, HIDDEN_WITHOUT_BOUND, parse_column, site_key
from schemas.reading.collector import collector_paused
from schemas.reading.header import Layout, match_table, recognise_for
from schemas.reading.read_table import read_table
from schemas.reading.repeated import look_alike_keys, set_aside_repeated
from schemas.reading.text_table import TextTable
from schemas.reading.totals import set_aside_totals

QUARANTINE_COLUMNS = ["line", "column", "check", "raw_value", "raw_text"]
TECHNICAL_COLUMNS = {"line", "masked"}
"""Columns that no publisher wrote: a fault in them is the declaration's, not the file's."""
REPEATED_KEY = "multiple_fields_uniqueness"
"""Pandera's name for the check that a key occurs once."""


@dataclass
class Parsed:
    """What one file holds: `rows` follows the dataset's Row model, `quarantine` has a row per failure.

    `data_lines` = distinct lines in rows + distinct lines in quarantine (the law of conservation).
    `unknown_headers` were in the file but are not declared; they are reported as drift, as are the reader's `notes`.
    `set_aside` are the lines in quarantine that are no data (totals, footnotes, repetitions).
    """

    rows: pd.DataFrame
    quarantine: pd.DataFrame
    data_lines: int
    encoding: str
    unknown_headers: tuple[str, ...]
    header: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    set_aside: frozenset[int] = frozenset()

    @property
    def rejected_lines(self) -> int:
        """How many lines went to quarantine."""
        return int(self.quarantine["line"].nunique())


def parse_file(dataset: type[Dataset], name: str, content: bytes, *, letters_lost: bool = False) -> Parsed:
    """Read, parse and check a file of `dataset`.

    Raises FileRefused for a fault of the file as a whole, whatever a reader raises for it, and when more than
    `max_rejected_share` of its lines fail. `letters_lost=True` accepts what else raises LettersLost.
    """
    with refusing_any_fault(name), collector_paused():
        table = read_table(name, content, dataset.dialect, recognise_for(dataset), letters_lost=letters_lost)
        layout = match_table(dataset, name, table)
        table = set_aside_totals(dataset, set_aside_repeated(dataset, table), layout)
        return check_table(dataset, name, table, layout)


def check_table(dataset: type[Dataset], name: str, table: TextTable, layout: Layout) -> Parsed:
    """The typed rows of a table, and its quarantine."""
    text = text_rows(dataset, table, layout)
    typed, failures = type_rows(dataset, text)
    whole = typed[~typed["line"].isin(failures["line"])].reset_index(drop=True)
    checked = dataset.enrich(whole, name)[list(dataset.columns())]
    no_rows = [ragged_lines(table), set_aside_lines(table)]
    checks = [check_rows(dataset, checked), look_alike_keys(dataset, checked)]
    failures = pd.concat([*no_rows, failures, *checks], ignore_index=True).astype(no_failures().dtypes)
    failures = failures.sort_values("line", kind="stable", ignore_index=True)
    failures["raw_text"] = pd.Series([table.raw(line) for line in failures["line"]], dtype="str")
    accepted = checked[~checked["line"].isin(failures["line"])].reset_index(drop=True)
    parsed = Parsed(
        accepted,
        failures,
        table.data_lines,
        table.encoding,
        layout.unknown,
        tuple(table.header),
        tuple(table.notes),
        frozenset(one.line for one in table.set_aside),
    )
    refuse_if_too_many(dataset, name, parsed)
    return parsed


def text_rows(dataset: type[Dataset], table: TextTable, layout: Layout) -> pd.DataFrame:
    """The declared columns under their canonical names, still text; a row per line and wide block, with `line`."""
    shared = pd.DataFrame({column: table.cells[place] for column, place in layout.columns.items()})
    shared["line"] = pd.Series(table.lines, dtype="int64")
    if layout.blocks:
        parts = []
        for variant, columns in layout.blocks.items():
            block = table.cells[list(columns.values())].set_axis(list(columns), axis=1)
            parts.append(pd.concat([shared, block], axis=1).assign(**{dataset.wide_column: variant}))
        shared = pd.concat(parts, ignore_index=True)
    for column in dataset.fields():
        if column not in shared:
            shared[column] = ""
    return shared


def type_rows(dataset: type[Dataset], text: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Parse every declared column. Returns the typed rows and the cells that could not be parsed."""
    typed = {"line": text["line"]}
    masked = np.full(len(text), "", dtype=object)
    failures = [no_failures()]
    for column, spec in dataset.fields().items():
        typed[column], hidden, faults = parse_column(
            text[column], spec["kind"], dataset.masks, dataset.dialect.thousands_dot
        )
        if hidden.any():
            masked[hidden == HIDDEN] += column + ","
            masked[hidden == HIDDEN_WITHOUT_BOUND] += column + "*,"
        if len(faults):
            failures.append(faults.assign(line=text["line"].loc[faults.index], column=column))
    if "vestiging_id" in typed and "brin" in typed:
        typed["vestiging_id"] = site_key(typed["brin"], typed["vestiging_id"])
    typed["masked"] = pd.Series(masked, dtype="str").str.rstrip(",")
    if dataset.wide_pattern:
        typed[dataset.wide_column] = text[dataset.wide_column]
    return pd.DataFrame(typed), pd.concat(failures, ignore_index=True)


def check_rows(dataset: type[Dataset], rows: pd.DataFrame) -> pd.DataFrame:
    """Pandera's verdict on the typed rows: a failure per row, column and check, with the value that failed."""
    if rows.empty:
        return no_failures()
    try:
        dataset.Row.validate(rows, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        ours = cases[cases["index"].isna() | (cases["column"].isin(TECHNICAL_COLUMNS) & ~of_whole_row(cases))]
        if len(ours):
            case = ours.iloc[0]
            raise DeclarationFault(
                f"{dataset.id}: the declaration itself fails {case['check']} of {case['column']}: "
                f"{case['failure_case']}; correct {dataset.declared_in()}."
            ) from errors
        return failures_of(dataset, rows, cases)
    return no_failures()


def of_whole_row(cases: pd.DataFrame) -> pd.Series:
    """Which of Pandera's failure cases are about a row as a whole; it gives such a case once for every column."""
    return cases["schema_context"] == "DataFrameSchema"


def failures_of(dataset: type[Dataset], rows: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Pandera's failure cases as failures: one per line, column and check, and one per line for a row as a whole."""
    whole = of_whole_row(cases)
    cases = cases.assign(
        line=rows["line"].to_numpy()[cases["index"].astype(int)],
        column=cases["column"].mask(whole, ""),
        raw_value=cases["failure_case"].astype("str").mask(whole, ""),
        check=cases["check"].replace(REPEATED_KEY, f"the only row with its {', '.join(dataset.key)}"),
    )
    columns = ["line", "column", "check", "raw_value"]
    return cases.drop_duplicates(["index", "column", "check"])[columns].astype(no_failures().dtypes)


def ragged_lines(table: TextTable) -> pd.DataFrame:
    """Lines that could not be cut into the header's fields, as failures."""
    expected = f"{len(table.header)} fields"
    rows = [(line, "", expected, found) for line, _, found in table.ragged]
    return pd.DataFrame(rows, columns=QUARANTINE_COLUMNS[:4]).astype(no_failures().dtypes)


def set_aside_lines(table: TextTable) -> pd.DataFrame:
    """Lines that are no data, with what they are."""
    rows = [(one.line, one.column, f"is data, not {one.check}", one.raw_value) for one in table.set_aside]
    return pd.DataFrame(rows, columns=QUARANTINE_COLUMNS[:4]).astype(no_failures().dtypes)


def no_failures() -> pd.DataFrame:
    """An empty table of failures."""
    return pd.DataFrame({column: pd.Series(dtype="str") for column in QUARANTINE_COLUMNS[:4]}).astype({"line": int})


def refuse_if_too_many(dataset: type[Dataset], name: str, parsed: Parsed) -> None:
    """Above the dataset's tolerance the file as a whole is refused."""
    lines = parsed.data_lines - len(parsed.set_aside)
    rejected = parsed.quarantine[~parsed.quarantine["line"].isin(parsed.set_aside)]
    count = int(rejected["line"].nunique())
    if count <= dataset.max_rejected_share * lines and len(parsed.rows):
        return
    first = (rejected if count else parsed.quarantine).iloc[0]
    raise FileRefused(
        name,
        f"line {first['line']}" + (f", column {first['column']}" if first["column"] else ""),
        f"at most {dataset.max_rejected_share:.0%} rejected lines ({first['check']})",
        f"{count} of {lines} rejected, the first with {first['raw_value']!r}",
        f"see {dataset.declared_in()} if the publisher changed what a column holds",
    )
