"""The hidden truth of the sample: who was where, who stayed down, who passed.

Every file is printed from this one place, so totals agree between files as they do in reality: the candidates of an
exam year are last-year pupils of the 1 October before, file 06 and file 07 count the same people, and the base of
file 05 is file 01 without practical education. Rates are made up around plausible national figures; they are no
source for anything.
"""

from collections.abc import Iterable
from typing import NamedTuple

from tests.tools.sample_generator.catalog import PROFILES, ExamUnit, Programme
from tests.tools.sample_generator.world import Site, World, make_world
from warehouse.jaarverslag.dice import Dice

LAST_YEAR = {"BL": 4, "KL": 4, "GL": 4, "TL": 4, "HAVO": 5, "ATH": 6, "GYM": 6, "PRO": 6, "IB": 6}
STAYING = (1.0, 0.99, 0.98, 0.96, 0.93, 0.88)
"""Size of leerjaar 1..6 relative to the intake of a level."""
PROFILE_WEIGHTS = {
    "HAVO": {"N&T": 0.11, "N&G": 0.22, "E&M": 0.43, "C&M": 0.13, "N&T / N&G": 0.07, "E&M / C&M": 0.04},
    "ATH": {"N&T": 0.17, "N&G": 0.22, "E&M": 0.28, "C&M": 0.09, "N&T / N&G": 0.16, "E&M / C&M": 0.08},
    "GYM": {"N&T": 0.22, "N&G": 0.22, "E&M": 0.18, "C&M": 0.09, "N&T / N&G": 0.21, "E&M / C&M": 0.08},
}
UNIT_WEIGHTS = (0.45, 0.3, 0.18, 0.07)
MEN = {
    **{"BWI": 0.95, "PIE": 0.96, "MTR": 0.95, "MVI": 0.7, "EO": 0.55, "HBR": 0.45, "ZWE": 0.1, "G": 0.4, "DP": 0.5},
    **{"Techniek": 0.85, "Zorg & Welzijn": 0.25, "Economie": 0.55, "Landbouw": 0.5},
    **{"N&T": 0.8, "N&G": 0.38, "E&M": 0.57, "C&M": 0.2, "N&T / N&G": 0.5, "E&M / C&M": 0.35},
}
LWOO_SHARE = {"BL": 0.45, "KL": 0.22}
PASS_RATE = {"LWT": 0.96, "BL": 0.975, "KL": 0.955, "GL": 0.935, "TL": 0.93, "HAVO": 0.88, "VWO": 0.91}
PASS_SHIFT = {2020: 0.6, 2021: 0.2, 2022: 0.3}
"""Share of the failures that passed after all in the exam years with covid rules (2020: no central exam)."""
REPEAT_RATE = {2015: 0.057, 2017: 0.062, 2023: 0.058}
DOWN_RATE, UP_RATE, LEAVER_RATE = 0.03, 0.045, 0.005


class Sexes(NamedTuple):
    """Counts of men and women."""

    men: int
    women: int

    @property
    def both(self) -> int:
        return self.men + self.women


Pupils = dict[tuple[Programme, int], Sexes]
"""Pupils on 1 October by programme and leerjaar (1..6)."""


class ExamResult(NamedTuple):
    """Candidates and graduates by sex."""

    candidates: Sexes
    passed: Sexes


class Flow(NamedTuple):
    """Pupils of 1 October (without practical education and VAVO) and where they are a year later."""

    pupils: int
    repeaters: int
    down: int
    up: int


class Truth:
    """The truth for one seed and scale; years are drawn when first asked for, and kept."""

    def __init__(self, seed: int, scale: int) -> None:
        self.seed = seed
        self.world: World = make_world(seed, scale)
        self._pupils: dict[tuple[int, int], Pupils] = {}
        self._exams: dict[tuple[int, int], dict[ExamUnit, ExamResult]] = {}

    def pupils(self, site: Site, year: int) -> Pupils:
        """Pupils of a site on 1 October of `year`; programmes without pupils are left out."""
        place = (site.index, year)
        if place not in self._pupils:
            self._pupils[place] = draw_pupils(Dice(self.seed, "pupils", *place), site, year)
        return self._pupils[place]

    def pupil_count(self, site: Site, year: int, leave_out: Iterable[str] = ()) -> int:
        """All pupils of a site on 1 October of `year`, but for the levels in `leave_out`."""
        left_out = set(leave_out)
        cells = self.pupils(site, year).items()
        return sum(sexes.both for (programme, _), sexes in cells if programme.level not in left_out)

    def exams(self, site: Site, exam_year: int) -> dict[ExamUnit, ExamResult]:
        """Exam results of a site in the school year that ends in `exam_year`."""
        place = (site.index, exam_year)
        if place not in self._exams:
            last = last_years(self.pupils(site, exam_year - 1))
            self._exams[place] = draw_exams(Dice(self.seed, "exams", *place), site, last, exam_year)
        return self._exams[place]

    def flow(self, site: Site, year: int) -> Flow:
        """What the pupils of 1 October `year` did by 1 October of the next year."""
        dice = Dice(self.seed, "flow", site.index, year)
        pupils = self.pupil_count(site, year, ("PRO", "VAVO"))
        repeaters = dice.count(pupils, REPEAT_RATE[year] * dice.between(0.4, 1.6))
        down = dice.count(pupils - repeaters, DOWN_RATE * dice.between(0.1, 1.9))
        up = dice.count(pupils - repeaters - down, UP_RATE * dice.between(0.2, 1.8))
        return Flow(pupils, repeaters, down, up)

    def leavers(self, site: Site) -> tuple[int, int, int]:
        """Early leavers of 2014-2015: all, those who had a vmbo diploma, those who had an mbo-1 diploma."""
        dice = Dice(self.seed, "leavers", site.index)
        leavers = dice.count(self.pupil_count(site, 2014), LEAVER_RATE)
        vmbo, mbo, _ = dice.spread(leavers, (0.46, 0.02, 0.52))
        return leavers, vmbo, mbo


def draw_pupils(dice: Dice, site: Site, year: int) -> Pupils:
    """Fill the leerjaren of a site. Sector-wide decline is 1 percent a year; each cohort wobbles around it."""
    cells: dict[tuple[Programme, int], list[int]] = {}

    def add(programme: Programme, leerjaar: int, people: int) -> None:
        if people:
            men = dice.count(people, MEN.get(programme.unit, 0.5))
            cell = cells.setdefault((programme, leerjaar), [0, 0])
            cell[0] += men
            cell[1] += people - men

    last = 2 if site.kind == "brugjaar" else 6
    for level, intake in site.intake.items():
        for leerjaar in range(1, min(LAST_YEAR[level], last) + 1):
            size = intake * STAYING[leerjaar - 1] * (1 - 0.01 * (year - 2014)) * dice.between(0.86, 1.14)
            for programme, people in placed(dice, site, level, leerjaar, int(size + 0.5)):
                add(programme, leerjaar, people)
    if "HAVO" in site.intake and site.index % 4 == 1:
        add(Programme("VAVO", ""), 5, dice.whole(1, 4))
    return {place: Sexes(*cell) for place, cell in cells.items()}


def placed(dice: Dice, site: Site, level: str, leerjaar: int, people: int) -> list[tuple[Programme, int]]:
    """Divide the pupils of one level and leerjaar over the programmes that the site offers there."""
    if level == "PRO":
        return [(Programme("PRO", ""), people)]
    if level == "IB":
        return [(Programme("MYP" if leerjaar <= 4 else "IB", ""), people)]
    if leerjaar <= 2:
        return lower_years(dice, site, level, leerjaar, people)
    if leerjaar == 3 and level in ("HAVO", "ATH", "GYM"):
        return [(Programme("LJ3", {"HAVO": "0300", "ATH": "0100", "GYM": "0200"}[level]), people)]
    if level in PROFILE_WEIGHTS:
        weights = PROFILE_WEIGHTS[level]
        parts = dice.spread(people, [weights[profile] for profile in PROFILES])
        return [(Programme(level, profile), part) for profile, part in zip(PROFILES, parts, strict=True)]
    units = site.units[level]
    placed_pupils = []
    for unit, part in zip(units, dice.spread(people, UNIT_WEIGHTS[: len(units)]), strict=True):
        supported = dice.count(part, LWOO_SHARE.get(level, 0.0))
        placed_pupils += [(Programme(level, unit), part - supported), (Programme(level, unit, True), supported)]
    return placed_pupils


def lower_years(dice: Dice, site: Site, level: str, leerjaar: int, people: int) -> list[tuple[Programme, int]]:
    """Leerjaar 1 and 2: combined classes by the levels a site has."""
    if level in ("BL", "KL"):
        supported = dice.count(people, LWOO_SHARE[level])
        return [(Programme("BRUG", "0033"), people - supported), (Programme("BRUG", "0045", True), supported)]
    if level in ("GL", "TL"):
        return [(Programme("BRUG", "0013" if "GL" in site.intake else "0400"), people)]
    if level == "GYM":
        return [(Programme("BRUG", "0200"), people)]
    own = "0300" if level == "HAVO" else "0100"
    return [(Programme("BRUG", "0015" if leerjaar == 1 else own), people)]


def last_years(pupils: Pupils) -> dict[ExamUnit, Sexes]:
    """Pupils in the last leerjaar by what they will be examined in (atheneum and gymnasium together)."""
    last: dict[ExamUnit, Sexes] = {}
    for (programme, leerjaar), sexes in pupils.items():
        level = programme.level
        if LAST_YEAR.get(level) != leerjaar or level in ("PRO", "IB"):
            continue
        unit = ExamUnit("VWO" if level in ("ATH", "GYM") else level, programme.unit)
        before = last.get(unit, Sexes(0, 0))
        last[unit] = Sexes(before.men + sexes.men, before.women + sexes.women)
    return last


def draw_exams(dice: Dice, site: Site, last: dict[ExamUnit, Sexes], exam_year: int) -> dict[ExamUnit, ExamResult]:
    """Most last-year pupils sit the exam and most pass; at some sites a part of BL goes by the learn-work route."""
    candidates: dict[ExamUnit, Sexes] = {}
    for unit in sorted(last):
        sitting = Sexes(*(dice.count(people, 0.985) for people in last[unit]))
        if unit.level == "BL" and site.has_lwt:
            route = Sexes(*(dice.count(people, 0.3) for people in sitting))
            candidates[ExamUnit("LWT", unit.unit)] = route
            sitting = Sexes(sitting.men - route.men, sitting.women - route.women)
        candidates[unit] = sitting
    results = {}
    for unit, sitting in candidates.items():
        if sitting.both:
            rate = PASS_RATE[unit.level] + dice.between(-0.06, 0.04)
            rate += (1 - rate) * PASS_SHIFT.get(exam_year, 0.0)
            results[unit] = ExamResult(sitting, Sexes(*(dice.count(people, rate) for people in sitting)))
    return results
