"""Pages whose answers are real: each marked block of code is followed by its answer, and this module makes or checks them.

`python -m tests.tools.pages` writes the answers anew, in README.md and in every page under `docs`. Blocks marked
`<!-- mirror -->` are answered from the real files, those marked `<!-- sample -->` from the sample edition. The answer to
`sql` is a table, the answer to `python`, `sh` and `r` what they print, run in a folder where `data` holds the published
edition and its exports.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from flows.refresh import Request, refresh
from flows.settings import load_settings
from warehouse.database import connect
from warehouse.exports.export import export_release, export_snapshot
from warehouse.release.data_directory import DataDirectory

REPO = Path(__file__).resolve().parents[2]
README = REPO / "README.md"
MIRROR = REPO.parent / "shared" / "opendata" / "mirror"
BLOCK = re.compile(
    r"(?P<mark><!-- (?P<edition>sample|mirror) -->\n```(?P<language>sql|python|sh|r)\n(?P<code>.*?)```\n\n)"
    r"(?P<answer>```text\n.*?```\n|(?:\|[^\n]*\n)*)",
    re.S,
)
PROGRAMS = {"python": [sys.executable, "-c"], "sh": ["bash", "-euc"], "r": ["Rscript", "--vanilla", "-e"]}
YEARS = (2018, 2019, 2020)


def pages() -> list[Path]:
    """The pages that hold answers."""
    return [page for page in [README, *sorted((REPO / "docs").rglob("*.md"))] if BLOCK.search(page.read_text())]


@cache
def published(edition: str) -> Path:
    """A published edition with its snapshots; made once per run, read only. Returns the warehouse."""
    data = Path(tempfile.mkdtemp(prefix=f"sectorakkoord-pages-{edition}-")) / "data"
    request = Request(edition, MIRROR if edition == "mirror" else None, snapshots=dict.fromkeys(YEARS), site=False)
    refresh(request, load_settings(data=data, warehouse=None), date.today())
    return data / "warehouse.duckdb"


@cache
def exported(edition: str) -> Path:
    """The folder that holds `data` with the published edition, the exports of the release and of the snapshot of 2020."""
    data = DataDirectory(published(edition).parent)
    with connect(data.warehouse, read_only=True) as con:
        export_release(con, data, data.root / "export")
        export_snapshot(con, data, data.root / "export", 2020)
    return data.root.parent


def can_run(language: str) -> bool:
    """Is the program that runs the language at hand?"""
    return language == "sql" or shutil.which(PROGRAMS[language][0]) is not None


def printed(language: str, code: str, folder: Path) -> str:
    """What a program prints, run in `folder`; an error of the program is an error here."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [*PROGRAMS[language], code], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"a {language} block of a page failed:\n{code}\n{done.stderr}")
    lines = "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())
    return f"```text\n{lines}```\n"


def answer(con: duckdb.DuckDBPyConnection, query: str) -> str:
    """The answer to a query as a Markdown table."""
    cursor = con.execute(query)
    names = [column[0] for column in cursor.description]
    rows = [[shown(value) for value in row] for row in cursor.fetchall()]
    lines = [names, ["---"] * len(names), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def shown(value: object) -> str:
    """A cell for Markdown."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value).replace("|", "\\|")


def with_answers(text: str, edition: str) -> str:
    """A page with the answers of one edition; those of the other stay as they are."""

    def fill(block: re.Match[str]) -> str:
        if block["edition"] != edition or not can_run(block["language"]):
            return block[0]
        if block["language"] == "sql":
            with connect(published(edition), read_only=True) as con:
                made = answer(con, block["code"])
        else:
            made = printed(block["language"], block["code"], exported(edition))
        # A block that had no answer yet is followed by text, which needs a blank line before it.
        return block["mark"] + made + ("" if block["answer"] else "\n")

    return BLOCK.sub(fill, text)


def main() -> int:
    """Write the answers into the pages."""
    for edition in ("sample", *(["mirror"] if MIRROR.is_dir() else [])):
        for page in pages():
            page.write_text(with_answers(page.read_text(), edition))
    return 0


if __name__ == "__main__":
    sys.exit(main())
