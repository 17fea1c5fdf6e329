"""A refresh with news on a machine that is not well: a full disk from a write on (each case another write of all that are counted), a read-only folder, files
of limited size, few file handles, little memory, a clock set back, other time zones, LANG=C, a path with spaces and signs. Each ends with a sentence and an exit
code of its own or with the right content; the release in place is the one before or the finished one, and once the machine is well the next refresh gives what it would have given.
"""

import errno
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flows import exit_codes
from tests.tools.proof import Result
from tests.tools.proof.kills import spread
from tests.tools.proof.steps import RELEASE, Commands, kind_of
from tests.tools.proof.world import new_world, news, standing, succeed

TITLE = "Environment"
CASES = int(os.environ.get("CASES", "100"))
"""Writes at which the disk is full in the long form."""
LAST_YEAR = "tests.tools.proof.environment:last_year"
ZONES = ("Europe/Amsterdam", "Pacific/Kiritimati", "America/St_Johns")


def last_year(world: Path) -> None:
    """The same refresh with the clock a year back."""
    from flows.refresh import Request, refresh
    from flows.settings import load_settings

    refresh(Request("mirror", world / "files", site=False), load_settings(), date.today() - timedelta(days=365))


def in_zone(world: Path, zone: str) -> None:
    """The same refresh in another time zone."""
    from tests.tools.proof.steps import release

    os.environ["TZ"] = zone
    time.tzset()
    release(world)


def run(long: bool) -> Result:
    """100 full disks in the long form (CASES), 1 in the short one, which has no tables of limits, no zones and no commands of their own."""
    result, dice = Result(), random.Random(17)
    with tempfile.TemporaryDirectory() as name, Commands(Path(name) / "commands") as commands:
        world = Path(name) / "world"
        new_world(commands, world)
        news(world)
        kept = shutil.copytree(world, Path(name) / "kept")
        before = standing(commands, world)
        done = succeed(commands, world, RELEASE)
        after = standing(commands, world)

        def tried(what: str, *words: str, fine: bool = False, **faults: Any) -> str:
            """Run in this environment; what it said. `fine`: it must succeed."""
            shutil.rmtree(world)
            shutil.copytree(kept, world)
            ended = commands.run(world, *(words or (RELEASE,)), **faults)
            said = re.sub(r"\s+", " ", ended.said.replace(str(world), "")).strip()[-400:]
            known = ended.code in exit_codes.MEANINGS and ended.code != exit_codes.UNEXPECTED
            result.demand(known and "Traceback" not in said, f"{what}: exit code {ended.code}: {said}")
            result.demand(not (fine and ended.code), f"{what}: exit code {ended.code}: {said}")
            found = standing(commands, world)
            # What was known a year ago is another content.
            result.demand(found in (before, after) or bool(words), f"{what}: left {found}")
            if ended.code:
                again = commands.run(world, RELEASE)
                end = standing(commands, world)
                result.demand(end | {"number": 0} == after | {"number": 0}, f"{what}: then {again.code}, {end}")
            sentence = re.sub(r"[|]", "/", said.rpartition("error ")[2][:160])
            return f"exit code {ended.code}" + (f": {sentence}" if ended.code else "")

        steps = spread(done.steps, CASES if long else 1, dice)
        ends = [
            tried(f"disk full from step {at} on ({kind_of(done.steps[at - 1])})", at=at, error=errno.ENOSPC)
            for at in steps
        ]
        codes = sorted({end.partition(":")[0] for end in ends})
        result.add("disk full", f"from {len(steps)} of {len(done.steps)} counted steps on: {', '.join(codes)}")
        result.add("read-only file system", tried("read-only", at=1, error=errno.EROFS))
        if not long:
            return result
        result.add("no permission", tried("no permission", at=1, error=errno.EACCES))
        result.add("files of at most 1 MB", tried("file size", limits={resource.RLIMIT_FSIZE: 1 << 20}))
        for handles in (12, 24, 64):
            result.add(f"{handles} file handles", tried("handles", limits={resource.RLIMIT_NOFILE: handles}))
        for mebibytes in (700, 1200, 4000):
            result.add(
                f"{mebibytes} MiB of address space", tried("memory", limits={resource.RLIMIT_AS: mebibytes << 20})
            )
        result.add("clock a year back", tried("clock back", LAST_YEAR, fine=True))
        for zone in ZONES:
            result.add(f"time zone {zone}", tried(zone, "tests.tools.proof.environment:in_zone", zone, fine=True))
        strange = shutil.copytree(kept, Path(name) / "a folder, with 'quotes' & é ☂")
        for what, env in (("LANG=C", {"LC_ALL": "C"}), ("a path with spaces, quotes and ☂", {})):
            where = strange if not env else kept
            words = ["refresh", "--edition", "mirror", "--plain", "--from", str(where / "files")]
            ended = subprocess.run(
                [sys.executable, "-m", "flows.cli", *words],
                env=os.environ | {"SECTORAKKOORD_DATA": str(where / "data")} | env, capture_output=True, text=True, check=False,
            )  # fmt: skip
            result.demand(ended.returncode == 0, f"{what}: exit code {ended.returncode}: {ended.stderr[-300:]}")
            found = standing(commands, where)
            result.demand(found == after, f"{what}: left {found}")
            result.add(what, f"exit code {ended.returncode}")
    return result
