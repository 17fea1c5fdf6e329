"""What people decided about a content: records that are never changed or deleted; the last one about it holds.

    archive/<kind>/abcd...<id>.json

`withdrawn`: it should never have counted (`warehouse.archive.withdrawals`). `accepted`: it is right, although it looks wrong
(`warehouse.archive.acceptances`).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from warehouse.archive.damage import mark_of, read_marked
from warehouse.files import sweep_parts, write_json

SHORTEST = 6
"""Characters of a SHA-256 that may stand for the whole of it."""


@dataclass(frozen=True)
class Decision:
    """A decision about a content (of one `file_name`, or of every name) was taken, or undone (`restored`), at a moment (UTC).

    `sequence` orders decisions: a clock may be set back. Those of before version 0.2 have none (0) and go by their moment.
    """

    decided_at: datetime
    sha256: str
    restored: bool
    decided_by: str
    reason: str
    file_name: str = ""
    sequence: int = 0

    def is_about(self, sha256: str, file_name: str) -> bool:
        """Is this finding meant?"""
        return self.sha256 == sha256 and self.file_name in ("", file_name)


def read_decisions(folder: Path) -> list[Decision]:
    """All decisions in a folder, in the order in which they were taken. Raises ArchiveDamaged."""
    found = []
    for path in folder.glob("*.json"):
        record = read_marked(path)
        # Before version 0.2 the two were written as told_at and told_by.
        record |= {f"decided_{what}": record.pop(f"told_{what}") for what in ("at", "by") if f"told_{what}" in record}
        found.append(Decision(**{**record, "decided_at": datetime.fromisoformat(record["decided_at"])}))
    return sorted(found, key=lambda one: (one.sequence, one.decided_at, one.sha256, one.file_name, one.restored))


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """Those that hold now: of each content and name the last one, unless it undoes."""
    last = {(one.sha256, one.file_name): one for one in decisions}
    return [one for one in last.values() if not one.restored]


def write_decision(folder: Path, made: Decision) -> Decision:
    """Store a decision as the last one of its folder; what killed runs left half written there is removed."""
    sweep_parts(folder)
    made = replace(made, sequence=max((one.sequence for one in read_decisions(folder)), default=0) + 1)
    record = asdict(made) | {"decided_at": made.decided_at.isoformat()}
    write_json(folder / f"{made.sha256}.{mark_of(record)}.json", record)
    return made
