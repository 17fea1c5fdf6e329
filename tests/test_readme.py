"""What the README shows is what comes out."""

import re

import pytest
from readme import BLOCK, MIRROR, README, published, with_answers

from flows import cli, faults
from flows.settings import Settings


def test_answers_from_the_sample_edition(tmp_path):
    text = README.read_text()
    assert len(BLOCK.findall(text)) >= 5
    assert with_answers(text, {"sample": published("sample", tmp_path)}) == text


@pytest.mark.mirror
@pytest.mark.skipif(not MIRROR.is_dir(), reason="the folder with the publishers' files is not at hand")
def test_answers_from_the_real_files(tmp_path):
    text = README.read_text()
    assert with_answers(text, {"mirror": published("mirror", tmp_path)}) == text


def command_names(app) -> list[str]:
    """The commands a user can type first: merged groups are looked into, named groups count by their name."""
    names = [command.name or command.callback.__name__ for command in app.registered_commands if not command.hidden]
    for group in app.registered_groups:
        names += [group.name] if isinstance(group.name, str) else command_names(group.typer_instance)
    return names


def test_every_command_and_exit_code_is_described():
    text = README.read_text()
    for name in command_names(cli.app):
        assert f"`{name}" in text, name
    for code, meaning in faults.MEANINGS.items():
        assert f"| {code} | {meaning} |" in text


def test_every_setting_is_described():
    text = README.read_text()
    for name in Settings.model_fields:
        assert f"`SECTORAKKOORD_{name.upper()}`" in text, name


def test_no_path_of_a_machine_stands_in_the_readme():
    assert not re.search(r"/(work|tmp|home|root)/", README.read_text())
