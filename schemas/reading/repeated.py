"""Lines that stand twice, and keys that differ only in what nobody sees: letters' case, width, spaces."""

import pandas as pd

from schemas.dataset import Dataset
from schemas.reading.cells import folded
from schemas.reading.text_table import SetAside, TextTable


def set_aside_repeated(dataset: type[Dataset], table: TextTable) -> TextTable:
    """The table with each line once: a later line that equals an earlier one in every cell (case apart) is set aside.

    Only in datasets whose key is unique; elsewhere two equal lines may both be meant.
    """
    if not dataset.Row.to_schema().unique or not len(table.cells):
        return table
    rows = pd.Series(["\x1f".join(row).casefold() for row in table.cells.to_numpy().tolist()])
    again = rows.duplicated()
    if not again.any():
        return table
    first = dict(zip(reversed(rows.tolist()), reversed(table.lines), strict=True))
    places = [int(place) for place in again.to_numpy().nonzero()[0]]
    reasons = [SetAside(table.lines[place], f"a repetition of line {first[rows[place]]}") for place in places]
    return table.without(places, reasons, [f"{len(places)} lines are repetitions of an earlier line"])


def look_alike_keys(dataset: type[Dataset], rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose key is another row's once case, width and spaces of its text do not count, as failures."""
    text = [column for column in dataset.key if pd.api.types.is_string_dtype(rows[column])]
    keys = rows[list(dataset.key)].copy()
    if dataset.Row.to_schema().unique:
        for column in text:
            spelling = {value: folded(value) for value in keys[column].dropna().unique()}
            if len(set(spelling.values())) < len(spelling):
                keys[column] = keys[column].map(spelling)
    alike = keys.duplicated(keep=False) & ~rows.duplicated(list(dataset.key), keep=False)
    alike &= bool(dataset.Row.to_schema().unique)
    check = f"the only row with its {', '.join(dataset.key)}, letters' case and spaces apart"
    values = rows.loc[alike, text].fillna("").agg(" | ".join, axis=1) if alike.any() else ""
    return pd.DataFrame({"line": rows.loc[alike, "line"], "column": "", "check": check, "raw_value": values})
