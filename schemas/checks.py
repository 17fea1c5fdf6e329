"""Checks that a publisher's own arithmetic offers, for use in Pandera's frame-level checks: a verdict per row.

A hidden count is not a gap: it stands for 1 to 4 (or for an unknown number from 0 on), so a sum that holds hidden cells
is compared as a range. A cell that is blank in an amount of money is nothing; in any other column a blank is unknown and
makes no verdict. A check that is about a column as a whole gives every row of the file the same verdict: if it fails,
the file is refused.
"""

import operator
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import combinations
from typing import TypeVar

import numpy as np
import pandas as pd

from schemas.fields import MASKS

Numbers = TypeVar("Numbers", pd.Series, np.ndarray)
LOWEST_HIDDEN, HIGHEST_HIDDEN = (float(bound or 0) for bound in MASKS["<5"])
HIDDEN = {"": (LOWEST_HIDDEN, HIGHEST_HIDDEN), "*": (0.0, np.inf)}
"""Mark of a hidden cell in `masked` -> the lowest and highest number that it stands for."""
PART = 65_536
"""So many rows are judged at a time: what is worked out on the way then fits a processor's cache."""
LEAST_ROWS = 50
"""A check about a column as a whole needs at least this many rows,"""
LEAST_ALIKE = 10
"""and this many, where two columns are alike in every row that counts."""


def is_hidden(rows: pd.DataFrame, column: str, mark: str = "") -> pd.Series:
    """In which rows has the publisher hidden `column`: as 1 to 4, or with the mark `*` without a bound?"""
    masked = rows["masked"].astype("category").cat
    return pd.Series(hiding(masked.categories, column, mark)[masked.codes], index=rows.index)


def hiding(words: pd.Index, column: str, mark: str) -> np.ndarray:
    """Which words of `masked` name the column with this mark; and False for none (code -1)."""
    named = f",{column}{mark},"
    return np.array([*(named in f",{word}," for word in words), False])


def low(rows: pd.DataFrame, column: str) -> pd.Series:
    """The lowest number a cell can stand for; NaN where nothing is known."""
    return bound(rows, column, LOWEST_HIDDEN, 0)


def high(rows: pd.DataFrame, column: str) -> pd.Series:
    """The highest number a cell can stand for; NaN where nothing is known."""
    return bound(rows, column, HIGHEST_HIDDEN, np.inf)


def bound(rows: pd.DataFrame, column: str, hidden: float, hidden_without_bound: float) -> pd.Series:
    """The numbers of a column, with others where they are hidden."""
    value = numbers(rows[column]).copy()
    masked = rows["masked"].astype("category").cat
    for mark, stands_for in (("", hidden), ("*", hidden_without_bound)):
        words = hiding(masked.categories, column, mark)
        if words.any():
            value[words[masked.codes]] = stands_for
    return pd.Series(value, index=rows.index)


def numbers(cells: pd.Series) -> np.ndarray:
    """The numbers of cells; NaN where there is none. (May be the cells' own memory.)"""
    return cells.to_numpy(dtype="float64", na_value=np.nan)


def total(numbers: Iterable[Numbers]) -> Numbers:
    """The sum of several columns; NaN where one is."""
    return reduce(operator.add, numbers)


def limits(rows: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[slice, list[tuple[np.ndarray, np.ndarray]]]]:
    """PART rows at a time: per column the lowest and the highest numbers that its cells can stand for, as `low` and `high`."""
    masked = rows["masked"].astype("category").cat
    codes = masked.codes.to_numpy()
    hidden = [
        [(hiding(masked.categories, column, mark), *bounds) for mark, bounds in HIDDEN.items()] for column in columns
    ]
    for first in range(0, len(rows), PART):
        here, found = slice(first, first + PART), []
        for column, words in zip(columns, hidden, strict=True):
            least = most = numbers(rows[column].iloc[here])
            for hit, lowest, highest in words:
                if hit.any():
                    is_hit = hit[codes[here]]
                    least, most = np.where(is_hit, lowest, least), np.where(is_hit, highest, most)
            found.append((least, most))
        yield here, found


def fit_in(rows: pd.DataFrame, parts: Sequence[str], whole: str) -> pd.Series:
    """The parts together can be at most the whole; unknown parts count for nothing."""
    fits = np.ones(len(rows), dtype=bool)
    for here, (*some, (_, most)) in limits(rows, [*parts, whole]):
        fits[here] = ~(total(np.nan_to_num(least) for least, _ in some) > most)
    return pd.Series(fits, index=rows.index)


def make_up(rows: pd.DataFrame, parts: Sequence[str], whole: str) -> pd.Series:
    """The parts together can be the whole; no verdict where one of them is unknown."""
    fits = np.ones(len(rows), dtype=bool)
    for here, (*some, (least, most)) in limits(rows, [*parts, whole]):
        fits[here] = ~((total(low for low, _ in some) > most) | (total(high for _, high in some) < least))
    return pd.Series(fits, index=rows.index)


def make_up_with_blanks(rows: pd.DataFrame, parts: Sequence[str], whole: str) -> pd.Series:
    """A blank among parts that are filled is zero only if the others make up the whole; else a part is missing.

    A column that is blank throughout a period is one that the publisher did not print.
    """
    filled = pd.concat([low(rows, part).notna() for part in parts], axis=1)
    there = filled.groupby(rows["period_start"]).transform("any")
    some = filled.any(axis=1) & (there & ~filled).any(axis=1)
    most = total(high(rows, part).fillna(0) for part in parts)
    # (What has parts is not nobody.)
    nobody = low(rows, whole).isna() & filled.any(axis=1)
    return ~nobody & fit_in(rows, parts, whole) & (~some | (most >= low(rows, whole)))


def add_up(rows: pd.DataFrame, parts: Sequence[str], whole: str, rounding: float) -> pd.Series:
    """Amounts of money that make up a printed total within `rounding`; blank is nothing.

    `-name` is a part that is taken off. Parts that the file does not have can be anything from nothing to the whole.
    """
    amounts = [rows[part.removeprefix("-")].astype("float64") * (-1 if part[0] == "-" else 1) for part in parts]
    printed = rows[whole].astype("float64").fillna(0)
    rest = printed - total(amount.fillna(0) for amount in amounts)
    lacking = printed.clip(lower=0) if any(amount.isna().all() for amount in amounts) else 0
    return (rest >= -rounding) & (rest <= lacking + rounding)


def share_fits(rows: pd.DataFrame, part: str, whole: str, printed: str, half_unit: float) -> pd.Series:
    """The printed percentage can be that of part in whole, rounded to `half_unit` (to whole ones, if all are whole)."""
    share = rows[printed]
    is_whole = (np.floor(share) == share) | share.isna()
    margin = (0.5 if is_whole.all() else half_unit) + 1e-9
    fits = np.ones(len(rows), dtype=bool)
    for here, ((low, high), (least, most)) in limits(rows, [part, whole]):
        shown = numbers(share.iloc[here])
        with np.errstate(divide="ignore", invalid="ignore"):
            top = np.where(least > 0, np.minimum(100 * high / least, 100), 0)
            bottom = np.where(most > 0, 100 * low / most, 0)
        fits[here] = ~((shown < bottom - margin) | (shown > top + margin)) | np.isnan(low) | np.isnan(least)
    return pd.Series(fits, index=rows.index)


def near_other_periods(rows: pd.DataFrame, entity: Sequence[str], column: str, limit: float) -> pd.Series:
    """A positive amount is within a factor 10 ** `limit` of at least half of its entity's other periods in the file.

    Half, so that one amount without measure does not cast doubt on its neighbours.
    """
    amount = rows[column].astype("float64")
    log = pd.Series(np.log10(amount.where(amount > 0).to_numpy()), index=rows.index)
    keys = pd.Series(numbered(rows, entity), index=rows.index)
    table = log.groupby([keys, rows["period_start"]]).first().unstack()
    far, others = pd.Series(0, index=rows.index), pd.Series(0, index=rows.index)
    for period in table.columns:
        apart = (log - keys.map(table[period])).abs().where(rows["period_start"] != period)
        far += apart > limit
        others += apart.notna()
    return 2 * far <= others


def same_wherever(rows: pd.DataFrame, code: str, column: str) -> pd.Series:
    """Where a code stands in several rows, `column` is what it is in most of them (no verdict without a majority)."""
    one, other = (rows[name].astype("category").cat for name in (code, column))
    codes, values = one.codes.to_numpy(), other.codes.to_numpy()
    known = (codes >= 0) & (values >= 0)
    pairs = pd.Series(codes[known] * np.int64(len(other.categories)) + values[known]).value_counts(sort=False)
    counts = pairs.to_numpy()
    of_code, value = np.divmod(pairs.index.to_numpy(), max(len(other.categories), 1))
    most = 2 * counts > np.bincount(of_code, counts, minlength=1)[of_code]
    usual = np.full(len(one.categories) + 1, -1)
    usual[of_code[most]] = value[most]
    return pd.Series((values == usual[codes]) | (usual[codes] < 0) | ~known, index=rows.index)


def begins_with(rows: pd.DataFrame, column: str, start: str) -> pd.Series:
    """A text in `column` begins with that in `start`, which has four characters."""
    long, short = (rows[name].astype("category").cat for name in (column, start))
    wanted = np.append(short.categories.get_indexer(long.categories.str[:4]), -1)
    codes = long.codes.to_numpy()
    return pd.Series((codes < 0) | ((wanted >= 0)[codes] & (wanted[codes] == short.codes)), index=rows.index)


def differ(rows: pd.DataFrame, columns: Sequence[str], limit: float, least: float = 10) -> pd.Series:
    """No two of these columns are alike in more than a share `limit` of the rows in which one is `least` or more."""
    for one, other in combinations(columns, 2):
        large = alike = 0
        for first in range(0, len(rows), PART):
            own, its = (numbers(rows[name].iloc[first : first + PART]) for name in (one, other))
            large += int((np.maximum(own, its) >= least).sum())
            alike += int(((own == its) & (own >= least)).sum())
        if (large >= LEAST_ROWS and alike > limit * large) or alike == large >= LEAST_ALIKE:
            return pd.Series(False, index=rows.index)
    return pd.Series(True, index=rows.index)


def most_of(rows: pd.DataFrame, part: str, whole: str) -> pd.Series:
    """Over a file with enough rows the part can be at least half of the whole: else another column stands in its place."""
    known = low(rows, whole).notna() & low(rows, part).notna()
    fits = known.sum() < LEAST_ROWS // 2 or 2 * high(rows, part)[known].sum() >= low(rows, whole)[known].sum()
    return pd.Series(bool(fits), index=rows.index)


def periods_differ(
    rows: pd.DataFrame, entity: Sequence[str], columns: Sequence[str], limit: float, least: float = 10
) -> pd.Series:
    """No period repeats another in all columns in more than a share `limit` of the entities that both have with a number of `least` or more."""
    who = numbered(rows, entity)
    period = pd.factorize(rows["period_start"])[0]
    values = [numbers(rows[name]) for name in columns]
    places = [first_places(who, period == one) for one in range(period.max(initial=-1) + 1)]
    for one, other in combinations(places, 2):
        both = np.flatnonzero((one >= 0) & (other >= 0))
        own, its = one[both], other[both]
        alike = np.arange(len(both))
        for column in values:
            here, there = column[own[alike]], column[its[alike]]
            alike = alike[(here == there) | (np.isnan(here) & np.isnan(there))]
        alike_and_large = large_rows(values, own[alike], its[alike], least).sum()
        large = large_rows(values, own, its, least, alike_and_large / limit)
        if large.sum() >= LEAST_ROWS and alike_and_large > limit * large.sum():
            return pd.Series(False, index=rows.index)
    return pd.Series(True, index=rows.index)


def numbered(rows: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Per row a number that rows share which are alike in these columns; from 0."""
    found = np.zeros(len(rows), dtype=np.int64)
    for name in columns:
        codes = pd.factorize(rows[name], use_na_sentinel=False)[0]
        found = pd.factorize(found * (codes.max(initial=0) + 1) + codes)[0]
    return found


def first_places(who: np.ndarray, hit: np.ndarray) -> np.ndarray:
    """Per number in `who` the first row that has it and is hit; -1 where there is none."""
    found, rows = np.full(who.max(initial=-1) + 1, -1), np.flatnonzero(hit)[::-1]
    found[who[rows]] = rows  # (Of several the last that is written stays.)
    return found


def large_rows(
    values: Sequence[np.ndarray], own: np.ndarray, its: np.ndarray, least: float, enough: float = np.inf
) -> np.ndarray:
    """Which pairs of rows have `least` or more in one of them in some column; it stops once `enough` of them have."""
    found = np.zeros(len(own), dtype=bool)
    for column in values:
        found |= np.nan_to_num(np.maximum(column[own], column[its])) >= least
        if found.sum() >= enough:
            break
    return found


def above_zero(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """None of these columns is zero in every row that has a number there, if there are enough of them."""
    for column in columns:
        printed = rows[column][(rows[column].notna() & ~is_hidden(rows, column) & ~is_hidden(rows, column, "*"))]
        if len(printed) >= LEAST_ROWS and not (printed != 0).any():
            return pd.Series(False, index=rows.index)
    return pd.Series(True, index=rows.index)


def all_of(verdicts: Iterable[pd.Series]) -> pd.Series:
    """True where every verdict is."""
    return reduce(operator.and_, verdicts)
