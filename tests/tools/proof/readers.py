"""Four processes that query the published file without a pause, as an analyst's client would, while releases with other figures are
published: each answer must be that of one whole release (its number and its national figure belong together). Then all pairs of commands that write, at
the same time: each ends with success or says that another is publishing, and the release is whole and holds the work of both.
"""

import itertools
import multiprocessing
import os
import shutil
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

from flows import exit_codes
from tests.tools.proof import Result
from tests.tools.proof.steps import RELEASE, Commands
from tests.tools.proof.world import FIRST, new_world, news, offer, standing, succeed

TITLE = "Readers and races"
CASES = int(os.environ.get("CASES", "100"))
"""Publishes in the long form, each with at least 1,000 queries."""
ASKED = """SELECT (SELECT release_id FROM meta.release), (SELECT numerator FROM goals.timeline_now
    WHERE indicator_id = 'g02_zittenblijf_pct' AND numerator IS NOT NULL ORDER BY period_label LIMIT 1)"""


def read(
    path: str, stop: Event, answers: "multiprocessing.Queue[tuple[Counter[tuple[str, float]], list[str]]]"
) -> None:
    """Query until told to stop, ten times per opening of the file."""
    found, faults = Counter[tuple[str, float]](), list[str]()
    while not stop.is_set():
        try:
            with duckdb.connect(path, read_only=True) as con:
                for _ in range(10):
                    found[con.execute(ASKED).fetchall()[0]] += 1
        except duckdb.Error as fault:
            faults.append(str(fault)[:200])
    answers.put((found, faults))


def readers(commands: Commands, world: Path, publishes: int, result: Result) -> None:
    """Publish so often while four processes read."""
    path, context = world / "data" / "warehouse.duckdb", multiprocessing.get_context("spawn")
    truth = dict[str, float]()
    stop, answers = context.Event(), context.Queue()
    processes = [context.Process(target=read, args=(str(path), stop, answers)) for _ in range(4)]
    for process in processes:
        process.start()
    started = time.monotonic()
    for number in range(publishes):
        with duckdb.connect(str(path), read_only=True) as con:
            truth.update(con.execute(ASKED).fetchall())
        offer(world, "1718-tov-1819", ("00AA00", 4000, 251 - number % 3), ("00AB00", 6000, 370))
        succeed(commands, world, RELEASE)
    with duckdb.connect(str(path), read_only=True) as con:
        truth.update(con.execute(ASKED).fetchall())
    seconds = time.monotonic() - started
    stop.set()
    told = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    found = sum((one for one, _ in told), Counter[tuple[str, float]]())
    faults = [fault for _, some in told for fault in some]
    mixed = [pair for pair in found if truth.get(pair[0]) != pair[1]]
    result.add(
        "queries",
        f"{sum(found.values()):,} by {len(processes)} processes over {publishes} publishes in {seconds:.0f} s",
    )
    result.add(
        "releases that they saw",
        f"{len({pair[0] for pair in found})} of {len(truth)}, {len(set(truth.values()))} different figures",
    )
    result.add("errors", len(faults))
    result.add("answers of no release, or of two", len(mixed))
    # With one figure in all releases nothing that is mixed would show.
    result.demand(len(set(truth.values())) > 1 and None not in truth.values(), f"the releases said {truth}")
    result.demand(not faults, f"{len(faults)} queries failed, such as: {faults[:1]}")
    result.demand(not mixed, f"mixed answers: {mixed[:5]}")


def races(commands: Commands, world: Path, folder: Path, most: int, result: Result) -> None:
    """Two commands that write, at once."""
    news(world)
    kept = shutil.copytree(world, folder / "kept")
    register = str(world / "register")
    writers = {
        "refresh": (RELEASE,),
        "snapshot": (RELEASE, "2019"),
        "withdraw": ("withdraw", FIRST, "--why", "made up", "--by", "Tester"),
        "evidence": ("evidence", "add", "--from", str(world / "evidence.json"), "--register", register),
        "export": ("export", "--release"),
        "report": ("report",),
    }
    pairs = list(itertools.combinations_with_replacement(writers, 2))[:most]
    ends, fine = Counter[str](), (exit_codes.OK, exit_codes.BUSY)
    with Commands(folder / "others") as others:
        for one, other in pairs:
            shutil.rmtree(world)
            shutil.copytree(kept, world)
            with ThreadPoolExecutor() as threads:
                both = [
                    threads.submit(who.run, world, *writers[what]) for who, what in ((commands, one), (others, other))
                ]
                said = [each.result() for each in both]
            for done in said:
                decided = "withdraw" in (one, other) and done.code == exit_codes.USAGE and "withdraw" in done.said
                result.demand(
                    done.code in fine or decided, f"{one} beside {other}: exit code {done.code}: {done.said[-200:]}"
                )
                ends[f"exit code {done.code}"] += 1
            succeed(commands, world, RELEASE)
            found = standing(commands, world)
            whole = found.get("recorded") == found.get("found") and found.get("archive") == []
            result.demand(whole, f"{one} beside {other}: left {found}")
            added = (world / "register" / "evidence.csv").read_text().count("Verzonnen titel")
            result.demand(added == (one, other).count("evidence"), f"{one} beside {other}: {added} pieces of evidence")
    result.add("pairs of commands that write", f"{len(pairs)}: {dict(ends)}")


def run(long: bool) -> Result:
    """100 publishes (CASES) and all pairs in the long form, 2 publishes and 1 pair in the short one."""
    result = Result()
    with tempfile.TemporaryDirectory() as name, Commands(Path(name) / "commands") as commands:
        world = new_world(commands, Path(name) / "world")
        kept = shutil.copytree(world, Path(name) / "new")
        readers(commands, world, CASES if long else 2, result)
        shutil.rmtree(world)
        shutil.copytree(kept, world)
        races(commands, world, Path(name), 100 if long else 1, result)
    return result
