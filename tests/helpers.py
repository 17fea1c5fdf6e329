"""Tiny files in publishers' layouts, and warehouses built from them. All names and figures in them are made up."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from schemas.datasets import dataset_for
from warehouse.archive.edition import Edition
from warehouse.archive.model import Origin
from warehouse.archive.store import Archive
from warehouse.build.build_warehouse import build
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect
from warehouse.register.loader import REGISTER

HEADER_05 = (
    "BRINNUMMER;INSTELLINGSNAAM_VESTIGING;VESTIGINGSNUMMER;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;PROVINCIE;"
    "AANTAL_LEERLINGEN;AANTAL_ZITTENBLIJVERS;AANTAL_AFSTROMERS;AANTAL_OPSTROMERS"
)
HEADER_SITES = (
    "PROVINCIE;BEVOEGD GEZAG NUMMER;BRIN NUMMER;VESTIGINGSNUMMER;VESTIGINGSNAAM;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;"
    "GEMEENTENAAM;DENOMINATIE;ONDERWIJSSTRUCTUUR;RMC-REGIO CODE;RMC-REGIO NAAM"
)
HEADER_STEPS = (
    "NR_ADMIN_VAN,CODE_FUNCTIE_VAN,CODE_SOORT_VAN,CODE_WET_VAN,NR_ADMIN_NAAR,CODE_FUNCTIE_NAAR,CODE_SOORT_NAAR,"
    "CODE_WET_NAAR,DT_OVERGANG,CODE_OVERGANG,NAAM_OVERGANG,IND_VOLLEDIG,CODE_STAND_RECORD"
)
URL = "https://duo.nl/open_onderwijsdata/images/"


def lines_of(header: str, rows: list[str]) -> str:
    """A file as publishers end its lines."""
    return "\r\n".join([header, *rows, ""])


def tiny_05(rows: list[tuple], municipality: str = "0153") -> str:
    """File 05 from (site, pupils, repeaters) with nobody moving up or down."""
    return lines_of(
        HEADER_05,
        [f"{site[:4]};School;{site[4:]};X;{municipality};G;Utrecht;{pupils};{stay};0;0" for site, pupils, stay in rows],
    )


def tiny_06(years: list[str], rows: list[tuple]) -> str:
    """File 06 from (site, [(candidates, passed) per year]); cells as text, such as `<5`."""
    measures = ("EXAMENKANDIDATEN", "GESLAAGDEN")
    titles = [f"{measure} SCHOOLJAAR {year} - TOTAAL" for year in years for measure in measures]
    header = ["INSTELLINGSCODE", "VESTIGINGSCODE", "INSTELLINGSNAAM VESTIGING", "GEMEENTENAAM", "ONDERWIJSTYPE VO"]
    fixed = ["School", "G", "HAVO", "2071", "HAVO"]
    cells = [[site[:4], site, *fixed, *(str(cell) for pair in counts for cell in pair)] for site, counts in rows]
    return lines_of(";".join([*header, "INSPECTIECODE", "OPLEIDINGSNAAM", *titles]), [";".join(row) for row in cells])


def tiny_sites(rows: list[tuple[str, str]], municipality: str = "0153", rmc: str = "12;Twente") -> str:
    """The address file of all sites from (site, board)."""
    return lines_of(
        HEADER_SITES,
        [
            f"Utrecht;{board};{site[:4]};{site};School {site};1234AB;X;{municipality};G;Openbaar;HAVO;{rmc}"
            for site, board in rows
        ],
    )


def tiny_steps(rows: list[tuple[str, str, str, str, str]]) -> str:
    """OVERGANGEN from (from, to, day d-m-yyyy, F|V|S, J|N); the function follows from the length of the number."""
    function = {4: "U", 5: "B", 6: "D"}
    law = {4: "WVO", 5: "", 6: "WVO"}
    cells = [
        f'"{old}","{function[len(old)]}","VOS","{law[len(old)]}","{new}","{function[len(new)]}","VOS",'
        f'"{law[len(new)]}",{day},"{code}","naam","{complete}","H"'
        for old, new, day, code, complete in rows
    ]
    return lines_of(HEADER_STEPS, cells)


def origin_for(file_name: str, url: str, retrieved_on: date, **more: Any) -> Origin | None:
    """The origin of a file, its dataset found by name; None where no dataset claims the name."""
    dataset = dataset_for(file_name)
    if dataset is None:
        return None
    return Origin(dataset.id, file_name, url, dataset.publisher.name, dataset.publisher.licence, retrieved_on, **more)


def add_file(archive: Archive, name: str, text: str, known: date) -> None:
    """Put a file into the archive as one of the mirror, known from a day."""
    archive.add(text.encode(), origin_for(name, URL + name, known, edition="mirror"))


def tiny_warehouse(
    folder: Path, files: list[tuple[str, str, date]], register: Path = REGISTER
) -> duckdb.DuckDBPyConnection:
    """Build a warehouse of (name, text, known from) in a folder and open it for reading."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = Archive(folder / "archive")
    for name, text, known in files:
        add_file(archive, name, text, known)
    build(folder / "w.duckdb", archive, ParseCache(folder / "cache"), Edition("mirror"), register)
    return connect(folder / "w.duckdb", read_only=True)
