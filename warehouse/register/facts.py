"""A facts file beside the register: what it adds, what is there already, what conflicts, what has no place; and taking it in.

    import_facts(folder, "facts.csv", content, today, write=False)   -> a PlannedFact per row; nothing is written
    import_facts(folder, "facts.csv", content, today, write=True)    -> the same, written; or FactsRefused, and nothing is

A figure of the register is never replaced without a word. Another value for the same series and period is a conflict, unless the
row says that the publisher gave both (`vintage`), or that the register was wrong and how (`corrects`, `correction`).
"""

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from schemas.errors import HandKeptFault, Problem
from schemas.hand_kept_csv import parse_hand_kept
from schemas.register.facts import REQUIRED, Fact, check_columns, fact_of
from schemas.register.reader import RegisterError, read_register
from schemas.register.rules import RegisterProblem
from schemas.register.tables import known_from
from warehouse.files import write_bytes
from warehouse.register.edit import problems_of, register_writer, with_changed, with_rows

FILE, ERRATA = "published_value.csv", "errata.csv"
SOURCE = ("source_title", "source_url", "published_on", "published_precision", "published_ground")
KEY = ["indicator_id", "method_version", "breakdown", "entity_id", "period_start", "period_end"]


class FactsRefused(RegisterError):
    """The rows conflict with the register or do not fit its rules; nothing was written."""


@dataclass(frozen=True)
class PlannedFact:
    """What becomes of a row: `add`, `correct`, `equal`, `conflict` or `left_out`; `why` says what it met, or what it lacks."""

    line: int
    outcome: str
    figure: str
    why: str
    cells: dict[str, Any] = field(default_factory=dict, repr=False)
    """Of the row that it adds to `published_value.csv`, or the changed ones of the row that it corrects."""
    errata: list[dict[str, Any]] = field(default_factory=list, repr=False)
    """What it adds to `errata.csv`, but for the number."""


def plan_facts(folder: Path, name: str, content: bytes, today: date) -> list[PlannedFact]:
    """What an import would do, a row of the file each. Writes nothing.

    Raises HandKeptFault for a file that is no facts file, RegisterError for a register that is not in order.
    """
    table = parse_hand_kept(name, content, REQUIRED)
    check_columns(table, name)
    frames = read_register(folder)
    values = frames["published_value"]
    values = values.assign(known_from=known_from(values))
    planned = [PlannedFact(fault.line, "left_out", "", str(fault)) for fault in table.faults]
    for row in table.rows:
        try:
            fact = fact_of(row, frames, table.decimal_comma)
        except HandKeptFault as fault:
            planned.append(PlannedFact(row.line, "left_out", row.get("indicator"), str(fault)))
            continue
        outcome, why = compare(fact, values, today)
        one = PlannedFact(row.line, outcome, fact.figure, why)
        # The rows below meet this one as if it stood in the register.
        if outcome == "add":
            one.cells.update(new_cells(fact, values, today))
            values = pd.concat([values, pd.DataFrame([typed(fact, one.cells, today)])], ignore_index=True)
        elif outcome == "correct":
            one.errata.extend(errata_of(fact, values, today))
            one.cells.update({name: fact.cells[name] for name in ("value", *SOURCE)})
            at = values["value_id"] == fact.corrects
            now = float(fact.cells["value"]), fact.published_on or today, fact.cells["source_url"]
            values.loc[at, ["value", "known_from", "source_url"]] = now
        planned.append(one)
    return sorted(planned, key=lambda one: one.line)


def compare(fact: Fact, values: pd.DataFrame, today: date) -> tuple[str, str]:
    """The fact beside what the register has of the same series and period: the outcome, and why."""
    value, day = float(fact.cells["value"]), fact.published_on or today
    mine = values[(values[KEY] == list(fact.key)).all(axis=1)].sort_values(["known_from", "vintage_rank"])
    rows: list[Any] = list(mine.itertuples())
    same_source = [row for row in rows if row.source_url == fact.cells["source_url"] and row.known_from == day]
    if fact.corrects:
        wrong = [row for row in rows if row.value_id == fact.corrects]
        if not wrong:
            return "conflict", f"{fact.corrects}, which is no value of this series and period: {shown(rows)}"
        if (wrong[0].value, wrong[0].known_from) == (value, day):
            return "equal", shown(wrong)
        if not (fact.correction and fact.correction_nl):
            return "conflict", f"{shown(wrong)}; say what was wrong in `correction` and `correction_nl`"
        return "correct", shown(wrong)
    if same_source and all(row.value != value for row in same_source):
        return "conflict", f"{shown(same_source)}: the same source and day"
    earlier = [row for row in rows if row.known_from <= day]
    if same_source or (earlier and earlier[-1].value == value):
        return "equal", shown(same_source or earlier[-1:])
    if fact.vintage or not rows:
        return "add", f"beside {shown(rows)}" if rows else "the first value of this period"
    later = [row for row in rows if row.value == value]
    return "conflict", f"{shown(later or rows)}; the fact is of {day}"


def shown(rows: list[Any]) -> str:
    """What the register has."""
    return "; ".join(f"{row.value_id}: {row.value:g} known from {row.known_from}, {row.source_title}" for row in rows)


def new_cells(fact: Fact, values: pd.DataFrame, today: date) -> dict[str, Any]:
    """The row that `published_value.csv` gets: the next number of the goal, ranked behind what is known from the same day."""
    prefix = f"PV-{fact.cells['indicator_id'][:3].upper()}-"
    used = [int(code.removeprefix(prefix)) for code in values["value_id"] if code.startswith(prefix)]
    same_day = (values[KEY] == list(fact.key)).all(axis=1) & (values["known_from"] == (fact.published_on or today))
    rank = 1 + max(values.loc[same_day, "vintage_rank"], default=0)
    number = f"{prefix}{max(used, default=0) + 1:03d}"
    return fact.cells | {"value_id": number, "vintage_rank": rank, "entered_on": today}


def errata_of(fact: Fact, values: pd.DataFrame, today: date) -> list[dict[str, Any]]:
    """An erratum for the value and for the day, where they change: wrong since the day on which the row was entered."""
    (was,) = values[values["value_id"] == fact.corrects].itertuples()
    now = {"value": float(fact.cells["value"]), "known_from": fact.published_on or today}
    about = {"found_on": today, "found_by": "editors", "table": "published_value", "row_key": fact.corrects}
    about |= {"wrong_since": was.entered_on, "what_nl": fact.correction_nl, "what_en": fact.correction}
    return [
        about | {"column": column, "before": getattr(was, column), "after": after}
        for column, after in now.items()
        if after != getattr(was, column)
    ]


def typed(fact: Fact, cells: dict[str, Any], today: date) -> dict[str, Any]:
    """A new row as the frame of the register holds it, in the columns that facts are compared by."""
    compared = {"value": float(cells["value"]), "known_from": fact.published_on or today}
    names = ("value_id", "vintage_rank", "source_url", "source_title")
    return dict(zip(KEY, fact.key, strict=True)) | compared | {column: cells[column] for column in names}


def import_facts(folder: Path, name: str, content: bytes, today: date, write: bool) -> list[PlannedFact]:
    """Plan, and check what would be written by the rules of the register; `write` writes it.

    Raises FactsRefused where a row breaks a rule, and with `write` where one conflicts: nothing is written then.
    """
    with register_writer(folder) if write else nullcontext():
        planned = plan_facts(folder, name, content, today)
        conflicts = [conflict_of(name, one) for one in planned if one.outcome == "conflict"]
        if write and conflicts:
            raise FactsRefused(conflicts)
        changed = contents_of(folder, planned)
        if changed and (problems := problems_of(folder, changed)):
            lines = len((folder / FILE).read_bytes().splitlines())
            added = [one.line for one in planned if one.outcome == "add"]
            raise FactsRefused([in_facts(name, one, dict(enumerate(added, lines + 1))) for one in problems])
        for file, content in changed.items() if write else ():
            write_bytes(folder / file, content)
    return planned


def contents_of(folder: Path, planned: list[PlannedFact]) -> dict[str, bytes]:
    """The files of the register that change, as they become. Raises RegisterError."""
    contents = {file: (folder / file).read_bytes() for file in (ERRATA, FILE)}
    values = with_rows(FILE, contents[FILE], [one.cells for one in planned if one.outcome == "add"])
    errata, number = [], len(parse_hand_kept(ERRATA, contents[ERRATA]).rows)
    for one in planned:
        if one.outcome == "correct":
            key = one.errata[0]["row_key"]
            values = with_changed(FILE, values, ("value_id", key), one.cells)
            errata += one.errata
    numbered = [one | {"erratum_id": f"ER-{at:03d}"} for at, one in enumerate(errata, number + 1)]
    after = {ERRATA: with_rows(ERRATA, contents[ERRATA], numbered), FILE: values}
    return {file: content for file, content in after.items() if content != contents[file]}


def in_facts(name: str, problem: Problem, added: dict[int, int]) -> Problem:
    """A problem in a row that is not written yet, at its line of the facts file."""
    if isinstance(problem, RegisterProblem) and problem.file == FILE and problem.line in added:
        where = f"{name}, line {added[problem.line]}" + (f", {problem.column}" if problem.column else "")
        return replace(problem, where=where)
    return problem


def conflict_of(name: str, one: PlannedFact) -> Problem:
    """The sentence about a row that conflicts."""
    hint = "take the row out, say `vintage` true where the publisher gave both, or say which row it corrects and why"
    return Problem(
        f"{name}, line {one.line}", "what the register says of the period", f"{one.figure} against {one.why}", hint
    )
