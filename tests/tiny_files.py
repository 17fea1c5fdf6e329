"""Makers of tiny publisher files and tiny warehouses, for tests that need a whole build but not a whole country.

Everything in these files is made up. Sites are keys such as `01AA00`, counts are numbers or the publisher's own
text (`<5`).
"""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import duckdb

from tests.helpers import HEADER_SITES, lines_of, origin_for, tiny_05
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.build.build_warehouse import build
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect

FILE_05_2015 = "05.-zittenblijven-vo-brinvest-1516-tov-1617.csv"
FILE_05_2017 = "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv"
FILE_05_2017_AGAIN = "05-zittenblijvers-niveau-vestiging-2017-2018-tov-2018-2019.csv"
FILE_06_2019 = "examenkandidaten-en-geslaagden-2019-2024.csv"
FILE_SITES = "02-alle-vestigingen-vo.csv"
HAVO, VWO, KADER = ("HAVO", "50", "HAVO - N&T"), ("VWO", "60", "VWO - C&M"), ("VMBO", "70", "VMBO K - techniek")
"""Education type, inspection code and programme of lines of file 06."""
Counts = tuple[int | str, ...]


def repeaters_file(sites: Mapping[str, tuple[int, int]]) -> str:
    """File 05: pupils and repeaters per site, all in Utrecht."""
    return tiny_05([(site, *counts) for site, counts in sites.items()])


def exam_file(
    lines: Iterable[tuple[str, tuple[str, str, str], Counts]],
    school_year: str = "2019-2020",
    groups: tuple[str, ...] = ("MAN", "VROUW", "TOTAAL"),
) -> str:
    """File 06 with one school year: (site, programme, cells); cells = candidates, passed and percentage per group."""
    measures = [
        f"{what} SCHOOLJAAR {school_year} - {group}"
        for group in groups
        for what in ("EXAMENKANDIDATEN", "GESLAAGDEN", "SLAAGPERC")
    ]
    header = ("INSTELLINGSCODE", "VESTIGINGSCODE", "ONDERWIJSTYPE VO", "INSPECTIECODE", "OPLEIDINGSNAAM", *measures)
    rows = [";".join(map(str, (site[:4], site, *programme, *cells))) for site, programme, cells in lines]
    return lines_of(";".join(header), rows)


def address_file(sites: Mapping[str, tuple[str, str]]) -> str:
    """The file with all sites: board and province per site."""
    # A municipality lies in one province.
    numbers = {province: 153 + at for at, province in enumerate(sorted({province for _, province in sites.values()}))}
    rows = [
        f"{province};{board};{site[:4]};{site};Voorbeeld;1234AB;STAD;{numbers[province]:04d};STAD {province};Openbaar;HAVO;12;Regio"
        for site, (board, province) in sites.items()
    ]
    return lines_of(HEADER_SITES, rows)


def add_found(archive: Archive, name: str, text: str, known: str | date, url: str | None = None, **more) -> str:
    """Put a file into the archive as found on a day; returns its SHA-256."""
    day = date.fromisoformat(known) if isinstance(known, str) else known
    more = {"edition": "mirror", **more}
    origin = origin_for(name, url or f"https://voorbeeld.invalid/{name}", day, **more)
    assert origin is not None, f"no dataset claims {name}"
    return archive.add(text.encode(), origin)[0]


def build_in(folder: Path, archive: Archive, edition: str = "mirror") -> duckdb.DuckDBPyConnection:
    """A warehouse built from an archive; parsed files are shared by all builds under the same parent folder."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "warehouse.duckdb"
    build(target, archive, ParseCache(folder.parent / "cache"), Edition(edition))
    return connect(target, read_only=True)


def rows_of(con: duckdb.DuckDBPyConnection, sql: str, *values: object) -> list[tuple]:
    """All rows of a query."""
    return con.execute(sql, list(values)).fetchall()


def exam_cells(*groups: tuple[int, int]) -> Counts:
    """Cells of file 06 as printed since 2021: per group (candidates, passed) `<5` for 1 to 4, and percentage."""
    cells: list[int | str] = []
    for candidates, passed in groups:
        cells += ("<5" if 1 <= count <= 4 else count for count in (candidates, passed))
        cells.append(f"{100 * passed / candidates:.1f}" if candidates else 0)
    return tuple(cells)


def add_manifest(archive: Archive, folder: Path, manifest: Path, edition: str, *, backwards: bool = False) -> int:
    """Add every file of a manifest that a dataset claims, in its order or backwards; returns how many were added."""
    with manifest.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    added = 0
    for row in reversed(rows) if backwards else rows:
        path = folder / row["path"]
        day = date.fromisoformat(row["retrieved_on"])
        origin = origin_for(path.name, row["url"], day, edition=edition, synthetic=edition == "sample")
        if origin is not None:
            archive.add(path.read_bytes(), origin)
            added += 1
    return added
