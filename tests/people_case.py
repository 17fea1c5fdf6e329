"""The sample edition, published once for the tests of what people read, with school names that try to do harm."""

import csv
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from tests.helpers import origin_for
from tests.tools.sample_generator import write_sample
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.database import connect
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish
from warehouse.report import write_report

TODAY = date(2026, 11, 23)
HOSTILE = (
    "<script>window.hacked=1</script>",
    '=HYPERLINK("http://example.org","x")',
    "\"><img src=x onerror='window.hacked=1'>",
    "</script><script>window.hacked=1</script>",
)
ADDRESSES = "02-alle-vestigingen-vo.csv"


@cache
def published_sample() -> DataDirectory:
    """A data directory with the sample edition and its snapshots of 2018 to 2020. Made once per test run; read only."""
    root = Path(tempfile.mkdtemp(prefix="sectorakkoord-people-"))
    data, archive = DataDirectory(root / "data"), Archive(root / "data" / "archive")
    with write_sample(root / "sample").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            path = root / "sample" / row["path"]
            known = date.fromisoformat(row["retrieved_on"])
            content = with_hostile_names(path.read_bytes()) if path.name == ADDRESSES else path.read_bytes()
            archive.add(content, origin_for(path.name, row["url"], known, edition="sample", synthetic=True))
    publish(data, Edition("sample"), TODAY, snapshots={2018: None, 2019: None, 2020: None})
    return data


@cache
def published_report() -> Path:
    """The folder of the report on that sample edition. Made once per test run; read only."""
    data = published_sample()
    with connect(data.warehouse, read_only=True) as con:
        return write_report(con, data.root / "report").folder


def with_hostile_names(content: bytes) -> bytes:
    """The address file in which the first schools have hostile names."""
    lines = content.decode("cp1252").split("\r\n")
    place = lines[0].split(";").index("VESTIGINGSNAAM")
    schools: dict[str, str] = {}
    for number, line in enumerate(lines[1:], 1):
        cells = line.split(";")
        if len(cells) <= place:
            continue
        if cells[2] in schools or len(schools) < len(HOSTILE):
            name = schools.setdefault(cells[2], HOSTILE[min(len(schools), len(HOSTILE) - 1)])
            cells[place] = '"' + name.replace('"', '""') + '"'
            lines[number] = ";".join(cells)
    return "\r\n".join(lines).encode("cp1252")
