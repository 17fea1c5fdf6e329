"""Chance that gives the same numbers on every machine and every Python.

Only `random.Random.random()` is used, whose sequence for a seed Python guarantees, with plain arithmetic and square
roots (both exactly rounded by IEEE 754) on top. Every purpose has its own stream, named by `path`, so drawing more
numbers for one school never changes another.
"""

import math
import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

SMALL = 24
"""Up to this many trials are drawn one by one; beyond it the bell curve is close enough."""


class Dice:
    """A stream of chance for one purpose: `Dice(2018, "pupils", 7, 2015)`."""

    def __init__(self, *path: object) -> None:
        self._next = random.Random("/".join(str(part) for part in path)).random  # noqa: S311 - a sample that anybody can draw again

    def chance(self, share: float) -> bool:
        """True in `share` (0..1) of the cases."""
        return self._next() < share

    def between(self, low: float, high: float) -> float:
        """A number from `low` up to `high`."""
        return low + (high - low) * self._next()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int((high - low + 1) * self._next())

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in another order (Fisher-Yates)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = int((last + 1) * self._next())
            result[last], result[other] = result[other], result[last]
        return result

    def count(self, trials: int, share: float) -> int:
        """How many of `trials` come out, each with chance `share`; always 0..trials."""
        if trials <= 0 or share <= 0:
            return 0
        if share >= 1:
            return trials
        draw = self._next
        if trials <= SMALL:
            return sum(1 for _ in range(trials) if draw() < share)
        bell = (draw() + draw() + draw() + draw() - 2) * math.sqrt(3)
        guess = int(trials * share + bell * math.sqrt(trials * share * (1 - share)) + 0.5)
        return min(max(guess, 0), trials)

    def spread(self, total: int, weights: Sequence[float]) -> list[int]:
        """Divide `total` people over as many groups as there are weights; the parts add up to `total`."""
        parts, rest, weight_left = [], total, float(sum(weights))
        for weight in weights[:-1]:
            part = self.count(rest, weight / weight_left if weight_left > 0 else 0.0)
            parts.append(part)
            rest -= part
            weight_left -= weight
        return [*parts, rest]
