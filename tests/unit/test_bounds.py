"""Law 7, the arithmetic: bounds of ratios that rest on hidden cells hold the truth, as tight as can be."""

from collections import defaultdict
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.datasets.geslaagden import Geslaagden
from schemas.reading.validate import parse_file
from tests.tiny_files import exam_cells
from transforms.bounds import box_points, ratio_bounds
from transforms.g06_doorstroom import (
    CELLS,
    CELLS_07,
    NOT_TOLD,
    PERCENTAGES,
    exam_points,
    feasible_totals,
    result_points,
    results,
)

Pair = tuple[int, int]
"""Candidates and graduates."""
Truth = tuple[Pair, Pair, Pair]
"""Men, women and pupils of unknown sex."""


def pairs(largest: int) -> st.SearchStrategy[Pair]:
    """Candidates and those of them who passed."""
    return st.integers(0, largest).flatmap(lambda taken: st.tuples(st.just(taken), st.integers(0, taken)))


truths = st.tuples(pairs(12), pairs(12), st.one_of(st.just((0, 0)), pairs(3))).filter(
    lambda truth: sum(taken for taken, _ in truth) > 0
)


def total_of(truth: Truth) -> Pair:
    """Candidates and graduates of the whole line."""
    return sum(taken for taken, _ in truth), sum(passed for _, passed in truth)


def printed(truth: Truth) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """What the publisher prints of a line, as the transform reads it: six cells (-1 = hidden) and three percentages."""
    cells = exam_cells(truth[0], truth[1], total_of(truth))
    counts = [cell for place, cell in enumerate(cells) if place % 3 < 2]
    return tuple(-1 if cell == "<5" else int(cell) for cell in counts), tuple(float(cell) for cell in cells[2::3])


def hidden(truth: Truth) -> bool:
    """Is candidates or graduates of the total hidden?"""
    return any(1 <= count <= 4 for count in total_of(truth))


def frame_of(lines: list[Truth]) -> pd.DataFrame:
    """Lines as `cells_sql` gives them: hidden cells -1, `contribution_id` 0, 1, 2..."""
    rows = [(*cells, *shares) for cells, shares in map(printed, lines)]
    return pd.DataFrame(rows, columns=CELLS + PERCENTAGES).assign(contribution_id=range(len(lines)))


def box_frame(lines: list[Truth]) -> pd.DataFrame:
    """The same lines as contributions: only the total's own two cells."""
    totals = [printed(line)[0][4:] for line in lines]
    return pd.DataFrame(
        {
            "contribution_id": range(len(lines)),
            "numerator": [float("nan") if passed < 0 else passed for _, passed in totals],
            "numerator_masked": [int(passed < 0) for _, passed in totals],
            "denominator": [float("nan") if taken < 0 else taken for taken, _ in totals],
            "denominator_masked": [int(taken < 0) for taken, _ in totals],
        }
    )


def bounds_of(fixed: Pair, points: pd.DataFrame) -> tuple[float, float]:
    """Bounds of one group: `fixed` = graduates and candidates of its unmasked lines."""
    groups = pd.DataFrame({"numerator": [fixed[0]], "denominator": [fixed[1]]}, index=["group"])
    found = ratio_bounds(groups, points.rename(columns={"contribution_id": "line"}).assign(group="group"))
    return found["low"].iloc[0], found["high"].iloc[0]


@given(truths)
def test_truth_is_among_the_feasible_totals(truth: Truth) -> None:
    taken, passed = total_of(truth)
    assert (passed, taken) in feasible_totals(*printed(truth))


@pytest.mark.parametrize("rounding", [ROUND_HALF_UP, ROUND_HALF_EVEN])
def test_no_printed_percentage_excludes_the_count_it_was_made_of(rounding: str) -> None:
    """1 of 16 is 6.25 percent, printed 6.2 or 6.3 as the publisher's rounding has it."""
    for taken in range(5, 201):
        for passed in range(1, 5):
            share = float((Decimal(100 * passed) / taken).quantize(Decimal("0.1"), rounding))
            cells = (taken, -1, 0, 0, taken, -1)
            found = feasible_totals(cells, (share, 0.0, share))
            tenths, half = Fraction(round(10 * share)), Fraction(1, 2)
            assert found == [(n, taken) for n in range(1, 5) if abs(Fraction(1000 * n, taken) - tenths) <= half]
            assert (passed, taken) in found


def test_feasible_totals_are_exactly_what_the_printed_cells_allow() -> None:
    """Every line of at most six candidates: the totals found are those of all truths that print the same, no more."""
    possible = defaultdict(set)
    small = [(taken, passed) for taken in range(7) for passed in range(taken + 1)]
    for men, women, unknown in product(small, repeat=3):
        truth = (men, women, unknown)
        if 0 < total_of(truth)[0] <= 6:
            taken, passed = total_of(truth)
            possible[printed(truth)].add((passed, taken))
    assert len(possible) > 400
    wrong = {
        line: (totals, feasible_totals(*line))
        for line, totals in possible.items()
        if totals != set(feasible_totals(*line))
    }
    assert not wrong, next(iter(wrong.items()))


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(truths, min_size=1, max_size=30))
def test_truth_is_inside_the_bounds_and_tight_is_never_wider_than_box(lines: list[Truth]) -> None:
    """A board or the country: some lines open, some hidden."""
    totals = [total_of(line) for line in lines]
    open_lines = [total for line, total in zip(lines, totals, strict=True) if not hidden(line)]
    masked_lines = [line for line in lines if hidden(line)]
    fixed = sum(passed for _, passed in open_lines), sum(taken for taken, _ in open_lines)
    low, high = bounds_of(fixed, exam_points(frame_of(masked_lines)))
    box_low, box_high = bounds_of(fixed, box_points(box_frame(masked_lines)))
    truth = sum(passed for _, passed in totals) / sum(taken for taken, _ in totals)
    slack = 1e-12
    assert box_low - slack <= low <= truth + slack
    assert truth - slack <= high <= box_high + slack


points_of_a_line = st.lists(
    st.integers(1, 9).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))), min_size=1, max_size=5
)


@given(st.tuples(st.integers(0, 9), st.integers(0, 9)), st.lists(points_of_a_line, min_size=1, max_size=4))
def test_ratio_bounds_are_exact(fixed: Pair, lines: list[list[Pair]]) -> None:
    """Against brute force over all combinations of points, in exact fractions."""
    fixed = min(fixed), max(fixed)
    ratios = [
        Fraction(fixed[0] + sum(part for part, _ in choice), fixed[1] + sum(whole for _, whole in choice))
        for choice in product(*lines)
    ]
    rows = [(number, *point) for number, line in enumerate(lines) for point in line]
    low, high = bounds_of(fixed, pd.DataFrame(rows, columns=["contribution_id", "numerator", "denominator"]))
    assert low == pytest.approx(float(min(ratios)), abs=1e-12)
    assert high == pytest.approx(float(max(ratios)), abs=1e-12)


def test_groups_do_not_touch_each_other() -> None:
    groups = pd.DataFrame({"numerator": [10, 0, 5], "denominator": [20, 0, 5]}, index=["half", "hidden", "open"])
    points = pd.DataFrame(
        [("half", 1, 1, 4), ("half", 1, 4, 4), ("hidden", 1, 1, 2), ("hidden", 2, 2, 2), ("hidden", 2, 0, 3)],
        columns=["group", "line", "numerator", "denominator"],
    )
    found = ratio_bounds(groups, points)
    assert found.loc["half"].tolist() == pytest.approx([11 / 24, 14 / 24])
    assert found.loc["hidden"].tolist() == pytest.approx([1 / 5, 3 / 4])
    assert found.loc["open"].tolist() == [1, 1]


def test_a_ratio_of_nothing_has_no_bounds() -> None:
    groups = pd.DataFrame({"numerator": [0, 5], "denominator": [0, 0]}, index=["none", "something of nothing"])
    points = pd.DataFrame({"group": [], "line": [], "numerator": [], "denominator": []})
    assert np.isnan(ratio_bounds(groups, points).to_numpy()).all()


@st.composite
def masked_shares(draw: st.DrawFn) -> tuple[float, int, float, int]:
    """Known part and hidden cells of a numerator and of its denominator, with at least one truth n <= d that agrees."""
    numerator, denominator = draw(st.integers(0, 12)), draw(st.integers(0, 12))
    hidden_above, hidden_below = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    if hidden_above + hidden_below == 0:
        hidden_above = 1
    short = numerator + hidden_above - denominator - 4 * hidden_below
    return numerator, hidden_above, denominator + max(short, 0, 1 - denominator), hidden_below


@settings(deadline=None)
@given(st.lists(masked_shares(), min_size=1, max_size=3), st.integers(0, 20), st.integers(0, 20))
def test_box_points_hold_every_truth_and_nothing_more(lines: list[tuple], passed: int, failed: int) -> None:
    """Against brute force over every whole number that the masks allow, a part never being larger than its whole."""
    frame = pd.DataFrame(lines, columns=["numerator", "numerator_masked", "denominator", "denominator_masked"])
    low, high = bounds_of((passed, passed + failed), box_points(frame.assign(contribution_id=range(len(frame)))))
    truths_of_lines = [
        [
            (part, whole)
            for part in range(above + hidden_above, above + 4 * hidden_above + 1)
            for whole in range(below + hidden_below, below + 4 * hidden_below + 1)
            if part <= whole
        ]
        for above, hidden_above, below, hidden_below in lines
    ]
    rows = [(number, *point) for number, line in enumerate(truths_of_lines) for point in line]
    everything = pd.DataFrame(rows, columns=["contribution_id", "numerator", "denominator"])
    assert (low, high) == pytest.approx(bounds_of((passed, passed + failed), everything), abs=1e-12)


def test_a_line_that_contradicts_itself_keeps_what_it_prints() -> None:
    """Seven candidates, hidden graduates and a pass rate of 99.0: no count gives it, so only the mask is believed."""
    assert feasible_totals((0, 0, 7, -1, 7, -1), (0.0, 99.0, 99.0)) == [(passed, 7) for passed in range(1, 5)]


def test_sexes_that_a_file_does_not_tell_of_are_no_hidden_sexes() -> None:
    """A column that is not there hides nobody: a line with one candidate stays possible."""
    lines = frame_of([((1, 1), (0, 0), (0, 0))])
    lines[CELLS[:4]] = NOT_TOLD
    lines[PERCENTAGES[:2]] = float("nan")
    points = exam_points(lines)
    assert (1, 1) in set(zip(points["numerator"], points["denominator"], strict=True))


def hidden_07(candidates: int, passed: int) -> tuple[int, int, int]:
    """The three cells of a line of file 07 as printed since 2021-2022: -1 for 1 to 4."""
    return tuple(-1 if 1 <= cell <= 4 else cell for cell in (candidates, passed, candidates - passed))


@given(pairs(12))
def test_truth_is_among_the_results_of_file_07(truth: Pair) -> None:
    candidates, passed = truth
    cells = hidden_07(candidates, passed)
    assert (passed, candidates) in results(*cells)
    assert all(hidden_07(c, p) == cells for p, c in results(*cells)), "a result that would print otherwise"


@settings(deadline=None)
@given(st.lists(pairs(12).filter(lambda truth: truth[0] > 0), min_size=1, max_size=30))
def test_truth_of_file_07_is_inside_bounds_that_are_never_wider_than_the_masks(lines: list[Pair]) -> None:
    cells = [hidden_07(*line) for line in lines]
    is_hidden = [c < 0 or p < 0 for c, p, _ in cells]
    open_lines = [line for line, hide in zip(lines, is_hidden, strict=True) if not hide]
    fixed = (sum(p for _, p in open_lines), sum(c for c, _ in open_lines))
    masked = pd.DataFrame([cell for cell, hide in zip(cells, is_hidden, strict=True) if hide], columns=CELLS_07)
    masked.insert(0, "contribution_id", range(len(masked)))
    low, high = bounds_of(fixed, result_points(masked))
    hidden_cells = masked[["passed_n", "candidates_n"]] < 0
    known = masked[["passed_n", "candidates_n"]].mask(hidden_cells).set_axis(["numerator", "denominator"], axis=1)
    known[["numerator_masked", "denominator_masked"]] = hidden_cells.to_numpy().astype(int)
    wide_low, wide_high = bounds_of(fixed, box_points(known.assign(contribution_id=masked["contribution_id"])))
    truth = sum(p for _, p in lines) / sum(c for c, _ in lines)
    assert wide_low - 1e-9 <= low <= truth + 1e-9 and truth - 1e-9 <= high <= wide_high + 1e-9


def test_nobody_failed_means_all_passed() -> None:
    """Forty lines 20/18/2 and forty `<5;<5;0`: the failures say that all of the hidden candidates passed."""
    assert results(-1, -1, 0) == [(1, 1), (2, 2), (3, 3), (4, 4)]
    masked = pd.DataFrame([[at, -1, -1, 0] for at in range(40)], columns=["contribution_id", *CELLS_07])
    assert bounds_of((720, 800), result_points(masked)) == pytest.approx((760 / 840, 880 / 960))
    assert results(9, -1, 7) == [(2, 9)] and results(-1, -1, NOT_TOLD) == []


KNOWN_07 = {
    "07.-geslaagden,-gezakten-en-cijfers-2016-2017.csv": (91.242, 92.103),
    "07-geslaagden-gezakten-en-cijfers-2018-2019.csv": (91.210, 92.252),
}


@pytest.mark.mirror
@pytest.mark.parametrize("name", KNOWN_07)
def test_a_known_year_of_file_07_masked_by_the_publishers_rule(shared_mirror: Path, name: str) -> None:
    rows = parse_file(Geslaagden, name, next(shared_mirror.rglob(name)).read_bytes()).rows[CELLS_07].astype(int)
    masked = rows.mask(rows.isin(range(1, 5)), -1)
    hide = (masked[["candidates_n", "passed_n"]] < 0).any(axis=1)
    fixed = rows[~hide].sum()
    lines = masked[hide].rename_axis("contribution_id").reset_index()
    low, high = bounds_of((fixed["passed_n"], fixed["candidates_n"]), result_points(lines))
    assert low <= rows["passed_n"].sum() / rows["candidates_n"].sum() <= high
    assert (100 * low, 100 * high) == (
        pytest.approx(KNOWN_07[name][0], abs=1e-3),
        pytest.approx(KNOWN_07[name][1], abs=1e-3),
    )
