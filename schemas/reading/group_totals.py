"""Totals of a site, a board, a province or a year that stand under a key of their own, such as `HAVO totaal`.

Such a line equals the sum of the other lines of its group in every column. In a small group that can be chance, so it must
be seen of most groups; a value that only those lines have then marks the total of every other group.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

import numpy as np

from schemas.reading.text_table import TextColumn, paired

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
    for names, group in groupings(keys):
        rest = np.flatnonzero(lines & ~found)
        others = [column.codes[rest] for name, column in keys.items() if name not in names]
        found[rest[totals_of(group[rest], numbers, rest, others)]] = True
    return found


def groupings(keys: Mapping[str, TextColumn]) -> Iterator[tuple[list[str], np.ndarray]]:
    """The keys by which lines may be added up, with a code of each line's group: ever fewer of them in their order, then each alone."""
    names, codes = list(keys), [column.codes for column in keys.values()]
    groups = codes[:1]
    for column in list(keys.values())[1:-1]:
        groups.append(paired(groups[-1], column).astype(np.int32))
    for count in range(len(names) - 1, 0, -1):
        yield names[:count], groups[count - 1]
    yield from zip(([name] for name in names[1:]), codes[1:], strict=True)


def totals_of(group: np.ndarray, numbers: Cells, rows: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    """Which of the rows are the total of their group; `others` are the codes of the keys that do not make it."""
    held = np.bincount(group)
    equal: np.ndarray = np.asarray(held[group] > LEAST_GROUPS)
    exact = np.zeros(len(rows), dtype=int)
    # Lines of groups in which one may still be a total: after a column or two they are few.
    left = np.flatnonzero(equal)
    for place in numbers.names:
        if not len(left):
            return equal
        at = group[left]
        codes, value, most = numbers.by_text(place)
        cell = codes[rows[left]]
        own = np.nan_to_num(value)[cell]
        least = np.bincount(at, own)[at]
        if (value == most).all():
            fits, hidden = own == least - own, np.zeros(1, dtype=bool)
        else:
            top, blank = most[cell], np.isnan(value)[cell]
            boundless = (np.bincount(at, np.isinf(top)) > 0)[at]
            greatest = np.bincount(at, np.where(np.isinf(top), 0, top))[at]
            hidden = (np.bincount(at, blank & (top > 0)) > 0)[at]
            fits = (own >= least - own) & (boundless | (own <= greatest - top)) | blank
        some = (np.bincount(at, own > 0) > LEAST_GROUPS)[at] if fits.any() else fits
        exact[left] += fits & ~hidden & (own > 0) & some
        equal[left] &= fits
        left = left[(np.bincount(at, equal[left]) > 0)[at]]
    equal &= exact >= 2
    if not equal.any():
        return equal
    large: np.ndarray = equal & np.asarray(held[group] > LARGE)
    seen = len(np.unique(group[equal]))
    if seen < LEAST_GROUPS or seen < MOST * that_can_show_one(group, numbers, rows):
        return large
    for codes in others:
        marks = np.unique(codes[equal])
        shown = np.isin(group, group[equal])
        if len(marks) == 1 and not (shown & ~equal & (codes == marks[0])).any():
            return np.asarray(equal | (codes == marks[0]))
    return equal


def that_can_show_one(group: np.ndarray, numbers: Cells, rows: np.ndarray) -> int:
    """How many groups have two columns or more in which nothing is hidden and a total would differ from its lines."""
    known = np.zeros(group.max() + 1, dtype=int)
    for place in numbers.names:
        codes, value, most = numbers.by_text(place)
        cell = codes[rows]
        hidden = np.bincount(group, np.isnan(value)[cell] & (most[cell] > 0))
        known += (hidden == 0) & (np.bincount(group, np.nan_to_num(value)[cell] > 0) > LEAST_GROUPS)
    return int(np.count_nonzero(known >= 2))
