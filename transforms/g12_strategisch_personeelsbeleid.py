"""G12 Strategic HR policy: context from schools and boards. Temporary contracts, staff of 55 and older, hired staff.

    tijdelijke_dienst_pct = 100 * sum(persons on temporary contracts) / sum(persons on temporary or permanent contracts)
    personeel_55plus_pct  = 100 * sum(persons of 55 and older) / sum(persons of known age)
    inhuur_pct            = 100 * sum(costs of staff that is not employed) / sum(staff costs)

Unit: percent of persons on 1 October, all function groups. Source: DUO onderwijspersoneel in persons, per board,
school and function; staff above the schools of a board counts for the board and the country. Starred cells (`*`) are
small counts, and a blank that the other cells do not explain is unknown: no value rests on either. Costs: DUO lasten, per
board and calendar year, school boards only; a blank is nothing, for with it the parts make their total on every line.
A board that booked costs back (below zero) has no share. Context, never a verdict: the goal is measured by surveys among
boards (register).
"""

from transforms.series import BOARD, NATIONAL, SCHOOL, SCHOOL_BOARDS, Series, counts_for, hidden_cells, select

DATASET = "duo_personeel_personen"
YOUNGER = ["age_under_15_n", "age_15_25_n", "age_25_35_n", "age_35_45_n", "age_45_55_n"]
OLDER = ["age_55_65_n", "age_65_up_n"]


def added(columns: list[str]) -> str:
    """SQL: the sum of counts, blank and hidden ones left out."""
    return " + ".join(f"coalesce({column}, 0)" for column in columns)


def known(whole: list[str], others: list[str], hidden: str) -> str:
    """SQL: how many cells are hidden; NULL (nothing can be said) where one is blank and the rest are not all persons.

    A blank is nobody only if the filled cells, with those of `others`, make up all persons of the line.
    """
    filled = " AND ".join(f"({column} IS NOT NULL OR list_contains(masked, '{column}'))" for column in whole)
    return f"CASE WHEN ({filled}) OR {added(whole + others)} = persons_n THEN {hidden} END"


def share_of_staff(part: list[str], rest: list[str], others: list[str]) -> str:
    """`part` as a share of `part` and `rest` together; lines that say nothing about any of them are no lines."""
    whole = part + rest
    return select(
        DATASET,
        added(part),
        added(whole),
        unit=counts_for(SCHOOL, BOARD, NATIONAL),
        hidden=(known(whole, others, hidden_cells(*part)), known(whole, others, hidden_cells(*whole))),
        where=f"coalesce({', '.join(whole)}) IS NOT NULL OR coalesce({hidden_cells(*whole)}, 1) > 0",
    )


HIRED = "coalesce(hired_staff_eur, 0)"

SERIES = [
    Series(
        "g12_inhuur_pct",
        "bottom_up_lasten",
        "duo_lasten",
        select(
            "duo_lasten",
            HIRED,
            "staff_eur",
            unit=counts_for(BOARD, NATIONAL),
            where=f"{SCHOOL_BOARDS} AND staff_eur > 0 AND {HIRED} BETWEEN 0 AND staff_eur",
        ),
    ),
    Series(
        "g12_tijdelijke_dienst_pct",
        "bottom_up_personeel",
        DATASET,
        share_of_staff(["temporary_n"], ["permanent_n"], []),
    ),
    Series(
        "g12_personeel_55plus_pct", "bottom_up_personeel", DATASET, share_of_staff(OLDER, YOUNGER, ["age_unknown_n"])
    ),
]
