"""The annual accounts: balance sheets (xlsx, 2015-2019) and costs (CKAN dump, 2014-2018), all sectors.

As in reality the sector VO also holds samenwerkingsverbanden (Groepering SWV), which have no pupils; school boards are
SSG1..SSG5. A few balance sheets differ by some euros between both sides, from rounding. Board numbers are text of five
digits in the workbook (`00901`) and plain numbers in the dump (`901`).
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from tests.tools.sample_generator.layouts import BALANCE, COSTS
from tests.tools.sample_generator.regions import REGIONS
from tests.tools.sample_generator.truth import Truth
from warehouse.jaarverslag.dice import Dice

Line = tuple[str, ...]
Cell = str | int | None
EURO_PER_PUPIL = 8300


class Body(NamedTuple):
    """Who hands in accounts in a year, and how much money (euros) goes round there."""

    board_id: str
    sector: str
    group: str
    name: str
    turnover: int


OTHERS = (
    ("98901", "PO", "BO1", "Stichting Voorbeeldbasisonderwijs 01", 900_000),
    ("98902", "PO", "BO4", "Stichting Voorbeeldbasisonderwijs 02", 14_000_000),
    ("98903", "MBO", "ROC", "ROC Voorbeeld", 80_000_000),
    ("98904", "HBO", "HBO", "Voorbeeldhogeschool", 120_000_000),
    ("98905", "WO", "UNIV", "Voorbeelduniversiteit", 400_000_000),
)


def bodies(truth: Truth, year: int) -> list[Body]:
    """Everybody with accounts over `year`, sorted by number; a board that has merged away is gone."""
    pupils: dict[str, int] = {}
    for site in truth.world.sites:
        board = site.board_in(year)
        pupils[board] = pupils.get(board, 0) + truth.pupil_count(site, year)
    names = {board.board_id: board.name for board in truth.world.boards}
    found = [
        Body(board, "VO", f"SSG{min(5, 1 + people // 700)}", names[board], people * EURO_PER_PUPIL)
        for board, people in pupils.items()
    ]
    for number in range(1, len(REGIONS) + 1):
        name = f"Samenwerkingsverband Voorbeeld VO {number:02d}"
        found.append(Body(f"{900 + number:05d}", "VO", "SWV", name, 2_000_000 + 90_000 * number))
    return sorted([*found, *(Body(*other) for other in OTHERS)])


def sheet_rows(truth: Truth) -> Iterator[tuple[Cell, ...]]:
    """Rows of the sheet `Balans`: five texts and numbers, fifteen amounts in whole euros, None where blank."""
    rows = []
    for year in range(2015, 2020):
        for body in bodies(truth, year):
            rows.append((*body[:4], year, *_balance(Dice(truth.seed, "balance", body.board_id, year), body.turnover)))
    return iter(sorted(rows, key=lambda row: (row[0], row[4])))


def _balance(dice: Dice, turnover: int) -> tuple[int | None, ...]:
    intangible = int(turnover * 0.003) if dice.chance(0.3) else None
    tangible = int(turnover * dice.between(0.15, 0.4))
    fixed = tangible + (intangible or 0)
    claims = int(turnover * dice.between(0.02, 0.07))
    cash = int(turnover * dice.between(0.1, 0.35))
    assets = fixed + claims + cash
    equity = int(assets * dice.between(0.35, 0.65))
    provisions = int(assets * dice.between(0.05, 0.15))
    long_debt = int(assets * 0.05) if dice.chance(0.4) else None
    short_debt = assets - equity - provisions - (long_debt or 0)
    liabilities = assets + (dice.whole(2, 9) if dice.chance(0.04) else 0)
    current = (None, claims, None, cash, claims + cash)
    return intangible, tangible, None, fixed, *current, assets, equity, provisions, long_debt, short_debt, liabilities


def workbook(truth: Truth) -> bytes:
    """The balance sheets as a workbook with one sheet, the same bytes every time.

    openpyxl stamps the clock on the document and on the archive, so its parts are packed again: canonical XML,
    a fixed date, and stored rather than deflated (compressed bytes differ between zlib versions).
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Balans")
    sheet.append(BALANCE)
    for row in sheet_rows(truth):
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    packed = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(packed, "w") as target:
        for name in sorted(source.namelist()):
            target.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), _steady(source.read(name)))
    return packed.getvalue()


def _steady(part: bytes) -> str:
    """One XML part of the workbook without traces of when and by which XML library it was written."""
    plain = ElementTree.canonicalize(part.decode("utf-8"))
    return re.sub(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", "2000-01-01T00:00:00Z", plain)


def costs(truth: Truth) -> Iterator[Line]:
    """Lines of lasten.csv, 2014-2018: 49 amounts in whole euros, blank where nothing is reported."""
    rows = []
    for year in range(2014, 2019):
        for body in bodies(truth, year):
            amounts = _costs(Dice(truth.seed, "costs", body.board_id, year), body.turnover)
            if body.board_id == "00903" and year == 2016:
                amounts["Inventaris en apparatuur"] = -1  # Rounding at the publisher, not a hidden value.
            rows.append((int(body.board_id), year, body, amounts))
    rows.sort(key=lambda row: row[:2])
    for number, (board, year, body, amounts) in enumerate(rows, start=1):
        cells = (str(amounts[column]) if column in amounts else "" for column in COSTS[6:])
        yield str(number), str(board), *body[1:4], str(year), *cells


def _costs(dice: Dice, turnover: int) -> dict[str, int]:
    """Amounts by column; subtotals are sums of their parts, and reimbursements lower the staff costs."""
    wages = int(turnover * dice.between(0.56, 0.64))
    staff = {
        "Lonen": wages,
        "Sociale lasten": int(wages * 0.12),
        "Pensioenlasten": int(wages * 0.14),
    }
    paid = sum(staff.values())
    other_staff = {
        "Dotaties personele voorzieningen": int(turnover * dice.between(0.002, 0.01)),
        "Lasten personeel niet in loondienst": int(turnover * dice.between(0.01, 0.04)),
        "Overige overige personele lasten": int(turnover * dice.between(0.005, 0.02)),
    }
    other = sum(other_staff.values())
    back = int(turnover * 0.004) if dice.chance(0.6) else 0
    housing = {
        "Huurlasten": int(turnover * 0.006),
        "Onderhoudslasten klein onderhoud": int(turnover * dice.between(0.008, 0.02)),
        "Lasten voor energie en water": int(turnover * 0.012),
        "Schoonmaakkosten": int(turnover * 0.014),
        "Belastingen en heffingen": int(turnover * 0.002),
    }
    rest = {
        "Administratie en beheerslasten": int(turnover * 0.02),
        "Inventaris en apparatuur": int(turnover * dice.between(0.01, 0.03)),
        "Leer en hulpmiddelen": int(turnover * 0.04),
        "Overige overige overige lasten": int(turnover * 0.015),
    }
    reimbursed = {"Overige uitkeringen die personeelslasten verminderen": back} if back else {}
    return {
        **staff,
        **other_staff,
        **reimbursed,
        **({"Uitkeringen die personeelslasten verminderen": back} if back else {}),
        **housing,
        **rest,
        "Lonen salarissen sociale lasten en pensioenlasten": paid,
        "Overige personele lasten": other,
        "Personeelslasten": paid + other - back,
        "Afschrijvingen op materiele vaste activa": int(turnover * 0.04),
        "Afschrijvingen": int(turnover * 0.04),
        "Huisvestingslasten": sum(housing.values()),
        "Overige lasten": sum(rest.values()),
        "Accountantshonoraria voor het onderzoek van de jaarrekening": 20_000,
        "Accountantshonoraria": 20_000,
    }
