"""Pages whose tables are real: each `sql` block is followed by its answer, and this module makes or checks them.

`python -m tests.pages` writes the answers anew, in README.md and in every page under `docs`. Blocks marked
`<!-- mirror -->` are answered from the real files, those marked `<!-- sample -->` from the sample edition.
"""

import re
import sys
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from flows.refresh import Request, refresh
from flows.settings import load_settings
from warehouse.build import connect

REPO = Path(__file__).resolve().parent.parent
README = REPO / "README.md"
MIRROR = REPO.parent / "shared" / "opendata" / "mirror"
BLOCK = re.compile(
    r"(?P<mark><!-- (?P<edition>sample|mirror) -->\n```sql\n(?P<query>.*?)```\n\n)(?P<answer>(?:\|[^\n]*\n)*)", re.S
)
YEARS = (2018, 2019, 2020)


def pages() -> list[Path]:
    """The pages that hold answers."""
    return [page for page in [README, *sorted((REPO / "docs").rglob("*.md"))] if BLOCK.search(page.read_text())]


@cache
def published(edition: str) -> Path:
    """A published edition with its snapshots; made once per run, read only. Returns the warehouse."""
    folder = Path(tempfile.mkdtemp(prefix=f"sectorakkoord-pages-{edition}-"))
    request = Request(edition, MIRROR if edition == "mirror" else None, snapshots=dict.fromkeys(YEARS), site=False)
    refresh(request, load_settings(data=folder), date.today())
    return folder / "warehouse.duckdb"


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
        if block["edition"] != edition:
            return block[0]
        with connect(published(edition), read_only=True) as con:
            # A block that had no answer yet is followed by text, which needs a blank line before it.
            return block["mark"] + answer(con, block["query"]) + ("" if block["answer"] else "\n")

    return BLOCK.sub(fill, text)


def main() -> int:
    """Write the answers into the pages."""
    for edition in ("sample", *(["mirror"] if MIRROR.is_dir() else [])):
        for page in pages():
            page.write_text(with_answers(page.read_text(), edition))
    return 0


if __name__ == "__main__":
    sys.exit(main())
