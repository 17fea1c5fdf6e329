"""Reading large files, beside DuckDB's bare load of the same file as text into a table: for `make bench` and the guard in CI.

The files are copies of real ones, each copy with schools of its own (synthetic, so never published). What counts is processor
seconds of a whole process, imports included: other work on the machine changes them less than seconds by the clock.
"""

import argparse
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import numpy as np

from schemas.reading.encoding import encoding_of

BRINS = [f"{number:02d}{one}{other}" for one in ascii_uppercase for other in ascii_uppercase for number in range(100)]
SITES = 10
"""A school has fewer sites than this in files 06 and 07."""
LARGE = 100_000_000
QUIET = "SET enable_progress_bar = false"
GOALS = {
    "07-geslaagden": "<= 1.0 x bare, <= 512 MiB",
    "examenkandidaten-en-geslaagden-2019": "<= 1.0 x bare, <= 600 MiB",
}
"""Per file of the mirror that is copied: what reading 100 MB of it may cost."""


def write_large(source: Path, target: Path, size: int) -> int:
    """Write copies of the file at `source` until they are `size` bytes; returns the data lines.

    A line of `source` starts with a BRIN and a site. Encoded in UTF-8, so that DuckDB reads the same file.
    """
    content = source.read_bytes()
    header, *lines = content.decode(encoding_of(content), errors="replace").splitlines(keepends=True)
    quote = '"' if header.startswith('"') else ""
    schools: dict[str, int] = {}
    sites: dict[str, int] = {}
    parts = []
    for line in lines:
        brin, site, rest = line.replace(quote, "", 4).split(";", 2) if quote else line.split(";", 2)
        school = schools.setdefault(brin, len(schools))
        taken = [number for other, number in sites.items() if other[:4] == brin]
        parts.append((school, sites.setdefault(site, len(taken)), rest))
    written, made = 0, 0
    with target.open("w", encoding="utf-8", newline="") as file:
        written += file.write(header)
        for chunk in copies(parts, len(schools), quote):
            written += file.write(chunk)
            made += len(parts)
            if written >= size:
                return made
    return made


def copies(parts: list[tuple[int, int, str]], schools: int, quote: str) -> Iterator[str]:
    """Copies of the lines without end, each with other schools."""
    for copy in count():
        named = [divmod(copy * schools + school, len(BRINS)) for school in range(schools)]
        keys = [(BRINS[at], SITES * turn) for turn, at in named]
        yield "".join(
            f"{quote}{keys[school][0]}{quote};{quote}{keys[school][0]}{keys[school][1] + site:02d}{quote};{rest}"
            for school, site, rest in parts
        )


def read_checked(path: Path, target: Path) -> float:
    """Read, type and check a file and write its rows as Parquet; the seconds of a processor that this process has taken."""
    from schemas.datasets import dataset_for
    from schemas.reading.content import content_of
    from schemas.reading.validate import parse_file
    from warehouse.build.parse_cache import write_parquet

    dataset = dataset_for(path.name)
    if dataset is None:
        raise LookupError(path.name)
    write_parquet(parse_file(dataset, path.name, content_of(path)).tables(), target)
    return processor_seconds()


def load_bare(path: Path, target: Path) -> float:
    """Load the same file into a table of a DuckDB file, as text; the seconds of a processor that this process has taken."""
    import duckdb

    with duckdb.connect(target) as con:
        con.execute(QUIET)
        con.execute("CREATE TABLE t AS FROM read_csv($path, delim = ';', all_varchar = true)", {"path": str(path)})
    return processor_seconds()


def read_into_table(path: Path, target: Path) -> float:
    """Read and check as above, then load the rows into a table of a DuckDB file, in any order; the seconds as above."""
    import duckdb

    read_checked(path, target.with_suffix(".parquet"))
    with duckdb.connect(target) as con:
        con.execute(QUIET)
        con.execute("SET preserve_insertion_order = false")
        con.execute("CREATE TABLE t AS FROM read_parquet($path)", {"path": str(target.with_suffix(".parquet"))})
    return processor_seconds()


def processor_seconds() -> float:
    """User and system seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure_reading(
    mirror: Path, folder: Path, in_own_process: Callable[..., Any], size: int
) -> list[tuple[str, str, str]]:
    """Two rows per file: processor seconds, the ratio to the bare load, and both peaks, for files of `size` bytes."""
    rows = []
    for start, goal in GOALS.items():
        source = next(mirror.rglob(f"{start}*.csv"))
        path = folder / source.name
        lines = write_large(source, path, size)
        bare, bare_peak = in_own_process(load_bare, path, folder / "bare.duckdb")
        (folder / "bare.duckdb").unlink()
        what = f"{size // 1_000_000} MB of {source.name[:30]}... ({lines:,} lines), read and checked"
        for more, work, most in (("", read_checked, goal), (", into a table", read_into_table, "<= 1.5 x bare")):
            ours, peak = in_own_process(work, path, folder / "rows.duckdb")
            (folder / "rows.duckdb").unlink()
            measured = f"{ours:.1f} s, {peak:.0f} MiB ({ours / bare:.2f} x bare: {bare:.1f} s, {bare_peak:.0f} MiB)"
            rows.append((what + more, measured, most))
        path.unlink()
    return rows


def slope(sizes: list[float], costs: list[float]) -> float:
    """Of costs over sizes, both as logarithms: 1 is in proportion."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def main() -> None:
    """Read file 07 at growing sizes, each beside the bare load of the same file; print the slopes."""
    from tests.tools.bench import in_own_process

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--mirror", type=Path, default=Path("../shared/opendata/mirror"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 30, 100, 300], help="megabytes")
    options = parser.parse_args()
    source = next(options.mirror.rglob("07-geslaagden*.csv"))
    lines, seconds, peaks = [], [], []
    with tempfile.TemporaryDirectory() as name:
        path, target = Path(name) / source.name, Path(name) / "t.duckdb"
        for size in options.sizes:
            lines.append(write_large(source, path, size * 1_000_000))
            figures = [f"{size} MB, {lines[-1]:,} lines"]
            for what, work in (("bare", load_bare), ("checked", read_checked), ("into a table", read_into_table)):
                cost, peak = in_own_process(work, path, target)
                target.unlink()
                figures.append(f"{what} {cost:.1f} s {peak:.0f} MiB")
                if work is read_checked:
                    seconds.append(cost)
                    peaks.append(peak)
            print("; ".join(figures), f"(load {os.getloadavg()[0]:.0f})", flush=True)
    print(f"slope of lines: seconds {slope(lines, seconds):.2f}, peak {slope(lines, peaks):.2f}")


if __name__ == "__main__":
    main()
