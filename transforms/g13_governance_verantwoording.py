"""G13 Governance and accountability: financial ratios of the boards. A proxy: financial health is not good governance.

    solvabiliteit_2   = sum(own funds + provisions) / sum(total liabilities)
    liquiditeit       = sum(current assets) / sum(short-term debt)
    eigen_vermogen    = sum(own funds), in euros
    rentabiliteit     = as DUO prints it per board (result / total income)
    weerstandsvermogen = as DUO prints it per board (own funds / total income)

Calendar years; national values are ratios of sums over the school boards, never means of ratios. Only Groepering SSG1
to SSG5: the VO sector also holds samenwerkingsverbanden (SWV), whose own funds are shown apart under `alle-vo`. Not
audited; from reporting year 2017 on earlier years are not restated to the boards of today. A board with a blank cell
has no ratio; how many those are is in the view `finance_coverage`.

Profitability and the resistance ratio need total income, which neither the balance nor the costs hold: they come from
DUO's own key figures and exist per board only (no sums to divide).

    besturen_lage_solvabiliteit_pct = 100 * boards with solvabiliteit_2 below 0.30 / boards
    besturen_lage_liquiditeit_pct   = 100 * boards with liquiditeit below 1 / boards

0.30 and 1 are the Inspectorate's signal values of about 2017 for secondary education: no norms, and not those of every year.
"""

from transforms.series import BOARD, NATIONAL, SCHOOL_BOARDS, Series, counts_for, select

BALANCE = "duo_balans"
KEY_FIGURES = "duo_kengetallen"


def balance_ratio(numerator: str, denominator: str) -> str:
    """One sum over another, per school board and for all of them; blank cells make no ratio."""
    filled = f"{SCHOOL_BOARDS} AND {numerator} IS NOT NULL AND {denominator} IS NOT NULL"
    return select(BALANCE, numerator, denominator, unit=counts_for(BOARD, NATIONAL), where=filled)


def boards_below(numerator: str, denominator: str, signal_value: str) -> str:
    """How many school boards have a ratio below a signal value, of all that have the ratio."""
    filled = f"{SCHOOL_BOARDS} AND {numerator} IS NOT NULL AND {denominator} > 0"
    below = f"CASE WHEN ({numerator}) < {signal_value} * {denominator} THEN 1 ELSE 0 END"
    return select(BALANCE, below, "1", unit=counts_for(NATIONAL), where=filled)


def key_figure(column: str) -> str:
    """A ratio that DUO printed per board; carried in thousandths, so that no decimals are lost."""
    filled = f"{SCHOOL_BOARDS} AND {column} IS NOT NULL"
    return select(KEY_FIGURES, f"1000 * {column}", "1000", unit=counts_for(BOARD), where=filled)


OWN_FUNDS = select(BALANCE, "own_funds_eur", unit=counts_for(BOARD, NATIONAL), where=SCHOOL_BOARDS)
OWN_FUNDS_OF_ALL = select(
    BALANCE, "own_funds_eur", unit=counts_for(NATIONAL), breakdown="'alle-vo'", where="sector = 'VO'"
)

SERIES = [
    Series(
        "g13_solvabiliteit_2",
        "bottom_up_balans",
        BALANCE,
        balance_ratio("own_funds_eur + provisions_eur", "total_liabilities_eur"),
        scale=1.0,
    ),
    Series(
        "g13_liquiditeit",
        "bottom_up_balans",
        BALANCE,
        balance_ratio("current_assets_eur", "short_term_debt_eur"),
        scale=1.0,
    ),
    Series(
        "g13_eigen_vermogen_eur",
        "bottom_up_balans",
        BALANCE,
        f"{OWN_FUNDS} AND own_funds_eur IS NOT NULL UNION ALL {OWN_FUNDS_OF_ALL} AND own_funds_eur IS NOT NULL",
        scale=1.0,
    ),
    Series(
        "g13_besturen_lage_solvabiliteit_pct",
        "bottom_up_balans",
        BALANCE,
        boards_below("own_funds_eur + provisions_eur", "total_liabilities_eur", "0.30"),
    ),
    Series(
        "g13_besturen_lage_liquiditeit_pct",
        "bottom_up_balans",
        BALANCE,
        boards_below("current_assets_eur", "short_term_debt_eur", "1"),
    ),
    Series("g13_rentabiliteit", "bottom_up_kengetallen", KEY_FIGURES, key_figure("profitability"), scale=1.0),
    Series("g13_weerstandsvermogen", "bottom_up_kengetallen", KEY_FIGURES, key_figure("resistance"), scale=1.0),
]
