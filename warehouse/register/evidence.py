"""The evidence register for people who do not edit CSV by hand: add a row, check all rows, list them.

    add_evidence(folder, NewEvidence(goal_id="G07", aspect="kennis", ...), today=date(2026, 11, 23))   -> "EV-G07-08"

The file stays the one truth: what was there keeps its bytes, a new row is one line more. Nothing is ever taken away:
a row that is wrong or outdated is superseded by a later one, and what contradicts a verdict stays beside it. Writers
take turns (a lock beside the file), each sees what the one before it wrote, and a reader sees a whole file, old or
new.
"""

from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from schemas.errors import Problem
from schemas.hand_kept_csv import parse_hand_kept
from schemas.register.reader import RegisterError
from warehouse.files import write_bytes
from warehouse.register.edit import problems_of, register_writer, with_rows

FILE = "evidence.csv"


class EvidenceRefused(RegisterError):
    """A row does not fit the register's rules; nothing was written."""


@dataclass(frozen=True, kw_only=True)
class NewEvidence:
    """What a person says about a piece of evidence; number and day of entry are added. Codes as in `schemas`.

    Own words in both languages; a quote is short; `independent_source` names who really speaks (a newspaper that quotes
    the ministry is `ocw`), since a verdict needs two of them.
    """

    goal_id: str
    aspect: str
    source_type: str
    publisher: str
    title: str
    url: str
    population: str
    level: str
    statement_nl: str
    statement_en: str
    direction: str
    strength: str
    covid_affected: str
    assessor: str
    verdict_contribution: str
    polarity: str
    independent_source: str
    page_or_section: str = ""
    published_on: date | None = None
    published_precision: str = "unknown"
    published_ground: str = "unknown"
    retrieved_on: date | None = None
    ref_period_start: date | None = None
    ref_period_end: date | None = None
    respondent_group: str = ""
    n: int | None = None
    response_rate: float | None = None
    quote: str = ""
    direction_ground: str = ""
    vs_period: str = ""
    official_verdict: str = ""
    assessed_on: date | None = None
    synthetic: bool = False
    supersedes_id: str = ""


@dataclass(frozen=True)
class ListedEvidence:
    """A row of the register as a list shows it; `superseded_by` is empty for a row that stands."""

    evidence_id: str
    goal_id: str
    aspect: str
    publisher: str
    title: str
    url: str
    published_on: str
    strength: str
    direction: str
    polarity: str
    verdict_contribution: str
    independent_source: str
    statement_nl: str
    statement_en: str
    synthetic: bool
    superseded_by: str
    basis_of: tuple[str, ...]


def add_evidence(folder: Path, new: NewEvidence, today: date) -> str:
    """Append a row to the register in `folder`; returns its number. Raises EvidenceRefused: nothing is written then."""
    with register_writer(folder):
        before = (folder / FILE).read_bytes()
        evidence_id = next_id(before, new.goal_id)
        values = {field.name: getattr(new, field.name) for field in fields(new)}
        values |= {"evidence_id": evidence_id, "entered_on": today, "assessed_on": new.assessed_on or today}
        after = with_rows(FILE, before, [values])
        if problems := problems_of(folder, {FILE: after}):
            raise EvidenceRefused(problems)
        write_bytes(folder / FILE, after)
    return evidence_id


def check_evidence(folder: Path) -> list[Problem]:
    """Every fault in the register in `folder`; none when it is in order."""
    return problems_of(folder, {})


def list_evidence(folder: Path, goal_id: str | None = None) -> list[ListedEvidence]:
    """The evidence (of one goal) in order of number, superseded rows included and marked."""
    rows = rows_of((folder / FILE).read_bytes())
    superseded = {row["supersedes_id"]: row["evidence_id"] for row in rows if row["supersedes_id"]}
    verdicts = rows_of((folder / "verdict.csv").read_bytes())
    found = []
    for row in sorted(rows, key=lambda row: (row["goal_id"], int(row["evidence_id"].rpartition("-")[2]))):
        if goal_id in (None, row["goal_id"]):
            shown: dict[str, Any] = {field.name: row.get(field.name, "") for field in fields(ListedEvidence)}
            shown["synthetic"] = row["synthetic"] == "true"
            shown["superseded_by"] = superseded.get(row["evidence_id"], "")
            shown["basis_of"] = tuple(
                verdict["verdict_id"]
                for verdict in verdicts
                if row["evidence_id"] in verdict["basis_evidence_ids"].split(";")
            )
            found.append(ListedEvidence(**shown))
    return found


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a register file, as text."""
    return [row.cells for row in parse_hand_kept(FILE, content).rows]


def next_id(content: bytes, goal_id: str) -> str:
    """The first free number of a goal, above all that were ever used."""
    used = [int(row["evidence_id"].rpartition("-")[2]) for row in rows_of(content) if row["goal_id"] == goal_id]
    return f"EV-{goal_id}-{max(used, default=0) + 1:02d}"
