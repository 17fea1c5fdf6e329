"""Files 06 (candidates and graduates, five school years side by side) and 07 (with grades, one school year)."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from tests.tools.sample_generator.catalog import row_06, row_07
from tests.tools.sample_generator.text import grade, masked, percent_modern, percent_old
from tests.tools.sample_generator.truth import Truth
from tests.tools.sample_generator.world import Key, Site
from warehouse.jaarverslag.dice import Dice

Line = tuple[str, ...]
Pair = tuple[int, int]
"""Candidates and graduates."""
ReleaseStore = tuple[Key, tuple[str, str, str]]
"""Site key and the words of file 06: education type, inspection code, name."""


def wide(truth: Truth, first_exam_year: int) -> Iterator[tuple[ReleaseStore, Site, list[tuple[Pair, Pair]]]]:
    """Rows of file 06: per year (men, women); a merged site has one row set before and another after."""
    empty = ((0, 0), (0, 0))
    table: dict[ReleaseStore, list[tuple[Pair, Pair]]] = defaultdict(lambda: [empty] * 5)
    owner: dict[Key, Site] = {}
    for step in range(5):
        exam_year = first_exam_year + step
        for key, site in truth.world.located(exam_year - 1):
            owner[key] = site
            for unit, result in truth.exams(site, exam_year).items():
                years = table[key, row_06(unit, exam_year, site.undivided_tl)]
                men, women = years[step]
                years[step] = (
                    (men[0] + result.candidates.men, men[1] + result.passed.men),
                    (women[0] + result.candidates.women, women[1] + result.passed.women),
                )
    for place in sorted(table):
        yield place, owner[place[0]], table[place]


def exams_2014(truth: Truth) -> Iterator[Line]:
    """File 06 of 2014-2019: man, vrouw, onbekend (always 0) and total; `83,3%`, zero as `,0%`; nothing hidden."""
    for (key, words), site, years in wide(truth, 2015):
        cells: list[str] = []
        for men, women in years:
            total = (men[0] + women[0], men[1] + women[1])
            for candidates, passed in (men, women, (0, 0), total):
                cells += (str(candidates), str(passed), percent_old(passed, candidates))
        yield key.brin, "".join(key), site.name, site.town.name.upper(), *words, *cells


def exams_2019(truth: Truth) -> Iterator[Line]:
    """File 06 of 2019-2024: counts of 1 to 4 hidden, zeros and the percentage printed, no column for unknown sex."""
    for (key, words), site, years in wide(truth, 2020):
        cells: list[str] = []
        for men, women in years:
            total = (men[0] + women[0], men[1] + women[1])
            for candidates, passed in (men, women, total):
                cells += (masked(candidates), masked(passed), percent_modern(passed, candidates))
        yield key.brin, "".join(key), site.later_name, site.town.name.upper(), *words, *cells


def exam_totals(truth: Truth, exam_year: int) -> Iterator[tuple[Key, Site, tuple[str, str, str, str], Pair]]:
    """Rows of file 07 in the publisher's order: site, words, (candidates, graduates)."""
    for key, site in truth.world.located(exam_year - 1):
        totals: dict[tuple[str, str, str, str], Pair] = {}
        for unit, result in truth.exams(site, exam_year).items():
            words = row_07(unit, exam_year, site.undivided_tl)
            before = totals.get(words, (0, 0))
            totals[words] = (before[0] + result.candidates.both, before[1] + result.passed.both)
        for words in sorted(totals):
            yield key, site, words, totals[words]


def not_yet_counted(truth: Truth, exam_year: int) -> Callable[[Pair], Pair]:
    """Makes totals provisional: now and then one candidate, who passed, is not in yet."""
    dice = Dice(truth.seed, "provisional", exam_year)

    def provisional(total: Pair) -> Pair:
        candidates, passed = total
        return (candidates - 1, passed - 1) if passed >= 8 and dice.chance(0.06) else total

    return provisional


def grades(dice: Dice) -> Line:
    """School exam, central exam and final list, in tenths: around 6.3."""
    school, central = dice.whole(58, 68), dice.whole(55, 69)
    return grade(school), grade(central), grade((school + central) // 2 + dice.whole(0, 2))


def passed_2016(truth: Truth) -> Iterator[Line]:
    """File 07 of 2016-2017 as first released (provisional): a few totals below file 06; old programme names."""
    provisional, dice = not_yet_counted(truth, 2017), Dice(truth.seed, "grades", 2017)
    for key, site, words, total in exam_totals(truth, 2017):
        yield _row_07(key, site.name, site, words, provisional(total), str, dice)


def passed_2018(truth: Truth) -> Iterator[Line]:
    """File 07 of 2018-2019, definitive: equals file 06; TL by sector, programme codes."""
    dice = Dice(truth.seed, "grades", 2019)
    for key, site, words, total in exam_totals(truth, 2019):
        yield _row_07(key, site.name, site, words, total, str, dice)


def passed_2024(truth: Truth) -> Iterator[Line]:
    """File 07 of 2024-2025: counts of 1 to 4 hidden, LEERWEG of havo and vwo is one space."""
    dice = Dice(truth.seed, "grades", 2025)
    for key, site, words, total in exam_totals(truth, 2025):
        modern = (words[0], words[1] or " ", *words[2:])
        yield _row_07(key, site.later_name, site, modern, total, masked, dice)


def _row_07(key: Key, name: str, site: Site, words: Line, total: Pair, write: Callable[[int], str], dice: Dice) -> Line:
    candidates, passed = total
    town = site.town
    counts = map(write, (candidates, passed, candidates - passed))
    return key.brin, "".join(key), name, town.name.upper(), town.region.province, *words, *counts, *grades(dice)
