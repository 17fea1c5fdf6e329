"""A small world for the proofs: `data` (the data directory), `files` (a publisher's folder) and `register` (a copy to write to)."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from tests.helpers import tiny_05
from tests.tools.proof.steps import CHECK, RELEASE, Commands, Done
from warehouse.register.loader import REGISTER

FIRST = "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv"
EVIDENCE = {
    "goal_id": "G07",
    "aspect": "kennis",
    "source_type": "research",
    "publisher": "Een onderzoeker",
    "title": "Verzonnen titel",
    "url": "https://voorbeeld.invalid/rapport",
    "population": "vo",
    "level": "national",
    "statement_nl": "Verzonnen.",
    "statement_en": "Made up.",
    "direction": "onbekend",
    "strength": "B",
    "covid_affected": "no",
    "assessor": "redactie warehouse",
    "verdict_contribution": "supports",
    "polarity": "for",
    "independent_source": "onderzoeker",
}


def offer(world: Path, years: str, *rows: tuple[str, int, int]) -> None:
    """Put a file 05 into the publisher's folder, in place of one of the same years. 2017-2018 keeps to the published 6.2 %."""
    path = world / "files" / "duo.nl" / "images" / f"05.-zittenblijven-vo-brinvest-{years}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(tiny_05(list(rows)))


def new_world(commands: Commands, world: Path) -> Path:
    """A world with a release and two snapshots, without a report, and with a folder in which nothing is new."""
    shutil.copytree(REGISTER, world / "register", ignore=shutil.ignore_patterns("*.lock"))
    (world / "evidence.json").write_text(json.dumps(EVIDENCE))
    offer(world, "1718-tov-1819", ("00AA00", 4000, 250), ("00AB00", 6000, 370))
    succeed(commands, world, RELEASE, "2018", "2026")
    return world


def news(world: Path) -> None:
    """A revision and a new file in the publisher's folder."""
    offer(world, "1718-tov-1819", ("00AA00", 4000, 252), ("00AB00", 6000, 370))
    offer(world, "1516-tov-1617", ("00AA00", 900, 30))


def succeed(commands: Commands, world: Path, *words: str) -> Done:
    """Run a command that must succeed."""
    done = commands.run(world, *words)
    if done.code:
        raise RuntimeError(f"{' '.join(words)}: exit code {done.code}: {done.said}")
    return done


def standing(commands: Commands, world: Path) -> dict[str, Any]:
    """What `check` says of the release; with its exit code and sentence where it says nothing."""
    done = commands.run(world, CHECK)
    said: dict[str, Any] = json.loads(done.said.splitlines()[-1]) if not done.code else {"fault": done.said}
    return said


def listing(world: Path) -> set[str]:
    """Every file and folder, by path; records of the archive are named after what they say, the moment
    among it, and Parquet files of a lake by chance."""
    chance = re.compile(r"(?<=\.)[0-9a-f]{8}(?=\.json$)|(?<=/ducklake-)[0-9a-f-]{36}")
    return {chance.sub("#", str(path.relative_to(world))) for path in world.rglob("*")}


def an_hour_later(world: Path) -> None:
    """What is half written is from then on too old to belong to a running process."""
    for path in (*world.rglob(".*"), *world.rglob("*.tmp"), *world.glob("data/incoming/*")):
        os.utime(path, (0, 0))
