"""G02 Grade repetition: the share of pupils in the same leerjaar as a year before, from school files.

    zittenblijf_pct = 100 * sum(AANTAL_ZITTENBLIJVERS) / sum(AANTAL_LEERLINGEN)

Unit: percent of secondary pupils; lower is better. Source: DUO 05, counted between two 1 Octobers; label Y is the
transition that ends on 1 October Y. Always a ratio of sums, never a mean of percentages. Since label 2019 DUO leaves
newcomers out of the count (ministry's dashboard page): values before and after are different methods and never share
a series. The difference in 2018 was about half a percentage point (6.2 old, 5.71 new).
"""

from transforms.series import Series, ratio

DATASET = "duo_05_zittenblijvers"
OLD_METHOD = "period_end < DATE '2019-10-01'"
NEW_METHOD = "period_end >= DATE '2019-10-01'"

SERIES = [
    Series(
        "g02_zittenblijf_pct",
        "bottom_up_incl_nieuwkomers",
        DATASET,
        ratio(DATASET, "repeaters_n", "pupils_n", where=OLD_METHOD),
    ),
    Series(
        "g02_zittenblijf_pct",
        "bottom_up_excl_nieuwkomers",
        DATASET,
        ratio(DATASET, "repeaters_n", "pupils_n", where=NEW_METHOD),
    ),
]
