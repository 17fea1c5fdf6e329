"""What README and documentation say of commands, options, exit codes and settings is what there is, and all of it."""

import re

import pytest

from docs.generated.commands import Command, commands, markdown
from docs.generated.settings import rows
from flows import exit_codes
from tests.tools.pages import README, REPO

PAGES = [README, *sorted((REPO / "docs").rglob("*.md"))]
CALL = re.compile(r"\bsectorakkoord +((?:[a-z]+ ?){1,2})([^`\n]*)")
GLOBAL = {"--help", "--debug", "--install-completion", "--show-completion"}


def named(words: str) -> Command | None:
    """The command that a text of one or two words begins with."""
    found = [one for one in commands() if words.split()[: one.name.count(" ") + 1] == one.name.split()]
    return found[0] if found else None


def options_of(command: Command) -> set[str]:
    """How its options are typed."""
    return {part for word in command.options for part in word.typed.split(", ")} | GLOBAL


def test_every_command_is_in_the_table_of_the_readme():
    table = README.read_text().partition("## The command line")[2].partition("\n## ")[0]
    for command in commands():
        group, _, name = command.name.partition(" ")
        row = next((line for line in table.splitlines() if line.startswith("|") and f"`{group}" in line), "")
        assert row and (not name or f"`{name}`" in row), command.name


def test_every_command_and_option_in_the_table_exists():
    table = README.read_text().partition("| command | does |\n|---|---|\n")[2].partition("\n\n")[0]
    known = {name for command in commands() for name in (command.name.split()[0], command.name.split()[-1])}
    options = GLOBAL.union(*(options_of(command) for command in commands()))
    for row in table.splitlines():
        first = row.split(" | ")[0]
        for word in re.findall(r"`([a-z][a-z-]*)[ `]", first):
            assert word in known, row
        for option in re.findall(r"--[a-z][a-z-]*", row):
            assert option in options, row


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_call_on_a_page_is_a_command_with_its_own_options(page):
    for words, rest in CALL.findall(page.read_text()):
        command = named(words)
        assert command is not None or words.split()[0] in {one.name.split()[0] for one in commands()}, words + rest
        if command is not None:
            for option in re.findall(r"(?<!\S)--[a-z][a-z-]*", rest):
                assert option in options_of(command), f"{page.name}: sectorakkoord {words}{rest}"


def test_every_exit_code_is_described():
    for code, meaning in exit_codes.MEANINGS.items():
        assert f"| {code} | {meaning} |" in README.read_text()
        assert f"| {code} | {meaning} |" in markdown()


def test_the_settings_in_the_readme_are_what_they_are():
    told = {name: (default, meaning) for kind in ("pulling", "schedule") for name, default, meaning in rows(kind)}
    shown = re.findall(r"^\| `(SECTORAKKOORD_\w+)` \| (.*?) ?\| (.+) \|$", README.read_text(), re.M)
    assert len(shown) >= 5
    for name, default, meaning in shown:
        assert (default, meaning) == told[name], name
