"""What the coded annual reports say: shares of boards with confidence intervals, and how far two coders agree.

**Shares.** The stratified estimator: the share of each size, weighted with its boards. The interval is Wilson's, with
an effective number of boards instead of the number read: the number that an unstratified sample without finite
population would need for the same variance (as E.L. Korn and B.I. Graubard do, Survey Methodology 24, 1998, for
Clopper-Pearson). Two such numbers are made, from the variance as observed and from the design alone; the smaller
counts. So a share of 0 or 1 keeps an honest interval, it shrinks to a point when every board has been read, and it
errs on the wide side.

**Agreement.** Cohen's kappa per field (J. Cohen, Educational and Psychological Measurement 20, 1960): agreement beyond
what two coders with these habits would reach by chance. Undefined when both used one and the same answer throughout.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from warehouse.jaarverslag.sampling import Board, by_size

YES_NO = ("mentions_prestatiebox", "split_by_ambition", "progress_described")
GOALS = tuple(f"G{number:02d}" for number in range(1, 16))
Z95 = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""


@dataclass(frozen=True)
class Share:
    """A share of boards (percent) with its 95 percent interval, None where no report was read."""

    field: str
    report_year: int
    share_pct: float | None
    low_pct: float | None
    high_pct: float | None
    boards_coded: int
    boards: int
    boards_not_represented: int
    """Boards of a size of which no report was read: the share does not speak for them."""


def shares(frame: Sequence[Board], reports: pd.DataFrame, report_year: int) -> list[Share]:
    """The share of boards per yes-or-no field, and per goal that is named, by the first coder's answers."""
    of_year = reports[reports["report_year"] == report_year].set_index("board_id")
    answers = {field: of_year[field].astype(bool) for field in YES_NO}
    named = of_year["goals_mentioned"].fillna("").str.split(";")
    answers |= {f"goal_{goal}": named.map(lambda goals, goal=goal: goal in goals) for goal in GOALS}
    return [share(frame, field, report_year, dict(given)) for field, given in answers.items()]


def share(frame: Sequence[Board], field: str, report_year: int, given: dict[str, bool]) -> Share:
    """The share of boards for which `given` (board -> yes or no) is yes, estimated for the whole frame."""
    strata = []
    unheard = 0
    for members in by_size(frame).values():
        answers = [given[board.board_id] for board in members if board.board_id in given]
        if answers:
            strata.append((len(members), len(answers), float(sum(answers) / len(answers))))
        else:
            unheard += len(members)
    coded = sum(read for _, read, _ in strata)
    if not coded:
        return Share(field, report_year, None, None, None, 0, len(frame), unheard)
    estimate, low, high = stratified_wilson(strata)
    return Share(field, report_year, 100 * estimate, 100 * low, 100 * high, coded, len(frame), unheard)


def stratified_wilson(strata: Sequence[tuple[int, int, float]]) -> tuple[float, float, float]:
    """Share, low and high from strata of (boards, boards read, share among those read), shares 0..1."""
    total = sum(boards for boards, _, _ in strata)
    estimate = sum(boards / total * share for boards, _, share in strata)
    # What each stratum would add to the variance of a share, but for share * (1 - share).
    parts = [
        ((boards / total) ** 2 * (1 - read / boards) / max(read - 1, 1), share * (1 - share))
        for boards, read, share in strata
    ]
    design = sum(part for part, _ in parts)
    if design == 0:
        return estimate, estimate, estimate
    observed = sum(part * spread for part, spread in parts)
    effective = 1 / design
    if observed > 0:
        effective = min(effective, estimate * (1 - estimate) / observed)
    return estimate, *wilson(estimate, effective)


def wilson(share: float, number: float) -> tuple[float, float]:
    """Wilson's 95 percent interval for a share (0..1) among `number`, which need not be whole."""
    centre = (share + Z95**2 / (2 * number)) / (1 + Z95**2 / number)
    half = Z95 / (1 + Z95**2 / number) * math.sqrt(share * (1 - share) / number + Z95**2 / (4 * number**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True)
class Agreement:
    """How far two coders agree on a field; kappa is None where it is undefined."""

    field: str
    reports: int
    agreement_pct: float | None
    kappa: float | None


@dataclass(frozen=True)
class Disagreement:
    """An answer that the coders have to agree on."""

    board_id: str
    report_year: int
    field: str
    first: str
    second: str


def agreements(reports: pd.DataFrame) -> list[Agreement]:
    """Agreement per field over all reports coded twice; the goals named count as fifteen yes-or-no answers."""
    return [agreement(field, pairs) for field, pairs in answer_pairs(reports).items()]


def agreement(field: str, pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Agreement and Cohen's kappa over pairs of answers."""
    if not pairs:
        return Agreement(field, 0, None, None)
    number = len(pairs)
    observed = sum(first == second for first, second in pairs) / number
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    chance = sum(firsts[answer] * seconds[answer] for answer in firsts) / number**2
    kappa = (observed - chance) / (1 - chance) if chance < 1 else None
    return Agreement(field, number, 100 * observed, kappa)


def answer_pairs(reports: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Per field the two coders' answers, as text, over the reports coded twice."""
    twice = reports[reports["second_coder"].notna()]
    pairs = {
        field: list(zip(text_of(twice[field]), text_of(twice[f"second_{field}"]), strict=True)) for field in YES_NO
    }
    pairs["amount_eur"] = list(zip(text_of(twice["amount_eur"]), text_of(twice["second_amount_eur"]), strict=True))
    goals = list(zip(text_of(twice["goals_mentioned"]), text_of(twice["second_goals_mentioned"]), strict=True))
    pairs["goals_mentioned"] = [
        (str(goal in first.split(";")), str(goal in second.split(";"))) for first, second in goals for goal in GOALS
    ]
    return pairs


def disagreements(reports: pd.DataFrame) -> list[Disagreement]:
    """Every answer on which two coders differ, by board and year; goals are compared as a set."""
    twice = reports[reports["second_coder"].notna()].sort_values(["board_id", "report_year"])
    found = []
    for field in (*YES_NO, "amount_eur", "goals_mentioned"):
        firsts, seconds = text_of(twice[field]), text_of(twice[f"second_{field}"])
        keys = zip(twice["board_id"], twice["report_year"], firsts, seconds, strict=True)
        for board_id, report_year, first, second in keys:
            if set(first.split(";")) != set(second.split(";")):
                found.append(Disagreement(board_id, int(report_year), field, first, second))
    return sorted(found, key=lambda one: (one.board_id, one.report_year, one.field))


def text_of(answers: pd.Series) -> list[str]:
    """Answers as text; none is an answer too: the empty text."""
    return ["" if pd.isna(answer) else str(answer) for answer in answers]
