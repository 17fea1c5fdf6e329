"""Snapshots: the named, immutable yearly freeze of everything as known on a day.

A snapshot lies in the archive as Parquet with a `snapshot.json`, one folder per version, and is never changed:

    archive/snapshots/<real|synthetic>/2020/1.0.0/{observation,goal_status,evidence,verdict,change}.parquet

When a file from before its date turns up later, the past has become better known: the snapshot gets a new version with
the difference written out, and the old version stays. Its hash is over what was known, in the columns that its
`snapshot.json` names: a column that the tables gain or lose afterwards changes nothing of what was known and makes no version.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from warehouse.archive.edition import Edition
from warehouse.build.input_hash import code_version
from warehouse.database import connect, one_row, scalar
from warehouse.files import quoted, staged_folder, write_bytes, write_json, write_sums, wrong_sums
from warehouse.release.changes import COMPARED_COLUMNS, FIRST_VERSION, KEY, ChangeCounts, changes_markdown, compare
from warehouse.release.content_hash import columns_of, hash_of, relation_digest

TABLES = {
    "observation": "FROM observations_as_of(DATE '{day}')",
    "goal_status": "FROM goal_status_as_of(DATE '{day}')",
    "evidence": "SELECT * EXCLUDE (line) FROM goals.evidence WHERE known_from <= DATE '{day}'",
    "verdict": "SELECT * EXCLUDE (line) FROM goals.verdict WHERE known_from <= DATE '{day}'",
}
NOT_HASHED = ("source_lines", "known_to", "sentence_nl", "sentence_en")
"""The line of a row in a register file, that it was replaced after the date, and the wording of a sentence made from the other
columns do not change what was known."""
INPUTS = """
SELECT source_file_id, sha256, file_name, known_from FROM meta.source_file
WHERE dataset_id <> 'register' AND known_from <= DATE '{day}'
ORDER BY ALL"""


Columns = dict[str, list[str]]
"""Columns per table, in order."""


class SnapshotError(Exception):
    """A snapshot cannot be made, or is not what it was; the message says why and what to do."""


@dataclass(frozen=True)
class Snapshot:
    """The facts of one version of one snapshot, as in its `snapshot.json`."""

    year: int
    version: str
    as_of: date
    basis: str
    made_on: date
    content_hash: str
    code_version: str
    previous_version: str | None
    reason: str
    rows: dict[str, int]
    changes: dict[str, int]
    edition: str
    synthetic: bool
    columns: Columns = field(default_factory=dict)
    """What the hash is over. Empty before version 0.2: then it is all columns of the Parquet files but NOT_HASHED."""

    @property
    def snapshot_id(self) -> str:
        """Such as 2020@1.0.0."""
        return f"{self.year}@{self.version}"


def snapshots_folder(archive: Path, edition: Edition) -> Path:
    """Real and synthetic snapshots never lie in one folder."""
    return archive / "snapshots" / ("synthetic" if edition.synthetic else "real")


def read_snapshots(folder: Path) -> list[tuple[Snapshot, Path]]:
    """All versions of all snapshots under `folder`, by year and version. Raises SnapshotError for a damaged one."""
    found = []
    for path in folder.glob("*/[0-9]*/snapshot.json"):
        try:
            record = json.loads(path.read_text())
            if wrong_sums(path.parent, path.name):
                raise ValueError("it is not what was written")
            for day in ("as_of", "made_on"):
                record[day] = date.fromisoformat(record[day])
            found.append((Snapshot(**record), path.parent))
        except (ValueError, TypeError, KeyError) as fault:
            raise SnapshotError(f"{path}: cannot be read ({fault}); put it back from a backup.") from None
    return sorted(found, key=lambda pair: (pair[0].year, version_key(pair[0].version)))


def version_key(version: str) -> tuple[int, ...]:
    """The sort key of versions: 1.10.0 is after 1.9.0."""
    return tuple(int(part) for part in version.split("."))


def latest(folder: Path, year: int) -> tuple[Snapshot, Path] | None:
    """The newest version of a year's snapshot."""
    versions = [pair for pair in read_snapshots(folder) if pair[0].year == year]
    return versions[-1] if versions else None


def default_day(year: int, today: date) -> date:
    """A past year is frozen as known on its 31 December, the current one as known today."""
    if year > today.year:
        raise SnapshotError(f"snapshot {year}: the year has not come yet; the latest that can be made is {today.year}.")
    return min(date(year, 12, 31), today)


def freeze(
    con: duckdb.DuckDBPyConnection, archive: Path, edition: Edition, year: int, today: date, as_of: date | None = None
) -> tuple[Snapshot, bool]:
    """Freeze what was known on `as_of` (default: see `default_day`). Returns the snapshot and whether it is new.

    A snapshot that would say the same as the newest version of its year is not made again.
    """
    folder = snapshots_folder(archive, edition)
    before = latest(folder, year)
    day = as_of or (before[0].as_of if before else default_day(year, today))
    selects = {name: select.format(day=day.isoformat()) for name, select in TABLES.items()}
    columns = hashed_columns(con, selects)
    counts, version, reason = ChangeCounts(), FIRST_VERSION, "first version"
    if before:
        old, had = frozen_selects(before[1]), before[0].columns or hashed_columns(con, frozen_selects(before[1]))
        shared = {name: [column for column in had[name] if column in columns[name]] for name in TABLES}
        if before[0].as_of == day and shared == had and says_the_same(con, before[1], selects, shared):
            return before[0], False
        check_version(*before)  # What follows reads the frozen files.
        frozen = before[0].content_hash if shared == had else digest_of(con, old, shared)
        if before[0].as_of == day and digest_of(con, selects, shared) == frozen:
            return before[0], False
        # A column that only one of the two has is empty in the other, and no value counts as revised by it.
        padded = f"SELECT * FROM ({selects['observation']} LIMIT 0) UNION ALL BY NAME ({old['observation']})"  # noqa: S608 - selects of ours
        both = [column for column in COMPARED_COLUMNS if column in shared["observation"]]
        counts = compare(con, compared(padded), compared(selects["observation"]), both)
        version, reason = counts.next_version(before[0].version), reason_for(before[0], day, had, columns)
    else:
        compare(con, *2 * [compared(f"{selects['observation']} LIMIT 0")])
    synthetic = edition.synthetic
    snapshot = Snapshot(
        year=year,
        version=version,
        as_of=day,
        basis="contemporaneous" if day == today else "retrospective",
        made_on=today,
        content_hash=digest_of(con, selects, columns),
        code_version=code_version(),
        previous_version=before[0].version if before else None,
        reason=reason,
        rows={name: scalar(con, f"SELECT count(*) FROM ({select})") for name, select in selects.items()},  # noqa: S608 - names of ours
        changes=asdict(counts),
        edition=edition.name,
        synthetic=synthetic,
        columns=columns,
    )
    write_snapshot(con, folder / str(year) / version, snapshot, selects, counts)
    return snapshot, True


def compared(select: str) -> str:
    """The columns that two versions are compared by."""
    return f"SELECT {', '.join(KEY + COMPARED_COLUMNS)}, period_label, flags FROM ({select})"  # noqa: S608 - constants, a select of ours


def frozen_selects(folder: Path) -> dict[str, str]:
    """The four tables of one version, from its Parquet files."""
    return {name: f"FROM read_parquet('{quoted(folder / f'{name}.parquet')}')" for name in TABLES}


def hashed_columns(con: duckdb.DuckDBPyConnection, selects: dict[str, str]) -> Columns:
    """The columns that say what was known."""
    return {
        name: [column for column in columns_of(con, f"({select})") if column not in NOT_HASHED]
        for name, select in selects.items()
    }


def digest_of(con: duckdb.DuckDBPyConnection, selects: dict[str, str], columns: Columns) -> str:
    """The content hash of the four tables of a snapshot, over the columns named."""
    return hash_of({name: relation_digest(con, f"({select})", columns[name]) for name, select in selects.items()})


def says_the_same(con: duckdb.DuckDBPyConnection, frozen: Path, now: dict[str, str], columns: Columns) -> bool:
    """Have the four tables just the rows of the frozen files? By DuckDB's own hashes, at a tenth of the cost of ours.

    False also where that stays open, so that only a yes says something: files may be damaged, or have other types.
    """
    files = frozen_selects(frozen)
    try:
        for name, listed in columns.items():
            quoted_columns = ", ".join(f'"{column}"' for column in listed)
            sums = [
                one_row(con, f"SELECT count(*), sum(hash({quoted_columns})::HUGEINT) FROM ({one[name]})")  # noqa: S608 - names of ours
                for one in (files, now)
            ]
            if sums[0] != sums[1]:
                return False
    except duckdb.Error:
        return False
    return True


def reason_for(before: Snapshot, day: date, had: Columns, columns: Columns) -> str:
    """Why there is a new version, and what is new in its shape, which by itself is no reason."""
    reason = "what was known on the date has changed" if before.as_of == day else f"its day was {before.as_of}"
    lost, gained = (
        [f"{name}.{column}" for name in TABLES for column in one[name] if column not in other[name]]
        for one, other in ((had, columns), (columns, had))
    )
    shape = [f"{what} {', '.join(names)}" for what, names in (("new column", gained), ("gone", lost)) if names]
    return "; ".join([reason, *shape])


def write_snapshot(
    con: duckdb.DuckDBPyConnection, target: Path, snapshot: Snapshot, selects: dict[str, str], counts: ChangeCounts
) -> None:
    """Write one version, aside first: the folder appears complete or not at all."""
    extra = {"change": "FROM change", "input": INPUTS.format(day=snapshot.as_of.isoformat())}
    record = json.loads(json.dumps(asdict(snapshot), default=str))
    title = (
        f"# Snapshot {snapshot.year}, version {snapshot.version}\n\nAs known on {snapshot.as_of}, {snapshot.basis}, "
    )
    title += f"made on {snapshot.made_on}: {snapshot.reason}.\n"
    if snapshot.synthetic:
        title += "\n**Sample edition: everything at school level is synthetic.**\n"
    since = f"\n## Since version {snapshot.previous_version}\n\n" if snapshot.previous_version else "\n## Changes\n\n"
    with staged_folder(target, replace=False) as part:
        for name, select in {**selects, **extra}.items():
            con.execute(f"COPY ({select}) TO '{quoted(part / f'{name}.parquet')}' (FORMAT parquet, COMPRESSION zstd)")
        write_json(part / "snapshot.json", record)
        write_bytes(part / "changes.md", (title + since + changes_markdown(con, counts)).encode())
        write_sums(part)


def verify(archive: Path, edition: Edition, year: int) -> tuple[Snapshot, str]:
    """Recompute the content hash of the newest version from its Parquet files. Raises SnapshotError if it differs."""
    found = latest(snapshots_folder(archive, edition), year)
    if found is None:
        raise SnapshotError(f"snapshot {year}: there is none; make it with `sectorakkoord snapshot {year}`.")
    return found[0], check_version(*found)


def check_version(snapshot: Snapshot, folder: Path) -> str:
    """Recompute the content hash of one version from its Parquet files. Raises SnapshotError if it or any other file differs.

    Before version 0.2 the files that the hash is not over have no sums to be compared with.
    """
    if wrong := wrong_sums(folder):
        raise SnapshotError(
            f"snapshot {snapshot.snapshot_id}: {folder / wrong[0]}: expected the bytes that were frozen, found others or none; "
            "put its files back from a backup."
        )
    with connect(":memory:") as con:
        selects = frozen_selects(folder)
        try:
            digest = digest_of(con, selects, snapshot.columns or hashed_columns(con, selects))
        except duckdb.Error as fault:
            raise SnapshotError(
                f"snapshot {snapshot.snapshot_id}: {folder} cannot be read ({str(fault).splitlines()[0]}); "
                "put its files back from a backup."
            ) from None
    if digest != snapshot.content_hash:
        raise SnapshotError(
            f"snapshot {snapshot.snapshot_id}: expected content {snapshot.content_hash[:12]}, found {digest[:12]}; "
            "its files were changed after it was made, put them back from a backup."
        )
    return digest
