"""`make fuzz`: real layouts, mutated in bytes and in meaning, through the gate. Finds wrong figures, not only crashes.

Each case takes a published layout (a file of the sample edition, and of the mirror where it is here), keeps some hundred lines, archives
that as the version of an earlier day, mutates it and offers it again. The oracle knows the rows before the mutation, and which lines
the mutation touched. A case is fine when the outcome is one of

- refused: nothing of it is used, and the sentence has all four parts;
- quarantined: every row that would say something else is rejected;
- flagged: the row is masked, or the result names the difference in its news;
- equal: what is accepted says what the file said before.

All else is a fault: `wrong` (an accepted row says something else and nothing reports it), `lost` (lines are in neither core nor
quarantine), `alarm` (a harmless mutation is not accepted), `crash`, `slow`. Seeded: the same seed gives the same cases.
"""

import argparse
import atexit
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, partial
from pathlib import Path

import pandas as pd

from flows.ingest.gate import IngestResult, check_and_archive
from schemas.dataset import Dataset
from schemas.datasets import dataset_for
from schemas.errors import FileRefused
from schemas.reading.validate import parse_file
from tests.tools.fuzz_mutations import HARMLESS, MUTATIONS, Table
from warehouse.archive.model import Origin
from warehouse.archive.store import Archive
from warehouse.build.parse_cache import ParseCache
from warehouse.sample import FILES

MIRROR = Path(__file__).resolve().parents[3] / "shared" / "opendata" / "mirror"
LINES = 160
SLOW_S = 10.0
MANY = 200
"""So many cases are worth processes of their own."""
FIRST, SECOND = date(2026, 3, 1), date(2026, 4, 1)
URL = "https://voorbeeld.invalid/"


@dataclass(frozen=True)
class Seed:
    """A file to mutate: its dataset, its name, some of its lines, and the rows that they say."""

    dataset: type[Dataset]
    name: str
    table: Table
    rows: pd.DataFrame

    @cached_property
    def offered(self) -> str:
        """A folder with the archive and the parse cache in which the file as it is was offered; kept as long as the process."""
        folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        offer(Archive(folder / "archive"), ParseCache(folder / "cache"), self, self.table.bytes(), FIRST, folder)
        return str(folder)


@dataclass(frozen=True)
class Case:
    """One mutated file and what became of it; the content of those that are a fault."""

    name: str
    mutation: str
    content: bytes
    outcome: str
    detail: str = ""

    @property
    def bad(self) -> bool:
        """Is this a fault of the product?"""
        return self.outcome in ("wrong", "lost", "alarm", "crash", "slow")


@cache
def seeds(folders: tuple[Path, ...] = (FILES, MIRROR)) -> list[Seed]:
    """Every delimited file of the folders that a dataset claims, cut to its first, middle and last lines; read once in a process."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*.csv")) if folder.is_dir() else ():
            dataset = dataset_for(path.name)
            if dataset is None:
                continue
            table = Table.read(path.read_bytes(), dataset.dialect.delimiter).shortened(LINES)
            try:
                rows = parse_file(dataset, path.name, table.bytes()).rows
            except FileRefused:
                continue
            found.append(Seed(dataset, path.name, table, rows))
    return found


def run_case(seed: Seed, mutation: str, mutate: Callable[[Table, random.Random], bytes], chance: random.Random) -> Case:
    """Mutate, offer after the file as it was (a harmless one that is not the same by itself), and judge."""
    content = mutate(seed.table, chance)
    started = time.process_time()
    try:
        with tempfile.TemporaryDirectory() as folder:
            if mutation not in HARMLESS or mutation == "same bytes":
                shutil.copytree(seed.offered, folder, dirs_exist_ok=True)
            outcome, detail = judged(seed, mutation, content, Path(folder))
    except Exception as fault:
        outcome, detail = "crash", f"{type(fault).__name__}: {fault}"
    if outcome != "crash" and time.process_time() - started > SLOW_S:
        outcome = "slow"
    case = Case(seed.name, mutation, content, outcome, detail)
    return case if case.bad else replace(case, content=b"")


def judged(seed: Seed, mutation: str, content: bytes, folder: Path) -> tuple[str, str]:
    """(outcome, detail) of offering `content` after the file it was made from."""
    archive, cache = Archive(folder / "archive"), ParseCache(folder / "cache")
    harmless = mutation in HARMLESS
    result = offer(archive, cache, seed, content, SECOND, folder)
    if result.outcome == "refused":
        return ("alarm" if harmless else "refused"), result.reason
    if result.outcome == "known":
        return "equal", ""
    parsed = cache.get(seed.dataset, seed.name, result.sha256, archive.object_path(result.sha256))
    rows, rejected = pd.read_parquet(parsed.rows), pd.read_parquet(parsed.quarantine)
    facts = parsed.facts
    if facts["data_lines"] != facts["core_lines"] + facts["quarantined_lines"]:
        return "lost", str(facts)
    differences = list(differing(seed, rows, rejected))
    if not differences:
        return ("quarantined" if len(rejected) else "equal"), ""
    if harmless:
        return "alarm", differences[0]
    return ("flagged" if result.news else "wrong"), differences[0]


def offer(archive: Archive, cache: ParseCache, seed: Seed, content: bytes, day: date, folder: Path) -> IngestResult:
    """Offer bytes to the gate under the seed's name."""
    path = folder / "offered"
    path.write_bytes(content)
    publisher = seed.dataset.publisher
    origin = Origin(
        seed.dataset.id, seed.name, URL + seed.name, publisher.name, publisher.licence, day, edition="mirror"
    )
    return check_and_archive(archive, cache, origin, path)


def differing(seed: Seed, rows: pd.DataFrame, rejected: pd.DataFrame) -> Iterator[str]:
    """What accepted rows say otherwise than before the mutation, masked cells aside; and rows that are gone without a trace."""
    key, before = list(seed.dataset.key), seed.rows
    # A blank in a column whose declaration says "there is nothing to say" is the publisher's word, not a fault to be found.
    may_be_blank = {name for name, spec in seed.dataset.fields().items() if spec["blank"] != "fault"}
    said = [
        name
        for name in before.columns
        if name not in {*key, "line", "masked", *seed.dataset.remarks} and is_figure(before[name])
    ]
    keyed = {
        tuple(map(str, row[: len(key)])): row[len(key) :]
        for row in before[key + said].itertuples(index=False, name=None)
    }
    seen = set()
    for row in rows[[*key, *said, "masked"]].itertuples(index=False, name=None):
        at, values, masked = tuple(map(str, row[: len(key)])), row[len(key) : -1], row[-1]
        seen.add(at)
        old = keyed.get(at)
        if old is None:
            yield f"a row that was not there: {at}"
            continue
        hidden = {name.rstrip("*") for name in masked.split(",")}
        for name, one, other in zip(said, old, values, strict=True):
            same = pd.isna(other) if pd.isna(one) else not pd.isna(other) and one == other
            if not same and name not in hidden and not (pd.isna(other) and name in may_be_blank):
                yield f"{at} {name}: {one} -> {other}"
    gone = len(keyed.keys() - seen)
    per_line = max(1, round(len(before) / max(before["line"].nunique(), 1)))
    if gone > per_line * rejected["line"].nunique():
        yield f"{gone} rows are gone, {rejected['line'].nunique()} lines are in quarantine"


def is_figure(column: pd.Series) -> bool:
    """Numbers and days are figures; names are not."""
    return not isinstance(column.dtype, pd.StringDtype)


def numbered(folders: tuple[Path, ...], seed: int, number: int, name: str) -> Case:
    """Case `number`, of the mutation called `name`."""
    files = seeds(folders)
    return run_case(files[number % len(files)], name, MUTATIONS[name], random.Random(f"{seed}/{number}"))


def run(cases: int, seed: int, folders: tuple[Path, ...] = (FILES, MIRROR)) -> list[Case]:
    """Run that many cases, spread over files and mutations; many of them in as many processes as there are processors."""
    chance = random.Random(seed)
    todo = [(number, chance.choice(list(MUTATIONS))) for number in range(cases)]
    one = partial(numbered, folders, seed)
    if cases < MANY:
        return [one(*each) for each in todo]
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, spawn.Pool(os.cpu_count(), work_in, (folder,)) as pool:
        return pool.starmap(one, todo, chunksize=20)


def work_in(folder: str) -> None:
    """Where a process of the pool, which ends without clearing up, has its temporary files."""
    tempfile.tempdir = folder


def main() -> int:
    """Print outcomes per mutation, and every fault; 1 when there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.fuzz", description="Mutated files through the gate.")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="write the files of faulty cases into this folder")
    options = parser.parse_args()
    cases = run(options.cases, options.seed)
    table = pd.crosstab([case.mutation for case in cases], [case.outcome for case in cases])
    table.index.name, table.columns.name = "mutation", None
    print(table.to_string())
    bad = [case for case in cases if case.bad]
    for number, case in enumerate(bad):
        print(f"{case.outcome}: {case.mutation} in {case.name}: {case.detail[:200]}")
        if options.keep:
            target = options.keep / f"{number:04d}" / case.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(case.content)
    print(
        f"{len(cases)} cases, seed {options.seed}: {dict(Counter(case.outcome for case in cases))}; {len(bad)} faults."
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
