"""The services of compose.yaml as plain processes on loopback: the same commands and environment, no container engine.

Only what an engine would do is done here instead: names of services become 127.0.0.1 with free ports, volumes become
folders, images become the programs of this machine. The project is run from a copy that holds what an image would.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from tests.object_store import program
from tests.postgres import postgres
from tests.schedule_case import PROJECT, end, free_port, wait_for

VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
ANSWERS = {"POSTGRES_PASSWORD": "p0stgres", "S3_SECRET": "s3cret", "PREFECT_AUTH": "sectorakkoord:pr3fect"}
"""What a person would fill in in .env."""


def declared() -> dict[str, Any]:
    """compose.yaml as it is written, anchors followed."""
    file: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text())
    return file


def example() -> dict[str, str]:
    """The variables of .env.example."""
    lines = (PROJECT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def filled_in(text: str, variables: dict[str, str]) -> str:
    """The text with its variables, as compose fills them in."""

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if kind == "?" and not variables.get(name):
            raise KeyError(f"{name}: {rest}")
        return variables.get(name) or (rest if kind == "-" else "")

    return VARIABLE.sub(value, text)


def image_context(target: Path) -> None:
    """Copy what .dockerignore lets into an image. It names what goes in, after a `*` that leaves everything out."""
    first, *rules = [line for line in (PROJECT / ".dockerignore").read_text().split("\n") if line[:1] not in ("", "#")]
    assert first == "*"
    left_out = [rule.removeprefix("**/").rstrip("/") for rule in rules if not rule.startswith("!")]
    for rule in (rule[1:] for rule in rules if rule.startswith("!")):
        source = PROJECT / rule
        if source.is_dir():
            shutil.copytree(
                source,
                target / rule,
                ignore=lambda _, names: {name for name in names if any(fnmatch(name, pattern) for pattern in left_out)},
            )
        else:
            shutil.copy(source, target / rule)


class Services:
    """The services of compose.yaml in a folder of their own."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack, self.file = folder, stack, declared()
        self.variables = example() | ANSWERS
        self.app = folder / "app"
        self.app.mkdir()
        image_context(self.app)
        self.ports = {("server", 4200): free_port(), ("store", 8333): free_port(), ("dask", 8786): free_port()}

    def here(self, text: str) -> str:
        """A word of the file with what an engine would put there."""
        text = filled_in(text, self.variables).replace("0.0.0.0", "127.0.0.1")
        for (name, inside), outside in self.ports.items():
            for host in (name, "127.0.0.1"):
                text = text.replace(f"{host}:{inside}", f"127.0.0.1:{outside}")
            text = text.replace(f"host={name} port={inside}", f"host=127.0.0.1 port={outside}")
            text = re.sub(rf"^(-s3\.port=)?{inside}$", rf"\g<1>{outside}", text)
        for volume in ("data", "prefect"):
            text = re.sub(rf"(^|=)/{volume}$", rf"\g<1>{self.folder / volume}", text)
        return text.replace("-ip=store", "-ip=127.0.0.1")

    def environment(self, name: str) -> dict[str, str]:
        """The environment of a service, and of this machine only what finds programs."""
        theirs = self.file["services"][name].get("environment", {})
        image = {"SECTORAKKOORD_DATA": str(self.folder / "data"), "PREFECT_HOME": str(self.folder / "prefect")}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        ours = {"PATH": path, "PYTHONPATH": str(self.app), "HOME": str(self.folder)}
        return ours | image | {key: self.here(str(value)) for key, value in theirs.items()}

    def start(self, name: str, *more: str, label: str = "", **environment: str) -> subprocess.Popen[bytes]:
        """Start a service; it is ended with the block."""
        command = [self.here(str(word)) for word in self.file["services"][name]["command"]]
        if name == "store":
            command.insert(0, program())
        log = self.stack.enter_context((self.folder / f"{label or name}.log").open("wb"))
        process = subprocess.Popen(
            [*command, *more],
            cwd=self.app,
            env=self.environment(name) | environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.stack.callback(end, process)
        return process

    def healthy(self, name: str, **environment: str) -> None:
        """Wait until the service's own check is content."""
        kind, *test = self.file["services"][name]["healthcheck"]["test"]
        assert kind == "CMD"
        command = [self.here(word) for word in test]
        settings = self.environment(name) | environment

        def content() -> bool:
            return subprocess.run(command, env=settings, capture_output=True, cwd=self.app).returncode == 0

        wait_for(content, 180, f"health of {name}")


@contextmanager
def services(folder: Path) -> Iterator[Services]:
    """Database, store, server and set-up, in the order that compose.yaml asks for; workers are for the test to start."""
    with ExitStack() as stack:
        ours = Services(folder, stack)
        database = stack.enter_context(postgres())
        ours.ports["database", 5432] = database.port
        database.new_database(ours.file["services"]["database"]["environment"]["POSTGRES_DB"])
        database.run(ours.file["configs"]["lake_database"]["content"])
        (folder / "store").mkdir()
        inner = [f"-{part}.port={free_port()}" for part in ("master", "volume", "filer")]
        # Their ports for other programs are 10000 higher unless told.
        inner += [f"-{part}.port.grpc={free_port()}" for part in ("master", "volume", "filer", "s3")]
        ours.start("store", *inner, f"-dir={folder / 'store'}")
        ours.start("server")
        ours.healthy("store")
        ours.healthy("server")
        set_up = ours.start("set-up")
        assert set_up.wait(180) == 0, (folder / "set-up.log").read_text()
        yield ours
