"""Honest bounds of a sum or a ratio that rests on masked cells: the truth is always inside.

Each masked line has a short list of (numerator, denominator) points it can truly have. The bounds of a group's ratio are
those of the ratio itself, over all choices of one point per line: not a quotient of bounds of the parts, which would be wider.

Method: fractional programming (W. Dinkelbach, On nonlinear fractional programming, Management Science 13, 1967).
For a trial ratio r every line picks, on its own, the point that maximises numerator - r * denominator; the ratio of the sums is
the next r. It rises to the maximum in a few steps and stops when it no longer changes. The minimum likewise.
"""

import numpy as np
import pandas as pd

STEPS = 100
"""More than the handful ever needed; not converging is a fault, never a silent answer."""


def ratio_bounds(groups: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Bounds of sum(numerator) / sum(denominator) per group.

    `groups`: index = group, columns `numerator`, `denominator`: the sums over the unmasked lines.
    `points`: columns `group`, `line`, `numerator`, `denominator`: the possibilities of each masked line of each group.
    Returns columns `low` and `high` on the same index; NaN where the denominator can be zero throughout.
    """
    group = groups.index.get_indexer(pd.Index(points["group"]))
    line = points["line"].to_numpy()
    numerator, denominator = (points[part].to_numpy(dtype=float) for part in ("numerator", "denominator"))
    # Always added up in the same order: sums of grades are not exact, and a hash may not depend on who came first.
    order = np.lexsort((denominator, numerator, line, group))
    group, line, numerator, denominator = group[order], line[order], numerator[order], denominator[order]
    starts = np.flatnonzero(np.r_[True, (line[1:] != line[:-1]) | (group[1:] != group[:-1])][: len(line)])
    fixed = groups[["numerator", "denominator"]].to_numpy(dtype=float)
    ends = {
        name: _extreme(sign, fixed, group, numerator, denominator, starts)
        for name, sign in (("low", -1.0), ("high", 1.0))
    }
    return pd.DataFrame(ends, index=groups.index)


def _extreme(
    sign: float,
    fixed: np.ndarray,
    group: np.ndarray,
    numerator: np.ndarray,
    denominator: np.ndarray,
    starts: np.ndarray,
) -> np.ndarray:
    """The largest (sign 1) or smallest (sign -1) ratio per group."""
    line_of = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(group)]))
    line_group = group[starts]
    ratio = np.zeros(len(fixed))
    for _ in range(STEPS):
        gain = sign * (numerator - ratio[group] * denominator)
        best = np.maximum.reduceat(gain, starts)
        # The first point that reaches the maximum, so that the choice is the same on every machine.
        candidates = np.flatnonzero(gain >= best[line_of] - 1e-12)
        chosen = candidates[np.unique(line_of[candidates], return_index=True)[1]]
        top = fixed[:, 0] + np.bincount(line_group, numerator[chosen], minlength=len(fixed))
        bottom = fixed[:, 1] + np.bincount(line_group, denominator[chosen], minlength=len(fixed))
        with np.errstate(invalid="ignore", divide="ignore"):
            new = np.where(bottom > 0, top / bottom, np.nan)
        if np.allclose(np.nan_to_num(new), ratio, rtol=0, atol=1e-13):
            return new
        ratio = np.nan_to_num(new)
    raise ArithmeticError(f"bounds did not converge within {STEPS} steps: look for a line with impossible points.")


def box_points(lines: pd.DataFrame) -> pd.DataFrame:
    """The possibilities of lines about which only the masks are known: every hidden count is 1 to 4.

    `lines`: contribution_id, numerator, denominator (NULL where hidden), numerator_masked, denominator_masked (hidden cells).
    A part of a whole is never larger than the whole. Returns contribution_id, numerator, denominator, one row per extreme point.
    """
    lows_highs = []
    for part in ("numerator", "denominator"):
        known = lines[part].fillna(0).to_numpy(dtype=float)
        hidden = lines[f"{part}_masked"].to_numpy(dtype=float)
        lows_highs.append((known + hidden, known + 4 * hidden))
    (n_low, n_high), (d_low, d_high) = lows_highs
    # The corners of n_low <= n <= n_high, d_low <= d <= d_high, n <= d. A line that contradicts itself is cut at n = d.
    n_high, d_low = np.minimum(n_high, d_high), np.minimum(np.maximum(d_low, n_low), d_high)
    diagonal = np.maximum(n_high, d_low)
    corners = [(n_low, d_low), (n_low, d_high), (n_high, d_high), (n_high, diagonal), (n_high, d_low)]
    frames = [
        pd.DataFrame({"contribution_id": lines["contribution_id"], "numerator": np.minimum(n, d), "denominator": d})
        for n, d in corners
    ]
    return pd.concat(frames, ignore_index=True).drop_duplicates()
