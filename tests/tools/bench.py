"""`make bench`: speed and memory of the main job, measured in one run and set beside a yardstick of the same run.

The yardstick is DuckDB reading the same CSV files as text and nothing else: figures of other machines differ, ratios less.
Each measurement runs in a process of its own, so that peak memory is its own too.
"""

import argparse
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.tools.bench_pages import first_paint, largest_page
from tests.tools.bench_reading import LARGE, QUIET, measure_reading
from tests.tools.bench_verbs import measure_verbs

SAMPLE_SCALE_ROWS = 10_000_000
REVISED = "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv"
CELLS = (b";Overijssel;262;65;0;6", b";Overijssel;262;64;0;6")
"""A cell of that file as it is, and as the revised one has it."""
MONTHS = 60


def in_own_process(work: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """Run `work` in a fresh process. Returns its result and that process's peak memory in MiB."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_send, args=(sender, work, arguments))
    child.start()
    sender.close()
    result, peak = receiver.recv()
    child.join()
    return result, peak


def _send(sender: Any, work: Callable[..., Any], arguments: tuple) -> None:
    result = work(*arguments)
    sender.send((result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def read_only_yardstick(mirror: Path, folder: Path) -> float:
    """Seconds to read the mirror's semicolon files as text with DuckDB, the practical floor for any of this.

    DuckDB does not read cp1252: copies in UTF-8 are made first, and not counted.
    """
    import duckdb

    copies = folder / "utf8"
    copies.mkdir()
    for path in mirror.rglob("images/*.csv"):
        (copies / path.name).write_text(path.read_bytes().decode("cp1252", errors="replace"), encoding="utf-8")
    start = time.perf_counter()
    with duckdb.connect() as con:
        con.execute(QUIET)
        for path in sorted(copies.iterdir()):
            con.execute("CREATE OR REPLACE TABLE t AS FROM read_csv(?, delim = ';', all_varchar = true)", [str(path)])
    return time.perf_counter() - start


def refresh_mirror(mirror: Path, data: Path, years: tuple[int, ...], site: bool = False) -> float:
    """Seconds of a refresh without Prefect, imports not counted."""
    from flows.refresh import Request, refresh
    from flows.settings import load_settings

    settings = load_settings(data=data)
    start = time.perf_counter()
    refresh(Request("mirror", mirror, snapshots=dict.fromkeys(years), site=site), settings, date.today())
    return time.perf_counter() - start


def refresh_cost(mirror: Path, data: Path) -> float:
    """Processor seconds of a refresh with its report: of the whole process, imports included."""
    refresh_mirror(mirror, data, (), site=True)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def command_cost(mirror: Path, data: Path) -> float:
    """Processor seconds of the command that refreshes, the second time that it has nothing to do."""
    command = [
        str(Path(sys.executable).with_name("sectorakkoord")),
        "refresh",
        "--edition",
        "mirror",
        "--from",
        str(mirror),
        "--plain",
        "--json",
    ]
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            command, env=os.environ | {"SECTORAKKOORD_DATA": str(data)}, stdout=subprocess.DEVNULL, check=True
        )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime


def one_cell_changed(mirror: Path, folder: Path) -> Path:
    """A copy of the mirror in which one site has one repeater less."""
    shutil.copytree(mirror, folder)
    path = next(folder.rglob(REVISED))
    content = path.read_bytes()
    assert content.count(CELLS[0]) == 1, path
    path.chmod(0o644)
    path.write_bytes(content.replace(*CELLS))
    return folder


def add_months(data: Path, months: int) -> None:
    """Made-up address files of so many months into the archive: each moves one more site to another board."""
    from tests.integration.test_sites import monthly_files
    from tests.tiny_files import add_found
    from warehouse.archive.store import Archive

    archive = Archive(data / "archive")
    newest = [one for one in archive.vintages() if one.origin.dataset_id == "duo_vestigingen"][-1]
    for content, known in monthly_files(newest.path.read_bytes().decode("cp1252"), months):
        add_found(archive, newest.origin.file_name, content, known)


def refreshes(mirror: Path, folder: Path, history: int) -> list[tuple[str, str, str]]:
    """What a refresh costs that has everything, one changed file, or nothing to do; without and with a history."""
    revised, rows, costs = one_cell_changed(mirror, folder / "revised"), [], {}
    shutil.copy(mirror.parent / "manifest.csv", folder)
    for months in (0, history):
        data = folder / f"months-{months}"
        whole, _ = in_own_process(refresh_cost, mirror, data)
        if months:
            in_own_process(add_months, data, months)
            in_own_process(refresh_cost, mirror, data)
        unchanged, _ = in_own_process(command_cost, mirror, data)
        one_file, _ = in_own_process(refresh_cost, revised, data)
        costs[months] = one_file, unchanged
        if not months:
            rows.append(("full refresh with report, processor seconds", f"{whole:.1f}", "<= 10"))
            rows.append(
                (
                    "the same where one file of 16 is revised",
                    f"{one_file:.1f} ({one_file / whole:.0%} of a full one)",
                    "<= 3",
                )
            )
            rows.append(("the same where nothing changed", f"{unchanged:.2f} ({unchanged / whole:.1%})", "<= 0.3"))
    pairs = zip(("revised", "unchanged"), costs[0], costs[history], strict=True)
    return rows + [
        (f"{what}, with {history} months of address files", f"{after:.1f} ({after / before:.2f} x)", "<= 1.25 x")
        for what, before, after in pairs
    ]


def write_site(data: Path) -> float:
    """Seconds to write the report's pages."""
    from warehouse.database import connect
    from warehouse.report import write_report

    start = time.perf_counter()
    with connect(data / "warehouse.duckdb", read_only=True) as con:
        write_report(con, data / "report")
    return time.perf_counter() - start


def ask_progress(data: Path) -> tuple[float, float]:
    """Milliseconds of `progress(2018, 2020)`: the first time in a fresh connection, and the median after that."""
    from warehouse.database import connect

    spent = []
    with connect(data / "warehouse.duckdb", read_only=True) as con:
        for _ in range(11):
            start = time.perf_counter()
            con.execute("FROM progress(2018, 2020)").fetchall()
            spent.append(1000 * (time.perf_counter() - start))
    return spent[0], sorted(spent[1:])[5]


def bounds_alone(mirror: Path, folder: Path) -> float:
    """Seconds that the bounds of masked cells take within a build."""
    from warehouse.archive.edition import Edition
    from warehouse.archive.store import Archive
    from warehouse.build.build_warehouse import build
    from warehouse.build.parse_cache import ParseCache

    steps: list[tuple[str, float]] = []
    target = folder / "bounds.duckdb"
    build(
        target,
        Archive(folder / "data" / "archive"),
        ParseCache(folder / "data" / "cache"),
        Edition("mirror"),
        progress=lambda step, *_: steps.append((step, time.perf_counter())),
    )
    target.unlink()
    names = [name for name, _ in steps]
    return steps[names.index("bounds") + 1][1] - steps[names.index("bounds")][1]


def start_prefect(folder: Path) -> float:
    """Seconds that an empty flow takes without a server: what Prefect adds to a run on a laptop."""
    from flows.prefect_ops import session

    start = time.perf_counter()
    server = session.connect(folder)
    from prefect import flow

    @flow
    def nothing() -> None:
        """Does nothing."""

    if server:
        server.wait()
    nothing()
    return time.perf_counter() - start


def main_job(mirror: Path, folder: Path) -> list[tuple[str, str, str]]:
    """The figures that issue 2 names."""
    data = folder / "data"
    floor, _ = in_own_process(read_only_yardstick, mirror, folder)
    first, first_peak = in_own_process(refresh_mirror, mirror, data, ())
    shutil.rmtree(data / "cache")
    (data / "warehouse.duckdb").unlink()
    rebuild, rebuild_peak = in_own_process(refresh_mirror, mirror, data, ())
    unchanged, unchanged_peak = in_own_process(refresh_mirror, mirror, data, ())
    frozen, frozen_peak = in_own_process(refresh_mirror, mirror, data, (2018, 2019, 2020))
    (cold, warm), _ = in_own_process(ask_progress, data)
    site, site_peak = in_own_process(write_site, data)
    page_bytes, page_name = largest_page(data / "report")
    painted = first_paint(data / "report")
    verbs, _ = in_own_process(measure_verbs, data / "warehouse.duckdb")
    bounds, _ = in_own_process(bounds_alone, mirror, folder)
    new_engine, _ = in_own_process(start_prefect, folder)
    engine, _ = in_own_process(start_prefect, folder)
    return [
        ("yardstick: DuckDB reads the CSV as text", f"{floor:.2f} s", ""),
        ("first refresh of the mirror", f"{first:.2f} s, {first_peak:.0f} MiB", ""),
        (
            "full rebuild from the archive",
            f"{rebuild:.2f} s ({rebuild / floor:.0f} x yardstick), {rebuild_peak:.0f} MiB",
            "<= 10 s",
        ),
        (
            "unchanged refresh",
            f"{unchanged:.2f} s ({unchanged / rebuild:.1%} of a rebuild), {unchanged_peak:.0f} MiB",
            "<= 2 s",
        ),
        ("freezing 2018, 2019, 2020", f"{frozen:.2f} s, {frozen_peak:.0f} MiB", ""),
        ("report, all pages", f"{site:.2f} s, {site_peak:.0f} MiB", "<= 20 s"),
        ("report, largest page", f"{page_bytes / 1e6:.2f} MB ({page_name})", "<= 1.5 MB"),
        (
            "report, first paint of the slowest page",
            f"{painted[0]:.0f} ms ({painted[1]})" if painted else "left out: no chromium",
            "<= 1 s",
        ),
        ("bounds of masked cells", f"{bounds:.2f} s", "<= 3 s"),
        ("progress(2018, 2020)", f"{warm:.1f} ms (first {cold:.1f} ms)", "<= 20 ms"),
        *verbs,
        ("Prefect's own start without a server", f"{engine:.1f} s (in a new data directory {new_engine:.1f} s)", ""),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, default=Path("../shared/opendata/mirror"))
    parser.add_argument("--rows", type=int, default=SAMPLE_SCALE_ROWS, help="observations of the scale part")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for title, rows in parts(options.mirror, Path(name), options.rows):
            table = Table("what", "measured", "goal", title=title, title_justify="left")
            for row in rows:
                table.add_row(*row)
            Console(width=140).print(table)


def parts(mirror: Path, folder: Path, scale: int) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """The parts of the benchmark with their rows: what, measured, goal."""
    from tests.tools.bench_scale import build_at_scale, measure

    small = scale < SAMPLE_SCALE_ROWS
    if mirror.is_dir():
        yield "The main job", main_job(mirror, folder)
        yield "What a refresh costs", refreshes(mirror, folder, 2 if small else MONTHS)
        yield "Reading", measure_reading(mirror, folder, in_own_process, LARGE // 20 if small else LARGE)
    else:
        yield "The main job", [("all of it", f"left out: no folder {mirror}", "")]
    rows, _ = in_own_process(measure, folder, scale)
    (count, bounded), peak = in_own_process(build_at_scale, folder / "scale.duckdb", scale)
    (_, free), free_peak = in_own_process(build_at_scale, folder / "scale.duckdb", scale, False)
    told = f"{peak:.0f} MiB, {bounded / free:.2f} x the time of one without a limit ({free_peak:.0f} MiB)"
    yield "Many values", [*rows, (f"memory of the fold of {count / 1e6:.0f} M", told, "<= 2 GiB, <= 1.15 x")]


if __name__ == "__main__":
    main()
