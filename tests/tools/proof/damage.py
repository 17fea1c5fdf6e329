"""Every file of a data directory with two releases, three frozen years, a withdrawal and a parse cache, one at a time: cut in half, emptied, one bit
flipped, deleted, replaced by another file of its kind, replaced by text. Then the checks of `doctor` and `archive verify`, and a refresh that
finds at the publisher what it found before, and a new file. It is well when the refresh ends with the content it would have had (healed) or stays away from publishing
with a sentence that names what is lost, and when nothing is wrong that nobody says.
"""

import json
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flows import exit_codes
from tests.tools.proof import Result
from tests.tools.proof.steps import RELEASE, Commands, kind_of, release
from tests.tools.proof.world import FIRST, new_world, news, offer, standing, succeed
from warehouse.files import sha256_of

TITLE = "Damage"
CASES = int(os.environ.get("CASES", "0"))
"""Of the long form; 0: all."""
CYCLE, READ = (f"tests.tools.proof.damage:{name}" for name in ("cycle", "read_all"))


def flipped(path: Path) -> bytes:
    """One bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 1] = bytes(one ^ 1 for one in content[len(content) // 2 :][:1])
    return bytes(content)


def another(path: Path) -> bytes:
    """The content of another file of this kind; text where there is none."""
    folder = path.parents[1] if path.parent.name != "data" else path.parent
    alike = (one for one in sorted(folder.rglob(f"*{path.suffix}")) if one.is_file() and one.name != path.name)
    return next((one.read_bytes() for one in alike if one.read_bytes() != path.read_bytes()), b"text\n")


DAMAGE: dict[str, Callable[[Path], bytes | None]] = {
    "cut in half": lambda path: path.read_bytes()[: path.stat().st_size // 2],
    "emptied": lambda _: b"",
    "one bit flipped": flipped,
    "deleted": lambda _: None,
    "replaced by another of its kind": another,
    "replaced by text": lambda _: b"another program's file\n",
}


GOOD = (
    "named by doctor, healed",
    "healed by the refresh",
    "named as lost, the release stays",
    "named by doctor, stays",
    "healed when it is read",
)


def cycle(world: Path) -> None:
    """Print what the checks say, refresh, and print what they say then."""
    from flows.health import data_directory
    from warehouse.archive.store import recorded
    from warehouse.release.data_directory import DataDirectory

    data = DataDirectory(world / "data")

    def wrong() -> list[str]:
        recorded.cache_clear()
        return [one.sentence for one in data_directory.findings(data) if one.level != "ok"]

    found: dict[str, Any] = {"named": wrong()}
    try:
        release(world, "2018", "2026")
    finally:
        found["later"] = wrong()
        print(f"\0{json.dumps(found)}\0")


def read_all(world: Path) -> None:
    """Take every file of the archive, withdrawn ones too, from the parse cache."""
    from schemas.datasets import datasets
    from warehouse.archive.store import Archive
    from warehouse.build.parse_cache import ParseCache

    for one in Archive(world / "data" / "archive").all_vintages():
        dataset = datasets()[one.origin.dataset_id]
        ParseCache(world / "data" / "cache").get(dataset, one.origin.file_name, one.sha256, one.path)


def content(path: Path) -> bytes | None:
    """What a file holds; None where there is none."""
    return path.read_bytes() if path.exists() else None


def judged(
    commands: Commands, world: Path, path: Path, damaged: bytes | None, before: dict[str, Any]
) -> tuple[str, str]:
    """(outcome, what was said) of a refresh after the damage."""
    done = commands.run(world, CYCLE)
    said, found, ended = (*done.said.split("\0"), "", "")[:3] if "\0" in done.said else ("", "{}", done.said)
    told: dict[str, list[str]] = {"named": [], "later": []} | json.loads(found)
    words = f"{said} {ended}".strip()[-200:]
    told["named"] += [line for line in said.splitlines() if path.name in line]  # Of the log.
    aside = {"number": 0, "archive": []}  # What is damaged there and not read is said below.
    same = standing(commands, world) | aside == before | aside
    named = path.name[:12] in f"{words} {told['later']}" or str(path.parent.name) in f"{words} {told['later']}"
    if done.code not in exit_codes.MEANINGS or done.code == exit_codes.UNEXPECTED:
        return "crash", words
    if done.code:  # Not published: one that reads nothing of it leaves the release before, which stands too.
        return ("named as lost, the release stays" if named else "refused without naming it"), words
    if not same:
        return "other content published", str(told)
    if content(world / path) != damaged:
        return ("named by doctor, healed" if told["named"] else "healed by the refresh"), ""
    if path.parts[:2] == ("data", "cache"):  # Kept for a build that needs it, which this refresh was not.
        succeed(commands, world, READ)
        if content(world / path) != damaged:
            return "healed when it is read", ""
    return ("named by doctor, stays" if named and told["named"] else "not noticed"), str(told)


def run(long: bool) -> Result:
    """Every file and kind of damage in the long form, 2 of them in the short one."""
    result, dice, outcomes = Result(), random.Random(17), Counter[str]()
    with tempfile.TemporaryDirectory() as name, Commands(Path(name) / "commands") as commands:
        template = new_world(commands, Path(name) / "world")
        (first,) = template.glob(f"files/**/{FIRST}")
        sha256 = sha256_of(first)
        news(template)
        succeed(commands, template, RELEASE, "2018", "2026")
        succeed(commands, template, "withdraw", sha256, "--why", "made up", "--by", "Tester")
        succeed(commands, template, RELEASE, "2018", "2026")
        offer(template, "1415-tov-1516", ("00AA00", 800, 40))
        kept = shutil.copytree(template, Path(name) / "kept")
        succeed(commands, template, CYCLE)
        before = standing(commands, template)
        files = sorted(
            path.relative_to(kept) for path in (kept / "data").rglob("*") if path.is_file() and path.stat().st_size
        )
        cases = [(path, kind) for path in files for kind in DAMAGE]
        dice.shuffle(cases)
        for path, kind in cases[: (CASES or len(cases)) if long else 2]:
            shutil.rmtree(template)
            shutil.copytree(kept, template)
            damaged = DAMAGE[kind](template / path)
            (template / path).unlink()
            if damaged is not None:
                (template / path).write_bytes(damaged)
            outcome, sentence = judged(commands, template, path, damaged, before)
            outcomes[outcome] += 1
            result.demand(outcome in GOOD, f"{kind_of(str(path))} {kind}: {outcome}: {sentence}")
    result.add("files", len(files))
    result.add("cases", sum(outcomes.values()))
    for outcome, number in outcomes.most_common():
        result.add(outcome, number)
    return result
