"""G06 Transition to further education: the exam pass rate and the gap between exam grades, from school files.

    slaagpct       = 100 * sum(GESLAAGDEN) / sum(EXAMENKANDIDATEN)
    ce_se_verschil = sum(candidates * (school exam - central exam)) / sum(candidates)

Unit: percent of candidates; higher is better; a proxy without a target (passing says little about being well
prepared). Sources: DUO 07 of the exam's autumn (provisional), then DUO 06 (definitive). In 2020 there was no central
exam and in 2021 the rules were eased: those years are not comparable.

Levels: vmbo-bb takes the basic programme with its work-based variant (LWT), vmbo-gt takes the mixed and the
theoretical programmes together, as the ministry's published series does.

**Grade gap.** Points on the scale of 1 to 10; above zero the school gives more than the central exam. By level from
DUO 07; by level and subject from DUO 09 and 10, weighted with the central exams taken. A grade of `,0` is none: such
lines have no gap.

**CBS.** vsv_pct = 100 * early leavers / pupils of vmbo, havo and vwo, and a second pass rate from graduates and
candidates of the three levels, from StatLine by title; never the percentage that CBS prints, which is rounded to a whole one.
Counts are rounded to tens (so stated for early leavers, not stated for exams, assumed there), so each may be 5 off, and values have
bounds. CBS counts in its own way (2018-2019: 0.58 percent, the ministry 0.49): a method of its own for each table.
The file of DUO on early leavers does not say which school year it means (see `schemas/datasets/vsv.py` and the view `early_leavers`).

**Masked lines.** The releases from 2019-2024 hide counts of 1 to 4 but print zeros and the pass percentage, for men,
women and the total. `feasible_totals` lists the totals that agree with all of it; see there for the proof. File 07 hides the same counts from 2021-2022 on and prints the
failures, which are the candidates who did not pass: `results` lists what agrees with the three cells.
"""

from functools import cache
from itertools import product
from math import nan, prod
from typing import Any

import pandas as pd

from schemas.datasets.cbs import CANDIDATES, LEAVERS, PASSED, PUPILS, Cbs84782, Cbs85368, Cbs85382, CbsTable
from transforms.series import NATIONAL, Series, hidden_cells, masked, ratio, select

LEVEL_06 = """CASE WHEN education_type IN ('HAVO', 'VWO') THEN lower(education_type)
    WHEN programme LIKE 'VMBO B -%' OR programme LIKE 'VMBO LWT%' THEN 'vmbo-bb'
    WHEN programme LIKE 'VMBO K%' THEN 'vmbo-kb'
    WHEN programme LIKE 'VMBO G%' OR programme LIKE 'VMBO T%' THEN 'vmbo-gt'
    ELSE 'other' END"""
LEVEL_07 = """CASE WHEN education_type IN ('HAVO', 'VWO') THEN lower(education_type)
    WHEN leerweg = 'BL' THEN 'vmbo-bb' WHEN leerweg = 'KL' THEN 'vmbo-kb'
    WHEN leerweg IN ('GL', 'TL') THEN 'vmbo-gt' ELSE 'other' END"""
LINE_KEY = "source_file_id, line, period_start"
TOOK_PART = "coalesce(candidates_n, 1) > 0"
CELLS = [f"{what}{sex}_{unit}" for sex in ("_m", "_f", "") for what, unit in (("candidates", "n"), ("passed", "n"))]
PERCENTAGES = ["pass_m_pct", "pass_f_pct", "pass_pct"]
HIDDEN, NOT_TOLD = -1, -2


def cells_sql(cells: list[str]) -> str:
    """SQL: each count, -1 where it is hidden and -2 where the file does not have it."""
    return ", ".join(
        f"CASE WHEN {masked(cell)} THEN {HIDDEN} ELSE coalesce({cell}, {NOT_TOLD}) END AS {cell}" for cell in cells
    )


HALF_UNIT = 0.05 + 1e-9
"""Percentages are printed to one decimal: the true one lies within half a unit."""

Pair = tuple[int, int]


def options(candidates: int, passed: int, percentage: float) -> list[Pair]:
    """The (candidates, passed) pairs of one group that agree with its printed cells.

    -1 stands for `<5`, so 1 to 4; -2 for a cell that the file does not have: the group may then be empty.
    """
    if NOT_TOLD in (candidates, passed):
        return [(0, 0)]
    pairs = product(
        range(1, 5) if candidates < 0 else (candidates,),
        range(1, 5) if passed < 0 else (passed,),
    )
    return [
        (c, p)
        for c, p in pairs
        if p <= c and (c == 0 or percentage != percentage or abs(100 * p / c - percentage) <= HALF_UNIT)
    ]


@cache
def feasible_totals(cells: tuple[int, ...], percentages: tuple[float, ...]) -> list[Pair]:
    """All (passed, candidates) totals of a line that agree with every printed cell of it.

    `cells` = candidates and passed of men, women, total (see `options`); `percentages` = the three pass percentages.
    The truth is among them: (1) a hidden count is 1..4, since zeros are printed; (2) passed <= candidates in each
    group; (3) a printed percentage is the group's own, rounded to one decimal; (4) men and women do not exceed the
    total, in candidates, in graduates and in failures, because who is neither is a pupil of unknown sex (such
    lines exist: 12 in 2019-2020). Equality in (4) would be tighter by a hair and is not always true.
    """
    men, women, total = (options(cells[i], cells[i + 1], percentages[i // 2]) for i in (0, 2, 4))
    found = {
        (tp, tc)
        for tc, tp in total
        if any(
            mc + wc <= tc and mp + wp <= tp and (mc - mp) + (wc - wp) <= tc - tp
            for (mc, mp), (wc, wp) in product(men, women)
        )
    }
    # A line that contradicts itself (a publisher's slip) falls back on its total alone, then on the total's counts alone.
    return sorted(found or {(tp, tc) for tc, tp in total or options(cells[4], cells[5], nan)})


CELLS_07 = ["candidates_n", "passed_n", "failed_n"]


@cache
def results(candidates: int, passed: int, failed: int) -> list[Pair]:
    """All (passed, candidates) of a line of file 07 that agree with its three cells; -1 is hidden, so 1 to 4.

    None where a cell is unknown (-2): then only the masks count.

    The truth is among them: who takes part passes or fails (on every line of the open years), and zeros are printed.
    """
    printed = (candidates, passed, failed)
    if NOT_TOLD in printed:
        return []
    cells = (range(1, 5) if cell == HIDDEN else (cell,) for cell in printed)
    return sorted((p, c) for c, p, f in product(*cells) if p + f == c)


def result_points(lines: pd.DataFrame) -> pd.DataFrame:
    """For masked lines of file 07 (contribution_id, CELLS_07): contribution_id, numerator, denominator per possibility."""
    cells = lines[CELLS_07].astype(int).itertuples(index=False, name=None)
    rows = [
        (contribution, *pair)
        for contribution, line in zip(lines["contribution_id"], cells, strict=True)
        for pair in results(*line)
    ]
    return pd.DataFrame(rows, columns=["contribution_id", "numerator", "denominator"])


def exam_points(lines: pd.DataFrame) -> pd.DataFrame:
    """For masked exam lines (contribution_id, CELLS, PERCENTAGES): contribution_id, numerator, denominator per possibility."""
    cells = lines[CELLS].astype(int).itertuples(index=False, name=None)
    percentages = lines[PERCENTAGES].itertuples(index=False, name=None)
    rows = [
        (contribution, passed, candidates)
        for contribution, line_cells, line_pcts in zip(lines["contribution_id"], cells, percentages, strict=True)
        for passed, candidates in feasible_totals(line_cells, line_pcts)
    ]
    return pd.DataFrame(rows, columns=["contribution_id", "numerator", "denominator"])


# Whole tenths: the difference of two grades with one decimal, without the dust of binary fractions.
GRADE_GAP = "round(school_exam_grade - central_exam_grade, 1)"
SUBJECT = """lower(education_type) || '/' ||
    trim(regexp_replace(lower(strip_accents(subject)), '[^a-z0-9]+', '-', 'g'), '-')"""


def grade_gap(dataset_id: str, weight: str, breakdown: str, levels: str = "true") -> dict[str, Any]:
    """The part of a Series that differs between files with grades: its select and how to read hidden counts."""
    with_gap = f"{GRADE_GAP} IS NOT NULL AND coalesce({weight}, 1) > 0 AND {levels}"
    hidden = hidden_cells(weight)
    return {
        "dataset_id": dataset_id,
        "sql": select(
            dataset_id,
            f"{weight} * {GRADE_GAP}",
            weight,
            hidden=(hidden, hidden),
            breakdown=breakdown,
            where=with_gap,
        ),
        "cells_sql": f"SELECT {LINE_KEY}, {GRADE_GAP} AS gap FROM core.{dataset_id} WHERE {with_gap}",  # noqa: S608 - names of ours
    }


def gap_points(lines: pd.DataFrame) -> pd.DataFrame:
    """For lines (contribution_id, gap) with a hidden number of candidates: 1 to 4 of them, all with the printed gap."""
    each = lines[["contribution_id"]].merge(pd.DataFrame({"denominator": range(1, 5)}), how="cross")
    return each.assign(numerator=each["denominator"] * lines["gap"].repeat(4).to_numpy())


def cbs_share(table: type[CbsTable], part: str, whole: str, breakdown: str = "'total'") -> dict[str, Any]:
    """The part of a Series that divides one measure of a CBS table by another, for the titles that the table declares.

    A period without every one of the counts has no share.
    """
    cells = " AND ".join(f"list_contains({list(titles)}, {column})" for column, titles in table.titles.items())
    whole_set = f"count(*) OVER (PARTITION BY source_file_id, period_start) = {prod(map(len, table.titles.values()))}"
    return {
        "dataset_id": table.id,
        "sql": select(
            table.id,
            f"CASE measure WHEN '{part}' THEN value END",
            f"CASE measure WHEN '{whole}' THEN value END",
            unit=NATIONAL,
            breakdown=breakdown,
            where=f"{cells} AND value IS NOT NULL QUALIFY {whole_set}",
        ),
        "rounding": 5.0,
    }


SERIES = [
    *(
        Series("g06_vsv_pct", f"bottom_up_{table.id}", **cbs_share(table, LEAVERS, PUPILS))
        for table in (Cbs84782, Cbs85368)
    ),
    Series(
        "g06_slaagpct",
        f"bottom_up_{Cbs85382.id}",
        **cbs_share(Cbs85382, PASSED, CANDIDATES, "lower(education)"),
        parts_sum_to_total=True,
    ),
    Series(
        "g06_ce_se_verschil",
        "bottom_up_bestand_07",
        **grade_gap("duo_07_geslaagden", "candidates_n", LEVEL_07),
        scale=1.0,
        parts_sum_to_total=True,
        feasible_points=gap_points,
        points_are_public=True,
    ),
    # A series per file: havo (09) and vwo (10) come as files of their own, and neither replaces the other.
    *(
        Series(
            "g06_ce_se_verschil",
            method,
            **grade_gap("duo_08_10_vakken", "central_exams_n", SUBJECT, f"education_type = '{level}'"),
            scale=1.0,
            parts_sum_to_total=True,
            feasible_points=gap_points,
            points_are_public=True,
        )
        for method, level in (("bottom_up_bestand_09", "HAVO"), ("bottom_up_bestand_10", "VWO"))
    ),
    Series(
        "g06_slaagpct",
        "bottom_up",
        "duo_07_geslaagden",
        ratio("duo_07_geslaagden", "passed_n", "candidates_n", breakdown=LEVEL_07, where=TOOK_PART),
        parts_sum_to_total=True,
        rank=7,
        cells_sql=f"SELECT {LINE_KEY}, {cells_sql(CELLS_07)} FROM core.duo_07_geslaagden",  # noqa: S608 - names of ours
        feasible_points=result_points,
    ),
    Series(
        "g06_slaagpct",
        "bottom_up",
        "duo_06_examens",
        ratio("duo_06_examens", "passed_n", "candidates_n", breakdown=LEVEL_06, where=TOOK_PART),
        parts_sum_to_total=True,
        rank=8,
        cells_sql=f"SELECT {LINE_KEY}, {cells_sql(CELLS)}, {', '.join(PERCENTAGES)} FROM core.duo_06_examens",  # noqa: S608 - names of ours
        feasible_points=exam_points,
    ),
]
