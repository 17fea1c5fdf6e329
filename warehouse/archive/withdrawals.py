"""Withdrawn vintages: files in the archive that should never have counted, such as a test file under a real name.

    archive/withdrawn/abcd...<id>.json    one record per decision: which content, withdrawn or restored, when, by whom, why

A decision that names a file is about that name of the content; the same bytes under their right name count on. One without a
name is about the content, whatever it is called.

A record is never changed or deleted, and neither are the bytes: restoring is another record, and the last one about a
content holds. The decision: a withdrawn file is left out of the fold **as a whole, in the past too**, for it was never
knowledge; `as_of` of a past day then answers without it. That is the second exception to the law of append-only
knowledge, and it is treated as the first (a file that turns up late): every snapshot it touches gets a new version with
the difference written out, the old version stays readable, and the next release counts what it removes. A file that
was right when it was published and that the publisher replaced later needs no withdrawal: its successor is a vintage.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from warehouse.archive.decisions import SHORTEST, Decision, read_decisions, standing, write_decision
from warehouse.archive.model import Vintage


class WithdrawalRefused(Exception):
    """A decision that cannot be taken; the message says what was expected and what to do."""


def folder_of(archive: Path) -> Path:
    """Where the decisions are kept."""
    return archive / "withdrawn"


def decisions(archive: Path) -> list[Decision]:
    """All decisions in the archive's folder, in the order in which they were taken."""
    return read_decisions(folder_of(archive))


def in_force(archive: Path) -> list[Decision]:
    """The decisions to withdraw that hold now."""
    return standing(decisions(archive))


def withdrawn(in_force: Sequence[Decision], sha256: str, file_name: str) -> Decision | None:
    """The decision that leaves a finding out, if there is one."""
    return next((one for one in in_force if one.is_about(sha256, file_name)), None)


def decide(
    archive: Path, sha256: str, restore: bool, who: str, why: str, now: datetime, file_name: str = ""
) -> Decision:
    """Withdraw a content (under one name, or under all), or restore it.

    Raises WithdrawalRefused without a name or a reason, or where it is so already. Restoring a name restores the content too
    that was withdrawn as a whole; restoring a content restores all its names.
    """
    if not who.strip() or not why.strip():
        raise WithdrawalRefused("expected who decides and why, found nothing; give --by and --why in words.")
    about = [
        one for one in in_force(archive) if one.sha256 == sha256 and (not file_name or one.is_about(sha256, file_name))
    ]
    if restore and not about:
        raise WithdrawalRefused(f"{sha256[:12]}: expected a withdrawn vintage, found one that counts; leave it so.")
    before = withdrawn(about, sha256, file_name)
    if before and not restore:
        raise WithdrawalRefused(
            f"{sha256[:12]}: withdrawn already on {before.decided_at:%Y-%m-%d} by {before.decided_by} ({before.reason}); "
            "--undo restores it."
        )
    names = [one.file_name for one in about] if restore else [file_name]
    return [
        write_decision(folder_of(archive), Decision(now, sha256, restore, who.strip(), why.strip(), name))
        for name in names
    ][-1]


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
