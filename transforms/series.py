"""What a goal's file declares: how rows of one dataset become contributions to an indicator.

A series is a SQL select over one `core` table. It gives a **contribution** per line, period and breakdown: a numerator and a
denominator at one vestiging. Everything else (adding up to schools, boards, provinces and the country, bounds for
masked cells, knowing since when) is done once for all series in the warehouse (`warehouse/build`).

A line that is not about a site says itself which entities it counts for: its `vestiging_id` is then made by
`counts_for`, such as `board:41234/national:NL`. Nothing is added up for such a line but what it names.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

Points = Callable[[pd.DataFrame], pd.DataFrame]
"""Given masked lines with the columns of `cells_sql`, the (numerator, denominator) pairs each can truly have."""


@dataclass(frozen=True)
class Series:
    """One way of making one indicator from one dataset.

    `sql` selects from `core.<dataset_id>` what `select` below selects; `scale` is 100 for a percentage, 1 for a mean or
    a ratio.
    A series without a denominator (`denominator` NULL everywhere) is a sum. `rank` orders datasets that became known on
    the same day: the higher one is the better source. `parts_sum_to_total` says that breakdowns add up to `total`.
    `cells_sql` and `feasible_points` belong together: they tighten the bounds of masked lines by what else the publisher
    printed on the line. `points_are_public` says that those possibilities give nothing away (the publisher prints what they
    are made of, and the value itself), so that they hold at every level and replace those of the masks alone. `rounding` is
    how far each count may be from the true one (5 where a publisher rounds to tens): the value then has bounds too. Such counts
    are contributions of their own, with NULL for the other part.
    """

    indicator_id: str
    method_version: str
    dataset_id: str
    sql: str
    scale: float = 100.0
    rank: int = 0
    parts_sum_to_total: bool = False
    cells_sql: str | None = None
    feasible_points: Points | None = None
    points_are_public: bool = False
    rounding: float = 0.0


def masked(column: str) -> str:
    """SQL: has the publisher hidden this column in this row, as a count of 1 to 4?"""
    return f"list_contains(masked, '{column}')"


def hidden_cells(*columns: str) -> str:
    """SQL: how many of these columns are hidden in this row; NULL where one is hidden without any bound (`*`, `x`).

    Nothing honest can be said of what such a row adds up to: sums and shares it belongs to are left out.
    """
    bounded = ", ".join(f"'{column}'" for column in columns)
    boundless = ", ".join(f"'{column}*'" for column in columns)
    count = f"len(list_filter(masked, lambda cell: cell IN ({bounded})))::INT"
    return f"CASE WHEN NOT list_has_any(masked, [{boundless}]) THEN {count} END"


def ratio(dataset_id: str, numerator: str, denominator: str, *, breakdown: str = "'total'", where: str = "true") -> str:
    """The select of a series that divides one count by another, line by line of its dataset."""
    return select(
        dataset_id,
        numerator,
        denominator,
        hidden=(hidden_cells(numerator), hidden_cells(denominator)),
        breakdown=breakdown,
        where=where,
    )


def select(
    dataset_id: str,
    numerator: str,
    denominator: str = "NULL",
    *,
    unit: str = "vestiging_id",
    hidden: tuple[str, str] = ("0", "0"),
    breakdown: str = "'total'",
    where: str = "true",
) -> str:
    """The select of a series from SQL expressions over the columns of its dataset.

    `hidden`: how many cells of the numerator and of the denominator the publisher has hidden in the line; `unit`: the
    site (the default), or what the line counts for.
    """
    return f"""
        SELECT source_file_id, line, {unit} AS vestiging_id, period_label, period_start, period_end,
               {breakdown} AS breakdown,
               {numerator} AS numerator, {hidden[0]} AS numerator_masked,
               {denominator} AS denominator, {hidden[1]} AS denominator_masked
        FROM core.{dataset_id}
        WHERE {where}"""  # noqa: S608 - names of ours


SCHOOL_BOARDS = "sector = 'VO' AND \"group\" IN ('SSG1', 'SSG2', 'SSG3', 'SSG4', 'SSG5')"
"""In the annual accounts: school boards, without samenwerkingsverbanden (SWV)."""
NATIONAL = "'national:NL'"
BOARD = "'board:' || board_id"
SCHOOL = "'school:' || brin"


def counts_for(*entities: str) -> str:
    """SQL: the unit of a line that itself says which entities it counts for; one that it leaves empty falls away."""
    return f"concat_ws('/', {', '.join(entities)})"
