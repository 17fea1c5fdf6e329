"""The one catalogue and the one formatter: every text has its Dutch, every number and day is written as its readers write it."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.tools.words import READ, phrases
from warehouse.text import Text, dutch

ROOT = Path(__file__).parents[2] / "warehouse"
ASKED = re.compile(
    r"""(?:\bt|\btext|\bself|\.plural)\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')(?:,\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))?"""
)
BRACES = re.compile(r"\{(\w+)\}")


def asked_for() -> Iterator[str]:
    """Every text that a template or a module asks for: in a call, or as a constant of a module."""
    for path in (*ROOT.glob("report/**/*.html"), *ROOT.glob("report/*.py"), *ROOT.glob("exports/*.py"), ROOT.parent / "flows/commands/sources_check.py", ROOT / "text" / "__init__.py"):  # fmt: skip
        content = path.read_text(encoding="utf-8")
        for found in ASKED.finditer(content):
            yield ast.literal_eval(found[1])
            if ".plural" in found[0]:
                yield ast.literal_eval(found[2])
        if path.suffix == ".py":
            yield from (node.value for node in ast.walk(ast.parse(content)) if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in dutch())  # fmt: skip


def test_every_text_has_its_dutch_and_no_dutch_is_left_over():
    assert set(asked_for()) == set(dutch())


def test_no_retired_phrase_is_left_in_what_people_read():
    assert list(phrases()) == []
    assert (
        READ.search("Er zijn 4 bewijsstukken")
        and READ.search("a proxy carries no verdict")
        and not READ.search("Deels gemeten")
    )


def test_both_languages_hold_the_same_values():
    for english, translated in dutch().items():
        assert set(BRACES.findall(english)) == set(BRACES.findall(translated)), english
        assert translated, english


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "nl", "en"),
    [
        (5.714, "pct", 2, "5,71%", "5.71%"),
        (9052.0, "places", 0, "9.052", "9,052"),
        (-0.001, "points", 2, "0,00", "0.00"),
        (-22853.0, "eur", 0, "€ −22.853", "€ −22,853"),
        (None, "pct", 1, "–", "–"),
    ],
)
def test_numbers_are_written_as_each_language_does(value, unit, decimals, nl, en):
    assert Text("nl").value(value, unit, decimals) == nl
    assert Text("en").value(value, unit, decimals) == en


def test_bounds_and_changes_in_words():
    assert Text("nl").bounded(None, 91.23, 92.5, "pct", 1) == "tussen 91,2% en 92,5%"
    assert Text("en").bounded(4.0, 4.0, 4.0, "pct", 1) == "4.0%"
    assert Text("nl").change(1.19, "pct", 2) == "+1,19 procentpunt" and Text("en").change(-0.47, "pct", 2) == "−0.47 pt"
    assert Text("nl").change(0.0, "pct", 1) == "0,0 procentpunt"


def test_as_many_decimals_as_needed_and_a_real_minus():
    assert [Text("en").number(value, None) for value in (5.7, 5.71, -1234.5678, 0.0004, 2.0)] == ["5.7", "5.71", "−1,234.568", "0", "2"]  # fmt: skip


def test_days_plurals_and_spans():
    assert Text("nl").day(date(2020, 3, 1)) == "1 maart 2020" and Text("en").day(date(2020, 3, 1)) == "1 March 2020"
    assert Text("en").plural("{n} source", "{n} sources", 1) == "1 source"
    assert Text("nl").plural("{n} source", "{n} sources", 1200) == "1.200 bronnen"
    assert Text("nl").span([2013, 2014, 2015, 2018]) == "2013–2015, 2018" and Text("nl").day(None) == "onbekend"
    with pytest.raises(KeyError):
        Text("nl")("a text without Dutch")
