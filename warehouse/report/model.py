"""What the pages show, free of language: an indicator with its series, and a spread over entities."""

from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import pairwise
from typing import Any

from warehouse.database import records as records

Both = dict[str, str]
"""A text per language."""


class WrittenOnce:
    """A dataclass that many pages show, filled before it is first written out: each page is kept by a text of what it shows."""

    @cached_property
    def written(self) -> str:
        """Its fields, but those that no page of it shows."""
        shown = {one.name: getattr(self, one.name) for one in fields(self) if one.repr}  # type: ignore[arg-type]
        return repr(shown)

    def __repr__(self) -> str:
        return self.written


@dataclass
class Point:
    """A value of one period, with bounds where cells are hidden."""

    year: int
    label: str
    value: float | None
    low: float | None
    high: float | None
    standing: str
    """provisional, final or unknown"""
    flags: list[str]
    source: str
    known_from: Any
    synthetic: bool
    run: int = 0
    """Points of one run are joined by a line; a missing year starts another run."""

    @property
    def provisional(self) -> bool:
        """Does the source call it provisional?"""
        return self.standing == "provisional"


@dataclass
class Series:
    """One method version of an indicator."""

    method_version: str
    origin: str
    definition: Both
    points: list[Point]
    profile: dict[str, Any] | None = None
    """How much national values of this method moved after their first release; None where none was published again."""

    def number_runs(self) -> None:
        """Start a new run after every missing year, and around a Covid year: no line suggests a trend there."""
        for before, after in pairwise(self.points):
            covid = "covid" in before.flags or "covid" in after.flags
            after.run = before.run + (after.year - before.year > 1 or covid)

    @property
    def bounded(self) -> bool:
        """Is any value known by its bounds only?"""
        return any(point.value is None for point in self.points)


@dataclass(frozen=True)
class Target:
    """The ambition path: from the indicator's own base to its target."""

    base_year: int
    base_value: float
    year: int
    value: float
    value_high: float | None
    note: Both


@dataclass(frozen=True)
class Break:
    """A break in the series, drawn before the first label year it touches."""

    number: int
    year: int
    description: Both
    source_url: str | None


@dataclass
class Indicator:
    """One measured quantity, nationally, with everything its chart and table need."""

    indicator_id: str
    goal_id: str
    name: Both
    unit: str
    direction: str
    type: str
    decimals: int
    series: list[Series] = field(default_factory=list)
    target: Target | None = None
    breaks: list[Break] = field(default_factory=list)
    notes: list[Break] = field(default_factory=list)
    """Breaks that hold for the whole series: they have no place on the year axis."""
    covid_years: list[int] = field(default_factory=list)
    vintages: list[Point] = field(default_factory=list)
    stood: dict[int, list[Point]] = field(default_factory=dict)
    """Year of a snapshot -> the first series as it was frozen; empty where no snapshot says anything else than today."""

    @property
    def years(self) -> list[int]:
        """First and last label year, and what is known between."""
        found = {point.year for series in self.series for point in series.points}
        found |= {self.target.base_year, self.target.year} if self.target else set()
        return sorted(found)

    @property
    def numbers(self) -> list[float]:
        """Every number that the chart must hold."""
        points = [point for series in self.series for point in series.points] + self.vintages
        points += [point for frozen in self.stood.values() for point in frozen]
        found = [number for point in points for number in (point.value, point.low, point.high)]
        found += [self.target.base_value, self.target.value, self.target.value_high] if self.target else []
        return [number for number in found if number is not None]

    @property
    def axis(self) -> tuple[float, float]:
        """Bottom and top of the value axis: from zero where that is near, else close around the values."""
        low, high = min(self.numbers), max(self.numbers)
        margin = (high - low) * 0.12 or abs(high) * 0.1 or 1
        return (0 if 0 <= low <= (high - low) * 1.2 else low - margin), high + margin

    @property
    def synthetic(self) -> bool:
        """Is any value in the drawing made up?"""
        return any(point.synthetic for series in self.series for point in series.points)

    @property
    def marks(self) -> int:
        """How many points and bars of values the chart has: one per value, vintage and end of the path."""
        shown = [point for series in self.series for point in series.points if point.low is not None]
        return len(shown) + len(self.vintages) + (2 if self.target else 0)


@dataclass(frozen=True)
class Held:
    """The value of one entity in one year."""

    entity_id: str
    year: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def middle(self) -> float:
        """Only to sort by."""
        return self.value if self.value is not None else ((self.low or 0) + (self.high or 0)) / 2


@dataclass
class Spread:
    """How one indicator is spread over the entities of one level."""

    level: str
    indicator: Indicator
    method: Series
    years: list[int]
    rows: list[Held]
    bins: dict[int, list[tuple[float, float, int]]]
    summary: dict[int, dict[str, Any]]
    bottom: float
    top: float

    @property
    def unit(self) -> str:
        """Unit of the values."""
        return self.indicator.unit

    @property
    def decimals(self) -> int:
        """Decimals to show."""
        return self.indicator.decimals

    @property
    def synthetic(self) -> bool:
        """Are the values made up?"""
        return any(point.synthetic for point in self.method.points)

    @property
    def beyond(self) -> bool:
        """Do the outermost bars hold values that lie outside the drawing?"""
        numbers = [row.value for row in self.rows if row.value is not None]
        return bool(numbers) and (min(numbers) < self.bottom or max(numbers) > self.top)


def both(row: dict[str, Any], name: str) -> Both:
    """The two language columns of a row."""
    return {"nl": row[f"{name}_nl"] or "", "en": row[f"{name}_en"] or ""}
