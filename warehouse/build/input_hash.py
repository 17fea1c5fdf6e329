"""What a release was made from, as one hash: if it has not changed, there is nothing to publish."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from warehouse.archive.decisions import Decision
from warehouse.archive.edition import Edition
from warehouse.archive.model import Vintage

ROOT = Path(__file__).parents[2]
CODE_FOLDERS = ("schemas", "transforms", "warehouse/api", "warehouse/build", "warehouse/register")
CODE_ENDINGS = {".py", ".sql"}


def code_version() -> str:
    """A hash of the code that decides what a warehouse says (not of ingesting, publishing, exports, report or command line)."""
    digest = hashlib.sha256()
    for folder in CODE_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in CODE_ENDINGS:
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def register_version(register: Path) -> str:
    """A hash of the register's files."""
    digest = hashlib.sha256()
    for path in sorted(register.glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def judged_by(register: Path) -> str:
    """The code and the register by which a file is judged: with others it may be judged otherwise."""
    return f"{code_version()} {register_version(register)}"


def input_hash(vintages: list[Vintage], edition: Edition, register: Path, withdrawals: Sequence[Decision] = ()) -> str:
    """The hash of all that values come from: vintages as first found and come back, withdrawals, register and code.

    A refused file changes nothing.
    """
    lines = [edition.name, code_version(), register_version(register)]
    if edition.register_overlay:
        lines.append(register_version(edition.register_overlay))
    # The whole finding: `meta.source_file` says all of it, so a rebuild after another first finding has another content.
    # Not its time of day: of that only the order counts.
    lines += [f"{one.sha256} {replace(one.origin, retrieved_at=None)} {one.arrived_on}" for one in vintages]
    lines += [str(decision) for decision in withdrawals]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
