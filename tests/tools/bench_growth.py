"""`make bench-growth`: what one machine holds. The sample edition at growing size, and pupil-level rows, with the slopes.

Everything is synthetic. Each measurement runs in a process of its own, so that peak memory is its own. The page
docs/growth.md is written from a run of this.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas
from rich.console import Console
from rich.table import Table

from tests.helpers import origin_for
from tests.postgres import postgres
from tests.tools.bench import in_own_process
from tests.tools.sample_generator import write_sample
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.build.build_warehouse import build
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect, scalar
from warehouse.files import quoted
from warehouse.release.data_directory import DataDirectory
from warehouse.release.ducklake_store import DuckLakeStore
from warehouse.release.publish import publish

SCALES = (5, 20, 80)
PUPILS = (1_000_000, 10_000_000, 100_000_000)
TODAY = date(2026, 11, 27)
SAMPLE = Edition("sample")


@dataclass(frozen=True)
class Size:
    """What a measurement was about: lines of files, observations, bytes on disk."""

    lines: int
    observations: int
    archive_mib: float
    warehouse_mib: float


def timed(work: Callable[[], object]) -> float:
    """Seconds that a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def fill_archive(data: DataDirectory, scale: int) -> None:
    """The sample edition at a size, in an archive."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifest = pandas.read_csv(write_sample(folder, scale=scale), dtype=str)
        for row in manifest.itertuples():
            known = date.fromisoformat(row.retrieved_on)
            path = folder / row.path
            origin = origin_for(path.name, row.url, known, edition="sample", synthetic=True)
            assert origin is not None, path.name
            Archive(data.archive).add(path.read_bytes(), origin)


def read_files(root: Path, edition: Edition = SAMPLE) -> float:
    """Seconds to read and check every file of the archive, into the cache."""
    from schemas.datasets import datasets

    data, declared = DataDirectory(root), datasets()
    cache = ParseCache(data.cache)
    vintages = edition.vintages(Archive(data.archive))
    return timed(
        lambda: [
            cache.get(declared[one.origin.dataset_id], one.origin.file_name, one.sha256, one.path) for one in vintages
        ]
    )


def build_again(root: Path, edition: Edition = SAMPLE) -> float:
    """Seconds to build a warehouse from files that were read before."""
    data = DataDirectory(root)
    return timed(lambda: build(root / "w.duckdb", Archive(data.archive), ParseCache(data.cache), edition))


def publish_file(root: Path) -> float:
    """Seconds of a whole publish to a file, from files that were read before."""
    return timed(lambda: publish(DataDirectory(root), SAMPLE, TODAY))


def put_into_lake(root: Path, address: str, previous: str | None) -> float:
    """Seconds to bring a lake to the release in the file."""
    lake = DuckLakeStore(address, f"{root / 'lake'}/")
    return timed(lambda: lake.put(DataDirectory(root).warehouse, previous))


def size_of(root: Path) -> Size:
    """How much there is."""
    data = DataDirectory(root)
    held = sum(path.stat().st_size for path in data.archive.rglob("*") if path.is_file())
    with connect(data.warehouse, read_only=True) as con:
        lines = scalar(con, "SELECT sum(data_lines) FROM meta.source_file WHERE dataset_id <> 'register'")
        observations = scalar(con, "SELECT count(*) FROM goals.observation")
    return Size(int(lines), observations, held / 2**20, data.warehouse.stat().st_size / 2**20)


def measure_scale(scale: int, folder: Path, address: str) -> list[str]:
    """One line of the table of files."""
    root = folder / f"scale-{scale}"
    in_own_process(fill_archive, DataDirectory(root), scale)
    read_s, read_mib = in_own_process(read_files, root)
    build_s, build_mib = in_own_process(build_again, root)
    publish_s, _ = in_own_process(publish_file, root)
    lake_s, _ = in_own_process(put_into_lake, root, address, None)
    again_s, _ = in_own_process(put_into_lake, root, address, "0001")
    size = size_of(root)
    shutil.rmtree(root)
    per_million = 1e6 / size.lines
    return [
        f"{size.lines:,}",
        f"{size.observations:,}",
        f"{read_s:.1f} ({read_s * per_million:.0f})",
        f"{build_s:.1f} ({build_s * per_million:.0f})",
        f"{publish_s:.1f}",
        f"{lake_s:.1f}",
        f"{again_s:.1f}",
        f"{max(read_mib, build_mib):,.0f}",
        f"{size.archive_mib:.0f}",
        f"{size.warehouse_mib:.0f}",
    ]


def write_pupils(path: Path, rows: int) -> None:
    """Made-up pupil-level rows: a pupil, a site, a year, a level, repeated or not. No real pupil is anywhere near this."""
    with connect(":memory:") as con:
        con.execute("SET preserve_insertion_order = false")
        con.execute(
            f"""COPY (
                SELECT pupil AS PUPIL, hash(pupil, 'site') % 12000 AS SITE, 2018 AS YEAR,
                       ['VMBO', 'HAVO', 'VWO', 'PO', 'MBO'][(hash(pupil, 'level') % 5)::INTEGER + 1] AS LEVEL,
                       (hash(pupil, 'repeated') % 1000 < 55)::INTEGER AS REPEATED, 4 + hash(pupil, 'age') % 16 AS AGE,
                       ['M', 'V'][(hash(pupil, 'sex') % 2)::INTEGER + 1] AS SEX, 1 + hash(pupil, 'province') % 12 AS PROVINCE
                FROM range({rows}) AS made_up(pupil)
            ) TO '{quoted(path)}' (DELIMITER ';', HEADER)"""
        )


PUPIL_TYPES = "PUPIL BIGINT, SITE INTEGER, YEAR INTEGER, LEVEL VARCHAR, REPEATED TINYINT, AGE TINYINT, SEX VARCHAR, PROVINCE TINYINT"


def read_pupils(path: Path) -> float:
    """Seconds to read pupil-level rows as text, check and convert them, and add them up per site: one pass of DuckDB."""
    columns = {column.split()[0]: column.split()[1] for column in PUPIL_TYPES.split(", ")}
    casts = ", ".join(f"try_cast({name} AS {kind}) AS {name}" for name, kind in columns.items())
    with connect(path.with_suffix(".duckdb")) as con:
        return timed(
            lambda: con.execute(
                f"""SET memory_limit = '8GB';
                CREATE TABLE core_pupil AS SELECT row_number() OVER () AS line, {casts}
                FROM read_csv('{quoted(path)}', delim = ';', all_varchar = true);
                CREATE TABLE refused AS FROM core_pupil WHERE REPEATED IS NULL OR AGE NOT BETWEEN 3 AND 30;
                CREATE TABLE atom AS SELECT SITE, YEAR, LEVEL, SEX, count(*) AS denominator, sum(REPEATED) AS numerator
                FROM core_pupil GROUP BY ALL;
                CHECKPOINT"""
            )
        )


def measure_pupils(rows: int, folder: Path) -> list[str]:
    """One line of the table of pupil-level rows."""
    path = folder / "pupils.csv"
    in_own_process(write_pupils, path, rows)
    seconds, peak = in_own_process(read_pupils, path)
    table = path.with_suffix(".duckdb")
    line = [
        f"{rows:,}",
        f"{path.stat().st_size / 2**20:,.0f}",
        f"{seconds:.1f} ({seconds * 1e6 / rows:.2f})",
        f"{peak:,.0f}",
        f"{table.stat().st_size / 2**20:,.0f}",
    ]
    path.unlink()
    table.unlink()
    return line


def table(title: str, columns: list[str]) -> Table:
    """An empty table for the screen."""
    made = Table(title=title, title_justify="left")
    for column in columns:
        made.add_column(column, justify="right")
    return made


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", type=int, nargs="*", default=SCALES)
    parser.add_argument("--pupils", type=int, nargs="*", default=PUPILS)
    asked = parser.parse_args()
    console = Console(width=180)
    files = table(
        "The sample edition (synthetic) at growing size; in brackets seconds per million lines",
        [
            "lines",
            "values",
            "read s",
            "build s",
            "publish s",
            "lake s",
            "lake again s",
            "peak MiB",
            "archive",
            "warehouse",
        ],
    )
    pupils = table("Pupil-level rows (made up)", ["rows", "CSV MiB", "read, check, add up s", "peak MiB", "table MiB"])
    with tempfile.TemporaryDirectory(prefix="sectorakkoord-growth-") as name, postgres() as server:
        for scale in asked.scales:
            address = f"ducklake:postgres:{server.new_database(f'lake_{scale}').libpq}"
            files.add_row(*measure_scale(scale, Path(name), address))
            print(f"scale {scale} done", file=sys.stderr)
        for rows in asked.pupils:
            pupils.add_row(*measure_pupils(rows, Path(name)))
            print(f"{rows} pupils done", file=sys.stderr)
    console.print(files)
    console.print(pupils)


if __name__ == "__main__":
    main()
