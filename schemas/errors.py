"""The ways in which a publisher's file can be unfit, each as one sentence that helps."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemas.hand_kept_csv import HandKeptFault


class FileRefused(Exception):
    """A file as a whole is unfit: nothing of it may reach the warehouse.

    `name` is the file, `place` where in it, `expected` and `found` what differs, `hint` what to do.
    The message is one sentence made of these, the same for every kind of fault.
    """

    def __init__(self, name: str, place: str, expected: str, found: str, hint: str) -> None:
        self.name, self.place = name, place
        self.expected, self.found, self.hint = expected, found, hint
        super().__init__(f"{name}, {place}: expected {expected}, found {found}; {hint}.")


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
