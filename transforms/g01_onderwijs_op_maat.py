"""G01 Tailored education: context only. Pupils who move up or down a level between two counts of 1 October.

    opstroom_pct = 100 * sum(AANTAL_OPSTROMERS) / sum(AANTAL_LEERLINGEN)
    afstroom_pct = 100 * sum(AANTAL_AFSTROMERS) / sum(AANTAL_LEERLINGEN)

Moving up mixes cautious placement with tailored education, so it says nothing about pupils being challenged and carries
no verdict. Moving down and repeating a year are two answers to the same difficulty: they are shown beside each other.
Source: DUO 05. From label 2019 on DUO leaves newcomers out, which is another method.
"""

from transforms.g02_zittenblijvers import NEW_METHOD, OLD_METHOD
from transforms.series import Series, ratio

DATASET = "duo_05_zittenblijvers"

SERIES = [
    Series(indicator, method, DATASET, ratio(DATASET, column, "pupils_n", where=where))
    for indicator, column in (("g01_opstroom_pct", "moved_up_n"), ("g01_afstroom_pct", "moved_down_n"))
    for method, where in (
        ("bottom_up_incl_nieuwkomers", OLD_METHOD),
        ("bottom_up_excl_nieuwkomers", NEW_METHOD),
    )
]
