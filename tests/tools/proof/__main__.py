"""Run parts and write their sections; the sections of other parts, and of the other form, stay as they are."""

import argparse
import os
import platform
import re
import subprocess
import sys
import time
from datetime import date
from importlib import import_module
from pathlib import Path

import duckdb
import pandas as pd
import prefect

from tests.tools.proof import Result
from warehouse.files import write_bytes

PARTS = ("kills", "damage", "readers", "environment", "soak", "upgrade", "fuzz", "mutation", "security")
"""In the order of the page."""
REPO = Path(__file__).resolve().parents[3]
PAGE = REPO / "docs" / "proof.md"
HEAD = """# Proof

What the warehouse withstands, as figures: each with its command, its machine and its day, and with what fell short. `make proof` runs the
short form of every part, `make proof PARTS=kills LONG=1` the long form of one; a run replaces its own sections only. All data in these runs
is made up, or is the sample edition. Figures of other machines differ in time and size, never in what holds. Nothing is claimed here that a
section does not show.
"""
SECTION = re.compile(r"<!-- (\w+) (short|long) -->\n(.*?)<!-- end -->\n", re.DOTALL)


def machine() -> str:
    """The machine and the versions, in a line."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=REPO, capture_output=True, text=True, check=False
    )
    return (
        f"{os.cpu_count()} cores (load {os.getloadavg()[1]:.1f}), {memory:.0f} GiB, {platform.system()} {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, pandas {pd.__version__}, "
        f"Prefect {prefect.__version__}, after commit {commit.stdout.strip() or 'unknown'}"
    )


def section(name: str, long: bool, title: str, says: str, result: Result, seconds: float) -> str:
    """A part's section in Markdown."""
    asked = "".join(f"{one}={os.environ[one]} " for one in ("CASES", "MINUTES") if long and one in os.environ)
    command = f"{asked}python -m tests.tools.proof {name}{' --long' if long else ''}"
    lines = [f"## {title}, {'long' if long else 'short'} form", "", says, "", "| what | figure |", "|---|---|"]
    lines += [f"| {what} | {figure} |" for what, figure in result.figures]
    lines += ["", f"Fell short: {len(result.short)} times." if result.short else "Fell short: nothing.", ""]
    lines += [f"- {sentence}" for sentence in result.short[:20]] + ([""] if result.short else [])
    return "\n".join([*lines, f"`{command}`, {date.today()}, {seconds:.0f} s, {machine()}.", ""])


def write_page(made: dict[tuple[str, str], str], page: Path = PAGE) -> None:
    """Replace the sections that were made."""
    old = {(name, form): text for name, form, text in SECTION.findall(page.read_text())} if page.exists() else {}
    kept = old | made
    ordered = [(name, form) for name in PARTS for form in ("long", "short") if (name, form) in kept]
    sections = [f"<!-- {name} {form} -->\n{kept[name, form]}<!-- end -->\n" for name, form in ordered]
    write_bytes(page, "\n".join([HEAD, *sections]).encode())


def main() -> int:
    """Run the parts; 1 where one falls short."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.tools.proof", description="Figures of what the warehouse withstands."
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"all of them, or some of: {', '.join(PARTS)}")
    parser.add_argument("--long", action="store_true", help="the long form: minutes to hours")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"expected some of {', '.join(PARTS)}, found {', '.join(sorted(unknown))}")
    short = 0
    for name in options.parts or PARTS:
        part = import_module(f"tests.tools.proof.{name}")
        started = time.monotonic()
        result = part.run(options.long)
        says = " ".join(str(part.__doc__).split("\n\n")[0].split())
        text = section(name, options.long, part.TITLE, says, result, time.monotonic() - started)
        print(text)
        write_page({(name, "long" if options.long else "short"): text})
        short += len(result.short)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
