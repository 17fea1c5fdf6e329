"""SIGKILL before a call that changes the file system (open for writing, write, sync, rename, unlink, ...), counted below Python and
DuckDB so that no step is missed, in every command that writes. After each kill: the release in place is that of before or the finished one, its content has
the hash that it records, the archive is whole; the same command again succeeds and gives the content of a run that nobody killed; an hour later nothing
that the killed run left is there.
"""

import os
import random
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.tools.proof import Result
from tests.tools.proof.steps import KILLED, RELEASE, Commands, Done, kind_of
from tests.tools.proof.world import FIRST, an_hour_later, listing, new_world, news, standing, succeed

TITLE = "Kills"
CASES = int(os.environ.get("CASES", "500"))
"""Of the long form."""
MINUTES = float(os.environ.get("MINUTES", "600"))
"""The long form stops after so many."""


LAKE = "refresh and publish to a DuckLake, its catalogue in a file"
WHY = ("--why", "made up", "--by", "Tester")


@dataclass(frozen=True)
class Job:
    """A command that writes, in a world that is ready for it; what it did there when nobody killed it."""

    name: str
    words: tuple[str, ...]
    env: dict[str, str]
    world: Path
    done: Done
    before: dict[str, Any]
    after: dict[str, Any]
    files: set[str]


def jobs(commands: Commands, world: Path, folder: Path, all_of_them: bool) -> Iterator[Job]:
    """Every command that writes, or the three that leave most to be lost. `world` is where each finds its own again; they are kept in `folder`."""
    add = ("evidence", "add", "--from", str(world / "evidence.json"), "--register", str(world / "register"))
    withdraw = ("withdraw", FIRST, *WHY)
    lake = f"{world / 'data' / 'lake'}"
    on_lake = {"SECTORAKKOORD_WAREHOUSE": f"ducklake:{lake}.ducklake", "SECTORAKKOORD_LAKE_DATA": f"{lake}/"}
    shutil.copytree(new_world(commands, world), folder / "new")
    for name, first, words in (
        ("refresh, publish and two snapshots", None, (RELEASE, "2018", "2026")),
        ("publish after a withdrawal", withdraw, (RELEASE,)),
        ("snapshot", None, (RELEASE, "2019")),
        ("withdraw", None, withdraw),
        ("evidence", None, add),
        ("export of the release", None, ("export", "--release")),
        ("export of a snapshot", None, ("export", "--snapshot", "2018")),
        ("report", None, ("report",)),
        (LAKE, None, (RELEASE,)),
    ):
        if not all_of_them and name not in ("refresh, publish and two snapshots", "withdraw", "evidence"):
            continue
        shutil.rmtree(world)
        commands.env = on_lake if name == LAKE else {}
        if name == LAKE:
            new_world(commands, world)
        else:
            shutil.copytree(folder / "new", world)
        if name.startswith("refresh"):
            news(world)
        if first:
            succeed(commands, world, *first)
        kept = shutil.copytree(world, folder / name)
        before = standing(commands, world)
        done = succeed(commands, world, *words)
        yield Job(name, words, commands.env, kept, done, before, standing(commands, world), listing(world))


def quotas(lengths: list[int], number: int) -> list[int]:
    """Spread a number of kills evenly; what has fewer steps gets one for each step."""
    given = [0] * len(lengths)
    for left, at in enumerate(sorted(range(len(lengths)), key=lengths.__getitem__)):
        given[at] = min(lengths[at], (number - sum(given)) // (len(lengths) - left))
    return given


def spread(steps: list[str], number: int, dice: random.Random) -> list[int]:
    """Numbers of steps: one of each kind as far as they go, then others by chance."""
    of_kind = defaultdict(list)
    for at, step in enumerate(steps, 1):
        of_kind[kind_of(step)].append(at)
    firsts = [dice.choice(found) for found in of_kind.values()]
    others = sorted(set(range(1, len(steps) + 1)) - set(firsts))
    return (dice.sample(firsts, len(firsts)) + dice.sample(others, len(others)))[:number]


def kill(commands: Commands, world: Path, job: Job, at: int, result: Result) -> bool:
    """Kill the job at a step, look, and run it again. Returns whether it was killed: with several threads a run may need a step less."""
    shutil.rmtree(world)
    shutil.copytree(job.world, world)
    commands.env = job.env
    dead = commands.run(world, *job.words, at=at)
    where = f"{job.name}, killed at step {at} of {len(job.done.steps)} ({dead.steps[-1] if dead.steps else 'none'})"
    if not result.demand(dead.code in (0, KILLED), f"{where}: ended by itself with exit code {dead.code}"):
        return False
    found = standing(commands, world)
    whole = found.get("recorded") == found.get("found") and found.get("archive") == []
    result.demand(whole and found in (job.before, job.after), f"{where}: left {found}")
    an_hour_later(world)
    again = commands.run(world, *job.words)
    repeated = job.name == "withdraw" and again.code == 2  # It was decided already.
    result.demand(again.code == 0 or repeated, f"{where}: the next run ended with {again.code}: {again.said[-300:]}")
    end = standing(commands, world)
    result.demand(end | {"number": 0} == job.after | {"number": 0}, f"{where}: the next run made {end}")
    files = listing(world)
    result.demand(files <= job.files, f"{where}: left behind {sorted(files - job.files)[:3]}")
    result.demand(job.files <= files, f"{where}: missing afterwards {sorted(job.files - files)[:3]}")
    return dead.code == KILLED


def orphans(world: Path) -> list[Path]:
    """Parquet files in the folder of a lake that its catalogue does not name."""
    catalogue = world / "data" / "lake.ducklake"
    if not catalogue.exists():
        return []
    with duckdb.connect(str(catalogue), read_only=True) as con:
        named = con.execute("SELECT path FROM ducklake_data_file UNION ALL SELECT path FROM ducklake_delete_file")
        known = {Path(path).name for (path,) in named.fetchall()}
    return [path for path in (world / "data" / "lake").rglob("*.parquet") if path.name not in known]


def run(long: bool) -> Result:
    """500 kills in the long form (CASES), 3 in the short one."""
    result, dice = Result(), random.Random(17)
    killed, kinds, lost = Counter[str](), Counter[str](), 0
    with tempfile.TemporaryDirectory() as name, Commands(Path(name) / "commands") as commands:
        world = Path(name) / "world"
        all_jobs = list(jobs(commands, world, Path(name) / "kept", long))
        numbers = quotas([len(job.done.steps) for job in all_jobs], CASES if long else len(all_jobs))
        cases = [
            (job, at)
            for job, number in zip(all_jobs, numbers, strict=True)
            for at in spread(job.done.steps, number, dice)
        ]
        dice.shuffle(cases)  # What the time allows is spread over all commands.
        until = time.monotonic() + MINUTES * 60
        for job, at in cases:
            if time.monotonic() > until:
                result.add("stopped by the clock (MINUTES)", f"{len(cases)} kills were planned")
                break
            killed[job.name] += kill(commands, world, job, at, result)
            lost += len(orphans(world))
        for job in all_jobs:
            kinds[job.name] = len({kind_of(step) for step in job.done.steps})
    result.add("kills", f"{sum(killed.values()):,}")
    for job in all_jobs:
        steps = f"of {len(job.done.steps):,} steps ({kinds[job.name]} kinds, by call and file)"
        result.add(job.name, f"{killed[job.name]} kills {steps}")
    if long:
        result.add("files that killed runs left in the folder of the lake and no release names", lost)
    return result
