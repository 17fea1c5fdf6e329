"""What can be wrong with a file from outside, as one sentence that helps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """What is wrong in one place: where, what is expected there, what is there, and what to do. Its text is one sentence."""

    where: str
    expected: str
    actual: str
    hint: str

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}, found {self.actual}; {self.hint}."


class FileRefused(Exception):
    """A file as a whole is unfit: nothing of it may reach the warehouse.

    `name` is the file, `problem` what is wrong in it; the message is the problem's sentence.
    """

    def __init__(self, name: str, place: str, expected: str, found: str, hint: str) -> None:
        self.name, self.problem = name, Problem(f"{name}, {place}", expected, found, hint)
        super().__init__(str(self.problem))


class ConfirmationNeeded(FileRefused):
    """The file may be right, and nobody but a person can say so: it waits for `sectorakkoord accept FILE`."""


class LayoutDiffers(FileRefused):
    """The header is not one this dataset is known by; `missing` and `unknown` hold the difference."""

    def __init__(self, name: str, place: str, missing: list[str], unknown: list[str], hint: str) -> None:
        self.missing, self.unknown = missing, unknown
        expected = "the column" + ("s " if len(missing) > 1 else " ") + ", ".join(missing)
        found = "no column in its place"
        if unknown:
            found = "the unknown column" + ("s " if len(unknown) > 1 else " ") + ", ".join(unknown)
        super().__init__(name, place, expected, found, hint)


class LettersLost(ConfirmationNeeded):
    """The publisher's own file has U+FFFD where letters stood; no copy of it is better. A person may accept it."""


class HandKeptFault(Exception):
    """A place in a hand-kept file that cannot be understood, as one sentence; `column` is empty where the line as a whole is meant."""

    def __init__(self, file: str, line: int, column: str, expected: str, found: str, hint: str) -> None:
        super().__init__(file, line, column, expected, found, hint)
        self.file, self.line, self.column = file, line, column
        where = f"{file}, line {line}" + (f", column {column}" if column else "")
        self.problem = Problem(where, expected, found, hint)

    def __str__(self) -> str:
        return str(self.problem)


class DeclarationFault(TypeError):
    """A dataset's declaration contradicts itself. That is a fault of ours and refuses no file."""


@contextmanager
def refusing_any_fault(name: str) -> Iterator[None]:
    """Whatever a reader raises for a file becomes a FileRefused for that file (a Rust panic is no `Exception`).

    Not what this machine raises (disk full, no permission), nor a fault in a declaration or in the register.
    """
    try:
        yield
    except (FileRefused, DeclarationFault, HandKeptFault, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as fault:
        if isinstance(fault, OSError) and fault.errno:
            raise
        found = f"{type(fault).__name__} ({str(fault)[:200]})" if str(fault) else type(fault).__name__
        hint = "keep the file and report this fault; the other files are read"
        raise FileRefused(name, "whole file", "a file that can be read", found, hint) from fault
