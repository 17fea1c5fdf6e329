"""DUO: annual accounts of boards (balance, costs, ratios), one row per board, sector and year.

Calendar years; not audited by DUO; from the accounts of 2017 on, earlier years are no longer restated to the boards of
today. Sector VO holds samenwerkingsverbanden too (Groepering SWV): school boards are SSG1 to SSG5. A board with
schools in PO and VO stands in one sector. Blank means not reported or nothing; `-1` is a rounded amount, no mask.
"""

from typing import Any

import pandas as pd
import pandera.pandas as pa

from schemas.cadence import IN_AUTUMN
from schemas.checks import add_up, all_of, near_other_periods
from schemas.dataset import DUO, Dataset, Dialect, PublishedFile
from schemas.fields import PeriodRow, Series, board, category, euro, ratio, text, year
from schemas.periods import calendar_year
from schemas.publishers import DUO_IMAGES

LARGEST_EUR = 10_000_000_000
"""No amount of one board is larger. Real files: at most 947 million."""
ROUNDING_EUR = 20
"""How far parts may be from their printed total. Real files: 0 on the balance, 5 in the costs; the sample: 9."""
SIDES_APART = 0.25
"""How far the two sides of a balance may be apart, as a share. Real file: 0.14 on one line, 0.015 on the next."""
YEARS_APART = {"total_assets_eur": 2.0, "staff_eur": 2.5, "other_eur": 2.5}
"""Between an amount and half of its board's other years, on a scale of powers of ten (thousands of euros: 3).
Real files: 1.22 for the assets, 1.58 for the costs of staff, 1.90 for other costs."""
LEAST_COST, LEAST_CREDIT, LEAST_OTHER = -1_000_000, -10_000_000, -50_000_000
"""Costs are below zero where a board booked something back. Real files: pay 0, hired staff -156,600, staff -40,071,
materials -280, auditors -2,356; depreciation -1.0, housing -1.3, passed on -2.7 million; other costs -10.8 million."""
LARGEST_RATIO = 100_000
"""No ratio is larger, whether it is printed as a share or a percentage; no real file was seen."""
PAGE = (
    "https://duo.nl/open_onderwijsdata/onderwijs-algemeen/financiele-overzichten/financiele-verantwoording-uit-xbrl.jsp"
)
BALANCE_TOTALS = {
    "fixed_assets_eur": ("intangible_assets_eur", "tangible_assets_eur", "financial_assets_eur"),
    "current_assets_eur": ("stocks_eur", "receivables_eur", "securities_eur", "cash_eur"),
    "total_assets_eur": ("fixed_assets_eur", "current_assets_eur"),
    "total_liabilities_eur": ("own_funds_eur", "provisions_eur", "long_term_debt_eur", "short_term_debt_eur"),
}
COST_TOTALS = {
    "pay_eur": ("wages_eur", "social_security_eur", "participation_fund_eur", "replacement_fund_eur", "pensions_eur"),
    "other_staff_eur": ("staff_provisions_eur", "hired_staff_eur", "remaining_staff_eur"),
    "staff_eur": ("pay_eur", "other_staff_eur", "-staff_benefits_eur"),
    "depreciation_eur": ("intangible_depreciation_eur", "tangible_depreciation_eur"),
    "housing_eur": (
        "rent_eur",
        "insurance_eur",
        "maintenance_eur",
        "energy_eur",
        "cleaning_eur",
        "taxes_eur",
        "maintenance_provisions_eur",
        "remaining_housing_eur",
    ),
    "auditors_eur": ("audit_of_accounts_eur", "other_audits_eur", "tax_advice_eur", "auditors_advice_eur"),
}
TAIL = r"(-per-bestuur)?(-\d{4}-\d{4})?(-standaard)?\.(csv|xlsx|xls)$"
"""How names of these files end, whatever the years."""


def totals_hold(rows: pd.DataFrame, totals: dict[str, tuple[str, ...]]) -> pd.Series:
    """Each total is the sum of its parts; `-name` is a part that is taken off, because it is printed below zero."""
    return all_of(add_up(rows, parts, total, ROUNDING_EUR) for total, parts in totals.items())


def amount_eur(*headers: str, **field: Any) -> Any:
    """Whole euros of one board."""
    return euro(*headers, **{"ge": -LARGEST_EUR, "le": LARGEST_EUR, **field})


class FinancieRow(PeriodRow):
    """One board in one sector and year."""

    board_id: Series[str] = board()
    sector: Series[str] = category("SECTOR", "BELEIDSTERREIN", required=False)
    group: Series[str] = category("GROEPERING", required=False)
    name: Series[str] = text("NAAM", "NAAM KORT", "BEVOEGD GEZAG NAAM")
    year: Series[pd.Int64Dtype] = year("JAAR", "VERSLAGJAAR")

    @pa.dataframe_check
    @classmethod
    def amounts_are_near_those_of_other_years(cls, rows: pd.DataFrame) -> pd.Series:
        """A year in thousands of euros, or an amount a digit or three too long, is far from the board's other years."""
        verdict = pd.Series(True, index=rows.index)
        for column in YEARS_APART.keys() & set(rows):
            verdict &= near_other_periods(rows, ("board_id", "sector"), column, YEARS_APART[column])
        return verdict


class Financien(Dataset):
    """What the financial datasets have in common."""

    publisher = DUO
    landing_page = PAGE
    # Five years at a time.
    cadence = IN_AUTUMN
    masks = False
    max_lost_entities = 0.005
    key = ("board_id", "sector", "year")
    period_from = "year"
    period_rule = calendar_year


class BalansRow(FinancieRow):
    """What solvency and liquidity are made of, in whole euros. A blank is nothing: with it the sums hold to the euro."""

    intangible_assets_eur: Series[pd.Int64Dtype] = amount_eur("IMMATERIËLE VASTE ACTIVA", required=False, witness=True)
    tangible_assets_eur: Series[pd.Int64Dtype] = amount_eur("MATERIËLE VASTE ACTIVA", required=False, witness=True)
    financial_assets_eur: Series[pd.Int64Dtype] = amount_eur("FINANCIËLE VASTE ACTIVA", required=False, witness=True)
    fixed_assets_eur: Series[pd.Int64Dtype] = amount_eur("TOTAAL VAN VASTE ACTIVA", required=False, ge=0)
    stocks_eur: Series[pd.Int64Dtype] = amount_eur("VOORRADEN", required=False)
    receivables_eur: Series[pd.Int64Dtype] = amount_eur("VORDERINGEN", required=False, witness=True)
    securities_eur: Series[pd.Int64Dtype] = amount_eur("KORTLOPENDE EFFECTEN", required=False, witness=True)
    cash_eur: Series[pd.Int64Dtype] = amount_eur("LIQUIDE MIDDELEN", required=False)
    current_assets_eur: Series[pd.Int64Dtype] = amount_eur("TOTAAL VAN VLOTTENDE ACTIVA", ge=0)
    total_assets_eur: Series[pd.Int64Dtype] = amount_eur("TOTAAL VAN ACTIVA", ge=0)
    own_funds_eur: Series[pd.Int64Dtype] = amount_eur("EIGEN VERMOGEN")
    provisions_eur: Series[pd.Int64Dtype] = amount_eur("VOORZIENINGEN", ge=0)
    long_term_debt_eur: Series[pd.Int64Dtype] = amount_eur("LANGLOPENDE SCHULDEN", required=False, ge=0)
    short_term_debt_eur: Series[pd.Int64Dtype] = amount_eur("KORTLOPENDE SCHULDEN", ge=0)
    total_liabilities_eur: Series[pd.Int64Dtype] = amount_eur("TOTAAL VAN PASSIVA", ge=0)

    @pa.dataframe_check
    @classmethod
    def parts_make_their_totals(cls, rows: pd.DataFrame) -> pd.Series:
        """Fixed and current assets, both sides of the balance: each total is the sum of what stands above it."""
        return totals_hold(rows, BALANCE_TOTALS)

    @pa.dataframe_check
    @classmethod
    def school_boards_are_named(cls, rows: pd.DataFrame) -> pd.Series:
        """Sector VO, group SSG1 to SSG5. Real files: 1,428 of 1,805 lines of the sector."""
        return schools_are_there(rows)

    @pa.dataframe_check
    @classmethod
    def assets_equal_liabilities(cls, rows: pd.DataFrame) -> pd.Series:
        """Both sides of the balance agree, but for the slips that boards hand in."""
        sides = rows[["total_assets_eur", "total_liabilities_eur"]].astype("float64").fillna(0)
        apart = (sides.iloc[:, 0] - sides.iloc[:, 1]).abs()
        return apart <= (SIDES_APART * sides.max(axis=1)).clip(lower=ROUNDING_EUR)


class Balans(Financien):
    id = "duo_balans"
    title_nl = "Balans per bestuur"
    title_en = "Balance sheet per board"
    name_pattern = r"^(\d+[.-]+)?balans" + TAIL
    files = (PublishedFile(DUO_IMAGES + "01-balans-2015-2019.xlsx", "2015-2019", "name only"),)
    dialect = Dialect(delimiter=";,", sheets=("Balans",))
    known_headers = ("_id",)
    Row = BalansRow


def schools_are_there(rows: pd.DataFrame) -> pd.Series:
    """Some line is of a school board in secondary education: else sector or group is missing or has other words."""
    there = rows["sector"].eq("VO") & rows["group"].astype("str").str.startswith("SSG")
    return pd.Series(bool(there.any()), index=rows.index)


def part(*headers: str) -> Any:
    """One of the amounts that a printed total is made of: read to check it, and then left out."""
    return amount_eur(*headers, required=False, witness=True)


class LastenRow(FinancieRow):
    """Costs in whole euros: the totals of each group, and what the goals ask for within them. A blank is nothing."""

    wages_eur: Series[pd.Int64Dtype] = part("Lonen")
    social_security_eur: Series[pd.Int64Dtype] = part("Sociale lasten")
    participation_fund_eur: Series[pd.Int64Dtype] = part("Premies Participatiefonds")
    replacement_fund_eur: Series[pd.Int64Dtype] = part("Premies Vervangingsfonds")
    pensions_eur: Series[pd.Int64Dtype] = part("Pensioenlasten")
    staff_provisions_eur: Series[pd.Int64Dtype] = part("Dotaties personele voorzieningen")
    remaining_staff_eur: Series[pd.Int64Dtype] = part("Overige overige personele lasten")
    other_staff_eur: Series[pd.Int64Dtype] = part("Overige personele lasten")
    staff_benefits_eur: Series[pd.Int64Dtype] = part("Uitkeringen die personeelslasten verminderen")
    intangible_depreciation_eur: Series[pd.Int64Dtype] = part("Afschrijvingen op immateriele vaste activa")
    tangible_depreciation_eur: Series[pd.Int64Dtype] = part("Afschrijvingen op materiele vaste activa")
    rent_eur: Series[pd.Int64Dtype] = part("Huurlasten")
    insurance_eur: Series[pd.Int64Dtype] = part("Verzekeringslasten")
    maintenance_eur: Series[pd.Int64Dtype] = part("Onderhoudslasten klein onderhoud")
    energy_eur: Series[pd.Int64Dtype] = part("Lasten voor energie en water")
    cleaning_eur: Series[pd.Int64Dtype] = part("Schoonmaakkosten")
    taxes_eur: Series[pd.Int64Dtype] = part("Belastingen en heffingen")
    maintenance_provisions_eur: Series[pd.Int64Dtype] = part("Dotatie onderhoudsvoorziening")
    remaining_housing_eur: Series[pd.Int64Dtype] = part("Overige overige huisvestingslasten")
    audit_of_accounts_eur: Series[pd.Int64Dtype] = part("Accountantshonoraria voor het onderzoek van de jaarrekening")
    other_audits_eur: Series[pd.Int64Dtype] = part("Accountantshonoraria voor andere controleopdrachten")
    tax_advice_eur: Series[pd.Int64Dtype] = part("Accountantshonoraria voor adviesdiensten op fiscaal terrein")
    auditors_advice_eur: Series[pd.Int64Dtype] = part("Accountantshonoraria voor andere nietcontrolediensten")

    pay_eur: Series[pd.Int64Dtype] = amount_eur(
        "LONEN SALARISSEN SOCIALE LASTEN EN PENSIOENLASTEN", required=False, ge=LEAST_COST
    )
    hired_staff_eur: Series[pd.Int64Dtype] = amount_eur(
        "LASTEN PERSONEEL NIET IN LOONDIENST", required=False, ge=LEAST_COST
    )
    staff_eur: Series[pd.Int64Dtype] = amount_eur("PERSONEELSLASTEN", ge=LEAST_COST)
    depreciation_eur: Series[pd.Int64Dtype] = amount_eur("AFSCHRIJVINGEN", ge=LEAST_CREDIT)
    housing_eur: Series[pd.Int64Dtype] = amount_eur("HUISVESTINGSLASTEN", ge=LEAST_CREDIT)
    teaching_materials_eur: Series[pd.Int64Dtype] = amount_eur("LEER EN HULPMIDDELEN", required=False, ge=LEAST_COST)
    other_eur: Series[pd.Int64Dtype] = amount_eur("OVERIGE LASTEN", ge=LEAST_OTHER)
    passed_on_to_boards_eur: Series[pd.Int64Dtype] = amount_eur(
        "DOORBETALINGEN AAN SCHOOLBESTUREN", required=False, ge=LEAST_CREDIT
    )
    auditors_eur: Series[pd.Int64Dtype] = amount_eur("ACCOUNTANTSHONORARIA", required=False, ge=LEAST_COST)

    @pa.dataframe_check
    @classmethod
    def parts_make_their_totals(cls, rows: pd.DataFrame) -> pd.Series:
        """Pay, staff, depreciation, housing and auditors: each total is the sum of its parts."""
        return totals_hold(rows, COST_TOTALS)

    @pa.dataframe_check
    @classmethod
    def school_boards_are_named(cls, rows: pd.DataFrame) -> pd.Series:
        """Sector VO, group SSG1 to SSG5. Real files: 1,428 of 1,805 lines of the sector."""
        return schools_are_there(rows)


class Lasten(Financien):
    id = "duo_lasten"
    title_nl = "Lasten per bestuur"
    title_en = "Costs per board"
    name_pattern = r"^(\d+[.-]+)?lasten" + TAIL
    files = (
        PublishedFile("https://onderwijsdata.duo.nl/lasten.csv", "2014-2018", "a dump of which the address is unknown"),
    )
    dialect = Dialect(delimiter=",;", sheets=("Lasten",))
    known_headers = (
        "_id",
        "Vergoedingen uit het Participatiefonds",
        "Vergoedingen uit het Vervangingsfonds",
        "Overige uitkeringen die personeelslasten verminderen",
        "Administratie en beheerslasten",
        "Inventaris en apparatuur",
        "Dotatie overige voorzieningen",
        "Overige overige overige lasten",
        "Verstrekte subsidies",
        "Gerealiseerde herwaardering",
        "Verplichte afdrachten uit te voeren door OCW voor vso",
        "Verplichte afdrachten uit te voeren door OCW voor Lwoo",
        "Verplichte afdrachten uit te voeren door OCW voor pro",
        "Verplichte afdrachten uit te voeren door OCW",
        "Doorbetaling op basis van 1 februari vso",
        "Doorbetaling op basis van 1 februari sbo",
        "Doorbetaling op basis van 1 februari",
        "Overige doorbetalingen van rijksbijdragen aan schoolbesturen",
    )
    Row = LastenRow


def key_figure(*headers: str, **field: Any) -> Any:
    """A ratio within what any ratio can be."""
    return ratio(*headers, ge=-LARGEST_RATIO, le=LARGEST_RATIO, **field)


class KengetallenRow(FinancieRow):
    """Ratios as the publisher gives them; whether as shares or percentages the first real file must show."""

    solvency_1: Series[float] = key_figure("SOLVABILITEIT I", "SOLVABILITEIT 1", required=False)
    solvency_2: Series[float] = key_figure("SOLVABILITEIT II", "SOLVABILITEIT 2")
    current_ratio: Series[float] = key_figure("LIQUIDITEIT (CURRENT RATIO)")
    quick_ratio: Series[float] = key_figure("LIQUIDITEIT (QUICK RATIO)", required=False)
    profitability: Series[float] = key_figure("RENTABILITEIT")
    resistance: Series[float] = key_figure("WEERSTANDSVERMOGEN", "WEERSTANDSVERMOGEN VO TOTALE BN.", required=False)
    resistance_without_assets: Series[float] = key_figure(
        "WEERSTANDSVERMOGEN EXCLUSIEF MATERIËLE VASTE ACTIVA", "WEERSTANDSVERMOGEN (-/- MVA)", required=False
    )
    capitalisation: Series[float] = key_figure("KAPITALISATIEFACTOR", required=False)


class Kengetallen(Financien):
    id = "duo_kengetallen"
    title_nl = "Financiële kengetallen per bestuur"
    title_en = "Financial ratios per board"
    name_pattern = r"^(\d+[.-]+)?(financiele-)?kengetallen" + TAIL
    files = (
        PublishedFile(DUO_IMAGES + "16-financiele-kengetallen-per-bestuur-2013-2017.xlsx", "2013-2017", "name only"),
    )
    dialect = Dialect(delimiter=";,", sheets=("Kengetallen",))
    layout_seen_live = False
    Row = KengetallenRow
