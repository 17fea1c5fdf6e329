"""Files that are held back automatically: archived, and found unfit by a build.

    archive/held_back/abcd....json    which content, since when, why, and with which code and register

A build that fails because of one file names it here and goes on without it. While code and register are what they were then,
the content is left out of every build; with other code or another register it is tried again. A newer content of the same
address takes its place like any other; nothing else waits for it.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.archive.model import Vintage
from warehouse.files import write_json


@dataclass(frozen=True)
class HeldBack:
    """One file that is held back. `code` names the code and the register with which it failed."""

    sha256: str
    file_name: str
    dataset_id: str
    url: str
    retrieved_on: str
    bytes: int
    synthetic: bool
    reason: str
    code: str
    held_at: str


def hold_back(archive: Path, vintage: Vintage, reason: str, code: str) -> HeldBack:
    """Keep out a content that a build cannot use."""
    origin = vintage.origin
    held = HeldBack(
        vintage.sha256,
        origin.file_name,
        origin.dataset_id,
        origin.url,
        origin.retrieved_on.isoformat(),
        vintage.size,
        origin.synthetic,
        reason,
        code,
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
    write_json(archive / "held_back" / f"{vintage.sha256}.json", asdict(held))
    return held


def held_back(archive: Path) -> dict[str, HeldBack]:
    """What is held back now, by SHA-256."""
    records = [HeldBack(**json.loads(path.read_text())) for path in sorted((archive / "held_back").glob("*.json"))]
    return {one.sha256: one for one in records}


def let_in(archive: Path, sha256: str) -> None:
    """A content that came through a build after all is not held back any more."""
    (archive / "held_back" / f"{sha256}.json").unlink(missing_ok=True)
