"""Files 09 (havo) and 10 (vwo) of 2018-2019: exam subjects per site, with grades.

`,0` stands for no grade. Subjects without a central exam have zeros there; physical education and a part of ckv are
judged V (voldoende) or G (goed) in extra rows, so a subject code is no key. SCHOOLJAAR is the starting year.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tests.tools.sample_generator.catalog import PROFILES
from tests.tools.sample_generator.text import grade
from tests.tools.sample_generator.truth import Truth
from tests.tools.sample_generator.world import Key, Site
from warehouse.jaarverslag.dice import Dice

Line = tuple[str, ...]
EXAM_YEAR = 2019
NO_GRADE = grade(0)


class Subject(NamedTuple):
    """An exam subject: `kind` is central (C), school exam only (S), judged (J) or arithmetic test (R); `takers` is the
    share per profile, in the order of `catalog.PROFILES` (N&T, N&G, E&M, C&M, N&T / N&G, E&M / C&M)."""

    code: str
    short: str
    name: str
    kind: str
    takers: tuple[float, ...]


ALL = (1.0,) * 6
SUBJECTS = (
    Subject("0131", "ak", "aardrijkskunde", "C", (0.1, 0.25, 0.45, 0.35, 0.1, 0.4)),
    Subject("0161", "in", "informatica", "S", (0.35, 0.1, 0.1, 0.02, 0.2, 0.05)),
    Subject("0251", "m&o", "management en organisatie", "C", (0.05, 0.1, 0.6, 0.0, 0.05, 0.3)),
    Subject("0353", "lo", "lichamelijke opvoeding", "J", ALL),
    Subject("1001", "netl", "Nederlandse taal en literatuur", "C", ALL),
    Subject("1002", "entl", "Engelse taal en literatuur", "C", ALL),
    Subject("1003", "fatl", "Franse taal en literatuur", "C", (0.05, 0.15, 0.2, 0.4, 0.1, 0.4)),
    Subject("1004", "dutl", "Duitse taal en literatuur", "C", (0.2, 0.3, 0.35, 0.4, 0.3, 0.4)),
    Subject("1018", "biol", "biologie", "C", (0.1, 1.0, 0.1, 0.1, 1.0, 0.1)),
    Subject("1019", "maat", "maatschappijleer", "S", ALL),
    Subject("1021", "ges", "geschiedenis", "C", (0.05, 0.1, 0.75, 1.0, 0.05, 1.0)),
    Subject("1022", "econ", "economie", "C", (0.15, 0.2, 1.0, 0.1, 0.1, 1.0)),
    Subject("1023", "nat", "natuurkunde", "C", (1.0, 0.1, 0.02, 0.0, 1.0, 0.0)),
    Subject("1024", "wisA", "wiskunde A", "C", (0.0, 0.85, 0.95, 0.4, 0.0, 0.9)),
    Subject("1025", "wisB", "wiskunde B", "C", (1.0, 0.15, 0.05, 0.0, 1.0, 0.0)),
    Subject("1028", "schk", "scheikunde", "C", (1.0, 1.0, 0.02, 0.0, 1.0, 0.0)),
    Subject("1030", "kubv", "kunst (beeldende vormgeving)", "C", (0.02, 0.05, 0.08, 0.4, 0.05, 0.3)),
    Subject("1038", "bsm", "bewegen, sport en maatschappij", "S", (0.1,) * 6),
    Subject("1121", "RT3F", "rekentoets 3F", "R", ALL),
)
HAVO_ONLY = (
    Subject("1020", "ckv", "culturele en kunstzinnige vorming", "S", (0.9,) * 6),
    Subject("1020", "ckv", "culturele en kunstzinnige vorming", "J", (0.08,) * 6),
)
VWO_ONLY = (
    Subject("1020", "ckv", "culturele en kunstzinnige vorming", "J", ALL),
    Subject("1026", "wisC", "wiskunde C", "C", (0.0, 0.0, 0.0, 0.6, 0.0, 0.1)),
    Subject("1110", "ltc", "Latijnse taal en cultuur", "C", (0.1,) * 6),
    Subject("1111", "gtc", "Griekse taal en cultuur", "C", (0.05,) * 6),
)


def havo_2018(truth: Truth) -> Iterator[Line]:
    """File 09 of 2018-2019."""
    return _rows(truth, "HAVO", SUBJECTS + HAVO_ONLY)


def vwo_2018(truth: Truth) -> Iterator[Line]:
    """File 10 of 2018-2019."""
    return _rows(truth, "VWO", SUBJECTS + VWO_ONLY)


def _rows(truth: Truth, level: str, subjects: tuple[Subject, ...]) -> Iterator[Line]:
    for key, site in truth.world.located(EXAM_YEAR - 1):
        results = truth.exams(site, EXAM_YEAR).items()
        candidates = {unit.unit: result.candidates.both for unit, result in results if unit.level == level}
        if not candidates:
            continue
        dice = Dice(truth.seed, "subjects", level, site.index)
        people = [candidates.get(profile, 0) for profile in PROFILES]
        head = _head(key, site, level)
        for subject in sorted(subjects, key=lambda subject: subject.code):
            takers = sum(dice.count(n, share) for n, share in zip(people, subject.takers, strict=True))
            if takers:
                for cells in _cells(subject, takers, dice):
                    yield (*head, *subject[:3], *cells)


def _head(key: Key, site: Site, level: str) -> Line:
    town = site.town
    upper = town.name.upper()
    return str(EXAM_YEAR - 1), *key, site.name, town.municipality_id, upper, upper, town.region.province, level


def _cells(subject: Subject, takers: int, dice: Dice) -> Iterator[Line]:
    """From SCHOOLEXAMEN BEOORDELING to the arithmetic grade: thirteen cells."""
    none = ("0", NO_GRADE)
    if subject.kind == "J":
        good = dice.count(takers, 0.35)
        for mark, people in (("G", good), ("V", takers - good)):
            if people:
                yield mark, str(people), str(people), *none * 4, NO_GRADE, NO_GRADE
    elif subject.kind == "R":
        yield "", "0", "0", *none * 4, NO_GRADE, grade(dice.whole(52, 72))
    else:
        school = grade(dice.whole(58, 72))
        counting = takers - dice.count(min(takers - 1, 3), 0.1)
        if subject.kind == "S":
            yield "", "0", "0", str(takers), school, *none * 3, school, NO_GRADE
        else:
            central, final = grade(dice.whole(53, 71)), grade(dice.whole(57, 70))
            whole, part = (str(takers), school), (str(counting), school)
            yield "", "0", "0", *whole, *part, str(takers), central, str(counting), central, final, NO_GRADE
