"""Rules of the register that look across tables: what refers to what, and what may carry a judgement."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from schemas.errors import Problem
from schemas.register.errata import errata_hold

Frames = dict[str, pd.DataFrame]
# table, position of the row, column, what is expected, what is there, hint
Finding = tuple[str, int, str, str, str, str]

REFERENCES = [
    # table, column, table referred to, column referred to, is the cell a semicolon-separated list
    ("goal", "ambition_id", "ambition", "ambition_id", False),
    ("goal", "headline_indicator_id", "indicator", "indicator_id", False),
    ("indicator", "goal_id", "goal", "goal_id", False),
    ("method", "indicator_id", "indicator", "indicator_id", False),
    ("target", "indicator_id", "indicator", "indicator_id", False),
    ("published_value", "indicator_id", "indicator", "indicator_id", False),
    ("published_value", "flags", "flag", "flag", True),
    ("break", "goal_id", "goal", "goal_id", False),
    ("break", "indicator_id", "indicator", "indicator_id", False),
    ("break", "flag", "flag", "flag", False),
    ("evidence", "goal_id", "goal", "goal_id", False),
    ("evidence", "supersedes_id", "evidence", "evidence_id", False),
    ("verdict", "goal_id", "goal", "goal_id", False),
    ("verdict", "status", "status", "status", False),
    ("verdict", "basis_evidence_ids", "evidence", "evidence_id", True),
    ("verdict", "supersedes_id", "verdict", "verdict_id", False),
    ("crosswalk_2014", "goal_id", "goal", "goal_id", False),
    ("international_wave", "goal_id", "goal", "goal_id", False),
    ("explained_difference", "indicator_id", "indicator", "indicator_id", False),
    ("assumption", "indicator_ids", "indicator", "indicator_id", True),
]


@dataclass(frozen=True)
class RegisterProblem(Problem):
    """A problem in a line of a register file; `column` is empty where the line as a whole is meant."""

    file: str
    line: int
    column: str


def register_problem(file: str, line: int, column: str, expected: str, actual: str, hint: str) -> RegisterProblem:
    """The problem in a cell, or in a line as a whole (empty `column`)."""
    where = f"{file}, line {line}" + (f", column {column}" if column else "")
    return RegisterProblem(where, expected, actual, hint, file, line, column)


def cross_table_problems(frames: Frames, lines: dict[str, list[int]]) -> list[RegisterProblem]:
    """Every problem between the tables; `lines` gives the line of each row of each table."""
    return [
        register_problem(f"{table}.csv", lines[table][at] if at >= 0 else 1, *rest)
        for rule in RULES
        for table, at, *rest in rule(frames)
    ]


def references_exist(frames: Frames) -> Iterator[Finding]:
    """Every code that refers to another table is there."""
    for table, column, other, other_column, is_list in REFERENCES:
        known = set(frames[other][other_column])
        for at, cell in enumerate(frames[table][column]):
            for code in [] if pd.isna(cell) else cell.split(";") if is_list else [cell]:
                if code not in known:
                    yield table, at, column, f"a code of {other}.csv", repr(code), "add it there or correct it here"


def methods_exist(frames: Frames) -> Iterator[Finding]:
    """A method version that is named belongs to the indicator beside it, and published values to a published one."""
    origin = dict(zip(_pairs(frames["method"]), frames["method"]["origin"], strict=True))
    uses = [("published_value", "method_version"), ("break", "method_version"), ("method", "reconciles_with")]
    for table, column in uses:
        for at, key in enumerate(_pairs(frames[table], column)):
            if pd.isna(key[1]):
                continue
            if key not in origin:
                yield table, at, column, "a method of this indicator in method.csv", repr(key[1]), "add or correct it"
            elif table != "break" and origin[key] != "published":
                yield table, at, column, "a method of origin published", repr(key[1]), "name a published method"
    without = set(frames["indicator"]["indicator_id"]) - set(frames["method"]["indicator_id"])
    for at, indicator in enumerate(frames["indicator"]["indicator_id"]):
        if indicator in without:
            yield "indicator", at, "indicator_id", "at least one method in method.csv", "none", "add its method"


def headline_is_of_its_goal(frames: Frames) -> Iterator[Finding]:
    """A goal's headline indicator belongs to the goal, has the method that is named, and its rule fits its methods."""
    goal_of = dict(zip(frames["indicator"]["indicator_id"], frames["indicator"]["goal_id"], strict=True))
    kinds = dict(zip(frames["indicator"]["indicator_id"], frames["indicator"]["type"], strict=True))
    methods = set(_pairs(frames["method"]))
    added_up = set(frames["method"].loc[frames["method"]["origin"] == "bottom_up", "indicator_id"])
    for at, goal in enumerate(_rows(frames["goal"])):
        indicator = goal.headline_indicator_id
        if pd.isna(indicator):
            continue
        if goal_of.get(indicator, goal.goal_id) != goal.goal_id:
            found = f"one of {goal_of[indicator]}"
            yield "goal", at, "headline_indicator_id", "an indicator of this goal", found, "name another"
        if (indicator, goal.headline_method_version) not in methods:
            found = repr(goal.headline_method_version)
            yield "goal", at, "headline_method_version", f"a method of {indicator}", found, "add or correct it"
        if goal.kind == "evidence" and kinds.get(indicator, "context") != "context":
            found = f"one of type {kinds[indicator]}"
            yield (
                "goal",
                at,
                "headline_indicator_id",
                "a context indicator, as the kind is evidence",
                found,
                "change one",
            )
        rule = "bottom_up_first" if indicator in added_up else "published"
        if goal.headline_rule != rule:
            expected = f"{rule}, as {'a' if indicator in added_up else 'no'} method of {indicator} adds up files"
            yield "goal", at, "headline_rule", expected, repr(goal.headline_rule), "correct the rule or the methods"


def every_goal_answers(frames: Frames) -> Iterator[Finding]:
    """Every goal has evidence, or a published value of its headline."""
    answered = set(frames["evidence"]["goal_id"])
    keys = ["indicator_id", "method_version", "breakdown"]
    valued = set(frames["published_value"][keys].itertuples(index=False, name=None))
    for at, goal in enumerate(_rows(frames["goal"])):
        headline = (goal.headline_indicator_id, goal.headline_method_version, goal.headline_breakdown)
        if goal.goal_id not in answered and headline not in valued:
            yield "goal", at, "goal_id", "evidence or a headline value", f"neither for {goal.goal_id}", "add evidence"


def targets_point_the_right_way(frames: Frames) -> Iterator[Finding]:
    """A target lies on the better side of its baseline."""
    direction = dict(zip(frames["indicator"]["indicator_id"], frames["indicator"]["direction"], strict=True))
    for at, target in enumerate(_rows(frames["target"])):
        better = direction.get(target.indicator_id)
        step = target.target_value - target.baseline_value
        if (better == "lower" and step >= 0) or (better == "higher" and step <= 0) or better == "none":
            expected = f"a target {better} than its baseline" if better != "none" else "an indicator with a direction"
            found = f"{target.baseline_value:g} to {target.target_value:g}"
            yield "target", at, "target_value", expected, found, "correct the target or the indicator's direction"


def proxies_carry_no_verdict(frames: Frames) -> Iterator[Finding]:
    """A proxy only points at a goal, and context less: neither goal nor headline may be one where the headline has a target."""
    types = frames["indicator"]["type"]
    proxies = set(frames["indicator"].loc[types.isin(["proxy", "context"]), "indicator_id"])
    headlines = {
        (goal.headline_indicator_id, goal.headline_breakdown): goal.goal_id
        for goal in _rows(frames["goal"])
        if goal.kind == "proxy" or goal.headline_indicator_id in proxies
    }
    for at, target in enumerate(_rows(frames["target"])):
        goal = headlines.get((target.indicator_id, target.breakdown))
        if goal:
            found = f"the headline of {goal}, which is a proxy"
            hint = "leave the target out: a proxy cannot support a verdict"
            yield "target", at, "indicator_id", "an indicator that measures its goal", found, hint


def labels_follow_their_rule(frames: Frames) -> Iterator[Finding]:
    """The dates of a published value fit the label rule of its method."""
    rules = dict(zip(_pairs(frames["method"]), frames["method"]["label_rule"], strict=True))
    values = frames["published_value"]
    dates = zip(_pairs(values), values["period_start"], values["period_end"], strict=True)
    for at, (key, start, end) in enumerate(dates):
        fits, expected = LABEL_RULES.get(rules.get(key, ""), (_any_dates, ""))
        if not fits(start, end):
            yield "published_value", at, "period_start", expected, f"{start} to {end}", "correct the dates or the rule"


def values_have_their_own_moment(frames: Frames) -> Iterator[Finding]:
    """Two values of one key known on the same day differ in vintage_rank, so that one of them is the later."""
    values = frames["published_value"]
    key = ["indicator_id", "method_version", "breakdown", "entity_level", "entity_id", "period_start", "period_end"]
    moment = values["published_on"].where(values["published_on"].notna(), values["entered_on"])
    twice = values.assign(moment=moment).duplicated([*key, "moment", "vintage_rank"])
    for at in range(len(values)):
        if twice.iloc[at]:
            expected = "another vintage_rank than the same value of the same day"
            yield "published_value", at, "vintage_rank", expected, "the same", "rank the two"


def evidence_replaces_its_own_kind(frames: Frames) -> Iterator[Finding]:
    """Evidence supersedes evidence of the same goal and source, each once; contradiction is no ground to replace."""
    rows = {row.evidence_id: row for row in _rows(frames["evidence"])}
    replaced: set[str] = set()
    for at, row in enumerate(_rows(frames["evidence"])):
        earlier = rows.get(row.supersedes_id)
        if earlier is None:
            continue
        if earlier.goal_id != row.goal_id or earlier.independent_source != row.independent_source:
            expected = f"evidence about {row.goal_id} of the same source ({row.independent_source})"
            found = f"{earlier.evidence_id} about {earlier.goal_id} of {earlier.independent_source}"
            yield "evidence", at, "supersedes_id", expected, found, "let both stand"
        if earlier.evidence_id == row.evidence_id or earlier.evidence_id in replaced:
            expected, found = "evidence that nothing else supersedes", earlier.evidence_id
            yield "evidence", at, "supersedes_id", expected, found, "supersede the last one"
        replaced.add(earlier.evidence_id)


def verdicts_stand_on_evidence(frames: Frames) -> Iterator[Finding]:
    """A verdict rests on two or more independent sources, real, about its goal, not context only, known by then."""
    evidence = {row.evidence_id: row for row in _rows(frames["evidence"])}
    for at, verdict in enumerate(_rows(frames["verdict"])):
        basis = [evidence[code] for code in verdict.basis_evidence_ids.split(";") if code in evidence]
        if len({row.independent_source for row in basis}) < 2:
            yield _verdict(at, "two independent sources", "fewer", "add evidence of another source")
        if all(row.strength == "D" for row in basis):
            yield _verdict(at, "more than opinion (strength A, B or C)", "strength D only", "add a stronger source")
        for row in basis:
            known = row.entered_on if pd.isna(row.published_on) else row.published_on
            if row.goal_id != verdict.goal_id:
                yield _verdict(at, f"evidence about {verdict.goal_id}", row.evidence_id, "leave it out")
            if row.synthetic:
                yield _verdict(at, "real evidence", f"synthetic {row.evidence_id}", "leave it out")
            if row.source_type == "official_outcome":
                hint = "leave it out: it stands beside our verdict"
                yield _verdict(at, "evidence of our own finding", f"official outcome {row.evidence_id}", hint)
            if row.verdict_contribution == "context":
                yield _verdict(at, "evidence that carries or supports", f"context {row.evidence_id}", "leave it out")
            if known > verdict.decided_on:
                found = f"{row.evidence_id} of {known}"
                yield _verdict(
                    at, f"evidence known on {verdict.decided_on}", found, "leave it out or date the verdict later"
                )


def sentences_have_their_parts(frames: Frames) -> Iterator[Finding]:
    """Every goal and headline has a name for use in a sentence, and a template fills in the same in both languages."""
    parts = set(frames["sentence"]["part"])
    for table, column in (("goal", "goal_id"), ("goal", "headline_indicator_id")):
        for at, name in enumerate(frames[table][column]):
            if not pd.isna(name) and name not in parts:
                yield table, at, column, "a part of sentence.csv with its name", repr(name), "add the part"
    for at, row in enumerate(_rows(frames["sentence"])):
        dutch, english = ({*re.findall(r"{(\w+)}", text)} for text in (row.text_nl, row.text_en))
        if dutch != english:
            found = ", ".join(sorted(dutch ^ english)) + " in one of them"
            yield "sentence", at, "text_en", "the same names in braces as in text_nl", found, "correct one of the two"


def _verdict(at: int, expected: str, found: str, hint: str) -> Finding:
    return "verdict", at, "basis_evidence_ids", expected, found, hint


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows by column name; what a column holds is checked by its model, which no type knows of."""
    return frame.itertuples()


def _pairs(frame: pd.DataFrame, column: str = "method_version") -> list[tuple[str, str]]:
    return list(frame[["indicator_id", column]].itertuples(index=False, name=None))


def _any_dates(start: date, end: date) -> bool:
    return True


def _between_counts(start: date, end: date) -> bool:
    return (start.month, start.day, end.month, end.day, end.year - start.year) == (10, 1, 10, 1, 1)


def _over_one_summer(start: date, end: date) -> bool:
    return end.year - start.year == 1 and timedelta(300) < end - start < timedelta(370)


def _one_calendar_year(start: date, end: date) -> bool:
    return start.year == end.year


LABEL_RULES = {
    "transition_second_count": (_between_counts, "1 October to 1 October of the next year"),
    "school_year_end": (_over_one_summer, "a school year that ends in the next calendar year"),
    "survey_year": (_one_calendar_year, "dates within one calendar year"),
    "calendar_year": (_one_calendar_year, "dates within one calendar year"),
}

RULES: list[Callable[[Frames], Iterator[Finding]]] = [
    references_exist,
    methods_exist,
    headline_is_of_its_goal,
    every_goal_answers,
    targets_point_the_right_way,
    proxies_carry_no_verdict,
    labels_follow_their_rule,
    values_have_their_own_moment,
    evidence_replaces_its_own_kind,
    verdicts_stand_on_evidence,
    sentences_have_their_parts,
    errata_hold,
]
