"""Files 01 (pupils on 1 October) and 05 (repeating, moving down, moving up), per site."""

from collections.abc import Iterator

from tests.tools.sample_generator.catalog import Row01, row_01
from tests.tools.sample_generator.regions import REGIONS
from tests.tools.sample_generator.text import masked, percent_two, thousands
from tests.tools.sample_generator.truth import Truth
from tests.tools.sample_generator.world import Key, Site

Line = tuple[str, ...]


def swv_number(site: Site) -> str:
    """The fictional samenwerkingsverband of a site: one per province."""
    return f"VO90{REGIONS.index(site.town.region) + 1:02d}"


def rows_of(truth: Truth, site: Site, year: int) -> list[tuple[Row01, list[int]]]:
    """The rows of file 01 for one site: words, and twelve counts (leerjaar 1-6, men and women).

    In the publisher's order, in which lwoo counts only as long as it is a column.
    """
    rows: dict[Row01, list[int]] = {}
    for (programme, leerjaar), sexes in truth.pupils(site, year).items():
        words = row_01(programme, year, site.profile_free and leerjaar == 3)
        counts = rows.setdefault(words, [0] * 12)
        counts[2 * leerjaar - 2] += sexes.men
        counts[2 * leerjaar - 1] += sexes.women
    return sorted(rows.items(), key=lambda row: row[0] if year <= 2017 else (row[0].education_type, *row[0][2:]))


def pupils_2017(truth: Truth) -> Iterator[Line]:
    """Layout of 1-10-2017: 23 columns, with LWOO INDICATIE; nothing hidden."""
    for key, site in truth.world.located(2017):
        head = (*key, site.name, site.town.name.upper(), site.town.region.province)
        for words, counts in rows_of(truth, site, 2017):
            yield (*head, *words, *map(str, counts))


def pupils_2019(truth: Truth) -> Iterator[Line]:
    """Layout of 1-10-2019: 22 columns, no lwoo column, TL by sector; nothing hidden."""
    for key, site in truth.world.located(2019):
        head = (*key, site.name, site.town.name.upper(), site.town.region.province)
        for words, counts in rows_of(truth, site, 2019):
            yield (*head, words.education_type, *words[2:], *map(str, counts))


def pupils_2023(truth: Truth) -> Iterator[Line]:
    """Modern layout of 1-10-2023: 23 columns, other key names, counts of 1 to 4 hidden."""
    for key, site in truth.world.located(2023):
        head = (*key, site.later_name, site.town.name.upper(), site.town.region.province, swv_number(site))
        for words, counts in rows_of(truth, site, 2023):
            yield (*head, words.education_type, *words[2:], *map(masked, counts))


def with_general_education(truth: Truth, year: int) -> Iterator[tuple[Key, Site]]:
    """The sites in file 05: those with only practical education are not in it."""
    for key, site in truth.world.located(year):
        if set(site.intake) != {"PRO"}:
            yield key, site


def repeaters_2015(truth: Truth) -> Iterator[Line]:
    """Layout of 1516 against 1617: site number and municipality without leading zeros, `1.001`, `8,39`."""
    for key, site in with_general_education(truth, 2015):
        flow = truth.flow(site, 2015)
        parts = (flow.repeaters, flow.down, flow.up)
        town = site.town
        municipality = (str(int(town.municipality_id)), town.name.upper(), town.region.province)
        counts = (thousands(flow.pupils), *map(str, parts))
        percentages = (percent_two(part, flow.pupils) for part in parts)
        number = str(int(key.number))
        yield key.brin, number, site.legal_name, town.name.upper(), *municipality, *counts, *percentages


def repeaters_2017(truth: Truth) -> Iterator[Line]:
    """Layout of 1718 against 1819: padded codes, columns in another order, no percentages, no mask."""
    for key, site in with_general_education(truth, 2017):
        yield *_place(key, site, site.legal_name), *map(str, truth.flow(site, 2017))


def repeaters_2023(truth: Truth) -> Iterator[Line]:
    """Modern layout of 2023-2024 against 2024-2025: counts of 1 to 4 hidden."""
    for key, site in with_general_education(truth, 2023):
        yield *_place(key, site, site.later_legal_name), *map(masked, truth.flow(site, 2023))


def _place(key: Key, site: Site, name: str) -> Line:
    town = site.town
    upper = town.name.upper()
    return key.brin, name, key.number, upper, town.municipality_id, upper, town.region.province


def early_leavers(truth: Truth) -> Iterator[Line]:
    """File 15: early school leavers of 2014-2015 per samenwerkingsverband and site; ASCII, lower-case header.

    What they had when they left: a vmbo diploma, an mbo-1 diploma, or neither (`overig`).
    """
    rows = []
    for key, site in truth.world.located(2014):
        pupils = truth.pupil_count(site, 2014)
        leavers, vmbo, mbo = truth.leavers(site)
        rest = leavers - vmbo - mbo
        rows.append((swv_number(site), key, pupils, leavers, vmbo, mbo, rest))
    for swv, key, *counts in sorted(rows):
        yield swv, *key, *map(str, counts)
