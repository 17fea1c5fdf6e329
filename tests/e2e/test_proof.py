"""`make proof` in its short form; what its long forms found is in docs/proof.md."""

import shutil
from importlib import import_module

import pytest

from tests.machine import missing
from tests.tools.proof import Result, __main__


@pytest.mark.slow
@pytest.mark.parametrize("part", ["kills", "damage", "environment"])
def test_the_short_form_holds(part):
    if not shutil.which("cc"):
        missing("no C compiler on this machine (Debian: apt-get install gcc libc6-dev)")
    result = import_module(f"tests.tools.proof.{part}").run(long=False)
    assert result.figures and result.short == []


def test_a_run_replaces_its_own_sections_only(tmp_path):
    page = tmp_path / "proof.md"
    for number, (name, long) in enumerate((("kills", True), ("kills", False), ("fuzz", True), ("kills", True))):
        result = Result([("run", f"number {number}")], [f"sentence {number}"])
        text = __main__.section(name, long, name, "says", result, 1)
        __main__.write_page({(name, "long" if long else "short"): text}, page)
    written = page.read_text()
    assert [written.count(f"number {number} ") for number in range(4)] == [0, 1, 1, 1]
    assert written.index("number 3") < written.index("number 1") < written.index("number 2")
    assert "- sentence 3" in written
