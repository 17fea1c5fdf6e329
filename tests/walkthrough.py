"""Follows a page of the documentation to the letter: its blocks are files to make, changes to make, and commands to type.

A block's language and title say what it is:

- `title="https://..."`: what a publisher has at this address;
- `title="path"`: a file of the project, `title="path (at the end)"`: lines to add to it;
- `diff` with the path as title: the lines with `-` are replaced by those with `+`;
- `console`: a line with `$ ` is typed, the lines under it are all that it prints; `...` stands for anything.

Other blocks are only to be read.
"""

import contextlib
import os
import pty
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$', re.MULTILINE | re.DOTALL)
AT_THE_END = " (at the end)"
PROGRAM = """#!/bin/sh
exec "{python}" -c 'from flows.cli import main; main()' "$@"
"""


@dataclass
class Walk:
    """One walk through pages. `project` is where files are made and commands typed; `online` has a publisher serve bytes
    at an address, and `shown` makes what a command printed into what the page shows."""

    project: Path
    environment: dict[str, str]
    online: Callable[[str, bytes], None] | None = None
    shown: Callable[[str], str] = str

    def __post_init__(self) -> None:
        """Put a program `sectorakkoord` on the path that runs the code of this interpreter's project, or of a copy in it."""
        folder = self.project / ".bin"
        folder.mkdir()
        program = folder / "sectorakkoord"
        program.write_text(PROGRAM.format(python=sys.executable))
        program.chmod(0o755)
        quiet = {"COLUMNS": "120", "NO_COLOR": "1", "TERM": "xterm", "SECTORAKKOORD_REQUESTS_PER_SECOND": "1000"}
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        others = {name: value for name, value in os.environ.items() if not name.startswith("SECTORAKKOORD_")}
        self.environment = others | quiet | {"PATH": path} | self.environment

    def follow(self, page: Path) -> int:
        """Do what the page says. Returns how many blocks there were to follow; AssertionError where it does not hold."""
        followed = 0
        for block in BLOCK.finditer(page.read_text()):
            followed += self.step(block["language"], block["title"] or "", block["body"], page.name)
        return followed

    def step(self, language: str, title: str, body: str, page: str) -> bool:
        """One block; False where it is only to be read."""
        if title.startswith("https://"):
            assert self.online, f"{page}: nobody plays the publisher of {title}"
            self.online(title, body.replace("\n", "\r\n").encode())
        elif language == "diff":
            replace(self.project / title, body)
        elif language == "console":
            self.type(body, page)
        elif title.endswith(AT_THE_END):
            with (self.project / title.removesuffix(AT_THE_END)).open("a") as file:
                file.write(body)
        elif title:
            (self.project / title).write_text(body)
        else:
            return False
        return True

    def type(self, body: str, page: str) -> None:
        """Type each command and compare what it prints with what the page shows."""
        for command, expected in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", body, re.MULTILINE):
            code, printed = on_terminal(["bash", "-c", command], self.project, self.environment)
            said = "".join(line.rstrip() + "\n" for line in self.shown(printed).strip("\n").splitlines())
            assert code == 0, f"{page}: {command}\n{said}"
            assert re.fullmatch(pattern(expected), said), (
                f"{page}: {command}\nthe page shows\n{expected}\nit prints\n{said}"
            )


def on_terminal(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Exit code and what is shown, standard output being a terminal: a reader's is one, and tables are for terminals."""
    ours, theirs = pty.openpty()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=theirs, stderr=errors)
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal says that its last writer is gone
            while piece := os.read(ours, 65536):
                shown += piece
        os.close(ours)
        code = process.wait(timeout=600)
        errors.seek(0)
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", (shown + errors.read()).decode())
        return code, plain.replace("\r\n", "\n")


def pattern(expected: str) -> str:
    """The text as a regular expression; a line of three points stands for any lines, three points in a line for anything."""
    lines = [
        r"(?:.*\n)*" if line == "..." else ".*".join(re.escape(part) for part in line.split("...")) + r"\n"
        for line in expected.splitlines()
    ]
    return "".join(lines)


def replace(path: Path, diff: str) -> None:
    """Replace the lines that a diff takes away, which must be there once, by those it brings."""
    old, new = ("".join(line[1:] + "\n" for line in diff.splitlines() if line[0] in kept) for kept in ("- ", "+ "))
    text = path.read_text()
    assert text.count(old) == 1, f"{path.name} does not hold once:\n{old}"
    path.write_text(text.replace(old, new))
