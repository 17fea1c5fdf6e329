"""What can be wrong with a file from outside, as one sentence that helps."""

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


class LayoutDiffers(FileRefused):
    """The header is not one this dataset is known by; `missing` and `unknown` hold the difference."""

    def __init__(self, name: str, place: str, missing: list[str], unknown: list[str], hint: str) -> None:
        self.missing, self.unknown = missing, unknown
        expected = "the column" + ("s " if len(missing) > 1 else " ") + ", ".join(missing)
        found = "no column in its place"
        if unknown:
            found = "the unknown column" + ("s " if len(unknown) > 1 else " ") + ", ".join(unknown)
        super().__init__(name, place, expected, found, hint)
