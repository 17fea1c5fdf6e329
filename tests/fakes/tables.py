"""SYNTHETIC CBS tables: real table ids, dimension names and titles, invented figures and keys, the same on every run.

Keys of measures and members are made up and in an order of their own, so that a reader who goes by keys goes wrong.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from schemas.datasets import datasets
from schemas.datasets.cbs import CANDIDATES, PUPILS, CbsTable


@dataclass(frozen=True)
class SyntheticMeasure:
    """A topic under its v3 and v4 names."""

    v3: str
    v4: str
    title: str
    decimals: int = 0
    unit: str = "aantal"


@dataclass(frozen=True)
class SyntheticTable:
    """Dimensions as name -> codes; the last one is the period. `padded`: v3 keys are padded, as CBS does in most."""

    id: str
    title: str
    dimensions: dict[str, tuple[str, ...]]
    measures: tuple[SyntheticMeasure, ...]
    titles: dict[str, str] = field(default_factory=dict)
    """Code -> title, where it has a particular one."""
    modified: str = "2026-04-14T02:00:00"
    padded: bool = True
    correction: int = 0
    """What every part of a whole has too many since the publisher's correction."""

    def title_of(self, dimension: str, code: str) -> str:
        """The title of a member."""
        return self.titles.get(code, f"{dimension} {code} (SYNTHETIC)")

    def served(self, dimension: str, code: str) -> str:
        """A key as v3 writes it."""
        width = max(len(other) for other in self.dimensions[dimension]) if self.padded else 0
        return code.ljust(width)

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Row number and codes, in serving order."""
        yield from enumerate(itertools.product(*self.dimensions.values()))

    def value(self, row: int, measure: int) -> str:
        """A figure as text, a whole larger than its parts; '.' is unknown (every 97th), '' impossible (every 89th)."""
        place = row * len(self.measures) + measure
        if place % 97 == 96:
            return "."
        if place % 89 == 88:
            return ""
        number = (place * 7919) % 9973
        if self.measures[measure].title in (PUPILS, CANDIDATES):
            return str(10 * (20_000 + number))
        return f"{number / 100:.1f}" if self.measures[measure].decimals else str(10 * number + self.correction)


_SCHOOL_YEARS = ("2017SJ00", "2018SJ00", "2019SJ00", "2020SJ00")


def _table(
    table: str, title: str, dimensions: dict[str, tuple[str, ...]], measures: list[str], titles: dict[str, str]
) -> SyntheticTable:
    """A table with measures under these titles, named against their order; a title with % has one decimal."""
    made = [
        SyntheticMeasure(
            f"Onderwerp_{len(measures) - n}", f"M{(ord(table[3]) * 97 + n * 7919) % 9973:06d}", name, "%" in name
        )
        for n, name in enumerate(measures)
    ]
    return SyntheticTable(table, f"{title} (SYNTHETIC)", dimensions, tuple(made), titles)


def _others() -> list[SyntheticTable]:
    """Tables for paging."""
    years = tuple(f"{year}JJ00" for year in range(1926, 2026))
    many = tuple(f"RG{number:04d}" for number in range(230))
    return [
        # Big enough for pages: 23,000 rows in v3, close to 115,000 observations in v4.
        _table("90023NED", "Groot", {"RegioS": many, "Perioden": years}, ["Een", "Twee", "Drie", "Vier", "Vijf"], {}),
        # Exactly two full pages.
        _table("90020NED", "Precies vol", {"RegioS": many[:200], "Perioden": years}, ["Een"], {}),
    ]


def _declared() -> list[SyntheticTable]:
    """Every table that the project declares, with the dimensions and titles it is declared with, and others around them."""
    made = []
    for dataset in datasets().values():
        if issubclass(dataset, CbsTable):
            dimensions, titles = {}, {}
            columns = [name for name in dataset.key if name not in ("measure", "period_code")]
            for position, name in enumerate(columns):
                wanted = (f"{name} een", *reversed(dataset.titles.get(name, ())), f"{name} twee")
                codes = {f"{'QXZKP'[n]}{position}{'0' * (n % 3)}": one for n, one in enumerate(wanted)}
                dimensions[dataset.fields()[name]["headers"][0]] = tuple(codes)
                titles |= codes
            measures = ["Aandeel (%)", *reversed(dataset.titles.get("measure", ("Aantal",)))]
            dimensions["Perioden"] = _SCHOOL_YEARS
            made.append(_table(dataset.table, dataset.title_nl, dimensions, measures, titles))
    return made


TABLES = {table.id.upper(): table for table in [*_declared(), *_others()]}


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


def retitled(table: SyntheticTable, old: str, new: str, unit: str = "aantal") -> SyntheticTable:
    """The table with another title for a measure or a member, or another unit for a measure."""
    measures = tuple(replace(m, title=new, unit=unit) if m.title == old else m for m in table.measures)
    return replace(table, measures=measures, titles={c: new if t == old else t for c, t in table.titles.items()})
