"""A dataset: everything that is known about one kind of publisher file, in one class.

A file in `schemas/` declares a subclass. Adding a dataset is adding such a file; nothing else lists it.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

import pandas as pd
import pandera.pandas as pa

from schemas.cadence import Cadence
from schemas.checks import above_zero, begins_with, differ, most_of, periods_differ, same_wherever
from schemas.errors import FileRefused
from schemas.fields import ADDITIVE, PeriodRow, RowModel
from schemas.periods import Period
from schemas.publishers import CBS, DUO, INSPECTIE, CkanResource, PublishedFile, Publisher

MOST_ALIKE = 0.5
"""Two counts of which more than this share of the larger cells is alike are one column twice. Real files: 0.08."""


@dataclass(frozen=True)
class Dialect:
    """How a dataset's files are written.

    `delimiter` holds the marks that may cut fields (more than one where the publisher varies: the header decides).
    `sheets` names the sheet of a workbook over the years; files whose name ends like a workbook's are read as one.
    `thousands_dot`: does the publisher write 1001 as `1.001`? Where it does not, such a cell is no number.
    """

    delimiter: str = ";"
    encodings: tuple[str, ...] = ("utf-8", "cp1252", "cp850")
    sheets: tuple[str, ...] = ()
    thousands_dot: bool = False


class Dataset:
    """Base of all datasets. Class attributes are the declaration; see any file in `schemas/`."""

    id: ClassVar[str]
    title_nl: ClassVar[str]
    title_en: ClassVar[str]
    publisher: ClassVar[Publisher]
    landing_page: ClassVar[str]
    cadence: ClassVar[Cadence]
    name_pattern: ClassVar[str]
    """Regular expression for the file names of this dataset (decoded, any case), whatever the year."""
    files: ClassVar[tuple[PublishedFile, ...]] = ()
    ckan: ClassVar[CkanResource | None] = None
    """Where the file is in DUO's catalogue, if it is; ids there change with every upload."""
    dialect: ClassVar[Dialect] = Dialect()
    key: ClassVar[tuple[str, ...]]
    """The columns that identify a row within one file; together unique, which the reader checks."""
    same_for: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Code -> the columns that are the same wherever the code stands in one file: a site has one name."""
    unlike: ClassVar[tuple[str, ...]] = ()
    """Counts no two of which are alike over a file: were they, one column would be a copy of another."""
    never_zero: ClassVar[tuple[str, ...]] = ()
    """Counts and shares that are not zero on every line of a file: a column of zeros is one that got lost."""
    mostly: ClassVar[dict[str, str]] = {}
    """Count -> the count of which it is at least half over a file: who passes among who takes part."""
    status: ClassVar[str] = "final"
    """Are the publisher's figures in these files provisional or final?"""
    masks: ClassVar[bool] = True
    """Does `-1` or `<5` in a count mean a hidden cell? (False: `-1` is a number.)"""
    context: ClassVar[str] = ""
    """Why no series is made of the dataset, where it only stands beside the goals; `sources` says it."""
    totals_are_rows: ClassVar[bool] = False
    """Are lines that add up others data, with a key of their own?"""
    layout_seen_live: ClassVar[bool] = True
    """False: declared from documents; the first real file decides."""
    known_headers: ClassVar[tuple[str, ...]] = ()
    """Columns the publisher has that nothing here needs: not read, and no news when they come or go."""

    wide_pattern: ClassVar[str | None] = None
    """For wide files: pattern of a header, in capitals without spaces or underscores, with the groups `measure`,
    `variant` and, where one measure has several columns, `part` or `part_after`."""
    wide_measures: ClassVar[dict[str, str]] = {}
    """For wide files: `MEASURE PART` -> canonical column; "" for one that is known and not needed."""
    wide_column: ClassVar[str] = "school_year"
    """For wide files: the column that takes the variant, for `period_from`."""

    period_from: ClassVar[str | None] = None
    """The column with a row's period (None: it is in the file's name, see `period_of`)."""
    period_rule: ClassVar[Callable[[Any], Period]]
    """From a value of `period_from` to the period; declared together with it."""

    # Named tolerances of the gate.
    max_rejected_share: ClassVar[float] = 0.01
    """Above this share of rejected lines the file as a whole is refused."""
    max_shrink: ClassVar[float] = 0.05
    """A new vintage may have at most this share fewer lines than the last one of the same subject."""
    max_lost_entities: ClassVar[float] = 0.01
    """A new vintage may lack at most this share of the boards, schools, sites, provinces or regions that the last one has for
    the same period and that did not go over into others."""
    max_equal_to_other_period: ClassVar[float] = 0.5
    """At most this share of the rows may be equal to those of another period. Real files reach 0.001."""
    max_growth: ClassVar[float] = 3.0
    """A new vintage may have at most this many times the lines of the last one (if that had a hundred or more)."""
    max_common_scale: ClassVar[float] = 1.25
    """By at most this factor all numbers of a period may grow or shrink together in a new vintage. Real files: 1.0003."""
    may_drop_periods: ClassVar[bool] = False
    """May a new vintage lack a period that the last one had?"""
    max_years_ahead: ClassVar[int] = 2
    """No row may be about a period that starts later than this many years after the file became known."""
    remarks: ClassVar[tuple[str, ...]] = ()
    """Columns that say something about a value and are none themselves: a change in them revises nothing."""

    Row: ClassVar[type[RowModel]]

    @classmethod
    def matches(cls, name: str) -> bool:
        """Does a file of this name, or at this URL, belong to the dataset?"""
        return re.search(cls.name_pattern, file_name(name), re.IGNORECASE) is not None

    @classmethod
    def period_of(cls, file_name: str) -> Period | None:
        """The period in a file name (None where rows carry their own period, or the file is a state)."""
        return None

    @classmethod
    def enrich(cls, rows: pd.DataFrame, file_name: str) -> pd.DataFrame:
        """Add the columns that follow from others, after parsing and before checking: here those of the period."""
        if not issubclass(cls.Row, PeriodRow):
            return rows
        if cls.period_from is None:
            period = cls._require_period(file_name)
            return rows.assign(period_label=period.label, period_start=period.start, period_end=period.end)
        return cls._with_own_periods(rows, file_name)

    @classmethod
    def _require_period(cls, file_name: str) -> Period:
        """The period in the file name. Raises FileRefused where there is none."""
        period = cls.period_of(file_name)
        if period is None:
            expected = "a year or school year such as 2018-2019 in the name"
            hint = f"give the file its published name, or extend period_of in {cls.declared_in()}"
            raise FileRefused(file_name, "file name", expected, "none that this dataset knows", hint)
        return period

    @classmethod
    def _with_own_periods(cls, rows: pd.DataFrame, file_name: str) -> pd.DataFrame:
        """The rows with the period of each; a row without one is left to the checks."""
        periods: dict[Any, Period] = {}
        for value in rows[cls.period_from].dropna().unique():
            try:
                periods[value] = cls.period_rule(value)
            except ValueError as fault:
                hint = f"see {cls.declared_in()} if the publisher writes periods in a new way"
                place = f"column {cls.period_from}"
                raise FileRefused(file_name, place, "a period", str(fault), hint) from None
        stated = rows[cls.period_from].map(periods)
        return rows.assign(
            period_label=stated.map(lambda period: period.label, na_action="ignore").astype("str"),
            period_start=stated.map(lambda period: period.start, na_action="ignore").astype(object),
            period_end=stated.map(lambda period: period.end, na_action="ignore").astype(object),
        )

    @classmethod
    @cache
    def schema(cls) -> pa.DataFrameSchema:
        """The Row model as Pandera's schema, with the checks that follow from the declaration: the key and the codes."""
        schema = deepcopy(cls.Row.to_schema())
        schema.unique = list(cls.key)
        schema.checks = [*schema.checks, *cls._checks(set(schema.columns))]
        return schema

    @classmethod
    def _checks(cls, columns: set[str]) -> Iterator[pa.Check]:
        """Frame-level checks by name; each gives a verdict per row."""
        if {"brin", "vestiging_id"} <= columns:
            yield pa.Check(partial(begins_with, column="vestiging_id", start="brin"), name="site_begins_with_its_brin")
        for code, same in cls.same_for.items():
            for column in same:
                yield pa.Check(partial(same_wherever, code=code, column=column), name=f"one_{column}_for_each_{code}")
        if cls.unlike:
            yield pa.Check(partial(differ, columns=cls.unlike, limit=MOST_ALIKE), name="no_column_is_a_copy_of_another")
        counts = cls.additive()
        entity = [name for name in cls.key if name not in ("period_start", cls.period_from)]
        if counts and len(entity) < len(cls.key):
            repeats = partial(periods_differ, entity=entity, columns=counts, limit=cls.max_equal_to_other_period)
            yield pa.Check(repeats, name="no_period_is_a_copy_of_another")
        for part, whole in cls.mostly.items():
            yield pa.Check(partial(most_of, part=part, whole=whole), name=f"{part}_is_most_of_{whole}")
        if cls.never_zero:
            yield pa.Check(partial(above_zero, columns=cls.never_zero), name="no_column_is_zero_throughout")

    @classmethod
    @cache
    def columns(cls) -> tuple[str, ...]:
        """All columns of a row that are kept, in order: those that are read as witnesses only are not."""
        columns = cls.Row.to_schema().columns
        return tuple(name for name, spec in columns.items() if not (spec.metadata or {}).get("witness"))

    @classmethod
    def additive(cls) -> list[str]:
        """The columns of which the lines add up."""
        return [name for name in cls.columns() if ADDITIVE.fullmatch(name) and name not in cls.key]

    @classmethod
    @cache
    def fields(cls) -> dict[str, dict[str, Any]]:
        """The declared columns that are read from the file: name -> metadata (headers, kind, required)."""
        columns = cls.Row.to_schema().columns
        return {name: spec.metadata for name, spec in columns.items() if spec.metadata}

    @classmethod
    def declared_in(cls) -> str:
        """The file that declares the dataset, for people."""
        return f"{cls.__module__.replace('.', '/')}.py"


def file_name(url: str) -> str:
    """The decoded name of the file at a URL or path: `.../07.-geslaagden%2C-...csv?x=1` -> `07.-geslaagden,-...csv`.

    A member of a zip is written behind a `#`. This is the one place where names are decoded: everything in `schemas`
    takes an encoded name too.
    """
    parts = urlsplit(url)
    path = (parts.fragment or parts.path) if parts.scheme else url
    return unquote(path.rstrip("/").rsplit("/", 1)[-1])


def all_subclasses(base: type[Dataset]) -> Iterator[type[Dataset]]:
    """Every dataset class that has been imported and has an id."""
    for cls in base.__subclasses__():
        if "id" in cls.__dict__:
            yield cls
        yield from all_subclasses(cls)


__all__ = [
    "CBS",
    "DUO",
    "INSPECTIE",
    "CkanResource",
    "Dataset",
    "Dialect",
    "PublishedFile",
    "Publisher",
    "all_subclasses",
    "file_name",
]
