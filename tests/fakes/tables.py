"""SYNTHETIC CBS tables: real table ids and dimension names, invented figures, the same on every run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from schemas.datasets import datasets
from schemas.datasets.cbs import CbsTable


@dataclass(frozen=True)
class SyntheticMeasure:
    """A topic under its v3 and v4 names; `index` is v3's DataProperties.ID and v4's Index."""

    v3: str
    v4: str
    title: str
    unit: str
    index: int
    decimals: int = 0


@dataclass(frozen=True)
class SyntheticTable:
    """Dimensions as name -> codes; the last one is the period. `padded`: v3 keys are padded, as CBS does in most."""

    id: str
    title: str
    dimensions: dict[str, tuple[str, ...]]
    measures: tuple[SyntheticMeasure, ...]
    modified: str = "2026-04-14T02:00:00"
    padded: bool = True

    def served(self, dimension: str, code: str) -> str:
        """A key as v3 writes it."""
        width = max(len(other) for other in self.dimensions[dimension]) if self.padded else 0
        return code.ljust(width)

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Row number and codes, in serving order."""
        yield from enumerate(itertools.product(*self.dimensions.values()))

    def value(self, row: int, measure: int) -> str:
        """A figure as text; '.' is unknown (every 97th), '' impossible (every 89th)."""
        place = row * len(self.measures) + measure
        if place % 97 == 96:
            return "."
        if place % 89 == 88:
            return ""
        number = (place * 7919) % 9973
        return f"{number / 10:.1f}" if self.measures[measure].decimals else str(number)


_SCHOOL_YEARS = ("2017SJ00", "2018SJ00", "2019SJ00", "2020SJ00")
_SEX = ("T001038", "3000", "4000")
_VO = ("T001345", "A041919", "A041920")


def _table(
    table: str, title: str, dimensions: dict[str, tuple[str, ...]], measures: str, **more: Any
) -> SyntheticTable:
    """`measures` as 'Title in unit; ...'; a unit of % has one decimal."""
    made = []
    for number, text in enumerate(measures.split("; "), start=1):
        name, unit = text.split(" in ")
        key = name.title().replace(" ", "").replace(",", "")
        decimals = 1 if unit == "%" else 0
        made.append(
            SyntheticMeasure(f"{key}_{number}", f"M{_six_digits(table, number)}", name, unit, number + 10, decimals)
        )
    return SyntheticTable(table, f"{title} (SYNTHETIC)", dimensions, tuple(made), **more)


def _six_digits(table: str, number: int) -> str:
    """Six digits out of a table id and a number, the same on every run."""
    digits = int("".join(char for char in table if char.isdigit()))
    return f"{(digits * 31 + number * 101) % 1_000_000:06d}"


def _all() -> list[SyntheticTable]:
    regions = ("NL01", "PV20", "GM0502")
    years = tuple(f"{year}JJ00" for year in range(1926, 2026))
    many = tuple(f"RG{number:04d}" for number in range(230))
    return [
        _table(
            "85382NED",
            "Vo; examenkandidaten en gediplomeerden, onderwijssoort, woonregio",
            {"Geslacht": _SEX, "Onderwijssoort": _VO, "RegioS": regions, "Perioden": _SCHOOL_YEARS},
            "Examenkandidaten in aantal; Gediplomeerden in aantal; Gediplomeerden relatief in %",
        ),
        # Big enough for pages: 23,000 rows in v3, close to 115,000 observations in v4.
        _table(
            "90023NED",
            "Groot",
            {"RegioS": many, "Perioden": years},
            "Een in aantal; Twee in aantal; Drie in aantal; Vier in aantal; Vijf in aantal",
        ),
        # Exactly two full pages.
        _table("90020NED", "Precies vol", {"RegioS": many[:200], "Perioden": years}, "Een in aantal"),
    ]


def _declared() -> list[SyntheticTable]:
    """Every table that the project declares, with the dimensions it is declared with, three codes in each."""
    made = []
    for dataset in datasets().values():
        if issubclass(dataset, CbsTable):
            headers = [spec["headers"][0] for name, spec in dataset.fields().items() if name.endswith("_code")]
            codes = {name: _SEX if name == "Geslacht" else ("T001045", "A041", "A042") for name in headers}
            dimensions: dict[str, tuple[str, ...]] = {name: codes[name] for name in headers if name != "Perioden"}
            dimensions["Perioden"] = _SCHOOL_YEARS
            made.append(_table(dataset.table, dataset.title_nl, dimensions, "Aantal in aantal; Aandeel in %"))
    return made


TABLES = {table.id.upper(): table for table in [*_declared(), *_all()]}


def redesigned(table: SyntheticTable) -> SyntheticTable:
    """The table after a redesign: measures renumbered, first dimension renamed, a period code nobody knows."""
    names = list(table.dimensions)
    dimensions = {f"{names[0]}Nieuw": table.dimensions[names[0]], **{n: table.dimensions[n] for n in names[1:]}}
    dimensions[names[-1]] = (*table.dimensions[names[-1]], "2021ZZ00")
    measures = tuple(
        replace(m, v3=f"{m.v3.rsplit('_', 1)[0]}_{number + 7}", v4=f"{m.v4}_2")
        for number, m in enumerate(table.measures)
    )
    return replace(table, dimensions=dimensions, measures=measures)
