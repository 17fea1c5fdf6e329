"""Checks that a publisher's own arithmetic offers, for use in Pandera's frame-level checks: a verdict per row.

A hidden count is not a gap: it stands for 1 to 4 (or for an unknown number from 0 on), so a sum that holds hidden cells
is compared as a range. A cell that is blank in an amount of money is nothing; in any other column a blank is unknown and
makes no verdict. A check that is about a column as a whole gives every row of the file the same verdict: if it fails,
the file is refused.
"""

import operator
from collections.abc import Iterable, Sequence
from functools import reduce

import numpy as np
import pandas as pd

from schemas.fields import MASKS

LOWEST_HIDDEN, HIGHEST_HIDDEN = (float(bound or 0) for bound in MASKS["<5"])
LEAST_ROWS = 50
"""A check about a column as a whole needs at least this many rows."""


def is_hidden(rows: pd.DataFrame, column: str, mark: str = "") -> pd.Series:
    """In which rows has the publisher hidden `column`: as 1 to 4, or with the mark `*` without a bound?"""
    masked = rows["masked"].astype("category").cat
    hidden = ("," + masked.categories.astype("str") + ",").str.contains(f",{column}{mark},", regex=False)
    return pd.Series(np.append(hidden, False).astype(bool)[masked.codes], index=rows.index)


def low(rows: pd.DataFrame, column: str) -> pd.Series:
    """The lowest number a cell can stand for; NaN where nothing is known."""
    return bound(rows, column, LOWEST_HIDDEN, 0)


def high(rows: pd.DataFrame, column: str) -> pd.Series:
    """The highest number a cell can stand for; NaN where nothing is known."""
    return bound(rows, column, HIGHEST_HIDDEN, np.inf)


def bound(rows: pd.DataFrame, column: str, hidden: float, hidden_without_bound: float) -> pd.Series:
    """The numbers of a column, with others where they are hidden."""
    value = rows[column].to_numpy(dtype="float64", na_value=np.nan, copy=True)
    value[is_hidden(rows, column)] = hidden
    value[is_hidden(rows, column, "*")] = hidden_without_bound
    return pd.Series(value, index=rows.index)


def total(numbers: Iterable[pd.Series]) -> pd.Series:
    """The sum of several columns; NaN where one is."""
    return reduce(operator.add, numbers)


def fit_in(rows: pd.DataFrame, parts: Sequence[str], whole: str) -> pd.Series:
    """The parts together can be at most the whole; unknown parts count for nothing."""
    least = total(low(rows, part).fillna(0) for part in parts)
    return (least <= high(rows, whole)) | rows[whole].isna() & ~is_hidden(rows, whole)


def make_up(rows: pd.DataFrame, parts: Sequence[str], whole: str) -> pd.Series:
    """The parts together can be the whole; no verdict where one of them is unknown."""
    least, most = total(low(rows, part) for part in parts), total(high(rows, part) for part in parts)
    fits = (least <= high(rows, whole)) & (most >= low(rows, whole))
    return fits | least.isna() | low(rows, whole).isna()


def make_up_with_blanks(rows: pd.DataFrame, parts: Sequence[str], whole: str) -> pd.Series:
    """A blank among parts that are filled is zero only if the others make up the whole; else a part is missing.

    A column that is blank throughout a period is one that the publisher did not print.
    """
    filled = pd.concat([low(rows, part).notna() for part in parts], axis=1)
    there = filled.groupby(rows["period_start"]).transform("any")
    some = filled.any(axis=1) & (there & ~filled).any(axis=1)
    most = total(high(rows, part).fillna(0) for part in parts)
    return fit_in(rows, parts, whole) & (~some | (most >= low(rows, whole)))


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
    share = rows[printed].astype("float64")
    if (share.dropna() % 1 == 0).all():
        half_unit = 0.5
    top, bottom = high(rows, part), low(rows, whole)
    most = (100 * top / bottom.where(bottom > 0)).clip(upper=100).fillna(0)
    bottom = high(rows, whole)
    least = (100 * low(rows, part) / bottom.where(bottom > 0)).fillna(0)
    fits = share.between(least - half_unit - 1e-9, most + half_unit + 1e-9)
    return fits | share.isna() | low(rows, part).isna() | low(rows, whole).isna()


def near_other_periods(rows: pd.DataFrame, entity: Sequence[str], column: str, limit: float) -> pd.Series:
    """A positive amount is within a factor 10 ** `limit` of at least half of its entity's other periods in the file.

    Half, so that one amount without measure does not cast doubt on its neighbours.
    """
    amount = rows[column].astype("float64")
    log = pd.Series(np.log10(amount.where(amount > 0).to_numpy()), index=rows.index)
    keys = rows[list(entity)].astype("str").fillna("").agg("/".join, axis=1)
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
    pairs, counts = np.unique(codes[known] * np.int64(len(other.categories)) + values[known], return_counts=True)
    of_code, value = np.divmod(pairs, max(len(other.categories), 1))
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
    counts = rows[list(columns)].astype("float64").to_numpy()
    for place in range(counts.shape[1]):
        other = counts[:, place + 1 :]
        own = counts[:, [place]]
        large = (np.fmax(own, other) >= least) & ~np.isnan(own) & ~np.isnan(other)
        alike = ((own == other) & large).sum(axis=0)
        if ((large.sum(axis=0) >= LEAST_ROWS) & (alike > limit * large.sum(axis=0))).any():
            return pd.Series(False, index=rows.index)
    return pd.Series(True, index=rows.index)


def all_of(verdicts: Iterable[pd.Series]) -> pd.Series:
    """True where every verdict is."""
    return reduce(operator.and_, verdicts)
