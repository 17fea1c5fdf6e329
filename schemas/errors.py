"""The ways in which a publisher's file can be unfit, each as one sentence that helps."""


class FileRefused(Exception):
    """A file as a whole is unfit: nothing of it may reach the warehouse.

    `name` is the file, `place` where in it, `expected` and `found` what differs, `hint` what to do.
    The message is one sentence made of these, the same for every kind of fault.
    """

    def __init__(self, name: str, place: str, expected: str, found: str, hint: str) -> None:
        self.name, self.place = name, place
        self.expected, self.found, self.hint = expected, found, hint
        super().__init__(f"{name}, {place}: expected {expected}, found {found}; {hint}.")


class LayoutDiffers(FileRefused):
    """The header is not one this dataset is known by; `missing` and `unknown` hold the difference."""

    def __init__(self, name: str, place: str, missing: list[str], unknown: list[str], hint: str) -> None:
        self.missing, self.unknown = missing, unknown
        expected = "the column" + ("s " if len(missing) > 1 else " ") + ", ".join(missing)
        found = "no column in its place"
        if unknown:
            found = "the unknown column" + ("s " if len(unknown) > 1 else " ") + ", ".join(unknown)
        super().__init__(name, place, expected, found, hint)
