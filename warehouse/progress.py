"""How long work reports its steps to whoever shows them."""

from typing import Protocol


class ProgressCallback(Protocol):
    """Called at the start of each step, with its number (from 1) and how many there are, where that is known."""

    def __call__(self, step: str, at: int = 0, of: int = 0) -> None:
        """Report a step."""


def no_progress(step: str, at: int = 0, of: int = 0) -> None:
    """Report nothing."""
