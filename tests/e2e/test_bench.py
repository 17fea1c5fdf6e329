"""`make bench` measures all it names: a benchmark that cannot run tells nobody that something became slow."""

import re
import subprocess
import sys

import pytest

from tests.tools.bench import in_own_process
from tests.tools.bench_reading import load_bare, read_checked, write_large
from warehouse.sample import FILES


@pytest.mark.long
@pytest.mark.mirror
def test_every_figure_is_measured(shared_mirror, repo):
    command = [sys.executable, "-m", "tests.tools.bench", "--mirror", str(shared_mirror), "--rows", "20000"]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = [line.split("│")[1:3] for line in done.stdout.splitlines() if line.count("│") == 4]
    measured = [figure for what, figure in rows if what.strip()]  # A long cell goes on in a row without a name.
    assert len(measured) > 12 and all(re.search(r"\d", figure) for figure in measured), done.stdout


@pytest.mark.slow
def test_reading_costs_no_more_than_some_bare_loads(tmp_path):
    """A ratio of one run, so that no machine is too slow for it. Measured: 1.0 to 1.5 at 100 MB; here imports weigh more."""
    source = next(FILES.rglob("07*.csv"))
    path = tmp_path / source.name
    write_large(source, path, 20_000_000)
    bare, _ = in_own_process(load_bare, path, tmp_path / "bare.duckdb")
    ours, peak = in_own_process(read_checked, path, tmp_path / "rows.parquet")
    assert ours < 3 * bare, f"{ours:.1f} s to read and check, {bare:.1f} s to load bare"
    assert peak < 400, f"{peak:.0f} MiB"
