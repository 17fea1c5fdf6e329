"""Typed rows in little memory: a column is its values and, per row, which of them stands there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from schemas.reading.text_table import narrow

ROW_GROUP = 250_000


@dataclass(frozen=True)
class Column:
    """Row i holds `values[codes[i]]`; a value may stand more than once among them, or in no row."""

    codes: np.ndarray
    values: pd.Series

    @classmethod
    def of(cls, cells: pd.Series) -> "Column":
        """The column of these values."""
        codes, _ = pd.factorize(cells, use_na_sentinel=False)
        _, first = np.unique(codes, return_index=True)
        return cls(narrow(codes, len(first)), cells.iloc[first].reset_index(drop=True))

    def where(self, hit: np.ndarray) -> np.ndarray:
        """Per row: is its value hit?"""
        return np.asarray(hit[self.codes]) if hit.any() else np.zeros(len(self.codes), dtype=bool)

    def series(self, rows: np.ndarray | slice = slice(None)) -> pd.Series:
        """The values of these rows."""
        return pd.Series(self.values.array.take(self.codes[rows].astype(np.intp)))

    def category(self, rows: np.ndarray | slice = slice(None)) -> pd.Series:
        """The values of these rows as a category: text in little memory."""
        own, words = self.words
        return pd.Series(pd.Categorical.from_codes(own[self.codes[rows]], dtype=words, validate=False))

    @cached_property
    def words(self) -> tuple[np.ndarray, pd.CategoricalDtype]:
        """The distinct values, and which of them each value is."""
        own, words = pd.factorize(self.values)
        return own, pd.CategoricalDtype(words)

    def arrow(self, rows: slice) -> pa.Array:
        """The values of these rows for Arrow: text stays a dictionary, days become dates."""
        codes = self.codes[rows]
        stands = np.bincount(codes, minlength=len(self.values)) > 0
        values, codes = self.values[stands], (np.cumsum(stands) - 1)[codes]
        if not isinstance(self.values.dtype, pd.StringDtype):
            kind = pa.date32() if self.values.dtype == object else None
            return pa.array(values, type=kind, from_pandas=True).take(pa.array(codes))
        # (Parquet wants the gaps among the codes, not among the words.)
        gap = values.isna().to_numpy()
        words = pa.array(values.fillna("").tolist(), pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=gap[codes]), words)


@dataclass(frozen=True)
class TypedRows:
    """Rows of a dataset: `lines` holds the line of the file that each row is from; several rows may be from one."""

    lines: np.ndarray
    columns: dict[str, Column]

    def __len__(self) -> int:
        return len(self.lines)

    def keep(self, rows: np.ndarray) -> "TypedRows":
        """These rows only."""
        if rows.all():
            return self
        kept = {name: Column(column.codes[rows], column.values) for name, column in self.columns.items()}
        return TypedRows(self.lines[rows], kept)

    def frame(
        self, names: Sequence[str], rows: np.ndarray | slice = slice(None), *, categories: bool = False
    ) -> pd.DataFrame:
        """Columns of these rows, numbered from 0. With `categories` text is a category, which differs only in what it costs."""
        made: dict[str, pd.Series] = {}
        for name in names:
            if name == "line":
                made[name] = pd.Series(self.lines[rows])
            elif categories and isinstance(self.columns[name].values.dtype, pd.StringDtype):
                made[name] = self.columns[name].category(rows)
            else:
                made[name] = self.columns[name].series(rows)
        return pd.DataFrame(made, index=pd.RangeIndex(len(self.lines[rows])), copy=False)

    def tables(self, names: Sequence[str]) -> Iterator[pa.Table]:
        """Columns of all rows as Arrow tables of ROW_GROUP rows; an empty one where there is no row."""
        metadata = pa.Schema.from_pandas(self.frame(names, slice(0, 0)), preserve_index=False).metadata
        for first in range(0, max(len(self), 1), ROW_GROUP):
            rows = slice(first, first + ROW_GROUP)
            arrays = [
                pa.array(self.lines[rows]) if name == "line" else self.columns[name].arrow(rows) for name in names
            ]
            yield pa.table(arrays, names=list(names)).replace_schema_metadata(metadata)
