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
from tests.tools.bench_growth import SAMPLE, build_again, fill_archive, read_files
from tests.tools.bench_reading import processor_seconds, slope
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.release.data_directory import DataDirectory

SCALES = (5, 10, 20, 40)
MONTHS = (6, 12, 24, 60)
VERSIONS = (8, 16, 32, 64)
MIRROR = Edition("mirror")


def fill_sample(root: Path, scale: int) -> int:
    """The sample edition at a size, in an archive; returns its data lines."""
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


def cost(work: Callable[[Path, Edition], float], root: Path, edition: Edition) -> float:
    """Processor seconds of this process once the work is done."""
    work(root, edition)
    return processor_seconds()


def measured(
    what: str, sizes: tuple[int, ...], edition: Edition, root: Path, fill: Callable[..., int], *more: object
) -> Iterator[tuple[str, ...]]:
    """Rows of the table: reading and building at each size, and the slopes."""
    lines, works = list[int](), {"read": read_files, "build": build_again}
    costs = {name: list[tuple[float, float]]() for name in works}
    for size in sizes:
        shutil.rmtree(root, ignore_errors=True)
        lines.append(in_own_process(fill, root, size, *more)[0])
        for name, work in works.items():
            costs[name].append(in_own_process(cost, work, root, edition))
    for name, found in costs.items():
        seconds, peaks = zip(*found, strict=True)
        yield (
            f"{name}, by {what}",
            ", ".join(f"{one:,}" for one in lines),
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
        rows = [*measured("lines", SCALES, SAMPLE, root, fill_sample)]
        if mirror.is_dir():
            rows += measured("months of addresses", MONTHS, MIRROR, root, fill_months, mirror)
            rows += measured("versions of a file", VERSIONS, MIRROR, root, fill_versions, mirror)
        for row in rows:
            table.add_row(*row)
    Console(width=170).print(table)


if __name__ == "__main__":
    main()
