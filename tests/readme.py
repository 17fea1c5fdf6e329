"""The README's tables are real: each `sql` block is followed by its answer, and this module makes or checks them.

`python -m tests.readme` writes the answers anew. Blocks marked `<!-- mirror -->` are answered from the real files.
"""

import re
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb

from flows.refresh import Request, refresh
from flows.settings import load_settings
from warehouse.build import connect

README = Path(__file__).parent.parent / "README.md"
MIRROR = Path(__file__).parent.parent.parent / "shared" / "opendata" / "mirror"
BLOCK = re.compile(
    r"(?P<mark><!-- (?P<edition>sample|mirror) -->\n```sql\n(?P<query>.*?)```\n\n)(?P<answer>(?:\|[^\n]*\n)+)", re.S
)
YEARS = (2018, 2019, 2020)


def published(edition: str, folder: Path) -> Path:
    """Publish an edition under `folder`; returns the warehouse."""
    request = Request(edition, MIRROR if edition == "mirror" else None, snapshots=dict.fromkeys(YEARS), site=False)
    refresh(request, load_settings(data=folder / edition), date.today())
    return folder / edition / "warehouse.duckdb"


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


def with_answers(text: str, warehouses: dict[str, Path]) -> str:
    """The README with the answer of every block whose edition is at hand."""

    def fill(block: re.Match) -> str:
        if block["edition"] not in warehouses:
            return block[0]
        with connect(warehouses[block["edition"]], read_only=True) as con:
            return block["mark"] + answer(con, block["query"])

    return BLOCK.sub(fill, text)


def main() -> int:
    """Write the answers into the README."""
    with tempfile.TemporaryDirectory() as name:
        warehouses = {"sample": published("sample", Path(name))}
        if MIRROR.is_dir():
            warehouses["mirror"] = published("mirror", Path(name))
        README.write_text(with_answers(README.read_text(), warehouses))
    return 0


if __name__ == "__main__":
    sys.exit(main())
