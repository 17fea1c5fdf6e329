"""DUO: the boards of secondary education, and the samenwerkingsverbanden with their schools: states of the day.

Columns from public code that reads the files, and from DUO's catalogue.
"""

from schemas.cadence import MONTHLY, UNKNOWN
from schemas.dataset import DUO, CkanResource, Dataset, Dialect, PublishedFile
from schemas.datasets.adressen import CATALOGUE, UNUSED
from schemas.fields import RowModel, Series, board, brin, code, text
from schemas.publishers import DUO_IMAGES

PAGE = "https://duo.nl/open_onderwijsdata/voortgezet-onderwijs/adressen/vestigingen.jsp"


class BevoegdGezagRow(RowModel):
    """One board at its address."""

    board_id: Series[str] = board()
    name: Series[str] = text("BEVOEGD GEZAG NAAM", required=True)
    postcode: Series[str] = text("POSTCODE")
    place: Series[str] = text("PLAATSNAAM")
    municipality_id: Series[str] = code(4, "GEMEENTENUMMER", required=False)
    municipality: Series[str] = text("GEMEENTENAAM")
    denomination: Series[str] = text("DENOMINATIE")
    office_id: Series[str] = text("ADMINISTRATIEKANTOORNUMMER")
    kvk_id: Series[str] = code(8, "KVK-NUMMER", required=False)


class BevoegdeGezagen(Dataset):
    id = "duo_bevoegde_gezagen"
    title_nl = "Bevoegde gezagen vo (stand van de dag)"
    title_en = "Boards of secondary education (state of the day)"
    publisher = DUO
    landing_page = PAGE
    # The current state only, as of the two below.
    cadence = MONTHLY
    name_pattern = r"^((03[.-]*-)?bevoegde-gezagen-vo|besturenvo)\.(csv|xlsx)$"
    files = (
        PublishedFile(DUO_IMAGES + "03.-bevoegde-gezagen-vo.csv"),
        PublishedFile(CATALOGUE + "bfc13171-de6b-4a3b-a095-e05d312107c4/download/besturenvo.csv"),
    )
    ckan = CkanResource(
        "adressen_vo", "Adressen van besturen in het voortgezet onderwijs", "bfc13171-de6b-4a3b-a095-e05d312107c4"
    )
    dialect = Dialect(delimiter=";,")
    known_headers = (*UNUSED, "PROVINCIE", "RMC-REGIO CODE", "RMC-REGIO NAAM")
    layout_seen_live = False
    key = ("board_id",)
    Row = BevoegdGezagRow


class SamenwerkingsverbandRow(RowModel):
    """One samenwerkingsverband. Its number is kept as written: older files have other forms than VO2507."""

    swv_id: Series[str] = text("ADMINISTRATIENUMMER", "SAMENWERKINGSVERBANDNUMMER", required=True, nullable=False)
    name: Series[str] = text("SAMENWERKINGSVERBAND", "NAAM SAMENWERKINGSVERBAND", required=True)
    postcode: Series[str] = text("POSTCODE")
    place: Series[str] = text("PLAATSNAAM", "PLAATS")


class Samenwerkingsverbanden(Dataset):
    id = "duo_samenwerkingsverbanden"
    title_nl = "Samenwerkingsverbanden passend onderwijs vo (stand van de dag)"
    title_en = "Partnerships for inclusive education (state of the day)"
    publisher = DUO
    landing_page = PAGE
    cadence = UNKNOWN
    name_pattern = r"^(04[.-]*-)?samenwerkingsverbanden-passend-onderwijs-vo\.(csv|xlsx)$"
    files = (PublishedFile(DUO_IMAGES + "04.-samenwerkingsverbanden-passend-onderwijs-vo.csv"),)
    known_headers = (
        "ADRES",
        "CORRESPONDENTIEADRES",
        "PLAATS CORRESPONDENTIEADRES",
        "POSTCODE CORRESPONDENTIEADRES",
    )
    layout_seen_live = False
    key = ("swv_id",)
    Row = SamenwerkingsverbandRow


class SwvInstellingRow(RowModel):
    """One school in one samenwerkingsverband; a school may be in several."""

    swv_id: Series[str] = text("ADMINISTRATIENUMMER", "SAMENWERKINGSVERBANDNUMMER", required=True, nullable=False)
    brin: Series[str] = brin()


class SwvInstellingen(Dataset):
    id = "duo_swv_instellingen"
    title_nl = "Instellingen per samenwerkingsverband passend onderwijs vo (stand van de dag)"
    title_en = "Schools per partnership for inclusive education (state of the day)"
    publisher = DUO
    landing_page = PAGE
    cadence = UNKNOWN
    name_pattern = r"^(05[.-]*-)?instellingen-per-samenwerkingsverband-passend-onderwijs-vo\.(csv|xlsx)$"
    files = (PublishedFile(DUO_IMAGES + "05.-instellingen-per-samenwerkingsverband-passend-onderwijs-vo.csv"),)
    layout_seen_live = False
    key = ("swv_id", "brin")
    Row = SwvInstellingRow
