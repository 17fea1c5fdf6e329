"""Totals of a site, a board, a province or a year that stand under a key of their own, such as `HAVO totaal`.

Such a line equals the sum of the other lines of its group in every column. In a small group that can be chance, so it must
be seen of most groups; a value that only those lines have then marks the total of every other group.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

import numpy as np

from schemas.reading.text_table import TextColumn

LARGE = 20
"""In a group of so many other lines a sum in every column is no chance."""
LEAST_GROUPS = 2
"""Of small groups so many must have a total,"""
MOST = 0.5
"""and this share of those that can show one. Real files: 0.03 at most."""


class Cells(Protocol):
    """The additive columns of a table, as `Numbers`."""

    @property
    def names(self) -> Mapping[int, str]: ...

    def by_text(self, place: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]: ...


def group_totals(keys: Mapping[str, TextColumn], numbers: Cells, lines: np.ndarray) -> np.ndarray:
    """Which of the `lines` are the total of a group that shares some of the keys; the finest groups come first."""
    found = np.zeros(len(lines), dtype=bool)
    for names in groupings(list(keys)):
        rest = np.flatnonzero(lines & ~found)
        group = np.zeros(len(rest), dtype=np.int64)
        for name in names:
            group = np.unique(group * len(keys[name].texts) + keys[name].codes[rest], return_inverse=True)[1]
        others = [column.codes[rest] for name, column in keys.items() if name not in names]
        found[rest[totals_of(group, numbers, rest, others)]] = True
    return found


def groupings(names: list[str]) -> Iterator[list[str]]:
    """The keys by which lines may be added up: ever fewer of them in their order, then each alone."""
    yield from (names[:count] for count in range(len(names) - 1, 0, -1))
    yield from ([name] for name in names[1:])


def totals_of(group: np.ndarray, numbers: Cells, rows: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    """Which of the rows are the total of their group; `others` are the codes of the keys that do not make it."""
    held = np.bincount(group)
    equal: np.ndarray = np.asarray(held[group] > LEAST_GROUPS)
    exact, known = np.zeros(len(rows), dtype=int), np.zeros(len(held), dtype=int)
    for place in numbers.names:
        if not equal.any():
            return equal
        codes, value, most = numbers.by_text(place)
        own, top = np.nan_to_num(value)[codes[rows]], most[codes[rows]]
        hidden = np.bincount(group, np.isnan(value)[codes[rows]] & (top > 0))
        some = np.bincount(group, own > 0)
        least, greatest = (np.bincount(group, each)[group] for each in (own, np.where(np.isinf(top), 0, top)))
        boundless = np.bincount(group, np.isinf(top))[group] > 0
        fits = (own >= least - own) & (boundless | (own <= greatest - top)) | np.isnan(value)[codes[rows]]
        equal &= fits
        exact += fits & (hidden[group] == 0) & (own > 0) & (some[group] > LEAST_GROUPS)
        known += (hidden == 0) & (some > LEAST_GROUPS)
    equal &= exact >= 2
    large: np.ndarray = equal & np.asarray(held[group] > LARGE)
    seen = len(np.unique(group[equal]))
    if seen < LEAST_GROUPS or seen < MOST * np.count_nonzero(known >= 2):
        return large
    for codes in others:
        marks = np.unique(codes[equal])
        shown = np.isin(group, group[equal])
        if len(marks) == 1 and not (shown & ~equal & (codes == marks[0])).any():
            return np.asarray(equal | (codes == marks[0]))
    return equal
