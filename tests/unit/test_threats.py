"""The page about threats names tests that exist."""

import re


def test_every_test_that_the_page_names_exists(repo):
    named = set(re.findall(r"`(test_\w+)`", (repo / "docs" / "threats.md").read_text()))
    written = {
        name
        for path in (repo / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)
    }
    assert len(named) > 30 and not named - written
