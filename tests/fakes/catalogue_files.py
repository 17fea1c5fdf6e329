"""The files in the fake catalogue: the layouts that are declared, two or three SYNTHETIC rows in each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

_NAMESPACE = uuid.UUID("5b0b9f9e-0000-4000-8000-000000000000")
_IMAGES = "/duo.nl/open_onderwijsdata/images/"


@dataclass(frozen=True)
class DoubleResource:
    """A file in the fake catalogue. `internal`: its address is on the host that does not resolve; `same_as`: the
    static file that holds the same, served instead where the folder has it."""

    package: str
    name: str
    file: str
    text: str
    internal: bool = False
    same_as: str = ""

    @property
    def body(self) -> bytes:
        return self.text.encode()

    @property
    def id(self) -> str:
        return str(uuid.uuid5(_NAMESPACE, f"{self.package}/{self.name}"))


def package_id(package: str) -> str:
    """The id in the addresses of a package's files."""
    return str(uuid.uuid5(_NAMESPACE, package))


def _csv(header: str, *rows: str) -> str:
    """Comma-separated lines as the catalogue has them."""
    return "\n".join([header, *rows]) + "\n"


_ADRES = "POSTCODE,PLAATSNAAM,GEMEENTENUMMER,GEMEENTENAAM,DENOMINATIE,ONDERWIJSSTRUCTUUR,RMC-REGIO CODE,RMC-REGIO NAAM"
_PLACE = "1234AB,VOORBEELDSTAD,9999,VOORBEELDSTAD,Openbaar,HAVO/VWO,99,Voorbeeldregio"
_SHARES = ",".join(f"AANDEEL_FORMATIE_OP_{scale}" for scale in ("LB", "LC", "LD"))
_OORDEEL = "2018-09-01,VO,{n},Voorbeeldschool {n} (SYNTHETIC),VOS,{said},,KO,,,90001,Voorbeeldbestuur,90A{n},0,Voorbeeld,Utrecht"

RESOURCES = (
    DoubleResource(
        "adressen_vo",
        "Adressen van besturen in het voortgezet onderwijs",
        "besturenvo.csv",
        _csv("BEVOEGD GEZAG NUMMER,BEVOEGD GEZAG NAAM", '90001,"Stichting Voorbeeldonderwijs 01 (SYNTHETIC)"'),
    ),
    DoubleResource(
        "adressen_vo",
        "Adressen van instellingen in het voortgezet onderwijs",
        "instellingenvo.csv",
        _csv(
            f"PROVINCIE,BEVOEGD GEZAG NUMMER,BRIN NUMMER,INSTELLINGSNAAM,{_ADRES}",
            f'Utrecht,90001,90AA,"Voorbeeldschool één (SYNTHETIC)",{_PLACE}',
            f'Utrecht,90001,90AB,"Voorbeeldschool twee (SYNTHETIC)",{_PLACE}',
        ),
        same_as=_IMAGES + "01.-hoofdvestigingen-vo.csv",
    ),
    DoubleResource(
        "adressen_vo",
        "Adressen van vestigingen in het voortgezet onderwijs",
        "vestigingenvo.csv",
        _csv(
            f"PROVINCIE,BEVOEGD GEZAG NUMMER,INSTELLINGSCODE,VESTIGINGSCODE,VESTIGINGSNAAM,{_ADRES}",
            f'Utrecht,90001,90AA,90AA00,"Voorbeeldschool één (SYNTHETIC)",{_PLACE}',
            f'Utrecht,90001,90AB,90AB00,"Voorbeeldschool twee (SYNTHETIC)",{_PLACE}',
        ),
        same_as=_IMAGES + "02-alle-vestigingen-vo.csv",
    ),
    DoubleResource(
        "functiemix",
        "Functiemix instellingen",
        "functiemix-instellingen.csv",
        _csv(
            f"ONDERWIJSSECTOR,JAAR,BEVOEGD_GEZAGNUMMER,BRIN_NUMMER,INSTELLINGSNAAM,LEERLING_LERAAR_RATIO,OMVANG_FORMATIE_OP,{_SHARES}",
            "VO,2018,90001,90AA,Voorbeeldschool (SYNTHETIC),16.1,40,50,25,25",
            "VO,2019,90001,90AA,Voorbeeldschool (SYNTHETIC),16.0,41,49,26,25",
        ),
    ),
    DoubleResource(
        "oordelen-v02",
        "Kwaliteitsoordelen po, so en vso",
        "oordeel_po_so_vo.csv",
        _csv(
            "Peildatum,Sector,OVT,OVTnaam,Elementtype,EindoordeelKwaliteit,ToezichtarrangementVorigKader,TypeOnderzoek,"
            "VaststellingsdatumEindoordeelKwaliteit,PublicatiedatumEindoordeelKwaliteit,Bevoegd gezag nummer,NaamBestuur,"
            "Brin,Vestiging,Vestigingsnaam,Provincie",
            _OORDEEL.format(n="A", said="Voldoende"),
            _OORDEEL.format(n="B", said="Geen oordeel"),
        ),
        internal=True,
    ),
)
