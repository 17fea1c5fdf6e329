"""The address files (state of August 2016 and of October 2020) and the table of school successions.

Streets, phone numbers and sites are fictional: postcodes end in SS, a pair of letters that Dutch postcodes never have,
and internet addresses lie under `.example`. Missing values are spaces up to the width of the field, not empty.
"""

from collections.abc import Iterator

from tests.tools.sample_generator.truth import Truth
from tests.tools.sample_generator.world import SCHOOL_MERGER, Site

Line = tuple[str, ...]
NO_PHONE, NO_SITE, NO_DENOMINATION = " " * 10, " " * 80, " " * 30
NO_CORRESPONDENCE = (" " * 24, " " * 12, " " * 7, " " * 24)


def structure(levels: set[str]) -> str:
    """ONDERWIJSSTRUCTUUR: `VBO/MAVO/HAVO/VWO`, or PRO."""
    parts = (
        ("VBO", levels & {"BL", "KL", "GL"}),
        ("MAVO", levels & {"TL"}),
        ("HAVO", levels & {"HAVO"}),
        ("VWO", levels & {"ATH", "GYM"}),
        ("PRO", levels & {"PRO"}),
    )
    return "/".join(name for name, present in parts if present)


def schools_2016(truth: Truth) -> Iterator[Line]:
    """01 hoofdvestigingen, August 2016: one line per school, before both mergers."""
    levels: dict[str, set[str]] = {}
    for key, site in truth.world.located(2015):
        levels.setdefault(key.brin, set()).update(site.intake)
    rows = []
    for key, site in truth.world.located(2015):
        if key.number == "00":
            head = (site.town.region.province, site.board_id, key.brin, site.legal_name)
            rows.append((*head, *_tail(site, structure(levels[key.brin]), site.town.region.rmc_name_2016, 17)))
    return iter(sorted(rows))


def sites_2020(truth: Truth) -> Iterator[Line]:
    """02 alle vestigingen, October 2020: one line per site, after both mergers."""
    rows = []
    for key, site in truth.world.located(2020):
        offer = "BRUGJAAR" if site.kind == "brugjaar" else structure(set(site.intake))
        head = (site.town.region.province, site.later_board_id, key.brin, "".join(key), site.later_legal_name)
        rows.append((*head, *_tail(site, offer, site.town.region.rmc_name_2020, 5)))
    return iter(sorted(rows))


def _tail(site: Site, offer: str, rmc_name: str, blank_every: int) -> Line:
    """Everything after the name; every `blank_every`-th site has padded blanks."""
    town, region = site.town, site.town.region
    upper = town.name.upper()
    here = ("Voorbeeldstraat", str(site.index % 120 + 1), f"{1000 + site.index % 9000} SS", upper)
    blank = site.index % blank_every == 2
    phone = NO_PHONE if blank else f"000{site.index:07d}"
    homepage = NO_SITE if blank else f"www.{site.key.brin.lower()}.example"
    post = NO_CORRESPONDENCE if site.index % (9 * blank_every) == 2 else here
    denomination = NO_DENOMINATION if site.index % 90 == 7 and blank_every == 5 else site.denomination
    where = (town.municipality_id, upper, denomination, phone, homepage, offer)
    return *here, *where, *post, *region.areas, region.rmc, rmc_name


def successions(truth: Truth) -> Iterator[Line]:
    """OVERGANGEN: the merged schools and their sites (BRIN, and BRIN plus number)."""
    pairs = set()
    for site in truth.world.sites:
        if site.key != site.later_key:
            pairs.add((site.key.brin, "U", "VOS", site.later_key.brin))
            pairs.add(("".join(site.key), "D", "VST", "".join(site.later_key)))
    for before, role, kind, after in sorted(pairs):
        yield before, role, kind, "WVO", after, role, kind, "WVO", SCHOOL_MERGER, "F", "Fusie", "J", "H"
