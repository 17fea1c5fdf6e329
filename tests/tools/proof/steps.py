"""Commands in processes that can be stopped at any call that changes the file system: killed there, or told that the disk is full.

A server with everything imported forks a child per command, so that a command costs no start. The calls are counted below
Python, in the C library (`steps.c`, compiled here with cc), so that those of DuckDB are among them.
"""

import ctypes
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

SOURCE = Path(__file__).with_name("steps.c")
KILLED, CRASHED = -9, 99
CHECK, RELEASE = (f"tests.tools.proof.steps:{name}" for name in ("check", "release"))


@dataclass(frozen=True)
class Done:
    """How a command ended: its exit code (-9: killed), what it printed, and the calls it made, as `call /path`."""

    code: int
    said: str
    steps: list[str]
    seconds: float
    """Of the processor."""
    peak: float
    """Memory in MiB."""


class Commands:
    """Runs commands of the product in forked processes. A context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env: dict[str, str] = {}
        folder.mkdir(parents=True, exist_ok=True)
        library = folder / "steps.so"
        subprocess.run(
            [shutil.which("cc") or "cc", "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"], check=True
        )
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.tools.proof.steps"],
            env=os.environ | {"LD_PRELOAD": str(library), "COLUMNS": "200"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()

    def run(
        self,
        world: Path,
        *words: str,
        at: int = 0,
        error: int = 0,
        env: Mapping[str, str] = MappingProxyType({}),
        limits: Mapping[int, int] = MappingProxyType({}),
    ) -> Done:
        """Run `sectorakkoord WORDS` on the data directory `world/data`; a first word `module:function` calls
        a function of ours instead, on `world` and the other words, with the exit codes and sentences of the product.

        At the step under `world` with the number `at` (0: none) it is killed, or, with an errno in `error`, that call and
        all after it that a full disk would stop fail. `limits` are of `resource.setrlimit`.
        """
        assert self.process.stdin and self.process.stdout
        said, steps = self.folder / "said", self.folder / "steps"
        job = {
            "world": str(world),
            "words": words,
            "at": at,
            "error": error,
            "env": self.env | dict(env),
            "limits": dict(limits),
        }
        self.process.stdin.write(json.dumps(job | {"said": str(said), "steps": str(steps)}) + "\n")
        self.process.stdin.flush()
        code, seconds, peak = map(float, self.process.stdout.readline().split())
        calls = steps.read_text(errors="replace").splitlines()
        return Done(int(code), said.read_text(errors="replace"), calls, seconds, peak / 1024)


def kind_of(step: str) -> str:
    """A step without numbers, hashes and processes."""
    return re.sub(r"[0-9a-f]{8,}|\d+", "#", step)


def check(_: Path) -> None:
    """Print, as JSON, what stands: the release's number, its recorded hash, that of its content now, and the archive's faults."""
    from flows.settings import load_settings
    from warehouse.archive.store import Archive
    from warehouse.release.content_hash import content_hash
    from warehouse.release.release_record import release_in

    data = load_settings().directory
    with data.published.open() as con:
        release = release_in(con)
        found: dict[str, Any] = {"number": release.number, "recorded": release.content_hash, "found": content_hash(con)}
    print(json.dumps(found | {"archive": Archive(data.archive).check()}))


def release(world: Path, *years: str) -> None:
    """Take in `world/files` and publish, freezing years: `refresh` without the report, which takes most of its time."""
    from flows.refresh import Request, refresh
    from flows.settings import load_settings

    asked = Request("mirror", world / "files", snapshots=dict.fromkeys(map(int, years)), site=False)
    done = refresh(asked, load_settings(), date.today())
    if any(one.outcome in ("refused", "missing") for one in done.taken):
        raise SystemExit(f"refused: {done.taken}")


def serve() -> None:
    """Fork a child per line of standard input; print its exit code. Imports first what the commands import when they run."""
    import flows.refresh  # noqa: F401
    import warehouse.exports
    import warehouse.register.evidence
    import warehouse.report.evaluation  # noqa: F401
    from flows import cli  # noqa: F401

    answers = os.fdopen(os.dup(1), "w", buffering=1)
    for line in sys.stdin:
        job = json.loads(line)
        if not (child := os.fork()):
            work(job)
        _, status, used = os.wait4(child, 0)
        seconds = used.ru_utime + used.ru_stime
        answers.write(f"{os.waitstatus_to_exitcode(status)} {seconds} {used.ru_maxrss}\n")


def work(job: dict[str, Any]) -> None:
    """In the child: one command, its output in a file, its steps counted. Never returns."""
    from flows import cli

    world = Path(job["world"])
    said = os.open(job["said"], os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(said, stream)
    os.environ |= {"SECTORAKKOORD_DATA": str(world / "data")} | job["env"]
    sys.argv = ["sectorakkoord", *job["words"]]
    for kind, value in job["limits"].items():
        resource.setrlimit(int(kind), (value, value))
    steps = os.open(job["steps"], os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    ctypes.CDLL(None).steps_arm(str(world).encode(), ctypes.c_long(job["at"]), job["error"], steps)
    code: Any = 0
    try:
        name, *words = job["words"]
        if ":" in name:
            module, _, function = name.partition(":")
            ours = getattr(import_module(module), function)
            vars(cli)["app"] = lambda standalone_mode: ours(world, *words)
        cli.main()
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
        code = CRASHED
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else CRASHED)


if __name__ == "__main__":
    serve()
