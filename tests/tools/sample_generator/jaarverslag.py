"""Made-up codings of annual reports, for the sample edition only: every row is synthetic, and its coders say so."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from warehouse.jaarverslag.dice import Dice

YEARS = (2019, 2020)
CODERS = ("SYNTHETISCH codeur 1", "SYNTHETISCH codeur 2")
READ, READ_TWICE, SAME_ANSWER = 0.6, 0.4, 0.85
"""The shares of reports that are read, of those that are read twice, and of answers on which two coders agree."""


def synthetic_reports(boards: Sequence[str], seed: int = 2018) -> pd.DataFrame:
    """Rows of register table `jaarverslag` for part of `boards`, with a column `synthetic` that is always true."""
    rows = [
        row
        for board_id in sorted(boards)
        for report_year in YEARS
        if (row := synthetic_report(board_id, report_year, Dice(seed, "jaarverslag", board_id, report_year)))
    ]
    return pd.DataFrame(rows)


def synthetic_report(board_id: str, report_year: int, dice: Dice) -> dict[str, Any] | None:
    """One coding, or None for a report that nobody has read."""
    if not dice.chance(READ):
        return None
    twice = dice.chance(READ_TWICE)
    row: dict[str, Any] = {
        "board_id": board_id,
        "report_year": report_year,
        "coder": CODERS[0],
        "page": dice.whole(10, 90),
    }
    row["second_coder"] = CODERS[1] if twice else None
    likely = {"mentions_prestatiebox": 0.7, "split_by_ambition": 0.3, "progress_described": 0.5}
    for field, share in likely.items():
        row[field] = dice.chance(share)
        row[f"second_{field}"] = (row[field] if dice.chance(SAME_ANSWER) else not row[field]) if twice else None
    row["amount_eur"] = dice.whole(50, 900) * 1000 if row["mentions_prestatiebox"] else None
    row["second_amount_eur"] = row["amount_eur"] if row["second_mentions_prestatiebox"] else None
    goals = [f"G{number:02d}" for number in range(1, 16) if dice.chance(0.2)]
    others = goals if dice.chance(SAME_ANSWER) else goals[1:]
    row["goals_mentioned"] = ";".join(goals) or None
    row["second_goals_mentioned"] = (";".join(others) or None) if twice else None
    row["synthetic"] = True
    return row
