"""A PostgreSQL of a test's own, on loopback, from the programs that are on this machine."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.machine import missing
from tests.schedule_case import free_port


@dataclass(frozen=True)
class Postgres:
    """Where it listens. Whoever connects from this machine is let in as `user`, with or without a password."""

    host: str
    port: int
    user: str = "sectorakkoord"
    database: str = "postgres"

    @property
    def url(self) -> str:
        """As Prefect's server wants it."""
        return f"postgresql+asyncpg://{self.user}@{self.host}:{self.port}/{self.database}"

    def new_database(self, name: str) -> "Postgres":
        """Another, empty database of the same server."""
        self.run(f"CREATE DATABASE {name}")
        return replace(self, database=name)

    def run(self, statement: str) -> None:
        """Run a statement of SQL."""
        psql = shutil.which("psql") or str(programs() / "psql")
        subprocess.run([psql, "-q", "-v", "ON_ERROR_STOP=1", "-d", self.libpq, "-c", statement], check=True, timeout=60)

    @property
    def libpq(self) -> str:
        """As DuckDB and psql want it."""
        return f"host={self.host} port={self.port} user={self.user} dbname={self.database}"


def programs() -> Path:
    """The folder with PostgreSQL's programs; the test is skipped where there is none, and fails in CI."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders:
        missing("PostgreSQL's server is not on this machine: expected initdb on the path or in /usr/lib/postgresql")
    return folders[-1]


@contextmanager
def postgres(password: str = "") -> Iterator[Postgres]:
    """A PostgreSQL that lives as long as the block, and asks for `password` if there is one. It refuses to run as root, then
    it runs as its own user."""
    bin_folder, place = programs(), Postgres("127.0.0.1", free_port())
    folder = Path(tempfile.mkdtemp(prefix="sectorakkoord-postgres-"))
    owner = "postgres" if os.geteuid() == 0 else None
    if owner:
        os.chown(folder, pwd.getpwnam(owner).pw_uid, -1)

    def run(program: str, *arguments: str, check: bool = True) -> None:
        command = [str(bin_folder / program), *arguments]
        subprocess.run(command, check=check, user=owner, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)

    options = f"-p {place.port} -k {folder} -h {place.host}"
    try:
        (folder / "password").write_text(password or "none")
        (folder / "password").chmod(0o644)
        how = ("-A", "scram-sha-256" if password else "trust", f"--pwfile={folder}/password")
        run("initdb", "-D", f"{folder}/db", *how, "-U", place.user, "-E", "UTF8", "--no-locale")
        run("pg_ctl", "-D", f"{folder}/db", "-w", "-o", options, "-l", f"{folder}/log", "start")
        yield place
    finally:
        run("pg_ctl", "-D", f"{folder}/db", "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder)
