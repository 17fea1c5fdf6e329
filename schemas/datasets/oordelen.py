"""Inspectie, through DUO's catalogue: the quality judgement of every school section on one day (1 September 2018).

One row per OVT (supervised section: a school kind at a vestiging), so several per vestiging; all sectors. Zwak is of
the framework before August 2017. Geen oordeel and Zonder actueel oordeel mean that nothing is known, not that it is
bad. 491 rows have no inspection behind them. The catalogue's second resource, on boards, is a web page saved as CSV.
"""

from schemas.cadence import Cadence
from schemas.dataset import INSPECTIE, CkanResource, Dataset, Dialect, PublishedFile
from schemas.fields import PeriodRow, Series, board, brin, category, day, province, text, vestiging, words
from schemas.periods import single_day
from schemas.publishers import DUO_CKAN

JUDGEMENTS = ["Goed", "Voldoende", "Zwak", "Onvoldoende", "Zeer zwak", "Geen oordeel", "Zonder actueel oordeel"]


class OordelenRow(PeriodRow):
    """One section of a school with its judgement as it stood on the reference day."""

    reference_on: Series[object] = day("PEILDATUM")
    sector: Series[str] = category("SECTOR", isin=["PO", "SO", "VO"])
    ovt_id: Series[str] = text("OVT", required=True, nullable=False)
    ovt_name: Series[str] = words("OVTNAAM")
    element_type: Series[str] = text("ELEMENTTYPE")
    judgement: Series[str] = text("EINDOORDEELKWALITEIT", required=True, nullable=False, isin=JUDGEMENTS)
    earlier_arrangement: Series[str] = text("TOEZICHTARRANGEMENTVORIGKADER")
    inspection_kind: Series[str] = text("TYPEONDERZOEK")
    judged_on: Series[object] = day("VASTSTELLINGSDATUMEINDOORDEELKWALITEIT", required=False)
    published_on: Series[object] = day("PUBLICATIEDATUMEINDOORDEELKWALITEIT", required=False)
    board_id: Series[str] = board(nullable=True)
    board: Series[str] = words("NAAMBESTUUR")
    brin: Series[str] = brin()
    vestiging_id: Series[str] = vestiging("VESTIGING")
    name: Series[str] = words("VESTIGINGSNAAM")
    province: Series[str] = province("PROVINCIE")


class OordelenV02(Dataset):
    id = "inspectie_oordelen_v02"
    title_nl = "Kwaliteitsoordelen van de Inspectie per schoolsoort en vestiging"
    title_en = "Quality judgements of the Inspectie per school kind and site"
    publisher = INSPECTIE
    landing_page = "https://onderwijsdata.duo.nl/dataset/oordelen-v02"
    # One state, of 1 September 2018.
    cadence = Cadence("stopped", stopped_on="2023")
    name_pattern = r"^(oordeel_po_so_vo|oordelen-v02)\.csv$"
    files = (
        PublishedFile(
            DUO_CKAN + "31da72f2-2858-4bc3-848e-dfe4875ba669/resource/b48d6835-0534-4008-82c8-1754b9080113"
            "/download/oordeel_po_so_vo.csv",
            "2018-09-01",
        ),
    )
    ckan = CkanResource("oordelen-v02", "Kwaliteitsoordelen po, so en vso", "b48d6835-0534-4008-82c8-1754b9080113")
    dialect = Dialect(delimiter=",;")
    layout_seen_live = False
    known_headers = (
        "_id",
        "ONDERZOEKSNUMMER",
        "TYPEONDERZOEKCODE",
        "DUOINSTELLINGSTYPE",
        "DENOMINATIEINSTELLING",
        "BETROKKENVESTIGINGEN",
        "BEZOEKADRES",
        "POSTCODE",
        "PLAATS",
        "GEMEENTE",
        "LAND",
    )
    key = ("ovt_id",)
    period_from = "reference_on"
    period_rule = single_day
    Row = OordelenRow
