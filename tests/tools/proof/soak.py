"""Simulated months on one data directory: each brings by chance new files, revisions, a version that comes back, mergers of schools, withdrawals and undone
ones, a file that must be refused, a run that is killed. After each month the release is whole and its archive too, all audits have passed (or there
is no release); once a year a build from nothing says what the release says, and every frozen year has its hash.
"""

import os
import random
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np

from tests.helpers import tiny_05, tiny_steps
from tests.tools.proof import Result
from tests.tools.proof.steps import KILLED, Commands, Done
from tests.tools.proof.world import new_world, standing, succeed
from warehouse.archive.store import Archive

TITLE = "Soak"
CASES = int(os.environ.get("CASES", "200"))
"""Months of the long form."""
MONTH = "tests.tools.proof.soak:month"
YEARS = ("1314-tov-1415", "1415-tov-1516", "1516-tov-1617", "1617-tov-1718")
SITES = [f"{number:02d}A{letter}00" for number in range(10) for letter in "AB"]


def month(world: Path, today: str, *years: str) -> None:
    """A refresh on a day; prints how many files were refused."""
    from flows.refresh import Request, refresh
    from flows.settings import load_settings

    asked = Request("mirror", world / "files", snapshots=dict.fromkeys(map(int, years)), site=False)
    done = refresh(asked, load_settings(), date.fromisoformat(today))
    print(f"refused {done.count('refused')}")


def happens(
    commands: Commands, world: Path, dice: random.Random, seen: Counter[str], kept: dict[str, list[str]]
) -> None:
    """What the publishers and the steward do in a month."""
    folder = world / "files" / "duo.nl" / "images"
    for what in dice.sample(("file", "return", "merger", "withdrawal", "broken"), dice.randint(0, 3)):
        name = f"05.-zittenblijven-vo-brinvest-{dice.choice(YEARS)}.csv"
        before = kept.setdefault(name, [])
        if what == "return" and len(before) > 1:
            (folder / name).write_text(dice.choice(before[:-1]))
        elif what == "merger":
            rows = [
                (f"{one:02d}AA", f"{one + 1:02d}AA", f"1-8-{dice.randint(2012, 2018)}", "F", "J")
                for one in range(0, dice.randint(1, 8), 2)
            ]
            (folder / "OVERGANGEN_20250113.csv").write_text(tiny_steps(rows))
        elif what == "withdrawal":
            one = dice.choice(Archive(world / "data" / "archive").all_vintages())
            undo = ("--undo",) if dice.random() < 0.5 else ()
            done = commands.run(world, "withdraw", one.sha256, "--why", "made up", "--by", "Tester", *undo)
            what = f"withdrawal, exit code {done.code}"
        elif what == "broken":
            (folder / name).write_text(dice.choice(("", "<html>", "BRINNUMMER;X\r\n1;2\r\n")))
        else:
            before.append(tiny_05([(site, dice.randint(100, 140), dice.randint(0, 9)) for site in SITES]))
            (folder / name).write_text(before[-1])
        seen[what] += 1


def slope(values: list[float]) -> float:
    """How much a value grows per month, by least squares."""
    return float(np.polyfit(range(len(values)), values, 1)[0])


def run(long: bool) -> Result:
    """200 months (CASES) in the long form, 3 in the short one."""
    result, dice, seen = Result(), random.Random(17), Counter[str]()
    months, kept = CASES if long else 3, dict[str, list[str]]()
    seconds, sizes, peaks = list[float](), list[float](), list[float]()
    with tempfile.TemporaryDirectory() as name, Commands(Path(name) / "commands") as commands:
        world = new_world(commands, Path(name) / "world")
        done: Done | None = None
        for number in range(months):
            day = date(2027 + number // 12, number % 12 + 1, 15)
            happens(commands, world, dice, seen, kept)
            if done and dice.random() < 0.2:
                at = dice.randint(1, max(1, len(done.steps)))
                seen["killed run"] += commands.run(world, MONTH, day.isoformat(), at=at).code == KILLED
            years = (str(day.year),) if day.month == 12 else ()
            done = commands.run(world, MONTH, day.isoformat(), *years)
            result.demand(done.code == 0, f"month {number + 1}: exit code {done.code}: {done.said[-300:]}")
            seen["refused file"] += "refused 0" not in done.said
            found = standing(commands, world)
            whole = found.get("recorded") == found.get("found") and found.get("archive") == []
            result.demand(whole, f"month {number + 1}: {found}")
            if number % 12 == 11 or number == months - 1:
                succeed(commands, world, "verify", "--rebuild")
                seen["build from nothing compared"] += 1
            seconds.append(done.seconds)
            peaks.append(done.peak)
            data = world / "data"
            sizes.append(sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) / 2**20)
    result.add("months", months)
    for what, count in sorted(seen.items()):
        result.add(what, count)
    for what, values, unit in (
        ("processor time of a refresh", seconds, "s"),
        ("memory", peaks, "MiB"),
        ("data directory", sizes, "MiB"),
    ):
        result.add(
            what,
            f"{values[0]:.1f} {unit} at first, {values[-1]:.1f} {unit} at last, slope {slope(values):+.2f} {unit} a month",
        )
    return result
