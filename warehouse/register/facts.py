"""A facts file beside the register: what it adds, what is there already, what conflicts, what has no place; and taking it in.

    import_facts(folder, "facts.csv", content, today, write=False)   -> a PlannedFact per row; nothing is written
    import_facts(folder, "facts.csv", content, today, write=True)    -> the same, written; or FactsRefused, and nothing is

A figure of the register is never replaced without a word. Another value for the same series and period is a conflict, unless the
row says that the publisher gave both (`vintage`), or that the register was wrong and how (`corrects`, `correction`).
"""

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock

from schemas.errors import HandKeptFault, Problem
from schemas.hand_kept_csv import parse_hand_kept
from schemas.register.facts import REQUIRED, Fact, check_columns, fact_of
from schemas.register.reader import RegisterError, known_from, read_register
from warehouse.files import write_bytes
from warehouse.register.edit import LOCK, LOCK_SECONDS, problems_of, with_rows

FILE = "published_value.csv"
KEY = ["indicator_id", "method_version", "breakdown", "entity_id", "period_start", "period_end"]


class FactsRefused(RegisterError):
    """The rows conflict with the register or do not fit its rules; nothing was written."""


@dataclass(frozen=True)
class PlannedFact:
    """What becomes of a row: `add`, `equal`, `conflict` or `left_out`; `why` says what it met, or what it lacks."""

    line: int
    outcome: str
    figure: str
    why: str
    cells: dict[str, Any] = field(default_factory=dict, repr=False)
    """Of the row that it adds to `published_value.csv`."""


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
        cells = new_cells(fact, values, today) if outcome == "add" else {}
        planned.append(PlannedFact(row.line, outcome, fact.figure, why, cells))
        if cells:
            # The rows below meet this one as if it stood in the register.
            values = pd.concat([values, pd.DataFrame([typed(fact, cells, today)])], ignore_index=True)
    return sorted(planned, key=lambda one: one.line)


def compare(fact: Fact, values: pd.DataFrame, today: date) -> tuple[str, str]:
    """The fact beside what the register has of the same series and period: the outcome, and why."""
    value, day = float(fact.cells["value"]), fact.published_on or today
    mine = values[(values[KEY] == list(fact.key)).all(axis=1)].sort_values(["known_from", "vintage_rank"])
    rows: list[Any] = list(mine.itertuples())
    same_source = [row for row in rows if row.source_url == fact.cells["source_url"] and row.known_from == day]
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


def typed(fact: Fact, cells: dict[str, Any], today: date) -> dict[str, Any]:
    """A new row as the frame of the register holds it, in the columns that facts are compared by."""
    compared = {"value": float(cells["value"]), "known_from": fact.published_on or today}
    names = ("value_id", "vintage_rank", "source_url", "source_title")
    return dict(zip(KEY, fact.key, strict=True)) | compared | {column: cells[column] for column in names}


def import_facts(folder: Path, name: str, content: bytes, today: date, write: bool) -> list[PlannedFact]:
    """Plan, and check what would be written by the rules of the register; `write` writes it.

    Raises FactsRefused where a row breaks a rule, and with `write` where one conflicts: nothing is written then.
    """
    with FileLock(folder / LOCK, timeout=LOCK_SECONDS) if write else nullcontext():
        planned = plan_facts(folder, name, content, today)
        added = [one for one in planned if one.outcome == "add"]
        conflicts = [conflict_of(name, one) for one in planned if one.outcome == "conflict"]
        if write and conflicts:
            raise FactsRefused(conflicts)
        if added:
            before = (folder / FILE).read_bytes()
            after = with_rows(FILE, before, [one.cells for one in added])
            if problems := problems_of(folder, {FILE: after}):
                raise FactsRefused(problems)
            if write:
                write_bytes(folder / FILE, after)
    return planned


def conflict_of(name: str, one: PlannedFact) -> Problem:
    """The sentence about a row that conflicts."""
    hint = "take the row out, say `vintage` true where the publisher gave both, or say which row it corrects and why"
    return Problem(
        f"{name}, line {one.line}", "what the register says of the period", f"{one.figure} against {one.why}", hint
    )
