"""Pandera's verdict on typed rows. Its checks see what they need and no more; what they suspect goes through it whole.

Pandera alone says what a failure is: a check of a column sees the column's distinct values, a check of the frame the columns that it
asks for, and the rows that fail one of them, or may share a key, are validated by the dataset's schema, all together.
"""

from collections.abc import Iterator
from copy import copy
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from schemas.dataset import Dataset
from schemas.errors import DeclarationFault
from schemas.reading.cells import folded
from schemas.reading.repeated import alike_rows, look_alike_keys
from schemas.reading.rows import TypedRows
from schemas.reading.typing_rows import FAILURE, no_failures

TECHNICAL_COLUMNS = {"line", "masked"}
"""Columns that no publisher wrote: a fault in them is the declaration's, not the file's."""
REPEATED_KEY = "multiple_fields_uniqueness"
"""Pandera's name for the check that a key occurs once."""
OF_ONE_VALUE = {
    "greater_than_or_equal_to",
    "less_than_or_equal_to",
    "greater_than",
    "less_than",
    "not_equal_to",
    "isin",
    "str_matches",
}
"""Pandera's checks that judge a value by itself."""


def check_rows(dataset: type[Dataset], rows: TypedRows) -> pd.DataFrame:
    """A failure per row, column and check, with the value that failed."""
    if not len(rows):
        return no_failures()
    alike = alike_keys(dataset, rows)
    # (One row at least: whether the types are those that were declared shows in any.)
    suspect = alike | (np.arange(len(rows)) == 0)
    schema = copy(dataset.schema())
    for name, spec in schema.columns.items():
        if name != "line":
            suspect |= rows.columns[name].where(refused_values(spec, rows.columns[name].values))
    verdicts = [verdict_of(dataset, check, rows) for check in schema.checks]
    for verdict in verdicts:
        suspect |= ~verdict
    schema.checks = [
        pa.Check(partial(given, verdict=verdict[suspect]), name=check.name, error=check.error)
        for check, verdict in zip(schema.checks, verdicts, strict=True)
    ]
    found = validate(dataset, schema, rows.frame(list(schema.columns), suspect))
    look_alike = look_alike_keys(dataset, rows.frame([*dict.fromkeys(["line", *dataset.key])], alike))
    return pd.concat([found, look_alike], ignore_index=True).astype(FAILURE)


def alike_keys(dataset: type[Dataset], rows: TypedRows) -> np.ndarray:
    """The rows that may share a key with another row, what nobody sees apart."""
    keys = [rows.columns[name] for name in dataset.key]
    values = ([spelling(value) for value in key.values.tolist()] for key in keys)
    suspect = np.zeros(len(rows), dtype=bool)
    suspect[alike_rows(zip((key.codes for key in keys), values, strict=True))] = True
    return suspect


def spelling(value: Any) -> Any:
    """What two values of a key have in common that nobody sees apart."""
    return folded(value) if isinstance(value, str) else None if pd.isna(value) else value


def refused_values(spec: pa.Column, values: pd.Series) -> np.ndarray:
    """Which values does the declaration of their column not allow? All, where a check needs more than one of them."""
    if spec.unique or not all(check.element_wise or check.name in OF_ONE_VALUE for check in spec.checks):
        return np.ones(len(values), dtype=bool)
    refused = values.isna().to_numpy() & (not spec.nullable)
    for check in spec.checks:
        cases = check(values).failure_cases
        if cases is not None:
            refused[cases.index.to_numpy()] = True
    return refused


class AskedFor(pd.DataFrame):
    """A frame that notes which of its columns are asked for by name, and by going through all names."""

    _metadata = ("asked",)
    asked: set[str]

    def __getitem__(self, key: Any) -> Any:
        self.asked.update([key] if isinstance(key, str) else map(str, key) if isinstance(key, list) else ())
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[Any]:
        self.asked.update(self.columns)
        return super().__iter__()


def verdict_of(dataset: type[Dataset], check: pa.Check, rows: TypedRows) -> np.ndarray:
    """The verdict per row of a check of the frame, which is given all rows, and of the columns those it asks for."""
    columns = list(dataset.schema().columns)
    sample = AskedFor(rows.frame(columns, slice(0, 20), categories=True))
    sample.asked = set()
    try:
        check(sample)
        asked = [name for name in columns if name in {"line", *sample.asked}]
        try:
            verdict = check(rows.frame(asked if sample.asked else columns, categories=True)).check_output
        except KeyError:
            verdict = check(rows.frame(columns, categories=True)).check_output
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as fault:
        found = f"{type(fault).__name__}: {fault}"
        raise DeclarationFault(
            f"{dataset.id}: the declaration itself fails {check.name}: {found}; correct {dataset.declared_in()}."
        ) from fault
    return np.asarray(verdict, dtype=bool) if isinstance(verdict, pd.Series) else np.full(len(rows), bool(verdict))


def given(rows: pd.DataFrame, verdict: np.ndarray) -> pd.Series:
    """A verdict that was made on all rows, for the rows that Pandera sees."""
    return pd.Series(verdict[rows.index.to_numpy()], index=rows.index)


def validate(dataset: type[Dataset], schema: pa.DataFrameSchema, rows: pd.DataFrame) -> pd.DataFrame:
    """What `schema` finds in rows, as failures."""
    try:
        schema.validate(rows, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        ours = cases[cases["index"].isna() | (cases["column"].isin(TECHNICAL_COLUMNS) & ~of_whole_row(cases))]
        if len(ours):
            case = ours.iloc[0]
            raise DeclarationFault(
                f"{dataset.id}: the declaration itself fails {case['check']} of {case['column']}: "
                f"{case['failure_case']}; correct {dataset.declared_in()}."
            ) from errors
        return failures_of_cases(dataset, rows, cases)
    return no_failures()


def of_whole_row(cases: pd.DataFrame) -> pd.Series:
    """Which of Pandera's failure cases are about a row as a whole; it gives such a case once for every column."""
    return cases["schema_context"] == "DataFrameSchema"


def failures_of_cases(dataset: type[Dataset], rows: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Pandera's failure cases as failures: one per line, column and check, and one per line for a row as a whole."""
    whole = of_whole_row(cases)
    cases = cases.assign(
        line=rows["line"].to_numpy()[cases["index"].astype(int)],
        column=cases["column"].mask(whole, ""),
        raw_value=cases["failure_case"].astype("str").mask(whole, ""),
        check=cases["check"].replace(REPEATED_KEY, f"the only row with its {', '.join(dataset.key)}"),
    )
    return cases.drop_duplicates(["index", "column", "check"])[list(FAILURE)].astype(FAILURE)
