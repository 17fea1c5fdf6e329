"""DUO: annual accounts of boards (balance, costs, government grants, ratios), one row per board, sector and year.

Calendar years; not audited by DUO; from the accounts of 2017 on, earlier years are no longer restated to the boards of
today. Sector VO holds samenwerkingsverbanden too (Groepering SWV): school boards are SSG1 to SSG5. A board with
schools in PO and VO stands in one sector. Blank means not reported or nothing; `-1` is a rounded amount, no mask.
"""

import pandas as pd

from schemas.dataset import DUO, Dataset, Dialect, PublishedFile
from schemas.fields import PeriodRow, Series, board, category, euro, ratio, text, year
from schemas.periods import calendar_year
from schemas.publishers import DUO_IMAGES

PAGE = (
    "https://duo.nl/open_onderwijsdata/onderwijs-algemeen/financiele-overzichten/financiele-verantwoording-uit-xbrl.jsp"
)
TAIL = r"(-per-bestuur)?(-\d{4}-\d{4})?(-standaard)?\.(csv|xlsx|xls)$"
"""How names of these files end, whatever the years."""


class FinancieRow(PeriodRow):
    """One board in one sector and year."""

    board_id: Series[str] = board()
    sector: Series[str] = category("SECTOR", "BELEIDSTERREIN", required=False)
    group: Series[str] = category("GROEPERING", required=False)
    name: Series[str] = text("NAAM", "NAAM KORT", "BEVOEGD GEZAG NAAM")
    year: Series[pd.Int64Dtype] = year("JAAR", "VERSLAGJAAR")

    class Config:
        unique = ["board_id", "sector", "year"]


class Financien(Dataset):
    """What the financial datasets have in common."""

    publisher = DUO
    landing_page = PAGE
    cadence = "yearly, in autumn, five years at a time"
    masks = False
    max_lost_entities = 0.005
    key = ("board_id", "sector", "year")
    period_from = "year"
    period_rule = calendar_year


class BalansRow(FinancieRow):
    """What solvency and liquidity are made of, in whole euros."""

    fixed_assets_eur: Series[pd.Int64Dtype] = euro("TOTAAL VAN VASTE ACTIVA", required=False)
    stocks_eur: Series[pd.Int64Dtype] = euro("VOORRADEN", required=False)
    cash_eur: Series[pd.Int64Dtype] = euro("LIQUIDE MIDDELEN", required=False)
    current_assets_eur: Series[pd.Int64Dtype] = euro("TOTAAL VAN VLOTTENDE ACTIVA")
    total_assets_eur: Series[pd.Int64Dtype] = euro("TOTAAL VAN ACTIVA")
    own_funds_eur: Series[pd.Int64Dtype] = euro("EIGEN VERMOGEN")
    provisions_eur: Series[pd.Int64Dtype] = euro("VOORZIENINGEN")
    long_term_debt_eur: Series[pd.Int64Dtype] = euro("LANGLOPENDE SCHULDEN", required=False)
    short_term_debt_eur: Series[pd.Int64Dtype] = euro("KORTLOPENDE SCHULDEN")
    total_liabilities_eur: Series[pd.Int64Dtype] = euro("TOTAAL VAN PASSIVA")


class Balans(Financien):
    id = "duo_balans"
    title_nl = "Balans per bestuur"
    title_en = "Balance sheet per board"
    name_pattern = r"^(\d+[.-]+)?balans" + TAIL
    files = (PublishedFile(DUO_IMAGES + "01-balans-2015-2019.xlsx", "2015-2019", "name only"),)
    dialect = Dialect(delimiter=";,", sheets=("Balans",))
    known_headers = (
        "IMMATERIËLE VASTE ACTIVA",
        "MATERIËLE VASTE ACTIVA",
        "FINANCIËLE VASTE ACTIVA",
        "VORDERINGEN",
        "KORTLOPENDE EFFECTEN",
        "_id",
    )
    Row = BalansRow


class LastenRow(FinancieRow):
    """Costs in whole euros: the totals of each group, and what the goals ask for within them."""

    pay_eur: Series[pd.Int64Dtype] = euro("LONEN SALARISSEN SOCIALE LASTEN EN PENSIOENLASTEN", required=False)
    hired_staff_eur: Series[pd.Int64Dtype] = euro("LASTEN PERSONEEL NIET IN LOONDIENST", required=False)
    staff_eur: Series[pd.Int64Dtype] = euro("PERSONEELSLASTEN")
    depreciation_eur: Series[pd.Int64Dtype] = euro("AFSCHRIJVINGEN")
    housing_eur: Series[pd.Int64Dtype] = euro("HUISVESTINGSLASTEN")
    teaching_materials_eur: Series[pd.Int64Dtype] = euro("LEER EN HULPMIDDELEN", required=False)
    other_eur: Series[pd.Int64Dtype] = euro("OVERIGE LASTEN")
    passed_on_to_boards_eur: Series[pd.Int64Dtype] = euro("DOORBETALINGEN AAN SCHOOLBESTUREN", required=False)
    auditors_eur: Series[pd.Int64Dtype] = euro("ACCOUNTANTSHONORARIA", required=False)


class Lasten(Financien):
    id = "duo_lasten"
    title_nl = "Lasten per bestuur"
    title_en = "Costs per board"
    name_pattern = r"^(\d+[.-]+)?lasten" + TAIL
    files = (
        PublishedFile("https://onderwijsdata.duo.nl/lasten.csv", "2014-2018", "a dump of which the address is unknown"),
    )
    dialect = Dialect(delimiter=",;", sheets=("Lasten",))
    known_headers = tuple(
        """_id;Lonen;Sociale lasten;Premies Participatiefonds;Premies Vervangingsfonds;Pensioenlasten
        Dotaties personele voorzieningen;Overige overige personele lasten;Overige personele lasten
        Vergoedingen uit het Participatiefonds;Vergoedingen uit het Vervangingsfonds
        Overige uitkeringen die personeelslasten verminderen;Uitkeringen die personeelslasten verminderen
        Afschrijvingen op immateriele vaste activa;Afschrijvingen op materiele vaste activa;Huurlasten
        Verzekeringslasten;Onderhoudslasten klein onderhoud;Lasten voor energie en water;Schoonmaakkosten
        Belastingen en heffingen;Dotatie onderhoudsvoorziening;Overige overige huisvestingslasten
        Administratie en beheerslasten;Inventaris en apparatuur;Dotatie overige voorzieningen
        Overige overige overige lasten;Verstrekte subsidies;Gerealiseerde herwaardering
        Verplichte afdrachten uit te voeren door OCW voor vso;Verplichte afdrachten uit te voeren door OCW voor Lwoo
        Verplichte afdrachten uit te voeren door OCW voor pro;Verplichte afdrachten uit te voeren door OCW
        Doorbetaling op basis van 1 februari vso;Doorbetaling op basis van 1 februari sbo
        Doorbetaling op basis van 1 februari;Overige doorbetalingen van rijksbijdragen aan schoolbesturen
        Accountantshonoraria voor het onderzoek van de jaarrekening
        Accountantshonoraria voor andere controleopdrachten
        Accountantshonoraria voor adviesdiensten op fiscaal terrein
        Accountantshonoraria voor andere nietcontrolediensten""".replace("\n", ";").split(";")
    )
    Row = LastenRow


class RijksbijdragenRow(FinancieRow):
    """Government grants in whole euros. Whether the prestatiebox is booked under the subsidies is not stated."""

    central_grants_eur: Series[pd.Int64Dtype] = euro("RIJKSBIJDRAGEN", "TOTAAL RIJKSBIJDRAGEN")
    education_ministry_grants_eur: Series[pd.Int64Dtype] = euro(
        "RIJKSBIJDRAGEN OCW", "RIJKSBIJDRAGEN OCW/EZ", required=False
    )
    other_ministry_subsidies_eur: Series[pd.Int64Dtype] = euro("OVERIGE SUBSIDIES OCW", required=False)
    received_from_swv_eur: Series[pd.Int64Dtype] = euro("ONTVANGEN DOORBETALINGEN RIJKSBIJDRAGE SWV", required=False)


class Rijksbijdragen(Financien):
    id = "duo_rijksbijdragen"
    title_nl = "Rijksbijdragen per bestuur"
    title_en = "Government grants per board"
    name_pattern = r"^(\d+[.-]+)?(overheids|rijks)bijdragen" + TAIL
    files = (
        PublishedFile(DUO_IMAGES + "12-overheidsbijdragen-2013-2017.xlsx", "2013-2017", "name only"),
        PublishedFile(DUO_IMAGES + "12.-rijksbijdragen-2020-2024-standaard.xlsx", "2020-2024"),
    )
    dialect = Dialect(delimiter=";,", sheets=("Rijksbijdragen", "Overheidsbijdragen"))
    layout_seen_live = False
    Row = RijksbijdragenRow


class KengetallenRow(FinancieRow):
    """Ratios as the publisher gives them; whether as shares or percentages the first real file must show."""

    solvency_1: Series[float] = ratio("SOLVABILITEIT I", "SOLVABILITEIT 1", required=False)
    solvency_2: Series[float] = ratio("SOLVABILITEIT II", "SOLVABILITEIT 2")
    current_ratio: Series[float] = ratio("LIQUIDITEIT (CURRENT RATIO)")
    quick_ratio: Series[float] = ratio("LIQUIDITEIT (QUICK RATIO)", required=False)
    profitability: Series[float] = ratio("RENTABILITEIT")
    resistance: Series[float] = ratio("WEERSTANDSVERMOGEN", "WEERSTANDSVERMOGEN VO TOTALE BN.", required=False)
    resistance_without_assets: Series[float] = ratio(
        "WEERSTANDSVERMOGEN EXCLUSIEF MATERIËLE VASTE ACTIVA", "WEERSTANDSVERMOGEN (-/- MVA)", required=False
    )
    capitalisation: Series[float] = ratio("KAPITALISATIEFACTOR", required=False)


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
