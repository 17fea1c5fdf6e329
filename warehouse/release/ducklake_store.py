"""A DuckLake as the store of the published release: a catalogue in PostgreSQL, Parquet in an S3-compatible store or a folder.

The build is made aside as a DuckDB file like everywhere else; publishing it is one transaction of the lake, in which only
rows that differ travel. So readers on any machine see whole releases, and the lake's own snapshots are the releases:
`FROM warehouse.snapshots()` names the release of each in `commit_message` and `commit_extra_info`.

Two writers are kept apart by the lock of the data directory they share. Where they share none, or where the lock fails,
the transaction itself does it: it checks that the release in place is still the one that was compared with, and the
lake refuses to commit over changes that it did not see. Both raise ConcurrentPublish, and `publish` compares and puts again.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import duckdb

from warehouse.api import FOLDER as API
from warehouse.build.tables import SQL
from warehouse.database import connect, literal, one_record, scalar
from warehouse.files import quoted
from warehouse.register.dictionary import Entry, comment_statements, entries
from warehouse.release.duckdb_extensions import load_extension
from warehouse.release.ducklake_sync import Tables, replace_rows, tables_of
from warehouse.release.store_urls import LAKE_SCHEME, without_password
from warehouse.release.stores import LAST, ConcurrentPublish, NothingPublished

NAME = "warehouse"
"""The catalogue's name for readers, the same as that of the file `warehouse.duckdb`."""
BUILT = "built"
RELEASE = ("meta", "release")
CONFLICT = re.compile(r"conflict|could not serialize|already been|deadlock", re.IGNORECASE)
AWAY = re.compile(r"https?://|s3://|Postgres")
"""In the message of a fault in reading from the store or the catalogue, not by one in writing a file here."""
DEFINES = re.compile(r"(?:\s|--[^\n]*\n)*CREATE\s+(VIEW|MACRO)\b")


class LakeUnavailable(Exception):
    """The lake's catalogue or store does not answer, or is not as expected; the message says which and what to do."""


@dataclass(frozen=True)
class Store:
    """An S3-compatible store; an empty endpoint is the service of that name itself."""

    endpoint: str = ""
    key_id: str = ""
    secret: str = field(default="", repr=False)
    region: str = "us-east-1"

    def secret_sql(self) -> str:
        """The statement that lets a connection into the store."""
        parts = urlsplit(self.endpoint)
        words = {
            "TYPE": "s3",
            "KEY_ID": literal(self.key_id),
            "SECRET": literal(self.secret),
            "REGION": literal(self.region),
        }
        if self.endpoint:
            words |= {"ENDPOINT": literal(parts.netloc), "URL_STYLE": "'path'", "USE_SSL": str(parts.scheme == "https")}
        return f"CREATE OR REPLACE SECRET lake_store ({', '.join(f'{name} {word}' for name, word in words.items())})"


class DuckLakeStore:
    """A lake by its address, such as `ducklake:postgres:dbname=lake host=db.example.org`.

    `files` says where a new lake keeps its Parquet (`s3://bucket/folder/` or a folder); a lake that exists knows it.
    """

    def __init__(self, address: str, files: str = "", store: Store | None = None) -> None:
        self.address = address
        self.files = files
        self.store = store or Store()

    def __str__(self) -> str:
        return without_password(self.address)

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The release, pinned to the lake's snapshot of this moment. Raises NothingPublished or LakeUnavailable."""
        with self._connect() as con, self._answering():
            self._attach_pinned(con, NAME)
            con.execute(f"USE {NAME}")
            yield con

    @contextmanager
    def attached(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """The lake, attached and pinned as for a reader. Raises NothingPublished or LakeUnavailable."""
        self._prepare(con)
        with self._answering():
            self._attach_pinned(con, LAST)
            try:
                yield
            finally:
                con.execute(f"DETACH {LAST}")

    def read_from(self, con: duckdb.DuckDBPyConnection) -> list[str]:
        """Where the Parquet files lie."""
        return [path for (path,) in con.execute(f"SELECT data_path FROM ducklake_settings('{NAME}')").fetchall()]  # noqa: S608 - a constant

    def build_folder(self, data: Path) -> Path:
        """A build is a file for this machine only."""
        return data

    def copy_to(self, aside: Path) -> bool:
        """Building from parsed files is quicker than reading the lake back."""
        return False

    def put(self, aside: Path, previous_release_id: str | None) -> None:
        """One transaction: rows that differ, views, macros, comments. Raises ConcurrentPublish or LakeUnavailable."""
        attempt = uuid4().hex
        try:
            self._put(aside, previous_release_id, attempt)
        except duckdb.Error as fault:
            # The answer to a commit may be lost on its way: look whether it was committed.
            if self._was_committed(attempt):
                return
            if CONFLICT.search(str(fault)):
                raise ConcurrentPublish from fault
            raise self._unavailable(fault) from None

    def _put(self, aside: Path, previous_release_id: str | None, attempt: str) -> None:
        with self._connect() as con:
            self._attach_to_write(con)
            with attached_build(con, aside):
                con.execute(f"USE {NAME}; BEGIN")
                there = tables_of(con, NAME)
                current_release = scalar(con, "SELECT release_id FROM meta.release") if RELEASE in there else None
                if current_release != previous_release_id:
                    raise ConcurrentPublish
                self._replace_all(con, there, attempt)
                con.execute("COMMIT")

    def _was_committed(self, attempt: str) -> bool:
        """Is there a snapshot of the lake that this attempt committed?"""
        with self._connect() as con:
            if self._current(con) is None:
                return False
            self._attach(con, NAME, "READ_ONLY")
            committed = f"FROM {NAME}.snapshots() WHERE commit_extra_info->>'attempt' = $attempt"
            return bool(scalar(con, f"SELECT count(*) {committed}", {"attempt": attempt}))

    def _replace_all(self, con: duckdb.DuckDBPyConnection, there: Tables, attempt: str) -> None:
        wanted = tables_of(con, BUILT)
        for schema in {schema for schema, _ in wanted} - {schema for schema, _ in there} - {"main"}:
            con.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        for schema, table in there.keys() - wanted.keys():
            con.execute(f'DROP TABLE "{schema}"."{table}"')
        for key, columns in wanted.items():
            replace_rows(con, BUILT, NAME, key, columns, there.get(key))
        for statement in definitions(con):
            con.execute(statement)
        for statement in comment_statements(entries(con), may_have_comment):
            con.execute(statement)
        release = one_record(con, "SELECT release_id, version, edition, content_hash FROM meta.release")
        facts = json.dumps({**release, "attempt": attempt})
        message = f"release {release['release_id']}, version {release['version']}, {release['edition']} edition"
        con.execute(
            f"CALL {NAME}.set_commit_message('sectorakkoord', {literal(message)}, extra_info => {literal(facts)})"
        )

    def _current(self, con: duckdb.DuckDBPyConnection) -> int | None:
        """The lake's newest snapshot; None where the lake or its first release is not there yet."""
        try:
            con.execute(f"ATTACH {literal(self.address)} AS probe (READ_ONLY, CREATE_IF_NOT_EXISTS false)")
        except duckdb.Error as fault:
            if "does not exist" in str(fault):
                return None
            raise self._unavailable(fault) from None
        try:
            newest: int = scalar(con, "SELECT id FROM probe.current_snapshot()")
            return newest if RELEASE in tables_of(con, "probe") else None
        finally:
            con.execute("DETACH probe")

    def _attach_pinned(self, con: duckdb.DuckDBPyConnection, name: str) -> None:
        version = self._current(con)
        if version is None:
            raise NothingPublished(self)
        self._attach(con, name, "READ_ONLY", f"SNAPSHOT_VERSION {version}")

    def _attach_to_write(self, con: duckdb.DuckDBPyConnection) -> None:
        # Without this limit a few rows go into the catalogue as text, and come back as doubles with another last bit.
        files = [f"DATA_PATH {literal(self.files)}"] if self.files else []
        self._attach(con, NAME, "DATA_INLINING_ROW_LIMIT 0", *files)

    def _attach(self, con: duckdb.DuckDBPyConnection, name: str, *options: str) -> None:
        listed = f" ({', '.join(options)})" if options else ""
        try:
            con.execute(f"ATTACH {literal(self.address)} AS {name}{listed}")
        except duckdb.Error as fault:
            raise self._unavailable(fault) from None

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Whatever is read meanwhile is read from the catalogue and the store: a fault of theirs becomes LakeUnavailable."""
        try:
            yield
        except duckdb.IOException as fault:
            if AWAY.search(str(fault)):
                raise self._unavailable(fault) from None
            raise

    def _connect(self) -> duckdb.DuckDBPyConnection:
        con = connect(":memory:")
        self._prepare(con)
        return con

    def _prepare(self, con: duckdb.DuckDBPyConnection) -> None:
        load_extension(con, "ducklake")
        if self.address.startswith(f"{LAKE_SCHEME}postgres:"):
            load_extension(con, "postgres_scanner")
        if self.store.endpoint or self.store.key_id or self.files.startswith("s3:"):
            load_extension(con, "httpfs")
            con.execute(self.store.secret_sql())

    def _unavailable(self, fault: duckdb.Error) -> LakeUnavailable:
        first = " ".join(str(fault).strip().splitlines()[:2])
        return LakeUnavailable(
            f"{self}: the lake does not answer as expected ({without_password(first)}); look whether its "
            "database and its store run and let us in, then run again: the last release stays as it is."
        )


@contextmanager
def attached_build(con: duckdb.DuckDBPyConnection, aside: Path) -> Iterator[None]:
    """The finished file, attached as `built`.

    It is let go by hand: a commit that a lake refuses keeps the database open after its connection is closed, and the file
    with it, which the next try of this process builds anew.
    """
    con.execute(f"ATTACH '{quoted(aside)}' AS {BUILT} (READ_ONLY)")
    try:
        yield
    finally:
        # After a commit there is nothing to roll back; and what went wrong before is what counts.
        for statement in ("ROLLBACK", "USE memory", f"DETACH {BUILT}"):
            with suppress(duckdb.Error):
                con.execute(statement)


def may_have_comment(entry: Entry) -> bool:
    """A lake takes comments on tables, their columns and views only; `meta.dictionary` has the words of all."""
    return entry.kind == "table" or (entry.kind == "view" and entry.column is None)


def definitions(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """The statements that make the views and macros of a warehouse, in their order, for one that may have them already."""
    for script in (SQL / "steps" / "50_fold.sql", *sorted(API.glob("*.sql"))):
        for statement in con.extract_statements(script.read_text()):
            if DEFINES.match(statement.query):
                yield re.sub(r"\bCREATE\s+(VIEW|MACRO)", r"CREATE OR REPLACE \1", statement.query, count=1)
