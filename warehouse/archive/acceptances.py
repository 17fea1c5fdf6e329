"""Accepted files: contents that look wrong to the gate and that a person knows to be right.

    archive/accepted/abcd...<id>.json    one record per decision: which content, when, by whom, why

An accepted content passes the gate where it asks for a confirmation (`schemas.errors.ConfirmationNeeded`): when entities or
lines are gone, when rows are those of another period, when the publisher lost letters. It passes no other check.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.archive.decisions import SHORTEST, Decision, read_decisions, standing, write_decision


class AcceptanceRefused(Exception):
    """A file that cannot be accepted; the message says what was expected and what to do."""


def folder_of(archive: Path) -> Path:
    """Where the decisions are kept."""
    return archive / "accepted"


def accepted(archive: Path) -> dict[str, Decision]:
    """The accepted contents, by SHA-256."""
    return {one.sha256: one for one in standing(read_decisions(folder_of(archive)))}


def accept(archive: Path, record: dict[str, Any], who: str, why: str, now: datetime) -> Decision:
    """Accept a refused file (its record). Raises AcceptanceRefused where no person can, or one has already."""
    if not who.strip() or not why.strip():
        raise AcceptanceRefused("expected who decides and why, found nothing; give --by and --why in words.")
    if not record.get("may_be_accepted"):
        raise AcceptanceRefused(
            f"{record['file_name']}: expected a file that waits for a person, found one that no reader can use: "
            f"{record['reason']}"
        )
    if before := accepted(archive).get(record["sha256"]):
        raise AcceptanceRefused(
            f"{record['file_name']}: accepted already on {before.decided_at:%Y-%m-%d} by {before.decided_by} "
            f"({before.reason}); run `sectorakkoord refresh`."
        )
    return write_decision(
        folder_of(archive), Decision(now, record["sha256"], False, who.strip(), why.strip(), record["file_name"])
    )


def find_refused(refused: Sequence[dict[str, Any]], name: str) -> dict[str, Any]:
    """The record of the one refused file of this name, or whose SHA-256 begins so. Raises AcceptanceRefused."""
    by_hash = [one for one in refused if len(name) >= SHORTEST and one["sha256"].startswith(name.lower())]
    found = by_hash or [one for one in refused if one["file_name"] == name]
    if len(found) == 1:
        return found[0]
    if not found:
        raise AcceptanceRefused(
            f"{name}: expected the name of a refused file or the start of its SHA-256 ({SHORTEST} characters or more), "
            "found neither; `sectorakkoord quarantine` lists them."
        )
    listed = ", ".join(f"{one['sha256'][:12]} (of {one['retrieved_on']})" for one in found)
    raise AcceptanceRefused(f"{name}: expected one refused file, found {len(found)}: {listed}; name one by its hash.")
