"""Lines that stand twice, and keys that differ only in what nobody sees: letters' case, width, spaces."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from schemas.dataset import Dataset
from schemas.reading.cells import folded
from schemas.reading.text_table import SetAside, TextTable


def set_aside_repeated(table: TextTable) -> TextTable:
    """The table with each line once: a later line that equals an earlier one in every cell (case and padding apart) is set aside."""
    if not len(table.lines):
        return table
    alike = alike_rows((column.codes, [same(text) for text in column.texts]) for column in table.columns)
    if not len(alike):
        return table
    first: dict[str, int] = {}
    places, reasons = [], []
    for place in alike.tolist():
        line = int(table.lines[place])
        earlier = first.setdefault("\x1f".join(map(same, table.row(place))), line)
        if earlier != line:
            places.append(place)
            reasons.append(SetAside(line, f"a repetition of line {earlier}"))
    if not places:
        return table
    return table.without(places, reasons, [f"{len(places)} lines are repetitions of an earlier line"])


def same(text: str) -> str:
    """What two cells that say the same have in common."""
    return text.strip().casefold()


def alike_rows(columns: Iterable[tuple[np.ndarray, Iterable[object]]]) -> np.ndarray:
    """The rows that may be alike in all columns (codes per row, value per code): no row that has its like is left out.

    By a hash of 64 bits, so that a row that has none may be among them: who asks compares the values of these few.
    """
    chance = np.random.default_rng(0)
    mixed = np.zeros(0, dtype=np.uint64)
    for codes, values in columns:
        at: dict[object, int] = {}
        own = np.array([at.setdefault(value, len(at)) for value in values], dtype=np.int64)
        drawn = chance.integers(0, 2**64, size=len(at), dtype=np.uint64)[own]
        mixed = drawn[codes] if not len(mixed) else np.bitwise_xor(mixed, drawn[codes], out=mixed)
    ordered = np.sort(mixed)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    return np.flatnonzero(np.isin(mixed, twice)) if len(twice) else np.zeros(0, dtype=np.int64)


def look_alike_keys(dataset: type[Dataset], rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose key is another row's once case, width and spaces of its text do not count, as failures."""
    text = [column for column in dataset.key if pd.api.types.is_string_dtype(rows[column])]
    keys = rows[list(dataset.key)].copy()
    for column in text:
        spelling = {value: folded(value) for value in keys[column].dropna().unique()}
        if len(set(spelling.values())) < len(spelling):
            keys[column] = keys[column].map(spelling)
    alike = keys.duplicated(keep=False) & ~rows.duplicated(list(dataset.key), keep=False)
    check = f"the only row with its {', '.join(dataset.key)}, letters' case and spaces apart"
    values = rows.loc[alike, text].fillna("").agg(" | ".join, axis=1) if alike.any() else ""
    return pd.DataFrame({"line": rows.loc[alike, "line"], "column": "", "check": check, "raw_value": values})
