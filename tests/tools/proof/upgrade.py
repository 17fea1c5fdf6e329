"""A data directory made by the code of an earlier commit, with a release, a frozen year and a report, is handed to the code of today: what it published
can be read, the next refresh builds it anew from its archive, and every value is that of a directory that today's code made from the same files
on the same day; its frozen year still has its hash, `doctor` finds no fault in release, archive and snapshots.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.tools.proof import Result
from tests.tools.proof.steps import RELEASE, Commands
from tests.tools.proof.world import new_world, standing, succeed

TITLE = "Upgrade"
COMMITS = {"46d81af": "27 November 2026, version 0.1", "829fe71": "28 November 2026, before 0.2"}
REPO = Path(__file__).resolve().parents[3]
VALUES = "tests.tools.proof.upgrade:values"
FINDINGS = "tests.tools.proof.upgrade:findings"


def values(world: Path) -> None:
    """Print a hash of all values that are published, with what is known of them."""
    from warehouse.release.content_hash import relation_digest
    from warehouse.release.data_directory import DataDirectory

    with DataDirectory(world / "data").published.open() as con:
        print(relation_digest(con, "goals.observation"))


def findings(world: Path) -> None:
    """Print what the doctor finds wrong in release, archive and snapshots."""
    from flows.health import data_directory
    from warehouse.release.data_directory import DataDirectory

    for one in data_directory.findings(DataDirectory(world / "data")):
        if one.level == "error":
            print(one.sentence)


def run(long: bool) -> Result:
    """Both commits in the long form, the later one in the short form; they must be in the repository at hand."""
    result = Result()
    with tempfile.TemporaryDirectory() as name, Commands(Path(name) / "commands") as commands:
        world = Path(name) / "world"
        new_world(commands, world)
        today = succeed(commands, world, VALUES).said
        shutil.rmtree(world / "data")
        kept = shutil.copytree(world, Path(name) / "kept")
        for commit, what in list(COMMITS.items())[0 if long else 1 :]:
            shutil.rmtree(world)
            shutil.copytree(kept, world)
            code = Path(name) / commit
            code.mkdir()
            archived = subprocess.run(["git", "archive", commit], cwd=REPO, capture_output=True, check=False)
            if not result.demand(archived.returncode == 0, f"{commit}: not in this repository"):
                continue
            subprocess.run(["tar", "x", "-C", str(code)], input=archived.stdout, check=True)
            words = [
                "refresh",
                "--edition",
                "mirror",
                "--plain",
                "--from",
                str(world / "files"),
                "--snapshots",
                "2018,2026",
            ]
            made = subprocess.run(
                [sys.executable, "-m", "flows.cli", *words],
                cwd=code,
                env=os.environ | {"SECTORAKKOORD_DATA": str(world / "data"), "PYTHONPATH": str(code)},
                capture_output=True,
                text=True,
                check=False,
            )
            if not result.demand(made.returncode == 0, f"{commit}: its own refresh failed: {made.stderr[-300:]}"):
                continue
            for words in (["status"], ["sql", "SELECT count(*) FROM meta.release"], ["snapshot", "2018", "--verify"]):
                done = commands.run(world, *words)
                result.demand(done.code == 0, f"{commit}: {' '.join(words)}: exit code {done.code}: {done.said[-300:]}")
            done = commands.run(world, RELEASE, "2018", "2026")
            result.demand(done.code == 0, f"{commit}: refresh: exit code {done.code}: {done.said[-300:]}")
            found = standing(commands, world)
            same = commands.run(world, VALUES).said == today
            result.demand(same, f"{commit}: other values than in a directory made today")
            wrong = commands.run(world, FINDINGS).said.strip()
            result.demand(not wrong, f"{commit}: doctor: {wrong[:300]}")
            result.demand(found.get("recorded") == found.get("found"), f"{commit}: {found}")
            verified = commands.run(world, "snapshot", "2018", "--verify")
            result.demand(verified.code == 0, f"{commit}: the frozen year: {verified.said[-300:]}")
            result.add(
                f"made by {commit} ({what})",
                f"read, refreshed as release {found.get('number')}, all values those of a new directory",
            )
    return result
