"""DUO addresses: the current state of main sites (01) and of all sites (02), with board and regions.

The files hold no date and no history: each vintage is the state on the day it became known, and history is what
we keep of them. Blanks are padded with spaces to the field's width. DUO's catalogue has the same tables, cut by commas.
"""

from schemas.cadence import MONTHLY
from schemas.dataset import DUO, CkanResource, Dataset, Dialect, PublishedFile
from schemas.fields import RowModel, Series, board, brin, code, province, text, vestiging, words
from schemas.publishers import DUO_CKAN, DUO_IMAGES

CATALOGUE = DUO_CKAN + "c8e6ffdd-cc2b-44ee-880f-0ff03f72e868/resource/"
UNUSED = (
    "STRAATNAAM",
    "HUISNUMMER-TOEVOEGING",
    "TELEFOONNUMMER",
    "INTERNETADRES",
    "STRAATNAAM CORRESPONDENTIEADRES",
    "HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES",
    "POSTCODE CORRESPONDENTIEADRES",
    "PLAATSNAAM CORRESPONDENTIEADRES",
    "NODAAL GEBIED CODE",
    "NODAAL GEBIED NAAM",
    "RPA-GEBIED CODE",
    "RPA-GEBIED NAAM",
    "WGR-GEBIED CODE",
    "WGR-GEBIED NAAM",
    "COROPGEBIED CODE",
    "COROPGEBIED NAAM",
    "ONDERWIJSGEBIED CODE",
    "ONDERWIJSGEBIED NAAM",
    "VAKANTIEREGIO",
    "_id",
)


class AdresRow(RowModel):
    """What both address files say of a school or site."""

    province: Series[str] = province("PROVINCIE")
    board_id: Series[str] = board(nullable=True)
    brin: Series[str] = brin()
    postcode: Series[str] = text("POSTCODE")
    place: Series[str] = words("PLAATSNAAM")
    municipality_id: Series[str] = code(4, "GEMEENTENUMMER", required=False)
    municipality: Series[str] = words("GEMEENTENAAM")
    denomination: Series[str] = words("DENOMINATIE")
    structure: Series[str] = text("ONDERWIJSSTRUCTUUR")
    rmc_id: Series[str] = code(2, "RMC-REGIO CODE", required=False)
    rmc: Series[str] = words("RMC-REGIO NAAM")


class HoofdvestigingRow(AdresRow):
    """One school (BRIN) at its main site."""

    name: Series[str] = words("INSTELLINGSNAAM", "VESTIGINGSNAAM")


class VestigingRow(AdresRow):
    """One site."""

    vestiging_id: Series[str] = vestiging()
    name: Series[str] = words("VESTIGINGSNAAM", "INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM")


class Hoofdvestigingen(Dataset):
    id = "duo_hoofdvestigingen"
    title_nl = "Hoofdvestigingen vo met bestuur en regio's (stand van de dag)"
    title_en = "Main sites of secondary schools with board and regions (state of the day)"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/adressen/vestigingen.jsp"
    # The current state only, as of the one below.
    cadence = MONTHLY
    name_pattern = r"^((01[.-]*-)?hoofdvestigingen-vo|instellingenvo)\.(csv|xlsx)$"
    files = (
        PublishedFile(DUO_IMAGES + "01.-hoofdvestigingen-vo.csv"),
        PublishedFile(DUO_IMAGES + "01-hoofdvestigingen-vo.csv"),
        PublishedFile(CATALOGUE + "0ef14f5e-89bf-4e92-b28e-8d323b7b8dbc/download/instellingenvo.csv"),
    )
    ckan = CkanResource(
        "adressen_vo",
        "Adressen van instellingen in het voortgezet onderwijs",
        "0ef14f5e-89bf-4e92-b28e-8d323b7b8dbc",
    )
    dialect = Dialect(delimiter=";,")
    known_headers = UNUSED
    same_for = {"municipality_id": ("municipality", "province")}
    max_lost_entities = 0.02
    key = ("brin",)
    Row = HoofdvestigingRow


class Vestigingen(Dataset):
    id = "duo_vestigingen"
    title_nl = "Alle vestigingen vo met bestuur en regio's (stand van de dag)"
    title_en = "All sites of secondary schools with board and regions (state of the day)"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/adressen/vestigingen.jsp"
    cadence = MONTHLY
    name_pattern = r"^((02[.-]*-)?alle-vestigingen-vo|vestigingenvo)\.(csv|xlsx)$"
    files = (
        PublishedFile(DUO_IMAGES + "02.-alle-vestigingen-vo.csv"),
        PublishedFile(DUO_IMAGES + "02-alle-vestigingen-vo.csv"),
        PublishedFile(CATALOGUE + "5187f8d5-ff9c-4284-8e06-4311f0354956/download/vestigingenvo.csv"),
    )
    ckan = CkanResource(
        "adressen_vo",
        "Adressen van vestigingen in het voortgezet onderwijs",
        "5187f8d5-ff9c-4284-8e06-4311f0354956",
    )
    dialect = Dialect(delimiter=";,")
    known_headers = UNUSED
    same_for = {"municipality_id": ("municipality", "province"), "brin": ("board_id",)}
    max_lost_entities = 0.02
    key = ("vestiging_id",)
    Row = VestigingRow
