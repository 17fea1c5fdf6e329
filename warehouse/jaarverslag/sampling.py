"""Which annual reports to read: a sample of boards with known chances, and how much of the sector has been read.

The agreement asks boards to account for the prestatiebox in their annual reports of 2019 and 2020. Nobody can read
them all soon, so a sample is drawn from the real boards in the warehouse: stratified by size (pupils), and spread
over the provinces within each size by a systematic draw from a list in order of province. Every board of one size has
the same chance, so that its design weight is boards over sampled boards of that size. The same seed gives the same
sample.

Method: W.G. Cochran, Sampling Techniques (3rd ed., 1977), chapters 5 (stratified) and 8 (systematic sampling).
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

import duckdb
import pandas as pd

from warehouse.csv_writer import csv_text
from warehouse.jaarverslag.dice import Dice

SIZES = (("klein", 1_500), ("midden", 5_000), ("groot", None))
"""Size classes and the number of pupils below which a board falls in them."""
UNKNOWN_SIZE = "onbekend"
LEAST_PER_STRATUM = 2
"""With one board of a size the spread cannot be estimated."""

FRAME = """
WITH pupils AS (
    SELECT entity_id AS vestiging_id, coalesce(value, value_low) AS pupils
    FROM goals.observation
    WHERE indicator_id = 'g08_leerlingen_n' AND entity_level = 'vestiging' AND known_to IS NULL
      AND period_end = (SELECT max(period_end) FROM goals.observation WHERE indicator_id = 'g08_leerlingen_n')
),
per_province AS (
    SELECT board_id, province, count(*) AS sites, sum(pupils)::BIGINT AS pupils
    FROM sites_on(DATE '9999-12-31') LEFT JOIN pupils USING (vestiging_id)
    WHERE board_id IS NOT NULL AND is_open
    GROUP BY board_id, province
)
SELECT board_id, arg_max(province, (coalesce(pupils, 0), sites, province)) AS province, sum(pupils)::BIGINT AS pupils
FROM per_province GROUP BY board_id ORDER BY board_id"""


class SampleError(Exception):
    """No sample can be drawn as asked; the message says why and what to do."""


@dataclass(frozen=True)
class Board:
    """A board of the sampling frame: pupils of its sites on the last 1 October known (None: in no file)."""

    board_id: str
    province: str | None
    pupils: int | None

    @property
    def size(self) -> str:
        """Its size class."""
        if self.pupils is None:
            return UNKNOWN_SIZE
        return next(name for name, below in SIZES if below is None or self.pupils < below)


@dataclass(frozen=True)
class SampledBoard:
    """A board to read; `weight` is how many boards of its size there are over how many were drawn."""

    draw: int
    board_id: str
    province: str | None
    pupils: int | None
    size: str
    boards_of_size: int
    sampled_of_size: int
    weight: float


def sampling_frame(con: duckdb.DuckDBPyConnection) -> list[Board]:
    """The boards of the warehouse in order of number; a board counts for the province with most of its pupils."""
    rows = con.execute(FRAME).fetchall()
    return [Board(board_id, province, pupils) for board_id, province, pupils in rows]


def sampling_plan(frame: Sequence[Board], boards: int, seed: int) -> list[SampledBoard]:
    """Draw `boards` boards: over the sizes in proportion, at least two of each, then systematically by province.

    Raises SampleError when the frame is empty or cannot give that many.
    """
    strata = by_size(frame)
    drawn_per_size = allocation({size: len(members) for size, members in strata.items()}, boards)
    plan: list[SampledBoard] = []
    for size, members in strata.items():
        wanted = drawn_per_size[size]
        for board in systematic(members, wanted, Dice("jaarverslag", seed, size)):
            weight = len(members) / wanted
            chosen = (board.board_id, board.province, board.pupils, size, len(members), wanted, weight)
            plan.append(SampledBoard(len(plan) + 1, *chosen))
    return plan


def by_size(frame: Sequence[Board]) -> dict[str, list[Board]]:
    """The boards per size class, sizes in order, empty ones left out."""
    names = [name for name, _ in SIZES] + [UNKNOWN_SIZE]
    strata = {name: [board for board in frame if board.size == name] for name in names}
    return {name: members for name, members in strata.items() if members}


def allocation(boards_of_size: dict[str, int], boards: int) -> dict[str, int]:
    """How many to draw of each size: in proportion, never fewer than two nor more than there are."""
    total = sum(boards_of_size.values())
    least = {size: min(LEAST_PER_STRATUM, number) for size, number in boards_of_size.items()}
    if not sum(least.values()) <= boards <= total or not total:
        raise SampleError(
            f"cannot draw {boards} boards: expected from {sum(least.values())} (two of each size) to {total} "
            f"(all boards in the warehouse); ask for another number, or build the warehouse with an address file first."
        )
    drawn = dict(least)
    while sum(drawn.values()) < boards:
        # The size that is furthest behind its share gets the next one; ties by name, so that the order never matters.
        behind = {
            size: boards * number / total - drawn[size]
            for size, number in boards_of_size.items()
            if drawn[size] < number
        }
        drawn[max(sorted(behind), key=lambda size: behind[size])] += 1
    return drawn


def systematic(members: Sequence[Board], wanted: int, dice: Dice) -> list[Board]:
    """Every k-th board from a random start, from a list by province and in random order within it."""
    shuffled = dice.shuffled(sorted(members, key=lambda board: board.board_id))
    listed = sorted(shuffled, key=lambda board: board.province or "")
    step = len(listed) / wanted
    start = dice.between(0, step)
    # Rounding may carry the last position past the end when everyone is drawn.
    return [listed[min(int(start + number * step), len(listed) - 1)] for number in range(wanted)]


def plan_csv(plan: Sequence[SampledBoard], edition: str, synthetic: bool) -> str:
    """The plan as CSV, one line per board, which says of every line whether the board is made up."""
    names = [*(field.name for field in fields(SampledBoard)), "edition", "synthetic"]
    return csv_text(names, [(*astuple(board), edition, synthetic) for board in plan])


@dataclass(frozen=True)
class Coverage:
    """How much of the sector the coded reports of one year stand for, before any weighting."""

    report_year: int
    boards: int
    boards_coded: int
    twice_coded: int
    pupils: int
    pupils_coded: int
    not_in_frame: tuple[str, ...]

    @property
    def boards_pct(self) -> float:
        """Percent of boards."""
        return 100 * self.boards_coded / self.boards if self.boards else 0.0

    @property
    def pupils_pct(self) -> float:
        """Percent of pupils."""
        return 100 * self.pupils_coded / self.pupils if self.pupils else 0.0


def coverage(frame: Sequence[Board], reports: pd.DataFrame, report_year: int) -> Coverage:
    """Boards and pupils whose report of that year has been read. `reports`: rows of register table `jaarverslag`."""
    of_year = reports[reports["report_year"] == report_year]
    coded = set(of_year["board_id"])
    known = {board.board_id: board for board in frame}
    return Coverage(
        report_year=report_year,
        boards=len(frame),
        boards_coded=len(coded & set(known)),
        twice_coded=int(of_year["second_coder"].notna().sum()),
        pupils=sum(board.pupils or 0 for board in frame),
        pupils_coded=sum(known[board_id].pupils or 0 for board_id in coded & set(known)),
        not_in_frame=tuple(sorted(coded - set(known))),
    )
