"""The lines of a text in UTF-8 by their number, each decoded when it is asked for."""

from collections.abc import Sequence
from typing import overload

import numpy as np

from schemas.reading.content import Content, line_blocks, release

LARGE = 1 << 20
"""What is asked for in pieces of so many bytes is gone through from one end to the other, once."""


class TextLines(Sequence[str]):
    """A text in UTF-8 as lines without their ends: `\\n`, `\\r\\n`, or a `\\r` alone, and nothing else ends one.

    Line i (from 0) stands in `data[starts[i]:starts[i + 1]]`, its end included.
    """

    def __init__(self, data: Content) -> None:
        self.data = data
        starts, before, returns = [np.zeros(1, dtype=np.int64)], 0, 0
        for block in line_blocks(data):
            text = np.frombuffer(block, dtype=np.uint8)
            ends = np.flatnonzero(text == ord("\n"))
            returns += int((text == ord("\r")).sum() - (text[ends[ends > 0] - 1] == ord("\r")).sum())
            starts.append(ends + before + 1)
            before += len(block)
        self.lone_returns = returns
        if len(data) and data[-1:] != b"\n":
            starts.append(np.array([len(data)]))
        self.starts = np.concatenate(starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return self.text(range(len(self))[place]).removesuffix("\n").removesuffix("\r")

    def text(self, first: int, last: int | None = None) -> str:
        """Lines `first` up to and not including `last` (one where it is not given), with their ends."""
        return self.bytes(first, first + 1 if last is None else last).decode()

    def bytes(self, first: int, last: int) -> bytes:
        """The same, not decoded."""
        held = self.data[self.starts[first] : self.starts[min(last, len(self))]]
        if len(held) > LARGE:
            release(self.data)
        return held
