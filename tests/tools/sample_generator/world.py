"""The fictional school world: boards, schools (BRIN), sites (vestigingen) and towns, with two mergers in it.

Nothing here exists. Codes come from ranges the publisher does not use for secondary schools (BRIN 90AA and up, boards
991xx and up, municipalities 9001 and up), and every name says `Voorbeeld`. Per unit of scale there are 24 boards, 48
schools and 90 sites; on 1 January 2018 one board goes up in another and on 1 August 2018 one school in another.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from tests.tools.sample_generator.catalog import TL_SECTOR, VOCATIONAL
from tests.tools.sample_generator.plans import (
    ACCENTED,
    DENOMINATIONS,
    FORMULA_NAME,
    HOSTILE_NAME,
    INTAKE,
    LEVELS,
    MERGED_SITE_NUMBER,
    PLAIN,
    SCHOOL_PLANS,
    SITE_NUMBERS,
    TITLES,
)
from tests.tools.sample_generator.regions import REGIONS, Region
from warehouse.jaarverslag.dice import Dice

MAX_SCALE = 100
SCHOOL_MERGER = "1-8-2018"
FIRST_YEAR_MERGED = 2018
"""First school year (starting year) with the merged BRIN, and first calendar year with the merged board."""


class Municipality(NamedTuple):
    """A fictional municipality; `region` is a real province with its regions."""

    municipality_id: str
    name: str
    region: Region


class Board(NamedTuple):
    """A fictional bevoegd gezag; `merged_into` is the board it goes up in on 1 January 2018."""

    board_id: str
    name: str
    denomination: str
    merged_into: str | None


class Key(NamedTuple):
    """BRIN and two-digit number of a site; sorts as the publisher does."""

    brin: str
    number: str


@dataclass(frozen=True)
class Site:
    """One vestiging. `key` holds until the merger, `later_key` from then on (mostly the same)."""

    index: int
    school: int
    kind: str
    key: Key
    later_key: Key
    board_id: str
    later_board_id: str
    name: str
    later_name: str
    legal_name: str
    later_legal_name: str
    denomination: str
    town: Municipality
    intake: dict[str, int]
    units: dict[str, tuple[str, ...]]

    def key_in(self, year: int) -> Key:
        """The key in the school year that starts in `year`."""
        return self.key if year < FIRST_YEAR_MERGED else self.later_key

    def board_in(self, year: int) -> str:
        """The board in calendar year `year`, or on 1 October of it."""
        return self.board_id if year < FIRST_YEAR_MERGED else self.later_board_id

    @property
    def has_lwt(self) -> bool:
        """Does the site have a learn-work route in basisberoeps?"""
        return self.index % 7 == 3

    @property
    def profile_free(self) -> bool:
        """Is the third TL year registered without a profile?"""
        return self.index % 5 == 2

    @property
    def undivided_tl(self) -> bool:
        """Did the site still report TL exams without a sector in 2018-2019?"""
        return self.index % 18 == 4


@dataclass(frozen=True)
class World:
    """Everything that exists in the sample, in no particular year."""

    seed: int
    boards: tuple[Board, ...]
    sites: tuple[Site, ...]

    def located(self, year: int) -> list[tuple[Key, Site]]:
        """All sites with their key in the school year starting in `year`, in the publisher's order."""
        return sorted(((site.key_in(year), site) for site in self.sites), key=lambda pair: pair[0])


def brin_code(number: int) -> str:
    """0 -> 90AA, 1 -> 90AB ... 676 -> 91AA."""
    tens, rest = divmod(number, 26 * 26)
    return f"{90 + tens}{chr(65 + rest // 26)}{chr(65 + rest % 26)}"


def board_number(number: int) -> str:
    """0 -> 99101 and up; after 450 boards from 90001 up."""
    return str(99101 + number if number < 450 else 90001 + number - 450)


def municipalities(scale: int) -> list[Municipality]:
    """The fictional towns, dealt over the twelve provinces.

    One has a code that starts with a zero, so that the files which drop leading zeros show it; no school in the
    publisher's address files lies in a municipality with that code.
    """
    towns = []
    for number in range(min(30 * scale, 900)):
        code = "0901" if number == 4 else str(9001 + number)
        towns.append(Municipality(code, f"Voorbeeldstad {number + 1:02d}", REGIONS[number % len(REGIONS)]))
    return towns


def make_boards(seed: int, scale: int) -> list[Board]:
    """The boards; the last of every 24 goes up in the one before it."""
    dice = Dice(seed, "boards")
    boards = []
    for number in range(24 * scale):
        denomination = DENOMINATIONS[dice.whole(0, len(DENOMINATIONS) - 1)]
        target = board_number(number - 1) if number % 24 == 23 else None
        name = f"Stichting Voorbeeldonderwijs {number + 1:02d}"
        boards.append(Board(board_number(number), name, denomination, target))
    return boards


def site_units(dice: Dice, levels: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Which vocational programmes and TL sectors a site offers, the largest first."""
    offered = tuple(dice.shuffled(list(VOCATIONAL))[: dice.whole(2, 4)])
    sectors = ("Economie", "Zorg & Welzijn", "Techniek", "Landbouw")[: dice.whole(3, len(TL_SECTOR))]
    units = dict.fromkeys([level for level in levels if level in ("BL", "KL")], offered)
    return units | {"GL": offered[:2], "TL": sectors}


def make_world(seed: int, scale: int) -> World:
    """Draw the world for a seed. Raises ValueError when `scale` is not 1..MAX_SCALE (the BRIN range is finite)."""
    if not 1 <= scale <= MAX_SCALE:
        raise ValueError(f"scale must be a whole number from 1 to {MAX_SCALE}, not {scale}; choose one in that range")
    towns = municipalities(scale)
    boards = make_boards(seed, scale)
    sites: list[Site] = []
    for block in range(scale):
        for place, plan in enumerate(plans_of(seed, block)):
            # The first board has four schools, so two others have one; every other board has two.
            board = boards[24 * block + (0 if place in (0, 1, 5, 9) else place // 2)]
            sites += make_school(seed, School(48 * block + place, plan, board), towns, len(sites), 48 * scale)
    return World(seed, tuple(boards), merged(with_hostile_names(sites)))


def plans_of(seed: int, block: int) -> list[tuple[str, ...]]:
    """The 48 school plans in some order, the school that will merge first and its target second."""
    plans = Dice(seed, "plans", block).shuffled(SCHOOL_PLANS)
    donor = ("vmbo",)
    target = next(plan for plan in plans if len(plan) == 2)
    plans.remove(donor)
    plans.remove(target)
    return [donor, target, *plans]


class School(NamedTuple):
    """A school to be drawn: its number (which gives the BRIN), the kinds of its sites, and its board."""

    number: int
    plan: tuple[str, ...]
    board: Board


def make_school(seed: int, school: School, towns: list[Municipality], first: int, schools: int) -> list[Site]:
    """The sites of one school, numbered from `first`.

    Accents come in the last third of the schools only: as in reality, the start of a file looks like plain ASCII.
    """
    number, plan, board = school
    dice = Dice(seed, "school", number)
    epithets = ACCENTED if number >= schools * 2 // 3 else PLAIN
    sites = []
    for place, kind in enumerate(plan):
        index = first + place
        small = 0.2 if kind == "mavo" and index % 2 else 1.0
        key = Key(brin_code(number), f"{SITE_NUMBERS[place]:02d}")
        name = f"{TITLES[kind][0]} {epithets[(number + place) % 8]} {index + 1}"
        legal = f"Voorbeeld {TITLES[plan[0]][1]} {epithets[number % 8]} {number + 1}"
        site = Site(
            index=index,
            school=number,
            kind=kind,
            key=key,
            later_key=key,
            board_id=board.board_id,
            later_board_id=board.merged_into or board.board_id,
            name=name,
            later_name=f"Voorbeeldcollege Hernoemd {index + 1}" if index % 30 == 13 else name,
            legal_name=legal,
            later_legal_name=legal,
            denomination=board.denomination,
            town=towns[(number + 12 * place) % len(towns)],
            intake={level: max(3, int(dice.whole(*INTAKE[level]) * small)) for level in LEVELS[kind]},
            units=site_units(dice, LEVELS[kind]),
        )
        sites.append(site)
    return sites


def with_hostile_names(sites: list[Site]) -> list[Site]:
    """Give two main sites with all kinds of pupils a name that is legal but awkward."""
    fit = [site.index for site in sites if site.kind == "tl-vwo" and site.key.number == "00" and site.school % 48 > 1]
    result = list(sites)
    for index, name in zip(fit, (HOSTILE_NAME, FORMULA_NAME), strict=False):
        result[index] = replace(sites[index], name=name, later_name=name, legal_name=name, later_legal_name=name)
    return result


def merged(sites: list[Site]) -> tuple[Site, ...]:
    """Let the first school of every 48 go up in the second: another key, legal name and (from the start) town."""
    legal_names = {site.key.brin: site.legal_name for site in reversed(sites)}
    towns = {site.key.brin: site.town for site in reversed(sites)}
    result = []
    for site in sites:
        if site.school % 48 == 0:
            target = brin_code(site.school + 1)
            site = replace(
                site,
                later_key=Key(target, MERGED_SITE_NUMBER),
                later_legal_name=legal_names[target],
                town=towns[target],
            )
        result.append(site)
    return tuple(result)
