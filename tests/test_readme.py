"""The README names every command, exit code and setting; its answers are checked in test_pages."""

from flows import cli, faults
from flows.settings import Settings
from tests.pages import README


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
