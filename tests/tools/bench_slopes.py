"""The first part of `make bench-growth`: how costs grow with lines, months and versions, as slopes of logarithms (1 is in proportion).

Processor seconds of a whole process, imports included; everything grown is made up. Fixed costs make a slope smaller: what
must not happen is one above 1.05.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.tiny_files import add_found, add_manifest
from tests.tools.bench import CELLS, REVISED, add_months, in_own_process
from tests.tools.bench_reading import processor_seconds, slope
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.build.build_warehouse import build
from warehouse.build.parse_cache import ParseCache
from warehouse.release.data_directory import DataDirectory

SCALES = (5, 10, 20, 40)
MONTHS = (6, 12, 24, 60)
VERSIONS = (8, 16, 32, 64)


def fill_sample(root: Path, scale: int) -> int:
    """The sample edition at a size, in an archive; returns its data lines."""
    from tests.tools.bench_growth import fill_archive

    fill_archive(DataDirectory(root), scale)
    return sum(one.path.read_bytes().count(b"\n") for one in Archive(root / "archive").vintages())


def fill_months(root: Path, months: int, mirror: Path) -> int:
    """The mirror's files and so many made-up address files, each of which moves a site more."""
    add_manifest(Archive(root / "archive"), mirror, mirror.parent / "manifest.csv", "mirror")
    add_months(root, months)
    return months


def fill_versions(root: Path, versions: int, mirror: Path) -> int:
    """The mirror's files and so many made-up versions of one of them, a month apart, with another count of one site."""
    archive = Archive(root / "archive")
    add_manifest(archive, mirror, mirror.parent / "manifest.csv", "mirror")
    text = next(mirror.rglob(REVISED)).read_bytes().decode("cp1252")
    old, new = (cell.decode() for cell in CELLS)
    for at in range(versions):
        changed = text.replace(old, new.replace(";64;", f";{at % 60};"))
        add_found(archive, REVISED, changed, date(2021, 1, 1) + timedelta(days=30 * at))
    return versions


def cost_of_reading(root: Path, edition: str) -> float:
    """Processor seconds to read and check every file of the archive, into the cache."""
    from schemas.datasets import datasets

    cache, declared = ParseCache(root / "cache"), datasets()
    for one in Edition(edition).vintages(Archive(root / "archive")):
        cache.get(declared[one.origin.dataset_id], one.origin.file_name, one.sha256, one.path)
    return processor_seconds()


def cost_of_building(root: Path, edition: str) -> float:
    """Processor seconds to build a warehouse from files that were read before."""
    target = root / "w.duckdb"
    build(target, Archive(root / "archive"), ParseCache(root / "cache"), Edition(edition))
    target.unlink()
    return processor_seconds()


def measured(
    what: str, sizes: tuple[int, ...], edition: str, root: Path, fill: Callable[..., int], *more: object
) -> Iterator[tuple[str, ...]]:
    """Rows of the table: reading and building at each size, and the slopes."""
    shown, read, built = list[str](), list[tuple[float, float]](), list[tuple[float, float]]()
    lines = list[int]()
    for size in sizes:
        shutil.rmtree(root, ignore_errors=True)
        lines.append(in_own_process(fill, root, size, *more)[0])
        for costs, work in ((read, cost_of_reading), (built, cost_of_building)):
            costs.append(in_own_process(work, root, edition))
        shown.append(f"{lines[-1]:,}")
    for name, costs in (("read", read), ("build", built)):
        seconds, peaks = zip(*costs, strict=True)
        yield (
            f"{name}, by {what}",
            ", ".join(shown),
            ", ".join(f"{one:.1f}" for one in seconds),
            f"{slope(lines, list(seconds)):.2f}",
            ", ".join(f"{one:.0f}" for one in peaks),
            f"{slope(lines, list(peaks)):.2f}",
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, default=Path("../shared/opendata/mirror"))
    mirror = parser.parse_args().mirror
    table = Table("what grows", "sizes", "processor seconds", "slope", "peak MiB", "slope", title="Growth")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "data"
        rows = [*measured("lines", SCALES, "sample", root, fill_sample)]
        if mirror.is_dir():
            rows += measured("months of addresses", MONTHS, "mirror", root, fill_months, mirror)
            rows += measured("versions of a file", VERSIONS, "mirror", root, fill_versions, mirror)
        for row in rows:
            table.add_row(*row)
    Console(width=170).print(table)


if __name__ == "__main__":
    main()
