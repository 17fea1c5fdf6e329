"""The reference of the command line, made from the commands themselves: for the documentation and its tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from typer.main import get_command

from flows import exit_codes


@dataclass(frozen=True)
class Word:
    """An argument or an option: how it is typed (`YEAR`, `--as-of`), what it means, and its default as text."""

    typed: str
    meaning: str
    default: str
    required: bool


@dataclass(frozen=True)
class Command:
    """A command as it is typed, such as `evidence add`, with its sentence and its words."""

    name: str
    sentence: str
    arguments: tuple[Word, ...]
    options: tuple[Word, ...]

    @property
    def usage(self) -> str:
        """What to type."""
        places = "".join(f" {word.typed}" if word.required else f" [{word.typed}]" for word in self.arguments)
        needed = "".join(f" {word.typed} ..." for word in self.options if word.required)
        return f"sectorakkoord {self.name}{places}{needed}" + (" [OPTIONS]" if self.options else "")


def commands() -> list[Command]:
    """Every command that is not hidden, in the order of `--help`; those of a group by their whole name."""
    from flows.cli import app

    return list(_commands(get_command(app), ""))


def _commands(group: Any, before: str) -> Iterator[Command]:
    for name, command in group.commands.items():
        if command.hidden:
            continue
        whole = f"{before}{name}"
        if hasattr(command, "commands"):
            yield from _commands(command, f"{whole} ")
        else:
            words = [(param.param_type_name, _word(param)) for param in command.params if not param.hidden]
            arguments = tuple(word for kind, word in words if kind == "argument")
            options = tuple(word for kind, word in words if kind == "option" and word.typed != "--help")
            yield Command(whole, " ".join((command.help or "").split()), arguments, options)


def _word(param: Any) -> Word:
    name = ", ".join(param.opts) if param.param_type_name == "option" else param.name.upper()
    default = "" if param.default in (None, False, "", []) else str(param.default)
    return Word(name, param.help or "", default, param.required)


def markdown(level: int = 2) -> str:
    """All commands as Markdown, a heading of `level` each, and the exit codes."""
    mark = "#" * level
    parts = [_section(command, mark) for command in commands()]
    codes = "\n".join(f"| {code} | {meaning} |" for code, meaning in exit_codes.MEANINGS.items())
    parts.append(f"{mark} Exit codes\n\n| exit code | meaning |\n|---|---|\n{codes}\n")
    return "\n".join(parts)


def _section(command: Command, mark: str) -> str:
    lines = [f"{mark} `{command.name}`", "", command.sentence, "", f"    {command.usage}", ""]
    words = [*command.arguments, *command.options]
    if words:
        rows = [f"| `{word.typed}` | {_cell(word.meaning)} | {_cell(word.default)} |" for word in words]
        lines += ["| word | meaning | default |", "|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
