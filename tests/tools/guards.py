"""Guards of the repository that no linter knows: `python -m tests.tools.guards` says each fault in a sentence.

Part of `make check`, which pre-commit runs too. Publishers' files stay out, locks name no host, and no page, test or
line of code knows the machine it was written on.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
LARGEST = 400_000
"""Bytes. The largest file is a lock; a publisher's file does not belong here."""
PLACE = re.compile(r"(?<![\w.~-])/(?:home|Users|root|work|tmp/\w*venv)/[\w.-]+")
HOST = re.compile(r"\w+://|(?:^|\s)--?(?:index-url|extra-index-url|find-links|trusted-host|i|f)\b")
BINARY = {".duckdb", ".parquet", ".png", ".ico", ".woff2", ".xlsx", ".zip", ".gz"}


def tracked(folder: Path) -> list[Path]:
    """The files of the repository, those about to be added included; in a copy without git, all but hidden folders."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True) if (folder / ".git").exists() else None
    if done and done.returncode == 0:
        paths = [folder / name for name in sorted(set(done.stdout.split("\0"))) if name]
    else:
        left_out = {"data", "build", "__pycache__", ".venv", ".git"}
        paths = [path for path in sorted(folder.rglob("*")) if not left_out & set(path.relative_to(folder).parts)]
    return [path for path in paths if path.is_file()]


def faults(folder: Path) -> Iterator[str]:
    """Every fault: file, line, what was expected, what was found and the way out."""
    for path in tracked(folder):
        name = path.relative_to(folder).as_posix()
        size = path.stat().st_size
        if size > LARGEST:
            yield f"{name}: expected at most {LARGEST} bytes, found {size}; data belong in the data directory."
        if path.suffix in BINARY:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if path.suffix == ".lock" and HOST.search(line):
                yield f"{name}, line {number}: expected no host or index, found {line.strip()!r}; make it with `make lock`."
            if found := PLACE.search(line):
                yield f"{name}, line {number}: expected no place on one machine, found {found[0]!r}; make it relative."


def main() -> int:
    """Say every fault; 1 when there is one."""
    found = list(faults(REPO))
    for sentence in found:
        print(sentence)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
