"""How long work tells whoever looks on what it is doing."""

from typing import Protocol


class ProgressCallback(Protocol):
    """Called at the start of each step; where their number is known, with the how-manieth it is, from 1."""

    def __call__(self, step: str, at: int = 0, of: int = 0) -> None:
        """Tell of a step."""


def no_progress(step: str, at: int = 0, of: int = 0) -> None:
    """Nobody looks on."""
