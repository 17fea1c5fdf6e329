"""`make bench` measures all it names: a benchmark that cannot run tells nobody that something became slow."""

import re
import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.mirror
def test_every_figure_is_measured(shared_mirror, repo):
    command = [sys.executable, "-m", "tests.tools.bench", "--mirror", str(shared_mirror), "--rows", "20000"]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = [line.split("│")[1:3] for line in done.stdout.splitlines() if line.count("│") == 4]
    measured = [figure for what, figure in rows if what.strip()]  # A long cell goes on in a row without a name.
    assert len(measured) > 12 and all(re.search(r"\d", figure) for figure in measured), done.stdout
