"""Withdrawn vintages: files in the archive that should never have counted, such as a test file under a real name.

    archive/withdrawn/abcd...<id>.json    one record per decision: which content, withdrawn or restored, when, by whom, why

A record is never changed or deleted, and neither are the bytes: restoring is another record, and the last one about a
content, by sequence, is in force. A withdrawn file is left out of the fold **as a whole, in the past too**, for it was never
knowledge; `as_of` of a past day then answers without it. That is the second exception to the law of append-only
knowledge, and it is treated as the first (a file that turns up late): every snapshot it touches gets a new version with
the difference written out, the old version stays readable, and the next release counts what it removes. A file that
was right when it was published and that the publisher replaced later needs no withdrawal: its successor is a vintage.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from warehouse.archive.damage import mark_of, read_marked
from warehouse.archive.model import Vintage
from warehouse.files import write_json

SHORTEST = 6
"""How many characters of a SHA-256 name it at least."""


class WithdrawalRefused(Exception):
    """A decision that cannot be taken; the message says what was expected and what to do."""


@dataclass(frozen=True)
class Decision:
    """A content was withdrawn, or restored, at a moment (UTC), by somebody, for a reason.

    `sequence` orders decisions: a clock may be set back. Those of before version 0.2 have none (0) and go by their moment.
    """

    decided_at: datetime
    sha256: str
    restored: bool
    decided_by: str
    reason: str
    sequence: int = 0


def decisions(archive: Path) -> list[Decision]:
    """All decisions in the archive's folder, in the order in which they were taken. Raises ArchiveDamaged."""
    found = []
    for path in (archive / "withdrawn").glob("*.json"):
        record = read_marked(path)
        # Before version 0.2 the two were written as told_at and told_by.
        record |= {f"decided_{what}": record.pop(f"told_{what}") for what in ("at", "by") if f"told_{what}" in record}
        found.append(Decision(**{**record, "decided_at": datetime.fromisoformat(record["decided_at"])}))
    return sorted(found, key=lambda one: (one.sequence, one.decided_at, one.sha256, one.restored))


def in_force(archive: Path) -> dict[str, Decision]:
    """The contents that are withdrawn now, by SHA-256, with the decision in force."""
    last = {one.sha256: one for one in decisions(archive)}
    return {sha256: one for sha256, one in last.items() if not one.restored}


def decide(archive: Path, sha256: str, restore: bool, who: str, why: str, now: datetime) -> Decision:
    """Withdraw a content, or restore it. Raises WithdrawalRefused without a name or a reason, or where it is so already."""
    if not who.strip() or not why.strip():
        raise WithdrawalRefused("expected who decides and why, found nothing; give --by and --why in words.")
    before = decisions(archive)
    last = {one.sha256: one for one in before}.get(sha256)
    withdrawn = last if last and not last.restored else None
    if restore and withdrawn is None:
        raise WithdrawalRefused(f"{sha256[:12]}: expected a withdrawn vintage, found one that counts; leave it so.")
    if withdrawn and not restore:
        raise WithdrawalRefused(
            f"{sha256[:12]}: withdrawn already on {withdrawn.decided_at:%Y-%m-%d} by {withdrawn.decided_by} ({withdrawn.reason}); "
            "--undo restores it."
        )
    sequence = max((one.sequence for one in before), default=0) + 1
    made = Decision(now, sha256, restore, who.strip(), why.strip(), sequence)
    record = asdict(made) | {"decided_at": now.isoformat()}
    write_json(archive / "withdrawn" / f"{sha256}.{mark_of(record)}.json", record)
    return made


def find(vintages: Sequence[Vintage], name: str) -> Vintage:
    """The one vintage with this file name, or whose SHA-256 begins so. Raises WithdrawalRefused for none or several."""
    by_hash = [one for one in vintages if len(name) >= SHORTEST and one.sha256.startswith(name.lower())]
    found = by_hash or [one for one in vintages if any(origin.file_name == name for origin in one.origins)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise WithdrawalRefused(
            f"{name}: expected the name of an archived file or the start of its SHA-256 ({SHORTEST} characters or more), "
            'found neither in the archive; `sectorakkoord sql "FROM meta.source_file"` lists them.'
        )
    listed = ", ".join(f"{one.sha256[:12]} (known from {one.known_from})" for one in found)
    raise WithdrawalRefused(f"{name}: expected one vintage, found {len(found)}: {listed}; name one by its hash.")
