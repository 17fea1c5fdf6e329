"""The catalogue of errors is complete: every error that is raised on purpose and every audit has an entry that helps."""

import importlib
import re
from pathlib import Path

import pytest

from docs.generated.errors import audits
from docs.generated.messages import faults
from flows import exit_codes as exits

ENTRY = re.compile(
    r"^### (?P<title>\w+)\n<!-- generated: (?P<kind>fault|audit) (?P<name>\w+) -->\n\n(?P<help>.+?)(?=^#|\Z)",
    re.M | re.S,
)


FOREIGN = {"builtins.OSError", "builtins.MemoryError", "_duckdb.OutOfMemoryException"}
"""Errors that are raised by others and have an exit code."""


@pytest.fixture(scope="module")
def entries(repo: Path) -> dict[str, dict[str, str]]:
    """Kind -> name -> what to do."""
    found: dict[str, dict[str, str]] = {"fault": {}, "audit": {}}
    for entry in ENTRY.finditer((repo / "docs" / "errors.md").read_text()):
        assert entry["title"] == entry["name"]
        found[entry["kind"]][entry["name"]] = entry["help"].strip()
    return found


def test_every_error_and_every_audit_has_an_entry_with_a_way_out(entries):
    assert sorted(entries["fault"]) == sorted(faults())
    assert sorted(entries["audit"]) == audits()
    assert [name for kind in entries.values() for name, words in kind.items() if len(words) < 40] == []


def test_every_error_with_an_exit_code_is_found_in_the_code():
    """Each by the module that it is in: `flows.exit_codes` has names, so that help imports none of them."""
    for name in exits.FAULTS:
        module, _, kind = name.rpartition(".")
        assert issubclass(getattr(importlib.import_module(module), kind), Exception)
        assert kind in faults() or name in FOREIGN


def test_the_sentences_are_whole():
    """What is shown are sentences with a way out: of the classes that take their message in parts, all parts are there."""
    known = faults()
    said = [sentence for fault in known.values() for _, sentence in fault.said]
    assert len(said) > 100
    assert ("flows/settings.py" in {path for path, _ in known["SettingsError"].said}) and known["SettingsError"].meaning
    for name in ("FileRefused", "WrongContent", "Unreachable"):
        assert all(
            "expected" in sentence and ";" in sentence and sentence.endswith(".") for _, sentence in known[name].said
        )
    layout = "‹name›, line 1: expected ‹missing›, found ‹unknown›; add the new header name to ‹declared in›."
    assert [sentence for _, sentence in known["LayoutDiffers"].said] == [layout]
